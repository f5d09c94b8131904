/* Setting a password, and what it ends. */
#include "db/query.h"
#include "features/accounts/accounts_store.h"
#include "features/accounts/letter_store.h"
#include <stdio.h>

enum err accounts_password(struct db_conn *c, const struct identity *who, int64_t now,
                           struct own_password *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT coalesce(a.password_hash, ''), a.password_hash IS NULL OR"
                 "       (s.via IN ('invite', 'password_link') AND s.created_at > $4 AND"
                 "        s.created_at > coalesce(a.password_set_at, '-infinity')),"
                 "       coalesce((SELECT o.password_hash FROM account o WHERE o.email = a.email"
                 "         AND o.id <> a.id AND o.password_hash IS NOT NULL"
                 "         AND o.disabled_at IS NULL ORDER BY o.id LIMIT 1), ''), a.email"
                 "  FROM account a JOIN sign_in s ON s.account_id = a.id AND s.id = $3"
                 " WHERE a.id = $1 AND a.organisation_id = $2",
                 "uuut", &who->person, &who->organisation, &who->sign_in, now - PASSWORD_FREE_US);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        snprintf(out->hash, sizeof out->hash, "%s", db_text(r, 0, 0));
        snprintf(out->beside, sizeof out->beside, "%s", db_text(r, 0, 2));
        snprintf(out->email, sizeof out->email, "%s", db_text(r, 0, 3));
        out->free_to_set = db_bool(r, 0, 1);
    }
    db_result_free(r);
    return err;
}

/* Inside a transaction. */
static enum err end_other_sign_ins(struct db_conn *c, const struct identity *who, int64_t now,
                                   json_t **ended)
{
    return db_read_json(c, ended,
                        "WITH ended AS (UPDATE sign_in SET revoked_at = $3 WHERE account_id = $1"
                        "   AND id <> $2 AND revoked_at IS NULL RETURNING id, expires_at)"
                        " SELECT coalesce(jsonb_agg(id), '[]') FROM ended WHERE expires_at > $3",
                        "uut", &who->person, &who->sign_in, now);
}

/* The password, and whether it is the account's first one. */
static enum err write_password(struct db_conn *c, const struct identity *who, const char *hash,
                               int64_t now, bool *first)
{
    struct db_result *r =
        db_query(c,
                 "WITH old AS (SELECT id, password_hash IS NULL AS first FROM account"
                 "              WHERE id = $1 AND organisation_id = $2 FOR NO KEY UPDATE)"
                 " UPDATE account a SET password_hash = $3, password_set_at = $4"
                 "  FROM old WHERE a.id = old.id RETURNING old.first",
                 "uust", &who->person, &who->organisation, hash, now);
    enum err err = db_one(r);
    *first = err == ERR_OK && db_bool(r, 0, 0);
    db_result_free(r);
    return err;
}

static enum err tell_owner(struct db_conn *c, const struct identity *who, bool first,
                           const char *base_url, int64_t now)
{
    struct deed deed = {.base_url = base_url, .now = now};
    return account_notify(c, &deed, who, first ? LETTER_PASSWORD_CHOSEN : LETTER_PASSWORD_CHANGED,
                          NULL);
}

enum err accounts_set_password(struct db_conn *c, const struct identity *who,
                               const struct account_password *password, int64_t now, json_t **ended)
{
    bool first = false;
    *ended = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = write_password(c, who, password->hash, now, &first);
    if (err == ERR_OK)
        err = end_other_sign_ins(c, who, now, ended);
    if (err == ERR_OK)
        err = account_spend_links(c, &who->person, now);
    if (err == ERR_OK)
        err = half_drop_all(c, &who->person);
    if (err == ERR_OK)
        err = tell_owner(c, who, first, password->base_url, now);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "account.password", "account", &who->person, NULL);
    err = db_end(c, err);
    if (err != ERR_OK) {
        json_decref(*ended);
        *ended = NULL;
    }
    return err;
}
