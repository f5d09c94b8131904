#include "base/mem.h"
#include "db/query.h"
#include "features/registration/registration_store.h"
#include <stdio.h>

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
    enum err err = registration_mail_queue(c, m, now);
    free(list);
    return err;
}

enum err registration_mail(struct db_conn *c, const struct id *registration,
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
        "       c.time_zone, o.name, o.contact_email FROM registration r"
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

struct link_owner {
    struct id registration, organisation, congress;
    bool cancelled, confirmed;
    int64_t expires_at;
};

/* The registration of a personal link, locked; ERR_NOT_FOUND when the link does not work. */
static enum err lock_owner(struct db_conn *c, const uint8_t *link, int64_t now,
                           struct link_owner *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT r.id, r.organisation_id, r.congress_id, r.state = 'cancelled',"
                 "       r.confirmed_at IS NOT NULL, l.expires_at"
                 "  FROM one_time_link l JOIN registration r ON r.id = l.registration_id"
                 "  JOIN hcp h ON h.id = r.hcp_id AND h.erased_at IS NULL"
                 " WHERE l.token_hash = $1 AND l.expires_at > $2 FOR NO KEY UPDATE OF r",
                 "xt", link, (size_t)TOKEN_HASH_SIZE, now);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 0)
        err = ERR_NOT_FOUND;
    if (err == ERR_OK)
        *out = (struct link_owner){.registration = db_id(r, 0, 0),
                                   .organisation = db_id(r, 0, 1),
                                   .congress = db_id(r, 0, 2),
                                   .cancelled = db_bool(r, 0, 3),
                                   .confirmed = db_bool(r, 0, 4),
                                   .expires_at = db_time(r, 0, 5)};
    db_result_free(r);
    return err;
}

static struct identity identity_of(const struct link_owner *owner)
{
    return (struct identity){.roles = ROLE_HCP,
                             .organisation = owner->organisation,
                             .person = owner->registration,
                             .congress = owner->congress};
}

/* The mailbox is proven: what was declared for this registration counts for the person now. */
static enum err confirm(struct db_conn *c, const struct link_owner *owner, int64_t now)
{
    struct identity who = identity_of(owner);
    enum err err = db_exec(c, "UPDATE registration SET confirmed_at = $2 WHERE id = $1", "ut",
                           &owner->registration, now);
    if (err == ERR_OK)
        err = db_exec(
            c,
            "INSERT INTO hcp_attributes (organisation_id, hcp_id, source, profession, specialty,"
            "                            practice_setting, region, age_band, at)"
            " SELECT organisation_id, hcp_id, 'declared', profession, specialty, practice_setting,"
            "        region, age_band, $2 FROM registration WHERE id = $1"
            " ON CONFLICT (hcp_id, source) DO UPDATE SET profession = excluded.profession,"
            "   specialty = excluded.specialty, practice_setting = excluded.practice_setting,"
            "   region = excluded.region, age_band = excluded.age_band, at = excluded.at",
            "ut", &owner->registration, now);
    if (err == ERR_OK)
        err = registration_audit(c, &who, now, "registration.confirm", &owner->registration, NULL);
    return err;
}

static enum err open_sign_in(struct db_conn *c, const struct link_owner *owner, const uint8_t *link,
                             const uint8_t *token, int64_t now)
{
    enum err err =
        db_exec(c,
                "INSERT INTO sign_in (token_hash, organisation_id, registration_id, created_at,"
                "                     expires_at, via) VALUES ($1, $2, $3, $4, $5, 'join')",
                "xuutt", token, (size_t)TOKEN_HASH_SIZE, &owner->organisation, &owner->registration,
                now, owner->expires_at);
    if (err == ERR_OK)
        err = db_exec(
            c, "UPDATE one_time_link SET used_at = coalesce(used_at, $2) WHERE token_hash = $1",
            "xt", link, (size_t)TOKEN_HASH_SIZE, now);
    return err;
}

enum err registration_join(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                           const uint8_t token[static TOKEN_HASH_SIZE], int64_t now,
                           struct registration_touched *touched, int64_t *expires_at, json_t **out)
{
    struct link_owner owner = {0};
    json_t *json = NULL;
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_owner(c, link, now, &owner);
    if (err == ERR_OK && owner.cancelled)
        err = ERR_CONFLICT;
    if (err == ERR_OK)
        err = open_sign_in(c, &owner, link, token, now);
    if (err == ERR_OK && !owner.confirmed)
        err = confirm(c, &owner, now);
    struct identity who = identity_of(&owner);
    if (err == ERR_OK)
        err = registration_mine(c, &who, &json);
    err = registration_finish(c, err);
    if (err != ERR_OK) {
        json_decref(json);
        return err;
    }
    *touched = (struct registration_touched){.registration = owner.registration,
                                             .congress = owner.congress,
                                             .changed = !owner.confirmed};
    *expires_at = owner.expires_at;
    *out = json;
    return ERR_OK;
}

/* Inside a transaction. Cancelling twice changes nothing. */
static enum err cancel(struct db_conn *c, const struct identity *who, const struct id *registration,
                       const char *base_url, int64_t now, struct registration_touched *touched)
{
    struct db_result *r =
        db_query(c,
                 "UPDATE registration SET state = 'cancelled', cancelled_at = $3 WHERE id = $1"
                 "   AND organisation_id = $2 AND state = 'registered' RETURNING congress_id",
                 "uut", registration, &who->organisation, now);
    enum err err = db_err(r);
    *touched = (struct registration_touched){.registration = *registration,
                                             .changed = err == ERR_OK && db_rows(r) == 1};
    if (touched->changed)
        touched->congress = db_id(r, 0, 0);
    db_result_free(r);
    if (err != ERR_OK || !touched->changed)
        return err;
    err = db_exec(c,
                  "UPDATE sign_in SET revoked_at = $2"
                  " WHERE registration_id = $1 AND revoked_at IS NULL",
                  "ut", registration, now);
    if (err == ERR_OK)
        err = registration_audit(c, who, now, "registration.cancel", registration, NULL);
    if (err == ERR_OK)
        err = registration_mail(c, registration, MAIL_CANCELLED, base_url, now);
    return err == ERR_NOT_FOUND ? ERR_OK : err; /* an erased person gets no mail */
}

enum err registration_cancel_by_link(struct db_conn *c, const uint8_t link[static TOKEN_HASH_SIZE],
                                     const char *base_url, int64_t now,
                                     struct registration_touched *touched)
{
    struct link_owner owner = {0};
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = lock_owner(c, link, now, &owner);
    struct identity who = identity_of(&owner);
    if (err == ERR_OK)
        err = cancel(c, &who, &owner.registration, base_url, now, touched);
    return registration_finish(c, err);
}

enum err registration_cancel(struct db_conn *c, const struct identity *who,
                             const struct id *registration, const char *base_url, int64_t now,
                             struct registration_touched *touched)
{
    enum err err = db_begin(c);
    if (err != ERR_OK)
        return err;
    struct db_result *r =
        db_query(c, "SELECT 1 FROM registration WHERE id = $1 AND organisation_id = $2", "uu",
                 registration, &who->organisation);
    err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 0)
        err = ERR_NOT_FOUND;
    db_result_free(r);
    if (err == ERR_OK)
        err = cancel(c, who, registration, base_url, now, touched);
    return registration_finish(c, err);
}

enum err registration_mine(struct db_conn *c, const struct identity *who, json_t **out)
{
    return registration_one_json(db_query(c,
                                          "SELECT registration_json(id) FROM registration"
                                          " WHERE id = $1 AND organisation_id = $2",
                                          "uu", &who->person, &who->organisation),
                                 out);
}

enum err registration_data(struct db_conn *c, const struct identity *who, json_t **out)
{
    return registration_one_json(db_query(c,
                                          "SELECT personal_data(hcp_id) FROM registration"
                                          " WHERE id = $1 AND organisation_id = $2",
                                          "uu", &who->person, &who->organisation),
                                 out);
}
