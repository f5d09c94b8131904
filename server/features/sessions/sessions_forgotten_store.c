#include "features/sessions/sessions_forgotten_store.h"
#include "base/clock.h"
#include "features/sessions/sessions.h"
#include "room/change.h"

#define SESSIONS_A_TURN 32

/* The sessions s that are forgotten, $1 being the moment before which the last one left. */
#define LEFT                                                                                       \
    "greatest(s.live_at,"                                                                          \
    " (SELECT max(p.left_at) FROM span p WHERE p.session_id = s.id))"
#define FORGOTTEN                                                                                  \
    "s.state = 'live' AND " LEFT " < $1 AND NOT EXISTS (SELECT FROM span p"                        \
    "   WHERE p.session_id = s.id AND p.left_at IS NULL)"

/* Under the lock it may be another story: somebody came back. */
static enum err still_forgotten(struct db_conn *c, const struct id *session, int64_t before,
                                int64_t *version, int64_t *seq, int64_t *left)
{
    struct db_result *r = db_query(
        c, "SELECT s.version, s.seq, " LEFT " FROM session s WHERE s.id = $2 AND " FORGOTTEN, "tu",
        before, session);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        *version = db_int(r, 0, 0);
        *seq = db_int(r, 0, 1);
        *left = db_time(r, 0, 2);
    }
    db_result_free(r);
    return err;
}

static enum err write_end(struct db_conn *c, struct change *change, const struct id *session,
                          int64_t before)
{
    int64_t version, seq, left;
    enum err err = still_forgotten(c, session, before, &version, &seq, &left);
    if (err)
        return err;
    json_t *data = session_verb_data(SESSION_END, version + 1, 0, left);
    err = db_exec(c,
                  "UPDATE session SET state = 'ended', ended_at = $2, version = version + 1"
                  " WHERE id = $1",
                  "ut", session, left);
    if (!err)
        err = db_exec(c, "SELECT session_ends($1, NULL, $2)", "ut", session, change->at);
    if (!err)
        err = change_collect(c, change, session, seq);
    if (!err)
        err = change_event(c, change, session, "session.ended", json_incref(data));
    if (!err)
        err = change_audit(c, change, "session.end_alone", "session", session, json_incref(data));
    json_decref(data);
    return err;
}

static enum err end_one(struct db_conn *c, struct app *app, const struct id *organisation,
                        const struct id *session, int64_t before, int64_t now)
{
    struct change change;
    change_init(&change, app, NULL, now);
    change.who.organisation = *organisation;
    enum err err = change_begin(c);
    if (!err)
        err = sessions_lock(c, session, 1);
    if (!err)
        err = write_end(c, &change, session, before);
    err = change_end(c, &change, err);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err forgotten_end(struct db_conn *c, struct app *app, int64_t alone_us, int64_t now)
{
    int64_t before = now - alone_us;
    struct db_result *r = db_query(c,
                                   "SELECT s.organisation_id, s.id FROM session s"
                                   " WHERE " FORGOTTEN " AND EXISTS (SELECT FROM node n"
                                   "   WHERE n.id = $2 AND n.started_at < $1) LIMIT $3",
                                   "tui", before, &app->node, (int64_t)SESSIONS_A_TURN);
    enum err err = db_err(r);
    for (int row = 0; !err && row < db_rows(r); row++) {
        struct id organisation = db_id(r, row, 0), session = db_id(r, row, 1);
        err = end_one(c, app, &organisation, &session, before, now);
    }
    db_result_free(r);
    return err;
}
