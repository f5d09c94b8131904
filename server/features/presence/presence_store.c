#include "features/presence/presence_store.h"
#include "base/list.h"
#include "base/mem.h"

#define SPAN_STAFF      1
#define SPAN_ATTENTIVE  2
#define SPAN_ON_PURPOSE 4
#define ROWS_MOST       (SPAN_ROWS_MOST * LANE_BATCH)

/* The columns of a batch. */
struct columns {
    struct id ids[ROWS_MOST], organisations[ROWS_MOST], sessions[ROWS_MOST], nodes[ROWS_MOST],
        connections[ROWS_MOST], persons[ROWS_MOST];
    int64_t flags[ROWS_MOST], joined[ROWS_MOST], left[ROWS_MOST], gone[ROWS_MOST];
    size_t n;
};

static void add(struct columns *c, const struct span_row *row)
{
    size_t i = c->n++;
    c->ids[i] = row->id;
    c->organisations[i] = row->organisation;
    c->sessions[i] = row->session;
    c->nodes[i] = row->node;
    c->connections[i] = row->connection;
    c->persons[i] = row->person;
    c->flags[i] = (row->staff ? SPAN_STAFF : 0) | (row->attentive ? SPAN_ATTENTIVE : 0) |
                  (row->on_purpose ? SPAN_ON_PURPOSE : 0);
    c->joined[i] = row->joined_at;
    c->left[i] = row->left_at;
    c->gone[i] = row->gone_at;
}

static enum err write_columns(struct db_conn *conn, const struct columns *c)
{
    return db_exec(
        conn,
        "INSERT INTO span (id, organisation_id, session_id, node_id, connection, registration_id,"
        "                  account_id, kind, on_purpose, joined_at, left_at, gone_at)"
        " SELECT q.id, q.organisation, q.session, q.node, q.connection,"
        "        CASE WHEN q.flags & 1 = 0 THEN q.person END,"
        "        CASE WHEN q.flags & 1 = 1 THEN q.person END,"
        "        CASE WHEN q.flags & 2 = 2 THEN 'attentive' ELSE 'connected' END,"
        "        q.flags & 4 = 4, q.joined_at, q.left_at, q.gone_at"
        "   FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[],"
        "               $7::bigint[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[])"
        "     AS q (id, organisation, session, node, connection, person, flags, joined_at, left_at,"
        "           gone_at)"
        "  ORDER BY q.id" /* rows of people who move lie in two lanes: locked in one order */
        " ON CONFLICT (id) DO UPDATE"
        "  SET left_at = EXCLUDED.left_at, gone_at = EXCLUDED.gone_at,"
        "      on_purpose = EXCLUDED.on_purpose"
        "  WHERE span.left_at IS NULL AND EXCLUDED.left_at IS NOT NULL",
        "UUUUUUITTT", c->ids, c->n, c->organisations, c->n, c->sessions, c->n, c->nodes, c->n,
        c->connections, c->n, c->persons, c->n, c->flags, c->n, c->joined, c->n, c->left, c->n,
        c->gone, c->n);
}

static enum err write_spans(struct db_conn *conn, struct lane_item *const *items, size_t n)
{
    struct columns *c = mem_new(sizeof *c);
    for (size_t i = 0; i < n; i++) {
        const struct span_write *w = container_of(items[i], struct span_write, item);
        for (int row = 0; row < w->n; row++)
            add(c, &w->rows[row]);
    }
    enum err err = write_columns(conn, c);
    free(c);
    return err;
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

/* What a crash cut off was gone by the lease that did not come. A run is dead that has not renewed
 * its lease for a minute, or another one of its name begins. */
static enum err end_dead(struct db_conn *c, const char *name, int64_t now)
{
    enum err err =
        db_exec(c,
                "UPDATE span SET left_at = greatest(span.joined_at, node.lease_at),"
                "       gone_at = greatest(span.joined_at, node.lease_at) + interval '1 second'"
                "  FROM node WHERE node.id = span.node_id AND span.left_at IS NULL"
                "   AND (node.name = $1 OR node.lease_at < $2::timestamptz - interval '1 minute')",
                "st", name, now);
    if (err == ERR_OK)
        err = db_exec(c,
                      "UPDATE node SET stopped_at = lease_at WHERE stopped_at IS NULL"
                      "   AND (name = $1 OR lease_at < $2::timestamptz - interval '1 minute')",
                      "st", name, now);
    return err;
}

enum err presence_begin_node(struct db_conn *c, const struct id *node, const char *name,
                             int64_t now)
{
    enum err err = db_begin(c);
    if (err == ERR_OK)
        err = end_dead(c, name, now);
    if (err == ERR_OK)
        err =
            db_exec(c, "INSERT INTO node (id, name, started_at, lease_at) VALUES ($1, $2, $3, $3)",
                    "ust", node, name, now);
    return db_end(c, err);
}

/* A lease is no heavier for it: nearly always nobody is dead. */
static enum err someone_dead(struct db_conn *c, int64_t now, bool *dead)
{
    struct db_result *r = db_query(c,
                                   "SELECT EXISTS (SELECT FROM node WHERE stopped_at IS NULL"
                                   "   AND lease_at < $1::timestamptz - interval '1 minute')",
                                   "t", now);
    enum err err = db_one(r);
    *dead = err == ERR_OK && db_bool(r, 0, 0);
    db_result_free(r);
    return err;
}

enum err presence_renew_lease(struct db_conn *c, const struct id *node, int64_t now)
{
    bool dead = false;
    enum err err = db_exec(c, "UPDATE node SET lease_at = $2 WHERE id = $1 AND lease_at < $2", "ut",
                           node, now);
    if (err == ERR_OK)
        err = someone_dead(c, now, &dead);
    if (err != ERR_OK || !dead)
        return err;
    err = db_begin(c);
    if (err == ERR_OK)
        err = end_dead(c, NULL, now);
    return db_end(c, err);
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
    return db_end(c, err);
}
