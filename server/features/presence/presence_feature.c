/* What presence declares: see room/feature.h. */
#include "features/presence/presence.h"
#include "features/presence/presence_room.h"

static const struct command commands[] = {
    {.name = "presence.visible",
     .roles = ROLE_HCP,
     .burst = 20, /* each change writes a span */
     .per_minute = 60,
     .what = "The tab is visible, or not any more; the server stamps it. Repeats do nothing",
     .data = "{visible: bool}",
     .handle = presence_visible_command},
    {0},
};

static const struct message_type states[] = {
    {.name = "presence.count",
     .audience = ROLE_ANY,
     .key = "",
     .what = "HCPs present, each person once; at most once a second, to HCPs once in n ms where n "
             "> 1000 are present",
     .data = "{people: int}"},
    {0},
};

static const struct store stores[] = {
    {.name = "span",
     .person = "registration_id",
     .holds = "when they were there",
     .erasure = ERASURE_KEPT,
     .copy = "registrations.connections",
     .why =
         "attendance stays countable: nothing names the person once the registration is nobody's"},
    {0},
};

const struct feature presence_feature = {
    .name = "presence",
    .commands = commands,
    .opening = {.take = presence_open},
    .room_close = presence_close,
    .room_tick = presence_tick,
    .member_join = presence_join,
    .member_arrive = presence_arrive,
    .member_leave = presence_leave,
    .other_enter = presence_other_enter,
    .other_leave = presence_other_leave,
    .states = states,
    .stores = stores,
};
