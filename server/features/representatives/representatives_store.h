/* Representatives in the database. Worker thread; each function is its own transaction. */
#ifndef AMPHI_FEATURES_REPRESENTATIVES_STORE_H
#define AMPHI_FEATURES_REPRESENTATIVES_STORE_H

#include "base/identity.h"
#include "db/db.h"
#include <jansson.h>

struct representative_new {
    const char *name, *email, *language, *label;
    const char *base_url;
};

/* Those of a congress, by name. */
enum err representatives_list(struct db_conn *c, const struct identity *who,
                              const struct id *congress, json_t **items) MUST_CHECK;
/* Makes their link and mails them the secret of their page. ERR_CONFLICT: the congress has a link
 * of this label; ERR_TOO_LARGE: as many links as it can have. */
enum err representatives_add(struct db_conn *c, const struct identity *who,
                             const struct id *congress, const struct representative_new *wanted,
                             int64_t now, json_t **out) MUST_CHECK;
/* Mails a new secret; the one before is good no more. ERR_NOT_FOUND: the link has no representative
 * with access; ERR_RATE: they had one within the last minute. */
enum err representatives_send(struct db_conn *c, const struct identity *who, const struct id *link,
                              const char *base_url, int64_t now) MUST_CHECK;
/* Ends the access. ERR_NOT_FOUND: there is none. */
enum err representatives_end(struct db_conn *c, const struct identity *who, const struct id *link,
                             int64_t now) MUST_CHECK;
/* The link whose secret it is, with its organisation. ERR_NOT_FOUND: nobody's. */
enum err representatives_of_secret(struct db_conn *c, const uint8_t secret[static TOKEN_HASH_SIZE],
                                   struct id *link, struct id *organisation) MUST_CHECK;
/* Their page as openapi.yaml has it; audited. */
enum err representatives_page(struct db_conn *c, const struct id *link,
                              const struct id *organisation, const char *base_url, int64_t now,
                              json_t **out) MUST_CHECK;

#endif
