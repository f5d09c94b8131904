/* What programmes declare: see room/feature.h. */
#include "features/programme/programme.h"
#include "features/programme/programme_routes.h"
#include "features/programme/public.h"

#define WRITERS (ROLE_ORGANISER | ROLE_HOST)

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/sessions/{session}/programme",
     .roles = ROLE_STAFF,
     .thing = "session",
     .handle = get_programme},
    {.method = "PUT",
     .pattern = "/api/sessions/{session}/programme",
     .roles = WRITERS,
     .thing = "session",
     .handle = put_programme,
     .max_body = (size_t)1024 * 1024},
    {.method = "POST",
     .pattern = "/api/sessions/{session}/speakers",
     .roles = WRITERS,
     .thing = "session",
     .handle = post_speaker},
    {.method = "GET",
     .pattern = "/api/congresses/{congress}/speakers",
     .roles = ROLE_STAFF,
     .thing = "congress",
     .inside = true,
     .handle = get_speakers},
    {.method = "PATCH",
     .pattern = "/api/speakers/{speaker}",
     .roles = WRITERS,
     .thing = "speaker",
     .handle = patch_speaker},
    {.method = "DELETE",
     .pattern = "/api/speakers/{speaker}",
     .roles = WRITERS,
     .thing = "speaker",
     .handle = delete_speaker},
    {.method = "GET", .pattern = "/programme/{code}", .handle = get_public_page},
    {.method = "GET", .pattern = "/programme/{code}/schedule.xml", .handle = get_public_xml},
    {.method = "GET", .pattern = "/programme/{code}/schedule.json", .handle = get_public_json},
    {.method = "GET", .pattern = "/programme/{code}/calendar.ics", .handle = get_public_calendar},
    {0},
};

static const struct event_type events[] = {
    {.name = "programme.changed",
     .audience = ROLE_ANY,
     .what = "Talks or speakers were changed; the whole programme as it is now",
     .data = "{programme: programme}",
     .version = 1,
     .attach = programme_attach,
     .release = programme_release,
     .apply = programme_apply,
     .encode = programme_encode},
    {0},
};

static const struct snapshot_part snapshots[] = {
    {.name = "common.programme",
     .what = "Talks in their order, told in minutes from the session's start; without abstracts "
             "and biographies",
     .data = "programme"},
    {0},
};

static const struct shape shapes[] = {
    {"speaking", "{name: text, affiliation: text, country: text,"
                 " role: \"chair\" | \"speaker\" | \"panellist\" | \"moderator\"}"},
    {"talk", "{id: id, title: text, start_minute: int, minutes: int, speakers: [speaking]}"},
    {"programme", "{speakers: [speaking], talks: [talk]}"},
    {0},
};

static const struct store stores[] = {
    {.name = "speaker",
     .why = "people whom an organisation names in a congress's programme, by name and biography; "
            "it lists, exports and deletes them itself, and their names go out of every page"},
    {.name = "talk", .why = "of a session"},
    {.name = "session_speaker", .why = "who of a congress's speakers is in which talk, by id"},
    {0},
};

const struct feature programme_feature = {
    .name = "programme",
    .routes = routes,
    .events = events,
    .opening = {programme_load, programme_take, programme_drop},
    .room_close = programme_close,
    .snapshot = programme_snapshot,
    .snapshots = snapshots,
    .shapes = shapes,
    .stores = stores,
};
