/* amphi-render: PDF in on descriptor 0, records of wire.h out on descriptor 1, one document per
 * process. Single-threaded; everything is released by its end. Steps, in this order:
 *   sandbox_drop()   another user, no way back
 *   fonts_open()     the last files it may open
 *   sandbox_lock()   limits and system call filter; only now is the document looked at */
#ifndef AMPHI_RENDER_HELPER_H
#define AMPHI_RENDER_HELPER_H

#include "render/wire.h"
#include <cairo.h>
#include <poppler.h>

#define HELPER_MAX_FONTS 400 /* font files kept open; a descriptor each */

struct sandbox_limits {
    const char *user; /* to become when started as root */
    int memory_mb;
    int cpu_seconds;
};

/* False with a line on standard error. */
bool sandbox_drop(const struct sandbox_limits *limits);
bool sandbox_lock(const struct sandbox_limits *limits);
/* Tries what the sandbox must refuse and prints one line each; 0 when all was refused. */
int sandbox_self_test(void);

bool fonts_open(void);
/* From here on open() finds the kept font files and nothing else. */
void fonts_lock(void);

struct webp {
    uint8_t *bytes;
    size_t len;
    int width, height;
};

/* The surface (1920 wide, RGB24) at all widths, the better of two encodings each. RENDER_OK, or why
 * not; images need webp_free() either way. */
enum render_code webp_encode(cairo_surface_t *surface, struct webp images[RENDER_WIDTHS]);
void webp_free(struct webp images[RENDER_WIDTHS]);

struct drawn_page {
    int width, height; /* points */
    char *text;
    struct webp images[RENDER_WIDTHS];
};

enum render_code page_draw(PopplerDocument *document, int page, struct drawn_page *out);
void page_free(struct drawn_page *page);
/* Valid UTF-8 without control characters but \n, at most RENDER_MAX_TEXT_CHARS. g_free(). */
char *page_text_clean(const char *raw);

#endif
