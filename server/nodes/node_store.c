#include "nodes/node_store.h"
#include <stdio.h>
#include <string.h>

enum err installation_id(struct db_conn *c, struct id *id)
{
    struct db_result *r = db_query(c, "SELECT id FROM installation", "");
    enum err err = db_one(r);
    if (err == ERR_OK)
        *id = db_id(r, 0, 0);
    db_result_free(r);
    return err;
}

static enum err read_time(struct db_conn *c, const char *sql, int64_t *at)
{
    struct db_result *r = db_query(c, sql, "");
    enum err err = db_one(r);
    *at = err == ERR_OK && !db_null(r, 0, 0) ? db_time(r, 0, 0) : 0;
    db_result_free(r);
    return err;
}

enum err node_last_lease(struct db_conn *c, int64_t *lease_at)
{
    return read_time(c, "SELECT max(lease_at) FROM node", lease_at);
}

enum err node_database_time(struct db_conn *c, int64_t *now)
{
    return read_time(c, "SELECT clock_timestamp()", now);
}

enum err node_insert(struct db_conn *c, const struct node_row *row)
{
    return db_exec(c,
                   "INSERT INTO node (id, name, started_at, lease_at, renewed_at, address, build,"
                   "                  reads)"
                   " VALUES ($1, $2, $3, $3, clock_timestamp(), $4, $5, $6)",
                   "ustssj", &row->id, row->name, row->now, row->address, row->build, row->reads);
}

enum err node_namesake(struct db_conn *c, const char *name, struct namesake *out)
{
    struct db_result *r = db_query(
        c,
        "SELECT id, EXISTS (SELECT FROM node_backends(id)), (extract(epoch FROM clock_timestamp()"
        "       - coalesce(renewed_at, lease_at)) * 1000000)::bigint"
        "  FROM node WHERE name = $1 AND stopped_at IS NULL ORDER BY lease_at LIMIT 1",
        "s", name);
    enum err err = db_one(r);
    if (err == ERR_OK)
        *out = (struct namesake){
            .id = db_id(r, 0, 0), .connected = db_bool(r, 0, 1), .age = db_int(r, 0, 2)};
    db_result_free(r);
    return err;
}

enum err node_end(struct db_conn *c, const struct id *node, int64_t silent_us, bool *ended)
{
    struct db_result *r =
        db_query(c, "SELECT node_end($1, make_interval(secs => $2::bigint / 1000000.0))", "un",
                 node, silent_us);
    enum err err = db_one(r);
    *ended = err == ERR_OK && db_bool(r, 0, 0);
    db_result_free(r);
    return err;
}

enum err node_renew(struct db_conn *c, const struct id *node, int64_t now, const char *figures,
                    bool *alive, int64_t *database_now)
{
    struct db_result *r =
        db_query(c,
                 "UPDATE node SET lease_at = greatest(lease_at, $2), figures = $3::jsonb,"
                 "       renewed_at = clock_timestamp()"
                 " WHERE id = $1 AND stopped_at IS NULL RETURNING renewed_at",
                 "uts", node, now, figures);
    enum err err = db_err(r);
    *alive = err == ERR_OK && db_rows(r) == 1;
    if (*alive)
        *database_now = db_time(r, 0, 0);
    db_result_free(r);
    return err;
}

#define BUS_CONNECTIONS 4 /* of a node that has all of them */

/* Figures come with the first lease; those of a node without NATS lack it. */
static enum peer_bus bus_of(const struct db_result *r, int row, int rooms, int bus)
{
    if (db_null(r, row, rooms))
        return PEER_BUS_UNSAID;
    if (db_null(r, row, bus))
        return PEER_BUS_NONE;
    return db_int(r, row, bus) >= BUS_CONNECTIONS ? PEER_BUS_WHOLE : PEER_BUS_BROKEN;
}

enum err node_list(struct db_conn *c, const struct id *but, each_node *each, void *arg)
{
    struct db_result *r =
        db_query(c,
                 "SELECT id, lease_at, greatest(0, (extract(epoch FROM clock_timestamp()"
                 "       - coalesce(renewed_at, lease_at)) * 1000000)::bigint), name,"
                 "       (figures->>'rooms')::bigint, (figures->>'bus')::bigint,"
                 "       (started_at, id) < (SELECT o.started_at, o.id FROM node o WHERE o.id = $1)"
                 "  FROM node WHERE stopped_at IS NULL AND id <> $1 ORDER BY started_at LIMIT 256",
                 "u", but);
    enum err err = db_err(r);
    for (int row = 0; err == ERR_OK && row < db_rows(r); row++) {
        each(arg,
             &(struct peer_row){.id = db_id(r, row, 0),
                                .lease = db_time(r, row, 1),
                                .age = db_int(r, row, 2),
                                .bus = bus_of(r, row, 4, 5),
                                .older = db_bool(r, row, 6)},
             db_text(r, row, 3));
    }
    db_result_free(r);
    return err;
}

static int64_t figure(const struct db_result *r, int row, int col)
{
    return db_null(r, row, col) ? DB_NULL_INT : db_int(r, row, col);
}

enum err node_report(struct db_conn *c, each_report *each, void *arg)
{
    struct db_result *r =
        db_query(c,
                 "SELECT DISTINCT ON (name) name, address, build, CASE WHEN stopped_at IS NOT NULL"
                 "       THEN 'ended' WHEN age > $1 THEN 'away' ELSE 'lives' END, started_at, age,"
                 "       (figures->>'rooms')::bigint, (figures->>'members')::bigint,"
                 "       (figures->>'missed')::bigint, (figures->>'bus')::bigint,"
                 "       (figures->>'skew_us')::bigint, (figures->>'apart')::bigint"
                 "  FROM node, LATERAL (SELECT greatest(0, (extract(epoch FROM clock_timestamp()"
                 "       - coalesce(renewed_at, lease_at)) * 1000000)::bigint)) a (age)"
                 " WHERE stopped_at IS NULL OR age < 86400000000"
                 " ORDER BY name, stopped_at IS NOT NULL, lease_at DESC LIMIT 256",
                 "i", NODE_AWAY_US);
    enum err err = db_err(r);
    for (int row = 0; err == ERR_OK && row < db_rows(r); row++) {
        struct node_report one = {.started_at = db_time(r, row, 4),
                                  .age = db_int(r, row, 5),
                                  .rooms = figure(r, row, 6),
                                  .members = figure(r, row, 7),
                                  .missed = figure(r, row, 8),
                                  .bus = figure(r, row, 9),
                                  .skew = figure(r, row, 10),
                                  .apart = figure(r, row, 11)};
        snprintf(one.name, sizeof one.name, "%s", db_text(r, row, 0));
        snprintf(one.address, sizeof one.address, "%s", db_text(r, row, 1));
        snprintf(one.build, sizeof one.build, "%s", db_text(r, row, 2));
        snprintf(one.state, sizeof one.state, "%s", db_text(r, row, 3));
        each(arg, &one);
    }
    db_result_free(r);
    return err;
}

enum err node_stop_run(struct db_conn *c, const struct id *node, int64_t now)
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
                      " WHERE id = $1 AND stopped_at IS NULL",
                      "ut", node, now);
    return db_end(c, err);
}

/* --- the control log --- */

static const char *const kinds[] = {
    [CONTROL_SIGN_IN] = "sign_in", [CONTROL_PERSON] = "person", [CONTROL_ROLES] = "roles"};

static enum control_kind kind_of(const char *word)
{
    int kind = 0;
    while (kind < CONTROL_KINDS && strcmp(kinds[kind], word) != 0)
        kind++;
    return (enum control_kind)kind;
}

enum err control_horizon(struct db_conn *c, int64_t *horizon)
{
    return db_read_int(c, horizon, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
                       "");
}

static struct control_row row_at(const struct db_result *r, int row)
{
    return (struct control_row){.id = db_int(r, row, 1),
                                .xid = db_int(r, row, 5),
                                .kind = kind_of(db_text(r, row, 2)),
                                .subject = db_id(r, row, 3),
                                .own = db_bool(r, row, 4)};
}

enum err control_read(struct db_conn *c, const struct id *node, int64_t horizon, int64_t after,
                      struct control_row rows[static CONTROL_ROWS_MOST], size_t *n, int64_t *next)
{
    struct db_result *r =
        db_query(c,
                 "SELECT h.xmin, l.id, l.kind, l.subject, coalesce(l.node_id = $1, false), l.xid"
                 "  FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint) h (xmin)"
                 "  LEFT JOIN control_log l ON l.xid >= $2 AND l.id > $3 ORDER BY l.id LIMIT $4",
                 "uiii", node, horizon, after, (int64_t)CONTROL_ROWS_MOST);
    enum err err = db_one(r);
    *n = 0;
    for (int row = 0; err == ERR_OK && row < db_rows(r) && !db_null(r, row, 1); row++)
        rows[(*n)++] = row_at(r, row);
    if (err == ERR_OK)
        *next = db_int(r, 0, 0);
    db_result_free(r);
    return err;
}

enum err control_sweep(struct db_conn *c)
{
    return db_exec(c, "DELETE FROM control_log WHERE at < clock_timestamp() - interval '1 hour'",
                   "");
}
