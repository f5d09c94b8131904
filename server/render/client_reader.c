#include "render/client_reader.h"

#include "base/json.h"

#include <stdlib.h>
#include <string.h>

void render_reader_init(struct render_reader *r, int first, int page_count)
{
    *r = (struct render_reader){.next = (uint32_t)first, .page_count = (uint32_t)page_count};
}

static void forget_page(struct render_reader *r)
{
    for (size_t i = 0; i < sizeof(r->bodies) / sizeof(r->bodies[0]); i++) {
        free(r->bodies[i]);
        r->bodies[i] = NULL;
    }
    r->page = (struct render_page){0};
}

void render_reader_release(struct render_reader *r)
{
    forget_page(r);
}

static bool text_valid(const uint8_t *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((text[i] < 0x20 && text[i] != '\n') || text[i] == 0x7f)
            return false;
    }
    return utf8_valid((const char *)text, len) &&
           utf8_length((const char *)text) <= RENDER_MAX_TEXT_CHARS;
}

/* A file of the kind and size that was announced, as far as its first chunk tells. Nothing in the
 * server decodes it; browsers are told the type and never sniff. */
static bool webp_valid(const uint8_t *b, size_t len)
{
    if (len < 20 || memcmp(b, "RIFF", 4) != 0 || memcmp(b + 8, "WEBPVP8", 7) != 0)
        return false;
    uint32_t riff =
        (uint32_t)b[4] | (uint32_t)b[5] << 8 | (uint32_t)b[6] << 16 | (uint32_t)b[7] << 24;
    return riff == len - 8;
}

static void finish_page(struct render_reader *r)
{
    if (r->on_page != NULL)
        r->on_page(r->arg, &r->page);
    forget_page(r);
    r->next++;
    r->state = READER_PAGE;
}

static bool take_document(struct render_reader *r)
{
    if (r->record.kind == RENDER_DOCUMENT_FAILED) {
        r->code = r->record.code;
        r->state = READER_ENDED;
        return true;
    }
    if (r->record.kind != RENDER_DOCUMENT ||
        (r->page_count != 0 && r->page_count != r->record.page))
        return false;
    bool told = r->page_count != 0;
    r->page_count = r->record.page;
    r->state = READER_PAGE;
    if (!told && r->on_document != NULL)
        r->on_document(r->arg, (int)r->page_count);
    return true;
}

static bool take_page(struct render_reader *r)
{
    const struct render_record *record = &r->record;
    if (record->kind == RENDER_END) {
        r->state = READER_ENDED;
        return r->next > r->page_count;
    }
    if ((record->kind != RENDER_PAGE && record->kind != RENDER_PAGE_FAILED) ||
        record->page != r->next || r->next > r->page_count)
        return false;
    r->page = (struct render_page){
        .page = (int)record->page,
        .error = record->code,
        .warnings = record->warnings,
        .width = (int)record->width,
        .height = (int)record->height,
        .text = "",
        .notes = "",
    };
    if (record->kind == RENDER_PAGE_FAILED)
        finish_page(r);
    else
        r->state = READER_TEXT;
    return true;
}

/* Where the body goes that is being read. */
static size_t body_of(const struct render_reader *r)
{
    return r->state == READER_IMAGE ? 3 + r->page.image_count : (size_t)(r->state - READER_TEXT);
}

static bool take_words(struct render_reader *r, const char **words, enum render_reader_state next)
{
    const uint8_t *body = r->bodies[body_of(r)];
    if (!text_valid(body, r->record.length))
        return false;
    *words = (const char *)body;
    r->state = next;
    return true;
}

static bool take_links(struct render_reader *r)
{
    const uint8_t *body = r->bodies[body_of(r)];
    struct render_link link;
    size_t at = 0;
    while (render_link_decode(body, r->record.length, &at, &link)) {
        if (r->page.link_count == RENDER_MAX_LINKS)
            return false;
        r->page.links[r->page.link_count++] = link;
    }
    r->state = READER_IMAGE;
    return at == r->record.length;
}

static bool take_image(struct render_reader *r)
{
    uint8_t *bytes = r->bodies[body_of(r)];
    if (!webp_valid(bytes, r->record.length))
        return false;
    r->page.images[r->page.image_count++] = (struct render_image){
        .width = (int)r->record.width,
        .height = (int)r->record.height,
        .bytes = bytes,
        .len = r->record.length,
    };
    if (r->page.image_count == RENDER_WIDTHS)
        finish_page(r);
    return true;
}

static bool take_body(struct render_reader *r)
{
    switch (r->state) {
    case READER_TEXT:
        return take_words(r, &r->page.text, READER_NOTES);
    case READER_NOTES:
        return take_words(r, &r->page.notes, READER_LINKS);
    case READER_LINKS:
        return take_links(r);
    default:
        return take_image(r);
    }
}

/* A record of a page's content may come now. */
static bool expected(const struct render_reader *r)
{
    static const enum render_kind kinds[] = {[READER_TEXT] = RENDER_TEXT,
                                             [READER_NOTES] = RENDER_NOTES,
                                             [READER_LINKS] = RENDER_LINKS,
                                             [READER_IMAGE] = RENDER_IMAGE};
    return r->record.kind == kinds[r->state] && r->record.page == r->next &&
           (r->state != READER_IMAGE ||
            r->record.width == (uint32_t)render_widths[r->page.image_count]);
}

/* The header is whole: may it come now? Makes room for the body, where it has one. */
static bool take_header(struct render_reader *r)
{
    if (!render_record_decode(r->header, &r->record))
        return false;
    switch (r->state) {
    case READER_DOCUMENT:
        return take_document(r);
    case READER_PAGE:
        return take_page(r);
    case READER_ENDED:
        return false;
    default:
        if (!expected(r))
            return false;
    }
    size_t body = body_of(r);
    r->bodies[body] = calloc(1, (size_t)r->record.length + 1);
    r->in_body = r->bodies[body] != NULL;
    return r->in_body;
}

static bool step(struct render_reader *r, const uint8_t **at, size_t *left)
{
    uint8_t *into = r->header;
    size_t want = RENDER_HEADER_SIZE;
    if (r->in_body) {
        into = r->bodies[body_of(r)];
        want = r->record.length;
    }
    size_t n = want - r->have < *left ? want - r->have : *left;
    memcpy(into + r->have, *at, n);
    r->have += n;
    *at += n;
    *left -= n;
    if (r->have < want)
        return true;
    r->have = 0;
    if (!r->in_body)
        return take_header(r);
    r->in_body = false;
    return take_body(r);
}

bool render_reader_feed(struct render_reader *r, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;
    /* a body of no bytes is whole at once */
    while (!r->broken && (len > 0 || (r->in_body && r->record.length == 0)))
        r->broken = !step(r, &at, &len);
    return !r->broken;
}
