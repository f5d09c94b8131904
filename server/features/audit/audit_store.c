#include "features/audit/audit_store.h"
#include "db/query.h"

/* What it was done to, by the name that it has now. People have none here: a registration is told
 * by its kind, a question belongs to who asked it. */
#define ITS " WHERE (t.organisation_id, t.id) = (l.organisation_id, l.object_id))"
#define OBJECT_NAME                                                                                \
    "CASE l.object_kind"                                                                           \
    " WHEN 'congress' THEN (SELECT title FROM congress t" ITS                                      \
    " WHEN 'session' THEN (SELECT title FROM session t" ITS                                        \
    " WHEN 'hall' THEN (SELECT name FROM hall t" ITS                                               \
    " WHEN 'room' THEN (SELECT name FROM hall t" ITS                                               \
    " WHEN 'track' THEN (SELECT name FROM track t" ITS                                             \
    " WHEN 'deck' THEN (SELECT file_name FROM deck t" ITS                                          \
    " WHEN 'poll' THEN (SELECT question FROM poll t" ITS                                           \
    " WHEN 'target_profile' THEN (SELECT name FROM target_profile t" ITS                           \
    " WHEN 'library_profile' THEN (SELECT name FROM library_profile t" ITS                         \
    " WHEN 'target_list' THEN (SELECT name FROM target_list t" ITS                                 \
    " WHEN 'registration_link' THEN (SELECT label FROM registration_link t" ITS                    \
    " WHEN 'account' THEN (SELECT name FROM account t" ITS " END"

enum err audit_list(struct db_conn *c, const struct identity *who, enum audit_part part,
                    const struct cursor *after, int limit, json_t **items, struct cursor *last,
                    bool *more)
{
    struct db_result *r = db_query(
        c,
        "SELECT jsonb_build_object('id', l.id, 'at', json_time(l.at), 'actor_kind', l.actor_kind,"
        "         'actor_id', l.actor_id, 'actor_name', a.name, 'action', l.action,"
        "         'object_kind', l.object_kind, 'object_id', l.object_id,"
        "         'object_name', nullif(" OBJECT_NAME ", ''), 'details', l.details),"
        "       l.id FROM audit_log l LEFT JOIN account a ON l.actor_kind = 'account'"
        "          AND a.organisation_id = l.organisation_id AND a.id = l.actor_id"
        " WHERE l.organisation_id = $1 AND l.id < $2"
        "   AND ($4 = 0 OR (l.action ~ '[.](read|export)$') = ($4 = 2)) ORDER BY l.id DESC LIMIT "
        "$3",
        "uiii", &who->organisation, after->number, (int64_t)limit + 1, (int64_t)part);
    enum err err = db_err(r);
    if (err == ERR_OK) {
        int n = db_json_rows(r, limit, items, more);
        if (n)
            *last = (struct cursor){.number = db_int(r, n - 1, 1)};
    }
    db_result_free(r);
    return err;
}
