#include "features/exports/exports_routes.h"
#include "blob/temp.h"
#include "features/exports/exports_store.h"
#include "http/csv.h"
#include "room/feature.h"

#define CHUNK          32768
#define LINE_MAX_BYTES (64 * 1024)   /* names and labels are bounded; 64 profile names fit */
#define FILE_MAX_BYTES (512LL << 20) /* of one export: more than a million lines */

/* The file that a worker fills. Its reader may be slow: the worker is not his then. */
struct filling {
    struct http_exchange *x;
    struct temp_file file;
    struct buf chunk;
    struct csv csv;
    int people;
};

static enum err flush(struct filling *f)
{
    if (buf_failed(&f->chunk))
        return ERR_TOO_LARGE;
    enum err err = temp_add(&f->file, f->chunk.data, f->chunk.len);
    buf_clear(&f->chunk);
    return err;
}

static enum err each_line(void *arg)
{
    struct filling *f = arg;
    f->people++;
    return f->chunk.len >= CHUNK || buf_failed(&f->chunk) ? flush(f) : ERR_OK;
}

static enum err fill(struct filling *f, const struct id *session, enum csv_dialect dialect)
{
    struct http_exchange *x = f->x;
    buf_init(&f->chunk, CHUNK + LINE_MAX_BYTES);
    f->csv = csv_begin(&f->chunk, dialect);
    struct export_of of = {
        .organisation = x->who.organisation, .session = *session, .features = x->app->features};
    attendance_header(&f->csv, of.features);
    enum err err = export_attendance(x->db, &of, &f->csv, each_line, f);
    if (err == ERR_OK)
        err = flush(f);
    buf_release(&f->chunk);
    return err;
}

void get_attendance_csv(struct http_exchange *x)
{
    struct id session;
    enum csv_dialect dialect;
    struct export_about about;
    if (!http_path_id(x, "session", &session) || !http_csv_dialect(x, &dialect))
        return;
    struct filling f = {.x = x, .file = {.fd = -1}};
    enum err err = export_find(x->db, &x->who, &session, &about);
    if (err == ERR_OK)
        err = temp_open(&f.file, x->app->blobs, FILE_MAX_BYTES);
    if (err == ERR_OK)
        err = fill(&f, &session, dialect);
    if (err == ERR_OK)
        err = export_audit(x->db, &x->who, &session, f.people, clock_now_us(x->clock));
    if (err == ERR_OK) {
        http_reply_csv(x, &f.file, dialect,
                       &(struct http_csv_name){.what = {"attendance", "Attendance", "Présence"},
                                               .congress = about.congress,
                                               .session = about.session,
                                               .day = about.day});
    } else {
        http_problem_err(x, err);
    }
    temp_close(&f.file);
}
