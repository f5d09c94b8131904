#include "features/polls/polls_store.h"
#include "base/mem.h"
#include "db/query.h"
#include "features/polls/polls_rows.h"
#include <string.h>

/* --- reading --- */

static int word_index(const char *const *words, const char *word)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return 0;
}

struct poll *poll_from_row(const struct db_result *r, int row)
{
    struct poll *p = poll_new();
    p->id = db_id(r, row, 0);
    p->position = (int)db_int(r, row, 1);
    p->question = mem_strdup(db_text(r, row, 2));
    p->choice = (enum poll_choice)word_index(poll_choice_words, db_text(r, row, 3));
    p->state = (enum poll_state)word_index(poll_state_words, db_text(r, row, 4));
    p->results_shown = db_bool(r, row, 5);
    p->opened_at = db_null(r, row, 6) ? 0 : db_time(r, row, 6);
    p->closed_at = db_null(r, row, 7) ? 0 : db_time(r, row, 7);
    json_t *options = db_json(r, row, 8);
    size_t i;
    json_t *text;
    json_array_foreach(options, i, text)
    {
        if (p->option_count < POLL_OPTIONS_MAX)
            p->options[p->option_count++] = mem_strdup(json_string_value(text));
    }
    json_decref(options);
    return p;
}

enum err poll_read(struct db_conn *c, const struct id *session, const struct id *poll,
                   struct poll **out)
{
    *out = NULL;
    struct db_result *r =
        db_query(c, "SELECT " POLL_COLUMNS " FROM poll p WHERE p.id = $1 AND p.session_id = $2",
                 "uu", poll, session);
    enum err err = db_one(r);
    if (!err)
        *out = poll_from_row(r, 0);
    db_result_free(r);
    return err;
}

enum err polls_read(struct db_conn *c, const struct id *session, struct polls *all)
{
    struct db_result *r =
        db_query(c, "SELECT " POLL_COLUMNS " FROM poll p WHERE p.session_id = $1 ORDER BY position",
                 "u", session);
    enum err err = db_err(r);
    for (int i = 0; !err && i < db_rows(r); i++)
        polls_add(all, poll_from_row(r, i));
    db_result_free(r);
    return err;
}

static enum err add_vote(void *arg, const struct db_result *r)
{
    struct id poll = db_id(r, 0, 0), person = db_id(r, 0, 1);
    struct poll *p = polls_find(arg, &poll);
    if (p)
        poll_count(p, &person, (uint32_t)db_int(r, 0, 2));
    return ERR_OK;
}

enum err polls_load(struct db_conn *c, const struct id *session, struct polls *all)
{
    enum err err = polls_read(c, session, all);
    if (!err)
        err = db_stream(c, add_vote, all,
                        "SELECT poll_id, registration_id, choices FROM poll_vote"
                        " WHERE session_id = $1",
                        "u", session);
    return err;
}

/* --- votes --- */

/* The first of several votes of one person in one batch is the one that counts, hence DISTINCT ON.
 * The poll's row is locked against whoever closes it: it is open until this commits. */
static const char insert_votes[] =
    "WITH given AS (SELECT * FROM unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::timestamptz[])"
    "      WITH ORDINALITY AS v (poll_id, registration_id, choices, at, n)),"
    " once AS (SELECT DISTINCT ON (poll_id, registration_id) * FROM given"
    "      ORDER BY poll_id, registration_id, n),"
    " open AS (SELECT id FROM poll WHERE session_id = $1 AND id = ANY ($2) AND state = 'open'"
    "      FOR SHARE),"
    " new AS (INSERT INTO poll_vote (session_id, poll_id, registration_id, choices, at)"
    "      SELECT $1, o.poll_id, o.registration_id, o.choices::int, o.at"
    "        FROM once o JOIN open ON open.id = o.poll_id"
    "      ON CONFLICT (poll_id, registration_id) DO NOTHING RETURNING poll_id, registration_id)"
    " SELECT once.n FROM new JOIN once USING (poll_id, registration_id)";

static const char stored_votes[] = "SELECT v.n, s.choices FROM unnest($1::uuid[], $2::uuid[])"
                                   " WITH ORDINALITY AS v (poll_id, registration_id, n)"
                                   " JOIN poll_vote s USING (poll_id, registration_id)";

static struct poll_vote *vote_of(struct lane_item *item)
{
    return container_of(item, struct poll_vote, lc.item);
}

/* What was there before: the answer to a vote that was sent again. */
static enum err read_back(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    struct id polls[LANE_BATCH], people[LANE_BATCH];
    struct poll_vote *asked[LANE_BATCH];
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        struct poll_vote *vote = vote_of(items[i]);
        if (vote->counted)
            continue;
        lane_call_refuse(&vote->lc, ERR_CONFLICT, "poll.closed");
        polls[count] = vote->poll;
        people[count] = vote->lc.change.who.person;
        asked[count++] = vote;
    }
    if (count == 0)
        return ERR_OK;
    struct db_result *r = db_query(c, stored_votes, "UU", polls, count, people, count);
    enum err err = db_err(r);
    for (int row = 0; !err && row < db_rows(r); row++) {
        struct poll_vote *vote = asked[db_int(r, row, 0) - 1];
        vote->counted = (uint32_t)db_int(r, row, 1);
        vote->lc.item.err = ERR_OK;
    }
    db_result_free(r);
    return err;
}

enum err poll_votes_write(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    struct id polls[LANE_BATCH], people[LANE_BATCH];
    int64_t choices[LANE_BATCH], times[LANE_BATCH];
    for (size_t i = 0; i < n; i++) {
        struct poll_vote *vote = vote_of(items[i]);
        vote->counted = 0; /* a batch may be run again */
        polls[i] = vote->poll;
        people[i] = vote->lc.change.who.person;
        choices[i] = vote->choices;
        times[i] = vote->lc.change.at;
    }
    struct db_result *r = db_query(c, insert_votes, "uUUIT", &vote_of(items[0])->lc.session, polls,
                                   n, people, n, choices, n, times, n);
    enum err err = db_err(r);
    for (int row = 0; !err && row < db_rows(r); row++) {
        struct poll_vote *vote = vote_of(items[db_int(r, row, 0) - 1]);
        vote->counted = vote->choices;
    }
    db_result_free(r);
    return err ? err : read_back(c, items, n);
}

/* --- opening, closing, showing --- */

static enum err read_state(struct db_conn *c, const struct id *session, enum session_state *state)
{
    struct db_result *r = db_query(c, "SELECT state FROM session WHERE id = $1", "u", session);
    enum err err = db_err(r);
    if (!err && (db_rows(r) == 0 || !session_state_parse(db_text(r, 0, 0), state)))
        err = ERR_NOT_FOUND;
    db_result_free(r);
    return err;
}

/* Closing is SQL: the end of a session does the same. */
static enum err write_close(struct db_conn *c, struct poll_change *op)
{
    struct change *change = &op->lc.change;
    int64_t seq = 0;
    enum err err = log_last(c, &op->lc.session, &seq);
    if (!err)
        err = db_exec(c, "SELECT poll_close($1, $2, $3)", "uut", &op->poll, &change->who.person,
                      change->at);
    return err ? err : change_collect(c, change, &op->lc.session, seq);
}

static enum err update_poll(struct db_conn *c, const struct poll_change *op)
{
    if (op->op == POLL_OP_OPEN)
        return db_exec(c, "UPDATE poll SET state = 'open', opened_at = $2 WHERE id = $1", "ut",
                       &op->poll, op->lc.change.at);
    return db_exec(c, "UPDATE poll SET results_shown = $2 WHERE id = $1", "ub", &op->poll,
                   op->op == POLL_OP_SHOW);
}

static enum err write_update(struct db_conn *c, struct poll_change *op)
{
    struct poll *after = NULL;
    enum err err = update_poll(c, op);
    if (!err)
        err = poll_read(c, &op->lc.session, &op->poll, &after);
    if (!err)
        err = change_event(c, &op->lc.change, &op->lc.session, poll_event_type(op->op),
                           poll_event_json(after, op->op));
    poll_free(after);
    return err;
}

static enum err write_op(struct db_conn *c, struct poll_change *op)
{
    static const char *const actions[] = {"poll.open", "poll.close", "poll.show_results",
                                          "poll.hide_results"};
    enum err err = op->op == POLL_OP_CLOSE ? write_close(c, op) : write_update(c, op);
    if (!err)
        err = change_audit(c, &op->lc.change, actions[op->op], "poll", &op->poll, NULL);
    return err;
}

/* The rules are asked again, of the rows: memory is only as fresh as the last event. */
enum err poll_change_write(struct db_conn *c, struct lane_call *lc)
{
    struct poll_change *op = container_of(lc, struct poll_change, lc);
    enum session_state session = SESSION_DRAFT;
    struct poll *now = NULL;
    enum err err = read_state(c, &lc->session, &session);
    if (!err)
        err = poll_read(c, &lc->session, &op->poll, &now);
    if (err == ERR_NOT_FOUND) {
        lane_call_refuse(lc, err, NULL);
        return ERR_OK;
    }
    if (err)
        return err;
    const char *refused = poll_op_refused(now, op->op, session);
    bool shown = now->results_shown;
    poll_free(now);
    if (refused)
        lane_call_refuse(lc, ERR_CONFLICT, refused);
    if (refused || (op->op == POLL_OP_SHOW && shown) || (op->op == POLL_OP_HIDE && !shown))
        return ERR_OK;
    return write_op(c, op);
}

/* --- exports --- */

const struct export_count polls_exported[] = {
    {{"votes", "Votes", "Votes"},
     "SELECT registration_id, count(*) FROM poll_vote WHERE session_id = $1 GROUP BY 1"},
    {{0}, NULL},
};
