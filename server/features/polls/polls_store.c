#include "features/polls/polls_store.h"
#include "base/mem.h"
#include "db/event.h"
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
    enum err err = db_err(r);
    if (!err && db_rows(r) == 0)
        err = ERR_NOT_FOUND;
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
 * The poll's row is locked, so that it is open until this commits, whoever closes it. */
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

/* What was there before: the answer to a vote that was sent again. */
static enum err read_back(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    struct id polls[LANE_BATCH], people[LANE_BATCH];
    struct poll_vote_item *asked[LANE_BATCH];
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        struct poll_vote_item *vote = container_of(items[i], struct poll_vote_item, item);
        if (vote->counted)
            continue;
        vote->item.err = ERR_CONFLICT;
        polls[count] = vote->poll;
        people[count] = vote->person;
        asked[count++] = vote;
    }
    if (count == 0)
        return ERR_OK;
    struct db_result *r = db_query(c, stored_votes, "UU", polls, count, people, count);
    enum err err = db_err(r);
    for (int row = 0; !err && row < db_rows(r); row++) {
        struct poll_vote_item *vote = asked[db_int(r, row, 0) - 1];
        vote->counted = (uint32_t)db_int(r, row, 1);
        vote->item.err = ERR_OK;
    }
    db_result_free(r);
    return err;
}

static enum err run_votes(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    struct id polls[LANE_BATCH], people[LANE_BATCH];
    int64_t choices[LANE_BATCH], times[LANE_BATCH];
    struct poll_vote_item *vote = NULL;
    for (size_t i = 0; i < n; i++) {
        vote = container_of(items[i], struct poll_vote_item, item);
        vote->counted = 0; /* a batch may be run again */
        polls[i] = vote->poll;
        people[i] = vote->person;
        choices[i] = vote->choices;
        times[i] = vote->at;
    }
    struct db_result *r = db_query(c, insert_votes, "uUUIT", &vote->session, polls, n, people, n,
                                   choices, n, times, n);
    enum err err = db_err(r);
    for (int row = 0; !err && row < db_rows(r); row++) {
        vote = container_of(items[db_int(r, row, 0) - 1], struct poll_vote_item, item);
        vote->counted = vote->choices;
    }
    db_result_free(r);
    return err ? err : read_back(c, items, n);
}

const struct lane_kind poll_vote_kind = {.name = "poll.vote", .run = run_votes};

/* --- opening, closing, showing --- */

/* Of two nodes that serve the session, one waits for the other here. */
static enum err lock_session(struct db_conn *c, const struct id *session,
                             const struct id *organisation, enum session_state *state)
{
    struct db_result *r = db_query(c,
                                   "SELECT state FROM session WHERE id = $1"
                                   " AND organisation_id = $2 FOR NO KEY UPDATE",
                                   "uu", session, organisation);
    enum err err = db_err(r);
    if (!err && (db_rows(r) == 0 || !session_state_parse(db_text(r, 0, 0), state)))
        err = ERR_NOT_FOUND;
    db_result_free(r);
    return err;
}

static enum err update_poll(struct db_conn *c, const struct poll_op_item *op)
{
    switch (op->op) {
    case POLL_OP_OPEN:
        return db_exec(c, "UPDATE poll SET state = 'open', opened_at = $2 WHERE id = $1", "ut",
                       &op->poll, op->at);
    case POLL_OP_CLOSE:
        return db_exec(c,
                       "UPDATE poll SET state = 'closed', closed_at = greatest($2, opened_at)"
                       " WHERE id = $1",
                       "ut", &op->poll, op->at);
    case POLL_OP_SHOW:
    case POLL_OP_HIDE:
        break;
    }
    return db_exec(c, "UPDATE poll SET results_shown = $2 WHERE id = $1", "ub", &op->poll,
                   op->op == POLL_OP_SHOW);
}

static enum err write_op(struct db_conn *c, struct poll_op_item *op)
{
    static const char *const actions[] = {"poll.open", "poll.close", "poll.show_results",
                                          "poll.hide_results"};
    enum err err = update_poll(c, op);
    poll_free(op->poll_after);
    op->poll_after = NULL;
    if (!err)
        err = poll_read(c, &op->session, &op->poll, &op->poll_after);
    if (!err)
        err = db_append_event(c, &op->session, poll_event_type(op->op),
                              poll_event_json(op->poll_after, op->op), op->at, &op->seq);
    if (!err)
        err = polls_audit(c, &op->organisation, &op->actor, actions[op->op], &op->poll, op->at);
    return err;
}

/* The rules are asked again, of the locked rows: memory is only as fresh as the last commit. */
static enum err run_op(struct db_conn *c, struct poll_op_item *op)
{
    enum session_state session = SESSION_DRAFT;
    poll_free(op->poll_after);
    op->poll_after = NULL;
    op->seq = 0;
    enum err err = lock_session(c, &op->session, &op->organisation, &session);
    if (!err)
        err = poll_read(c, &op->session, &op->poll, &op->poll_after);
    if (err == ERR_NOT_FOUND) {
        op->item.err = err;
        return ERR_OK;
    }
    if (err)
        return err;
    if (poll_op_refused(op->poll_after, op->op, session)) {
        op->item.err = ERR_CONFLICT;
        return ERR_OK;
    }
    bool shown = op->poll_after->results_shown;
    if ((op->op == POLL_OP_SHOW && shown) || (op->op == POLL_OP_HIDE && !shown))
        return ERR_OK;
    return write_op(c, op);
}

static enum err run_ops(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < n; i++)
        err = run_op(c, container_of(items[i], struct poll_op_item, item));
    return err;
}

const struct lane_kind poll_op_kind = {.name = "poll.op", .run = run_ops};

/* --- reading again --- */

static enum err run_refresh(struct db_conn *c, struct poll_refresh_item *refresh)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < refresh->n; i++) {
        poll_free(refresh->polls[i]);
        err = poll_read(c, &refresh->session, &refresh->ids[i], &refresh->polls[i]);
        if (!err || err == ERR_NOT_FOUND)
            err = db_append_event(c, &refresh->session, "poll.changed",
                                  poll_changed_json(&refresh->ids[i], refresh->polls[i]),
                                  refresh->at, &refresh->seqs[i]);
    }
    return err;
}

static enum err run_refreshes(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < n; i++)
        err = run_refresh(c, container_of(items[i], struct poll_refresh_item, item));
    return err;
}

const struct lane_kind poll_refresh_kind = {.name = "poll.refresh", .run = run_refreshes};

static enum err run_recounts(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < n; i++) {
        struct poll_recount_item *recount = container_of(items[i], struct poll_recount_item, item);
        polls_release(&recount->polls);
        err = polls_load(c, &recount->session, &recount->polls);
    }
    return err;
}

const struct lane_kind poll_recount_kind = {.name = "poll.recount", .run = run_recounts};
