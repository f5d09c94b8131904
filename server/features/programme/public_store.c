/* The public programme in the database. Worker thread. */
#include "db/query.h"
#include "features/programme/public.h"

enum err public_programme(struct db_conn *c, const char *code, json_t *query, json_t **out)
{
    json_t *found = NULL;
    enum err err = db_read_json(c, &found, "SELECT public_programme($1, $2)", "sj", code, query);
    if (err == ERR_OK && !json_is_object(found)) {
        json_decref(found);
        err = ERR_NOT_FOUND;
    }
    if (err == ERR_OK)
        *out = found;
    return err;
}
