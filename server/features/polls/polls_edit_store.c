#include "db/query.h"
#include "features/polls/polls_rows.h"
#include "features/polls/polls_store.h"
#include <string.h>

enum err polls_audit(struct db_conn *c, const struct id *organisation, const struct id *actor,
                     const char *action, const struct id *poll, int64_t at)
{
    struct db_result *r = db_query(c, "SELECT audit($1, $2, 'account', $3, $4, 'poll', $5)",
                                   "utusu", organisation, at, actor, action, poll);
    enum err err = db_err(r);
    db_result_free(r);
    return err;
}

enum err polls_list(struct db_conn *c, const struct identity *who, const struct id *session,
                    struct polls *all)
{
    struct db_result *r =
        db_query(c, "SELECT 1 FROM session WHERE id = $1 AND organisation_id = $2", "uu", session,
                 &who->organisation);
    enum err err = db_err(r);
    if (!err && db_rows(r) == 0)
        err = ERR_NOT_FOUND;
    db_result_free(r);
    return err ? err : polls_read(c, session, all);
}

/* Editors of one session's polls take turns. Not by the session's row, which the live lane locks
 * after the rows of polls that are voted on: taking it before those rows would be a deadlock. */
static enum err editing(struct db_conn *c, const struct identity *who, const struct id *session,
                        enum session_state *state)
{
    struct db_result *r =
        db_query(c,
                 "SELECT state, pg_advisory_xact_lock(hashtextextended(id::text, 7)) FROM session"
                 " WHERE id = $1 AND organisation_id = $2",
                 "uu", session, &who->organisation);
    enum err err = db_err(r);
    if (!err && (db_rows(r) == 0 || !session_state_parse(db_text(r, 0, 0), state)))
        err = ERR_NOT_FOUND;
    db_result_free(r);
    return err;
}

static enum err end(struct db_conn *c, enum err err)
{
    if (!err)
        return db_commit(c);
    db_rollback(c);
    return err;
}

static enum err write_options(struct db_conn *c, const struct id *poll,
                              const struct poll_draft *draft)
{
    enum err err = db_exec(c, "DELETE FROM poll_option WHERE poll_id = $1", "u", poll);
    if (!err)
        err = db_exec(c,
                      "INSERT INTO poll_option (poll_id, position, text)"
                      " SELECT $1, o.n, o.text"
                      " FROM unnest($2::text[]) WITH ORDINALITY AS o (text, n)",
                      "uS", poll, draft->options, (size_t)draft->option_count);
    return err;
}

/* The place after the last, or ERR_CONFLICT when there are enough. */
static enum err next_position(struct db_conn *c, const struct id *session, int64_t *position)
{
    struct db_result *r = db_query(
        c, "SELECT count(*), coalesce(max(position), 0) + 1 FROM poll WHERE session_id = $1", "u",
        session);
    enum err err = db_err(r);
    if (!err) {
        *position = db_int(r, 0, 1);
        if (db_int(r, 0, 0) >= POLLS_MAX)
            err = ERR_CONFLICT;
    }
    db_result_free(r);
    return err;
}

static enum err insert_poll(struct db_conn *c, const struct identity *who, const struct id *session,
                            const struct poll_draft *draft, int64_t position, int64_t at,
                            struct poll **out)
{
    struct id id = id_random();
    enum err err = db_exec(c,
                           "INSERT INTO poll (id, organisation_id, session_id, position, question,"
                           " choice, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                           "uuuisst", &id, &who->organisation, session, position, draft->question,
                           poll_choice_words[draft->choice], at);
    if (!err)
        err = write_options(c, &id, draft);
    if (!err)
        err = polls_audit(c, &who->organisation, &who->person, "poll.create", &id, at);
    return err ? err : poll_read(c, session, &id, out);
}

enum err polls_create(struct db_conn *c, const struct identity *who, const struct id *session,
                      const struct poll_draft *draft, int64_t at, struct poll **out,
                      const char **why)
{
    enum session_state state = SESSION_DRAFT;
    int64_t position = 0;
    *out = NULL;
    enum err err = db_begin(c);
    if (!err)
        err = editing(c, who, session, &state);
    if (!err && (state == SESSION_ENDED || state == SESSION_CANCELLED)) {
        err = ERR_CONFLICT;
        *why = "session.state";
    } else if (!err) {
        err = next_position(c, session, &position);
        *why = "poll.limit";
    }
    if (!err)
        err = insert_poll(c, who, session, draft, position, at, out);
    err = end(c, err);
    if (err) {
        poll_free(*out);
        *out = NULL;
    }
    return err;
}

/* The poll's session, ours to edit, and the poll's row, locked: nobody opens it before this
 * commits. ERR_CONFLICT when it is no draft. */
static enum err lock_draft(struct db_conn *c, const struct identity *who, const struct id *poll,
                           struct id *session)
{
    struct db_result *r =
        db_query(c, "SELECT session_id FROM poll WHERE id = $1 AND organisation_id = $2", "uu",
                 poll, &who->organisation);
    enum err err = db_err(r);
    if (!err && db_rows(r) == 0)
        err = ERR_NOT_FOUND;
    if (!err)
        *session = db_id(r, 0, 0);
    db_result_free(r);
    enum session_state state;
    if (!err)
        err = editing(c, who, session, &state);
    if (err)
        return err;
    r = db_query(c, "SELECT state FROM poll WHERE id = $1 FOR UPDATE", "u", poll);
    err = db_err(r);
    if (!err && db_rows(r) == 0)
        err = ERR_NOT_FOUND; /* deleted meanwhile */
    else if (!err && strcmp(db_text(r, 0, 0), poll_state_words[POLL_DRAFT]) != 0)
        err = ERR_CONFLICT;
    db_result_free(r);
    return err;
}

static void changed_add(struct poll_ids *changed, const struct id *id)
{
    for (size_t i = 0; i < changed->n; i++)
        if (id_equal(&changed->ids[i], id))
            return;
    if (changed->n < POLLS_MAX)
        changed->ids[changed->n++] = *id;
}

/* Gives each poll its place in the order; those that moved are added to changed. */
static enum err write_order(struct db_conn *c, const struct id *session,
                            const struct poll_ids *order, struct poll_ids *changed)
{
    struct db_result *r = db_query(c,
                                   "UPDATE poll SET position = o.n"
                                   " FROM unnest($2::uuid[]) WITH ORDINALITY AS o (id, n)"
                                   " WHERE poll.id = o.id AND poll.session_id = $1"
                                   " AND poll.position <> o.n RETURNING poll.id",
                                   "uU", session, order->ids, order->n);
    enum err err = db_err(r);
    for (int i = 0; !err && i < db_rows(r); i++) {
        struct id id = db_id(r, i, 0);
        changed_add(changed, &id);
    }
    db_result_free(r);
    return err;
}

static enum err move(struct db_conn *c, const struct id *session, const struct id *poll,
                     int position, struct poll_ids *changed)
{
    struct polls all = {0};
    struct poll_ids order = {0};
    enum err err = polls_read(c, session, &all);
    for (size_t i = 0; !err && i < all.n && order.n < POLLS_MAX; i++) {
        if (order.n + 1 == (size_t)position)
            order.ids[order.n++] = *poll;
        if (!id_equal(&all.items[i]->id, poll) && order.n < POLLS_MAX)
            order.ids[order.n++] = all.items[i]->id;
    }
    if (!err && order.n < all.n)
        order.ids[order.n++] = *poll; /* behind the last */
    polls_release(&all);
    return err ? err : write_order(c, session, &order, changed);
}

static enum err write_edit(struct db_conn *c, const struct id *session, const struct id *poll,
                           const struct poll_draft *draft, struct poll_ids *changed)
{
    enum err err = ERR_OK;
    changed_add(changed, poll);
    if (draft->question || draft->choice >= 0)
        err = db_exec(c,
                      "UPDATE poll SET question = coalesce($2, question),"
                      " choice = coalesce($3, choice) WHERE id = $1",
                      "uss", poll, draft->question,
                      draft->choice >= 0 ? poll_choice_words[draft->choice] : NULL);
    if (!err && draft->option_count)
        err = write_options(c, poll, draft);
    if (!err && draft->position)
        err = move(c, session, poll, draft->position, changed);
    return err;
}

enum err polls_edit(struct db_conn *c, const struct identity *who, const struct id *poll,
                    const struct poll_draft *draft, int64_t at, struct id *session,
                    struct poll_ids *changed, struct poll **out)
{
    *out = NULL;
    enum err err = db_begin(c);
    if (!err)
        err = lock_draft(c, who, poll, session);
    if (!err)
        err = write_edit(c, session, poll, draft, changed);
    if (!err)
        err = polls_audit(c, &who->organisation, &who->person, "poll.edit", poll, at);
    if (!err)
        err = poll_read(c, session, poll, out);
    err = end(c, err);
    if (err) {
        poll_free(*out);
        *out = NULL;
    }
    return err;
}

enum err polls_delete(struct db_conn *c, const struct identity *who, const struct id *poll,
                      int64_t at, struct id *session)
{
    enum err err = db_begin(c);
    if (!err)
        err = lock_draft(c, who, poll, session);
    if (!err)
        err = db_exec(c, "DELETE FROM poll WHERE id = $1", "u", poll);
    if (!err)
        err = polls_audit(c, &who->organisation, &who->person, "poll.delete", poll, at);
    return end(c, err);
}

static bool is_order_of(const struct poll_ids *order, const struct polls *all)
{
    if (order->n != all->n)
        return false;
    for (size_t i = 0; i < order->n; i++) {
        if (!polls_find(all, &order->ids[i]))
            return false;
        for (size_t j = 0; j < i; j++)
            if (id_equal(&order->ids[i], &order->ids[j]))
                return false;
    }
    return true;
}

enum err polls_reorder(struct db_conn *c, const struct identity *who, const struct id *session,
                       const struct poll_ids *order, int64_t at, struct poll_ids *changed)
{
    struct polls all = {0};
    enum session_state state;
    enum err err = db_begin(c);
    if (!err)
        err = editing(c, who, session, &state);
    if (!err)
        err = polls_read(c, session, &all);
    if (!err && !is_order_of(order, &all))
        err = ERR_INVALID;
    polls_release(&all);
    if (!err)
        err = write_order(c, session, order, changed);
    for (size_t i = 0; !err && i < changed->n; i++)
        err = polls_audit(c, &who->organisation, &who->person, "poll.move", &changed->ids[i], at);
    return end(c, err);
}
