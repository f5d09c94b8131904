#include "room/lane_call.h"
#include "room/home/home.h"
#include <stdlib.h>

static void finish(struct lane_call *lc)
{
    events_free(&lc->change.events);
    if (lc->kind->release)
        lc->kind->release(lc);
    free(lc);
}

enum err lane_call_run(struct db_conn *c, struct lane_item *item)
{
    struct lane_call *lc = container_of(item, struct lane_call, item);
    change_reset(&lc->change);
    lc->code = lc->field = lc->reason = NULL;
    lc->seq = 0;
    enum err err = lc->kind->run(c, lc);
    /* The rows alone decided: what they say may be in the log and not in memory yet. */
    if (!err && list_empty(&lc->change.events))
        err = log_last(c, &lc->session, &lc->seq);
    return err;
}

void lane_call_refuse(struct lane_call *lc, enum err err, const char *code)
{
    lc->item.err = lc->refused = err;
    lc->code = code;
}

static void fail(struct lane_call *lc)
{
    bool refused = lc->item.err == lc->refused; /* else the database failed afterwards */
    if (refused && lc->field)
        call_fail_field(lc->call, lc->field, lc->reason);
    else if (refused && lc->code)
        call_fail(lc->call, lc->code);
    else
        call_fail_err(lc->call, lc->item.err);
    finish(lc);
}

void lane_call_answer(struct lane_call *lc)
{
    if (lc->item.err != ERR_OK) {
        fail(lc);
        return;
    }
    call_ok(lc->call, lc->kind->ok ? lc->kind->ok(lc) : NULL);
    finish(lc);
}

/* The transaction may have been committed all the same. */
static bool is_unknown(enum err err)
{
    return err == ERR_BUSY || err == ERR_INTERNAL;
}

static void on_done(struct lane_item *item)
{
    struct lane_call *lc = container_of(item, struct lane_call, item);
    struct room *room = lc->call->room;
    struct list *events = &lc->change.events;
    if (is_unknown(item->err)) {
        room_look(room, true);
        tell_others_look(room->app, &room->session);
        fail(lc);
        return;
    }
    if (item->err == ERR_OK && !list_empty(events)) {
        lc->seq = container_of(events->prev, struct event, node)->seq;
        tell_others_committed(room->app, events);
        room_take(room, events);
    } else if (item->err != ERR_OK || lc->seq > room->seq) {
        room_look(room, false); /* the rows say what memory, which let it pass, does not know */
    }
    room_answer_after(room, lc);
}

void lane_call_submit(struct call *call, struct lane_call *lc, const struct lane_call_kind *kind)
{
    struct room *room = call->room;
    lc->item.kind = &kind->lane;
    lc->item.done = on_done;
    list_init(&lc->node);
    lc->kind = kind;
    lc->call = call;
    lc->session = room->session;
    change_init(&lc->change, room->app, &call->who, call->at);
    enum err err = lane_submit(room->lane, &lc->item);
    if (err == ERR_OK)
        return;
    call_fail_err(call, err);
    finish(lc);
}
