/* HTTP routes of the library of target profiles. */
#include "base/text.h"
#include "features/audience/audience_library.h"
#include "features/audience/audience_routes.h"
#include "http/cursor.h"

static const struct {
    const char *code, *detail;
} problems[] = {
    [LIBRARY_NAME] = {"library.name", "The library has a target profile of this name."},
    [LIBRARY_LIMIT] = {"library.limit", "A library has at most 200 target profiles."},
    [LIBRARY_USED] = {"library.used", "Other profiles of the library build on this one."},
    [LIBRARY_LISTS] = {"library.lists", "Target lists that these profiles ask for were removed."},
    [LIBRARY_CODES] = {"library.codes", "Codes that this profile asks for are not there any more."},
    [LIBRARY_CONGRESS_LIMIT] = {"profile.limit", "A congress has at most 64 target profiles."},
};

static bool replied_problem(struct http_exchange *x, enum err err, const struct library_result *r)
{
    if (err != ERR_OK)
        http_problem_err(x, err);
    else if (r->outcome == LIBRARY_DONE)
        return false;
    else if (r->outcome == LIBRARY_LIMIT || r->outcome == LIBRARY_CONGRESS_LIMIT)
        http_problem(x, 409, problems[r->outcome].code, problems[r->outcome].detail);
    else
        http_problem_reason(x, 409, problems[r->outcome].code, problems[r->outcome].detail,
                            r->names);
    return true;
}

void get_library_profiles(struct http_exchange *x)
{
    json_t *items = NULL;
    enum err err = library_list(x->db, &x->who, &items);
    if (err == ERR_OK)
        cursor_reply(x, items, NULL);
    else
        http_problem_err(x, err);
}

void post_library_profile(struct http_exchange *x)
{
    json_t *body = http_body_json(x), *kept = NULL;
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    struct id profile = json_read_id(&r, "profile");
    bool replace = json_read_has(&r, "replace") && json_read_bool(&r, "replace");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct library_result done;
    enum err err =
        library_keep(x->db, &x->who, &profile, replace, clock_now_us(x->clock), &done, &kept);
    if (!replied_problem(x, err, &done))
        http_reply_json(x, 201, kept);
    else
        json_decref(kept);
}

void patch_library_profile(struct http_exchange *x)
{
    struct id id;
    json_t *body, *renamed = NULL;
    if (!http_path_id(x, "library_profile", &id) || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    const char *name = read_line(&r, "name", 1, 100);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct library_result done;
    enum err err =
        library_rename(x->db, &x->who, &id, name, clock_now_us(x->clock), &done, &renamed);
    if (!replied_problem(x, err, &done))
        http_reply_json(x, 200, renamed);
    else
        json_decref(renamed);
}

void delete_library_profile(struct http_exchange *x)
{
    struct id id;
    if (!http_path_id(x, "library_profile", &id))
        return;
    struct library_result done;
    enum err err = library_delete(x->db, &x->who, &id, clock_now_us(x->clock), &done);
    if (!replied_problem(x, err, &done))
        http_reply_empty(x, 204);
}

/* Which of the library are wanted: each once. How many; 0 after a fault. */
static size_t read_wanted(struct json_reader *r, struct id wanted[static AUDIENCE_PROFILES_MAX])
{
    json_t *ids = json_read_array(r, "library_profiles", AUDIENCE_PROFILES_MAX), *id;
    size_t n = json_array_size(ids), i;
    if (ids && n == 0)
        json_reader_fault(r, "library_profiles", "empty");
    json_array_foreach(ids, i, id)
    {
        wanted[i] = json_item_id(r, "library_profiles", id);
        for (size_t k = 0; k < i; k++)
            if (id_equal(&wanted[k], &wanted[i]))
                json_reader_fault(r, "library_profiles", "repeated");
    }
    return n;
}

void post_profiles_from_library(struct http_exchange *x)
{
    json_t *body = http_body_json(x), *made = NULL;
    struct id wanted[AUDIENCE_PROFILES_MAX];
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    size_t n = read_wanted(&r, wanted);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct library_result done;
    enum err err = library_copy(x->db, &x->who, &x->place.congress, wanted, n,
                                clock_now_us(x->clock), &done, &made);
    if (replied_problem(x, err, &done)) {
        json_decref(made);
        return;
    }
    profiles_tell(x, &x->place.congress);
    http_reply_json(x, 201, json_pack("{s:o}", "items", made));
}
