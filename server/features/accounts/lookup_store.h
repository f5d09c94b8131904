/* The statement behind accounts_lookup. Worker thread. */
#ifndef AMPHI_FEATURES_LOOKUP_STORE_H
#define AMPHI_FEATURES_LOOKUP_STORE_H

#include "db/query.h"
#include "room/dispatch.h"

#define LOOKUP_BATCH 500

/* Sets err and who of each check (1 … LOOKUP_BATCH of them). */
enum err lookup_batch(struct db_conn *c, struct sign_in_check *const *checks, size_t n,
                      int64_t now) MUST_CHECK;

#endif
