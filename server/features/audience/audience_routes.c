#include "features/audience/audience_routes.h"
#include "base/log.h"
#include "crypto/sha256.h"
#include "features/audience/audience_store.h"
#include "features/audience/audience_universe.h"
#include "http/http.h"
#include "room/feature.h"
#include "room/tell.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The code lists change with migrations only: encoded once, before the loops start. */
static struct lists {
    struct payload *text;
    char etag[2 * SHA256_SIZE + 1];
} lists[CODE_PARTS];

static enum err encode(struct lists *part, json_t *found)
{
    char *text = json_dumps(found, JSON_COMPACT);
    json_decref(found);
    if (!text)
        return ERR_INTERNAL;
    payload_unref(part->text);
    part->text = payload_copy(text, strlen(text));
    free(text);
    uint8_t hash[SHA256_SIZE];
    sha256(part->text->bytes, part->text->len, hash);
    for (size_t i = 0; i < SHA256_SIZE; i++)
        snprintf(part->etag + 2 * i, 3, "%02x", hash[i]);
    return ERR_OK;
}

enum err audience_start(struct app *app, struct db_conn *conn)
{
    (void)app;
    enum err err = ERR_OK;
    for (int part = 0; part < CODE_PARTS && err == ERR_OK; part++) {
        json_t *found = NULL;
        err = codes_list(conn, part, &found);
        if (err == ERR_OK)
            err = encode(&lists[part], found);
    }
    return err;
}

void audience_stop(struct app *app)
{
    (void)app;
    for (int part = 0; part < CODE_PARTS; part++) {
        payload_unref(lists[part].text);
        lists[part].text = NULL;
    }
}

static void reply_lists(struct http_exchange *x, enum code_part part)
{
    http_reply_payload(x, payload_ref(lists[part].text), "application/json", lists[part].etag, 300);
}

void get_codes(struct http_exchange *x)
{
    reply_lists(x, CODES_FORM);
}

void get_countries(struct http_exchange *x)
{
    reply_lists(x, CODES_COUNTRIES);
}

void get_more_codes(struct http_exchange *x)
{
    reply_lists(x, CODES_MORE);
}

void profiles_tell(struct http_exchange *x, const struct id *congress)
{
    tell(x->app, scope_congress(congress), "profiles", NULL);
    jobs_wake(x->app->jobs, &universe_count);
}

static void reply_taken(struct http_exchange *x, int64_t taken)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)taken);
    http_problem_reason(x, 409, "profile.places",
                        "More places of this profile are taken than it would have.", number);
}

static bool replied_problem(struct http_exchange *x, enum err err, const struct profile_result *r)
{
    if (err != ERR_OK)
        http_problem_err(x, err);
    else if (r->outcome == PROFILE_UNKNOWN_CODE)
        http_problem_field(x, "criteria", "no such code");
    else if (r->outcome == PROFILE_UNKNOWN_LIST)
        http_problem_field(x, "universe_list", "no such list");
    else if (r->outcome == PROFILE_NAME_TAKEN)
        http_problem(x, 409, "profile.name", "This congress has a target profile of this name.");
    else if (r->outcome == PROFILE_TOO_MANY)
        http_problem(x, 409, "profile.limit", "A congress has at most 64 target profiles.");
    else if (r->outcome == PROFILE_CIRCLE)
        http_problem_reason(x, 409, "profile.circle", "Profiles would build on each other.",
                            r->names);
    else if (r->outcome == PROFILE_PLACES)
        reply_taken(x, r->taken);
    else if (r->outcome == PROFILE_USED)
        http_problem_reason(x, 409, "profile.used", "Other profiles build on this one.", r->names);
    else
        return false;
    return true;
}

void get_profiles(struct http_exchange *x)
{
    json_t *items = NULL;
    enum err err = profiles_list(x->db, &x->who, &x->place.congress, &items);
    if (err != ERR_OK)
        http_problem_err(x, err);
    else
        http_reply_json(x, 200, json_pack("{s:o, s:n}", "items", items, "next"));
}

static void reply_profile(struct http_exchange *x, int status, const struct id *profile)
{
    json_t *body = NULL;
    enum err err = profile_get(x->db, &x->who, profile, &body);
    if (err != ERR_OK)
        http_problem_err(x, err);
    else
        http_reply_json(x, status, body);
}

void post_profile(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct profile_input in;
    struct json_reader r = json_reader(body);
    profile_input_read(&r, &in);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct profile_result done;
    enum err err =
        profile_create(x->db, &x->who, &x->place.congress, &in, clock_now_us(x->clock), &done);
    if (replied_problem(x, err, &done))
        return;
    profiles_tell(x, &done.congress);
    char id[ID_TEXT_SIZE], location[64];
    snprintf(location, sizeof location, "/api/target-profiles/%s", id_text(&done.id, id));
    http_header(x, "Location", location);
    reply_profile(x, 201, &done.id);
}

static void change_with(struct http_exchange *x, const struct id *profile, json_t *merged)
{
    struct profile_input in;
    struct json_reader r = json_reader(merged);
    profile_input_read(&r, &in);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct profile_result done;
    enum err err = profile_change(x->db, &x->who, profile, &in, clock_now_us(x->clock), &done);
    if (replied_problem(x, err, &done))
        return;
    profiles_tell(x, &done.congress);
    reply_profile(x, 200, profile);
}

void patch_profile(struct http_exchange *x)
{
    struct id profile;
    json_t *old = NULL, *body;
    if (!http_path_id(x, "profile", &profile) || !(body = http_body_json(x)))
        return;
    enum err err = profile_get(x->db, &x->who, &profile, &old);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    json_t *merged = profile_merge(old, body);
    change_with(x, &profile, merged);
    json_decref(merged);
    json_decref(old);
}

void delete_profile(struct http_exchange *x)
{
    struct id profile;
    if (!http_path_id(x, "profile", &profile))
        return;
    struct profile_result done;
    enum err err = profile_delete(x->db, &x->who, &profile, clock_now_us(x->clock), &done);
    if (replied_problem(x, err, &done))
        return;
    profiles_tell(x, &done.congress);
    http_reply_empty(x, 204);
}

void post_profile_preview(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    json_t *criteria = criteria_read(&r, "criteria");
    struct id profile = {{0}};
    if (json_read_has(&r, "profile"))
        profile = json_read_id(&r, "profile");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct profile_result result;
    struct profile_preview n;
    enum err err = profile_preview(x->db, &x->who, &x->place.congress, &profile, criteria,
                                   clock_now_us(x->clock), &result, &n);
    if (!replied_problem(x, err, &result))
        http_reply_json(x, 200,
                        json_pack("{s:I, s:I, s:I}", "registered", (json_int_t)n.registered,
                                  "gained", (json_int_t)n.gained, "lost", (json_int_t)n.lost));
}

void post_profile_universe(struct http_exchange *x)
{
    json_t *body = http_body_json(x), *counted = NULL;
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    struct universe_ask ask = {.criteria = criteria_read(&r, "criteria")};
    universe_from_read(&r, &ask.from, &ask.list);
    if (ask.from == UNIVERSE_GIVEN)
        json_reader_fault(&r, "universe_from", "missing");
    if (json_read_has(&r, "profile"))
        ask.profile = json_read_id(&r, "profile");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct profile_result result;
    enum err err = universe_preview(x->db, &x->who, &x->place.congress, &ask,
                                    clock_now_us(x->clock), &result, &counted);
    if (!replied_problem(x, err, &result))
        http_reply_json(x, 200, counted);
}
