/* The door of a room: committed events are applied strictly in the order of their seq, whoever
 * committed them. What comes twice is passed over; what comes after a gap waits for it. */
#include "base/log.h"
#include "room/encode.h"
#include "room/home/home.h"
#include "room/lane_call.h"

void door_init(struct door *door)
{
    list_init(&door->pending);
    list_init(&door->unanswered);
    list_init(&door->behind);
}

void door_release(struct door *door)
{
    events_free(&door->pending);
    behind_release(door);
}

static struct event *event_of(struct list *node)
{
    return container_of(node, struct event, node);
}

/* Between its neighbours by seq; events nearly always come in order, so the search is from the end.
 */
static void insert(struct door *door, struct event *event)
{
    struct list *before = door->pending.prev;
    while (before != &door->pending && event_of(before)->seq > event->seq)
        before = before->prev;
    if (before != &door->pending && event_of(before)->seq == event->seq)
        event_free(event);
    else
        list_append(before->next, &event->node); /* before the next one */
}

static void tell_members(struct room *room, const struct event *event)
{
    const struct event_type *type = event->type;
    static const struct id nobody;
    struct ring_event told = {.seq = event->seq, .audience = event->audience};
    if (type->person)
        told.person = type->person(room, event);
    told.personal = type->person && !id_equal(&told.person, &nobody);
    if (!told.audience && !told.personal)
        return;
    json_t *data = type->encode ? type->encode(room, event) : json_incref(event->payload);
    if (data)
        room_out_event(room, &told,
                       encode_event(room->own->place, type->name, event->seq, event->at, data));
    json_decref(data);
}

static void apply(struct room *room, struct event *event)
{
    room->seq = event->seq;
    room_touch(room);
    if (!event_is_known(event)) {
        if (event->version > 0) /* of a newer server: what it changed is not known here */
            log_error("room.event_unknown", "{s:I,s:i}", "seq", (json_int_t)event->seq, "version",
                      event->version);
        return;
    }
    if (event->type->apply)
        event->type->apply(room, event);
    tell_members(room, event);
    event_notice(room->app, event);
    for (const struct feature *const *f = room->own->home->config.features; *f; f++) {
        if ((*f)->event)
            (*f)->event(room, event);
    }
}

static void answer_calls(struct room *room)
{
    struct list *calls = &room->own->door.unanswered;
    while (!list_empty(calls)) {
        struct lane_call *lc = container_of(calls->next, struct lane_call, node);
        if (lc->seq > room->seq)
            return;
        list_remove(&lc->node);
        lane_call_answer(lc);
    }
}

static void apply_due(struct room *room)
{
    struct door *door = &room->own->door;
    while (!list_empty(&door->pending)) {
        struct event *event = event_of(door->pending.next);
        if (event->seq > room->seq + 1)
            break;
        list_remove(&event->node);
        if (event->seq == room->seq + 1)
            apply(room, event);
        event_free(event);
    }
    if (list_empty(&door->pending))
        door->gap_at = 0;
    else if (!door->gap_at)
        door->gap_at = home_mono(room->own->home);
}

void room_take(struct room *room, struct list *events)
{
    ASSERT_LOOP(room->own->home);
    struct list *node;
    while ((node = list_take_first(events)))
        insert(&room->own->door, event_of(node));
    if (room->own->phase != ROOM_OPEN)
        return; /* applied when it is open */
    apply_due(room);
    answer_calls(room);
}

void room_answer_after(struct room *room, struct lane_call *lc)
{
    if (lc->seq <= room->seq)
        lane_call_answer(lc);
    else
        list_append(&room->own->door.unanswered, &lc->node); /* the lane's order is that of seq */
}
