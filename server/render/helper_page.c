#include "render/helper.h"

#include <math.h>
#include <string.h>

/* Notes of readers and what hangs on a page are drawn as icons: they are not for the audience. */
static bool icon(PopplerAnnotType type)
{
    return type == POPPLER_ANNOT_TEXT || type == POPPLER_ANNOT_POPUP ||
           type == POPPLER_ANNOT_FILE_ATTACHMENT || type == POPPLER_ANNOT_SOUND;
}

static void hide_icons(PopplerPage *page)
{
    GList *all = poppler_page_get_annot_mapping(page);
    for (GList *at = all; at != NULL; at = at->next) {
        PopplerAnnot *annot = ((PopplerAnnotMapping *)at->data)->annot;
        if (icon(poppler_annot_get_annot_type(annot)))
            poppler_annot_set_flags(annot, POPPLER_ANNOT_FLAG_HIDDEN);
    }
    poppler_page_free_annot_mapping(all);
}

struct placing {
    double scale, x, y;
};

/* Into the middle of the surface; only a page higher than RENDER_MAX_RATIO times its width leaves
 * room at its sides. poppler has turned the page already. */
static struct placing place(double width, double height, cairo_surface_t *surface)
{
    int w = cairo_image_surface_get_width(surface), h = cairo_image_surface_get_height(surface);
    double scale = h == 1 ? w / width /* much wider than high: fill the one line */
                          : fmin(w / width, h / height);
    return (struct placing){scale, (w - width * scale) / 2, (h - height * scale) / 2};
}

/* A page is a group of its own: it blends with itself, and white comes underneath afterwards.
 * small: as for a printer, where poppler reduces large pictures row by row. */
static bool draw(PopplerPage *page, const struct placing *at, bool small, cairo_surface_t *surface)
{
    cairo_t *cairo = cairo_create(surface);
    cairo_save(cairo);
    cairo_set_operator(cairo, CAIRO_OPERATOR_CLEAR);
    cairo_paint(cairo);
    cairo_restore(cairo);
    cairo_save(cairo);
    cairo_translate(cairo, at->x, at->y);
    cairo_scale(cairo, at->scale, at->scale);
    if (small)
        poppler_page_render_for_printing(page, cairo);
    else
        poppler_page_render(page, cairo);
    cairo_restore(cairo);
    cairo_set_operator(cairo, CAIRO_OPERATOR_DEST_OVER);
    cairo_set_source_rgb(cairo, 1, 1, 1);
    cairo_paint(cairo);
    bool ok = cairo_status(cairo) == CAIRO_STATUS_SUCCESS;
    cairo_destroy(cairo);
    cairo_surface_flush(surface);
    return ok;
}

/* A picture that did not fit in memory may fit when it is reduced as it is read. */
static enum render_code draw_and_encode(PopplerPage *page, double width, double height,
                                        struct drawn_page *out)
{
    int full = render_widths[RENDER_WIDTHS - 1];
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, full,
                                                          render_image_height(full, width, height));
    enum render_code code = RENDER_PAGE_BROKEN;
    if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS) {
        struct placing at = place(width, height, surface);
        bool ok = draw(page, &at, false, surface);
        out->warnings = faults_take();
        if (!ok || (out->warnings & RENDER_IMAGE_MISSING)) {
            ok = draw(page, &at, true, surface);
            out->warnings = faults_take();
        }
        code = ok ? webp_encode(surface, out->images) : RENDER_PAGE_BROKEN;
    }
    cairo_surface_destroy(surface);
    return code;
}

enum render_code page_draw(PopplerDocument *document, int number, struct drawn_page *out)
{
    faults_take();
    PopplerPage *page = poppler_document_get_page(document, number - 1);
    if (page == NULL)
        return RENDER_PAGE_BROKEN;
    double width = 0, height = 0;
    enum render_code code = RENDER_PAGE_BROKEN;
    poppler_page_get_size(page, &width, &height);
    out->no_area = !(width > 0 && height > 0);
    hide_icons(page);
    if (width > RENDER_MAX_SIDE || height > RENDER_MAX_SIDE)
        code = RENDER_PAGE_TOO_LARGE;
    else if (!out->no_area)
        code = draw_and_encode(page, width, height, out);
    if (code == RENDER_OK) {
        out->width = (int)ceil(width);
        out->height = (int)ceil(height);
        out->text = page_text(page);
        out->notes = page_notes(page);
        out->links = page_links(page, width, height, &out->links_len);
        out->warnings |= faults_take() & RENDER_FONT_MISSING;
    }
    g_object_unref(page);
    return code;
}

void page_free(struct drawn_page *page)
{
    g_free(page->text);
    g_free(page->notes);
    g_free(page->links);
    webp_free(page->images);
}
