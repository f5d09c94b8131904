/* One-time links of accounts: made, mailed, used up. */
#include "db/query.h"
#include "features/accounts/accounts_store.h"
#include "mail/mail.h"
#include <stdio.h>

#define MAILS_PER_ADDRESS 5

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
    return account_write_mail(c, (enum account_letter)link->purpose, &link->organisation,
                              &link->account, url, now);
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
        err = account_spend_links(c, &account, now);
        if (err == ERR_OK)
            err = account_open_sign_in(c, &account, link_purpose_via(*purpose), token, now, who);
    }
    db_result_free(r);
    return db_end(c, err);
}
