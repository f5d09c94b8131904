#include "render/wire.h"

#include <math.h>
#include <string.h>
#include <strings.h>

const int render_widths[RENDER_WIDTHS] = {480, 960, 1920};

static const char *const code_texts[RENDER_CODES] = {
    [RENDER_OK] = "",
    [RENDER_PDF_ENCRYPTED] = "pdf.encrypted",
    [RENDER_PDF_INVALID] = "pdf.invalid",
    [RENDER_PDF_EMPTY] = "pdf.empty",
    [RENDER_PDF_TOO_MANY_PAGES] = "pdf.too_many_pages",
    [RENDER_PAGE_TIMEOUT] = "page.timeout",
    [RENDER_PAGE_TOO_LARGE] = "page.too_large",
    [RENDER_PAGE_BROKEN] = "page.failed",
    [RENDER_PAGE_SKIPPED] = "page.skipped",
    [RENDER_HELPER_FAILED] = "render.failed",
};

const char *const render_warning_texts[RENDER_WARNINGS] = {"font.missing", "image.missing"};

const char *render_code_text(enum render_code code)
{
    return (unsigned)code < RENDER_CODES ? code_texts[code] : code_texts[RENDER_HELPER_FAILED];
}

static void put32(uint8_t *out, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(v >> (8 * i));
}

static uint32_t get32(const uint8_t *in)
{
    return (uint32_t)in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 | (uint32_t)in[3] << 24;
}

void render_record_encode(const struct render_record *r, uint8_t out[static RENDER_HEADER_SIZE])
{
    put32(out, RENDER_MAGIC);
    put32(out + 4, (uint32_t)r->kind | r->warnings << 8 | (uint32_t)r->code << 16);
    put32(out + 8, r->page);
    put32(out + 12, r->width);
    put32(out + 16, r->height);
    put32(out + 20, r->length);
}

static bool image_valid(const struct render_record *r)
{
    bool known = false;
    for (int i = 0; i < RENDER_WIDTHS; i++)
        known = known || r->width == (uint32_t)render_widths[i];
    return known && r->height >= 1 && r->height <= r->width * RENDER_MAX_RATIO && r->length >= 1 &&
           r->length <= RENDER_MAX_IMAGE_BYTES;
}

static bool document_code(enum render_code c)
{
    return c == RENDER_PDF_ENCRYPTED || c == RENDER_PDF_INVALID || c == RENDER_PDF_EMPTY ||
           c == RENDER_PDF_TOO_MANY_PAGES;
}

static bool record_valid(const struct render_record *r)
{
    bool page = r->page >= 1 && r->page <= RENDER_MAX_PAGES;
    bool plain = r->width == 0 && r->height == 0;
    bool ok = r->code == RENDER_OK;
    if (r->warnings >> (r->kind == RENDER_PAGE ? RENDER_WARNINGS : 0))
        return false;
    switch (r->kind) {
    case RENDER_DOCUMENT:
        return ok && page && plain && r->length == 0;
    case RENDER_DOCUMENT_FAILED:
        return document_code(r->code) && r->page == 0 && plain && r->length == 0;
    case RENDER_PAGE:
        return ok && page && r->length == 0 && r->width >= 1 && r->width <= RENDER_MAX_SIDE &&
               r->height >= 1 && r->height <= RENDER_MAX_SIDE;
    case RENDER_TEXT:
    case RENDER_NOTES:
        return ok && page && plain && r->length <= RENDER_MAX_TEXT_BYTES;
    case RENDER_LINKS:
        return ok && page && plain && r->length <= RENDER_MAX_LINK_BYTES;
    case RENDER_IMAGE:
        return ok && page && image_valid(r);
    case RENDER_PAGE_FAILED:
        return page && plain && r->length == 0 &&
               (r->code == RENDER_PAGE_TOO_LARGE || r->code == RENDER_PAGE_BROKEN);
    case RENDER_END:
        return ok && r->page == 0 && plain && r->length == 0;
    }
    return false;
}

bool render_record_decode(const uint8_t in[static RENDER_HEADER_SIZE], struct render_record *out)
{
    uint32_t packed = get32(in + 4);
    uint32_t kind = packed & 0xff, code = packed >> 16;
    if (get32(in) != RENDER_MAGIC || kind < RENDER_DOCUMENT || kind > RENDER_END ||
        code >= RENDER_CODES)
        return false;
    *out = (struct render_record){
        .kind = (enum render_kind)kind,
        .warnings = packed >> 8 & 0xff,
        .code = (enum render_code)code,
        .page = get32(in + 8),
        .width = get32(in + 12),
        .height = get32(in + 16),
        .length = get32(in + 20),
    };
    return record_valid(out);
}

/* --- links --- */

bool render_url_valid(const char *url, size_t len)
{
    static const char *const schemes[] = {"http://", "https://", "mailto:"};
    bool known = false;
    if (len > RENDER_MAX_URL)
        return false;
    for (size_t i = 0; i < len; i++)
        if (url[i] <= ' ' || url[i] > '~' || strchr("\"<>\\^`{|}", url[i]))
            return false;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t n = strlen(schemes[i]);
        known = known || (len > n && strncasecmp(url, schemes[i], n) == 0);
    }
    return known;
}

static void put16(uint8_t *out, unsigned v)
{
    out[0] = (uint8_t)v;
    out[1] = (uint8_t)(v >> 8);
}

static unsigned get16(const uint8_t *in)
{
    return (unsigned)in[0] | (unsigned)in[1] << 8;
}

size_t render_link_encode(const struct render_link *link, uint8_t *out)
{
    put16(out, link->x);
    put16(out + 2, link->y);
    put16(out + 4, link->width);
    put16(out + 6, link->height);
    put16(out + 8, (unsigned)link->url_len);
    memcpy(out + RENDER_LINK_SIZE, link->url, link->url_len);
    return RENDER_LINK_SIZE + link->url_len;
}

bool render_link_decode(const uint8_t *body, size_t len, size_t *at, struct render_link *out)
{
    const uint8_t *in = body + *at;
    if (len - *at < RENDER_LINK_SIZE)
        return false;
    *out = (struct render_link){
        .x = get16(in),
        .y = get16(in + 2),
        .width = get16(in + 4),
        .height = get16(in + 6),
        .url = (const char *)in + RENDER_LINK_SIZE,
        .url_len = get16(in + 8),
    };
    if (out->url_len > len - *at - RENDER_LINK_SIZE || out->width == 0 || out->height == 0 ||
        out->x + out->width > RENDER_LINK_WHOLE || out->y + out->height > RENDER_LINK_WHOLE ||
        !render_url_valid(out->url, out->url_len))
        return false;
    *at += RENDER_LINK_SIZE + out->url_len;
    return true;
}

int render_image_height(int width, double page_width, double page_height)
{
    double height = round(width * page_height / page_width);
    if (!(height >= 1))
        return 1;
    return height > width * RENDER_MAX_RATIO ? width * RENDER_MAX_RATIO : (int)height;
}
