/* One command at its home loop, and its answer. */
#include "room/encode.h"
#include "room/home/home.h"
#include "room/meters.h"
#include <stdlib.h>

void call_free(struct call *call)
{
    struct call_message *own = container_of(call, struct call_message, call);
    list_remove(&own->node);
    json_decref(call->data);
    free(own);
}

void rooms_call(struct message *message)
{
    struct call_message *own = container_of(message, struct call_message, message);
    struct room *room = map_get(&own->home->rooms->by_session, &own->session);
    struct member *member = room ? room_member_by_conn(room, own->call.conn) : NULL;
    if (!member) {
        call_free(&own->call); /* it left meanwhile: nobody to answer, nothing done */
        return;
    }
    list_append(&container_of(member, struct member_own, member)->calls, &own->node);
    own->call.room = room;
    room_hold(room);
    metric_add(&meter_commands, 1);
    behind_decide(room, own);
}

struct member *call_member(struct call *call)
{
    return room_member_by_conn(call->room, call->conn);
}

void calls_left(struct room *room, struct list *calls, bool tell)
{
    struct list *node;
    while ((node = list_take_first(calls))) {
        struct call_message *own = container_of(node, struct call_message, node);
        if (tell)
            room_out(room, &(struct out){.kind = OUT_ANSWER,
                                         .loop = own->loop,
                                         .conn = own->call.conn,
                                         .frame = encode_error(own->call.request, "session.left")});
    }
}

static void answer(struct call *call, struct payload *frame)
{
    ASSERT_LOOP(call->room->own->home);
    struct call_message *own = container_of(call, struct call_message, call);
    if (list_empty(&own->node)) /* it left meanwhile, and was told so */
        payload_unref(frame);
    else
        room_out(call->room, &(struct out){.kind = OUT_CONN,
                                           .class = FRAME_CONTROL,
                                           .loop = own->loop,
                                           .conn = call->conn,
                                           .frame = frame});
    room_let_go(call->room);
    call_free(call);
}

void call_ok(struct call *call, json_t *result)
{
    answer(call, encode_ok(call->request, result));
}

void call_fail(struct call *call, const char *code)
{
    if (!behind_keep(call, code))
        answer(call, encode_error(call->request, code));
}

void call_fail_field(struct call *call, const char *field, const char *reason)
{
    answer(call, encode_field_error(call->request, field, reason));
}

void call_fail_err(struct call *call, enum err err)
{
    call_fail(call, err_code(err));
}
