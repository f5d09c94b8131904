#include "harness/talk.h"
#include "base/json.h"
#include "base/mem.h"
#include "harness/live.h"
#include "room/home/home.h"
#include <stdlib.h>

struct talk talk;

void talk_reset(void)
{
    talk = (struct talk){0};
}

struct live *talk_start(int loops)
{
    talk_reset();
    return live_new(loops, talk_features, NULL, NULL, NULL);
}

void talk_open(struct room_opening *opening)
{
    talk.opened++;
    talk.opening = opening;
    if (!talk.open_later)
        room_opening_done(opening, talk.open_err);
}

static void on_open(struct room *room, void *loaded)
{
    (void)loaded;
    struct live *live = container_of(room->app, struct live, app);
    room->organisation = live->organisation;
    room->congress = live->congress;
    room_set(room, &talk_feature, &talk);
    talk.room = room;
}

static void on_close(struct room *room)
{
    (void)room;
    talk.closed++;
}

static void on_tick(struct room *room)
{
    (void)room;
    talk.ticks++;
}

static void on_join(struct room *room, struct member *member)
{
    (void)room;
    (void)member;
    talk.joined++;
}

static void on_arrive(struct room *room, struct member *member, struct departure *departure)
{
    talk.arrived += member != NULL;
    if (!departure->packed)
        return;
    free(departure->packed);
    departure->packed = NULL;
    talk.unpacked++;
    talk.unpacked_in = room->session;
}

static void on_leave(struct room *room, struct member *member, struct departure *departure)
{
    (void)room;
    (void)member;
    talk.left++;
    talk.left_on_purpose += departure->on_purpose;
    talk.left_at = departure->at;
    if (talk.packs && departure->moves)
        departure->packed = mem_new(1);
}

static void on_snapshot(struct room *room, unsigned audience, json_t *common)
{
    talk.snapshots++;
    json_object_set_new(common, "talk",
                        json_pack("{s:b,s:I}", "staff", (audience & ROLE_STAFF) != 0, "seq",
                                  (json_int_t)room->seq));
    if (talk.topic)
        json_object_set_new(common, "topic", json_string(talk.topic));
}

static void on_snapshot_own(struct room *room, const struct member *member, json_t *own)
{
    (void)room;
    char person[ID_TEXT_SIZE];
    json_object_set_new(own, "person", json_string(id_text(&member->who.person, person)));
}

static void on_told(struct room *room, const char *topic, const json_t *data)
{
    (void)room;
    (void)topic;
    (void)data;
    talk.told++;
}

/* --- events --- */

static struct id speaker(const struct room *room, const struct event *event)
{
    (void)room;
    return event->actor;
}

static const struct event_type events[] = {
    {.name = "talk.said", .version = 1, .audience = ROLE_ANY},
    {.name = "talk.mine", .version = 1, .audience = ROLE_STAFF, .person = speaker},
    {.name = NULL},
};

static void happen(struct call *call, const struct event_type *type, unsigned audience, int64_t n)
{
    struct room *room = call->room;
    struct event *event = mem_new(sizeof *event);
    struct list committed;
    list_init(&committed);
    event->type = type;
    event->version = 1;
    event->seq = room->seq + 1;
    event->at = call->at;
    event->audience = audience;
    event->actor = call->who.person;
    event->payload = json_pack("{s:I}", "n", (json_int_t)n);
    list_append(&committed, &event->node);
    room_take(room, &committed);
}

static void say(struct call *call, unsigned audience, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        happen(call, &events[0], audience, i);
}

/* {"n":3}: so many events for everybody. */
static void on_say(struct call *call)
{
    struct json_reader r = json_reader(call->data);
    int64_t n = json_read_int(&r, "n", 1, 1000);
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
        return;
    }
    say(call, ROLE_ANY, n);
    call_ok(call, json_pack("{s:I}", "seq", (json_int_t)call->room->seq));
}

static void on_whisper(struct call *call)
{
    say(call, ROLE_STAFF, 1);
    call_ok(call, NULL);
}

static void on_mine(struct call *call)
{
    happen(call, &events[1], ROLE_STAFF, 0);
    call_ok(call, NULL);
}

/* {"key":"a","n":1}: a state, three times in the turn. */
static void on_set(struct call *call)
{
    struct json_reader r = json_reader(call->data);
    const char *key = json_read_string(&r, "key", 0, 20);
    int64_t n = json_read_int(&r, "n", 0, 1000);
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
        return;
    }
    for (int64_t i = 2; i >= 0; i--)
        room_push_state(call->room, "talk.state", key, ROLE_ANY,
                        json_pack("{s:I}", "n", (json_int_t)(n - i)));
    call_ok(call, NULL);
}

static void on_thing(struct call *call)
{
    char id[ID_TEXT_SIZE];
    struct json_reader r = json_reader(call->data);
    if (json_reader_end(&r))
        call_ok(call, json_pack("{s:s}", "thing", id_text(&call->ids[0], id)));
    else
        call_fail_field(call, r.field, r.reason);
}

static void on_later(struct call *call)
{
    talk.later = call;
}

static const struct command commands[] = {
    {.name = "talk.say", .roles = ROLE_ANY, .burst = 1000, .per_minute = 100000, .handle = on_say},
    {.name = "talk.whisper", .roles = ROLE_ANY, .handle = on_whisper},
    {.name = "talk.mine", .roles = ROLE_HCP, .handle = on_mine},
    {.name = "talk.set", .roles = ROLE_ANY, .handle = on_set},
    {.name = "talk.thing", .roles = ROLE_ANY, .ids = {"thing"}, .handle = on_thing},
    {.name = "talk.thing_or_none",
     .roles = ROLE_ANY,
     .ids = {"thing"},
     .optional_ids = true,
     .handle = on_thing},
    {.name = "talk.later", .roles = ROLE_ANY, .handle = on_later},
    {.name = "talk.rare", .roles = ROLE_HOST, .burst = 2, .per_minute = 60, .handle = on_whisper},
    {.name = NULL},
};

struct feature talk_feature = {
    .name = "talk",
    .commands = commands,
    .events = events,
    .opening = {.take = on_open},
    .room_close = on_close,
    .room_tick = on_tick,
    .member_join = on_join,
    .member_arrive = on_arrive,
    .member_leave = on_leave,
    .snapshot = on_snapshot,
    .snapshot_own = on_snapshot_own,
    .told = on_told,
};
const struct feature *const talk_features[] = {&talk_feature, NULL};
