/* What slides declare: see room/feature.h. */
#include "features/slides/slides_jobs.h"
#include "features/slides/slides_room.h"
#include "features/slides/slides_routes.h"

#define MOVERS    (ROLE_ORGANISER | ROLE_HOST | ROLE_SPEAKER)
#define UPLOADERS (ROLE_ORGANISER | ROLE_HOST | ROLE_SPEAKER)
#define REMOVERS  (ROLE_ORGANISER | ROLE_HOST)
#define MB        (1024 * 1024)

/* One hand moving through a deck with a held key must not run into the limit; the default would. */
#define MOVE_BURST      60
#define MOVE_PER_MINUTE 600

/* Images have a bucket of their own: who leafs through a long deck can still do everything else. */
#define IMAGE_BURST       400
#define IMAGES_PER_MINUTE 2400

#define RENDER_BUDGET_MS (15 * 60 * 1000) /* of processor time; the pages left then are skipped */

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/sessions/{session}/decks",
     .roles = ROLE_STAFF,
     .thing = "session",
     .handle = get_decks},
    /* Until a large file is on the disk it takes seconds. */
    {.method = "POST",
     .pattern = "/api/sessions/{session}/decks",
     .roles = UPLOADERS,
     .thing = "session",
     .handle = post_deck,
     .max_body = (size_t)UPLOAD_MOST_MB * MB,
     .spool = true,
     .admit = admit_deck,
     .pool = DB_UPLOAD},
    {.method = "DELETE",
     .pattern = "/api/decks/{deck}",
     .roles = REMOVERS,
     .thing = "deck",
     .handle = delete_deck},
    {.method = "GET",
     .pattern = "/api/decks/{deck}/pages/{page}/{width}",
     .roles = ROLE_ANY,
     .thing = "deck",
     .rate = {.burst = IMAGE_BURST, .per_minute = IMAGES_PER_MINUTE},
     .handle = get_deck_page},
    {0},
};

static const struct command commands[] = {
    {.name = "slide.move",
     .roles = MOVERS,
     .burst = MOVE_BURST,
     .per_minute = MOVE_PER_MINUTE,
     .ids = {"deck"},
     .what =
         "Versioned like the host's commands. `media`: with what the speaker says at that moment",
     .data = "{version: int, deck: id, page: int, media?: moment}",
     .ok = "{version: int}",
     .handle = slide_move_command},
    {.name = "slide.receive",
     .roles = ROLE_ANY,
     .what = "Pixels; again changes the width",
     .data = "{width: int}",
     .ok = "receiving",
     .handle = slide_receive_command},
    {0},
};

static const struct event_type events[] = {
    {.name = "deck.changed",
     .audience = ROLE_STAFF,
     .what = "Uploaded, more pages rendered, all rendered, failed, or removed",
     .data = "{deck: deck | {id: id, removed: true}}",
     .version = 1,
     .attach = deck_attach,
     .release = deck_release,
     .apply = deck_apply_changed,
     .encode = deck_encode_changed},
    {.name = "slide.deck",
     .audience = ROLE_ANY,
     .what = "Before the first move to a deck, and when it has more pages",
     .data = "{deck: deck}",
     .version = 1,
     .attach = deck_attach,
     .release = deck_release,
     .apply = deck_apply,
     .encode = deck_encode},
    {.name = "slide.moved",
     .audience = ROLE_ANY,
     .what = "This page is on; with what it says and where it leads, when it is for the first time",
     .data = "{version: int, deck: id, page: int, text?: text, text_cut?: bool, links?: [link],"
             " media?: moment}",
     .version = 1,
     .apply = slide_apply_moved,
     .encode = slide_encode_moved},
    {0},
};

const struct job_kind deck_render = {.name = "deck.render",
                                     .pool = DB_RENDER,
                                     .tries = 5,
                                     .budget_ms = RENDER_BUDGET_MS,
                                     .run = deck_render_run,
                                     .give_up = deck_render_give_up};
const struct job_kind deck_free_files = {.name = "deck.free",
                                         .pool = DB_JOB,
                                         .tries = 5,
                                         .run = deck_free_run,
                                         .give_up = deck_free_give_up};
static const struct job_kind *const jobs[] = {&deck_render, &deck_free_files, NULL};

static const struct message_type states[] = {
    {.name = "deck.progress",
     .audience = ROLE_STAFF,
     .key = "deck",
     .what = "Until it is rendered",
     .data = "progress"},
    {0},
};

static const struct snapshot_part snapshots[] = {
    {.name = "common.slides",
     .what = "For HCPs only the deck of the position; what is optional is for staff",
     .data = "{position: position?, decks: [deck]}"},
    {0},
};

static const struct shape shapes[] = {
    {"position", "{deck: id, page: int}"},
    {"moment", "{stream: int, timestamp: int}"},
    {"progress", "{pages_done: int, page_count: int?}"},
    {"receiving", "{by: \"websocket\" | \"http\", spread_ms: int}"},
    {"deck", "{id: id, file_name: text, page_count: int?, pages: [page], state?: \"rendering\" | "
             "\"ready\" | \"failed\","
             " error?: text?, created_at?: time, bytes?: int}"},
    {"page", "{page: int, state: \"ready\" | \"failed\", shown: bool, width: int?, height: int?, "
             "text: text,"
             " text_cut: bool, links: [link], images: [{width: int, height: int, bytes: int}], "
             "error?: text?,"
             " warnings?: [text], notes?: text, notes_cut?: bool}"},
    {"link", "{x: int, y: int, width: int, height: int, url: text}"},
    {0},
};

static const struct store stores[] = {
    {.name = "deck", .why = "documents of the organisation; created_by is an account"},
    {.name = "slide", .why = "texts, notes and links of the organisation's documents"},
    {.name = "slide_image", .why = "images of the organisation's documents"},
    {.name = "slide_position", .why = "which page is on"},
    {.name = "files: blobs", .why = "the organisation's documents and their images"},
    {0},
};

const struct feature slides_feature = {
    .name = "slides",
    .routes = routes,
    .commands = commands,
    .events = events,
    .jobs = jobs,
    .opening = {slides_load, slides_take, slides_drop},
    .room_close = slides_close,
    .room_tick = slides_tick,
    .member_leave = slides_leave,
    .snapshot = slides_snapshot,
    .told = slides_told,
    .states = states,
    .snapshots = snapshots,
    .shapes = shapes,
    .stores = stores,
};
