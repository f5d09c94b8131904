/* The blob store's read cache: least recently used goes first, and concurrent readers of one blob
 * wait for one read. Any thread. */
#ifndef AMPHI_BLOB_CACHE_H
#define AMPHI_BLOB_CACHE_H

#include "base/err.h"
#include "base/payload.h"
#include <stdint.h>

struct blob_cache;
typedef enum err blob_load(void *arg, const uint8_t *hash, struct payload **out);

struct blob_cache *blob_cache_new(size_t max_bytes);
void blob_cache_free(struct blob_cache *c); /* nobody is in blob_cache_get */
/* From the cache, or by load() without the lock. A failure is told to all who waited, not kept. */
enum err blob_cache_get(struct blob_cache *c, const uint8_t *hash, blob_load *load, void *arg,
                        struct payload **out) MUST_CHECK;

#endif
