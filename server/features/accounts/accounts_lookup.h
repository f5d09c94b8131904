/* Who a live connection belongs to. Checks from all loops are gathered; one statement answers a
 * batch, on the short pool, so a crowd that joins at once costs few round trips. Any thread. */
#ifndef AMPHI_FEATURES_ACCOUNTS_LOOKUP_H
#define AMPHI_FEATURES_ACCOUNTS_LOOKUP_H

#include "room/dispatch.h"

/* A sign_in_lookup: grants_check() for a session or a congress. Every check is answered, ERR_BUSY
 * when the database is away or too many wait. */
void accounts_lookup(struct app *app, struct sign_in_check *check);

#endif
