/* HTTP routes of imports of target lists. */
#include "base/app.h"
#include "base/json.h"
#include "blob/temp.h"
#include "features/lists/lists_import_store.h"
#include "features/lists/lists_jobs.h"
#include "features/lists/lists_routes.h"
#include "http/csv.h"
#include <string.h>

#define CHUNK         (32 * 1024)
#define ROW_MAX_BYTES (64 * 1024)
#define REPORT_MAX    (512LL << 20)

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

static const char *file_name_fault(const char *name)
{
    if (!name || !*name)
        return "missing";
    if (!utf8_valid(name, strlen(name)))
        return "not UTF-8";
    for (const char *p = name; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return "control character";
    return utf8_length(name) > IMPORT_FILE_NAME_MAX ? "too long" : NULL;
}

static bool is_csv_type(const char *content_type)
{
    size_t len = strlen("text/csv");
    return strncasecmp(content_type, "text/csv", len) == 0 &&
           (content_type[len] == '\0' || content_type[len] == ';' || content_type[len] == ' ');
}

static bool check_head(struct http_exchange *x)
{
    const char *fault = file_name_fault(http_query(x, "file_name"));
    if (!is_csv_type(x->content_type))
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

struct filling {
    struct temp_file file;
    struct buf chunk;
};

static enum err flush(struct filling *f)
{
    if (buf_failed(&f->chunk))
        return ERR_TOO_LARGE;
    enum err err = temp_add(&f->file, f->chunk.data, f->chunk.len);
    buf_clear(&f->chunk);
    return err;
}

static enum err each_row(void *arg)
{
    struct filling *f = arg;
    return f->chunk.len >= CHUNK || buf_failed(&f->chunk) ? flush(f) : ERR_OK;
}

void get_list_report(struct http_exchange *x)
{
    struct path p;
    enum csv_dialect dialect;
    if (!read_path(x, &p) || !http_csv_dialect(x, &dialect))
        return;
    struct filling f = {.file = {.fd = -1}};
    buf_init(&f.chunk, CHUNK + ROW_MAX_BYTES);
    struct csv csv = csv_begin(&f.chunk, dialect);
    enum err err = temp_open(&f.file, x->app->blobs, REPORT_MAX);
    if (!err)
        err = list_import_report(x->db, &x->who, &p.import, &csv, each_row, &f);
    if (!err)
        err = flush(&f);
    if (!err) {
        static const struct csv_words name = {"refused.csv", "Refused lines.csv",
                                              "Lignes refusées.csv"};
        http_reply_download(x, &f.file, "text/csv; charset=utf-8", csv_pick(dialect, &name));
    } else {
        refuse(x, err, err == ERR_CONFLICT ? "import.state" : NULL);
    }
    temp_close(&f.file);
    buf_release(&f.chunk);
}
