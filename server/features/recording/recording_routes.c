#include "features/recording/recording_routes.h"
#include "base/json.h"
#include "features/recording/recording_film_store.h"
#include "jobs/jobs.h"
#include <errno.h>
#include <stdio.h>

void get_recordings(struct http_exchange *x)
{
    struct id session;
    json_t *items = NULL;
    bool automatic = false;
    if (!http_path_id(x, "session", &session))
        return;
    enum err err = recordings_list(x->db, &x->who, &session, &items, &automatic);
    if (err == ERR_OK)
        http_reply_json(x, 200,
                        json_pack("{s:o,s:n,s:b}", "items", items, "next", "automatic", automatic));
    else
        http_problem_err(x, err);
}

void put_recording(struct http_exchange *x)
{
    struct id session;
    struct change change;
    json_t *body = http_path_id(x, "session", &session) ? http_body_json(x) : NULL;
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    bool automatic = json_read_bool(&r, "automatic");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = recording_set_automatic(x->db, &change, &session, automatic);
    if (err == ERR_OK)
        http_reply_empty(x, 204);
    else
        http_problem_err(x, err);
}

void delete_recording(struct http_exchange *x)
{
    struct id recording;
    if (!http_path_id(x, "recording", &recording))
        return;
    enum err err = recording_remove(x->db, &x->who, &recording, clock_now_us(x->clock));
    if (err == ERR_CONFLICT)
        http_problem(x, 409, "recording.running", "The recording has not been stopped yet.");
    else if (err != ERR_OK)
        http_problem_err(x, err);
    else
        http_reply_empty(x, 204);
    if (err == ERR_OK)
        jobs_wake(x->app->jobs, &recording_free_job);
}

void post_film(struct http_exchange *x)
{
    struct id recording;
    if (!http_path_id(x, "recording", &recording))
        return;
    enum err err = recording_film_again(x->db, &x->who, &recording, clock_now_us(x->clock));
    if (err == ERR_CONFLICT) {
        http_problem(x, 409, "recording.running", "The recording has not been stopped yet.");
    } else if (err != ERR_OK) {
        http_problem_err(x, err);
    } else {
        jobs_wake(x->app->jobs, &recording_film_job);
        http_reply_empty(x, 202);
    }
}

void get_film(struct http_exchange *x)
{
    struct id recording;
    struct film_ready film;
    char name[sizeof film.name + 8];
    if (!http_path_id(x, "recording", &recording))
        return;
    enum err err = recording_film_read(x->db, &x->who, &recording, &film, clock_now_us(x->clock));
    int fd = err == ERR_OK ? blob_open(x->app->blobs, film.hash) : -1;
    if (err != ERR_OK || fd < 0) {
        enum err lost = errno == ENOENT ? ERR_NOT_FOUND : ERR_BUSY;
        http_problem_err(x, err != ERR_OK ? err : lost);
        return;
    }
    snprintf(name, sizeof name, "%s.webm", film.name);
    struct http_file file = {
        .fd = fd, .len = (uint64_t)film.bytes, .content_type = "video/webm", .filename = name};
    http_reply_file(x, &file);
}
