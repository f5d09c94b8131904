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

static enum err fill(struct filling *f, struct http_exchange *x, struct export_of *of)
{
    json_t *questions = NULL;
    enum err err = export_questions(x->db, of, &questions);
    of->questions = questions;
    if (err == ERR_OK) {
        export_header(&f->file.csv, of);
        err = export_lines(x->db, of, &f->file.csv, each_line, f);
    }
    of->questions = NULL;
    json_decref(questions);
    return err ? err : http_csv_end(&f->file);
}

static void reply_file(struct http_exchange *x, struct export_of *of, enum csv_dialect dialect,
                       const struct http_csv_name *name)
{
    struct filling f = {.people = 0};
    enum err err = http_csv_open(&f.file, x, dialect);
    if (err == ERR_OK)
        err = fill(&f, x, of);
    if (err == ERR_OK)
        err = export_audit(x->db, &x->who, of, f.people, clock_now_us(x->clock));
    if (err == ERR_OK)
        http_reply_csv(x, &f.file.file, dialect, name);
    else
        http_problem_err(x, err);
    http_csv_close(&f.file);
}

void get_attendance_csv(struct http_exchange *x)
{
    struct export_of of = {.organisation = x->who.organisation, .features = x->app->features};
    enum csv_dialect dialect;
    struct export_about about;
    if (!http_path_id(x, "session", &of.id) || !http_csv_dialect(x, &dialect))
        return;
    enum err err = export_find(x->db, &x->who, &of.id, &about);
    if (err == ERR_OK)
        reply_file(x, &of, dialect,
                   &(struct http_csv_name){.what = {"attendance", "Attendance", "Présence"},
                                           .congress = about.congress,
                                           .session = about.session,
                                           .day = about.day});
    else
        http_problem_err(x, err);
}

void get_registrations_csv(struct http_exchange *x)
{
    struct export_of of = {.organisation = x->who.organisation,
                           .id = x->place.congress,
                           .whole = true,
                           .features = x->app->features};
    enum csv_dialect dialect;
    struct export_about about;
    if (!http_csv_dialect(x, &dialect))
        return;
    enum err err = export_find_congress(x->db, &x->who, &of.id, clock_now_us(x->clock), &about);
    if (err == ERR_OK)
        reply_file(
            x, &of, dialect,
            &(struct http_csv_name){.what = {"registrations", "Registrations", "Inscriptions"},
                                    .congress = about.congress,
                                    .session = "",
                                    .day = about.day});
    else
        http_problem_err(x, err);
}
