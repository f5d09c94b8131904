#include "features/representatives/representatives_store.h"
#include "crypto/crypto.h"
#include "db/query.h"
#include "features/representatives/representatives_mail.h"
#include "mail/accent.h"
#include "room/change.h"
#include <stdio.h>

#define LINKS_MAX   200 /* as links_store.c */
#define PEOPLE_MAX  1000
#define URL_SIZE    512
#define AGAIN_AFTER (60 * US_PER_S)

#define REPRESENTATIVE_JSON                                                                        \
    "jsonb_build_object('link', t.link_id, 'name', t.name, 'email', t.email,"                      \
    " 'language', t.language, 'sent_at', json_time(t.sent_at),"                                    \
    " 'seen_at', json_time(t.seen_at), 'ended_at', json_time(t.ended_at))"

enum err representatives_list(struct db_conn *c, const struct identity *who,
                              const struct id *congress, json_t **items)
{
    return db_read_json(c, items,
                        "SELECT coalesce(jsonb_agg(" REPRESENTATIVE_JSON
                        "   ORDER BY t.name, t.link_id), '[]')"
                        "  FROM representative t JOIN registration_link l ON l.id = t.link_id"
                        " WHERE l.congress_id = $2 AND t.organisation_id = $1",
                        "uu", &who->organisation, congress);
}

/* --- the secret --- */

struct secret {
    char text[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
};

static enum err mail_secret(struct db_conn *c, const struct id *link, const struct secret *secret,
                            const char *base_url, int64_t now)
{
    char page[URL_SIZE], url[URL_SIZE];
    struct db_result *r =
        db_query(c,
                 "SELECT o.id, o.name, " ACCENT_SQL ", t.name, t.email, t.language, g.title, l.code"
                 "  FROM representative t JOIN registration_link l ON l.id = t.link_id"
                 "  JOIN congress g ON g.id = l.congress_id"
                 "  JOIN organisation o ON o.id = t.organisation_id WHERE l.id = $1",
                 "u", link);
    enum err err = db_one(r);
    if (err == ERR_OK &&
        (snprintf(page, sizeof page, "%s/representative#%s", base_url, secret->text) >= URL_SIZE ||
         snprintf(url, sizeof url, "%s/r/%s", base_url, db_text(r, 0, 7)) >= URL_SIZE))
        err = ERR_INTERNAL;
    if (err == ERR_OK)
        err = representative_mail_queue(c,
                                        &(struct representative_mail){
                                            .organisation = db_id(r, 0, 0),
                                            .organisation_name = db_text(r, 0, 1),
                                            .accent = db_text(r, 0, 2),
                                            .name = db_text(r, 0, 3),
                                            .to = db_text(r, 0, 4),
                                            .language = db_text(r, 0, 5),
                                            .congress = db_text(r, 0, 6),
                                            .page = page,
                                            .link = url,
                                        },
                                        now);
    db_result_free(r);
    return err;
}

static enum err audit_link(struct db_conn *c, const struct identity *who, const char *action,
                           const struct id *link, int64_t now)
{
    return audit_write(c, who, now, action, "registration_link", link, NULL);
}

/* --- adding --- */

static enum err insert(struct db_conn *c, const struct id *congress,
                       const struct representative_new *wanted, const struct secret *secret,
                       int64_t now, struct id *link)
{
    enum err err =
        db_read_id(c, link, "SELECT representative_add($1, $2, $3, $4, $5, $6, $7::int, $8)",
                   "ussssxit", congress, wanted->name, wanted->email, wanted->language,
                   wanted->label, secret->hash, (size_t)TOKEN_HASH_SIZE, (int64_t)LINKS_MAX, now);
    return err == ERR_NOT_FOUND ? ERR_TOO_LARGE : err;
}

enum err representatives_add(struct db_conn *c, const struct identity *who,
                             const struct id *congress, const struct representative_new *wanted,
                             int64_t now, json_t **out)
{
    struct secret secret;
    struct id link;
    json_t *added = NULL;
    token_new(secret.text, secret.hash);
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = congress_lock(c, who, congress);
    if (err == ERR_OK)
        err = insert(c, congress, wanted, &secret, now, &link);
    if (err == ERR_OK)
        err = mail_secret(c, &link, &secret, wanted->base_url, now);
    if (err == ERR_OK)
        err = audit_link(c, who, "representative.create", &link, now);
    if (err == ERR_OK)
        err = db_read_json(
            c, &added, "SELECT " REPRESENTATIVE_JSON " FROM representative t WHERE link_id = $1",
            "u", &link);
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = added;
    else
        json_decref(added);
    return err;
}

/* --- what becomes of the access --- */

static enum err replace_secret(struct db_conn *c, const struct identity *who, const struct id *link,
                               const struct secret *secret, int64_t now)
{
    int64_t again = 0;
    enum err err = db_read_int(c, &again,
                               "SELECT (sent_at > $3)::int FROM representative"
                               " WHERE link_id = $1 AND organisation_id = $2 AND ended_at IS NULL"
                               "   FOR UPDATE",
                               "uut", link, &who->organisation, now - AGAIN_AFTER);
    if (err == ERR_OK && again)
        err = ERR_RATE;
    return err ? err
               : db_exec(c,
                         "UPDATE representative SET secret_hash = $2, sent_at = $3"
                         " WHERE link_id = $1",
                         "uxt", link, secret->hash, (size_t)TOKEN_HASH_SIZE, now);
}

enum err representatives_send(struct db_conn *c, const struct identity *who, const struct id *link,
                              const char *base_url, int64_t now)
{
    struct secret secret;
    token_new(secret.text, secret.hash);
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = replace_secret(c, who, link, &secret, now);
    if (err == ERR_OK)
        err = mail_secret(c, link, &secret, base_url, now);
    if (err == ERR_OK)
        err = audit_link(c, who, "representative.send", link, now);
    return db_end(c, err);
}

enum err representatives_end(struct db_conn *c, const struct identity *who, const struct id *link,
                             int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_found(c,
                       "UPDATE representative SET secret_hash = NULL, email = NULL, ended_at = $3"
                       " WHERE link_id = $1 AND organisation_id = $2 AND ended_at IS NULL"
                       " RETURNING 1",
                       "uut", link, &who->organisation, now);
    if (err == ERR_OK)
        err = audit_link(c, who, "representative.end", link, now);
    return db_end(c, err);
}

/* --- their page --- */

enum err representatives_of_secret(struct db_conn *c, const uint8_t secret[static TOKEN_HASH_SIZE],
                                   struct id *link, struct id *organisation)
{
    struct db_result *r =
        db_query(c, "SELECT link_id, organisation_id FROM representative WHERE secret_hash = $1",
                 "x", secret, (size_t)TOKEN_HASH_SIZE);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        *link = db_id(r, 0, 0);
        *organisation = db_id(r, 0, 1);
    }
    db_result_free(r);
    return err;
}

enum err representatives_page(struct db_conn *c, const struct id *link,
                              const struct id *organisation, const char *base_url, int64_t now,
                              json_t **out)
{
    json_t *page = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_found(c,
                       "UPDATE representative SET seen_at = $3"
                       " WHERE link_id = $1 AND organisation_id = $2 AND ended_at IS NULL"
                       " RETURNING 1",
                       "uut", link, organisation, now);
    if (err == ERR_OK)
        err = db_read_json(c, &page, "SELECT representative_page($1, $2, $3::int)", "usi", link,
                           base_url, (int64_t)PEOPLE_MAX);
    if (err == ERR_OK)
        err = db_exec(c,
                      "SELECT audit($1, $2, 'system', NULL, 'representative.read',"
                      " 'registration_link', $3, jsonb_build_object('people', $4::bigint))",
                      "utui", organisation, now, link,
                      (int64_t)json_array_size(json_object_get(page, "people")));
    err = db_end(c, err);
    if (err == ERR_OK)
        *out = page;
    else
        json_decref(page);
    return err;
}
