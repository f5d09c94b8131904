/* What a room sends: events, states and single frames, gathered over a turn and handed at its end
 * to each loop that has members. */
#include "base/mem.h"
#include "room/encode.h"
#include "room/home/home.h"
#include "room/meters.h"
#include <stdlib.h>

void room_mark(struct room *room)
{
    ASSERT_LOOP(room->own->home);
    if (list_empty(&room->own->dirty))
        list_append(&room->own->home->rooms->dirty, &room->own->dirty);
}

void room_out(struct room *room, const struct out *entry)
{
    room_mark(room);
    out_add(&room->own->out, entry);
}

void room_touch(struct room *room)
{
    ASSERT_LOOP(room->own->home);
    for (int i = 0; i < 2; i++) {
        payload_unref(room->own->common[i]);
        room->own->common[i] = NULL;
    }
}

void room_forget_events(struct room *room)
{
    ring_release(&room->own->ring);
    ring_init(&room->own->ring, room->seq + 1);
    room_touch(room);
}

/* To every connection of the person that the audience does not reach. */
static void out_personal(struct room *room, const struct ring_event *event, struct payload *frame)
{
    list_for_each(node, &room->members)
    {
        struct member_own *own = container_of(node, struct member_own, member.node);
        if (!id_equal(&own->member.who.person, &event->person) ||
            (own->member.who.roles & event->audience))
            continue;
        room_out(room, &(struct out){.kind = OUT_CONN,
                                     .class = FRAME_EVENT,
                                     .loop = own->loop,
                                     .conn = own->member.conn,
                                     .frame = payload_ref(frame)});
    }
}

void room_out_event(struct room *room, struct ring_event *event, struct payload *frame)
{
    ASSERT_LOOP(room->own->home);
    metric_add(&meter_events, 1);
    event->frame = frame;
    ring_add(&room->own->ring, event);
    if (event->personal)
        out_personal(room, event, frame);
    if (event->audience)
        room_out(room, &(struct out){.kind = OUT_AUDIENCE,
                                     .class = FRAME_EVENT,
                                     .audience = event->audience,
                                     .frame = payload_ref(frame)});
    payload_unref(frame);
}

void room_tell_event(struct room *room, const struct event *event, const char *type,
                     unsigned audience, json_t *data)
{
    if (!data)
        data = json_object();
    room_out_event(room, &(struct ring_event){.seq = event->seq, .audience = audience},
                   encode_event(room->own->place, type, event->seq, event->at, data));
    json_decref(data);
}

void room_push_state(struct room *room, const char *type, const char *key, unsigned audience,
                     json_t *data)
{
    states_push(&room->own->states, type, key, audience, data ? data : json_object());
    room_mark(room);
}

void room_drop_state(struct room *room, const char *type, const char *key)
{
    states_drop(&room->own->states, type, key);
}

void room_send_bulk(struct room *room, const struct member *member, struct payload *frame)
{
    const struct member_own *own = container_of(member, struct member_own, member);
    room_out(room, &(struct out){.kind = OUT_CONN,
                                 .class = FRAME_BULK,
                                 .loop = own->loop,
                                 .conn = member->conn,
                                 .frame = payload_ref(frame)});
}

static size_t select_for_loop(const struct room_private *own, const struct out_list *out, int loop,
                              struct out *batch)
{
    size_t n = 0;
    for (size_t i = 0; i < out->len; i++) {
        const struct out *e = &out->items[i];
        bool all = e->kind == OUT_AUDIENCE || e->kind == OUT_RECORDS;
        if (all ? own->loop_members[loop] == 0 : e->loop != loop)
            continue;
        batch[n++] = *e;
        if (e->frame)
            payload_ref(e->frame);
    }
    return n;
}

/* The end of the turn: states after events, then one message to each loop that has members. */
void room_flush(struct room *room)
{
    struct room_private *own = room->own;
    struct state *state;
    shares_flush(room);
    while ((state = states_take_dirty(&own->states)))
        out_add(&own->out, &(struct out){.kind = OUT_AUDIENCE,
                                         .class = FRAME_STATE,
                                         .audience = state->audience,
                                         .key = state->coalesce,
                                         .frame = payload_ref(state->frame)});
    struct out_list out = own->out;
    own->out = (struct out_list){0}; /* a member that leaves on the way adds to the next flush */
    struct out *batch = mem_new((out.len + 1) * sizeof *batch);
    for (int loop = 0; loop < own->home->loops; loop++) {
        size_t n = select_for_loop(own, &out, loop, batch);
        if (n > 0)
            connections_post(own->home, loop, &room->session, batch, n);
    }
    free(batch);
    out_clear(&out);
    if (own->out.cap == 0)
        own->out = out;
    else
        out_release(&out);
}
