/* What hangs on a page: where it leads, and what its author noted. */
#include "render/helper.h"

#include <math.h>
#include <string.h>

/* --- links --- */

/* What an address may not have is percent-encoded: what remains is ASCII. */
static GString *plain_url(const char *uri)
{
    GString *url = g_string_new(NULL);
    for (const char *at = uri; *at != '\0' && url->len <= RENDER_MAX_URL; at++) {
        bool plain = *at > ' ' && *at <= '~' && strchr("\"<>\\^`{|}", *at) == NULL;
        if (plain)
            g_string_append_c(url, *at);
        else
            g_string_append_printf(url, "%%%02X", (unsigned char)*at);
    }
    return url;
}

/* In RENDER_LINK_WHOLEs, within the page. */
static unsigned place(double part, double whole)
{
    double at = round(part / whole * RENDER_LINK_WHOLE);
    return at > 0 ? (unsigned)fmin(at, RENDER_LINK_WHOLE) : 0;
}

/* Poppler turns and cuts as the page is; its y goes up. */
static struct render_link where(const PopplerRectangle *area, double width, double height)
{
    double left = fmin(area->x1, area->x2), right = fmax(area->x1, area->x2);
    double low = fmin(area->y1, area->y2), high = fmax(area->y1, area->y2);
    struct render_link link = {.x = place(left, width), .y = place(height - high, height)};
    link.width = place(right, width) - link.x;
    link.height = place(height - low, height) - link.y;
    return link;
}

static void put_link(GByteArray *out, const PopplerLinkMapping *at, double width, double height)
{
    uint8_t bytes[RENDER_LINK_SIZE + RENDER_MAX_URL];
    if (at->action->type != POPPLER_ACTION_URI || at->action->uri.uri == NULL)
        return;
    GString *url = plain_url(at->action->uri.uri);
    struct render_link link = where(&at->area, width, height);
    link.url = url->str;
    link.url_len = url->len;
    if (link.width > 0 && link.height > 0 && render_url_valid(url->str, url->len))
        g_byte_array_append(out, bytes, (guint)render_link_encode(&link, bytes));
    g_string_free(url, TRUE);
}

uint8_t *page_links(PopplerPage *page, double width, double height, size_t *len)
{
    GByteArray *out = g_byte_array_new();
    /* the mapping begins with what lies on top */
    GList *all = g_list_reverse(poppler_page_get_link_mapping(page));
    guint before = 0;
    int count = 0;
    for (GList *at = all; at != NULL && count < RENDER_MAX_LINKS; at = at->next) {
        put_link(out, at->data, width, height);
        count += out->len > before;
        before = out->len;
    }
    poppler_page_free_link_mapping(all);
    *len = out->len;
    return g_byte_array_free(out, FALSE);
}

/* --- notes --- */

static void put_note(GString *out, const char *note)
{
    if (out->len > 0)
        g_string_append(out, "\n\n");
    for (const char *at = note; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c == '\r')
            c = at[1] == '\n' ? 0 : '\n';
        if (c == '\t')
            c = ' ';
        if (c == '\n' || (c != 0 && !g_unichar_iscntrl(c)))
            g_string_append_unichar(out, c);
    }
}

/* The first RENDER_MAX_TEXT_CHARS. */
static char *cut(GString *out)
{
    if (g_utf8_strlen(out->str, -1) > RENDER_MAX_TEXT_CHARS)
        g_string_truncate(
            out, (gsize)(g_utf8_offset_to_pointer(out->str, RENDER_MAX_TEXT_CHARS) - out->str));
    return g_string_free(out, FALSE);
}

char *page_notes(PopplerPage *page)
{
    GString *out = g_string_new(NULL);
    GList *all = poppler_page_get_annot_mapping(page);
    for (GList *at = all; at != NULL; at = at->next) {
        PopplerAnnot *annot = ((PopplerAnnotMapping *)at->data)->annot;
        if (poppler_annot_get_annot_type(annot) != POPPLER_ANNOT_TEXT)
            continue;
        char *raw = poppler_annot_get_contents(annot);
        char *note = g_utf8_make_valid(raw == NULL ? "" : raw, -1);
        g_strstrip(note);
        if (*note != '\0' && g_utf8_strlen(out->str, -1) <= RENDER_MAX_TEXT_CHARS)
            put_note(out, note);
        g_free(note);
        g_free(raw);
    }
    poppler_page_free_annot_mapping(all);
    return cut(out);
}
