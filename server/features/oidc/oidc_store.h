/* Sign-ins at the provider in the database. Workers; each function is its own transaction. */
#ifndef AMPHI_FEATURES_OIDC_STORE_H
#define AMPHI_FEATURES_OIDC_STORE_H

#include "base/err.h"
#include "features/oidc/oidc_trip.h"
#include "jobs/jobs.h"
#include <jansson.h>

struct db_conn;

/* A trip from the page of this code begins. ERR_NOT_FOUND: no such page, or its link is closed. */
enum err oidc_ask(struct db_conn *c, const char *code, const struct oidc_trip *t,
                  int64_t now) MUST_CHECK;
/* The browser is back: once, and in time, else ERR_NOT_FOUND. */
enum err oidc_spend(struct db_conn *c, const char *code, const struct oidc_trip *t, int64_t now,
                    struct id *sign_in) MUST_CHECK;
/* What the provider said; the browser's cookie is another one from here on. Codes that this server
 * does not have become null. */
enum err oidc_keep(struct db_conn *c, const struct id *sign_in, const uint8_t *token_hash,
                   const json_t *claims, int64_t now) MUST_CHECK;
/* What the form shows of it: a new reference. ERR_NOT_FOUND: there is none any more. */
enum err oidc_shown(struct db_conn *c, const char *code, const uint8_t *token_hash, int64_t now,
                    json_t **out) MUST_CHECK;

/* Deletes an organisation's sign-ins that are over. */
extern const struct job_kind oidc_expire;

#endif
