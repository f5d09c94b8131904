#include "base/placeholders.h"
#include <string.h>

/* Up to the first of `ends`, or the whole. */
static size_t span_until(const char *text, size_t left, const char *ends)
{
    size_t n = 0;
    while (n < left && !strchr(ends, text[n]))
        n++;
    return n;
}

int placeholder_find(const char *const *names, const char *text, size_t left, size_t *len)
{
    size_t n = 1 + span_until(text + 1, left - 1, "{}\n");
    bool closed = n < left && text[n] == '}';
    *len = closed ? n + 1 : n;
    for (int i = 0; closed && names[i]; i++)
        if (strlen(names[i]) == n - 1 && memcmp(names[i], text + 1, n - 1) == 0)
            return i;
    return -1;
}

void placeholders_fill(struct buf *out, const char *text, size_t len, const char *const *names,
                       const char *const *values)
{
    for (size_t at = 0; at < len;) {
        size_t n = span_until(text + at, len - at, "{");
        buf_add(out, text + at, n);
        at += n;
        if (at == len)
            return;
        int name = placeholder_find(names, text + at, len - at, &n);
        if (name < 0)
            buf_add(out, text + at, n);
        else
            buf_adds(out, values[name] ? values[name] : "");
        at += n;
    }
}
