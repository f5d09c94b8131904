/* Content-addressed files: stored under the SHA-256 of their bytes, written to a temporary file,
 * fsynced and renamed, so a name always means the whole content. Any worker thread (blocking).
 * The database refers to a blob by its hash. */
#ifndef AMPHI_BLOB_BLOB_H
#define AMPHI_BLOB_BLOB_H

#include "base/err.h"
#include "base/payload.h"
#include <stdint.h>

#define BLOB_HASH_SIZE 32
#define BLOB_HASH_TEXT 65

struct blob_store;

/* NULL with errno when the folder cannot be made. cache_bytes bounds the read cache (LRU). */
struct blob_store *blob_store_open(const char *folder, size_t cache_bytes);
void blob_store_close(struct blob_store *s);
enum err blob_put(struct blob_store *s, const void *bytes, size_t len,
                  uint8_t hash[static BLOB_HASH_SIZE]) MUST_CHECK;
/* Stores the rest of an open file (from its position). size_t *len may be NULL. */
enum err blob_put_fd(struct blob_store *s, int fd, uint8_t hash[static BLOB_HASH_SIZE],
                     size_t *len) MUST_CHECK;
/* From the cache or the disk; concurrent readers of one blob share one read. */
enum err blob_get(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE],
                  struct payload **out) MUST_CHECK;
/* A read-only descriptor, or -1. */
int blob_open(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE]);
void blob_hash_text(const uint8_t hash[static BLOB_HASH_SIZE], char text[static BLOB_HASH_TEXT]);

#endif
