/* HTTP routes of imports of target lists. */
#include "base/app.h"
#include "base/json.h"
#include "features/lists/lists_import_store.h"
#include "features/lists/lists_jobs.h"
#include "features/lists/lists_routes.h"
#include "http/csv.h"
#include <string.h>

struct path {
    struct id list, id;
    struct list_import import;
};

static bool read_path(struct http_exchange *x, struct path *p)
{
    p->import = (struct list_import){&p->list, &p->id};
    return http_path_id(x, "target_list", &p->list) && http_path_id(x, "import", &p->id);
}

/* --- upload --- */

static bool check_head(struct http_exchange *x)
{
    const char *fault = http_file_name_fault(x, IMPORT_FILE_NAME_MAX);
    if (!http_is_type(x, "text/csv"))
        http_problem(x, 415, "request.content_type", "The body must be text/csv.");
    else if (fault)
        http_problem_field(x, "file_name", fault);
    else
        return true;
    return false;
}

bool admit_list_import(struct http_exchange *x)
{
    if (!check_head(x))
        return false;
    if (blob_has_room(x->app->blobs, x->body_len))
        return true;
    http_problem(x, 507, "server.storage", "There is no room for the file.");
    return false;
}

static const struct {
    const char *code, *detail;
} details[] = {
    {"file.empty", "There is nobody in the file."},
    {"file.spreadsheet", "The file is a workbook. Save it as CSV there and upload that."},
    {"file.binary", "The file is not text."},
    {"file.header", "The first line cannot be read: it is too long, has too many columns, or"
                    " signs that are no text."},
    {"file.too_many_lines", "The file has more than 200,000 lines."},
    {"import.too_many", "Too many imports wait to be confirmed or cancelled."},
    {"import.state", "The import is not at a step where this can be done."},
    {"import.nothing", "No line of the file can be taken."},
    {"target_list.full", "The list would have more people than it may."},
};

static void refuse(struct http_exchange *x, enum err err, const char *code)
{
    if (!code) {
        http_problem_err(x, err);
        return;
    }
    for (size_t i = 0; i < sizeof details / sizeof *details; i++)
        if (strcmp(details[i].code, code) == 0)
            http_problem(x, err == ERR_INVALID ? 422 : 409, code, details[i].detail);
}

void post_list_import(struct http_exchange *x)
{
    struct id list;
    json_t *import = NULL;
    const char *why = NULL;
    if (!http_path_id(x, "target_list", &list) || !check_head(x))
        return;
    struct list_upload up = {
        .list = &list, .file_name = http_query(x, "file_name"), .file = x->upload};
    enum err err = list_import_create(x->db, &x->who, &up, clock_now_us(x->clock), &import, &why);
    if (err)
        refuse(x, err, why);
    else
        http_reply_json(x, 201, import);
}

/* --- the steps --- */

static void reply_import(struct http_exchange *x, const struct path *p, int status)
{
    json_t *import = NULL;
    enum err err = list_import_read(x->db, &x->who, &p->import, &import);
    if (err)
        http_problem_err(x, err);
    else
        http_reply_json(x, status, import);
}

void get_list_import(struct http_exchange *x)
{
    struct path p;
    if (read_path(x, &p))
        reply_import(x, &p, 200);
}

static void read_field(struct json_reader *r, struct list_mapping *m, json_t *item)
{
    if (json_is_null(item)) {
        m->fields[m->n++] = NULL;
        return;
    }
    const char *field = json_item_string(r, "fields", item, 1, 40);
    if (field && !list_field_known(field))
        json_reader_fault(r, "fields", "unknown");
    for (size_t i = 0; field && i < m->n; i++)
        if (m->fields[i] && strcmp(m->fields[i], field) == 0)
            json_reader_fault(r, "fields", "repeated");
    m->fields[m->n++] = field;
}

/* Without one of these nobody is named. */
static bool names_people(const struct list_mapping *m)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->fields[i] &&
            (strcmp(m->fields[i], "rpps") == 0 || strcmp(m->fields[i], "email") == 0 ||
             strcmp(m->fields[i], "last_name") == 0))
            return true;
    return false;
}

static bool read_mapping(struct http_exchange *x, struct list_mapping *m)
{
    static const char *const rules[] = {"keep", "merge", "replace", NULL};
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    json_t *fields = json_read_array(&r, "fields", LIST_COLUMNS_MAX), *item;
    int rule = json_read_word(&r, "duplicates", rules);
    size_t i;
    json_array_foreach(fields, i, item) read_field(&r, m, item);
    if (!r.field && !names_people(m))
        json_reader_fault(&r, "fields", "nobody is named");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return false;
    }
    m->duplicates = rules[rule];
    return true;
}

void put_list_mapping(struct http_exchange *x)
{
    struct path p;
    struct list_mapping m = {.n = 0};
    if (!read_path(x, &p) || !read_mapping(x, &m))
        return;
    enum err err = list_import_map(x->db, &x->who, &p.import, &m, clock_now_us(x->clock));
    if (err == ERR_INVALID) {
        http_problem_field(x, "fields", "not one for each column");
        return;
    }
    if (err) {
        refuse(x, err, err == ERR_CONFLICT ? "import.state" : NULL);
        return;
    }
    jobs_wake(x->app->jobs, &target_list_check);
    reply_import(x, &p, 200);
}

void post_list_confirm(struct http_exchange *x)
{
    struct path p;
    const char *why = NULL;
    if (!read_path(x, &p))
        return;
    enum err err = list_import_confirm(x->db, &x->who, &p.import, clock_now_us(x->clock), &why);
    if (err) {
        refuse(x, err, why);
        return;
    }
    jobs_wake(x->app->jobs, &target_list_store);
    reply_import(x, &p, 200);
}

void delete_list_import(struct http_exchange *x)
{
    struct path p;
    if (!read_path(x, &p))
        return;
    enum err err = list_import_cancel(x->db, &x->who, &p.import, clock_now_us(x->clock));
    if (err)
        refuse(x, err, err == ERR_CONFLICT ? "import.state" : NULL);
    else
        http_reply_empty(x, 204);
}

/* --- the report --- */

static enum err each_row(void *arg)
{
    return http_csv_row(arg);
}

void get_list_report(struct http_exchange *x)
{
    static const struct csv_words name = {"refused.csv", "Refused lines.csv",
                                          "Lignes refusées.csv"};
    struct path p;
    enum csv_dialect dialect;
    struct http_csv_file f;
    if (!read_path(x, &p) || !http_csv_dialect(x, &dialect))
        return;
    enum err err = http_csv_open(&f, x, dialect);
    if (!err)
        err = list_import_report(x->db, &x->who, &p.import, &f.csv, each_row, &f);
    if (!err)
        err = http_csv_end(&f);
    if (err)
        refuse(x, err, err == ERR_CONFLICT ? "import.state" : NULL);
    else
        http_reply_download(x, &f.file, "text/csv; charset=utf-8", csv_pick(dialect, &name));
    http_csv_close(&f);
}
