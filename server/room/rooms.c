/* The rooms whose home is this loop: opened by the first join, closed a minute after the last
 * leave. */
#include "base/log.h"
#include "base/mem.h"
#include "db/lane.h"
#include "room/dispatch_private.h"
#include "room/encode.h"
#include "room/meters.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_FIRST_US (250 * US_PER_MS)
#define RETRY_MOST_US  (10 * US_PER_S)
#define CHANGES_MOST   1000 /* kept while a room opens */

static int64_t mono(const struct dispatch *d)
{
    return clock_mono_us(d->config.clock);
}

static struct room *room_new(struct dispatch *d, const struct id *session)
{
    struct room *room = mem_new(sizeof *room);
    struct room_private *own = mem_new(sizeof *own + d->feature_count * sizeof(void *));
    room->own = own;
    own->room = room;
    room->session = *session;
    room->app = d->config.app;
    room->db = d->config.db;
    room->mailbox = d->mailbox;
    list_init(&room->members);
    list_append(&d->all_rooms, &room->node);
    metric_add(&meter_rooms, 1);
    map_put(&d->rooms, session, room);
    own->home = d;
    list_init(&own->dirty);
    list_init(&own->waiting);
    list_init(&own->changes);
    map_init(&own->members);
    own->loop_members = mem_new((size_t)d->loops * sizeof *own->loop_members);
    states_init(&own->states, clock_now_us(d->config.clock));
    if (room->db)
        room->lane = lane_new(room->db, room->mailbox, d->config.lane_waiting);
    return room;
}

/* Features whose state is set had begun to open: they free it. */
static void close_features(struct room *room)
{
    for (const struct feature *const *f = room->own->home->config.features; *f; f++) {
        if ((*f)->room_close && room_get(room, *f))
            (*f)->room_close(room);
        room_set(room, *f, NULL);
    }
}

static void change_free(struct change *change)
{
    json_decref(change->data);
    free(change->topic);
    free(change);
}

static void drop_changes(struct room_private *own)
{
    struct list *node;
    while ((node = list_take_first(&own->changes)))
        change_free(container_of(node, struct change, node));
    own->change_count = 0;
}

static void room_free(struct room *room)
{
    struct room_private *own = room->own;
    struct dispatch *d = own->home;
    close_features(room);
    metric_add(&meter_rooms, -1);
    metric_add(&meter_members, -(int64_t)room->member_count);
    list_for_each_safe(node, &room->members)
    {
        struct member_own *member = container_of(node, struct member_own, member.node);
        free(member->member.name);
        free(member);
    }
    list_for_each_safe(node, &own->waiting) join_free(container_of(node, struct join, node));
    drop_changes(own);
    list_remove(&own->dirty);
    list_remove(&room->node);
    map_remove(&d->rooms, &room->session);
    map_release(&own->members);
    out_release(&own->out);
    ring_release(&own->ring);
    states_release(&own->states);
    room_touch(room);
    if (room->lane)
        lane_release(room->lane);
    free(own->loop_members);
    free(own);
    free(room);
}

/* --- opening --- */

static void room_open(struct room *room)
{
    struct room_private *own = room->own;
    own->phase = ROOM_OPENING;
    own->open_err = ERR_OK;
    own->epoch = id_random();
    const struct feature *const *features = own->home->config.features;
    own->opening = 1; /* ours, so that an early answer does not end it */
    for (const struct feature *const *f = features; *f; f++)
        own->opening += (*f)->room_open != NULL;
    for (const struct feature *const *f = features; *f; f++) {
        if ((*f)->room_open)
            (*f)->room_open(room);
    }
    room_opened(room, ERR_OK);
}

/* Only noted here: the caller is a feature that may still touch its state. */
void room_opened(struct room *room, enum err err)
{
    struct room_private *own = room->own;
    assert(own->phase == ROOM_OPENING && own->opening > 0);
    if (err != ERR_OK && own->open_err != ERR_NOT_FOUND)
        own->open_err = err;
    if (--own->opening == 0 && list_empty(&own->dirty))
        list_append(&own->home->dirty_rooms, &own->dirty);
}

static void close_joining(struct dispatch *d, const struct join *join, uint16_t code,
                          const char *reason)
{
    int loop = join->from->index;
    hub_post(
        d, loop, &join->check.session,
        &(struct out){
            .kind = OUT_CLOSE, .loop = loop, .conn = join->conn, .code = code, .reason = reason},
        1);
}

static void refuse(struct dispatch *d, const struct join *join, enum err err)
{
    if (err == ERR_NOT_FOUND) {
        close_joining(d, join, CLOSE_NO_SUCH_SESSION, "no such session");
        return;
    }
    struct out entry = {.kind = OUT_JOIN_FAILED,
                        .loop = join->from->index,
                        .conn = join->conn,
                        .frame = encode_error(join->request, err_code(ERR_BUSY))};
    hub_post(d, entry.loop, &join->check.session, &entry, 1);
}

/* The look-up has answered this already; a room never relies on it alone. */
static bool may_enter(const struct room *room, const struct identity *who)
{
    return id_equal(&who->organisation, &room->organisation) &&
           (!(who->roles & ROLE_HCP) || id_equal(&who->congress, &room->congress));
}

static void admit_or_refuse(struct room *room, struct join *join)
{
    if (may_enter(room, &join->check.who))
        room_admit(room, join);
    else
        refuse(room->own->home, join, ERR_NOT_FOUND);
    join_free(join);
}

static void deliver_change(struct room *room, const struct change *change)
{
    for (const struct feature *const *f = room->own->home->config.features; *f; f++) {
        if ((*f)->changed)
            (*f)->changed(room, change->topic, change->data);
    }
}

static void opening_failed(struct room *room)
{
    struct room_private *own = room->own;
    struct dispatch *d = own->home;
    own->phase = ROOM_FAILED;
    own->backoff = own->backoff ? own->backoff * 2 : RETRY_FIRST_US;
    if (own->backoff > RETRY_MOST_US)
        own->backoff = RETRY_MOST_US;
    int64_t jitter = (int64_t)(dispatch_random(d) % (uint64_t)own->backoff);
    own->retry_at = mono(d) + own->backoff / 2 + jitter;
    own->empty_since = mono(d);
    char text[ID_TEXT_SIZE];
    log_warn("room.open_failed", "{s:s,s:s}", "session", id_text(&room->session, text), "code",
             err_code(own->open_err));
    close_features(room);
    drop_changes(own);
    list_for_each_safe(node, &own->waiting)
    {
        struct join *join = container_of(node, struct join, node);
        list_remove(node);
        refuse(d, join, own->open_err);
        join_free(join);
    }
}

static void opening_done(struct room *room)
{
    struct room_private *own = room->own;
    if (own->open_err != ERR_OK) {
        opening_failed(room);
        return;
    }
    own->phase = ROOM_OPEN;
    own->backoff = 0;
    own->empty_since = mono(own->home);
    ring_init(&own->ring, room->seq);
    struct list *node;
    while ((node = list_take_first(&own->changes))) {
        struct change *change = container_of(node, struct change, node);
        deliver_change(room, change);
        change_free(change);
    }
    own->change_count = 0;
    while ((node = list_take_first(&own->waiting)))
        admit_or_refuse(room, container_of(node, struct join, node));
}

/* --- messages from the connections' side --- */

void rooms_join(struct message *message)
{
    struct join *join = container_of(message, struct join, message);
    struct dispatch *d = join->home;
    struct room *room = map_get(&d->rooms, &join->check.session);
    bool failed = room && room->own->phase == ROOM_FAILED;
    if (revoked_since(d, &join->check.who, join->asked_at)) {
        close_joining(d, join, CLOSE_GOING_AWAY, "roles changed"); /* with the new ones */
        join_free(join);
        return;
    }
    if (d->draining || (failed && mono(d) < room->own->retry_at)) {
        refuse(d, join, failed ? room->own->open_err : ERR_BUSY);
        join_free(join);
        return;
    }
    if (room && room->own->phase == ROOM_OPEN) {
        admit_or_refuse(room, join);
        return;
    }
    bool opens = !room || failed;
    if (!room)
        room = room_new(d, &join->check.session);
    list_append(&room->own->waiting, &join->node);
    if (opens)
        room_open(room);
}

void rooms_leave(struct message *message)
{
    struct leave *leave = container_of(message, struct leave, message);
    struct room *room = map_get(&leave->home->rooms, &leave->session);
    struct member *member = room ? room_member_by_conn(room, leave->conn) : NULL;
    if (member) {
        room_remove(room, member, leave->last_rx);
    } else if (room) {
        list_for_each_safe(node, &room->own->waiting)
        {
            struct join *join = container_of(node, struct join, node);
            if (join->conn != leave->conn)
                continue;
            list_remove(node);
            join_free(join);
        }
    }
    free(leave);
}

static void revoke(struct room *room, const json_t *data, const struct id *id)
{
    bool again = json_is_true(json_object_get(data, "again"));
    uint16_t code = again ? CLOSE_GOING_AWAY : CLOSE_NOT_SIGNED_IN;
    const char *reason = again ? "roles changed" : "signed out";
    list_for_each(node, &room->members)
    {
        struct member_own *own = container_of(node, struct member_own, member.node);
        if (revoked_is(id, &own->member.who))
            room_out(room, &(struct out){.kind = OUT_CLOSE,
                                         .loop = own->loop,
                                         .conn = own->member.conn,
                                         .code = code,
                                         .reason = reason});
    }
    list_for_each_safe(node, &room->own->waiting)
    {
        struct join *join = container_of(node, struct join, node);
        if (!revoked_is(id, &join->check.who))
            continue;
        close_joining(room->own->home, join, code, reason);
        list_remove(node);
        join_free(join);
    }
}

/* Takes the change when it keeps it. */
static bool change_room(struct room *room, struct change *change)
{
    struct room_private *own = room->own;
    if (change->revokes) {
        revoke(room, change->data, &change->revoked);
    } else if (own->phase == ROOM_OPEN) {
        deliver_change(room, change);
    } else if (own->phase == ROOM_OPENING && !change->everywhere) {
        /* What is being loaded may be older than the change. */
        if (own->change_count < CHANGES_MOST) {
            list_append(&own->changes, &change->node);
            own->change_count++;
            return true;
        }
        own->open_err = ERR_BUSY; /* loads again */
    }
    return false;
}

void rooms_change(struct message *message)
{
    struct change *change = container_of(message, struct change, message);
    struct dispatch *d = change->home;
    bool taken = false;
    change->revokes =
        strcmp(change->topic, "revoked") == 0 && revoked_read(change->data, &change->revoked);
    if (change->revokes)
        revoked_note(d, &change->revoked);
    if (change->everywhere) {
        list_for_each(node, &d->all_rooms)
            change_room(container_of(node, struct room, node), change);
    } else {
        struct room *room = map_get(&d->rooms, &change->session);
        taken = room && change_room(room, change);
    }
    if (!taken)
        change_free(change);
}

/* --- time --- */

void rooms_turn(struct dispatch *d)
{
    struct list *node;
    while ((node = list_take_first(&d->dirty_rooms))) {
        struct room_private *own = container_of(node, struct room_private, dirty);
        if (own->phase == ROOM_OPENING && own->opening == 0)
            opening_done(own->room);
        list_remove(&own->dirty);
        if (own->phase != ROOM_OPENING)
            room_flush(own->room);
    }
}

static bool may_close(const struct room *room)
{
    const struct room_private *own = room->own;
    if (own->phase == ROOM_OPENING || room->member_count > 0 || own->holds > 0 ||
        !list_empty(&own->dirty) || (room->lane && lane_waiting(room->lane) > 0))
        return false;
    return own->home->draining || mono(own->home) - own->empty_since >= ROOM_EMPTY_US;
}

void rooms_tick(struct dispatch *d)
{
    list_for_each_safe(node, &d->all_rooms)
    {
        struct room *room = container_of(node, struct room, node);
        for (const struct feature *const *f = d->config.features; *f; f++) {
            if ((*f)->room_tick && room->own->phase == ROOM_OPEN)
                (*f)->room_tick(room);
        }
        if (room->lane)
            lane_tick(room->lane);
        if (may_close(room))
            room_free(room);
    }
}

void rooms_free(struct dispatch *d)
{
    list_for_each_safe(node, &d->all_rooms) room_free(container_of(node, struct room, node));
    map_release(&d->rooms);
}
