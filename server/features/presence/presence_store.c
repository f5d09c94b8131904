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
