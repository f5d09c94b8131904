#include "base/html.h"
#include <string.h>

void html_add_part(struct buf *out, const char *text, size_t len)
{
    for (const char *end = text + len; text < end; text++) {
        const char *as = *text == '<'   ? "&lt;"
                         : *text == '>' ? "&gt;"
                         : *text == '&' ? "&amp;"
                         : *text == '"' ? "&quot;"
                                        : NULL;
        if (as)
            buf_adds(out, as);
        else
            buf_add(out, text, 1);
    }
}

void html_add(struct buf *out, const char *text)
{
    html_add_part(out, text, strlen(text));
}

void html_fill(struct buf *out, const char *html, const char *const *texts)
{
    for (const char *at; *texts && (at = strstr(html, "%s")); html = at + 2) {
        buf_add(out, html, (size_t)(at - html));
        html_add(out, *texts++);
    }
    buf_adds(out, html);
}
