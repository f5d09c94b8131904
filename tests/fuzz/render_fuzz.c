/* What the render helper says: it draws documents of strangers and is not trusted. The first byte
 * says in what pieces the rest arrives. */
#include "fuzz/fuzz.h"
#include "render/client_reader.h"
#include <string.h>

static void on_document(void *arg, int page_count)
{
    MUST(page_count >= 1 && page_count <= RENDER_MAX_PAGES);
    (void)arg;
}

static void on_page(void *arg, const struct render_page *page)
{
    (void)arg;
    MUST(page->text != NULL && page->notes != NULL && page->link_count <= RENDER_MAX_LINKS);
    MUST(page->error == RENDER_OK || page->link_count == 0);
    for (size_t i = 0; i < page->link_count; i++) {
        const struct render_link *link = &page->links[i];
        MUST(link->x + link->width <= RENDER_LINK_WHOLE);
        MUST(link->y + link->height <= RENDER_LINK_WHOLE);
        MUST(link->width > 0 && link->height > 0 && render_url_valid(link->url, link->url_len));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t piece = data[0] ? data[0] : size;
    struct render_reader r;
    render_reader_init(&r, 1, 0);
    r.on_document = on_document;
    r.on_page = on_page;
    for (size_t at = 1; at < size; at += piece) {
        size_t len = size - at < piece ? size - at : piece;
        bool good = render_reader_feed(&r, data + at, len);
        MUST(good != r.broken);
    }
    render_reader_release(&r);
    return 0;
}
