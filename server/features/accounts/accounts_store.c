#include "features/accounts/accounts_store.h"
#include "db/query.h"
#include "features/accounts/entry_store.h"
#include "features/accounts/letter_store.h"
#include <stdio.h>
#include <string.h>

enum err accounts_logins(struct db_conn *c, const char *email,
                         struct account_login out[static SIGN_IN_ACCOUNTS], int *n)
{
    struct db_result *r =
        db_query(c,
                 "SELECT a.id, a.password_hash FROM account a"
                 " WHERE a.email = $1 AND a.disabled_at IS NULL AND a.password_hash IS NOT NULL"
                 " ORDER BY (SELECT max(created_at) FROM sign_in s WHERE s.account_id = a.id)"
                 "          DESC NULLS LAST, a.id LIMIT $2",
                 "si", email, (int64_t)SIGN_IN_ACCOUNTS);
    enum err err = db_err(r);
    *n = err == ERR_OK ? db_rows(r) : 0;
    for (int i = 0; i < *n; i++) {
        out[i].account = db_id(r, i, 0);
        snprintf(out[i].password_hash, sizeof out[i].password_hash, "%s", db_text(r, i, 1));
    }
    db_result_free(r);
    return err;
}

enum err accounts_sign_in(struct db_conn *c, const struct id *account, const char *via,
                          const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                          struct entrance *out)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = account_enter(c, account, via, token, now, out);
    return db_end(c, err);
}

enum err accounts_new_browser(struct db_conn *c, const struct deed *deed,
                              const struct identity *who, const char *address)
{
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    err = db_found(c, "SELECT 1 FROM sign_in WHERE account_id = $1 AND id <> $2 LIMIT 1", "uu",
                   &who->person, &who->sign_in);
    if (err == ERR_OK)
        err = account_notify(c, deed, who, LETTER_NEW_BROWSER, address);
    if (err == ERR_OK)
        err = audit_write(c, who, deed->now, "account.new_browser", "account", &who->person, NULL);
    return db_end(c, err == ERR_NOT_FOUND ? ERR_OK : err);
}

enum err accounts_sign_ins(struct db_conn *c, const struct identity *who, int64_t now,
                           json_t **items)
{
    return db_read_json(c, items,
                        "SELECT coalesce(jsonb_agg(jsonb_build_object('id', sign_in_id, 'via', via,"
                        "  'created_at', json_time(created_at), 'seen_at', json_time(seen_at),"
                        "  'current', sign_in_id = $2) ORDER BY seen_at DESC, sign_in_id), '[]')"
                        "  FROM (SELECT * FROM signed_in WHERE account_id = $1"
                        "   AND expires_at > $3 ORDER BY seen_at DESC LIMIT 100) s",
                        "uut", &who->person, &who->sign_in, now);
}

enum err accounts_end_sign_in(struct db_conn *c, const struct identity *who,
                              const struct id *sign_in, int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_found(c,
                       "UPDATE sign_in SET revoked_at = $3 WHERE id = $1 AND account_id = $2"
                       "   AND revoked_at IS NULL RETURNING 1",
                       "uut", sign_in, &who->person, now);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "account.end_sign_in", "account", &who->person, NULL);
    return db_end(c, err);
}

enum err accounts_sign_out(struct db_conn *c, const struct identity *who, int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_exec(c, "UPDATE sign_in SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
                      "ut", &who->sign_in, now);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "account.sign_out",
                          who->roles & ROLE_HCP ? "registration" : "account", &who->person, NULL);
    return db_end(c, err);
}

enum err accounts_me(struct db_conn *c, const struct identity *who, int64_t now, json_t **out)
{
    struct db_result *r = who->roles & ROLE_HCP
                              ? db_query(c,
                                         "SELECT jsonb_build_object('kind', 'hcp', 'registration',"
                                         "       registration_json($1)) WHERE $2::uuid IS NOT NULL",
                                         "uu", &who->person, &who->organisation)
                              : db_query(c, "SELECT staff_me($1, $2, $3)", "uut", &who->person,
                                         &who->organisation, now);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *out = db_json(r, 0, 0);
    db_result_free(r);
    return err;
}

enum err accounts_change_me(struct db_conn *c, const struct identity *who, const char *name,
                            const char *language, int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE account SET name = coalesce($3, name),"
                      "       language = coalesce($4, language)"
                      " WHERE id = $1 AND organisation_id = $2",
                      "uuss", &who->person, &who->organisation, name, language);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "account.change", "account", &who->person,
                          json_pack("{s:b,s:s?}", "name", name != NULL, "language", language));
    return db_end(c, err);
}
