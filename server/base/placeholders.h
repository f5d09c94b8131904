/* Placeholders such as {congress} in texts that people write for mails. Pure; any thread. */
#ifndef AMPHI_BASE_PLACEHOLDERS_H
#define AMPHI_BASE_PLACEHOLDERS_H

#include "base/buf.h"
#include <stddef.h>

/* Which of the names, which end with NULL and have no braces, stands at text, which is "{" and has
 * `left` bytes; -1: none. *len: of the placeholder, braces included, or of what stands there. */
int placeholder_find(const char *const *names, const char *text, size_t left, size_t *len);

/* The text of `len` bytes, with values[i] for {names[i]} (NULL: nothing); other braces stay. Check
 * buf_failed(). */
void placeholders_fill(struct buf *out, const char *text, size_t len, const char *const *names,
                       const char *const *values);

#endif
