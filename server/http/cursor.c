#include "http/cursor.h"
#include "crypto/base64url.h"
#include <string.h>

/* One version byte, the number big endian, the id. */
enum { VERSION = 1, BYTES = 1 + 8 + 16 };
_Static_assert(CURSOR_TEXT_SIZE >= BASE64URL_SIZE(BYTES), "a cursor's text fits");

const char *cursor_text(const struct cursor *c, char text[static CURSOR_TEXT_SIZE])
{
    unsigned char bytes[BYTES] = {VERSION};
    for (int i = 0; i < 8; i++)
        bytes[1 + i] = (unsigned char)((uint64_t)c->number >> (56 - 8 * i));
    memcpy(bytes + 9, c->id.bytes, 16);
    return base64url(text, bytes, sizeof bytes);
}

bool cursor_parse(const char *text, struct cursor *out)
{
    unsigned char bytes[BYTES];
    if (!base64url_parse(text, strnlen(text, CURSOR_TEXT_SIZE), bytes, sizeof bytes) ||
        bytes[0] != VERSION)
        return false;
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | bytes[1 + i];
    out->number = (int64_t)number;
    memcpy(out->id.bytes, bytes + 9, 16);
    return true;
}

bool cursor_read(struct http_exchange *x, struct cursor first, struct cursor *out)
{
    const char *text = http_query(x, "cursor");
    *out = first;
    if (!text || cursor_parse(text, out))
        return true;
    http_problem_field(x, "cursor", "malformed");
    return false;
}

void cursor_reply(struct http_exchange *x, json_t *items, const struct cursor *next)
{
    char text[CURSOR_TEXT_SIZE];
    http_reply_json(
        x, 200,
        json_pack("{s:o,s:s?}", "items", items, "next", next ? cursor_text(next, text) : NULL));
}
