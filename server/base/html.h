/* Text in HTML. */
#ifndef AMPHI_BASE_HTML_H
#define AMPHI_BASE_HTML_H

#include "base/buf.h"

/* The text as it may stand between tags, and between double quotes in one. */
void html_add(struct buf *out, const char *text);
/* The same of its first len bytes. */
void html_add_part(struct buf *out, const char *text, size_t len);

#endif
