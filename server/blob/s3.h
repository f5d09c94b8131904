/* An S3-compatible store by libcurl: requests that block, with timeouts, and tries with jitter. Not
 * for loops; any other thread, several at once. Bodies go from and into files: nothing is held in
 * memory. The store must show what was written at once (as AWS, MinIO, Ceph do). Private to blob/.
 */
#ifndef AMPHI_BLOB_S3_H
#define AMPHI_BLOB_S3_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct s3;

struct s3_config {
    const char *bucket, *prefix; /* prefix without slashes around it; "" : none */
    const char *endpoint;        /* "https://host[:port]"; "": Amazon's of the region */
    const char *region, *access_key, *secret_key;
    const char *ca; /* PEM file of who may vouch for it; "": the machine's authorities */
};

/* NULL with why when it cannot be so. Nothing is sent. */
struct s3 *s3_new(const struct s3_config *config, char *why, size_t why_size);
void s3_free(struct s3 *s);
/* Writes and removes an object. ERR_INVALID with why: the store refuses, and will again. ERR_BUSY:
 * it does not answer. */
enum err s3_check(struct s3 *s, const char *node, char *why, size_t why_size) MUST_CHECK;

/* Whether it did not answer the last time. */
bool s3_away(const struct s3 *s);

/* Names are relative to the prefix. ERR_BUSY: it is away, or overloaded: try again later.
 * ERR_INTERNAL: it refused; the log says why. */
/* hash: of the len bytes of fd, by which the store checks what came. */
enum err s3_put(struct s3 *s, const char *name, int fd, size_t len, const uint8_t *hash) MUST_CHECK;
/* Into the empty file fd. room: whether so many bytes may come. */
typedef bool s3_room(void *arg, uint64_t bytes);
enum err s3_get(struct s3 *s, const char *name, int fd, s3_room *room, void *arg) MUST_CHECK;
enum err s3_head(struct s3 *s, const char *name) MUST_CHECK; /* ERR_NOT_FOUND */
enum err s3_copy(struct s3 *s, const char *from, const char *to) MUST_CHECK;
enum err s3_delete(struct s3 *s, const char *name) MUST_CHECK;
/* Names that begin with `under`, in order, each without it. */
typedef void s3_seen(void *arg, const char *name);
enum err s3_list(struct s3 *s, const char *under, s3_seen *seen, void *arg) MUST_CHECK;

#endif
