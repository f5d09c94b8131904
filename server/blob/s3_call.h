/* One request to the store. Private to blob/s3*.c. */
#ifndef AMPHI_BLOB_S3_CALL_H
#define AMPHI_BLOB_S3_CALL_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct s3;
typedef bool s3_room(void *arg, uint64_t bytes); /* whether so many may come */

struct s3_account {
    const char *endpoint, *bucket, *prefix, *region, *access_key, *secret_key, *ca;
};

struct s3_call {
    const char *method, *name; /* name NULL: the bucket itself */
    const char *query;         /* encoded and sorted; NULL: none */
    const char *content;       /* hex of the body's SHA-256 */
    const char *source;        /* to be copied; NULL: nothing is */
    bool sends, receives;      /* the bytes of fd, or into it */
    int fd;
    size_t len; /* to be sent */
    s3_room *room;
    void *arg;
    size_t text_max; /* of an answer that is no file: so much of it becomes text */
    char *why;       /* NULL, or where a refusal is told in one line */
    size_t why_size;
    /* set: */
    char *text; /* NULL until something came */
    size_t text_len;
    /* private */
    uint64_t done;
    bool refused; /* no room for what comes, or the disk failed */
    void *curl;
};

struct s3 *s3_calls_new(const struct s3_account *account, const char **fault);
bool s3_calls_away(const struct s3 *s);
void s3_calls_free(struct s3 *s);
/* Up to three tries, unless the store was found to be away a moment ago. */
enum err s3_call(struct s3 *s, struct s3_call *call) MUST_CHECK;
void s3_call_release(struct s3_call *call);
/* With the prefix. */
void s3_whole_name(const struct s3 *s, const char *name, char *out, size_t size);

#endif
