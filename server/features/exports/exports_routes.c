#include "features/exports/exports_store.h"
#include "http/http.h"
#include "room/feature.h"
#include <stdio.h>
#include <string.h>

#define CHUNK          32768
#define LINE_MAX_BYTES (64 * 1024) /* names and labels are bounded; 64 profile names fit */

struct stream {
    struct http_exchange *x;
    struct buf chunk;
    struct csv csv;
};

static enum err flush(struct stream *s)
{
    if (buf_failed(&s->chunk))
        return ERR_TOO_LARGE;
    enum err err = s->chunk.len ? http_stream_write(s->x, s->chunk.data, s->chunk.len) : ERR_OK;
    buf_clear(&s->chunk);
    return err;
}

static enum err each_line(void *arg, const struct attendance_line *line)
{
    struct stream *s = arg;
    attendance_line(&s->csv, line);
    return s->chunk.len >= CHUNK || buf_failed(&s->chunk) ? flush(s) : ERR_OK;
}

static void get_attendance(struct http_exchange *x)
{
    struct id session;
    int64_t starts_at;
    if (!http_path_id(x, "session", &session))
        return;
    enum err err = export_begin(x->db, &x->who, &session, clock_now_us(x->clock), &starts_at);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    const char *bom = http_query(x, "bom");
    char day[TIME_TEXT_SIZE], name[64];
    snprintf(name, sizeof name, "attendance-%.10s.csv", time_text(starts_at, day));
    struct stream s = {.x = x};
    buf_init(&s.chunk, CHUNK + LINE_MAX_BYTES);
    s.csv = csv_begin(&s.chunk, bom && !strcmp(bom, "1"));
    attendance_header(&s.csv);
    http_stream_begin(x, "text/csv; charset=utf-8", name);
    err = export_attendance(x->db, &x->who.organisation, &session, each_line, &s);
    if (err == ERR_OK)
        err = flush(&s);
    http_stream_end(x, err == ERR_OK);
    buf_release(&s.chunk);
}

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/sessions/{session}/attendance.csv",
     .roles = ROLE_ORGANISER,
     .thing = "session",
     .handle = get_attendance,
     .pool = DB_LONG},
    {0},
};

const struct feature exports_feature = {.name = "exports", .routes = routes};
