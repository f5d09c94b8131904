#include "features/sessions/sessions_store.h"
#include "base/clock.h"
#include "db/query.h"

enum err session_load(struct db_conn *c, const struct id *session, struct session_row *out)
{
    struct db_result *r = db_query(
        c, "SELECT session_shown(id), organisation_id FROM session WHERE id = $1", "u", session);
    enum err err = db_one(r);
    if (!err) {
        out->shown = db_json(r, 0, 0);
        out->organisation = db_id(r, 0, 1);
    }
    db_result_free(r);
    return err;
}

/* The row is locked: what is compared is what is changed. */
static enum err compare(struct db_conn *c, struct session_command *command, int64_t *seq)
{
    struct lane_call *lc = &command->lc;
    struct db_result *r =
        db_query(c, "SELECT state, version, seq FROM session WHERE id = $1", "u", &lc->session);
    enum err err = db_err(r);
    enum session_state state;
    if (!err && (db_rows(r) != 1 || !session_state_parse(db_text(r, 0, 0), &state)))
        lane_call_refuse(lc, ERR_NOT_FOUND, NULL);
    else if (!err && db_int(r, 0, 1) != command->version)
        lane_call_refuse(lc, ERR_CONFLICT, "session.version");
    else if (!err && !session_allows(state, command->verb))
        lane_call_refuse(lc, ERR_CONFLICT, "session.state");
    else if (!err)
        *seq = db_int(r, 0, 2);
    db_result_free(r);
    return err;
}

static enum err write_row(struct db_conn *c, const struct session_command *command)
{
    const struct id *session = &command->lc.session;
    int64_t at = command->lc.change.at;
    switch (command->verb) {
    case SESSION_START:
        return db_exec(c,
                       "UPDATE session SET state = 'live', live_at = $2, version = version + 1"
                       " WHERE id = $1",
                       "ut", session, at);
    case SESSION_EXTEND:
        return db_exec(c,
                       "UPDATE session SET planned_minutes = $2, version = version + 1"
                       " WHERE id = $1",
                       "ui", session, command->planned_minutes);
    case SESSION_END:
        break;
    }
    return db_exec(c,
                   "UPDATE session SET state = 'ended', ended_at = greatest($2, live_at),"
                   " version = version + 1 WHERE id = $1",
                   "ut", session, at);
}

/* What ends with the session comes before its own end. */
static enum err end_the_rest(struct db_conn *c, struct session_command *command, int64_t seq)
{
    struct change *change = &command->lc.change;
    enum err err = db_exec(c, "SELECT session_ends($1, $2, $3)", "uut", &command->lc.session,
                           &change->who.person, change->at);
    return err ? err : change_collect(c, change, &command->lc.session, seq);
}

enum err session_command_write(struct db_conn *c, struct lane_call *lc)
{
    struct session_command *command = container_of(lc, struct session_command, lc);
    int64_t seq = 0;
    enum err err = compare(c, command, &seq);
    if (err || lc->item.err)
        return err;
    json_t *data = session_verb_data(command->verb, command->version + 1, command->planned_minutes,
                                     lc->change.at);
    err = write_row(c, command);
    if (!err && command->verb == SESSION_END)
        err = end_the_rest(c, command, seq);
    if (!err)
        err = change_event(c, &lc->change, &lc->session, session_verb_event(command->verb),
                           json_incref(data));
    if (!err)
        err = change_audit(c, &lc->change, session_verb_action(command->verb), "session",
                           &lc->session, json_incref(data));
    json_decref(data);
    return err;
}
