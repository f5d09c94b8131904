/* Mailings in the database. Worker thread. */
#ifndef AMPHI_FEATURES_MAILING_STORE_H
#define AMPHI_FEATURES_MAILING_STORE_H

#include "base/err.h"
#include "base/id.h"
#include <stdbool.h>
#include <stdint.h>

struct db_conn;

/* The next batch of a mailing, in one transaction: its mails are in the outbox, and it is written
 * down who was the last. *more: call again. Nothing happens when it is not to be sent (any more):
 * see mailing_about(), migration 0084. */
enum err mailing_batch(struct db_conn *c, const struct id *mailing, const char *base_url,
                       int64_t now, bool *more) MUST_CHECK;

#endif
