#include "features/lists/lists_import_store.h"
#include "features/lists/lists_jobs.h"
#include "room/change.h"
#include <string.h>

#define BATCH 10000 /* lines that are checked at a time */

static const char *const fields[] = {
    "rpps",          "email",
    "last_name",     "first_name",
    "postcode",      "external_id",
    "profession",    "specialty",
    "skill_type",    "practice_setting",
    "practice_mode", "professional_category",
    "region",        "department",
    "country",       "age_band",
    "segment",       "tier",
    "language",      "therapeutic_interest",
};

bool list_field_known(const char *name)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(fields[i], name) == 0)
            return true;
    return false;
}

/* i: the import. Twenty lines of either kind are enough to see what is wrong. */
#define IMPORT_JSON                                                                                \
    "jsonb_build_object('id', i.id, 'state', i.state, 'error', i.error, 'file_name', i.file_name," \
    " 'created_at', json_time(i.created_at), 'encoding', i.encoding, 'delimiter', i.delimiter,"    \
    " 'has_header', i.has_header, 'lines', i.lines, 'checked', i.checked,"                         \
    " 'duplicates', i.duplicates, 'counts', i.counts,"                                             \
    " 'columns', (SELECT coalesce(jsonb_agg(jsonb_build_object('name', c.name, 'proposed',"        \
    "       i.proposed[c.n], 'field', i.mapping[c.n], 'repeated', c.name <> '' AND c.same > 1)"    \
    "       ORDER BY c.n), '[]')"                                                                  \
    "     FROM (SELECT name, n, count(*) OVER (PARTITION BY folded(name)) AS same"                 \
    "             FROM unnest(i.columns) WITH ORDINALITY u (name, n)) c),"                         \
    " 'preview', (SELECT coalesce(jsonb_agg(jsonb_build_object('line', l.line, 'cells', l.cells,"  \
    "       'fault', l.fault) ORDER BY l.line), '[]')"                                             \
    "     FROM (SELECT * FROM target_list_import_line WHERE import_id = i.id"                      \
    "            ORDER BY line LIMIT 20) l),"                                                      \
    " 'faults', CASE WHEN i.state <> 'checked' THEN '[]' ELSE ("                                   \
    "     SELECT coalesce(jsonb_agg(jsonb_build_object('fault', f.fault, 'column', f.at,"          \
    "       'lines', f.lines) ORDER BY f.lines DESC, f.at, f.fault), '[]')"                        \
    "     FROM (SELECT fault, fault_column AS at, count(*) AS lines"                               \
    "             FROM target_list_import_person WHERE import_id = i.id AND fault IS NOT NULL"     \
    "            GROUP BY 1, 2) f) END,"                                                           \
    " 'refused', CASE WHEN i.state <> 'checked' THEN '[]' ELSE ("                                  \
    "     SELECT coalesce(jsonb_agg(jsonb_build_object('line', p.line, 'fault', p.fault,"          \
    "       'column', p.fault_column, 'value', l.cells[p.fault_column]) ORDER BY p.line), '[]')"   \
    "     FROM (SELECT * FROM target_list_import_person WHERE import_id = i.id"                    \
    "              AND fault IS NOT NULL ORDER BY line LIMIT 20) p"                                \
    "     JOIN target_list_import_line l ON l.import_id = i.id AND l.line = p.line) END)"

/* $1 to $3 */
#define THE_IMPORT                                                                                 \
    " FROM target_list_import i"                                                                   \
    " WHERE i.organisation_id = $1 AND i.target_list_id = $2 AND i.id = $3"

enum err list_import_read(struct db_conn *c, const struct identity *who,
                          const struct list_import *import, json_t **out)
{
    return db_read_json(c, out, "SELECT " IMPORT_JSON THE_IMPORT, "uuu", &who->organisation,
                        import->list, import->id);
}

/* Its state, locked. The list first: whoever stores locks them in this order. */
static enum err lock(struct db_conn *c, const struct identity *who,
                     const struct list_import *import, json_t **out)
{
    enum err err = db_found(c,
                            "SELECT 1 FROM target_list WHERE organisation_id = $1 AND id = $2"
                            " FOR NO KEY UPDATE",
                            "uu", &who->organisation, import->list);
    if (!err)
        err = db_read_json(
            c, out,
            "SELECT jsonb_build_object('state', i.state, 'columns', cardinality(i.columns),"
            " 'file', i.file_name, 'counts', i.counts, 'people',"
            " (SELECT people FROM target_list l WHERE l.id = i.target_list_id))" THE_IMPORT
            " FOR UPDATE",
            "uuu", &who->organisation, import->list, import->id);
    return err;
}

static bool is(const json_t *told, const char *state)
{
    return strcmp(json_string_value(json_object_get(told, "state")), state) == 0;
}

static enum err begin_check(struct db_conn *c, const struct identity *who,
                            const struct list_import *import, const struct list_mapping *m,
                            int64_t now)
{
    struct id work;
    enum err err =
        db_exec(c, "DELETE FROM target_list_import_person WHERE import_id = $1", "u", import->id);
    if (!err)
        err = db_read_id(c, &work,
                         "UPDATE target_list_import SET state = 'checking', error = NULL,"
                         "       mapping = $2, duplicates = $3, work_id = gen_random_uuid(),"
                         "       checked = 0, checked_to = 0, counts = NULL"
                         " WHERE id = $1 RETURNING work_id",
                         "uSs", import->id, m->fields, m->n, m->duplicates);
    return err ? err : job_add(c, &target_list_check, &who->organisation, &work, now);
}

enum err list_import_map(struct db_conn *c, const struct identity *who,
                         const struct list_import *import, const struct list_mapping *m,
                         int64_t now)
{
    json_t *told = NULL;
    enum err err = db_begin(c);
    if (!err)
        err = lock(c, who, import, &told);
    if (!err && (is(told, "storing") || is(told, "stored")))
        err = ERR_CONFLICT;
    if (!err && json_integer_value(json_object_get(told, "columns")) != (json_int_t)m->n)
        err = ERR_INVALID;
    if (!err)
        err = begin_check(c, who, import, m, now);
    json_decref(told);
    return db_end(c, err);
}

static int64_t counted(const json_t *told, const char *what)
{
    return json_integer_value(json_object_get(json_object_get(told, "counts"), what));
}

/* NULL: it may be stored. */
static const char *why_not(const json_t *told)
{
    if (!is(told, "checked"))
        return "import.state";
    if (counted(told, "good") == 0)
        return "import.nothing";
    int64_t people = json_integer_value(json_object_get(told, "people"));
    return people + counted(told, "new") > LIST_PEOPLE_MAX ? "target_list.full" : NULL;
}

static enum err begin_store(struct db_conn *c, const struct identity *who,
                            const struct list_import *import, const json_t *told, int64_t now)
{
    struct id work;
    enum err err = db_read_id(c, &work,
                              "UPDATE target_list_import SET state = 'storing',"
                              "       work_id = gen_random_uuid() WHERE id = $1 RETURNING work_id",
                              "u", import->id);
    if (!err)
        err = job_add(c, &target_list_store, &who->organisation, &work, now);
    if (!err)
        err = audit_write(c, who, now, "target_list.import", "target_list", import->list,
                          json_pack("{s:O,s:I,s:I}", "file", json_object_get(told, "file"), "good",
                                    (json_int_t)counted(told, "good"), "refused",
                                    (json_int_t)counted(told, "refused")));
    return err;
}

enum err list_import_confirm(struct db_conn *c, const struct identity *who,
                             const struct list_import *import, int64_t now, const char **why)
{
    json_t *told = NULL;
    enum err err = db_begin(c);
    if (!err)
        err = lock(c, who, import, &told);
    if (!err && (*why = why_not(told)))
        err = ERR_CONFLICT;
    if (!err)
        err = begin_store(c, who, import, told, now);
    json_decref(told);
    return db_end(c, err);
}

enum err list_import_cancel(struct db_conn *c, const struct identity *who,
                            const struct list_import *import, int64_t now)
{
    json_t *told = NULL;
    bool storing = false;
    enum err err = db_begin(c);
    if (!err)
        err = lock(c, who, import, &told);
    if (!err)
        err = list_import_forget(c, import->id, &storing);
    if (!err && storing)
        err = ERR_CONFLICT;
    if (!err && !is(told, "stored"))
        err = audit_write(c, who, now, "target_list.cancel_import", "target_list", import->list,
                          json_pack("{s:O}", "file", json_object_get(told, "file")));
    json_decref(told);
    return db_end(c, err);
}

/* --- the report --- */

struct report {
    struct csv *csv;
    enum err (*each)(void *arg);
    void *arg;
};

static enum err report_row(void *arg, const struct db_result *r)
{
    struct report *report = arg;
    csv_int(report->csv, db_int(r, 0, 0));
    csv_plain(report->csv, db_text(r, 0, 1));
    for (int column = 2; column < 5; column++)
        csv_text(report->csv, db_text(r, 0, column));
    csv_end_row(report->csv);
    return report->each(report->arg);
}

enum err list_import_report(struct db_conn *c, const struct identity *who,
                            const struct list_import *import, struct csv *csv,
                            enum err (*each)(void *arg), void *arg)
{
    static const struct csv_words head[] = {{"line", "Line", "Ligne"},
                                            {"reason", "Reason", "Motif"},
                                            {"column", "Column", "Colonne"},
                                            {"value", "Value", "Valeur"},
                                            {"text", "Line as it was", "Ligne d’origine"}};
    struct report report = {csv, each, arg};
    bool checked = false;
    enum err err = db_read_bool(c, &checked, "SELECT i.state = 'checked'" THE_IMPORT, "uuu",
                                &who->organisation, import->list, import->id);
    if (err || !checked)
        return err ? err : ERR_CONFLICT;
    csv_header(csv, head, sizeof head / sizeof *head);
    return db_stream(c, report_row, &report,
                     "SELECT p.line, p.fault, CASE WHEN p.fault_column IS NOT NULL THEN"
                     "          coalesce(nullif(i.columns[p.fault_column], ''),"
                     "                   p.fault_column::text) END,"
                     "       l.cells[p.fault_column], left(array_to_string(l.cells, ' | '), 4000)"
                     "  FROM target_list_import i"
                     "  JOIN target_list_import_person p ON p.import_id = i.id"
                     "  JOIN target_list_import_line l ON l.import_id = i.id AND l.line = p.line"
                     " WHERE i.id = $1 AND p.fault IS NOT NULL ORDER BY p.line",
                     "u", import->id);
}

/* --- for jobs --- */

enum err list_import_check(struct db_conn *c, const struct id *work, bool rpps_check, bool *more)
{
    return db_read_bool(c, more, "SELECT target_list_import_check($1, $2, $3)", "uib", work,
                        (int64_t)BATCH, (int)rpps_check);
}

enum err list_import_settle(struct db_conn *c, const struct id *work)
{
    return db_exec(c, "SELECT target_list_import_settle($1)", "u", work);
}

/* A statement each, so that none comes near the time that one may take. */
static enum err store(struct db_conn *c, const struct id *import, int64_t now)
{
    int64_t added = 0, changed = 0;
    enum err err = db_exec(c, "SELECT target_list_import_fold($1)", "u", import);
    if (!err)
        err = db_read_int(c, &added, "SELECT target_list_import_add($1, $2)", "ui", import,
                          (int64_t)LIST_PEOPLE_MAX);
    if (!err)
        err = db_read_int(c, &changed, "SELECT target_list_import_change($1)", "u", import);
    return err ? err
               : db_exec(c, "SELECT target_list_import_end($1, $2, $3, $4)", "uiit", import, added,
                         changed, now);
}

enum err list_import_store(struct db_conn *c, const struct id *work, int64_t now)
{
    struct id import;
    enum err err = db_begin(c);
    if (!err)
        err = db_read_id(c, &import,
                         "SELECT i FROM target_list_import_begin($1) i WHERE i IS NOT NULL", "u",
                         work);
    if (err == ERR_NOT_FOUND)
        return db_end(c, ERR_OK); /* nobody waits for it any more */
    if (!err)
        err = store(c, &import, now);
    return db_end(c, err);
}

enum err list_import_fail(struct db_conn *c, const struct id *work, const char *code)
{
    return db_exec(c,
                   "UPDATE target_list_import SET state = 'failed', error = $2, work_id = NULL"
                   " WHERE work_id = $1",
                   "us", work, code);
}

enum err list_import_forget(struct db_conn *c, const struct id *import, bool *storing)
{
    enum err err = db_exec(c, "DELETE FROM target_list_import WHERE id = $1 AND state <> 'storing'",
                           "u", import);
    return err ? err
               : db_read_bool(c, storing,
                              "SELECT EXISTS (SELECT FROM target_list_import WHERE id = $1)", "u",
                              import);
}
