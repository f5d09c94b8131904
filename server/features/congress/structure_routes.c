/* PUT /api/congresses/{congress}/structure: halls and tracks as a whole, in their order. */
#include "base/text.h"
#include "features/congress/congress_routes.h"
#include "features/congress/congress_store.h"

static const char *const colours[] = {"teal",  "blue",  "violet", "rose", "red",
                                      "amber", "green", "slate",  NULL};

static void check_divisions(struct json_reader *r, const char *list, json_t *items, bool coloured)
{
    size_t i;
    json_t *item;
    json_array_foreach(items, i, item)
    {
        struct json_reader inner = json_reader(item);
        json_read_id(&inner, "id");
        read_line(&inner, "name", 1, DIVISION_NAME_MAX);
        if (coloured)
            json_read_word(&inner, "colour", colours);
        if (!json_reader_end(&inner))
            json_reader_fault(r, list, inner.reason);
    }
}

static void reply_refused(struct http_exchange *x, const char *why)
{
    http_problem(x, 409, why,
                 why[0] == 'n' ? "Two of them have the same name."
                               : "What is left out is used, or somebody else changed it.");
}

void put_structure(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    struct congress_structure s = {
        .version = json_read_string(&r, "version", 1, 64),
        .halls = json_read_array(&r, "halls", DIVISIONS_MAX),
        .tracks = json_read_array(&r, "tracks", DIVISIONS_MAX),
    };
    check_divisions(&r, "halls", s.halls, false);
    check_divisions(&r, "tracks", s.tracks, true);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    const char *why;
    enum err err =
        structure_set(x->db, &x->who, &x->place.congress, &s, clock_now_us(x->clock), &why);
    if (err == ERR_CONFLICT || err == ERR_INVALID)
        reply_refused(x, why);
    else if (err == ERR_OK)
        get_congress(x);
    else
        http_problem_err(x, err);
}
