/* The server's side of rendering: runs the helper program on one document and reports pages as they
 * come, all on the caller's thread. A document that crashes, hangs or lies costs its page, never
 * the server: the helper is killed and started again from the next page. */
#ifndef AMPHI_RENDER_CLIENT_H
#define AMPHI_RENDER_CLIENT_H

#include "base/err.h"
#include "render/wire.h"

struct render_config {
    const char *helper; /* path of amphi-render */
    const char *user;   /* whom the helper becomes when the server runs as root; NULL: nobody */
    int page_seconds; /* of processor time for opening and for each page; four times as long by the
                         wall clock */
    int memory_mb;    /* address space of the helper */
};

struct render_image {
    int width, height;
    const uint8_t *bytes; /* WebP */
    size_t len;
};

/* Borrowed for the call that shows it. A failed page has an error and nothing else. */
struct render_page {
    int page; /* from 1 */
    enum render_code error;
    unsigned warnings; /* RENDER_FONT_MISSING … */
    int width, height; /* in points, after the page's rotation */
    const char *text;  /* UTF-8, no control characters but \n */
    const char *notes; /* the same: what the speaker noted on the page */
    size_t link_count;
    struct render_link links[RENDER_MAX_LINKS];
    size_t image_count;
    struct render_image images[RENDER_WIDTHS];
};

enum render_outcome {
    RENDER_FINISHED, /* every page was reported, failed ones too */
    RENDER_FAILED,   /* the document: see the code */
    RENDER_STOPPED,  /* stop_fd became readable, or a callback asked for it */
};

/* A document. Callbacks may block; the helper waits meanwhile. */
struct render_document {
    int fd;            /* of the PDF, open for reading; stays the caller's */
    int first_page;    /* from 1; later ones continue work of an earlier run */
    int stop_fd;       /* readable: stop at once */
    int64_t budget_ms; /* processor time that the helpers may take together, INT64_MAX: any; the
                          pages that are left then are reported as RENDER_PAGE_SKIPPED */
    int64_t spent_ms;  /* result: what they took */
    /* The helper opened it. False: stop. */
    bool (*opened)(struct render_document *document, int page_count);
    /* Each page once, in order. False: stop. */
    bool (*page_done)(struct render_document *document, int page_count,
                      const struct render_page *page);
};

/* Any thread that outlives the call (the helper dies with it). Returns when the document is done
 * or given up; *code says why it failed. */
enum render_outcome render_run(const struct render_config *config, struct render_document *document,
                               enum render_code *code);

#endif
