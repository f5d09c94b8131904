#include "base/mem.h"
#include "db/query.h"
#include "nodes/times.h"
#include "room/others.h"
#include <stdlib.h>

static struct other other_at(const struct db_result *r, int row)
{
    bool there = db_null(r, row, 4);
    return (struct other){.span = db_id(r, row, 0),
                          .node = db_id(r, row, 1),
                          .person = db_id(r, row, 2),
                          .joined_at = db_time(r, row, 3),
                          .left_at = there ? 0 : db_time(r, row, 4),
                          .gone_at = there ? 0 : db_time(r, row, 5),
                          .on_purpose = db_bool(r, row, 6),
                          .presumed = db_bool(r, row, 7),
                          .staff = db_bool(r, row, 8)};
}

/* Of session $1, on other nodes; a lease that is older than $3 us is of a node that is away. */
#define OTHER_ROWS                                                                                 \
    "SELECT p.id, p.node_id, coalesce(p.registration_id, p.account_id), p.joined_at,"              \
    "       coalesce(p.left_at, a.lease),"                                                         \
    "       coalesce(p.gone_at, p.left_at, a.lease + interval '1 second'), p.on_purpose,"          \
    "       p.left_at IS NULL AND a.lease IS NOT NULL, p.account_id IS NOT NULL"                   \
    "  FROM span p JOIN node n ON n.id = p.node_id"                                                \
    "  CROSS JOIN LATERAL (SELECT CASE WHEN coalesce(n.renewed_at, n.lease_at)"                    \
    "       < clock_timestamp() - make_interval(secs => $3::bigint / 1000000.0)"                   \
    "       THEN greatest(p.joined_at, n.lease_at) END) a (lease)"                                 \
    " WHERE p.session_id = $1 AND p.kind = 'connected'"                                            \
    "   AND p.node_id <> nullif(current_setting('amphi.node', true), '')::uuid"

/* Frees r. */
static enum err add_rows(struct db_result *r, struct other **rows, size_t *n)
{
    enum err err = db_err(r);
    int more = err ? 0 : db_rows(r);
    *rows = mem_resize(*rows, (*n + (size_t)more + 1) * sizeof **rows);
    for (int row = 0; row < more; row++)
        (*rows)[(*n)++] = other_at(r, row);
    db_result_free(r);
    return err;
}

static enum err read_all(struct db_conn *c, const struct id *session, int64_t gone,
                         struct other **rows, size_t *n)
{
    return add_rows(db_query(c,
                             OTHER_ROWS " AND ((p.left_at IS NULL AND n.stopped_at IS NULL)"
                                        "      OR coalesce(p.gone_at, p.left_at) > $2)",
                             "uti", session, gone, (int64_t)NODE_AWAY_US),
                    rows, n);
}

static enum err read_changed(struct db_conn *c, const struct id *session,
                             const struct others_range *range, struct other **rows, size_t *n)
{
    enum err err = add_rows(db_query(c, OTHER_ROWS " AND p.xid > 0 AND p.xid >= $2", "uii", session,
                                     range->xid, (int64_t)NODE_AWAY_US),
                            rows, n);
    if (err || !range->nodes_n)
        return err;
    return add_rows(db_query(c, OTHER_ROWS " AND p.node_id = ANY ($2) AND p.left_at IS NULL", "uUi",
                             session, range->nodes, range->nodes_n, (int64_t)NODE_AWAY_US),
                    rows, n);
}

enum err others_read(struct db_conn *c, const struct id *session, const struct others_range *range,
                     struct other **rows, size_t *n)
{
    *rows = NULL;
    *n = 0;
    enum err err = range->xid ? read_changed(c, session, range, rows, n)
                              : read_all(c, session, range->gone, rows, n);
    if (err) {
        free(*rows);
        *rows = NULL;
    }
    return err;
}
