#include "base/mem.h"
#include "db/lane.h"
#include "features/feature.h"
#include "features/polls/polls.h"
#include "features/polls/polls_room.h"
#include "features/polls/polls_store.h"

/* --- voting --- */

static void on_vote_done(struct lane_item *item)
{
    struct poll_vote_item *vote = container_of(item, struct poll_vote_item, item);
    struct polls_room *s = polls_room_of(vote->call->room);
    struct poll *p = polls_find(&s->all, &vote->poll);
    if (item->err == ERR_OK && p)
        poll_count(p, &vote->person, vote->counted);
    else if (item->err != ERR_CONFLICT)
        s->recount = true; /* it may have been committed all the same */
    if (item->err == ERR_OK)
        call_ok(vote->call, json_pack("{s:o}", "choices", poll_choices_json(vote->counted)));
    else if (item->err == ERR_CONFLICT)
        call_fail(vote->call, "poll.closed");
    else
        call_fail_err(vote->call, item->err);
    free(vote);
}

static void submit_vote(struct call *call, uint32_t choices)
{
    struct poll_vote_item *vote = mem_new(sizeof *vote);
    vote->item.kind = &poll_vote_kind;
    vote->item.done = on_vote_done;
    vote->call = call;
    vote->session = call->room->session;
    vote->poll = call->ids[0];
    vote->person = call->who.person;
    vote->choices = choices;
    vote->at = call->at;
    enum err err = lane_submit(call->room->lane, &vote->item);
    if (err) {
        free(vote);
        call_fail_err(call, err);
    }
}

static void handle_vote(struct call *call)
{
    const struct poll *p = polls_find(&polls_room_of(call->room)->all, &call->ids[0]);
    if (!p || !poll_visible(p, call->who.roles)) {
        call_fail(call, "not_found");
        return;
    }
    struct json_reader r = json_reader(call->data);
    uint32_t choices = poll_choices_read(&r, "choices");
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
        return;
    }
    uint32_t counted = poll_vote_of(p, &call->who.person);
    const char *refused = counted ? NULL : poll_vote_refused(p, choices);
    if (counted)
        call_ok(call, json_pack("{s:o}", "choices", poll_choices_json(counted)));
    else if (refused)
        call_fail(call, refused);
    else
        submit_vote(call, choices);
}

/* --- opening, closing, showing --- */

static void op_committed(struct room *room, struct poll *p, struct poll_op_item *op)
{
    poll_update(p, op->poll_after);
    op->poll_after = NULL;
    room_publish(room, op->seq, op->at, poll_event_type(op->op), ROLE_ANY,
                 poll_event_json(p, op->op));
    if (op->op != POLL_OP_CLOSE)
        poll_push_tally_afresh(room, p);
}

static void on_op_done(struct lane_item *item)
{
    struct poll_op_item *op = container_of(item, struct poll_op_item, item);
    struct room *room = op->call->room;
    struct polls_room *s = polls_room_of(room);
    struct poll *p = polls_find(&s->all, &op->poll);
    if (item->err == ERR_OK) {
        if (op->seq && p)
            op_committed(room, p, op);
        call_ok(op->call, NULL);
    } else if (item->err == ERR_CONFLICT) {
        const char *refused = p ? poll_op_refused(p, op->op, room->state) : NULL;
        call_fail(op->call, refused ? refused : "poll.state");
    } else {
        if (item->err != ERR_NOT_FOUND)
            polls_read_again(s, &op->poll);
        call_fail_err(op->call, item->err);
    }
    poll_free(op->poll_after);
    free(op);
}

static void handle_op(struct call *call, enum poll_op kind)
{
    struct room *room = call->room;
    const struct poll *p = polls_find(&polls_room_of(room)->all, &call->ids[0]);
    struct json_reader r = json_reader(call->data);
    const char *refused = p ? poll_op_refused(p, kind, room->state) : "not_found";
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
        return;
    }
    if (refused) {
        call_fail(call, refused);
        return;
    }
    struct poll_op_item *op = mem_new(sizeof *op);
    op->item.kind = &poll_op_kind;
    op->item.done = on_op_done;
    op->call = call;
    op->session = room->session;
    op->organisation = room->organisation;
    op->poll = call->ids[0];
    op->actor = call->who.person;
    op->op = kind;
    op->at = call->at;
    enum err err = lane_submit(room->lane, &op->item);
    if (err) {
        free(op);
        call_fail_err(call, err);
    }
}

static void handle_open(struct call *call)
{
    handle_op(call, POLL_OP_OPEN);
}
static void handle_close(struct call *call)
{
    handle_op(call, POLL_OP_CLOSE);
}
static void handle_show(struct call *call)
{
    handle_op(call, POLL_OP_SHOW);
}
static void handle_hide(struct call *call)
{
    handle_op(call, POLL_OP_HIDE);
}

#define CONDUCTORS (ROLE_ORGANISER | ROLE_HOST | ROLE_MODERATOR)

const struct command polls_commands[] = {
    {.name = "poll.vote", .roles = ROLE_HCP, .ids = {"poll"}, .handle = handle_vote},
    {.name = "poll.open", .roles = CONDUCTORS, .ids = {"poll"}, .handle = handle_open},
    {.name = "poll.close", .roles = CONDUCTORS, .ids = {"poll"}, .handle = handle_close},
    {.name = "poll.show_results", .roles = CONDUCTORS, .ids = {"poll"}, .handle = handle_show},
    {.name = "poll.hide_results", .roles = CONDUCTORS, .ids = {"poll"}, .handle = handle_hide},
    {.name = NULL},
};
