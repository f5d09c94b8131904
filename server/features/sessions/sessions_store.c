#include "features/sessions/sessions_store.h"
#include "base/clock.h"
#include "db/event.h"

static json_t *time_json(int64_t at)
{
    char text[TIME_TEXT_SIZE];
    return at ? json_string(time_text(at, text)) : json_null();
}

static int64_t time_col(const struct db_result *r, int col)
{
    return db_null(r, 0, col) ? 0 : db_time(r, 0, col);
}

static json_t *shown_from(const struct session_row *row, const struct id *session,
                          const struct db_result *r)
{
    char id[ID_TEXT_SIZE], congress[ID_TEXT_SIZE];
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:o,s:I,s:o,s:o,s:s,s:{s:s,s:s,s:s},s:{s:s,s:s}}",
                     "id", id_text(session, id), "title", db_text(r, 0, 0), "description",
                     db_text(r, 0, 1), "language", db_text(r, 0, 2), "state", db_text(r, 0, 3),
                     "version", (json_int_t)row->version, "starts_at", time_json(row->starts_at),
                     "planned_minutes", (json_int_t)db_int(r, 0, 7), "live_at",
                     time_json(row->live_at), "ended_at", time_json(row->ended_at), "listen_at",
                     db_text(r, 0, 10), "congress", "id", id_text(&row->congress, congress),
                     "title", db_text(r, 0, 13), "time_zone", db_text(r, 0, 14), "organisation",
                     "name", db_text(r, 0, 15), "contact_email", db_text(r, 0, 16));
}

enum err session_load(struct db_conn *c, const struct id *session, struct session_row *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT s.title, s.description, s.language, s.state, s.version, s.seq,"
                 "       s.starts_at, s.planned_minutes::bigint, s.live_at, s.ended_at,"
                 "       s.listen_at, s.organisation_id, s.congress_id, c.title, c.time_zone,"
                 "       o.name, o.contact_email"
                 "  FROM session s"
                 "  JOIN congress c ON c.id = s.congress_id"
                 "  JOIN organisation o ON o.id = s.organisation_id"
                 " WHERE s.id = $1",
                 "u", session);
    enum err err = db_err(r);
    if (err == ERR_OK && (db_rows(r) != 1 || !session_state_parse(db_text(r, 0, 3), &out->state)))
        err = ERR_NOT_FOUND;
    if (err == ERR_OK) {
        out->version = db_int(r, 0, 4);
        out->seq = db_int(r, 0, 5);
        out->starts_at = time_col(r, 6);
        out->live_at = time_col(r, 8);
        out->ended_at = time_col(r, 9);
        out->organisation = db_id(r, 0, 11);
        out->congress = db_id(r, 0, 12);
        out->shown = shown_from(out, session, r);
    }
    db_result_free(r);
    return err;
}

/* --- commands --- */

/* Locks the row, so that what is compared is what is changed. */
static enum err compare(struct db_conn *c, struct session_change *change)
{
    struct db_result *r = db_query(
        c, "SELECT state, version FROM session WHERE id = $1 AND organisation_id = $2 FOR UPDATE",
        "uu", &change->session, &change->organisation);
    enum err err = db_err(r);
    enum session_state state;
    if (err == ERR_OK && (db_rows(r) != 1 || !session_state_parse(db_text(r, 0, 0), &state))) {
        change->item.err = ERR_NOT_FOUND;
    } else if (err == ERR_OK && db_int(r, 0, 1) != change->version) {
        change->item.err = ERR_CONFLICT;
        change->code = "session.version";
    } else if (err == ERR_OK && !session_allows(state, change->verb)) {
        change->item.err = ERR_CONFLICT;
        change->code = "session.state";
    }
    db_result_free(r);
    return err;
}

static enum err write_row(struct db_conn *c, const struct session_change *change)
{
    switch (change->verb) {
    case SESSION_START:
        return db_exec(c,
                       "UPDATE session SET state = 'live', live_at = $2, version = version + 1"
                       " WHERE id = $1",
                       "ut", &change->session, change->at);
    case SESSION_EXTEND:
        return db_exec(c,
                       "UPDATE session SET planned_minutes = $2, version = version + 1"
                       " WHERE id = $1",
                       "ui", &change->session, change->planned_minutes);
    case SESSION_END:
        break;
    }
    return db_exec(c,
                   "UPDATE session SET state = 'ended', ended_at = greatest($2, live_at),"
                   " version = version + 1 WHERE id = $1",
                   "ut", &change->session, change->at);
}

static enum err end_the_rest(struct db_conn *c, struct session_change *change)
{
    struct db_result *r = db_query(c, "SELECT seq, type, payload FROM session_ends($1, $2)", "ut",
                                   &change->session, change->at);
    enum err err = db_err(r);
    change->first = json_array();
    for (int i = 0; err == ERR_OK && i < db_rows(r); i++)
        json_array_append_new(change->first,
                              json_pack("{s:I,s:s,s:o}", "seq", (json_int_t)db_int(r, i, 0), "type",
                                        db_text(r, i, 1), "data", db_json(r, i, 2)));
    db_result_free(r);
    return err;
}

static enum err run_change(struct db_conn *c, struct session_change *change)
{
    change->item.err = ERR_OK;
    json_decref(change->data); /* of a try that was rolled back */
    json_decref(change->first);
    change->data = change->first = NULL;
    enum err err = compare(c, change);
    if (err != ERR_OK || change->item.err != ERR_OK)
        return err;
    change->data =
        session_verb_data(change->verb, change->version + 1, change->planned_minutes, change->at);
    err = write_row(c, change);
    if (err == ERR_OK && change->verb == SESSION_END)
        err = end_the_rest(c, change);
    if (err == ERR_OK)
        err = db_append_event(c, &change->session, session_verb_event(change->verb),
                              json_incref(change->data), change->at, &change->seq);
    if (err == ERR_OK)
        err = db_exec(c, "SELECT audit($1, $2, 'account', $3, $4, 'session', $5, $6)", "utusuj",
                      &change->organisation, change->at, &change->actor,
                      session_verb_action(change->verb), &change->session, change->data);
    return err;
}

static enum err run_changes(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    enum err err = ERR_OK;
    for (size_t i = 0; i < n && err == ERR_OK; i++)
        err = run_change(c, container_of(items[i], struct session_change, item));
    return err;
}

const struct lane_kind session_change_kind = {"session.change", run_changes};

/* --- reloading --- */

static enum err read_missed(struct db_conn *c, struct session_reload *reload)
{
    struct db_result *r =
        db_query(c,
                 "SELECT seq, at, type, payload FROM session_event"
                 " WHERE session_id = $1 AND seq > $2 AND type = ANY ("
                 "   ARRAY['session.started', 'session.extended', 'session.ended',"
                 "         'session.changed']) ORDER BY seq LIMIT 100",
                 "ui", &reload->session, reload->known_seq);
    enum err err = db_err(r);
    for (int i = 0; err == ERR_OK && i < db_rows(r); i++)
        json_array_append_new(reload->missed,
                              json_pack("{s:I,s:I,s:s,s:o}", "seq", (json_int_t)db_int(r, i, 0),
                                        "at", (json_int_t)db_time(r, i, 1), "type",
                                        db_text(r, i, 2), "data", db_json(r, i, 3)));
    db_result_free(r);
    return err;
}

static enum err announce(struct db_conn *c, struct session_reload *reload)
{
    json_t *data = session_changed_data(reload->row.shown);
    int64_t seq = 0;
    enum err err = db_append_event(c, &reload->session, "session.changed", json_incref(data),
                                   reload->at, &seq);
    if (err == ERR_OK)
        json_array_append_new(reload->missed, json_pack("{s:I,s:I,s:s,s:O}", "seq", (json_int_t)seq,
                                                        "at", (json_int_t)reload->at, "type",
                                                        "session.changed", "data", data));
    json_decref(data);
    return err;
}

static enum err run_reload(struct db_conn *c, struct session_reload *reload)
{
    json_decref(reload->row.shown);
    json_decref(reload->missed);
    reload->row.shown = NULL;
    reload->missed = json_array();
    enum err err = session_load(c, &reload->session, &reload->row);
    if (err == ERR_OK)
        err = read_missed(c, reload);
    if (err == ERR_OK && reload->announce && json_array_size(reload->missed) == 0 &&
        session_shown_differs(reload->known, reload->row.shown))
        err = announce(c, reload);
    return err;
}

static enum err run_reloads(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    enum err err = ERR_OK;
    for (size_t i = 0; i < n && err == ERR_OK; i++)
        err = run_reload(c, container_of(items[i], struct session_reload, item));
    return err;
}

const struct lane_kind session_reload_kind = {"session.reload", run_reloads};
