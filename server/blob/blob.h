/* Content-addressed files: stored under the SHA-256 of their bytes, written to a temporary file,
 * fsynced and renamed, so a name always means the whole content. The database refers to a blob by
 * its hash. All functions may block on the disk: not for loops. Any other thread. */
#ifndef AMPHI_BLOB_BLOB_H
#define AMPHI_BLOB_BLOB_H

#include "base/err.h"
#include "base/payload.h"
#include <stdbool.h>
#include <stdint.h>

#define BLOB_HASH_SIZE 32
#define BLOB_HASH_TEXT 65

/* Nothing is written once the disk has less than this free: PostgreSQL needs it to go on. */
#define BLOB_FLOOR_BYTES (256LL << 20)

struct blob_store;
struct blob_draft;

/* NULL with errno when the folder cannot be made. cache_bytes bounds the read cache (LRU). */
struct blob_store *blob_store_open(const char *folder, size_t cache_bytes);
void blob_store_close(struct blob_store *s);
enum err blob_put(struct blob_store *s, const void *bytes, size_t len,
                  uint8_t hash[static BLOB_HASH_SIZE]) MUST_CHECK;

/* A blob that comes in pieces: hashed on the way, nameless until blob_keep(). One thread at a time.
 * expected: its size if known, so that a full disk is noticed before and not after; else 0. NULL
 * with errno when there is no room. */
struct blob_draft *blob_begin(struct blob_store *s, size_t expected);
enum err blob_append(struct blob_draft *d, const void *bytes, size_t len) MUST_CHECK;
/* The first bytes, at most max; returns how many. */
size_t blob_peek(const struct blob_draft *d, void *out, size_t max);
/* On the disk and under its name once it returns ERR_OK. Frees d in any case. */
enum err blob_keep(struct blob_draft *d, uint8_t hash[static BLOB_HASH_SIZE],
                   size_t *len) MUST_CHECK;
void blob_discard(struct blob_draft *d); /* NULL is allowed */

/* From the cache or the disk; concurrent readers of one blob share one read. */
enum err blob_get(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE],
                  struct payload **out) MUST_CHECK;
/* A read-only descriptor, or -1. */
int blob_open(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE]);
void blob_hash_text(const uint8_t hash[static BLOB_HASH_SIZE], char text[static BLOB_HASH_TEXT]);
/* For files beside the blobs (blob/temp.h): a folder for what has no name yet; whether the disk has
 * room for so many bytes above the floor. */
const char *blob_temp_folder(const struct blob_store *s);
bool blob_has_room(const struct blob_store *s, uint64_t bytes);

#endif
