/* What the provider said of whoever fills a form in: the feature oidc keeps it for half an hour,
 * under the hash of the browser's cookie (provider_sign_in). */
#include "db/query.h"
#include "features/registration/registration_store.h"

enum err provider_take(struct db_conn *c, const char *code, const uint8_t *token_hash, int64_t now,
                       json_t **said)
{
    return db_read_json(c, said,
                        "DELETE FROM provider_sign_in p USING registration_link l"
                        " WHERE l.id = p.link_id AND l.code = $1 AND p.token_hash = $2"
                        "   AND p.claims IS NOT NULL AND p.expires_at > $3"
                        " RETURNING p.claims - 'email'",
                        "sxt", code, token_hash, (size_t)TOKEN_HASH_SIZE, now);
}

enum err provider_keep(struct db_conn *c, const struct id *hcp, const json_t *said, int64_t now)
{
    return db_exec(c, "SELECT provider_keep($1, $2, $3)", "ujt", hcp, said, now);
}
