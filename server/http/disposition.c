#include "http/disposition.h"
#include "base/url.h"
#include <stdint.h>
#include <string.h>

/* The code point at p, whose text is valid UTF-8. */
static uint32_t code_point(const unsigned char *p, size_t *bytes)
{
    static const unsigned char first[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    *bytes = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
    uint32_t c = *p & first[*bytes];
    for (size_t i = 1; i < *bytes; i++)
        c = c << 6 | (p[i] & 0x3f);
    return c;
}

/* Control characters, those without width, and those that turn the direction of a name round. */
static bool invisible(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0x061c ||
           c == 0xfeff;
}

static bool space(uint32_t c)
{
    return c == ' ' || c == 0xa0 || c == 0x202f || c == 0x2009 || c == 0x3000;
}

/* Whether the name has no end that a space may follow. */
static bool at_start(const struct buf *out, size_t from)
{
    return out->len == from || out->data[out->len - 1] == ' ';
}

void filename_add(struct buf *out, const char *text, size_t most)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t from = out->len, n;
    for (; *p && !out->failed; p += n) {
        uint32_t c = code_point(p, &n);
        if (invisible(c) || (c < 0x80 && strchr("*?\"<>", (char)c)))
            continue;
        if (out->len - from + n > most)
            break;
        if (space(c)) {
            if (!at_start(out, from))
                buf_adds(out, " ");
        } else if (c < 0x80 && strchr(":/\\|", (char)c)) {
            buf_adds(out, "-");
        } else if (c != '.' || out->len > from) { /* no hidden files */
            buf_add(out, p, n);
        }
    }
    while (out->len > from && strchr(" .", out->data[out->len - 1]))
        out->data[--out->len] = '\0';
}

/* RFC 8187: they stand for themselves, as letters and digits do. */
#define ATTR_CHAR "!#$&+-.^_`|~"

static void add_ascii(struct buf *out, const char *name)
{
    for (const unsigned char *p = (const unsigned char *)name; *p; p++)
        if (*p < 0x80)
            buf_add(out, *p == '%' ? (const unsigned char *)"_" : p, 1);
        else if (*p >= 0xc0) /* the first byte of a character */
            buf_adds(out, "_");
}

void disposition_add(struct buf *out, const char *filename)
{
    struct buf name;
    buf_init(&name, FILENAME_MAX_BYTES + 1);
    filename_add(&name, filename, FILENAME_MAX_BYTES);
    const char *safe = name.len ? name.data : "download";
    buf_adds(out, "attachment; filename=\"");
    add_ascii(out, safe);
    buf_adds(out, "\"; filename*=UTF-8''");
    url_escape(out, safe, ATTR_CHAR);
    buf_release(&name);
}
