/* Sends what notice_queue() has kept, in batches. */
#include "crypto/crypto.h"
#include "db/query.h"
#include "features/congress/congress_mail.h"
#include "features/congress/congress_store.h"
#include "mail/accent.h"
#include <stdio.h>
#include <string.h>

#define BATCH    100
#define URL_SIZE 512

/* A notice while a batch of it is sent. */
struct batch {
    const struct id *notice;
    const char *base_url;
    int64_t now;
    struct db_result *sessions; /* as query_sessions() reads them */
    struct notice_mail mail;    /* of the person it is written to */
    char url[URL_SIZE];         /* their new personal link */
};

/* A registration's new personal link. */
static enum err new_link(struct db_conn *c, const struct id *registration, struct batch *b)
{
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    token_new(token, hash);
    if (snprintf(b->url, URL_SIZE, "%s/join#%s", b->base_url, token) >= URL_SIZE)
        return ERR_INTERNAL;
    return db_exec(c, "SELECT join_link_add($1, $2, $3)", "uxt", registration, hash,
                   (size_t)TOKEN_HASH_SIZE, b->now);
}

/* Those of which anything is different from what people know: of one that changed while it was
 * told, from what those know whom that reached, and the others. */
static struct db_result *query_sessions(struct db_conn *c, const struct id *notice)
{
    return db_query(
        c,
        "SELECT s.id, s.starts_at, s.planned_minutes::bigint, s.calendar_sequence::bigint,"
        "       to_char(s.starts_at AT TIME ZONE zone_here(c.time_zone), 'YYYY-MM-DD\"T\"HH24:MI'),"
        "       s.title, s.description, s.listen_at,"
        "       CASE n.kind WHEN 'added' THEN 0 WHEN 'cancelled' THEN 2 ELSE 1 END::bigint,"
        "       n.created_at, n.known_from, v.before->>'title', d.titled, d.moved, d.resized,"
        "       d.elsewhere, d.described, programme_text(s.id, 'fr'), programme_text(s.id, 'en'),"
        "       to_char((v.before->>'starts_at')::timestamptz AT TIME ZONE zone_here(c.time_zone),"
        "               'YYYY-MM-DD\"T\"HH24:MI'), n.untold_after, v.untold"
        "  FROM session_notice n JOIN session s ON s.id = n.session_id"
        "  JOIN congress c ON c.id = s.congress_id CROSS JOIN LATERAL"
        "       (VALUES (n.before, false), (n.untold_before, true)) v (before, untold)"
        " CROSS JOIN LATERAL"
        "       (SELECT v.before->>'title' <> s.title AS titled,"
        "               (v.before->>'starts_at')::timestamptz <> s.starts_at AS moved,"
        "               (v.before->>'planned_minutes')::bigint <> s.planned_minutes AS resized,"
        "               v.before->>'listen_at' <> s.listen_at AS elsewhere,"
        "               v.before->>'description' <> s.description AS described) d"
        " WHERE n.notice_id = $1 AND (NOT v.untold OR n.untold_after IS NOT NULL)"
        "   AND (n.kind = 'cancelled' OR (s.state IN ('lobby', 'live')"
        "   AND (v.before IS NULL OR n.kind = 'added' OR d.titled OR d.moved OR d.resized"
        "        OR d.elsewhere OR d.described)))"
        " ORDER BY s.starts_at, s.id, v.untold LIMIT $2",
        "ui", notice, (int64_t)NOTICE_SESSIONS_MAX);
}

static struct notice_session read_session(const struct db_result *r, int row)
{
    return (struct notice_session){
        .session = db_id(r, row, 0),
        .starts_at = db_time(r, row, 1),
        .planned_minutes = (int)db_int(r, row, 2),
        .calendar_sequence = (int)db_int(r, row, 3),
        .local_start = db_text(r, row, 4),
        .title = db_text(r, row, 5),
        .description = db_text(r, row, 6),
        .listen_at = db_text(r, row, 7),
        .kind = (enum notice_kind)db_int(r, row, 8),
        .was_title = db_bool(r, row, 12) ? db_text(r, row, 11) : NULL,
        .moved = db_bool(r, row, 13),
        .was_start = db_bool(r, row, 13) ? db_text(r, row, 19) : NULL,
        .resized = db_bool(r, row, 14),
        .elsewhere = db_bool(r, row, 15),
        .described = db_bool(r, row, 16),
        .programme_fr = db_text(r, row, 17),
        .programme_en = db_text(r, row, 18),
    };
}

/* Whether a row says what is different from what this person knows. */
static bool for_person(const struct db_result *r, int row, const struct id *registration)
{
    struct id told_to = db_id(r, row, 20);
    bool untold = !db_null(r, row, 20) &&
                  memcmp(registration->bytes, told_to.bytes, sizeof told_to.bytes) > 0;
    return db_bool(r, row, 21) == untold;
}

/* What somebody who registered then does not know yet. */
static void add_news(struct batch *b, const struct id *registration, int64_t registered_at)
{
    struct notice_mail *m = &b->mail;
    m->session_count = 0;
    for (int row = 0; row < db_rows(b->sessions); row++) {
        struct notice_session s = read_session(b->sessions, row);
        bool knows =
            db_null(b->sessions, row, 10) || registered_at >= db_time(b->sessions, row, 10);
        if (!for_person(b->sessions, row, registration) ||
            registered_at > db_time(b->sessions, row, 9) || (s.kind == NOTICE_CANCELLED && !knows))
            continue;
        if (s.kind == NOTICE_ADDED && knows)
            s.kind = NOTICE_CHANGED;
        m->sessions[m->session_count++] = s;
    }
}

static enum err tell_person(struct db_conn *c, struct batch *b, const struct db_result *people,
                            int row)
{
    struct notice_mail *m = &b->mail;
    struct id registration = db_id(people, row, 0);
    add_news(b, &registration, db_time(people, row, 6));
    if (m->session_count == 0)
        return ERR_OK;
    enum err err = ERR_OK;
    b->url[0] = '\0';
    if (m->sessions[0].kind != NOTICE_CANCELLED)
        err = new_link(c, &registration, b);
    m->registration = registration;
    m->to = db_text(people, row, 1);
    m->first_name = db_text(people, row, 2);
    m->last_name = db_text(people, row, 3);
    m->language = db_text(people, row, 4);
    m->calendar_sequence = (int)db_int(people, row, 5);
    m->join_url = b->url;
    return err == ERR_OK ? notice_mail_queue(c, m, b->now) : err;
}

static enum err tell_people(struct db_conn *c, struct batch *b, bool *more)
{
    struct db_result *people = db_query(
        c,
        "SELECT r.id, h.email, h.first_name, h.last_name, r.language, r.calendar_sequence::bigint,"
        "       r.registered_at"
        "  FROM notice n JOIN registration r ON r.congress_id = n.congress_id"
        "   AND r.state = 'registered' AND r.id > n.after"
        "  JOIN hcp h ON h.id = r.hcp_id AND h.email IS NOT NULL"
        " WHERE n.id = $1 AND $3 ORDER BY r.id LIMIT $2",
        "uib", b->notice, (int64_t)BATCH, db_rows(b->sessions) > 0);
    enum err err = db_err(people);
    int n = err == ERR_OK ? db_rows(people) : 0;
    for (int row = 0; row < n && err == ERR_OK; row++)
        err = tell_person(c, b, people, row);
    struct id last = n ? db_id(people, n - 1, 0) : (struct id){0};
    db_result_free(people);
    if (err == ERR_OK)
        err =
            db_exec(c,
                    "UPDATE notice SET started_at = coalesce(started_at, $4),"
                    "       after = coalesce($2, after), done_at = $3 WHERE id = $1",
                    "uutt", b->notice, n ? &last : NULL, n < BATCH ? b->now : DB_NULL_TIME, b->now);
    *more = err == ERR_OK && n == BATCH;
    return err;
}

static struct db_result *lock_notice(struct db_conn *c, const struct id *notice)
{
    return db_query(c,
                    "SELECT o.id, c.title, c.time_zone, o.name, o.contact_email,"
                    "       " ACCENT_SQL "  FROM notice n JOIN congress c ON c.id = n.congress_id"
                    "  JOIN organisation o ON o.id = n.organisation_id"
                    " WHERE n.id = $1 AND n.done_at IS NULL FOR UPDATE OF n",
                    "u", notice);
}

/* The lock is held: what is added to the notice from here on is told by another. */
static enum err tell_batch(struct db_conn *c, struct batch *b, const struct db_result *locked,
                           bool *more)
{
    b->mail.organisation = db_id(locked, 0, 0);
    b->mail.congress_title = db_text(locked, 0, 1);
    b->mail.time_zone = db_text(locked, 0, 2);
    b->mail.organisation_name = db_text(locked, 0, 3);
    b->mail.contact_email = db_text(locked, 0, 4);
    b->mail.organisation_accent = db_text(locked, 0, 5);
    b->sessions = query_sessions(c, b->notice);
    enum err err = db_err(b->sessions);
    if (err == ERR_OK)
        err = tell_people(c, b, more);
    db_result_free(b->sessions);
    return err;
}

enum err notice_batch(struct db_conn *c, const struct id *notice, const char *base_url, int64_t now,
                      bool *more)
{
    *more = false;
    struct batch b = {.notice = notice, .base_url = base_url, .now = now};
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    struct db_result *locked = lock_notice(c, notice);
    err = db_err(locked);
    if (err == ERR_OK && db_rows(locked) == 1)
        err = tell_batch(c, &b, locked, more);
    db_result_free(locked);
    err = db_end(c, err);
    if (err != ERR_OK)
        *more = false;
    return err;
}

enum err notice_give_up(struct db_conn *c, const struct id *notice, int64_t now)
{
    return db_exec(c,
                   "WITH given_up AS (UPDATE notice SET done_at = $2,"
                   "                         started_at = coalesce(started_at, $2)"
                   "                   WHERE id = $1 AND done_at IS NULL RETURNING id)"
                   " SELECT audit(s.organisation_id, $2, 'system', NULL, 'session.notice_failed',"
                   "              'session', s.session_id)"
                   "  FROM given_up g JOIN session_notice s ON s.notice_id = g.id",
                   "ut", notice, now);
}
