#include "base/app.h"
#include "base/mem.h"
#include "db/query.h"
#include "room/change.h"
#include "room/tell.h"
#include <assert.h>

#define COLLECT_MOST 1000

void change_init(struct change *change, struct app *app, const struct identity *who, int64_t at)
{
    *change = (struct change){.catalog = app->events, .app = app, .at = at};
    if (who)
        change->who = *who;
    list_init(&change->events);
}

void change_reset(struct change *change)
{
    events_free(&change->events);
}

enum err sessions_lock(struct db_conn *c, const struct id *sessions, size_t n)
{
    return db_exec(c, "SELECT sessions_lock($1)", "U", sessions, n);
}

enum err congress_lock(struct db_conn *c, const struct identity *who, const struct id *congress)
{
    return db_found(
        c, "SELECT 1 FROM congress WHERE id = $1 AND organisation_id = $2 FOR NO KEY UPDATE", "uu",
        congress, &who->organisation);
}

static enum err attach(struct db_conn *c, struct event *event)
{
    return event->type && event->type->attach ? event->type->attach(c, event) : ERR_OK;
}

static const struct id *actor_of(const struct change *change)
{
    return change->who.roles ? &change->who.person : NULL;
}

enum err change_event(struct db_conn *c, struct change *change, const struct id *session,
                      const char *type, json_t *payload)
{
    struct event *event = mem_new(sizeof *event);
    event->type = event_type_find(change->catalog, type);
    assert(event->type); /* every type is declared by a feature */
    event->session = *session;
    event->at = change->at;
    event->version = event->type->version;
    event->audience = event->type->audience;
    event->payload = payload ? payload : json_object();
    if (change->who.roles)
        event->actor = change->who.person;
    struct db_result *r =
        db_query(c,
                 "SELECT session_append_event($1, $2, $3::int, $4::int, $5, $6, $7), congress_id"
                 "  FROM session WHERE id = $1",
                 "usiiujt", session, type, (int64_t)event->version, (int64_t)event->audience,
                 actor_of(change), event->payload, event->at);
    enum err err = db_one(r);
    if (!err) {
        event->seq = db_int(r, 0, 0);
        event->congress = db_id(r, 0, 1);
    }
    db_result_free(r);
    if (!err)
        err = attach(c, event);
    if (err)
        event_free(event);
    else
        list_append(&change->events, &event->node);
    return err;
}

enum err change_collect(struct db_conn *c, struct change *change, const struct id *session,
                        int64_t seq)
{
    return log_read(c, change->catalog, session, seq, COLLECT_MOST, &change->events);
}

enum err change_session_shown(struct db_conn *c, struct change *change, const struct id *session,
                              const char *type)
{
    json_t *shown = NULL;
    enum err err = db_read_json(c, &shown, "SELECT session_shown($1)", "u", session);
    return err ? err : change_event(c, change, session, type, shown);
}

enum err audit_write(struct db_conn *c, const struct identity *who, int64_t at, const char *action,
                     const char *object_kind, const struct id *object, json_t *details)
{
    bool known = identity_known(who);
    const char *kind = !known ? "system" : who->roles & ROLE_HCP ? "registration" : "account";
    enum err err =
        db_exec(c, "SELECT audit($1, $2, $3, $4, $5, $6, $7, $8)", "utsussuj", &who->organisation,
                at, kind, known ? &who->person : NULL, action, object_kind, object, details);
    json_decref(details);
    return err;
}

enum err change_audit(struct db_conn *c, const struct change *change, const char *action,
                      const char *object_kind, const struct id *object, json_t *details)
{
    return audit_write(c, &change->who, change->at, action, object_kind, object, details);
}

enum err change_begin(struct db_conn *c)
{
    return db_begin(c);
}

enum err change_end(struct db_conn *c, struct change *change, enum err err)
{
    if (err) {
        db_rollback(c);
        events_free(&change->events);
        return err;
    }
    err = db_commit(c);
    if (err)
        tell_unknown(change->app, &change->events);
    else
        tell_committed(change->app, &change->events);
    return err;
}

/* --- reading --- */

static struct event *event_from_row(const struct event_catalog *catalog, const struct id *session,
                                    const struct db_result *r, int row)
{
    struct event *event = mem_new(sizeof *event);
    event->session = *session;
    event->seq = db_int(r, row, 0);
    event->at = db_time(r, row, 1);
    event->type = event_type_find(catalog, db_text(r, row, 2));
    event->version = (int)db_int(r, row, 3);
    event->audience = (unsigned)db_int(r, row, 4);
    event->actor = db_id(r, row, 5);
    event->payload = db_json(r, row, 6);
    event->congress = db_id(r, row, 7);
    return event;
}

enum err log_read(struct db_conn *c, const struct event_catalog *catalog, const struct id *session,
                  int64_t seq, int most, struct list *events)
{
    struct db_result *r = db_query(c,
                                   "SELECT e.seq, e.at, e.type, e.version::bigint,"
                                   "       e.audience::bigint, e.actor, e.payload, s.congress_id"
                                   "  FROM session_event e JOIN session s ON s.id = e.session_id"
                                   " WHERE e.session_id = $1 AND e.seq > $2"
                                   " ORDER BY e.seq LIMIT $3",
                                   "uii", session, seq, (int64_t)most);
    enum err err = db_err(r);
    for (int row = 0; !err && row < db_rows(r); row++) {
        struct event *event = event_from_row(catalog, session, r, row);
        list_append(events, &event->node);
        if (event_is_known(event)) /* what another one names is not known */
            err = attach(c, event);
    }
    db_result_free(r);
    return err;
}

enum err log_last(struct db_conn *c, const struct id *session, int64_t *seq)
{
    return db_read_int(c, seq, "SELECT seq FROM session WHERE id = $1", "u", session);
}

enum err log_unread_type(struct db_conn *c, const struct event_catalog *catalog,
                         char type[static LOG_TYPE_SIZE])
{
    struct db_result *r =
        db_query(c,
                 "SELECT e.type, max(e.version)::bigint FROM session s"
                 "  JOIN session_event e ON e.session_id = s.id AND e.version > 0"
                 " WHERE s.state IN ('draft', 'lobby', 'live') GROUP BY e.type ORDER BY e.type",
                 "");
    enum err err = db_err(r);
    type[0] = '\0';
    for (int row = 0; !err && !type[0] && row < db_rows(r); row++) {
        const char *name = db_text(r, row, 0);
        int version = (int)db_int(r, row, 1);
        if (!event_is_known(
                &(struct event){.type = event_type_find(catalog, name), .version = version}))
            snprintf(type, LOG_TYPE_SIZE, "%.64s %d", name, version);
    }
    db_result_free(r);
    return err;
}

enum err log_show_durable(struct db_conn *c)
{
    return db_show_durable(c);
}

enum err log_snapshot_begin(struct db_conn *c)
{
    enum err err = db_begin(c);
    if (!err)
        err = db_exec(c, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", "");
    return err;
}

enum err log_snapshot_end(struct db_conn *c, enum err err)
{
    return db_end(c, err ? err : log_show_durable(c));
}
