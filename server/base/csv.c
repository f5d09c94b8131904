#include "base/csv.h"
#include <string.h>

struct csv csv_begin(struct buf *out, bool bom)
{
    if (bom)
        buf_adds(out, CSV_BOM);
    return (struct csv){.out = out};
}

static void separate(struct csv *c)
{
    if (c->inside)
        buf_add(c->out, ",", 1);
    c->inside = true;
}

void csv_text(struct csv *c, const char *text)
{
    separate(c);
    if (!text || !*text)
        return;
    bool formula = strchr("=+-@\t\r", *text) != NULL;
    bool quoted = strpbrk(text, "\",\r\n") != NULL;
    if (quoted)
        buf_add(c->out, "\"", 1);
    if (formula)
        buf_add(c->out, "'", 1);
    for (const char *quote; (quote = strchr(text, '"')); text = quote + 1) {
        buf_add(c->out, text, (size_t)(quote - text) + 1);
        buf_add(c->out, "\"", 1);
    }
    buf_adds(c->out, text);
    if (quoted)
        buf_add(c->out, "\"", 1);
}

void csv_int(struct csv *c, int64_t value)
{
    separate(c);
    buf_addf(c->out, "%lld", (long long)value);
}

void csv_fraction(struct csv *c, double numerator, double denominator)
{
    separate(c);
    if (denominator > 0)
        buf_addf(c->out, "%.4f", numerator / denominator);
}

void csv_blank(struct csv *c)
{
    separate(c);
}

void csv_end_row(struct csv *c)
{
    buf_add(c->out, "\r\n", 2);
    c->inside = false;
}

void csv_header(struct csv *c, const char *const *names)
{
    for (; *names; names++)
        csv_text(c, *names);
    csv_end_row(c);
}
