#include "features/questions/questions_store.h"
#include "base/mem.h"
#include "db/query.h"
#include <string.h>

/* --- reading --- */

/* A person who was erased has no name. */
#define QUESTION_COLUMNS                                                                           \
    "q.id, q.registration_id, q.text, q.anonymous, q.state, q.asked_at,"                           \
    " nullif(trim(h.first_name || ' ' || h.last_name), '')"                                        \
    " FROM question q JOIN registration r ON r.id = q.registration_id"                             \
    " JOIN hcp h ON h.id = r.hcp_id"

static struct question *from_row(const struct db_result *r, int row)
{
    struct question *q = question_new();
    q->id = db_id(r, row, 0);
    q->person = db_id(r, row, 1);
    q->text = mem_strdup(db_text(r, row, 2));
    q->anonymous = db_bool(r, row, 3);
    question_state_parse(db_text(r, row, 4), &q->state);
    q->asked_at = db_time(r, row, 5);
    q->author = db_null(r, row, 6) ? NULL : mem_strdup(db_text(r, row, 6));
    return q;
}

static enum err add_question(void *arg, const struct db_result *r)
{
    questions_add(arg, from_row(r, 0));
    return ERR_OK;
}

static enum err add_vote(void *arg, const struct db_result *r)
{
    struct id id = db_id(r, 0, 0), person = db_id(r, 0, 1);
    struct question *q = questions_find(arg, &id);
    if (q)
        questions_count(arg, q, &person);
    return ERR_OK;
}

static enum err load_staged(struct db_conn *c, const struct id *session, struct questions *all)
{
    struct id staged;
    enum err err = db_read_id(
        c, &staged,
        "SELECT id FROM question WHERE session_id = $1 AND staged AND state = 'approved' LIMIT 1",
        "u", session);
    if (!err)
        all->staged = questions_find(all, &staged);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err questions_load(struct db_conn *c, const struct id *session, struct questions *all)
{
    enum err err =
        db_stream(c, add_question, all,
                  "SELECT " QUESTION_COLUMNS " WHERE q.session_id = $1 ORDER BY q.asked_at, q.id",
                  "u", session);
    if (!err)
        err = db_stream(c, add_vote, all,
                        "SELECT v.question_id, v.registration_id FROM question_vote v"
                        " JOIN question q ON q.id = v.question_id WHERE q.session_id = $1"
                        " ORDER BY v.at",
                        "u", session);
    return err ? err : load_staged(c, session, all);
}

enum err question_read(struct db_conn *c, const struct id *session, const struct id *question,
                       struct question **out)
{
    struct db_result *r =
        db_query(c, "SELECT " QUESTION_COLUMNS " WHERE q.id = $1 AND q.session_id = $2", "uu",
                 question, session);
    enum err err = db_one(r);
    *out = err ? NULL : from_row(r, 0);
    db_result_free(r);
    return err;
}

static enum err keep_vote(void *arg, const struct db_result *r)
{
    struct question_votes *votes = arg;
    if ((votes->n & (votes->n - 1)) == 0) /* full at each power of two */
        votes->items =
            mem_resize(votes->items, (votes->n ? votes->n * 2 : 1) * sizeof *votes->items);
    votes->items[votes->n++] =
        (struct question_vote_row){.question = db_id(r, 0, 0), .person = db_id(r, 0, 1)};
    return ERR_OK;
}

enum err question_votes_read(struct db_conn *c, const struct id *session,
                             struct question_votes *out)
{
    return db_stream(
        c, keep_vote, out,
        "SELECT question_id, registration_id FROM question_vote WHERE session_id = $1 ORDER BY at",
        "u", session);
}

/* --- asking --- */

/* Of session $1 and person $2, whose limits are $3 and $4. The session's row is locked since the
 * batch began: nobody else asks. */
#define ROOM_FOR_ONE                                                                               \
    "(SELECT count(*) FROM question WHERE session_id = $1) < $3"                                   \
    " AND (SELECT count(*) FROM question WHERE session_id = $1 AND registration_id = $2) < $4"

static enum err insert_question(struct db_conn *c, const struct question_ask *ask, bool *inserted)
{
    const struct question *q = ask->question;
    struct db_result *r = db_query(
        c,
        "INSERT INTO question (id, organisation_id, session_id, registration_id, text,"
        " anonymous, asked_at, state_at)"
        " SELECT $5, s.organisation_id, s.id, r.id, $6, $7, $8, $8 FROM session s, registration r"
        "   JOIN hcp h ON h.id = r.hcp_id AND h.erased_at IS NULL"
        " WHERE s.id = $1 AND s.state IN ('lobby', 'live') AND r.id = $2 AND " ROOM_FOR_ONE
        " ON CONFLICT (id) DO NOTHING RETURNING id",
        "uuiiusbt", &ask->lc.session, &q->person, (int64_t)QUESTIONS_MAX,
        (int64_t)QUESTIONS_PER_PERSON, &q->id, q->text, q->anonymous, q->asked_at);
    enum err err = db_err(r);
    *inserted = !err && db_rows(r) == 1;
    db_result_free(r);
    return err;
}

static enum err id_in_use(struct db_conn *c, const struct id *id, bool *used)
{
    enum err err = db_found(c, "SELECT 1 FROM question WHERE id = $1", "u", id);
    *used = !err;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Why it was not inserted: there are enough, or the session takes no questions (any more), or the
 * person was erased meanwhile. */
static enum err refuse_ask(struct db_conn *c, struct question_ask *ask)
{
    bool full = false;
    enum err err = db_read_bool(c, &full,
                                "SELECT state IN ('lobby', 'live') AND NOT (" ROOM_FOR_ONE ")"
                                "  FROM session WHERE id = $1",
                                "uuii", &ask->lc.session, &ask->question->person,
                                (int64_t)QUESTIONS_MAX, (int64_t)QUESTIONS_PER_PERSON);
    if (!err && full)
        lane_call_refuse(&ask->lc, ERR_RATE, NULL);
    else if (!err)
        lane_call_refuse(&ask->lc, ERR_CONFLICT, "session.state");
    return err;
}

/* It was there: the same question sent again is answered as before. Another person's question, or
 * one of another session, looks the same as any id that cannot be used. */
static enum err compare_stored(struct db_conn *c, struct question_ask *ask)
{
    struct question *stored = NULL;
    const struct question *asked = ask->question;
    enum err err = question_read(c, &ask->lc.session, &asked->id, &stored);
    if (err && err != ERR_NOT_FOUND)
        return err;
    if (!stored || !question_same(stored, &asked->person, asked->text, asked->anonymous)) {
        lane_call_refuse(&ask->lc, ERR_INVALID, NULL);
        ask->lc.field = "question";
        ask->lc.reason = "in use";
    }
    question_free(stored);
    return ERR_OK;
}

static json_t *naming(const struct id *question)
{
    char text[ID_TEXT_SIZE];
    return json_pack("{s:s}", "question", id_text(question, text));
}

enum err question_ask_write(struct db_conn *c, struct lane_call *lc)
{
    struct question_ask *ask = container_of(lc, struct question_ask, lc);
    const struct id *id = &ask->question->id;
    bool inserted = false, used = true;
    enum err err = insert_question(c, ask, &inserted);
    if (!err && inserted)
        return change_event(c, &lc->change, &lc->session, "question.asked", naming(id));
    if (!err)
        err = id_in_use(c, id, &used);
    if (!err && used)
        return compare_stored(c, ask);
    return err ? err : refuse_ask(c, ask);
}

/* --- voting --- */

/* Rows are locked, so that the question is approved until this commits. */
static const char insert_votes[] =
    "WITH given AS (SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[])"
    "      AS v (question_id, registration_id, at)),"
    " once AS (SELECT DISTINCT ON (question_id, registration_id) * FROM given"
    "      ORDER BY question_id, registration_id, at),"
    " approved AS (SELECT id, registration_id FROM question WHERE session_id = $1"
    "      AND id = ANY ($2) AND state = 'approved' FOR SHARE)"
    " INSERT INTO question_vote (session_id, question_id, registration_id, at)"
    " SELECT $1, o.question_id, o.registration_id, o.at FROM once o"
    "   JOIN approved a ON a.id = o.question_id AND a.registration_id <> o.registration_id"
    " ON CONFLICT (question_id, registration_id) DO NOTHING";

/* New and earlier ones: a vote that was sent again is answered like the first. */
static const char stored_votes[] = "SELECT v.n FROM unnest($1::uuid[], $2::uuid[])"
                                   " WITH ORDINALITY AS v (question_id, registration_id, n)"
                                   " JOIN question_vote s USING (question_id, registration_id)";

enum err question_votes_write(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    struct id questions[LANE_BATCH], people[LANE_BATCH];
    int64_t times[LANE_BATCH];
    struct question_vote *vote = NULL;
    for (size_t i = 0; i < n; i++) {
        vote = container_of(items[i], struct question_vote, lc.item);
        lane_call_refuse(&vote->lc, ERR_CONFLICT, "question.state"); /* unless it is found below */
        questions[i] = vote->question;
        people[i] = vote->lc.change.who.person;
        times[i] = vote->lc.change.at;
    }
    enum err err =
        db_exec(c, insert_votes, "uUUT", &vote->lc.session, questions, n, people, n, times, n);
    if (err)
        return err;
    struct db_result *r = db_query(c, stored_votes, "UU", questions, n, people, n);
    err = db_err(r);
    for (int row = 0; !err && row < db_rows(r); row++)
        items[db_int(r, row, 0) - 1]->err = ERR_OK;
    db_result_free(r);
    return err;
}

/* --- moderating --- */

static enum err lock_state(struct db_conn *c, const struct id *session, const struct id *question,
                           enum question_state *from)
{
    struct db_result *r = db_query(c,
                                   "SELECT state FROM question WHERE id = $1 AND session_id = $2"
                                   " FOR NO KEY UPDATE",
                                   "uu", question, session);
    enum err err = db_err(r);
    if (!err && (db_rows(r) == 0 || !question_state_parse(db_text(r, 0, 0), from)))
        err = ERR_NOT_FOUND;
    db_result_free(r);
    return err;
}

static enum err write_move(struct db_conn *c, struct question_move *move, enum question_state from)
{
    static const char *const actions[] = {"question.ask", "question.approve", "question.answer",
                                          "question.dismiss"};
    struct change *change = &move->lc.change;
    json_t *payload = naming(&move->question);
    json_object_set_new(payload, "state", json_string(question_state_words[move->to]));
    enum err err = change_event(c, change, &move->lc.session, "question.changed", payload);
    if (!err)
        err = db_exec(c,
                      "UPDATE question SET state = $2, state_at = $3, staged = false WHERE id = $1",
                      "ust", &move->question, question_state_words[move->to], change->at);
    const char *hcp_event = question_hcp_event_type(from, move->to);
    if (!err && hcp_event)
        err = change_event(c, change, &move->lc.session, hcp_event, naming(&move->question));
    if (!err)
        err = change_audit(c, change, actions[move->to], "question", &move->question, NULL);
    return err;
}

enum err question_move_write(struct db_conn *c, struct lane_call *lc)
{
    struct question_move *move = container_of(lc, struct question_move, lc);
    enum question_state from = QUESTION_ASKED;
    enum err err = lock_state(c, &lc->session, &move->question, &from);
    if (!err && question_may_become(from, move->to))
        return write_move(c, move, from);
    if (err && err != ERR_NOT_FOUND)
        return err;
    lane_call_refuse(lc, err ? err : ERR_CONFLICT, err ? NULL : "question.state");
    return ERR_OK;
}

/* ERR_NOT_FOUND: it was so before. The session's row is locked: nobody else stages one. */
static enum err set_staged(struct db_conn *c, const struct question_stage *stage)
{
    enum err err = ERR_OK;
    if (stage->on)
        err = db_exec(c,
                      "UPDATE question SET staged = false"
                      " WHERE session_id = $1 AND staged AND id <> $2",
                      "uu", &stage->lc.session, &stage->question);
    if (!err)
        err = db_found(c,
                       "UPDATE question SET staged = $2 WHERE id = $1 AND staged <> $2 RETURNING 1",
                       "ub", &stage->question, stage->on);
    return err;
}

static enum err write_stage(struct db_conn *c, struct question_stage *stage)
{
    struct change *change = &stage->lc.change;
    enum err err = set_staged(c, stage);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    json_t *payload = stage->on ? naming(&stage->question) : json_pack("{s:n}", "question");
    err = change_event(c, change, &stage->lc.session, "question.staged", payload);
    if (!err)
        err = change_audit(c, change, stage->on ? "question.stage" : "question.unstage", "question",
                           &stage->question, NULL);
    return err;
}

enum err question_stage_write(struct db_conn *c, struct lane_call *lc)
{
    struct question_stage *stage = container_of(lc, struct question_stage, lc);
    enum question_state state = QUESTION_ASKED;
    enum err err = lock_state(c, &lc->session, &stage->question, &state);
    if (!err && (!stage->on || question_may_stage(state)))
        return write_stage(c, stage);
    if (err && err != ERR_NOT_FOUND)
        return err;
    lane_call_refuse(lc, err ? err : ERR_CONFLICT, err ? NULL : "question.state");
    return ERR_OK;
}

/* --- who asked --- */

enum err questions_askers(struct db_conn *c, const struct id *session, json_t **out)
{
    return db_read_json(
        c, out,
        "SELECT jsonb_build_object('next', NULL, 'items', coalesce(jsonb_agg(jsonb_build_object("
        "    'question', q.id, 'profession', r.profession, 'specialty', r.specialty, 'profiles',"
        "    (SELECT coalesce(jsonb_agg(p.name ORDER BY p.position, p.name), '[]')"
        "       FROM registration_profile m JOIN target_profile p ON p.id = m.target_profile_id"
        "      WHERE m.registration_id = r.id)) ORDER BY q.asked_at, q.id), '[]'))"
        "  FROM (SELECT id, registration_id, asked_at FROM question WHERE session_id = $1"
        "         ORDER BY asked_at DESC, id DESC LIMIT $2) q"
        "  JOIN registration r ON r.id = q.registration_id"
        "  JOIN hcp h ON h.id = r.hcp_id AND h.erased_at IS NULL",
        "ui", session, (int64_t)QUESTIONS_SHOWN);
}

/* --- exports --- */

const struct export_count questions_exported[] = {
    {{"questions", "Questions", "Questions"},
     "SELECT registration_id, count(*) FROM question WHERE session_id = $1 GROUP BY 1"},
    {{0}, NULL},
};

/* --- erasure --- */

enum err questions_erase(struct db_conn *c, const struct id *hcp)
{
    return db_exec(c,
                   "UPDATE question SET text = '' WHERE registration_id IN"
                   " (SELECT id FROM registration WHERE hcp_id = $1)",
                   "u", hcp);
}
