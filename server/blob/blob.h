/* Content-addressed files: stored under the SHA-256 of their bytes, written to a temporary file,
 * fsynced and renamed, so a name always means the whole content. The database refers to a blob by
 * its hash. They are in a folder of this machine, in one that several servers share, or in an
 * S3-compatible store. All functions may block on the disk or the store: not for loops. Any other
 * thread. ERR_BUSY: no room, or the store is away; try again later. */
#ifndef AMPHI_BLOB_BLOB_H
#define AMPHI_BLOB_BLOB_H

#include "base/err.h"
#include "base/payload.h"
#include <stdbool.h>
#include <stdint.h>

#define BLOB_HASH_SIZE 32
#define BLOB_HASH_TEXT 65

/* Nothing is written once the disk has less than this free, unless another floor is set: PostgreSQL
 * needs it to go on. */
#define BLOB_FLOOR_BYTES (1LL << 30)

struct blob_store;
struct blob_draft;

/* NULL with errno when the folder cannot be made. cache_bytes bounds the read cache (LRU). */
struct blob_store *blob_store_open(const char *folder, size_t cache_bytes);
/* Where the configuration says: in local, a folder that servers share, or an S3-compatible store,
 * of which local keeps a part. NULL with why. */
struct config;
struct blob_store *blob_store_open_configured(const struct config *c, const char *local,
                                              size_t cache_bytes, char *why, size_t why_size);
void blob_store_close(struct blob_store *s);
/* Whether the store did not answer when it was last asked. */
bool blob_store_away(const struct blob_store *s);
void blob_store_set_floor(struct blob_store *s, uint64_t bytes); /* before anybody writes */
enum err blob_put(struct blob_store *s, const void *bytes, size_t len,
                  uint8_t hash[static BLOB_HASH_SIZE]) MUST_CHECK;

/* A blob that comes in pieces: hashed on the way, nameless until blob_keep(). One thread at a time.
 * expected: its size, for which room is kept while others come in, too. NULL with errno when there
 * is no room. */
struct blob_draft *blob_begin(struct blob_store *s, size_t expected);
enum err blob_append(struct blob_draft *d, const void *bytes, size_t len) MUST_CHECK;
/* The first bytes, at most max; returns how many. */
size_t blob_peek(const struct blob_draft *d, void *out, size_t max);
/* At most max from an offset; returns how many, 0 at the end or when the disk fails. */
size_t blob_draft_read(const struct blob_draft *d, size_t at, void *out, size_t max);
size_t blob_draft_len(const struct blob_draft *d);
/* It is whole: on the disk once it returns ERR_OK, and known by its hash. The slow part. */
enum err blob_seal(struct blob_draft *d, uint8_t hash[static BLOB_HASH_SIZE],
                   size_t *len) MUST_CHECK;
/* Gives a sealed one its name. Frees d in any case. Who refers to it from the database holds it
 * first (storage/storage.h). */
enum err blob_keep(struct blob_draft *d) MUST_CHECK;
void blob_discard(struct blob_draft *d); /* NULL is allowed */

/* From the cache or the disk; concurrent readers of one blob share one read. */
enum err blob_get(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE],
                  struct payload **out) MUST_CHECK;
/* A descriptor to read from, or -1 with errno: ENOENT, it is not there; EAGAIN, the store is away.
 */
int blob_open(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE]);
void blob_hash_text(const uint8_t hash[static BLOB_HASH_SIZE], char text[static BLOB_HASH_TEXT]);
/* For files beside the blobs (blob/temp.h): a folder for what has no name yet; whether the disk has
 * room for so many bytes above the floor. */
const char *blob_temp_folder(const struct blob_store *s);
bool blob_has_room(struct blob_store *s, uint64_t bytes);

/* --- removing, for storage/ alone, which knows what is referred to (collect.c) --- */
/* Takes a blob's name away, so that nobody finds it. ERR_NOT_FOUND: it has none. */
enum err blob_set_aside(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE]) MUST_CHECK;
/* Then one of these. After a crash in between it has its name again. */
enum err blob_put_back(struct blob_store *s, const uint8_t hash[static BLOB_HASH_SIZE]) MUST_CHECK;
enum err blob_remove_aside(struct blob_store *s,
                           const uint8_t hash[static BLOB_HASH_SIZE]) MUST_CHECK;
#define BLOB_SHELVES 256
/* The blobs of one shelf: those whose hash begins with that byte, in no order. */
typedef void blob_seen(void *arg, const uint8_t hash[static BLOB_HASH_SIZE]);
void blob_list(struct blob_store *s, uint8_t shelf, blob_seen *seen, void *arg);

#endif
