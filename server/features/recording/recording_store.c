#include "features/recording/recording_store.h"
#include "base/mem.h"
#include "db/query.h"
#include "features/recording/recording_film_store.h"

static enum err read_running(struct db_conn *c, const struct id *session,
                             struct recording_state *out)
{
    struct db_result *r = db_query(c,
                                   "SELECT id, started_at FROM recording"
                                   " WHERE session_id = $1 AND stopped_at IS NULL",
                                   "u", session);
    enum err err = db_err(r);
    if (err == ERR_OK && db_rows(r)) {
        out->running = db_id(r, 0, 0);
        out->started_at = db_time(r, 0, 1);
    }
    db_result_free(r);
    return err;
}

static enum err read_consents(struct db_conn *c, const struct id *session,
                              struct recording_state *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT person_id, given FROM (SELECT DISTINCT ON (person_id) person_id, given, id"
                 "  FROM recording_consent WHERE session_id = $1 ORDER BY person_id, id DESC) said"
                 " ORDER BY id DESC LIMIT $2",
                 "ui", session, (int64_t)RECORDING_PEOPLE);
    enum err err = db_err(r);
    for (int i = 0; err == ERR_OK && i < db_rows(r); i++) {
        struct id person = db_id(r, i, 0);
        recording_said(out, &person, db_bool(r, i, 1));
    }
    db_result_free(r);
    return err;
}

enum err recording_load(struct db_conn *c, const struct id *session, struct recording_state *out)
{
    enum err err = db_read_bool(c, &out->automatic,
                                "SELECT EXISTS (SELECT 1 FROM recording_setting"
                                "                WHERE session_id = $1 AND automatic)",
                                "u", session);
    if (err == ERR_OK)
        err = read_running(c, session, out);
    return err == ERR_OK ? read_consents(c, session, out) : err;
}

/* --- starting and stopping, under the session's lock --- */

static json_t *naming(const struct id *recording)
{
    char text[ID_TEXT_SIZE];
    return json_pack("{s:s}", "recording", id_text(recording, text));
}

enum err recording_start(struct db_conn *c, struct change *change, const struct id *session)
{
    struct id recording;
    enum err err = db_read_id(
        c, &recording,
        "INSERT INTO recording (organisation_id, session_id, started_at, started_by)"
        " SELECT organisation_id, id, $2, (SELECT a.id FROM account a WHERE a.id = $3) FROM session"
        "  WHERE id = $1 ON CONFLICT DO NOTHING RETURNING id",
        "utu", session, change->at, &change->who.person);
    if (err != ERR_OK)
        return err == ERR_NOT_FOUND ? ERR_OK : err; /* it runs already */
    err = change_audit(c, change, "recording.start", "session", session, NULL);
    return err == ERR_OK ? change_event(c, change, session, "recording.started", naming(&recording))
                         : err;
}

enum err recording_stop(struct db_conn *c, struct change *change, const struct id *session,
                        const char *why)
{
    struct id recording;
    enum err err = db_read_id(c, &recording,
                              "UPDATE recording SET stopped_at = $2, why = $3"
                              " WHERE session_id = $1 AND stopped_at IS NULL RETURNING id",
                              "uts", session, change->at, why);
    if (err != ERR_OK)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    err = change_audit(c, change, "recording.stop", "session", session,
                       json_pack("{s:s}", "why", why));
    if (err == ERR_OK)
        err = recording_film_wanted(c, &change->who.organisation, &recording, change->at);
    json_t *data = naming(&recording);
    json_object_set_new(data, "why", json_string(why));
    if (err == ERR_OK)
        return change_event(c, change, session, "recording.stopped", data);
    json_decref(data);
    return err;
}

/* --- what people agree to --- */

/* Nothing that was recorded of them in this session stays. */
static enum err forget_person(struct db_conn *c, struct change *change, const struct id *session,
                              const struct id *person)
{
    struct db_result *r =
        db_query(c,
                 "WITH gone AS (DELETE FROM recording_chunk c USING recording r"
                 "  WHERE r.id = c.recording_id AND r.session_id = $1 AND c.person_id = $2"
                 "  RETURNING c.recording_id) SELECT DISTINCT recording_id FROM gone",
                 "uu", session, person);
    enum err err = db_err(r);
    for (int i = 0; err == ERR_OK && i < db_rows(r); i++) {
        struct id recording = db_id(r, i, 0);
        err = recording_film_wanted(c, &change->who.organisation, &recording, change->at);
    }
    db_result_free(r);
    return err;
}

static enum err write_consent(struct db_conn *c, struct lane_call *lc, bool given)
{
    struct change *change = &lc->change;
    bool hcp = change->who.roles & ROLE_HCP, same = false;
    enum err err =
        db_read_bool(c, &same,
                     "SELECT coalesce((SELECT given = $3 FROM recording_consent"
                     "  WHERE session_id = $1 AND person_id = $2 ORDER BY id DESC LIMIT 1), false)",
                     "uub", &lc->session, &change->who.person, given);
    if (err != ERR_OK || same)
        return err;
    err =
        db_exec(c,
                "INSERT INTO recording_consent (session_id, organisation_id, account_id,"
                " registration_id, given, at) VALUES ($1, $2, $3, $4, $5, $6)",
                "uuuubt", &lc->session, &change->who.organisation, hcp ? NULL : &change->who.person,
                hcp ? &change->who.person : NULL, given, change->at);
    if (err == ERR_OK && !given)
        err = forget_person(c, change, &lc->session, &change->who.person);
    char text[ID_TEXT_SIZE];
    return err == ERR_OK
               ? change_event(c, change, &lc->session, "recording.consented",
                              json_pack("{s:s,s:b}", "person", id_text(&change->who.person, text),
                                        "given", given))
               : err;
}

/* --- commands --- */

enum err recording_call_write(struct db_conn *c, struct lane_call *lc)
{
    struct recording_call *call = container_of(lc, struct recording_call, lc);
    bool open = false;
    if (call->act == RECORDING_CONSENT)
        return write_consent(c, lc, call->given);
    if (call->act == RECORDING_STOP)
        return recording_stop(c, &lc->change, &lc->session, RECORDING_BY_HOST);
    enum err err =
        db_read_bool(c, &open, "SELECT state IN ('lobby', 'live') FROM session WHERE id = $1", "u",
                     &lc->session);
    if (err == ERR_OK && !open)
        lane_call_refuse(lc, ERR_CONFLICT, "session.state");
    else if (err == ERR_OK && !recording_has_room())
        lane_call_refuse(lc, ERR_CONFLICT, "recording.storage");
    else if (err == ERR_OK)
        err = recording_start(c, &lc->change, &lc->session);
    return err;
}

/* --- by the server --- */

static enum err begin(struct db_conn *c, struct change *change, struct app *app,
                      const struct id *organisation, const struct id *session, int64_t now)
{
    change_init(change, app, NULL, now);
    change->who.organisation = *organisation;
    enum err err = change_begin(c);
    return err == ERR_OK ? sessions_lock(c, session, 1) : err;
}

enum err recording_start_alone(struct db_conn *c, struct app *app, const struct id *session,
                               int64_t now)
{
    struct id organisation;
    struct change change;
    enum err err = db_read_id(c, &organisation,
                              "SELECT s.organisation_id FROM session s"
                              "  JOIN recording_setting r ON r.session_id = s.id AND r.automatic"
                              " WHERE s.id = $1 AND s.state = 'live'",
                              "u", session);
    if (err != ERR_OK)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    err = begin(c, &change, app, &organisation, session, now);
    if (err == ERR_OK)
        err = recording_start(c, &change, session);
    return change_end(c, &change, err);
}

static enum err stop_one(struct db_conn *c, struct app *app, const struct id *organisation,
                         const struct id *session, const char *why, int64_t now)
{
    struct change change;
    enum err err = begin(c, &change, app, organisation, session, now);
    if (err == ERR_OK)
        err = recording_stop(c, &change, session, why);
    return change_end(c, &change, err);
}

/* Each row: organisation, session. */
static enum err stop_each(struct db_conn *c, struct app *app, struct db_result *r, const char *why,
                          int64_t now)
{
    enum err err = db_err(r);
    for (int i = 0; err == ERR_OK && i < db_rows(r); i++) {
        struct id organisation = db_id(r, i, 0), session = db_id(r, i, 1);
        err = stop_one(c, app, &organisation, &session, why, now);
    }
    db_result_free(r);
    return err;
}

enum err recording_fail(struct db_conn *c, struct app *app, const struct id *recording,
                        const char *why, int64_t now)
{
    struct db_result *r = db_query(c,
                                   "SELECT organisation_id, session_id FROM recording"
                                   " WHERE id = $1 AND stopped_at IS NULL",
                                   "u", recording);
    return stop_each(c, app, r, why, now);
}

enum err recording_end_all(struct db_conn *c, struct app *app, int64_t now)
{
    struct db_result *r =
        db_query(c,
                 "SELECT r.organisation_id, r.session_id FROM recording r"
                 "  JOIN session s ON s.id = r.session_id AND s.state IN ('ended', 'cancelled')"
                 " WHERE r.stopped_at IS NULL",
                 "");
    return stop_each(c, app, r, RECORDING_ENDED, now);
}
