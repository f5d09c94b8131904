/* The rooms whose home is this loop: opened by the first join, closed a minute after the last
 * leave. */
#include "base/log.h"
#include "base/mem.h"
#include "db/lane.h"
#include "room/encode.h"
#include "room/home/home.h"
#include "room/meters.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_FIRST_US (250 * US_PER_MS)
#define RETRY_MOST_US  (10 * US_PER_S)

/* What appends to the session's log holds its row from the start of the batch. */
static enum err lock_session(struct db_conn *c, const struct id *session)
{
    return sessions_lock(c, session, 1);
}

static struct room *room_new(struct dispatch *d, const struct id *session)
{
    struct room *room = mem_new(sizeof *room);
    struct room_private *own = mem_new(sizeof *own + d->rooms->feature_count * sizeof(void *));
    room->own = own;
    own->room = room;
    room->session = *session;
    room->app = d->config.app;
    room->db = d->config.db;
    room->mailbox = d->mailbox;
    list_init(&room->members);
    list_append(&d->rooms->all, &room->node);
    metric_add(&meter_rooms, 1);
    map_put(&d->rooms->by_session, session, room);
    own->home = d;
    publishers_init(room);
    others_init(&own->others);
    list_init(&own->dirty);
    list_init(&own->waiting);
    list_init(&own->news);
    door_init(&own->door);
    map_init(&own->members);
    own->loop_members = mem_new((size_t)d->loops * sizeof *own->loop_members);
    states_init(&own->states, own->place, clock_now_us(d->config.clock));
    if (room->db)
        room->lane = lane_new(room->db, room->mailbox, d->config.lane_waiting,
                              &(struct lane_lock){lock_session, *session});
    return room;
}

static void drop_news(struct room_private *own)
{
    struct list *node;
    while ((node = list_take_first(&own->news)))
        news_free(container_of(node, struct news, node));
    own->news_count = 0;
}

static void room_free(struct room *room)
{
    struct room_private *own = room->own;
    struct dispatch *d = own->home;
    room_opening_abandon(own->opening);
    room_close_features(room);
    metric_add(&meter_rooms, -1);
    metric_add(&meter_members, -(int64_t)room->member_count);
    list_for_each_safe(node, &room->members)
    {
        struct member_own *member = container_of(node, struct member_own, member.node);
        calls_left(room, &member->calls, false);
        free(member->member.name);
        free(member);
    }
    list_for_each_safe(node, &own->waiting) join_free(container_of(node, struct join, node));
    drop_news(own);
    door_release(&own->door);
    list_remove(&own->dirty);
    list_remove(&room->node);
    map_remove(&d->rooms->by_session, &room->session);
    map_release(&own->members);
    out_release(&own->out);
    others_release(&own->others);
    shares_release(own);
    ring_release(&own->ring);
    states_release(&own->states);
    room_touch(room);
    if (room->lane)
        lane_release(room->lane);
    publishers_free(room);
    free(own->loop_members);
    free(own);
    free(room);
}

/* --- opening --- */

static void refuse(struct dispatch *d, const struct join *join, enum err err)
{
    enum err told = err == ERR_NOT_FOUND ? err : ERR_BUSY;
    struct out entry = {.kind = OUT_JOIN_FAILED,
                        .loop = join->from->index,
                        .conn = join->conn,
                        .frame = encode_error(join->request, err_code(told))};
    connections_post(d, entry.loop, &join->check.session, &entry, 1);
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

static void refuse_waiting(struct room *room, enum err err)
{
    struct list *node;
    while ((node = list_take_first(&room->own->waiting))) {
        struct join *join = container_of(node, struct join, node);
        refuse(room->own->home, join, err);
        join_free(join);
    }
}

void room_failed(struct room *room, enum err err)
{
    struct room_private *own = room->own;
    struct dispatch *d = own->home;
    own->phase = ROOM_FAILED;
    own->open_err = err;
    own->backoff = own->backoff ? own->backoff * 2 : RETRY_FIRST_US;
    if (own->backoff > RETRY_MOST_US)
        own->backoff = RETRY_MOST_US;
    int64_t jitter = (int64_t)(dispatch_random(d) % (uint64_t)own->backoff);
    own->retry_at = home_mono(d) + own->backoff / 2 + jitter;
    own->empty_since = home_mono(d);
    char text[ID_TEXT_SIZE];
    log_warn("room.open_failed", "{s:s,s:s}", "session", id_text(&room->session, text), "code",
             err_code(err));
    room_close_features(room);
    drop_news(own);
    events_free(&own->door.pending);
    refuse_waiting(room, err);
    room_mark(room);
}

/* What came while it was read comes now: events that are not in what was read, then news. */
void room_is_open(struct room *room)
{
    struct room_private *own = room->own;
    if (own->news_lost) { /* more news than are kept: what was read cannot be trusted */
        room_failed(room, ERR_BUSY);
        return;
    }
    own->phase = ROOM_OPEN;
    own->backoff = 0;
    own->empty_since = home_mono(own->home);
    ring_init(&own->ring, room->seq);
    struct list none, *node;
    list_init(&none);
    room_take(room, &none);
    while ((node = list_take_first(&own->news))) {
        struct news *news = container_of(node, struct news, node);
        room_told(room, news);
        news_free(news);
    }
    own->news_count = 0;
    while ((node = list_take_first(&own->waiting)))
        admit_or_refuse(room, container_of(node, struct join, node));
    room_mark(room);
}

/* --- messages from the connections' side --- */

void rooms_join(struct message *message)
{
    struct join *join = container_of(message, struct join, message);
    struct dispatch *d = join->home;
    struct room *room = map_get(&d->rooms->by_session, &join->check.session);
    bool failed = room && room->own->phase == ROOM_FAILED;
    if (d->draining || (failed && home_mono(d) < room->own->retry_at)) {
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

void room_want(struct dispatch *d, const struct id *session)
{
    room_open(room_new(d, session));
}

/* It gave up before it was let in. */
static void forget_waiting(struct room *room, uint64_t conn)
{
    list_for_each_safe(node, &room->own->waiting)
    {
        struct join *join = container_of(node, struct join, node);
        if (join->conn != conn)
            continue;
        list_remove(node);
        join_free(join);
    }
}

/* The room where it is now learns when it left, and what goes along. */
static void send_on(struct dispatch *d, const struct leave *leave, struct room *left,
                    const struct departure *departure)
{
    struct arrival *arrival = mem_new(sizeof *arrival);
    if (departure->packed) {
        arrival->left = left;
        room_hold(left);
    }
    arrival->message.deliver = rooms_arrive;
    arrival->from = d;
    arrival->home = leave->next;
    arrival->session = leave->next_session;
    arrival->conn = leave->conn;
    arrival->departure = *departure;
    dispatch_post(d, leave->next, &arrival->message);
}

void rooms_leave(struct message *message)
{
    struct leave *leave = container_of(message, struct leave, message);
    struct dispatch *d = leave->home;
    struct room *room = map_get(&d->rooms->by_session, &leave->session);
    struct member *member = room ? room_member_by_conn(room, leave->conn) : NULL;
    struct departure departure = {.at = leave->at,
                                  .gone = leave->gone,
                                  .on_purpose = leave->on_purpose,
                                  .moves = leave->next != NULL};
    if (member)
        room_remove(room, member, &departure);
    else if (room)
        forget_waiting(room, leave->conn);
    if (leave->next)
        send_on(d, leave, room, &departure);
    free(leave);
}

/* Back where it was packed. What nobody took, as the other room is gone, is taken here: what ended
 * is never dropped. */
static void back(struct message *message)
{
    struct arrival *arrival = container_of(message, struct arrival, message);
    if (arrival->departure.packed)
        room_arrive(arrival->left, NULL, &arrival->departure);
    room_let_go(arrival->left);
    free(arrival->departure.packed);
    free(arrival);
}

void rooms_arrive(struct message *message)
{
    struct arrival *arrival = container_of(message, struct arrival, message);
    struct room *room = map_get(&arrival->home->rooms->by_session, &arrival->session);
    if (room && room->own->phase == ROOM_OPEN)
        room_arrive(room, room_member_by_conn(room, arrival->conn), &arrival->departure);
    arrival->message.deliver = back;
    if (arrival->left)
        dispatch_post(arrival->home, arrival->from, &arrival->message);
    else
        free(arrival);
}

void rooms_committed(struct message *message)
{
    struct committed *committed = container_of(message, struct committed, message);
    struct room *room = map_get(&committed->home->rooms->by_session, &committed->session);
    if (!room || room->own->phase != ROOM_OPEN) { /* an open room does when it applies them */
        list_for_each(node, &committed->events)
            event_notice(committed->home->config.app, container_of(node, struct event, node));
    }
    if (room && room->own->phase != ROOM_FAILED) {
        room_take(room, &committed->events);
        if (committed->unknown)
            room_look(room, false);
    }
    events_free(&committed->events);
    free(committed);
}

/* --- time --- */

void rooms_turn(struct dispatch *d)
{
    struct list *node;
    while ((node = list_take_first(&d->rooms->dirty))) {
        struct room_private *own = container_of(node, struct room_private, dirty);
        if (own->phase != ROOM_OPENING)
            room_flush(own->room);
    }
}

static bool may_close(const struct room *room)
{
    const struct room_private *own = room->own;
    if (own->phase == ROOM_OPENING || room->member_count > 0 || own->holds > 0 ||
        !list_empty(&own->dirty) || far_media_publishes(room) ||
        (room->lane && lane_waiting(room->lane) > 0))
        return false;
    return own->home->draining || home_mono(own->home) - own->empty_since >= ROOM_EMPTY_US;
}

static void tick_room(struct room *room)
{
    const struct feature *const *f = room->own->home->config.features;
    for (; room->own->phase == ROOM_OPEN && *f; f++) {
        if ((*f)->room_tick)
            (*f)->room_tick(room);
    }
    if (room->own->phase == ROOM_OPEN) {
        publishers_tick(room);
        others_read_again(room);
    }
    if (room->lane)
        lane_tick(room->lane);
    heal_tick(room);
    behind_tick(room);
}

void rooms_tick(struct dispatch *d)
{
    list_for_each_safe(node, &d->rooms->all)
    {
        struct room *room = container_of(node, struct room, node);
        tick_room(room);
        if (may_close(room))
            room_free(room);
    }
}

/* --- the half as a whole --- */

struct rooms *rooms_new(struct dispatch *d)
{
    struct rooms *rooms = mem_new(sizeof *rooms);
    for (const struct feature *const *f = d->config.features; *f; f++)
        rooms->feature_count++;
    map_init(&rooms->by_session);
    list_init(&rooms->all);
    list_init(&rooms->dirty);
    return rooms;
}

void rooms_free(struct dispatch *d)
{
    list_for_each_safe(node, &d->rooms->all) room_free(container_of(node, struct room, node));
    map_release(&d->rooms->by_session);
    free(d->rooms);
}

bool rooms_busy(const struct dispatch *d)
{
    return !list_empty(&d->rooms->dirty);
}

size_t rooms_count(const struct dispatch *d)
{
    return d->rooms->by_session.len;
}
