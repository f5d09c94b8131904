#include "features/exports/exports_routes.h"
#include "features/exports/exports_store.h"
#include "http/csv.h"
#include "room/feature.h"

struct filling {
    struct http_csv_file file;
    int people;
};

static enum err each_line(void *arg)
{
    struct filling *f = arg;
    f->people++;
    return http_csv_row(&f->file);
}

static enum err fill(struct filling *f, struct http_exchange *x, const struct id *session)
{
    struct export_of of = {
        .organisation = x->who.organisation, .session = *session, .features = x->app->features};
    json_t *questions = NULL;
    enum err err = export_questions(x->db, &of, &questions);
    of.questions = questions;
    if (err == ERR_OK) {
        attendance_header(&f->file.csv, &of);
        err = export_attendance(x->db, &of, &f->file.csv, each_line, f);
    }
    json_decref(questions);
    return err ? err : http_csv_end(&f->file);
}

void get_attendance_csv(struct http_exchange *x)
{
    struct id session;
    enum csv_dialect dialect;
    struct export_about about;
    if (!http_path_id(x, "session", &session) || !http_csv_dialect(x, &dialect))
        return;
    struct filling f = {.people = 0};
    enum err err = export_find(x->db, &x->who, &session, &about);
    if (err) {
        http_problem_err(x, err);
        return;
    }
    err = http_csv_open(&f.file, x, dialect);
    if (err == ERR_OK)
        err = fill(&f, x, &session);
    if (err == ERR_OK)
        err = export_audit(x->db, &x->who, &session, f.people, clock_now_us(x->clock));
    if (err == ERR_OK) {
        http_reply_csv(x, &f.file.file, dialect,
                       &(struct http_csv_name){.what = {"attendance", "Attendance", "Présence"},
                                               .congress = about.congress,
                                               .session = about.session,
                                               .day = about.day});
    } else {
        http_problem_err(x, err);
    }
    http_csv_close(&f.file);
}
