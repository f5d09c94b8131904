/* What a command writes: an item of its session's lane that carries its change. The item runs on a
 * worker within a batch; its events are applied by the room; then the command is answered. What the
 * rows alone decided, as nothing had to be written any more or none may be, is answered when the
 * room has what the log had at that moment: nobody is told of what the room does not know. */
#ifndef AMPHI_ROOM_LANE_CALL_H
#define AMPHI_ROOM_LANE_CALL_H

#include "db/lane.h"
#include "room/change.h"
#include "room/room.h"

struct lane_call;

/* One kind of command. Either lane.run takes several items at once (then it may append no events),
 * or run takes one and lane is {.name, .run_each = lane_call_run, .locks = true}. */
struct lane_call_kind {
    struct lane_kind lane;
    /* Worker, in a transaction that holds the session's row. Outcomes of this command alone are
     * told by lane_call_refuse() or item.err, with ERR_OK; other errors fail the transaction. It
     * may be run again after a rollback. */
    enum err (*run)(struct db_conn *c, struct lane_call *lc);
    /* Home loop, after the events were applied: what `ok` answers, a new reference. NULL: {}. */
    json_t *(*ok)(struct lane_call *lc);
    void (*release)(struct lane_call *lc); /* what it holds besides itself; NULL: nothing */
};

/* The first member of the command's own struct, which mem_new() made and the lane call frees. */
struct lane_call {
    struct lane_item item;
    struct list node; /* in door.unanswered */
    const struct lane_call_kind *kind;
    struct call *call;
    struct id session;
    struct change change; /* who, when, events */
    enum err refused;     /* by lane_call_refuse(), if item.err still says so */
    const char *code;     /* why it was refused: a wire code, static; NULL: that of the error */
    const char *field, *reason; /* of a request.invalid */
    int64_t seq;                /* of its last event; of the log when it was looked for; 0: none */
};

/* Home loop. Submits lc, made for this call; answers the call when that is not possible. */
void lane_call_submit(struct call *call, struct lane_call *lc, const struct lane_call_kind *kind);

/* Worker: this command is refused with a wire code; nothing of it was written. */
void lane_call_refuse(struct lane_call *lc, enum err err, const char *code);
/* For kinds with run. */
enum err lane_call_run(struct db_conn *c, struct lane_item *item) MUST_CHECK;

/* The room's: the events up to seq were applied. */
void lane_call_answer(struct lane_call *lc);

#endif
