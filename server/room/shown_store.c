#include "base/mem.h"
#include "db/query.h"
#include "room/shown.h"
#include <stdlib.h>

static enum err read_shown(struct db_conn *c, const struct id *session, json_t **shown)
{
    *shown = NULL;
    return db_read_json(c, shown, "SELECT session_shown($1)", "u", session);
}

enum err shown_lock(struct db_conn *c, const struct id *organisation, const struct id *congress,
                    const struct id *session, struct shown_sessions *before)
{
    *before = (struct shown_sessions){0};
    struct db_result *r = db_query(c,
                                   "SELECT id FROM session WHERE organisation_id = $1"
                                   "   AND ($2::uuid IS NULL OR congress_id = $2)"
                                   "   AND ($3::uuid IS NULL OR id = $3)"
                                   " ORDER BY id FOR NO KEY UPDATE",
                                   "uuu", organisation, congress, session);
    enum err err = db_err(r);
    size_t n = err ? 0 : (size_t)db_rows(r);
    before->ids = mem_new_array(n, sizeof *before->ids);
    before->shown = mem_new_array(n, sizeof *before->shown);
    for (size_t i = 0; !err && i < n; i++) {
        before->ids[i] = db_id(r, (int)i, 0);
        err = read_shown(c, &before->ids[i], &before->shown[i]);
        before->n = i + 1;
    }
    db_result_free(r);
    return err;
}

enum err shown_tell(struct db_conn *c, struct change *change, const struct shown_sessions *before)
{
    enum err err = ERR_OK;
    for (size_t i = 0; !err && i < before->n; i++) {
        json_t *now = NULL;
        err = read_shown(c, &before->ids[i], &now);
        if (!err && !json_equal(now, before->shown[i]))
            err = change_event(c, change, &before->ids[i], "session.changed", json_incref(now));
        json_decref(now);
    }
    return err;
}

void shown_release(struct shown_sessions *s)
{
    for (size_t i = 0; i < s->n; i++)
        json_decref(s->shown[i]);
    free(s->shown);
    free(s->ids);
    *s = (struct shown_sessions){0};
}
