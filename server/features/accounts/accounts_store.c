#include "features/accounts/accounts_store.h"
#include "db/query.h"
#include "features/accounts/accounts_mail.h"
#include "mail/mail.h"
#include <stdio.h>
#include <string.h>

#define MAILS_PER_ADDRESS 5

enum err accounts_logins(struct db_conn *c, const char *email, int64_t now,
                         struct account_login out[static SIGN_IN_TRIES], int *n)
{
    struct db_result *r =
        db_query(c,
                 "SELECT a.id, CASE WHEN a.failures < $2 OR a.failures_since < $3"
                 "                  THEN a.password_hash ELSE '' END"
                 "  FROM account a WHERE a.email = $1 AND a.disabled_at IS NULL"
                 "   AND a.password_hash IS NOT NULL"
                 " ORDER BY (SELECT max(created_at) FROM sign_in s WHERE s.account_id = a.id)"
                 "          DESC NULLS LAST, a.id LIMIT $4",
                 "siti", email, (int64_t)PASSWORD_FAILURES_MAX, now - PASSWORD_FAILURES_US,
                 (int64_t)SIGN_IN_TRIES);
    enum err err = db_err(r);
    *n = err == ERR_OK ? db_rows(r) : 0;
    for (int i = 0; i < *n; i++) {
        out[i].account = db_id(r, i, 0);
        snprintf(out[i].password_hash, sizeof out[i].password_hash, "%s", db_text(r, i, 1));
    }
    db_result_free(r);
    return err;
}

/* An unknown address costs the log flush of a known one, as in spend_a_commit(). */
enum err accounts_login_failed(struct db_conn *c, const char *email, int64_t now)
{
    return db_exec(c,
                   "WITH counted AS (UPDATE account SET"
                   "  failures = CASE WHEN failures_since < $3 OR failures_since IS NULL THEN 1"
                   "                  ELSE least(failures + 1, 1000) END,"
                   "  failures_since = CASE WHEN failures_since < $3 OR failures_since IS NULL"
                   "                        THEN $2 ELSE failures_since END"
                   " WHERE email = $1 RETURNING 1)"
                   " SELECT pg_logical_emit_message(true, 'amphi', '.')"
                   "  WHERE NOT EXISTS (SELECT 1 FROM counted)",
                   "stt", email, now, now - PASSWORD_FAILURES_US);
}

/* Inside a transaction. */
static enum err open_sign_in(struct db_conn *c, const struct id *account, const char *via,
                             const uint8_t *token, int64_t now, struct identity *who)
{
    struct db_result *r = db_query(
        c,
        "INSERT INTO sign_in (token_hash, organisation_id, account_id, created_at, expires_at, via)"
        " SELECT $2, organisation_id, id, $3, $4, $5 FROM account"
        "  WHERE id = $1 AND disabled_at IS NULL RETURNING id, organisation_id",
        "uxtts", account, token, (size_t)TOKEN_HASH_SIZE, now, now + STAFF_SIGN_IN_S * US_PER_S,
        via);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *who = (struct identity){.roles = ROLE_STAFF,
                                 .sign_in = db_id(r, 0, 0),
                                 .organisation = db_id(r, 0, 1),
                                 .person = *account};
    db_result_free(r);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "account.sign_in", "account", account,
                          json_pack("{s:s}", "via", via));
    return err;
}

enum err accounts_sign_in(struct db_conn *c, const struct id *account, const char *via,
                          const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                          struct identity *who)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = open_sign_in(c, account, via, token, now, who);
    if (err == ERR_OK)
        err = db_exec(c, "UPDATE account SET failures = 0, failures_since = NULL WHERE id = $1",
                      "u", account);
    return db_end(c, err);
}

enum err account_link_new(struct db_conn *c, const struct account_link *link, int64_t now,
                          char url[static ACCOUNTS_LINK_SIZE])
{
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    token_new(token, hash);
    int len = snprintf(url, ACCOUNTS_LINK_SIZE, "%s/sign-in#%s", link->base_url, token);
    if (len >= ACCOUNTS_LINK_SIZE)
        return ERR_INVALID;
    struct db_result *r = db_query(
        c,
        "INSERT INTO one_time_link (token_hash, organisation_id, purpose, account_id, created_at,"
        "                           expires_at)"
        " SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM one_time_link"
        "   WHERE account_id = $4 AND created_at > $7) < $8 RETURNING 1",
        "xusuttti", hash, (size_t)TOKEN_HASH_SIZE, &link->organisation,
        link_purpose_word(link->purpose), &link->account, now,
        now + link_lifetime_us(link->purpose), now - 3600 * US_PER_S, (int64_t)LINKS_PER_HOUR);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 0)
        err = ERR_RATE;
    db_result_free(r);
    return err;
}

enum err account_link_mail(struct db_conn *c, const struct account_link *link, int64_t now)
{
    char url[ACCOUNTS_LINK_SIZE];
    enum err err = account_link_new(c, link, now, url);
    if (err != ERR_OK)
        return err;
    struct db_result *r = db_query(c,
                                   "SELECT a.email, a.name, a.language, o.name FROM account a"
                                   "  JOIN organisation o ON o.id = a.organisation_id"
                                   " WHERE a.id = $1 AND a.organisation_id = $2",
                                   "uu", &link->account, &link->organisation);
    err = db_one(r);
    if (err == ERR_OK)
        err = account_mail_queue(c,
                                 &(struct account_mail){.purpose = link->purpose,
                                                        .organisation = link->organisation,
                                                        .to = db_text(r, 0, 0),
                                                        .name = db_text(r, 0, 1),
                                                        .language = db_text(r, 0, 2),
                                                        .organisation_name = db_text(r, 0, 3),
                                                        .url = url},
                                 now);
    db_result_free(r);
    return err;
}

static enum err mail_links(struct db_conn *c, const struct db_result *accounts,
                           enum link_purpose purpose, const char *base_url, int64_t now)
{
    int mailed = 0;
    for (int i = 0; i < db_rows(accounts); i++) {
        struct account_link link = {.organisation = db_id(accounts, i, 1),
                                    .account = db_id(accounts, i, 0),
                                    .purpose = purpose,
                                    .base_url = base_url};
        enum err err = account_link_mail(c, &link, now);
        if (err == ERR_RATE)
            continue;
        if (err != ERR_OK)
            return err;
        struct identity who = {.organisation = link.organisation, .person = link.account};
        err = audit_write(c, &who, now, "account.link", "account", &link.account,
                          json_pack("{s:s}", "purpose", link_purpose_word(purpose)));
        if (err != ERR_OK)
            return err;
        mailed++;
    }
    return mailed ? ERR_OK : mail_spend(c);
}

enum err accounts_mail_links(struct db_conn *c, const char *email, enum link_purpose purpose,
                             const char *base_url, int64_t now)
{
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    struct db_result *r =
        db_query(c,
                 "SELECT id, organisation_id FROM account WHERE email = $1 AND disabled_at IS NULL"
                 " ORDER BY created_at, id LIMIT $2",
                 "si", email, (int64_t)MAILS_PER_ADDRESS);
    err = db_err(r);
    if (err == ERR_OK)
        err = mail_links(c, r, purpose, base_url, now);
    db_result_free(r);
    return db_end(c, err);
}

/* Why a link did not work: used, or anything else. */
static enum err link_refusal(struct db_conn *c, const uint8_t *link)
{
    enum err err = db_found(c,
                            "SELECT 1 FROM one_time_link WHERE token_hash = $1"
                            "   AND account_id IS NOT NULL AND used_at IS NOT NULL",
                            "x", link, (size_t)TOKEN_HASH_SIZE);
    return err == ERR_OK ? ERR_CONFLICT : err;
}

enum err accounts_use_link(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                           const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                           enum link_purpose *purpose, struct identity *who)
{
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    struct db_result *r =
        db_query(c,
                 "UPDATE one_time_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL"
                 "   AND expires_at > $2 AND account_id IS NOT NULL RETURNING account_id, purpose",
                 "xt", link, (size_t)TOKEN_HASH_SIZE, now);
    err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 0)
        err = link_refusal(c, link);
    else if (err == ERR_OK && !link_purpose_parse(db_text(r, 0, 1), purpose))
        err = ERR_INTERNAL;
    if (err == ERR_OK) {
        struct id account = db_id(r, 0, 0);
        err = open_sign_in(c, &account, link_purpose_via(*purpose), token, now, who);
    }
    db_result_free(r);
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
    struct db_result *r =
        who->roles & ROLE_HCP
            ? db_query(c,
                       "SELECT jsonb_build_object('kind', 'hcp', 'registration',"
                       "       registration_json($1)) WHERE $2::uuid IS NOT NULL",
                       "uu", &who->person, &who->organisation)
            : db_query(c,
                       "SELECT jsonb_build_object('kind', 'staff',"
                       "  'account', jsonb_build_object('id', a.id, 'name', a.name,"
                       "    'email', a.email, 'language', a.language,"
                       "    'has_password', a.password_hash IS NOT NULL,"
                       "    'roles', organisation_roles(a.id, $3)),"
                       "  'organisation', jsonb_build_object('id', o.id, 'name', o.name))"
                       "  FROM account a JOIN organisation o ON o.id = a.organisation_id"
                       " WHERE a.id = $1 AND a.organisation_id = $2",
                       "uut", &who->person, &who->organisation, now);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 0)
        err = ERR_NOT_FOUND;
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

enum err accounts_password(struct db_conn *c, const struct identity *who, int64_t now,
                           char hash[static PASSWORD_HASH_SIZE], bool *free_to_set)
{
    struct db_result *r =
        db_query(c,
                 "SELECT coalesce(a.password_hash, ''), a.password_hash IS NULL OR"
                 "       (s.via IN ('invite', 'password_link') AND s.created_at > $4)"
                 "  FROM account a JOIN sign_in s ON s.account_id = a.id AND s.id = $3"
                 " WHERE a.id = $1 AND a.organisation_id = $2",
                 "uuut", &who->person, &who->organisation, &who->sign_in, now - PASSWORD_FREE_US);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        snprintf(hash, PASSWORD_HASH_SIZE, "%s", db_text(r, 0, 0));
        *free_to_set = db_bool(r, 0, 1);
    }
    db_result_free(r);
    return err;
}

/* Inside a transaction. */
static enum err end_other_sign_ins(struct db_conn *c, const struct identity *who, int64_t now,
                                   struct id *ended, int *n)
{
    struct db_result *r =
        db_query(c,
                 "WITH ended AS (UPDATE sign_in SET revoked_at = $3 WHERE account_id = $1"
                 "   AND id <> $2 AND revoked_at IS NULL RETURNING id, created_at, expires_at)"
                 " SELECT id FROM ended WHERE expires_at > $3 ORDER BY created_at DESC LIMIT $4",
                 "uuti", &who->person, &who->sign_in, now, (int64_t)SIGN_INS_ENDED);
    enum err err = db_err(r);
    *n = err == ERR_OK ? db_rows(r) : 0;
    for (int i = 0; i < *n; i++)
        ended[i] = db_id(r, i, 0);
    db_result_free(r);
    return err;
}

enum err accounts_set_password(struct db_conn *c, const struct identity *who, const char *hash,
                               int64_t now, struct id ended[static SIGN_INS_ENDED], int *n)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE account SET password_hash = $3, failures = 0, failures_since = NULL"
                      " WHERE id = $1 AND organisation_id = $2",
                      "uus", &who->person, &who->organisation, hash);
    if (err == ERR_OK)
        err = end_other_sign_ins(c, who, now, ended, n);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE one_time_link SET used_at = $2 WHERE account_id = $1"
                      "   AND purpose = 'password' AND used_at IS NULL",
                      "ut", &who->person, now);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "account.password", "account", &who->person, NULL);
    return db_end(c, err);
}
