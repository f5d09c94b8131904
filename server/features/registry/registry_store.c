/* What is read of the register. */
#include "features/registry/registry_store.h"
#include <stdio.h>

enum err registry_current(struct db_conn *c, struct registry_edition *out)
{
    struct db_result *r =
        db_query(c,
                 "SELECT id, source_file, data_at, imported_at, lines, refused, persons"
                 "  FROM registry_edition WHERE current",
                 "");
    enum err err = db_one(r);
    if (!err) {
        *out = (struct registry_edition){.id = db_int(r, 0, 0),
                                         .data_at = db_time(r, 0, 2),
                                         .imported_at = db_time(r, 0, 3),
                                         .lines = db_int(r, 0, 4),
                                         .refused = db_int(r, 0, 5),
                                         .persons = db_int(r, 0, 6)};
        snprintf(out->source_file, sizeof out->source_file, "%s", db_text(r, 0, 1));
    }
    db_result_free(r);
    return err;
}

#define EDITION                                                                                    \
    "(SELECT jsonb_build_object('data_at', json_time(data_at), 'imported_at',"                     \
    "   json_time(imported_at), 'source_file', source_file, 'lines', lines, 'refused', refused,"   \
    "   'persons', persons) FROM registry_edition WHERE current)"

enum err registry_edition_json(struct db_conn *c, json_t **out)
{
    return db_read_json(c, out, "SELECT " EDITION, "");
}

enum err registry_look_up(struct db_conn *c, const char *rpps, json_t **out)
{
    return db_read_json(c, out,
                        "SELECT jsonb_build_object('data_at',"
                        "   (SELECT json_time(data_at) FROM registry_edition WHERE current),"
                        "  'person', (SELECT jsonb_build_object('rpps', rpps,"
                        "     'first_name', initcap(first_name), 'last_name', initcap(last_name),"
                        "     'profession', profession, 'specialty', specialty, 'region', region)"
                        "    FROM registry_person WHERE rpps = $1))",
                        "s", rpps);
}
