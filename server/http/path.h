/* What of a request's target is acceptable, and taking it apart. Pure; any thread. */
#ifndef AMPHI_HTTP_PATH_H
#define AMPHI_HTTP_PATH_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PATH_MAX_BYTES 1024

/* A decoded path: absolute, valid UTF-8, without NUL or other control characters, backslashes, or
 * segments that are empty (but for a last one), "." or "..". Length is given, not read off a NUL,
 * since %00 is a way to hide the rest. */
bool path_valid(const char *path, size_t len);
/* False without a file extension in the last segment. */
bool path_has_extension(const char *path);
/* One non-negative decimal number with nothing around it, at most 18 digits: a Content-Length. */
bool decimal_parse(const char *text, size_t len, uint64_t *out);
/* Is one of the entity tags of an If-None-Match header this one (weak comparison) or "*"? */
bool etag_matches(const char *if_none_match, const char *etag);
/* Does an Accept-Encoding header allow the coding (listed, and not with q=0)? */
bool encoding_accepted(const char *accept_encoding, const char *coding);

#endif
