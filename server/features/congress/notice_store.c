#include "crypto/crypto.h"
#include "db/query.h"
#include "features/congress/congress_mail.h"
#include "features/congress/congress_store.h"
#include <stdio.h>

#define BATCH    100
#define URL_SIZE 512

/* A registration's new personal link. */
static enum err new_link(struct db_conn *c, const struct id *registration, const char *base_url,
                         int64_t now, char url[static URL_SIZE])
{
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    token_new(token, hash);
    if (snprintf(url, URL_SIZE, "%s/join#%s", base_url, token) >= URL_SIZE)
        return ERR_INTERNAL;
    return db_exec(c, "SELECT join_link_add($1, $2, $3)", "uxt", registration, hash,
                   (size_t)TOKEN_HASH_SIZE, now);
}

static enum err tell_person(struct db_conn *c, const struct notice_session *s,
                            const struct db_result *people, int row, const char *base_url,
                            int64_t now)
{
    char url[URL_SIZE] = "";
    struct id registration = db_id(people, row, 0);
    enum err err = ERR_OK;
    if (!s->cancelled)
        err = new_link(c, &registration, base_url, now, url);
    if (err != ERR_OK)
        return err;
    return notice_mail_queue(
        c, s,
        &(struct notice_person){.to = db_text(people, row, 1),
                                .first_name = db_text(people, row, 2),
                                .last_name = db_text(people, row, 3),
                                .language = db_text(people, row, 4),
                                .join_url = url,
                                .calendar_sequence = (int)db_int(people, row, 5)},
        now);
}

static enum err tell_people(struct db_conn *c, const struct id *notice,
                            const struct notice_session *s, const char *base_url, int64_t now,
                            bool *more)
{
    struct db_result *people =
        db_query(c,
                 "SELECT r.id, h.email, h.first_name, h.last_name, r.language, r.calendar_sequence"
                 "  FROM session_notice n JOIN session s ON s.id = n.session_id"
                 "  JOIN registration r ON r.congress_id = s.congress_id AND r.state = 'registered'"
                 "   AND r.registered_at <= n.created_at AND r.id > n.after"
                 "  JOIN hcp h ON h.id = r.hcp_id AND h.email IS NOT NULL"
                 " WHERE n.id = $1 ORDER BY r.id LIMIT $2",
                 "ui", notice, (int64_t)BATCH);
    enum err err = db_err(people);
    int n = err == ERR_OK ? db_rows(people) : 0;
    for (int row = 0; row < n && err == ERR_OK; row++)
        err = tell_person(c, s, people, row, base_url, now);
    struct id last = n ? db_id(people, n - 1, 0) : (struct id){0};
    db_result_free(people);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE session_notice SET after = coalesce($2, after), done_at = $3"
                      " WHERE id = $1",
                      "uut", notice, n ? &last : NULL, n < BATCH ? now : DB_NULL_TIME);
    *more = err == ERR_OK && n == BATCH;
    return err;
}

static void read_session(const struct db_result *r, struct notice_session *s)
{
    *s = (struct notice_session){
        .organisation = db_id(r, 0, 0),
        .session = db_id(r, 0, 1),
        .cancelled = db_bool(r, 0, 2),
        .starts_at = db_time(r, 0, 3),
        .planned_minutes = (int)db_int(r, 0, 4),
        .calendar_sequence = (int)db_int(r, 0, 5),
        .local_start = db_text(r, 0, 6),
        .title = db_text(r, 0, 7),
        .description = db_text(r, 0, 8),
        .listen_at = db_text(r, 0, 9),
        .congress_title = db_text(r, 0, 10),
        .time_zone = db_text(r, 0, 11),
        .organisation_name = db_text(r, 0, 12),
        .contact_email = db_text(r, 0, 13),
    };
}

enum err notice_batch(struct db_conn *c, const struct id *notice, const char *base_url, int64_t now,
                      bool *more)
{
    *more = false;
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    struct db_result *r = db_query(
        c,
        "SELECT n.organisation_id, s.id, n.kind = 'cancelled', s.starts_at,"
        "       s.planned_minutes, s.calendar_sequence,"
        "       to_char(s.starts_at AT TIME ZONE c.time_zone, 'YYYY-MM-DD\"T\"HH24:MI'),"
        "       s.title, s.description, s.listen_at, c.title, c.time_zone, o.name, o.contact_email"
        "  FROM session_notice n JOIN session s ON s.id = n.session_id"
        "  JOIN congress c ON c.id = s.congress_id JOIN organisation o ON o.id = c.organisation_id"
        " WHERE n.id = $1 AND n.done_at IS NULL FOR UPDATE OF n",
        "u", notice);
    err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 1) {
        struct notice_session s;
        read_session(r, &s);
        err = tell_people(c, notice, &s, base_url, now, more);
    }
    db_result_free(r);
    err = db_end(c, err);
    if (err != ERR_OK)
        *more = false;
    return err;
}

enum err notice_give_up(struct db_conn *c, const struct id *notice, int64_t now)
{
    return db_exec(c,
                   "WITH given_up AS (UPDATE session_notice SET done_at = $2"
                   "                   WHERE id = $1 AND done_at IS NULL"
                   "               RETURNING organisation_id, session_id)"
                   " SELECT audit(organisation_id, $2, 'system', NULL, 'session.notice_failed',"
                   "              'session', session_id) FROM given_up",
                   "ut", notice, now);
}
