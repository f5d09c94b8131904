/* What polls declare: see room/feature.h. */
#include "features/polls/polls_room.h"
#include "features/polls/polls_routes.h"

#define CONDUCTORS (ROLE_ORGANISER | ROLE_HOST | ROLE_MODERATOR)

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/sessions/{session}/polls",
     .roles = ROLE_STAFF,
     .thing = "session",
     .handle = get_polls},
    {.method = "POST",
     .pattern = "/api/sessions/{session}/polls",
     .roles = CONDUCTORS,
     .thing = "session",
     .handle = post_poll},
    {.method = "PUT",
     .pattern = "/api/sessions/{session}/polls/order",
     .roles = CONDUCTORS,
     .thing = "session",
     .handle = put_poll_order},
    {.method = "PATCH",
     .pattern = "/api/polls/{poll}",
     .roles = CONDUCTORS,
     .thing = "poll",
     .handle = patch_poll},
    {.method = "DELETE",
     .pattern = "/api/polls/{poll}",
     .roles = CONDUCTORS,
     .thing = "poll",
     .handle = delete_poll},
    {0},
};

static const struct command commands[] = {
    {.name = "poll.vote",
     .roles = ROLE_HCP,
     .ids = {"poll"},
     .what = "The first vote is final: a repeated command answers with the vote that counts",
     .data = "{poll: id, choices: [int]}",
     .ok = "{choices: [int]}",
     .handle = poll_vote_command},
    {.name = "poll.open",
     .roles = CONDUCTORS,
     .ids = {"poll"},
     .data = "{poll: id}",
     .handle = poll_open_command},
    {.name = "poll.close",
     .roles = CONDUCTORS,
     .ids = {"poll"},
     .data = "{poll: id}",
     .handle = poll_close_command},
    {.name = "poll.show_results",
     .roles = CONDUCTORS,
     .ids = {"poll"},
     .data = "{poll: id}",
     .handle = poll_show_command},
    {.name = "poll.hide_results",
     .roles = CONDUCTORS,
     .ids = {"poll"},
     .data = "{poll: id}",
     .handle = poll_hide_command},
    {0},
};

static const struct event_type events[] = {
    {.name = "poll.changed",
     .audience = ROLE_STAFF,
     .what = "Drafts are written, edited, moved or deleted; HCPs get it for a poll that they have, "
             "when it moves to another place",
     .data = "{poll: poll} | {id: id, removed: true}",
     .version = 1,
     .apply = poll_apply_changed},
    {.name = "poll.opened",
     .audience = ROLE_ANY,
     .what = "It takes votes from here on",
     .data = "{poll: poll}",
     .version = 1,
     .apply = poll_apply_opened},
    {.name = "poll.closed",
     .audience = ROLE_ANY,
     .what = "By hand, or with the session",
     .data = "{id: id, closed_at: time}",
     .version = 1,
     .apply = poll_apply_closed,
     .encode = poll_encode_closed},
    {.name = "poll.results_shown",
     .audience = ROLE_ANY,
     .what = "HCPs get the tally from here on",
     .data = "{id: id}",
     .version = 1,
     .apply = poll_apply_shown},
    {.name = "poll.results_hidden",
     .audience = ROLE_ANY,
     .what = "They do not any more",
     .data = "{id: id}",
     .version = 1,
     .apply = poll_apply_hidden},
    {0},
};

static const struct message_type states[] = {
    {.name = "poll.tally",
     .audience = ROLE_ANY,
     .key = "poll",
     .what = "At most five times a second; to HCPs only while results are shown",
     .data = "tally"},
    {0},
};

static const struct snapshot_part snapshots[] = {
    {.name = "common.polls", .what = "Without drafts for HCPs", .data = "[poll]"},
    {.name = "own.polls", .data = "[vote]"},
    {0},
};

static const struct shape shapes[] = {
    {"tally", "{voters: int, counts: [int]}"},
    {"vote", "{poll: id, choices: [int]}"},
    {"poll", "{id: id, position: int, question: text, choice: \"single\" | \"multiple\","
             " state: \"draft\" | \"open\" | \"closed\", results_shown: bool, opened_at: time?,"
             " closed_at: time?, options: [{position: int, text: text}]}"},
    {0},
};

static const struct store stores[] = {
    {.name = "poll", .why = "questions as staff wrote them for everybody"},
    {.name = "poll_option", .why = "answers as staff wrote them for everybody"},
    {.name = "poll_vote",
     .person = "registration_id",
     .holds = "which answers they chose",
     .erasure = ERASURE_KEPT,
     .copy = "registrations.poll_votes",
     .why = "figures stay: nothing names the person once the registration is nobody's"},
    {0},
};

const struct feature polls_feature = {
    .name = "polls",
    .routes = routes,
    .commands = commands,
    .events = events,
    .opening = {polls_load_room, polls_take, polls_drop},
    .count = {polls_load_room, polls_take_count, polls_drop},
    .room_close = polls_close,
    .room_tick = polls_tick,
    .told = polls_told,
    .snapshot = polls_snapshot,
    .snapshot_own = polls_snapshot_own,
    .states = states,
    .snapshots = snapshots,
    .shapes = shapes,
    .stores = stores,
    .exported = polls_exported,
};
