/* Whom a registration's mail goes to and what it is about; its personal link is made for it. */
#include "base/mem.h"
#include "crypto/crypto.h"
#include "db/query.h"
#include "features/registration/registration_mail.h"
#include "mail/accent.h"
#include <stdio.h>
#include <stdlib.h>

#define URL_SIZE     512
#define SESSIONS_MAX 50 /* listed in one mail */

/* A new personal link; ERR_RATE when the registration had MAILS_PER_HOUR lately. What
 * begins a registration is not counted. */
static enum err add_link(struct db_conn *c, const struct id *registration,
                         const uint8_t hash[static TOKEN_HASH_SIZE], bool first, int64_t now)
{
    if (first)
        return db_exec(c, "SELECT join_link_add($1, $2, $3)", "uxt", registration, hash,
                       (size_t)TOKEN_HASH_SIZE, now);
    enum err err = db_found(c,
                            "SELECT join_link_add($1, $2, $3) WHERE (SELECT count(*)"
                            "   FROM one_time_link WHERE registration_id = $1"
                            "    AND created_at > $4) < $5",
                            "uxtti", registration, hash, (size_t)TOKEN_HASH_SIZE, now,
                            now - 3600 * US_PER_S, (int64_t)MAILS_PER_HOUR);
    return err == ERR_NOT_FOUND ? ERR_RATE : err;
}

static enum err new_link(struct db_conn *c, const struct registration_mail *m, const char *base_url,
                         int64_t now, char join[static URL_SIZE], char cancel[static URL_SIZE])
{
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    token_new(token, hash);
    if (snprintf(join, URL_SIZE, "%s/join#%s", base_url, token) >= URL_SIZE ||
        snprintf(cancel, URL_SIZE, "%s/cancel#%s", base_url, token) >= URL_SIZE)
        return ERR_INTERNAL;
    bool first = m->kind == MAIL_WELCOME || m->kind == MAIL_PROMOTED || m->kind == MAIL_APPROVED ||
                 m->kind == MAIL_APPROVED_WAITING;
    return add_link(c, m->registration, hash, first, now);
}

/* One row a session; none: one row with nulls. */
#define FACTS(person)                                                                              \
    " " person ".first_name, " person ".last_name, c.title, c.time_zone, o.name, o.contact_email," \
    " s.id, s.starts_at, s.planned_minutes, s.calendar_sequence,"                                  \
    " to_char(s.starts_at AT TIME ZONE zone_here(c.time_zone), 'YYYY-MM-DD\"T\"HH24:MI'),"         \
    " s.title, s.description, s.listen_at, o.id, " person ".email, r.language, " ACCENT_SQL ","    \
    " programme_text(s.id, r.language),"
#define PLACE                                                                                      \
    "  JOIN congress c ON c.id = r.congress_id JOIN organisation o ON o.id = c.organisation_id"    \
    "  LEFT JOIN session s ON s.congress_id = c.id AND s.state IN ('lobby', 'live', 'ended')"      \
    " WHERE r.id = $1 ORDER BY s.starts_at, s.id LIMIT $2"

static struct mail_session session_of(const struct db_result *r, int row)
{
    return (struct mail_session){.id = db_id(r, row, 6),
                                 .starts_at = db_time(r, row, 7),
                                 .planned_minutes = (int)db_int(r, row, 8),
                                 .calendar_sequence = (int)db_int(r, row, 9),
                                 .local_start = db_text(r, row, 10),
                                 .title = db_text(r, row, 11),
                                 .description = db_text(r, row, 12),
                                 .listen_at = db_text(r, row, 13),
                                 .programme = db_text(r, row, 18)};
}

static enum err queue_mail(struct db_conn *c, struct registration_mail *m,
                           const struct db_result *r, int64_t now)
{
    int n = db_null(r, 0, 6) ? 0 : db_rows(r);
    struct mail_session *sessions = mem_new_array((size_t)n, sizeof *sessions);
    for (int i = 0; i < n; i++)
        sessions[i] = session_of(r, i);
    m->sessions = sessions;
    m->session_count = n;
    m->first_name = db_text(r, 0, 0);
    m->last_name = db_text(r, 0, 1);
    m->congress_title = db_text(r, 0, 2);
    m->time_zone = db_text(r, 0, 3);
    m->organisation_name = db_text(r, 0, 4);
    m->contact_email = db_text(r, 0, 5);
    m->organisation = db_id(r, 0, 14);
    m->to = db_text(r, 0, 15);
    m->language = db_text(r, 0, 16);
    m->organisation_accent = db_text(r, 0, 17);
    m->calendar_sequence = (int)db_int(r, 0, 19);
    if (m->kind == MAIL_CONFIRM && db_bool(r, 0, 20))
        m->kind = MAIL_CONFIRM_REVIEW;
    enum err err = registration_mail_queue(c, m, now);
    free(sessions);
    return err;
}

/* Takes facts. */
static enum err mail_person(struct db_conn *c, struct registration_mail *m, struct db_result *facts,
                            int64_t now)
{
    enum err err = db_one(facts);
    if (err == ERR_OK)
        err = queue_mail(c, m, facts, now);
    db_result_free(facts);
    return err;
}

static bool has_link(enum registration_mail_kind kind)
{
    switch (kind) {
    case MAIL_CANCELLED:
    case MAIL_WITHDRAWN:
    case MAIL_PROOF:
    case MAIL_DECLINED:
    case MAIL_RETRACTED:
        return false;
    default:
        return true;
    }
}

enum err registration_mail_send(struct db_conn *c, const struct id *registration,
                                enum registration_mail_kind kind, const char *base_url, int64_t now)
{
    return registration_mail_say(c, registration, kind, NULL, base_url, now);
}

enum err registration_mail_say(struct db_conn *c, const struct id *registration,
                               enum registration_mail_kind kind, const char *message,
                               const char *base_url, int64_t now)
{
    char join[URL_SIZE], cancel[URL_SIZE];
    struct registration_mail m = {.kind = kind, .registration = registration, .message = message};
    if (has_link(kind)) {
        enum err made = new_link(c, &m, base_url, now, join, cancel);
        if (made != ERR_OK)
            return made;
        m.join_url = join;
        m.cancel_url = cancel;
    }
    return mail_person(
        c, &m,
        db_query(
            c,
            "SELECT" FACTS("h") " r.calendar_sequence, c.review FROM registration r"
                                "  JOIN hcp h ON h.id = r.hcp_id AND h.email IS NOT NULL" PLACE,
            "ui", registration, (int64_t)SESSIONS_MAX),
        now);
}

enum err request_mail_send(struct db_conn *c, const struct id *request, const char *token,
                           const char *base_url, int64_t now)
{
    char join[URL_SIZE];
    struct registration_mail m = {.kind = MAIL_CONFIRM, .join_url = join};
    if (snprintf(join, sizeof join, "%s/join#%s", base_url, token) >= URL_SIZE)
        return ERR_INTERNAL;
    return mail_person(c, &m,
                       db_query(c,
                                "SELECT" FACTS("r") " 0::bigint, c.review"
                                                    "  FROM registration_request r" PLACE,
                                "ui", request, (int64_t)SESSIONS_MAX),
                       now);
}
