#include "base/buf.h"
#include "base/mem.h"
#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max};
}

void buf_release(struct buf *b)
{
    free(b->data);
    buf_init(b, b->max);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = false;
    if (b->data)
        b->data[0] = '\0';
}

/* True when len more bytes and a NUL fit. */
static bool reserve(struct buf *b, size_t len)
{
    if (b->failed || len > b->max - b->len) {
        b->failed = true;
        return false;
    }
    size_t need = b->len + len + 1;
    if (need > b->cap) {
        size_t cap = b->cap ? b->cap : 64;
        while (cap < need)
            cap *= 2;
        b->data = mem_resize(b->data, cap);
        b->cap = cap;
    }
    assert(b->data);
    return true;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
    if (!reserve(b, len))
        return;
    if (len)
        memcpy(b->data + b->len, bytes, len);
    b->len += len;
    b->data[b->len] = '\0';
}

void buf_adds(struct buf *b, const char *text)
{
    buf_add(b, text, strlen(text));
}

void buf_addf(struct buf *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    if (len < 0) {
        b->failed = true;
    } else if (reserve(b, (size_t)len)) {
        vsnprintf(b->data + b->len, (size_t)len + 1, format, again);
        b->len += (size_t)len;
    }
    va_end(again);
    va_end(args);
}

bool buf_add_file(struct buf *b, const char *path)
{
    char block[8192];
    FILE *f = fopen(path, "re");
    if (!f)
        return false;
    for (size_t n; !b->failed && (n = fread(block, 1, sizeof block, f)) > 0;)
        buf_add(b, block, n);
    bool ok = !ferror(f) && !b->failed;
    fclose(f);
    return ok;
}

bool buf_failed(const struct buf *b)
{
    return b->failed;
}

char *buf_detach(struct buf *b, size_t *len)
{
    if (!b->data && !b->failed)
        buf_add(b, "", 0);
    char *data = b->data;
    if (len)
        *len = b->len;
    buf_init(b, b->max);
    return data;
}
