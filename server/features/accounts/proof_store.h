/* Showing once more that it is you, before something that matters: by what the account has, and by
 * a mailed code where it has neither password nor second factor. Worker thread; each function is
 * its own transaction. */
#ifndef AMPHI_FEATURES_PROOF_STORE_H
#define AMPHI_FEATURES_PROOF_STORE_H

#include "features/accounts/factor_store.h"

/* The ways that the account has, as GET /api/me/proof answers them. */
enum err proof_ways(struct db_conn *c, const struct identity *who, json_t **out) MUST_CHECK;
/* It was them, by this way: HTTP_FRESH_US begin anew. */
enum err proof_keep(struct db_conn *c, const struct identity *who, const char *way,
                    int64_t now) MUST_CHECK;
/* The same, inside the caller's transaction. */
enum err proof_note(struct db_conn *c, const struct identity *who, const char *way,
                    int64_t now) MUST_CHECK;
/* A code that the account's app shows, that was mailed to this sign-in, or a recovery code. */
enum err proof_by_code(struct db_conn *c, const struct deed *deed, const struct identity *who,
                       const char *typed, struct code_try *out) MUST_CHECK;
/* ERR_CONFLICT: the account has other ways; ERR_RATE: too many were asked for. */
enum err proof_mail(struct db_conn *c, const struct secrets *secrets, const struct identity *who,
                    int64_t now) MUST_CHECK;

#endif
