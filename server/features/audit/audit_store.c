#include "features/audit/audit_store.h"
#include "db/query.h"

enum err audit_list(struct db_conn *c, const struct identity *who, const struct cursor *after,
                    int limit, json_t **items, struct cursor *last, bool *more)
{
    struct db_result *r = db_query(
        c,
        "SELECT jsonb_build_object('id', l.id, 'at', json_time(l.at), 'actor_kind', l.actor_kind,"
        "         'actor_id', l.actor_id, 'actor_name', a.name, 'action', l.action,"
        "         'object_kind', l.object_kind, 'object_id', l.object_id, 'details', l.details),"
        "       l.id FROM audit_log l LEFT JOIN account a ON l.actor_kind = 'account'"
        "          AND a.organisation_id = l.organisation_id AND a.id = l.actor_id"
        " WHERE l.organisation_id = $1 AND l.id < $2 ORDER BY l.id DESC LIMIT $3",
        "uii", &who->organisation, after->number, (int64_t)limit + 1);
    enum err err = db_err(r);
    if (err == ERR_OK) {
        int n = db_json_rows(r, limit, items, more);
        if (n)
            *last = (struct cursor){.number = db_int(r, n - 1, 1)};
    }
    db_result_free(r);
    return err;
}
