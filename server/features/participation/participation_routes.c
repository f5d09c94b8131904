#include "features/participation/participation_routes.h"
#include "blob/temp.h"
#include "features/participation/participation_csv.h"
#include "features/participation/participation_room.h"
#include "features/participation/participation_store.h"
#include "http/csv.h"

#define FILE_MAX (1 << 20) /* 64 profiles of at most some 2 KB */

void get_participation(struct http_exchange *x)
{
    struct participation p = {0};
    struct participation_session about;
    enum err err = participation_read(x->db, &x->who.organisation, &x->place.session, &about, &p);
    if (err == ERR_OK) {
        json_t *body = participation_json(&p);
        json_object_set_new(body, "state", json_string(about.state));
        http_reply_json(x, 200, body);
    } else {
        http_problem_err(x, err);
    }
    participation_release(&p);
}

static void send_file(struct http_exchange *x, const struct participation *p,
                      const struct participation_session *about, enum csv_dialect dialect)
{
    struct temp_file file = {.fd = -1};
    struct buf text;
    buf_init(&text, FILE_MAX);
    participation_csv(&text, p, dialect);
    enum err err = buf_failed(&text) ? ERR_INTERNAL : temp_open(&file, x->app->blobs, FILE_MAX);
    if (err == ERR_OK)
        err = temp_add(&file, text.data, text.len);
    if (err == ERR_OK) {
        http_reply_csv(
            x, &file, dialect,
            &(struct http_csv_name){.what = {"participation", "Participation", "Participation"},
                                    .congress = about->congress,
                                    .session = about->title,
                                    .day = about->day});
    } else {
        http_problem_err(x, err);
    }
    temp_close(&file);
    buf_release(&text);
}

void get_participation_csv(struct http_exchange *x)
{
    struct participation p = {0};
    struct participation_session about;
    enum csv_dialect dialect;
    if (!http_csv_dialect(x, &dialect))
        return;
    enum err err = participation_read(x->db, &x->who.organisation, &x->place.session, &about, &p);
    if (err == ERR_OK)
        err = participation_audit_export(x->db, &x->who, &x->place.session, p.n,
                                         clock_now_us(x->clock));
    if (err == ERR_OK)
        send_file(x, &p, &about, dialect);
    else
        http_problem_err(x, err);
    participation_release(&p);
}
