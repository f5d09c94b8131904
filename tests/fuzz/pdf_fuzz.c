/* What the helper does with a document: poppler, the drawing, the text. Without its sandbox, and
 * with the fonts of the machine; the first two pages. */
#include "fuzz/fuzz.h"
#include "render/helper.h"

bool files_font_used(void)
{
    return true;
}

bool files_fonts_have(uint32_t character)
{
    return character % 2 == 0;
}

static void draw(PopplerDocument *document, int number)
{
    struct drawn_page page = {0};
    if (page_draw(document, number, &page) == RENDER_OK) {
        MUST(g_utf8_validate(page.text, -1, NULL));
        MUST(g_utf8_strlen(page.text, -1) <= RENDER_MAX_TEXT_CHARS);
        MUST(g_utf8_validate(page.notes, -1, NULL));
        MUST(g_utf8_strlen(page.notes, -1) <= RENDER_MAX_TEXT_CHARS);
        struct render_link link;
        size_t at = 0;
        int links = 0;
        while (render_link_decode(page.links, page.links_len, &at, &link))
            links++;
        MUST(at == page.links_len && links <= RENDER_MAX_LINKS);
        for (int i = 0; i < RENDER_WIDTHS; i++)
            MUST(page.images[i].len > 0 && page.images[i].width == render_widths[i]);
    }
    page_free(&page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool watched;
    if (!watched)
        faults_watch();
    watched = true;
    GBytes *bytes = g_bytes_new(data, size);
    PopplerDocument *document = poppler_document_new_from_bytes(bytes, NULL, NULL);
    int pages = document ? poppler_document_get_n_pages(document) : 0;
    for (int number = 1; number <= pages && number <= 2; number++)
        draw(document, number);
    g_clear_object(&document);
    g_bytes_unref(bytes);
    return 0;
}
