#include "features/questions/questions_store.h"
#include "base/mem.h"
#include "db/event.h"
#include "db/query.h"
#include <string.h>

/* --- reading --- */

/* A person who was erased has no name. */
#define QUESTION_COLUMNS                                                                           \
    "q.id, q.registration_id, q.text, q.anonymous, q.state, q.asked_at,"                           \
    " nullif(trim(h.first_name || ' ' || h.last_name), '')"                                        \
    " FROM question q JOIN registration r ON r.id = q.registration_id"                             \
    " JOIN hcp h ON h.id = r.hcp_id"

static enum question_state state_of_word(const char *word)
{
    int i = 0;
    while (question_state_words[i + 1] && strcmp(question_state_words[i], word) != 0)
        i++;
    return (enum question_state)i;
}

static struct question *from_row(const struct db_result *r, int row)
{
    struct question *q = question_new();
    q->id = db_id(r, row, 0);
    q->person = db_id(r, row, 1);
    q->text = mem_strdup(db_text(r, row, 2));
    q->anonymous = db_bool(r, row, 3);
    q->state = state_of_word(db_text(r, row, 4));
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
    return err;
}

/* The log is for ever, so it holds ids: text and names stay where they can be erased. */
static json_t *logged(const struct id *question)
{
    char text[ID_TEXT_SIZE];
    return json_pack("{s:s}", "question", id_text(question, text));
}

/* --- asking --- */

static enum err insert_question(struct db_conn *c, const struct question_ask_item *ask,
                                bool *inserted)
{
    const struct question *q = ask->question;
    struct db_result *r =
        db_query(c,
                 "INSERT INTO question (id, organisation_id, session_id, registration_id, text,"
                 " anonymous, asked_at, state_at)"
                 " SELECT $1, s.organisation_id, s.id, $4, $5, $6, $7, $7 FROM session s"
                 " WHERE s.id = $3 AND s.organisation_id = $2 AND s.state IN ('lobby', 'live')"
                 " ON CONFLICT (id) DO NOTHING RETURNING id",
                 "uuuusbt", &q->id, &ask->organisation, &ask->session, &q->person, q->text,
                 q->anonymous, q->asked_at);
    enum err err = db_err(r);
    *inserted = !err && db_rows(r) == 1;
    db_result_free(r);
    return err;
}

/* The stored row takes the place of what was asked. Another person's question, or one of another
 * session, looks the same as any id that cannot be used. */
static enum err read_stored(struct db_conn *c, struct question_ask_item *ask)
{
    struct db_result *r =
        db_query(c, "SELECT " QUESTION_COLUMNS " WHERE q.id = $1 AND q.session_id = $2", "uu",
                 &ask->question->id, &ask->session);
    enum err err = db_err(r);
    struct question *stored = !err && db_rows(r) == 1 ? from_row(r, 0) : NULL;
    db_result_free(r);
    if (err)
        return err;
    const struct question *asked = ask->question;
    if (stored && question_same(stored, &asked->person, asked->text, asked->anonymous)) {
        question_free(ask->question);
        ask->question = stored;
        return ERR_OK;
    }
    question_free(stored);
    ask->item.err = ERR_INVALID;
    return ERR_OK;
}

static enum err id_in_use(struct db_conn *c, const struct id *id, bool *used)
{
    struct db_result *r = db_query(c, "SELECT 1 FROM question WHERE id = $1", "u", id);
    enum err err = db_err(r);
    *used = !err && db_rows(r) > 0;
    db_result_free(r);
    return err;
}

static enum err run_ask(struct db_conn *c, struct question_ask_item *ask)
{
    bool inserted = false, used = true;
    ask->seq = 0;
    enum err err = insert_question(c, ask, &inserted);
    if (!err && !inserted)
        err = id_in_use(c, &ask->question->id, &used);
    if (!err && !used) {
        ask->item.err = ERR_CONFLICT; /* the session takes no questions (any more) */
        return ERR_OK;
    }
    if (!err)
        err = read_stored(c, ask);
    if (!err && inserted)
        err = db_append_event(c, &ask->session, "question.asked", logged(&ask->question->id),
                              ask->question->asked_at, &ask->seq);
    return err;
}

static enum err run_asks(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < n; i++)
        err = run_ask(c, container_of(items[i], struct question_ask_item, item));
    return err;
}

const struct lane_kind question_ask_kind = {.name = "question.ask", .run = run_asks};

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

static enum err run_votes(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    struct id questions[LANE_BATCH], people[LANE_BATCH];
    int64_t times[LANE_BATCH];
    struct question_vote_item *vote = NULL;
    for (size_t i = 0; i < n; i++) {
        vote = container_of(items[i], struct question_vote_item, item);
        vote->item.err = ERR_CONFLICT; /* unless it is found below */
        questions[i] = vote->question;
        people[i] = vote->person;
        times[i] = vote->at;
    }
    enum err err =
        db_exec(c, insert_votes, "uUUT", &vote->session, questions, n, people, n, times, n);
    if (err)
        return err;
    struct db_result *r = db_query(c, stored_votes, "UU", questions, n, people, n);
    err = db_err(r);
    for (int row = 0; !err && row < db_rows(r); row++)
        items[db_int(r, row, 0) - 1]->err = ERR_OK;
    db_result_free(r);
    return err;
}

const struct lane_kind question_vote_kind = {.name = "question.vote", .run = run_votes};

/* --- moderating --- */

/* The session's row first: of two nodes that serve the session, one waits for the other here. */
static enum err lock_state(struct db_conn *c, struct question_move_item *move)
{
    enum err err = db_exec(c,
                           "SELECT 1 FROM session WHERE id = $1 AND organisation_id = $2"
                           " FOR NO KEY UPDATE",
                           "uu", &move->session, &move->organisation);
    if (err)
        return err;
    struct db_result *r = db_query(c,
                                   "SELECT state FROM question WHERE id = $1 AND session_id = $2"
                                   " AND organisation_id = $3 FOR NO KEY UPDATE",
                                   "uuu", &move->question, &move->session, &move->organisation);
    err = db_err(r);
    if (!err && db_rows(r) == 0)
        err = ERR_NOT_FOUND;
    if (!err)
        move->from = state_of_word(db_text(r, 0, 0));
    db_result_free(r);
    return err;
}

static json_t *logged_move(const struct question_move_item *move)
{
    char text[ID_TEXT_SIZE];
    return json_pack("{s:s,s:s}", "id", id_text(&move->question, text), "state",
                     question_state_words[move->to]);
}

static enum err write_move(struct db_conn *c, struct question_move_item *move)
{
    static const char *const actions[] = {"question.ask", "question.approve", "question.answer",
                                          "question.dismiss"};
    enum err err = db_exec(c, "UPDATE question SET state = $2, state_at = $3 WHERE id = $1", "ust",
                           &move->question, question_state_words[move->to], move->at);
    if (!err)
        err = db_append_event(c, &move->session, "question.changed", logged_move(move), move->at,
                              &move->seq);
    const char *hcp_event = question_hcp_event_type(move->from, move->to);
    if (!err && hcp_event)
        err = db_append_event(c, &move->session, hcp_event, logged(&move->question), move->at,
                              &move->hcp_seq);
    if (!err)
        err = db_exec(c, "SELECT audit($1, $2, 'account', $3, $4, 'question', $5)", "utusu",
                      &move->organisation, move->at, &move->actor, actions[move->to],
                      &move->question);
    return err;
}

static enum err run_move(struct db_conn *c, struct question_move_item *move)
{
    move->seq = move->hcp_seq = 0;
    enum err err = lock_state(c, move);
    if (!err && question_may_become(move->from, move->to))
        return write_move(c, move);
    if (err && err != ERR_NOT_FOUND)
        return err;
    move->item.err = err ? err : ERR_CONFLICT;
    return ERR_OK;
}

static enum err run_moves(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < n; i++)
        err = run_move(c, container_of(items[i], struct question_move_item, item));
    return err;
}

const struct lane_kind question_move_kind = {.name = "question.move", .run = run_moves};

/* --- reading again --- */

static enum err read_missed(struct db_conn *c, struct question_reload_item *reload)
{
    struct db_result *r = db_query(c,
                                   "SELECT seq, at, type, payload FROM session_event"
                                   " WHERE session_id = $1 AND seq > $2"
                                   "   AND type LIKE 'question.%' ORDER BY seq LIMIT 1000",
                                   "ui", &reload->session, reload->missed_after);
    enum err err = db_err(r);
    json_decref(reload->missed);
    reload->missed = json_array();
    for (int i = 0; !err && i < db_rows(r); i++)
        json_array_append_new(reload->missed,
                              json_pack("{s:I,s:I,s:s,s:o}", "seq", (json_int_t)db_int(r, i, 0),
                                        "at", (json_int_t)db_time(r, i, 1), "type",
                                        db_text(r, i, 2), "data", db_json(r, i, 3)));
    db_result_free(r);
    return err;
}

static enum err run_reloads(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < n; i++) {
        struct question_reload_item *reload =
            container_of(items[i], struct question_reload_item, item);
        questions_release(&reload->questions);
        err = questions_load(c, &reload->session, &reload->questions);
        if (!err)
            err = read_missed(c, reload);
    }
    return err;
}

const struct lane_kind question_reload_kind = {.name = "question.reload", .run = run_reloads};
