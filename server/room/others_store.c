#include "base/mem.h"
#include "db/query.h"
#include "nodes/times.h"
#include "room/others.h"

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

enum err others_read(struct db_conn *c, const struct id *session, int64_t since,
                     struct other **rows, size_t *n)
{
    struct db_result *r = db_query(
        c,
        "SELECT p.id, p.node_id, coalesce(p.registration_id, p.account_id), p.joined_at,"
        "       coalesce(p.left_at, a.lease),"
        "       coalesce(p.gone_at, p.left_at, a.lease + interval '1 second'), p.on_purpose,"
        "       p.left_at IS NULL AND a.lease IS NOT NULL, p.account_id IS NOT NULL"
        "  FROM span p JOIN node n ON n.id = p.node_id"
        "  CROSS JOIN LATERAL (SELECT CASE WHEN coalesce(n.renewed_at, n.lease_at)"
        "       < clock_timestamp() - make_interval(secs => $3::bigint / 1000000.0)"
        "       THEN greatest(p.joined_at, n.lease_at) END) a (lease)"
        " WHERE p.session_id = $1 AND p.kind = 'connected'"
        "   AND p.node_id <> nullif(current_setting('amphi.node', true), '')::uuid"
        "   AND ((p.left_at IS NULL AND n.stopped_at IS NULL)"
        "        OR coalesce(p.gone_at, p.left_at) > $2)",
        "uti", session, since, (int64_t)NODE_AWAY_US);
    enum err err = db_err(r);
    *n = err ? 0 : (size_t)db_rows(r);
    *rows = mem_new_array(*n, sizeof **rows);
    for (size_t i = 0; i < *n; i++)
        (*rows)[i] = other_at(r, (int)i);
    db_result_free(r);
    if (err)
        free(*rows);
    return err;
}
