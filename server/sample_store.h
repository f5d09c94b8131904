/* SQL of the sample data. */
#ifndef AMPHI_SAMPLE_STORE_H
#define AMPHI_SAMPLE_STORE_H

#include "crypto/crypto.h"
#include "db/query.h"

/* Whether this database has the sample, and whose it is. */
enum err sample_find(struct db_conn *c, bool *loaded, struct id *organisation) MUST_CHECK;
/* Everything, in one transaction. */
enum err sample_write(struct db_conn *c, int64_t now, struct id *organisation) MUST_CHECK;

/* The statements of sample_write(), in order, NULL-terminated; $1 organisation, $2 now. */
extern const char *const sample_people[], *const sample_past[];

/* The deck of the session that is to come, to be rendered when slides start. */
enum err sample_add_deck(struct db_conn *c, const struct id *organisation, const char *file_name,
                         const uint8_t hash[static TOKEN_HASH_SIZE], int64_t bytes,
                         int64_t now) MUST_CHECK;

/* New links; *found false when there is nobody. */
enum err sample_sign_in_link(struct db_conn *c, const struct id *organisation, const char *role,
                             const uint8_t hash[static TOKEN_HASH_SIZE], int64_t now,
                             bool *found) MUST_CHECK;
enum err sample_join_link(struct db_conn *c, const struct id *organisation,
                          const uint8_t hash[static TOKEN_HASH_SIZE], int64_t now,
                          bool *found) MUST_CHECK;

#endif
