#include "db/event.h"

enum err db_append_event(struct db_conn *c, const struct id *session, const char *type,
                         json_t *data, int64_t at, int64_t *seq)
{
    struct db_result *r =
        db_query(c, "SELECT session_append_event($1, $2, $3, $4)", "usjt", session, type, data, at);
    enum err err = db_err(r);
    if (!err)
        *seq = db_int(r, 0, 0);
    db_result_free(r);
    json_decref(data);
    return err;
}
