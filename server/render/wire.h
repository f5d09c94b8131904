/* What the render helper tells the server over its socketpair: a stream of records, each a header
 * of fixed size and a body of at most the length its kind allows. The helper is not trusted: the
 * server decodes with render_record_decode() and holds the order with client_reader.h.
 *
 *   DOCUMENT (page = number of pages)            first record, or DOCUMENT_FAILED and nothing more
 *   PAGE (width, height: the page in points; warnings), TEXT, NOTES, LINKS, three IMAGEs of
 *     ascending width, or PAGE_FAILED            for each page, in order, from the first asked for
 *   END                                          after the last page
 *
 * No memory, no input or output here: shared by both programs and by the fuzzer. */
#ifndef AMPHI_RENDER_WIRE_H
#define AMPHI_RENDER_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RENDER_MAGIC           0x31524d41u /* "AMR1" */
#define RENDER_HEADER_SIZE     24
#define RENDER_MAX_PAGES       500
#define RENDER_MAX_SIDE        14400 /* points: the largest page PDF 1.x knows */
#define RENDER_MAX_RATIO       4     /* an image is at most so many times higher than wide */
#define RENDER_MAX_TEXT_CHARS  20000
#define RENDER_MAX_TEXT_BYTES  (RENDER_MAX_TEXT_CHARS * 4)
#define RENDER_MAX_LINKS       64    /* of a page */
#define RENDER_MAX_URL         2000  /* bytes */
#define RENDER_LINK_SIZE       10    /* of a link, its address apart */
#define RENDER_LINK_WHOLE      10000 /* the page's width, and its height, in places of links */
#define RENDER_MAX_LINK_BYTES  (RENDER_MAX_LINKS * (RENDER_LINK_SIZE + RENDER_MAX_URL))
#define RENDER_MAX_IMAGE_BYTES (16u << 20)
#define RENDER_WIDTHS          3
extern const int render_widths[RENDER_WIDTHS]; /* 480, 960, 1920 */

enum render_kind {
    RENDER_DOCUMENT = 1,
    RENDER_DOCUMENT_FAILED,
    RENDER_PAGE,
    RENDER_TEXT,
    RENDER_NOTES,
    RENDER_LINKS,
    RENDER_IMAGE,
    RENDER_PAGE_FAILED,
    RENDER_END,
};

/* Why a document or a page failed. Codes travel as numbers; the words are ours alone. */
enum render_code {
    RENDER_OK,
    RENDER_PDF_ENCRYPTED,      /* needs a password, or a scheme that is not supported */
    RENDER_PDF_INVALID,        /* cannot be opened as a PDF */
    RENDER_PDF_EMPTY,          /* no page */
    RENDER_PDF_TOO_MANY_PAGES, /* more than RENDER_MAX_PAGES */
    RENDER_PAGE_TIMEOUT,       /* took longer than the limit: said by the server, not the helper */
    RENDER_PAGE_TOO_LARGE,     /* a side over RENDER_MAX_SIDE, or an image over its limit */
    RENDER_PAGE_BROKEN,        /* could not be drawn, or the helper died of it */
    RENDER_PAGE_SKIPPED,       /* not tried: too many pages before it failed hard */
    RENDER_HELPER_FAILED,      /* the helper could not be run: our fault, not the document's */
    RENDER_CODES
};
/* "pdf.encrypted", "page.timeout" … Static storage; "" for RENDER_OK. */
const char *render_code_text(enum render_code code);

/* What a page that was drawn may lack: bits. */
#define RENDER_WARNINGS     2
#define RENDER_FONT_MISSING 1u /* a font or its character map could not be used */
#define RENDER_IMAGE_MISSING                                                                       \
    2u /* a picture could not be decoded, or did not fit in the helper's memory */
extern const char *const render_warning_texts[RENDER_WARNINGS]; /* "font.missing" …, by bit */

struct render_record {
    enum render_kind kind;
    unsigned warnings;     /* of PAGE, else 0 */
    enum render_code code; /* of the two FAILED kinds, else RENDER_OK */
    uint32_t page;
    uint32_t width, height;
    uint32_t length; /* of the body */
};

void render_record_encode(const struct render_record *r, uint8_t out[static RENDER_HEADER_SIZE]);
/* False unless every field is what its kind allows; fields a kind does not use must be 0. */
bool render_record_decode(const uint8_t in[static RENDER_HEADER_SIZE], struct render_record *out);

/* Where a page leads: a rectangle of it, from its upper left corner. */
struct render_link {
    unsigned x, y, width, height; /* in RENDER_LINK_WHOLEs of the page, within it */
    const char *url;              /* borrowed, not terminated */
    size_t url_len;
};

/* An address that everybody may be offered: http, https or mailto, of printable ASCII without
 * blanks, quotes and angle brackets. */
bool render_url_valid(const char *url, size_t len);
/* The body of LINKS: one link after the other. Encoding wants a valid one; returns its bytes, at
 * most RENDER_LINK_SIZE + RENDER_MAX_URL. */
size_t render_link_encode(const struct render_link *link, uint8_t *out);
/* The next link of a body from *at on. False: none is left, or (*at stays before the end) what
 * comes is wrong. */
bool render_link_decode(const uint8_t *body, size_t len, size_t *at, struct render_link *out);

/* Height of the image of a page: fits the width, between 1 and RENDER_MAX_RATIO times the width. */
int render_image_height(int width, double page_width, double page_height);

#endif
