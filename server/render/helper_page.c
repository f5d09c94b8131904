#include "render/helper.h"

#include <math.h>
#include <string.h>

char *page_text_clean(const char *raw)
{
    GString *out = g_string_new(NULL);
    char *valid = raw == NULL ? g_strdup("") : g_utf8_make_valid(raw, -1);
    int chars = 0;
    for (const char *at = valid; *at != '\0' && chars < RENDER_MAX_TEXT_CHARS;
         at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c == '\t' || c == '\f' || c == '\r')
            c = c == '\t' ? ' ' : '\n';
        if (c != '\n' && g_unichar_iscntrl(c))
            continue;
        g_string_append_unichar(out, c);
        chars++;
    }
    g_free(valid);
    return g_string_free(out, FALSE);
}

/* Scales the page into the middle of the surface; only a page higher than RENDER_MAX_RATIO times
 * its width leaves room at its sides. poppler has turned the page already. */
static enum render_code draw(PopplerPage *page, double width, double height,
                             cairo_surface_t *surface)
{
    int w = cairo_image_surface_get_width(surface), h = cairo_image_surface_get_height(surface);
    double scale = fmin(w / width, h / height);
    if (h == 1) /* much wider than high: fill the one line */
        scale = w / width;
    cairo_t *cairo = cairo_create(surface);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    cairo_translate(cairo, (w - width * scale) / 2, (h - height * scale) / 2);
    cairo_scale(cairo, scale, scale);
    poppler_page_render(page, cairo);
    bool ok = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    return ok ? RENDER_OK : RENDER_PAGE_BROKEN;
}

static enum render_code draw_and_encode(PopplerPage *page, double width, double height,
                                        struct drawn_page *out)
{
    int full = render_widths[RENDER_WIDTHS - 1];
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, full,
                                                          render_image_height(full, width, height));
    enum render_code code = RENDER_PAGE_BROKEN;
    if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
        code = draw(page, width, height, surface);
    if (code == RENDER_OK)
        code = webp_encode(surface, out->images);
    cairo_surface_destroy(surface);
    return code;
}

enum render_code page_draw(PopplerDocument *document, int number, struct drawn_page *out)
{
    PopplerPage *page = poppler_document_get_page(document, number - 1);
    if (page == NULL)
        return RENDER_PAGE_BROKEN;
    double width = 0, height = 0;
    enum render_code code = RENDER_PAGE_BROKEN;
    poppler_page_get_size(page, &width, &height);
    if (width > RENDER_MAX_SIDE || height > RENDER_MAX_SIDE)
        code = RENDER_PAGE_TOO_LARGE;
    else if (width > 0 && height > 0)
        code = draw_and_encode(page, width, height, out);
    if (code == RENDER_OK) {
        char *raw = poppler_page_get_text(page);
        out->width = (int)ceil(width);
        out->height = (int)ceil(height);
        out->text = page_text_clean(raw);
        g_free(raw);
    }
    g_object_unref(page);
    return code;
}

void page_free(struct drawn_page *page)
{
    g_free(page->text);
    webp_free(page->images);
}
