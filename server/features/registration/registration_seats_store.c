/* The seats of a congress: as many as its largest open session has. */
#include "db/query.h"
#include "features/registration/registration_store.h"

enum err seats_decide(struct db_conn *c, const struct id *congress, bool *open, bool *full)
{
    struct db_result *r = db_query(c, "SELECT seats_decide($1)", "u", congress);
    enum err err = db_one(r);
    if (err == ERR_OK) {
        *open = !db_null(r, 0, 0);
        *full = db_int(r, 0, 0) < 0;
    }
    db_result_free(r);
    return err;
}
