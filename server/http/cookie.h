/* Reads one cookie out of a Cookie header. The name must match exactly: "xsid" is not "sid". A name
 * given twice is an error, because someone else may have planted one. Pure; any thread. */
#ifndef AMPHI_HTTP_COOKIE_H
#define AMPHI_HTTP_COOKIE_H

#include "base/err.h"
#include <stddef.h>

/* ERR_OK with the value in out; ERR_NOT_FOUND; ERR_INVALID when it is there twice;
 * ERR_TOO_LARGE when it does not fit size bytes with its NUL. */
enum err cookie_find(const char *header, const char *name, char *out, size_t size) MUST_CHECK;

#endif
