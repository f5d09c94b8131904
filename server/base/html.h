/* Text in HTML. */
#ifndef AMPHI_BASE_HTML_H
#define AMPHI_BASE_HTML_H

#include "base/buf.h"

/* The text as it may stand between tags, and between double quotes in one. */
void html_add(struct buf *out, const char *text);
/* The same of its first len bytes. */
void html_add_part(struct buf *out, const char *text, size_t len);
/* A template in which each %s is the next of the texts (NULL ends them), escaped; nothing else is
 * filled in. */
void html_fill(struct buf *out, const char *html, const char *const *texts);
#define HTML_ADD(out, html, ...) html_fill(out, html, (const char *const[]){__VA_ARGS__, NULL})

#endif
