/* Where a right password or link leads to: a sign-in, or half of one that waits for the second
 * factor. */
#include "features/accounts/entry_store.h"
#include "db/query.h"
#include "room/change.h"
#include <stdio.h>

enum err account_open_sign_in(struct db_conn *c, const struct id *account, const char *via,
                              const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                              struct identity *who)
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

/* What the account has to do beside what it did. */
#define ENTRY                                                                                      \
    "CASE WHEN account_factors(a.id) <> '{}' THEN 1 WHEN o.second_factor_required THEN 2 ELSE 0 "  \
    "END"

static enum err find_entry(struct db_conn *c, const struct id *account, struct entrance *out)
{
    struct db_result *r = db_query(c,
                                   "SELECT a.organisation_id, " ENTRY " FROM account a"
                                   "  JOIN organisation o ON o.id = a.organisation_id"
                                   " WHERE a.id = $1 AND a.disabled_at IS NULL",
                                   "u", account);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        out->who = (struct identity){
            .roles = ROLE_STAFF, .organisation = db_id(r, 0, 0), .person = *account};
        out->entry = (enum entry)db_int(r, 0, 1);
    }
    db_result_free(r);
    return err;
}

/* Those whose time is over go with it. */
static enum err open_half(struct db_conn *c, const struct identity *who, const char *via,
                          const uint8_t token[static TOKEN_HASH_SIZE], int64_t now)
{
    enum err err = db_exec(c, "DELETE FROM half_sign_in WHERE expires_at <= $1", "t", now);
    if (err != ERR_OK)
        return err;
    return db_exec(c,
                   "INSERT INTO half_sign_in (token_hash, organisation_id, account_id, via,"
                   "                          created_at, expires_at)"
                   " VALUES ($1, $2, $3, $4, $5, $6)",
                   "xuustt", token, (size_t)TOKEN_HASH_SIZE, &who->organisation, &who->person, via,
                   now, now + HALF_SIGN_IN_S * US_PER_S);
}

enum err account_enter(struct db_conn *c, const struct id *account, const char *via,
                       const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                       struct entrance *out)
{
    enum err err = find_entry(c, account, out);
    if (err != ERR_OK)
        return err;
    if (out->entry == ENTRY_OPEN)
        return account_open_sign_in(c, account, via, token, now, &out->who);
    return open_half(c, &out->who, via, token, now);
}

enum err half_find(struct db_conn *c, const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                   struct half *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT a.organisation_id, a.id, h.via, " ENTRY " FROM half_sign_in h"
                 "  JOIN account a ON a.id = h.account_id AND a.disabled_at IS NULL"
                 "  JOIN organisation o ON o.id = a.organisation_id"
                 " WHERE h.token_hash = $1 AND h.expires_at > $2 FOR UPDATE OF h",
                 "xt", token, (size_t)TOKEN_HASH_SIZE, now);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        out->who = (struct identity){
            .roles = ROLE_STAFF, .organisation = db_id(r, 0, 0), .person = db_id(r, 0, 1)};
        snprintf(out->via, sizeof out->via, "%s", db_text(r, 0, 2));
        /* Whoever needs nothing more meanwhile sets up what was asked for. */
        out->entry = db_int(r, 0, 3) == ENTRY_CODE ? ENTRY_CODE : ENTRY_SET_UP;
    }
    db_result_free(r);
    return err;
}

enum err half_show(struct db_conn *c, const struct half *half, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT jsonb_build_object('needs', $2::text, 'ways',"
                        "  account_factors($1) || ARRAY(SELECT 'recovery' WHERE EXISTS"
                        "    (SELECT 1 FROM recovery_code WHERE account_id = $1"
                        "        AND used_at IS NULL)))",
                        "us", &half->who.person, half->entry == ENTRY_CODE ? "code" : "set_up");
}

enum err half_drop(struct db_conn *c, const uint8_t token[static TOKEN_HASH_SIZE])
{
    return db_exec(c, "DELETE FROM half_sign_in WHERE token_hash = $1", "x", token,
                   (size_t)TOKEN_HASH_SIZE);
}

enum err half_drop_all(struct db_conn *c, const struct id *account)
{
    return db_exec(c, "DELETE FROM half_sign_in WHERE account_id = $1", "u", account);
}
