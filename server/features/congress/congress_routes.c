#include "features/congress/congress_routes.h"
#include "base/text.h"
#include "features/congress/congress_store.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "room/tell.h"
#include <math.h>
#include <stdio.h>

static const char *const languages[] = {"fr", "en", NULL};
static const char *const kinds[] = {"session", "break", NULL};
static const char *const levels[] = {"introductory", "intermediate", "advanced", NULL};

static void reply(struct http_exchange *x, enum err err, int status, json_t *body)
{
    if (err == ERR_OK)
        http_reply_json(x, status, body);
    else if (err == ERR_TOO_LARGE)
        http_problem(x, 409, "congress.full", "This congress holds as many of these as it can.");
    else
        http_problem_err(x, err);
}

static void reply_created(struct http_exchange *x, const char *folder, json_t *body)
{
    char location[128];
    snprintf(location, sizeof location, "%s/%s", folder,
             json_string_value(json_object_get(body, "id")));
    http_header(x, "Location", location);
    http_reply_json(x, 201, body);
}

static struct congress_view view_of(const struct http_exchange *x)
{
    return (struct congress_view){.person = x->partial ? &x->who.person : NULL,
                                  .now = clock_now_us(x->clock)};
}

void get_congresses(struct http_exchange *x)
{
    struct cursor after, last;
    if (!cursor_read(x, CURSOR_NEWEST, &after))
        return;
    json_t *items = NULL;
    bool more = false;
    struct congress_view view = view_of(x);
    enum err err =
        congress_list(x->db, &x->who, &view, &after, http_query_limit(x), &items, &last, &more);
    if (err == ERR_OK)
        cursor_reply(x, items, more ? &last : NULL);
    else
        http_problem_err(x, err);
}

static bool wanted(struct json_reader *r, const char *name, bool all)
{
    return all || json_read_has(r, name);
}

/* False after having replied. all: every field must be there. */
static bool read_congress(struct http_exchange *x, bool all, struct congress_fields *f)
{
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    int language = -1;
    *f = (struct congress_fields){0};
    if (wanted(&r, "title", all))
        f->title = read_line(&r, "title", 1, 200);
    if (wanted(&r, "description", all))
        f->description = json_read_string(&r, "description", 0, 5000);
    if (wanted(&r, "language", all))
        language = json_read_word(&r, "language", languages);
    if (wanted(&r, "time_zone", all))
        f->time_zone = json_read_string(&r, "time_zone", 1, 64);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return false;
    }
    f->language = language < 0 ? NULL : languages[language];
    bool known = true;
    enum err err = f->time_zone ? time_zone_known(x->db, f->time_zone, &known) : ERR_OK;
    if (err != ERR_OK)
        http_problem_err(x, err);
    else if (!known)
        http_problem_field(x, "time_zone", "not a time zone");
    return err == ERR_OK && known;
}

void post_congress(struct http_exchange *x)
{
    struct congress_fields fields;
    if (!read_congress(x, true, &fields))
        return;
    json_t *added = NULL;
    enum err err = congress_add(x->db, &x->who, &fields, clock_now_us(x->clock), &added);
    if (err == ERR_OK)
        reply_created(x, "/api/congresses", added);
    else
        http_problem_err(x, err);
}

/* The congress is named in the body: the right that counts is that for the whole organisation. */
void post_congress_copy(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    int64_t now = clock_now_us(x->clock);
    struct json_reader r = json_reader(body);
    struct id from = json_read_id(&r, "congress");
    struct congress_copy copy = {.from = &from};
    copy.title = read_line(&r, "title", 1, 200);
    copy.first_day = json_read_string(&r, "first_day", 10, 10);
    if (!r.reason && !first_day_sane(copy.first_day, now))
        json_reader_fault(&r, "first_day", "out of range");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    json_t *added = NULL;
    enum err err = congress_copy(x->db, &x->who, &copy, now, &added);
    if (err == ERR_OK)
        reply_created(x, "/api/congresses", added);
    else
        http_problem_err(x, err);
}

void get_congress(struct http_exchange *x)
{
    json_t *body = NULL;
    struct congress_view view = view_of(x);
    enum err err = congress_get(x->db, &x->who, &view, &x->place.congress, &body);
    reply(x, err, 200, body);
}

void patch_congress(struct http_exchange *x)
{
    struct congress_fields fields;
    const struct id *congress = &x->place.congress;
    if (!read_congress(x, false, &fields))
        return;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = congress_set(x->db, &change, congress, &fields);
    if (err == ERR_OK)
        get_congress(x);
    else
        http_problem_err(x, err);
}

static void post_division(struct http_exchange *x, enum division division)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *name = read_line(&r, "name", 1, DIVISION_NAME_MAX);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    json_t *added = NULL;
    enum err err = division_add(x->db, &x->who, &x->place.congress, division, name,
                                clock_now_us(x->clock), &added);
    if (err == ERR_CONFLICT)
        http_problem(x, 409, "name.taken", "The congress has one of this name already.");
    else
        reply(x, err, 201, added);
}

void post_hall(struct http_exchange *x)
{
    post_division(x, DIVISION_HALL);
}

void post_track(struct http_exchange *x)
{
    post_division(x, DIVISION_TRACK);
}

/* A body's session fields with the memory they point to. */
struct session_body {
    struct session_fields f;
    struct id hall, track;
};

static void read_numbers(struct json_reader *r, bool all, struct session_fields *f, int64_t now)
{
    f->starts_at = f->planned_minutes = f->capacity = f->threshold_thousandths = CONGRESS_KEEP;
    if (wanted(r, "starts_at", all)) {
        f->starts_at = json_read_time(r, "starts_at");
        /* an edited session may have begun long ago */
        int64_t least = all || f->starts_at > now ? f->starts_at : now;
        if (!r->reason && !session_start_sane(least, now))
            json_reader_fault(r, "starts_at", "out of range");
    }
    if (!all && json_read_has(r, "ended_at"))
        f->ended_at = json_read_time(r, "ended_at");
    if (wanted(r, "planned_minutes", all))
        f->planned_minutes = json_read_int(r, "planned_minutes", 5, 1440);
    if (wanted(r, "capacity", all))
        f->capacity = json_read_int(r, "capacity", 1, 100000);
    if (json_read_has(r, "completion_threshold"))
        f->threshold_thousandths =
            (int64_t)lround(1000 * json_read_number(r, "completion_threshold", 0.001, 1));
}

static void read_places(struct json_reader *r, json_t *body, struct session_body *b)
{
    if (json_read_has(r, "hall")) {
        b->hall = json_read_id(r, "hall");
        b->f.hall = &b->hall;
    }
    if (json_read_has(r, "track")) {
        b->track = json_read_id(r, "track");
        b->f.track = &b->track;
    }
    b->f.no_track = json_is_null(json_object_get(body, "track"));
}

static void read_kind(struct json_reader *r, json_t *body, struct session_fields *f)
{
    if (json_read_has(r, "kind")) {
        int kind = json_read_word(r, "kind", kinds);
        f->kind = kind < 0 ? NULL : kinds[kind];
    }
    if (json_is_null(json_object_get(body, "level")))
        f->level = "";
    if (json_read_has(r, "level")) {
        int level = json_read_word(r, "level", levels);
        f->level = level < 0 ? NULL : levels[level];
    }
}

/* False after having replied. */
static bool read_session(struct http_exchange *x, bool all, struct session_body *b)
{
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    *b = (struct session_body){0};
    int language = -1;
    if (wanted(&r, "title", all))
        b->f.title = read_line(&r, "title", 1, 200);
    if (wanted(&r, "description", all))
        b->f.description = json_read_string(&r, "description", 0, 5000);
    if (wanted(&r, "language", all))
        language = json_read_word(&r, "language", languages);
    if (wanted(&r, "listen_at", all))
        b->f.listen_at = json_read_string(&r, "listen_at", 0, 500);
    read_numbers(&r, all, &b->f, clock_now_us(x->clock));
    if (!all && json_read_has(&r, "tell"))
        b->f.quiet = !json_read_bool(&r, "tell");
    read_places(&r, body, b);
    read_kind(&r, body, &b->f);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return false;
    }
    b->f.language = language < 0 ? NULL : languages[language];
    return true;
}

void post_session(struct http_exchange *x)
{
    struct session_body b;
    if (!read_session(x, true, &b))
        return;
    json_t *added = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = session_add(x->db, &change, &x->place.congress, &b.f, &added);
    if (err == ERR_OK)
        reply_created(x, "/api/sessions", added);
    else
        reply(x, err, 0, NULL);
}

void get_session(struct http_exchange *x)
{
    json_t *body = NULL;
    enum err err = session_get(x->db, &x->who, &x->place.session, &body);
    reply(x, err, 200, body);
}

/* What people see is told by events; the rules by which presence counts are news. */
static void reply_changed(struct http_exchange *x, enum err err, json_t *body)
{
    if (err == ERR_CONFLICT) {
        http_problem(x, 409, "session.state", "The session's state does not allow that.");
        return;
    }
    if (err == ERR_OK) {
        tell(x->app, scope_session(&x->place.session), "session", NULL);
        jobs_wake(x->app->jobs, &session_notice);
    }
    reply(x, err, 200, body);
}

void patch_session(struct http_exchange *x)
{
    struct session_body b;
    if (!read_session(x, false, &b))
        return;
    json_t *body = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = session_set(x->db, &change, &x->place.session, &b.f, &body);
    if (err == ERR_INVALID && b.f.ended_at)
        http_problem_field(x, "ended_at", "out of range");
    else
        reply_changed(x, err, body);
}

void post_session_publish(struct http_exchange *x)
{
    json_t *body = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = session_publish(x->db, &change, &x->place.session, &body);
    reply_changed(x, err, body);
}

void post_session_cancel(struct http_exchange *x)
{
    json_t *body = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = session_cancel(x->db, &change, &x->place.session, &body);
    reply_changed(x, err, body);
}

void post_session_tell(struct http_exchange *x)
{
    json_t *body = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = session_tell_now(x->db, &change, &x->place.session, &body);
    reply_changed(x, err, body);
}
