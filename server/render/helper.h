/* amphi-render: PDF in on descriptor 0, records of wire.h out on descriptor 1, one document per
 * process. Single-threaded; everything is released by its end. Steps, in this order:
 *   sandbox_drop()   another user, no way back
 *   files_open()     the last files it may open
 *   sandbox_lock()   limits and system call filter; only now is the document looked at */
#ifndef AMPHI_RENDER_HELPER_H
#define AMPHI_RENDER_HELPER_H

#include "render/wire.h"
#include <cairo.h>
#include <poppler.h>

#define HELPER_MAX_FILES 800 /* fonts and character maps kept open; a descriptor each */
#define HELPER_MAX_MAPS  400 /* of them */

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

bool files_open(void);
/* From here on open() finds the kept files and nothing else. */
void files_lock(void);
/* Whether any of the kept fonts stood in for one that a document does not carry. */
bool files_font_used(void);
/* Whether any of those has the character. */
bool files_fonts_have(uint32_t character);

/* What poppler cannot draw it leaves out, with a message at most: messages, pictures that got no
 * memory and text in no font are watched for. */
void faults_watch(void);
void faults_note(unsigned warnings);
/* RENDER_FONT_MISSING …, since the last call. */
unsigned faults_take(void);

struct webp {
    uint8_t *bytes;
    size_t len;
    int width, height;
};

/* The surface (1920 wide, opaque ARGB32) at all widths, the better of two encodings each.
 * RENDER_OK, or why not; images need webp_free() either way. */
enum render_code webp_encode(cairo_surface_t *surface, struct webp images[RENDER_WIDTHS]);
void webp_free(struct webp images[RENDER_WIDTHS]);

/* Descriptor 0. RENDER_OK, or why not. */
enum render_code document_open(PopplerDocument **out, int *page_count);
/* The same, but pages whose CropBox has no area are not cut. NULL: it cannot be had. */
PopplerDocument *document_without_empty_boxes(void);

struct drawn_page {
    int width, height; /* points */
    bool no_area;      /* nothing was drawn because of that */
    unsigned warnings; /* RENDER_FONT_MISSING … */
    char *text;
    char *notes;
    uint8_t *links; /* the body of LINKS */
    size_t links_len;
    struct webp images[RENDER_WIDTHS];
};

enum render_code page_draw(PopplerDocument *document, int page, struct drawn_page *out);
void page_free(struct drawn_page *page);
/* Valid UTF-8 without control characters but \n, at most RENDER_MAX_TEXT_CHARS, with blanks between
 * what stands apart. Notes text that no font can draw. g_free(). */
char *page_text(PopplerPage *page);

/* What readers' notes on the page say, as page_text() has text. g_free(). */
char *page_notes(PopplerPage *page);
/* Where the page leads, as the body of LINKS; links within the document are left out: the room
 * decides which page is on. g_free(). */
uint8_t *page_links(PopplerPage *page, double width, double height, size_t *len);

#endif
