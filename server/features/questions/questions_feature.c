/* What questions declare: see room/feature.h. */
#include "features/questions/questions_room.h"
#include "features/questions/questions_routes.h"
#include "features/questions/questions_store.h"

#define MODERATORS (ROLE_ORGANISER | ROLE_HOST | ROLE_MODERATOR)

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/sessions/{session}/askers",
     .roles = MODERATORS,
     .thing = "session",
     .handle = get_askers},
    {0},
};

static const struct command commands[] = {
    {.name = "question.ask",
     .roles = ROLE_HCP,
     .burst = 5,
     .per_minute = 10,
     .ids = {"question"},
     .what = "The id is made by the client",
     .data = "{question: id, text: text, anonymous: bool}",
     .ok = "{question: id}",
     .handle = question_ask_command},
    {.name = "question.vote",
     .roles = ROLE_HCP,
     .ids = {"question"},
     .data = "{question: id}",
     .handle = question_vote_command},
    {.name = "question.approve",
     .roles = MODERATORS,
     .ids = {"question"},
     .data = "{question: id}",
     .handle = question_approve_command},
    {.name = "question.answer",
     .roles = MODERATORS,
     .ids = {"question"},
     .data = "{question: id}",
     .handle = question_answer_command},
    {.name = "question.dismiss",
     .roles = MODERATORS,
     .ids = {"question"},
     .data = "{question: id}",
     .handle = question_dismiss_command},
    {.name = "question.stage",
     .roles = MODERATORS,
     .ids = {"question"},
     .what =
         "It is being answered: large before everybody, instead of another one; or not any more",
     .data = "{question: id, on: bool}",
     .handle = question_stage_command},
    {0},
};

static const struct event_type events[] = {
    {.name = "question.asked",
     .audience = ROLE_STAFF,
     .what = "To its author, too",
     .data = "{question: question}",
     .version = 1,
     .attach = question_attach,
     .release = question_release,
     .apply = question_apply_asked,
     .encode = question_encode_asked,
     .person = question_author_of},
    {.name = "question.changed",
     .audience = ROLE_STAFF,
     .what = "To its author, too: approved, answered, dismissed",
     .data = "change",
     .version = 1,
     .apply = question_apply_changed,
     .encode = question_encode_changed,
     .person = question_author_of},
    {.name = "question.shown",
     .audience = ROLE_HCP,
     .what = "Approved, or answered without",
     .data = "{question: question}",
     .version = 1,
     .encode = question_encode_for_hcps},
    {.name = "question.closed",
     .audience = ROLE_HCP,
     .what = "Answered",
     .data = "change",
     .version = 1,
     .encode = question_encode_for_hcps},
    {.name = "question.hidden",
     .audience = ROLE_HCP,
     .what = "Dismissed after it was shown",
     .data = "{id: id}",
     .version = 1,
     .encode = question_encode_for_hcps},
    {.name = "question.staged",
     .audience = ROLE_ANY,
     .what = "Is being answered, or null: none. It ends without, too, with the question's change",
     .data = "{question: id?}",
     .version = 1,
     .apply = question_apply_staged},
    {0},
};

static const struct message_type tells[] = {
    {.name = "question.author",
     .audience = ROLE_ANY,
     .what = "Their author was renamed; to HCPs for those that they see by name",
     .data = "{questions: [id], author: text}"},
    {.name = "question.erased",
     .audience = ROLE_ANY,
     .what = "Their author was erased, name and words: author null, text empty",
     .data = "{questions: [id]}"},
    {0},
};

static const struct message_type states[] = {
    {.name = "question.votes",
     .audience = ROLE_ANY,
     .key = "question",
     .what = "Approved ones; the last votes come with the event that ends it",
     .data = "{votes: int}"},
    {0},
};

static const struct snapshot_part snapshots[] = {
    {.name = "common.questions",
     .what = "The newest 500, and the staged one; for HCPs approved and answered ones",
     .data = "[question]"},
    {.name = "own.questions", .data = "{asked: [mine], voted: [id]}"},
    {0},
};

static const struct shape shapes[] = {
    {"state", "\"asked\" | \"approved\" | \"answered\" | \"dismissed\""},
    {"question", "{id: id, text: text, author: text?, anonymous: bool, asked_at: time, state: "
                 "state, votes: int, staged?: bool}"},
    {"mine", "{id: id, text: text, state: state, asked_at: time, votes: int}"},
    {"change", "{id: id, state: state, votes: int}"},
    {0},
};

static const struct store stores[] = {
    {.name = "question",
     .person = "registration_id",
     .holds = "what they asked, in their words",
     .erasure = ERASURE_EMPTIED,
     .copy = "registrations.questions"},
    {.name = "question_vote",
     .person = "registration_id",
     .holds = "which questions they voted for",
     .erasure = ERASURE_KEPT,
     .copy = "registrations.question_votes",
     .why = "figures stay: nothing names the person once the registration is nobody's"},
    {0},
};

const struct feature questions_feature = {
    .name = "questions",
    .routes = routes,
    .commands = commands,
    .events = events,
    .opening = {questions_load_room, questions_take, questions_drop},
    .count = {questions_load_votes, questions_take_votes, questions_drop_votes},
    .room_close = questions_close,
    .room_tick = questions_tick,
    .told = questions_told,
    .snapshot = questions_snapshot,
    .snapshot_own = questions_snapshot_own,
    .event = questions_on_event,
    .tells = tells,
    .states = states,
    .snapshots = snapshots,
    .shapes = shapes,
    .stores = stores,
    .exported = questions_exported,
    .erase = questions_erase,
};
