/* One-time links of accounts: made, mailed, used up. */
#include "db/query.h"
#include "features/accounts/accounts_store.h"
#include "features/accounts/letter_store.h"
#include "jobs/jobs.h"
#include <stdio.h>

#define MAILS_PER_ADDRESS 5

/* Its links are counted one maker at a time. */
static enum err lock_account(struct db_conn *c, const struct id *account)
{
    return db_exec(c, "SELECT 1 FROM account WHERE id = $1 FOR NO KEY UPDATE", "u", account);
}

static enum err insert_link(struct db_conn *c, const struct account_link *link,
                            const uint8_t hash[static TOKEN_HASH_SIZE], int64_t now)
{
    struct db_result *r = db_query(
        c,
        "INSERT INTO one_time_link (token_hash, organisation_id, purpose, account_id, created_at,"
        "                           expires_at)"
        " SELECT $1, $2, $3, $4, $5, $6 WHERE $9 OR (SELECT count(*) FROM one_time_link"
        "   WHERE account_id = $4 AND created_at > $7"
        "     AND (purpose = 'invite') = ($3 = 'invite')) < $8 RETURNING 1",
        "xusutttib", hash, (size_t)TOKEN_HASH_SIZE, &link->organisation,
        link_purpose_word(link->purpose), &link->account, now,
        now + link_lifetime_us(link->purpose), now - 3600 * US_PER_S,
        (int64_t)(link->purpose == LINK_INVITE ? INVITES_PER_HOUR : LINKS_PER_HOUR), link->known);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 0)
        err = ERR_RATE;
    db_result_free(r);
    return err;
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
    enum err err = lock_account(c, &link->account);
    return err == ERR_OK ? insert_link(c, link, hash, now) : err;
}

enum err account_link_mail(struct db_conn *c, const struct account_link *link, int64_t now)
{
    char url[ACCOUNTS_LINK_SIZE];
    enum err err = account_link_new(c, link, now, url);
    if (err != ERR_OK)
        return err;
    return account_write_mail(
        c,
        &(struct account_letter_to){.letter = (enum account_letter)link->purpose,
                                    .organisation = link->organisation,
                                    .account = link->account,
                                    .url = url},
        now);
}

enum err accounts_ask_link(struct db_conn *c, const struct link_wish *wish, int64_t now)
{
    static const struct id nobody;
    struct id id = id_random();
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err =
            db_exec(c,
                    "INSERT INTO link_request (id, address_hash, purpose, known, created_at)"
                    " VALUES ($1, sha256($2::text::bytea), $3, $4, $5)",
                    "ussbt", &id, wish->email, link_purpose_word(wish->purpose), wish->known, now);
    if (err == ERR_OK)
        err = job_add(c, &account_link_job, &nobody, &id, now);
    return db_end(c, err);
}

/* Of one account; what there are too many of is passed over. */
static enum err mail_link(struct db_conn *c, const struct account_link *link, int64_t now)
{
    enum err err = account_link_mail(c, link, now);
    if (err == ERR_RATE)
        return ERR_OK;
    struct identity who = {.organisation = link->organisation, .person = link->account};
    return err != ERR_OK
               ? err
               : audit_write(c, &who, now, "account.link", "account", &link->account,
                             json_pack("{s:s}", "purpose", link_purpose_word(link->purpose)));
}

static enum err mail_links(struct db_conn *c, const struct db_result *accounts,
                           const char *base_url, int64_t now)
{
    enum err err = ERR_OK;
    for (int i = 0; err == ERR_OK && i < db_rows(accounts); i++) {
        struct account_link link = {.account = db_id(accounts, i, 0),
                                    .organisation = db_id(accounts, i, 1),
                                    .known = db_bool(accounts, i, 3),
                                    .base_url = base_url};
        if (link_purpose_parse(db_text(accounts, i, 2), &link.purpose))
            err = mail_link(c, &link, now);
    }
    return err;
}

/* Deleting the wish is what makes a second call harmless. */
enum err accounts_mail_links(struct db_conn *c, const struct id *wish, const char *base_url,
                             int64_t now)
{
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    struct db_result *r =
        db_query(c,
                 "WITH wish AS (DELETE FROM link_request WHERE id = $1 RETURNING *)"
                 " SELECT a.id, a.organisation_id, wish.purpose, wish.known"
                 "  FROM wish JOIN account a ON sha256(a.email::bytea) = wish.address_hash AND "
                 "a.disabled_at IS NULL"
                 " ORDER BY a.created_at, a.id LIMIT $2",
                 "ui", wish, (int64_t)MAILS_PER_ADDRESS);
    err = db_err(r);
    if (err == ERR_OK)
        err = mail_links(c, r, base_url, now);
    db_result_free(r);
    return db_end(c, err);
}

enum err accounts_forget_wish(struct db_conn *c, const struct id *wish)
{
    return db_exec(c, "DELETE FROM link_request WHERE id = $1", "u", wish);
}

enum err account_spend_links(struct db_conn *c, const struct id *account, int64_t now)
{
    return db_exec(
        c, "UPDATE one_time_link SET used_at = $2 WHERE account_id = $1 AND used_at IS NULL", "ut",
        account, now);
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
                           enum link_purpose *purpose, struct entrance *out)
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
        err = account_spend_links(c, &account, now);
        if (err == ERR_OK)
            err = account_enter(c, &account, link_purpose_via(*purpose), token, now, out);
    }
    db_result_free(r);
    return db_end(c, err);
}
