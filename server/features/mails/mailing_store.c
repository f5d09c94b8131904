#include "features/mails/mailing_store.h"
#include "crypto/crypto.h"
#include "db/query.h"
#include "features/mails/mailing_mail.h"
#include "mail/accent.h"
#include <stdio.h>
#include <string.h>

#define BATCH    200
#define URL_SIZE 512

/* A mailing while a batch of it is written. */
struct batch {
    const struct id *mailing;
    const char *base_url;
    int64_t now;
    bool farewell, thanks, missed; /* what it is, and which halves of a farewell are wanted */
    struct mailing_mail mail;      /* of the person it is written to */
    struct mail_words words[2][2]; /* by language (French first); of a farewell by attendance */
    char join[URL_SIZE], cancel[URL_SIZE]; /* their new personal link */
};

/* Who moves a session holds its row, and then the mailing's: in this order. */
static enum err lock_mailing(struct db_conn *c, const struct id *mailing)
{
    enum err err = db_found(
        c,
        "SELECT 1 FROM session WHERE id = (SELECT session_id FROM mailing WHERE id = $1) FOR SHARE",
        "u", mailing);
    return err == ERR_OK
               ? db_found(c, "SELECT 1 FROM mailing WHERE id = $1 FOR UPDATE", "u", mailing)
               : err;
}

/* One row a session; none: nothing is to be sent now. */
static struct db_result *query_about(struct db_conn *c, const struct batch *b)
{
    return db_query(
        c,
        "SELECT m.kind, o.id, g.title, g.time_zone, o.name, o.contact_email, " ACCENT_SQL ","
        "       to_char($2::timestamptz AT TIME ZONE zone_here(g.time_zone),"
        "               'YYYY-MM-DD\"T\"HH24:MI'),"
        "       ceil(extract(epoch FROM m.about_at - $2) / 60)::bigint, mailing_until(m), s.id,"
        "       to_char(s.starts_at AT TIME ZONE zone_here(g.time_zone),"
        "               'YYYY-MM-DD\"T\"HH24:MI'),"
        "       s.title, s.listen_at, s.planned_minutes::bigint, (mail_setting_of(g.id)).thanks,"
        "       (mail_setting_of(g.id)).missed"
        "  FROM mailing m JOIN congress g ON g.id = m.congress_id"
        "  JOIN organisation o ON o.id = m.organisation_id"
        " CROSS JOIN LATERAL unnest(mailing_about(m, $2)) WITH ORDINALITY AS about (id, n)"
        "  JOIN session s ON s.id = about.id WHERE m.id = $1 ORDER BY about.n LIMIT $3",
        "uti", b->mailing, b->now, (int64_t)MAILING_SESSIONS_MAX);
}

static void read_about(struct batch *b, const struct db_result *r)
{
    struct mailing_mail *m = &b->mail;
    const char *kind = db_text(r, 0, 0);
    b->farewell = strcmp(kind, "farewell") == 0;
    m->kind = KIND_REMINDER;
    m->days = strcmp(kind, "day") == 0;
    m->organisation = db_id(r, 0, 1);
    m->congress_title = db_text(r, 0, 2);
    m->time_zone = db_text(r, 0, 3);
    m->organisation_name = db_text(r, 0, 4);
    m->contact_email = db_text(r, 0, 5);
    m->organisation_accent = db_text(r, 0, 6);
    m->local_now = db_text(r, 0, 7);
    m->minutes_left = (int)db_int(r, 0, 8);
    m->expires_at = b->farewell ? 0 : db_time(r, 0, 9);
    for (int i = 0; i < db_rows(r) && !b->farewell; i++)
        m->sessions[m->session_count++] =
            (struct mailing_session){.id = db_id(r, i, 10),
                                     .local_start = db_text(r, i, 11),
                                     .title = db_text(r, i, 12),
                                     .listen_at = db_text(r, i, 13),
                                     .planned_minutes = (int)db_int(r, i, 14)};
    b->thanks = db_bool(r, 0, 15);
    b->missed = db_bool(r, 0, 16);
}

static enum err find_words(struct db_conn *c, struct batch *b)
{
    enum err err = ERR_OK;
    for (int english = 0; english < 2 && err == ERR_OK; english++)
        for (int attended = 0; attended < 2 && err == ERR_OK; attended++) {
            enum mail_kind kind = !b->farewell ? KIND_REMINDER
                                  : attended   ? KIND_THANKS
                                               : KIND_MISSED;
            err = words_find(c, &b->mail.organisation, kind, english ? "en" : "fr",
                             &b->words[english][attended]);
        }
    return err;
}

/* A registration's new personal link. */
static enum err new_link(struct db_conn *c, struct batch *b)
{
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    token_new(token, hash);
    if (snprintf(b->join, URL_SIZE, "%s/join#%s", b->base_url, token) >= URL_SIZE ||
        snprintf(b->cancel, URL_SIZE, "%s/cancel#%s", b->base_url, token) >= URL_SIZE)
        return ERR_INTERNAL;
    b->mail.join_url = b->join;
    b->mail.cancel_url = b->cancel;
    return db_exec(c, "SELECT join_link_add($1, $2, $3)", "uxt", &b->mail.registration, hash,
                   (size_t)TOKEN_HASH_SIZE, b->now);
}

/* *mailed: a farewell is not for everybody. */
static enum err write_person(struct db_conn *c, struct batch *b, const struct db_result *people,
                             int row, bool *mailed)
{
    struct mailing_mail *m = &b->mail;
    bool attended = db_bool(people, row, 5);
    *mailed = !b->farewell || (attended ? b->thanks : b->missed);
    if (!*mailed)
        return ERR_OK;
    m->registration = db_id(people, row, 0);
    m->to = db_text(people, row, 1);
    m->first_name = db_text(people, row, 2);
    m->last_name = db_text(people, row, 3);
    m->language = db_text(people, row, 4);
    enum err err = b->farewell ? ERR_OK : new_link(c, b);
    const struct mail_words *words = &b->words[strcmp(m->language, "fr") != 0][attended];
    return err == ERR_OK ? mailing_mail_queue(c, m, words, b->now) : err;
}

/* Nobody who registered after it was due: they were just written to. Who cancels waits until their
 * mail is in the outbox, and takes it out again. */
static struct db_result *query_people(struct db_conn *c, const struct batch *b)
{
    return db_query(c,
                    "SELECT r.id, h.email, h.first_name, h.last_name, r.language,"
                    "       r.id = ANY (CASE WHEN m.kind = 'farewell' THEN"
                    "                   (SELECT goal_attended(m.congress_id)) ELSE '{}' END)"
                    "  FROM mailing m JOIN registration r ON r.congress_id = m.congress_id"
                    "   AND r.state = 'registered' AND r.id > m.after"
                    "   AND r.registered_at <= least(m.due_at, m.about_at)"
                    "  JOIN hcp h ON h.id = r.hcp_id AND h.email IS NOT NULL"
                    " WHERE m.id = $1 ORDER BY r.id LIMIT $2 FOR SHARE OF r",
                    "ui", b->mailing, (int64_t)BATCH);
}

static enum err write_people(struct db_conn *c, struct batch *b, bool *more)
{
    int64_t mails = 0;
    struct db_result *people = query_people(c, b);
    enum err err = db_err(people);
    int n = err == ERR_OK ? db_rows(people) : 0;
    for (int row = 0; row < n && err == ERR_OK; row++) {
        bool mailed = false;
        err = write_person(c, b, people, row, &mailed);
        mails += mailed;
    }
    struct id last = n ? db_id(people, n - 1, 0) : (struct id){0};
    db_result_free(people);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE mailing SET started_at = coalesce(started_at, $4), done_at = $3,"
                      "       after = coalesce($2, after), mails = mails + $5::int WHERE id = $1",
                      "uutti", b->mailing, n ? &last : NULL, n < BATCH ? b->now : DB_NULL_TIME,
                      b->now, mails);
    *more = err == ERR_OK && n == BATCH;
    return err;
}

static enum err write_batch(struct db_conn *c, struct batch *b, bool *more)
{
    struct db_result *about = query_about(c, b);
    enum err err = db_err(about);
    if (err == ERR_OK && db_rows(about) > 0) {
        read_about(b, about);
        err = find_words(c, b);
        if (err == ERR_OK)
            err = write_people(c, b, more);
    }
    db_result_free(about);
    return err;
}

enum err mailing_batch(struct db_conn *c, const struct id *mailing, const char *base_url,
                       int64_t now, bool *more)
{
    *more = false;
    struct batch b = {.mailing = mailing, .base_url = base_url, .now = now};
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    err = lock_mailing(c, mailing);
    if (err == ERR_OK)
        err = write_batch(c, &b, more);
    err = db_end(c, err);
    if (err != ERR_OK)
        *more = false;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}
