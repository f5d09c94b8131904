/* Halls and tracks of a congress, written as a whole. */
#include "db/query.h"
#include "features/congress/congress_store.h"
#include <string.h>

static enum err check_version(struct db_conn *c, const struct id *congress, const char *version)
{
    bool same = false;
    enum err err = db_read_bool(c, &same, "SELECT structure_json($1)->>'structure_version' = $2",
                                "us", congress, version);
    return err == ERR_OK && !same ? ERR_CONFLICT : err;
}

static enum err write_structure(struct db_conn *c, const struct id *congress,
                                const struct congress_structure *s, const char **why)
{
    struct db_result *r =
        db_query(c, "SELECT structure_set($1, $2, $3)", "ujj", congress, s->halls, s->tracks);
    enum err err = db_err(r);
    *why = "";
    if (err == ERR_OK && strcmp(db_text(r, 0, 0), "used") == 0)
        *why = "structure.used";
    else if (err == ERR_OK && *db_text(r, 0, 0))
        *why = "name.taken";
    db_result_free(r);
    return err == ERR_OK && **why ? ERR_INVALID : err;
}

enum err structure_set(struct db_conn *c, const struct identity *who, const struct id *congress,
                       const struct congress_structure *s, int64_t now, const char **why)
{
    enum err err = db_begin(c);
    *why = "structure.changed";
    if (err == ERR_OK)
        err = congress_lock(c, who, congress);
    if (err == ERR_OK)
        err = check_version(c, congress, s->version);
    if (err == ERR_OK)
        err = write_structure(c, congress, s, why);
    if (err == ERR_OK)
        err = audit_write(c, who, now, "congress.structure", "congress", congress,
                          json_pack("{s:I,s:I}", "halls", (json_int_t)json_array_size(s->halls),
                                    "tracks", (json_int_t)json_array_size(s->tracks)));
    return db_end(c, err);
}
