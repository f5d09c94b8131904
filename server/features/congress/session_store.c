#include "db/query.h"
#include "features/congress/congress_store.h"
#include "room/shown.h"
#include <stdio.h>
#include <string.h>

#define SESSIONS_MAX 500
/* Where correct_end() may put the end, in whole milliseconds. */
#define END_RANGE_JSON                                                                             \
    "CASE WHEN s.state = 'ended' THEN jsonb_build_object('end_range', jsonb_build_object("         \
    "  'from', json_time(session_last_act(s.id) + interval '999 microseconds'),"                   \
    "  'until', json_time(coalesce(s.closed_at, s.ended_at)))) ELSE '{}' END"

enum err session_get(struct db_conn *c, const struct identity *who, const struct id *session,
                     json_t **out)
{
    return db_read_json(c, out,
                        "SELECT " SESSION_JSON " || " END_RANGE_JSON
                        " FROM session s JOIN congress c ON c.id = s.congress_id"
                        " WHERE s.id = $1 AND s.organisation_id = $2",
                        "uu", session, &who->organisation);
}

/* The congress's first hall, made when there is none; nobody else makes one: it is locked. */
static enum err default_hall(struct db_conn *c, const struct identity *who,
                             const struct id *congress, struct id *hall)
{
    return db_read_id(c, hall,
                      "WITH c AS (SELECT * FROM congress WHERE id = $1 AND organisation_id = $2),"
                      " old AS (SELECT h.id FROM hall h JOIN c ON c.id = h.congress_id"
                      "          ORDER BY h.position, h.name LIMIT 1),"
                      " new AS (INSERT INTO hall (organisation_id, congress_id, name)"
                      "         SELECT organisation_id, id, CASE language WHEN 'fr'"
                      "                THEN 'Salle principale' ELSE 'Main hall' END"
                      "           FROM c WHERE NOT EXISTS (SELECT 1 FROM old) RETURNING id)"
                      " SELECT id FROM old UNION ALL SELECT id FROM new",
                      "uu", congress, &who->organisation);
}

static enum err insert_session(struct db_conn *c, const struct identity *who,
                               const struct id *congress, const struct id *hall,
                               const struct session_fields *f, int64_t now, struct id *session)
{
    struct db_result *r = db_query(
        c,
        "INSERT INTO session (organisation_id, congress_id, hall_id, track_id, title, description,"
        "         language, starts_at, planned_minutes, capacity, listen_at,"
        "         completion_threshold, created_at, kind, level)"
        " SELECT organisation_id, id, $3, $4, $5, $6, $7, $8, $9::int, $10::int, $11,"
        "        coalesce($12 / 1000.0, 0.75), $13, coalesce($15, 'session'), nullif($16, '')"
        "   FROM congress WHERE id = $1 AND organisation_id = $2"
        "    AND (SELECT count(*) FROM session WHERE congress_id = $1) < $14 RETURNING id",
        "uuuussstiisntiss", congress, &who->organisation, hall, f->track, f->title, f->description,
        f->language, f->starts_at, f->planned_minutes, f->capacity, f->listen_at,
        f->threshold_thousandths, now, (int64_t)SESSIONS_MAX, f->kind, f->level);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r) == 0)
        err = ERR_TOO_LARGE;
    if (err == ERR_OK)
        *session = db_id(r, 0, 0);
    db_result_free(r);
    return err;
}

static json_t *session_details(const struct session_fields *f)
{
    char text[TIME_TEXT_SIZE];
    json_t *d = json_object();
    if (f->title)
        json_object_set_new(d, "title", json_string(f->title));
    if (f->starts_at != CONGRESS_KEEP)
        json_object_set_new(d, "starts_at", json_string(time_text(f->starts_at, text)));
    if (f->planned_minutes != CONGRESS_KEEP)
        json_object_set_new(d, "planned_minutes", json_integer(f->planned_minutes));
    if (f->capacity != CONGRESS_KEEP)
        json_object_set_new(d, "capacity", json_integer(f->capacity));
    if (f->listen_at)
        json_object_set_new(d, "listen_at", json_string(f->listen_at));
    if (f->ended_at)
        json_object_set_new(d, "ended_at", json_string(time_text(f->ended_at, text)));
    if (f->threshold_thousandths != CONGRESS_KEEP)
        json_object_set_new(d, "completion_threshold",
                            json_real((double)f->threshold_thousandths / 1000));
    return d;
}

/* Ends the transaction; on success *out is the session as it is now. */
static enum err finish_with(struct db_conn *c, struct change *change, const struct id *session,
                            enum err err, json_t **out)
{
    json_t *json = NULL;
    if (err == ERR_OK)
        err = session_get(c, &change->who, session, &json);
    err = change_end(c, change, err);
    if (err == ERR_OK)
        *out = json;
    else
        json_decref(json);
    return err;
}

/* The names that a new session shows do not change before it is there. */
static enum err lock_organisation(struct db_conn *c, const struct change *change)
{
    return db_exec(c, "SELECT 1 FROM organisation WHERE id = $1 FOR SHARE", "u",
                   &change->who.organisation);
}

static enum err insert_at_place(struct db_conn *c, const struct change *change,
                                const struct id *congress, const struct session_fields *fields,
                                struct id *session)
{
    struct id hall = {0};
    enum err err = congress_lock(c, &change->who, congress);
    if (err == ERR_OK)
        err = default_hall(c, &change->who, congress, &hall);
    if (err == ERR_OK) /* told apart from a full congress */
        err = insert_session(c, &change->who, congress, fields->hall ? fields->hall : &hall, fields,
                             change->at, session);
    return err;
}

enum err session_add(struct db_conn *c, struct change *change, const struct id *congress,
                     const struct session_fields *fields, json_t **out)
{
    struct id session = {0};
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = lock_organisation(c, change);
    if (err == ERR_OK)
        err = insert_at_place(c, change, congress, fields, &session);
    if (err == ERR_OK)
        err =
            change_audit(c, change, "session.create", "session", &session, session_details(fields));
    if (err == ERR_OK)
        err = change_session_shown(c, change, &session, "session.created");
    return finish_with(c, change, &session, err, out);
}

struct locked {
    enum session_state state;
    bool is_break;
    struct id congress;
    struct session_told told;
    int64_t threshold_thousandths;
    struct shown_sessions before; /* the one */
};

/* NULL text: stays. */
static void keep_text(char *out, size_t size, const char *text)
{
    if (text)
        snprintf(out, size, "%s", text);
}

/* Locked by shown_lock() already. */
static enum err read_session(struct db_conn *c, const struct id *session, struct locked *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT state, congress_id, starts_at, planned_minutes::bigint, listen_at,"
                 "       (completion_threshold * 1000)::bigint, title, description,"
                 "       kind = 'break'"
                 "  FROM session WHERE id = $1",
                 "u", session);
    enum err err = db_err(r);
    if (err == ERR_OK && !session_state_parse(db_text(r, 0, 0), &out->state))
        err = ERR_INTERNAL;
    if (err == ERR_OK) {
        out->congress = db_id(r, 0, 1);
        out->told.starts_at = db_time(r, 0, 2);
        out->told.planned_minutes = db_int(r, 0, 3);
        keep_text(out->told.listen_at, sizeof out->told.listen_at, db_text(r, 0, 4));
        keep_text(out->told.title, sizeof out->told.title, db_text(r, 0, 6));
        keep_text(out->told.description, sizeof out->told.description, db_text(r, 0, 7));
        out->threshold_thousandths = db_int(r, 0, 5);
        out->is_break = db_bool(r, 0, 8);
    }
    db_result_free(r);
    return err;
}

static enum err lock_session(struct db_conn *c, const struct change *change,
                             const struct id *session, struct locked *out)
{
    enum err err = shown_lock(c, &change->who.organisation, NULL, session, &out->before);
    if (err == ERR_OK && out->before.n == 0)
        err = ERR_NOT_FOUND;
    return err == ERR_OK ? read_session(c, session, out) : err;
}

static enum err update_session(struct db_conn *c, const struct id *session,
                               const struct session_fields *f)
{
    return db_exec(c,
                   "UPDATE session SET title = coalesce($2, title),"
                   "  description = coalesce($3, description), language = coalesce($4, language),"
                   "  listen_at = coalesce($5, listen_at), starts_at = coalesce($6, starts_at),"
                   "  planned_minutes = coalesce($7::int, planned_minutes),"
                   "  capacity = coalesce($8::int, capacity),"
                   "  completion_threshold = coalesce($9 / 1000.0, completion_threshold),"
                   "  hall_id = coalesce($10, hall_id),"
                   "  track_id = CASE WHEN $12 THEN NULL ELSE coalesce($11, track_id) END,"
                   "  kind = coalesce($13, kind),"
                   "  level = CASE WHEN $14::text IS NULL THEN level ELSE nullif($14, '') END"
                   " WHERE id = $1",
                   "usssstnnnuubss", session, f->title, f->description, f->language, f->listen_at,
                   f->starts_at, f->planned_minutes, f->capacity, f->threshold_thousandths, f->hall,
                   f->track, f->no_track, f->kind, f->level);
}

/* The figures follow: they are computed from it. */
static enum err correct_end(struct db_conn *c, const struct id *session, const struct locked *was,
                            int64_t ended_at)
{
    if (was->state != SESSION_ENDED)
        return ERR_CONFLICT;
    struct db_result *r =
        db_query(c,
                 "UPDATE session SET closed_at = coalesce(closed_at, ended_at), ended_at = $2,"
                 "       version = version + 1"
                 " WHERE id = $1 AND $2 BETWEEN session_last_act(id)"
                 "                          AND coalesce(closed_at, ended_at) RETURNING id",
                 "ut", session, ended_at);
    enum err err = db_one(r);
    db_result_free(r);
    return err == ERR_NOT_FOUND ? ERR_INVALID : err;
}

/* What people will know; ERR_CONFLICT when the state forbids the change. */
static enum err check_change(const struct locked *was, const struct session_fields *f,
                             struct session_told *after)
{
    *after = was->told;
    if (f->starts_at != CONGRESS_KEEP)
        after->starts_at = f->starts_at;
    if (f->planned_minutes != CONGRESS_KEEP)
        after->planned_minutes = f->planned_minutes;
    keep_text(after->listen_at, sizeof after->listen_at, f->listen_at);
    keep_text(after->title, sizeof after->title, f->title);
    keep_text(after->description, sizeof after->description, f->description);
    bool moved = after->starts_at != was->told.starts_at ||
                 after->planned_minutes != was->told.planned_minutes ||
                 (f->threshold_thousandths != CONGRESS_KEEP &&
                  f->threshold_thousandths != was->threshold_thousandths);
    bool other_kind = f->kind && (strcmp(f->kind, "break") == 0) != was->is_break;
    bool allowed = session_may_change(was->state) && (!moved || session_may_move(was->state)) &&
                   (!other_kind || session_may_publish(was->state));
    return allowed ? ERR_OK : ERR_CONFLICT;
}

static enum err tell_change(struct db_conn *c, const struct change *change,
                            const struct id *session, const struct locked *was,
                            const struct session_told *after, bool quiet)
{
    enum session_news what = session_news(was->state, &was->told, after);
    if (what == NEWS_NONE || (what == NEWS_WORDS && quiet))
        return ERR_OK;
    struct session_change news = {
        .session = session,
        .congress = &was->congress,
        .kind = what == NEWS_WORDS ? "changed" : "rescheduled",
        .before = &was->told,
        .latest_at = session_told_by(change->at, was->told.starts_at, after->starts_at)};
    return notice_queue(c, change, &news);
}

/* Tells what is different, and ends the transaction. */
static enum err finish_change(struct db_conn *c, struct change *change, struct locked *was,
                              const struct id *session, enum err err, json_t **out)
{
    if (err == ERR_OK)
        err = shown_tell(c, change, &was->before);
    shown_release(&was->before);
    return finish_with(c, change, session, err, out);
}

enum err session_set(struct db_conn *c, struct change *change, const struct id *session,
                     const struct session_fields *fields, json_t **out)
{
    struct locked was = {0};
    struct session_told after;
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = lock_session(c, change, session, &was);
    if (err == ERR_OK)
        err = check_change(&was, fields, &after);
    if (err == ERR_OK)
        err = update_session(c, session, fields);
    if (err == ERR_OK && fields->ended_at)
        err = correct_end(c, session, &was, fields->ended_at);
    if (err == ERR_OK)
        err = tell_change(c, change, session, &was, &after, fields->quiet);
    if (err == ERR_OK && was.state == SESSION_LOBBY)
        err = db_exec(c, "SELECT join_links_extend($1, $2)", "ut", &was.congress, change->at);
    if (err == ERR_OK)
        err = change_audit(c, change, fields->ended_at ? "session.end_corrected" : "session.change",
                           "session", session, session_details(fields));
    return finish_change(c, change, &was, session, err, out);
}

/* Those who registered before learn that there is one more. */
static enum err tell_added(struct db_conn *c, const struct change *change, const struct id *session,
                           const struct locked *was)
{
    int64_t starts_at = was->told.starts_at;
    struct session_change news = {.session = session,
                                  .congress = &was->congress,
                                  .kind = "added",
                                  .latest_at = session_told_by(change->at, starts_at, starts_at)};
    return notice_queue(c, change, &news);
}

enum err session_publish(struct db_conn *c, struct change *change, const struct id *session,
                         json_t **out)
{
    struct locked was = {0};
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = lock_session(c, change, session, &was);
    if (err == ERR_OK && (was.is_break || !session_may_publish(was.state)))
        err = ERR_CONFLICT;
    if (err == ERR_OK)
        err = db_exec(c, "UPDATE session SET state = 'lobby' WHERE id = $1", "u", session);
    if (err == ERR_OK)
        err = db_exec(c, "SELECT join_links_extend($1, $2)", "ut", &was.congress, change->at);
    if (err == ERR_OK)
        err = tell_added(c, change, session, &was);
    if (err == ERR_OK)
        err = change_audit(c, change, "session.publish", "session", session, NULL);
    return finish_change(c, change, &was, session, err, out);
}

enum err session_cancel(struct db_conn *c, struct change *change, const struct id *session,
                        json_t **out)
{
    struct locked was = {0};
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = lock_session(c, change, session, &was);
    if (err == ERR_OK && !session_may_cancel(was.state))
        err = ERR_CONFLICT;
    if (err == ERR_OK)
        err = db_exec(c, "UPDATE session SET state = 'cancelled' WHERE id = $1", "u", session);
    if (err == ERR_OK && was.state == SESSION_LOBBY)
        err = notice_queue_cancelled(c, change, session, &was.congress);
    if (err == ERR_OK)
        err = change_audit(c, change, "session.cancel", "session", session, NULL);
    return finish_change(c, change, &was, session, err, out);
}

enum err session_tell_now(struct db_conn *c, struct change *change, const struct id *session,
                          json_t **out)
{
    struct locked was = {0};
    bool waited = false;
    enum err err = change_begin(c);
    if (err == ERR_OK)
        err = lock_session(c, change, session, &was);
    if (err == ERR_OK)
        err = notice_hurry(c, change, session, &waited);
    if (err == ERR_OK && waited)
        err = change_audit(c, change, "session.tell", "session", session, NULL);
    return finish_change(c, change, &was, session, err, out);
}
