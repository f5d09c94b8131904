/* Compressing what is sent (RFC 1952), by zlib. Any thread. */
#ifndef AMPHI_HTTP_GZIP_H
#define AMPHI_HTTP_GZIP_H

#include "base/payload.h"

/* A packet holds more: compressing less saves nobody anything. */
#define GZIP_WORTH 1000

/* What to send instead of bytes, which are released then; bytes themselves where nothing is gained
 * or there is no memory. */
struct payload *gzip_payload(struct payload *bytes);

#endif
