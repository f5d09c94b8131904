#include "base/config.h"
#include "base/json.h"
#include "base/mem.h"
#include "features/slides/slides_room.h"

#define APART_MOST  (2 * 48000) /* of the moment and the speaker's clock as the server knows it */
#define VERSION_MAX (((int64_t)1 << 53) - 1)

static json_t *on_moved(struct lane_call *lc)
{
    struct slide_move *move = container_of(lc, struct slide_move, lc);
    return json_pack("{s:I}", "version", (json_int_t)move->version + 1);
}

static const struct lane_call_kind move_kind = {
    .lane = {.name = "slide.move", .run_each = lane_call_run, .locks = true},
    .run = slide_move_write,
    .ok = on_moved,
};

/* Of the speaker's own voice, and about now: else the page is shown at once. */
static struct slide_moment read_moment(struct json_reader *r, const struct call *call)
{
    struct slide_moment heard = {0};
    uint16_t stream;
    uint32_t now;
    if (!json_read_has(r, "media"))
        return heard;
    json_t *object = json_read_object(r, "media");
    if (!object)
        return heard;
    struct json_reader inner = json_reader(object);
    heard.stream = json_read_int(&inner, "stream", 0, UINT16_MAX);
    heard.timestamp = json_read_int(&inner, "timestamp", 0, UINT32_MAX);
    if (!json_reader_end(&inner)) {
        json_reader_fault(r, inner.field, inner.reason);
        return heard;
    }
    int32_t apart = 0;
    bool speaks = room_media_clock(call->room, &call->who.person, &stream, &now);
    if (speaks)
        apart = (int32_t)((uint32_t)heard.timestamp - now);
    heard.set = speaks && heard.stream == stream && apart <= APART_MOST && apart >= -APART_MOST;
    return heard;
}

void slide_move_command(struct call *call)
{
    struct room *room = call->room;
    struct json_reader r = json_reader(call->data);
    int64_t version = json_read_int(&r, "version", 0, VERSION_MAX);
    int64_t page = json_read_int(&r, "page", 1, DECK_PAGES_MAX);
    struct slide_moment heard = read_moment(&r, call);
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
        return;
    }
    const struct deck *deck = decks_find(&slides_room_of(room)->all, &call->ids[0]);
    const char *refused = slide_refused(deck, page, room->state);
    if (refused) {
        call_fail(call, refused);
        return;
    }
    struct slide_move *move = mem_new(sizeof *move);
    move->to = (struct slide_position){.deck = call->ids[0], .page = (int)page};
    move->version = version;
    move->heard = heard;
    lane_call_submit(call, &move->lc, &move_kind);
}

/* By which way the images of what comes next arrive, and over which time. */
void slide_receive_command(struct call *call)
{
    const struct config *config = call->room->app->config;
    struct json_reader r = json_reader(call->data);
    int64_t width = json_read_int(&r, "width", 1, SLIDE_WIDTH_MOST);
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
        return;
    }
    if (config->slide_push && call_member(call))
        slides_push_add(&slides_room_of(call->room)->push, call->conn, (int)width);
    call_ok(call, json_pack("{s:s,s:i}", "by", config->slide_push ? "websocket" : "http",
                            "spread_ms", config->slide_spread_ms));
}
