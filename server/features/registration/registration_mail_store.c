/* Whom a registration's mail goes to and what it is about; its personal link is made for it. */
#include "base/mem.h"
#include "crypto/crypto.h"
#include "db/query.h"
#include "features/registration/registration_mail.h"
#include <stdio.h>
#include <stdlib.h>

#define URL_SIZE     512
#define SESSIONS_MAX 50 /* listed in one mail */

/* A new personal link; ERR_RATE when the registration had MAILS_PER_HOUR lately. */
static enum err new_link(struct db_conn *c, const struct id *registration, const char *base_url,
                         int64_t now, char join[static URL_SIZE], char cancel[static URL_SIZE])
{
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    token_new(token, hash);
    if (snprintf(join, URL_SIZE, "%s/join#%s", base_url, token) >= URL_SIZE ||
        snprintf(cancel, URL_SIZE, "%s/cancel#%s", base_url, token) >= URL_SIZE)
        return ERR_INTERNAL;
    struct db_result *r = db_query(c,
                                   "SELECT join_link_add($1, $2, $3) WHERE (SELECT count(*)"
                                   "   FROM one_time_link WHERE registration_id = $1"
                                   "    AND created_at > $4) < $5",
                                   "uxtti", registration, hash, (size_t)TOKEN_HASH_SIZE, now,
                                   now - 3600 * US_PER_S, (int64_t)MAILS_PER_HOUR);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 0)
        err = ERR_RATE;
    db_result_free(r);
    return err;
}

static struct db_result *query_sessions(struct db_conn *c, const struct id *registration)
{
    return db_query(c,
                    "SELECT s.id, s.starts_at, s.planned_minutes, s.calendar_sequence,"
                    "       to_char(s.starts_at AT TIME ZONE c.time_zone,"
                    "               'YYYY-MM-DD\"T\"HH24:MI'),"
                    "       s.title, s.description, s.listen_at"
                    "  FROM registration r JOIN congress c ON c.id = r.congress_id"
                    "  JOIN session s ON s.congress_id = c.id"
                    " WHERE r.id = $1 AND s.state IN ('lobby', 'live', 'ended')"
                    " ORDER BY s.starts_at, s.id LIMIT $2",
                    "ui", registration, (int64_t)SESSIONS_MAX);
}

static enum err queue_mail(struct db_conn *c, struct registration_mail *m,
                           const struct db_result *people, const struct db_result *sessions,
                           int64_t now)
{
    int n = db_rows(sessions);
    struct mail_session *list = mem_new_array((size_t)n, sizeof *list);
    for (int i = 0; i < n; i++)
        list[i] = (struct mail_session){.id = db_id(sessions, i, 0),
                                        .starts_at = db_time(sessions, i, 1),
                                        .planned_minutes = (int)db_int(sessions, i, 2),
                                        .calendar_sequence = (int)db_int(sessions, i, 3),
                                        .local_start = db_text(sessions, i, 4),
                                        .title = db_text(sessions, i, 5),
                                        .description = db_text(sessions, i, 6),
                                        .listen_at = db_text(sessions, i, 7)};
    m->sessions = list;
    m->session_count = n;
    m->organisation = db_id(people, 0, 0);
    m->to = db_text(people, 0, 1);
    m->first_name = db_text(people, 0, 2);
    m->last_name = db_text(people, 0, 3);
    m->language = db_text(people, 0, 4);
    m->congress_title = db_text(people, 0, 5);
    m->time_zone = db_text(people, 0, 6);
    m->organisation_name = db_text(people, 0, 7);
    m->contact_email = db_text(people, 0, 8);
    m->calendar_sequence = (int)db_int(people, 0, 9);
    enum err err = registration_mail_queue(c, m, now);
    free(list);
    return err;
}

enum err registration_mail_send(struct db_conn *c, const struct id *registration,
                                enum registration_mail_kind kind, const char *base_url, int64_t now)
{
    char join[URL_SIZE], cancel[URL_SIZE];
    struct registration_mail m = {.kind = kind};
    if (kind != MAIL_CANCELLED) {
        enum err made = new_link(c, registration, base_url, now, join, cancel);
        if (made != ERR_OK)
            return made;
        m.join_url = join;
        m.cancel_url = cancel;
    }
    struct db_result *people = db_query(
        c,
        "SELECT r.organisation_id, h.email, h.first_name, h.last_name, r.language, c.title,"
        "       c.time_zone, o.name, o.contact_email, r.calendar_sequence FROM registration r"
        "  JOIN hcp h ON h.id = r.hcp_id AND h.email IS NOT NULL"
        "  JOIN congress c ON c.id = r.congress_id JOIN organisation o ON o.id = c.organisation_id"
        " WHERE r.id = $1",
        "u", registration);
    struct db_result *sessions = query_sessions(c, registration);
    enum err err = db_err(people);
    if (err == ERR_OK)
        err = db_err(sessions);
    if (err == ERR_OK && db_rows(people) == 0)
        err = ERR_NOT_FOUND;
    if (err == ERR_OK)
        err = queue_mail(c, &m, people, sessions, now);
    db_result_free(sessions);
    db_result_free(people);
    return err;
}
