/* The table outbox. Any thread with a connection. Inside mail/ only. */
#ifndef AMPHI_MAIL_OUTBOX_STORE_H
#define AMPHI_MAIL_OUTBOX_STORE_H

#include "base/err.h"
#include "base/id.h"
#include <jansson.h>
#include <stdint.h>

#define OUTBOX_FOR_US (3LL * 24 * 3600 * 1000000) /* how long a mail is tried */

struct db_conn;

struct outbox_row {
    struct id id, organisation;
    int64_t created_at, expires_at;
    int attempts;
    char to[256], language[4];
    char from_name[804], reply_to[256]; /* of the organisation */
    json_t *message;
};
void outbox_row_release(struct outbox_row *row);

/* The most that are taken at once. */
#define OUTBOX_MOST 64
/* In the caller's transaction, which holds the row for itself until its end, as it does the n that
 * it took already. Organisations take turns, last had the last one; bulk goes when nothing else is
 * due. ERR_NOT_FOUND: nothing is. */
enum err outbox_take(struct db_conn *c, const struct id *last, int64_t now,
                     const struct outbox_row *taken, size_t n, struct outbox_row *row) MUST_CHECK;
/* Delivered: addresses and bodies are emptied. */
enum err outbox_sent(struct db_conn *c, const struct id *ids, size_t n, int64_t now) MUST_CHECK;
/* Not delivered: due again at due_at, or failed for good (emptied) when due_at is DB_NULL_TIME. */
enum err outbox_retry(struct db_conn *c, const struct id *id, int64_t now, int64_t due_at,
                      const char *error) MUST_CHECK;

#endif
