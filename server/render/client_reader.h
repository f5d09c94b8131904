/* Holds what an untrusted helper says to the order and the limits of wire.h, and gathers it into
 * whole pages. Fed with bytes as they come, in pieces of any size; memory is bounded by one page.
 * Any one thread; callbacks run inside render_reader_feed(). */
#ifndef AMPHI_RENDER_CLIENT_READER_H
#define AMPHI_RENDER_CLIENT_READER_H

#include "render/client.h"
#include "render/wire.h"

enum render_reader_state {
    READER_DOCUMENT, /* DOCUMENT or DOCUMENT_FAILED comes next */
    READER_PAGE,     /* PAGE, PAGE_FAILED or, after the last one, END */
    READER_TEXT,
    READER_NOTES,
    READER_LINKS,
    READER_IMAGE,
    READER_ENDED, /* nothing may follow */
};

struct render_reader {
    enum render_reader_state state;
    enum render_code code; /* after DOCUMENT_FAILED */
    uint32_t page_count;   /* 0: not told yet */
    uint32_t next;         /* the page being drawn */
    bool broken;           /* what came was wrong; everything after is refused */

    /* borrowed: valid during the call */
    void (*on_document)(void *arg, int page_count);
    void (*on_page)(void *arg, const struct render_page *page);
    void *arg;

    struct render_record record; /* whose body is being read */
    uint8_t header[RENDER_HEADER_SIZE];
    size_t have; /* bytes of the header, then of the body */
    bool in_body;
    uint8_t *bodies[3 + RENDER_WIDTHS]; /* text, notes, links, images */
    struct render_page page;
};

/* first: the page asked for. page_count: what an earlier run told, or 0. */
void render_reader_init(struct render_reader *r, int first, int page_count);
void render_reader_release(struct render_reader *r);
/* False once anything was wrong. */
bool render_reader_feed(struct render_reader *r, const void *bytes, size_t len);

#endif
