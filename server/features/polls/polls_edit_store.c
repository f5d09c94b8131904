#include "db/query.h"
#include "features/polls/polls_rows.h"
#include "features/polls/polls_store.h"
#include <string.h>

enum err polls_list(struct db_conn *c, const struct identity *who, const struct id *session,
                    struct polls *all)
{
    enum err err = db_found(c, "SELECT 1 FROM session WHERE id = $1 AND organisation_id = $2", "uu",
                            session, &who->organisation);
    return err ? err : polls_read(c, session, all);
}

/* The session, ours to edit, and its row, locked: editors take turns, and nobody opens a poll. */
static enum err lock_session(struct db_conn *c, const struct change *change,
                             const struct id *session, enum session_state *state)
{
    enum err err = sessions_lock(c, session, 1);
    if (err)
        return err;
    struct db_result *r =
        db_query(c, "SELECT state FROM session WHERE id = $1 AND organisation_id = $2", "uu",
                 session, &change->who.organisation);
    err = db_err(r);
    if (!err && (db_rows(r) == 0 || !session_state_parse(db_text(r, 0, 0), state)))
        err = ERR_NOT_FOUND;
    db_result_free(r);
    return err;
}

/* Tells a poll that is different, or gone, now. */
static enum err tell_poll(struct db_conn *c, struct change *change, const struct id *session,
                          const struct id *poll)
{
    struct poll *now = NULL;
    enum err err = poll_read(c, session, poll, &now);
    if (!err || err == ERR_NOT_FOUND)
        err = change_event(c, change, session, "poll.changed", poll_changed_json(poll, now));
    poll_free(now);
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

static enum err insert_poll(struct db_conn *c, struct change *change, const struct id *session,
                            const struct poll_draft *draft, int64_t position, struct poll **out)
{
    struct id id = id_random();
    enum err err = db_exec(c,
                           "INSERT INTO poll (id, organisation_id, session_id, position, question,"
                           " choice, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                           "uuuisst", &id, &change->who.organisation, session, position,
                           draft->question, poll_choice_words[draft->choice], change->at);
    if (!err)
        err = write_options(c, &id, draft);
    if (!err)
        err = change_audit(c, change, "poll.create", "poll", &id, NULL);
    if (!err)
        err = tell_poll(c, change, session, &id);
    return err ? err : poll_read(c, session, &id, out);
}

/* Ends the transaction; without success there is no poll. */
static enum err finish_with(struct db_conn *c, struct change *change, enum err err,
                            struct poll **out)
{
    err = change_end(c, change, err);
    if (err) {
        poll_free(*out);
        *out = NULL;
    }
    return err;
}

enum err polls_create(struct db_conn *c, struct change *change, const struct id *session,
                      const struct poll_draft *draft, struct poll **out, const char **why)
{
    enum session_state state = SESSION_DRAFT;
    int64_t position = 0;
    *out = NULL;
    enum err err = change_begin(c);
    if (!err)
        err = lock_session(c, change, session, &state);
    if (!err && (state == SESSION_ENDED || state == SESSION_CANCELLED)) {
        err = ERR_CONFLICT;
        *why = "session.state";
    } else if (!err) {
        err = next_position(c, session, &position);
        *why = "poll.limit";
    }
    if (!err)
        err = insert_poll(c, change, session, draft, position, out);
    return finish_with(c, change, err, out);
}

/* The poll's session, locked, so that nobody opens the poll before this commits. ERR_CONFLICT when
 * it is no draft. */
static enum err lock_draft(struct db_conn *c, const struct change *change, const struct id *poll,
                           struct id *session)
{
    enum err err =
        db_read_id(c, session, "SELECT session_id FROM poll WHERE id = $1 AND organisation_id = $2",
                   "uu", poll, &change->who.organisation);
    enum session_state state;
    if (!err)
        err = lock_session(c, change, session, &state);
    if (err)
        return err;
    bool draft = false; /* not found: deleted meanwhile */
    err = db_read_bool(c, &draft, "SELECT state = $2 FROM poll WHERE id = $1", "us", poll,
                       poll_state_words[POLL_DRAFT]);
    return err || draft ? err : ERR_CONFLICT;
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

static enum err tell_polls(struct db_conn *c, struct change *change, const struct id *session,
                           const struct poll_ids *changed)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < changed->n; i++)
        err = tell_poll(c, change, session, &changed->ids[i]);
    return err;
}

enum err polls_edit(struct db_conn *c, struct change *change, const struct id *poll,
                    const struct poll_draft *draft, struct poll **out)
{
    struct id session;
    struct poll_ids changed = {0};
    *out = NULL;
    enum err err = change_begin(c);
    if (!err)
        err = lock_draft(c, change, poll, &session);
    if (!err)
        err = write_edit(c, &session, poll, draft, &changed);
    if (!err)
        err = change_audit(c, change, "poll.edit", "poll", poll, NULL);
    if (!err)
        err = tell_polls(c, change, &session, &changed);
    if (!err)
        err = poll_read(c, &session, poll, out);
    return finish_with(c, change, err, out);
}

enum err polls_delete(struct db_conn *c, struct change *change, const struct id *poll)
{
    struct id session;
    enum err err = change_begin(c);
    if (!err)
        err = lock_draft(c, change, poll, &session);
    if (!err)
        err = db_exec(c, "DELETE FROM poll WHERE id = $1", "u", poll);
    if (!err)
        err = change_audit(c, change, "poll.delete", "poll", poll, NULL);
    if (!err)
        err = tell_poll(c, change, &session, poll);
    return change_end(c, change, err);
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

enum err polls_reorder(struct db_conn *c, struct change *change, const struct id *session,
                       const struct poll_ids *order)
{
    struct polls all = {0};
    struct poll_ids changed = {0};
    enum session_state state;
    enum err err = change_begin(c);
    if (!err)
        err = lock_session(c, change, session, &state);
    if (!err)
        err = polls_read(c, session, &all);
    if (!err && !is_order_of(order, &all))
        err = ERR_INVALID;
    polls_release(&all);
    if (!err)
        err = write_order(c, session, order, &changed);
    for (size_t i = 0; !err && i < changed.n; i++)
        err = change_audit(c, change, "poll.move", "poll", &changed.ids[i], NULL);
    if (!err)
        err = tell_polls(c, change, session, &changed);
    return change_end(c, change, err);
}
