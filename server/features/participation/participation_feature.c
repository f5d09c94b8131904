/* What participation declares: see room/feature.h. */
#include "features/participation/participation_room.h"
#include "features/participation/participation_routes.h"

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/sessions/{session}/participation",
     .roles = ROLE_STAFF,
     .thing = "session",
     .handle = get_participation,
     .pool = DB_SHORT},
    {.method = "GET",
     .pattern = "/api/sessions/{session}/participation.csv",
     .roles = ROLE_ORGANISER,
     .thing = "session",
     .fresh = true,
     .handle = get_participation_csv,
     .pool = DB_LONG},
    {0},
};

static const struct message_type states[] = {
    {.name = "participation",
     .audience = ROLE_STAFF,
     .key = "",
     .what = "At most once a second. Registered: not cancelled, and those that attended; present: "
             "connected now; attended: a minute or more while live; completed: over the threshold "
             "share of the live time so far. All but `others`, who are of another category, are of "
             "HCPs",
     .data = "figures"},
    {0},
};

static const struct shape shapes[] = {
    {"figures", "{registered: int, present: int, attended: int, completed: int, live_seconds: int,"
                " no_profile: some_figures, others: some_figures, profiles: [profile]}"},
    {"some_figures", "{registered: int, present: int, attended: int, completed: int}"},
    {"profile",
     "{id: id, name: text, goal_registrations: int?, "
     "goal_attendees: int?, goal_completions: int?, goal_participation_rate: number?,"
     " goal_completion_rate: number?, universe: int?, universe_source: text?, registered: int, "
     "present: int, attended: int, completed: int}"},
    {0},
};

const struct feature participation_feature = {
    .name = "participation",
    .routes = routes,
    .opening = {participation_load_opening, participation_open, participation_drop_opening},
    .room_close = participation_close,
    .room_tick = participation_tick,
    .member_join = participation_join,
    .member_arrive = participation_arrive,
    .member_leave = participation_leave,
    .other_enter = participation_other_enter,
    .other_leave = participation_other_leave,
    .event = participation_event,
    .told = participation_told,
    .states = states,
    .shapes = shapes,
};
