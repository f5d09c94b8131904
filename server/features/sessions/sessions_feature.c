/* What sessions declare: see room/feature.h. */
#include "features/sessions/sessions.h"
#include "features/sessions/sessions_forgotten.h"
#include "features/sessions/sessions_room.h"

#define CONDUCTORS (ROLE_ORGANISER | ROLE_HOST)

static const struct command commands[] = {
    {.name = "session.start",
     .roles = CONDUCTORS,
     .data = "{version: int}",
     .ok = "{version: int}",
     .handle = session_start_command},
    {.name = "session.extend",
     .roles = CONDUCTORS,
     .data = "{version: int, planned_minutes: int}",
     .ok = "{version: int}",
     .handle = session_extend_command},
    {.name = "session.end",
     .roles = CONDUCTORS,
     .data = "{version: int}",
     .ok = "{version: int}",
     .handle = session_end_command},
    {0},
};

static const struct event_type events[] = {
    {.name = "session.created",
     .what = "A session was added",
     .noticed = "shown",
     .version = 1,
     .apply = session_apply,
     .notice = session_notice_shown},
    {.name = "session.changed",
     .audience = ROLE_ANY,
     .what = "Rescheduled, published, cancelled or edited; its congress or organisation renamed",
     .data = "edited",
     .noticed = "shown",
     .version = 1,
     .apply = session_apply,
     .encode = session_encode_changed,
     .notice = session_notice_shown},
    {.name = "session.started",
     .audience = ROLE_ANY,
     .what = "It is live",
     .data = "{version: int, live_at: time}",
     .noticed = "{version: int, live_at: time}",
     .version = 1,
     .apply = session_apply_started,
     .notice = session_notice_verb},
    {.name = "session.extended",
     .audience = ROLE_ANY,
     .what = "It is planned to last longer",
     .data = "{version: int, planned_minutes: int}",
     .noticed = "{version: int, planned_minutes: int}",
     .version = 1,
     .apply = session_apply,
     .notice = session_notice_verb},
    {.name = "session.ended",
     .audience = ROLE_ANY,
     .what =
         "After what ends with it, as polls that were open. By itself when everybody left: then "
         "`ended_at` is when the last one did",
     .data = "{version: int, ended_at: time}",
     .noticed = "{version: int, ended_at: time}",
     .version = 1,
     .apply = session_apply_ended,
     .notice = session_notice_verb},
    {0},
};

static const struct snapshot_part snapshots[] = {
    {.name = "common.session", .data = "session"},
    {.name = "own.me", .what = "The person's own name", .data = "person"},
    {0},
};

static const struct shape shapes[] = {
    {"person", "{person: id, name: text, roles: [role]}"},
    {"role", "\"hcp\" | \"organiser\" | \"host\" | \"moderator\" | \"speaker\""},
    {"state", "\"draft\" | \"lobby\" | \"live\" | \"ended\" | \"cancelled\""},
    {"language", "\"fr\" | \"en\""},
    {"congress", "{id: id, title: text, time_zone: text}"},
    {"organisation", "{name: text, contact_email: text}"},
    {"edited", "{title: text, description: text, language: language, starts_at: time,"
               " planned_minutes: int, listen_at: text, state: state, congress: congress,"
               " organisation: organisation}"},
    {"shown",
     "{title: text, language: language, state: state, starts_at: time, planned_minutes: int}"},
    {"session",
     "{id: id, title: text, description: text, language: language, state: state, version: int,"
     " starts_at: time, planned_minutes: int, live_at: time?, ended_at: time?, listen_at: text,"
     " congress: congress, organisation: organisation}"},
    {0},
};

static const struct store stores[] = {
    {.name = "session_event",
     .person = "actor",
     .holds = "who did what in a session, by id",
     .erasure = ERASURE_KEPT,
     .why = "append-only; texts and names are not in it, payloads name rows"},
    {0},
};

const struct feature sessions_feature = {
    .name = "sessions",
    .tick = forgotten_tick,
    .commands = commands,
    .events = events,
    .opening = {sessions_load, sessions_take, sessions_drop},
    .room_close = sessions_close,
    .snapshot = sessions_snapshot,
    .snapshot_own = sessions_snapshot_own,
    .snapshots = snapshots,
    .shapes = shapes,
    .stores = stores,
};
