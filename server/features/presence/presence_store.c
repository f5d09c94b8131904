#include "features/presence/presence_store.h"
#include "base/list.h"

#define SPAN_STAFF     1
#define SPAN_ATTENTIVE 2

/* All items of a run are of one lane, that is of one session: they share their context. */
static enum err write_spans(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    struct id ids[LANE_BATCH], connections[LANE_BATCH], persons[LANE_BATCH];
    int64_t flags[LANE_BATCH], joined[LANE_BATCH], left[LANE_BATCH];
    for (size_t i = 0; i < n; i++) {
        const struct span_write *w = container_of(items[i], struct span_write, item);
        ids[i] = w->id;
        connections[i] = w->connection;
        persons[i] = w->person;
        flags[i] = (w->staff ? SPAN_STAFF : 0) | (w->attentive ? SPAN_ATTENTIVE : 0);
        joined[i] = w->joined_at;
        left[i] = w->left_at;
    }
    const struct span_context *context = container_of(items[0], struct span_write, item)->context;
    return db_exec(
        c,
        "INSERT INTO span (id, organisation_id, session_id, registration_id, account_id, kind,"
        "                  connection, node_id, joined_at, left_at)"
        " SELECT q.id, $1, $2, CASE WHEN q.flags & 1 = 0 THEN q.person END,"
        "        CASE WHEN q.flags & 1 = 1 THEN q.person END,"
        "        CASE WHEN q.flags & 2 = 2 THEN 'attentive' ELSE 'connected' END,"
        "        q.connection, $3, q.joined_at, q.left_at"
        "   FROM unnest($4::uuid[], $5::uuid[], $6::uuid[], $7::bigint[], $8::timestamptz[],"
        "               $9::timestamptz[]) AS q (id, connection, person, flags, joined_at, left_at)"
        " ON CONFLICT (id) DO UPDATE SET left_at = EXCLUDED.left_at"
        "  WHERE span.left_at IS NULL AND EXCLUDED.left_at IS NOT NULL",
        "uuuUUUITT", &context->organisation, &context->session, &context->node, ids, n, connections,
        n, persons, n, flags, n, joined, n, left, n);
}

const struct lane_kind span_write_kind = {.name = "presence.span", .run = write_spans};

enum err presence_last_lease(struct db_conn *c, int64_t *lease_at)
{
    struct db_result *r = db_query(c, "SELECT max(lease_at) FROM node", "");
    enum err err = db_err(r);
    *lease_at = err == ERR_OK && db_rows(r) == 1 && !db_null(r, 0, 0) ? db_time(r, 0, 0) : 0;
    db_result_free(r);
    return err;
}

enum err presence_begin_node(struct db_conn *c, const struct id *node, const char *name,
                             int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE span SET left_at = greatest(span.joined_at, node.lease_at)"
                      "  FROM node WHERE node.id = span.node_id AND node.name = $1"
                      "   AND span.left_at IS NULL",
                      "s", name);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE node SET stopped_at = lease_at"
                      " WHERE name = $1 AND stopped_at IS NULL",
                      "s", name);
    if (err == ERR_OK)
        err =
            db_exec(c, "INSERT INTO node (id, name, started_at, lease_at) VALUES ($1, $2, $3, $3)",
                    "ust", node, name, now);
    if (err == ERR_OK)
        return db_commit(c);
    db_rollback(c);
    return err;
}

enum err presence_renew_lease(struct db_conn *c, const struct id *node, int64_t now)
{
    return db_exec(c, "UPDATE node SET lease_at = $2 WHERE id = $1 AND lease_at < $2", "ut", node,
                   now);
}

enum err presence_stop_node(struct db_conn *c, const struct id *node, int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE span SET left_at = greatest(joined_at, $2)"
                      " WHERE node_id = $1 AND left_at IS NULL",
                      "ut", node, now);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE node SET lease_at = greatest(lease_at, $2), stopped_at = $2"
                      " WHERE id = $1",
                      "ut", node, now);
    if (err == ERR_OK)
        return db_commit(c);
    db_rollback(c);
    return err;
}
