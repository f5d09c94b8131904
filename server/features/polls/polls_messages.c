/* The commands of polls: a vote, and opening, closing, showing, hiding. */
#include "base/mem.h"
#include "features/polls/polls_room.h"

/* --- voting --- */

static void submit_vote(struct call *call, uint32_t choices)
{
    struct poll_vote *vote = mem_new(sizeof *vote);
    vote->poll = call->ids[0];
    vote->choices = choices;
    lane_call_submit(call, &vote->lc, &poll_vote_kind);
}

void poll_vote_command(struct call *call)
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
    else if (refused && poll_knows_voters(p))
        call_fail(call, refused);
    else /* after the close it is only looked for */
        submit_vote(call, choices);
}

/* Votes are rows, not events: the tally changes by what the commit returned. */
static json_t *on_voted(struct lane_call *lc)
{
    struct poll_vote *vote = container_of(lc, struct poll_vote, lc);
    struct poll *p = polls_find(&polls_room_of(lc->call->room)->all, &vote->poll);
    if (p && poll_count(p, &lc->call->who.person, vote->counted))
        poll_share_vote(lc->call->room, p, &lc->call->who.person);
    return json_pack("{s:o}", "choices", poll_choices_json(vote->counted));
}

const struct lane_call_kind poll_vote_kind = {
    .lane = {.name = "poll.vote", .run = poll_votes_write},
    .ok = on_voted,
};

/* --- opening, closing, showing --- */

static const struct lane_call_kind op_kind = {
    .lane = {.name = "poll.op", .run_each = lane_call_run, .locks = true},
    .run = poll_change_write,
};

static void handle_op(struct call *call, enum poll_op op)
{
    const struct poll *p = polls_find(&polls_room_of(call->room)->all, &call->ids[0]);
    struct json_reader r = json_reader(call->data);
    const char *refused = p ? poll_op_refused(p, op, call->room->state) : "not_found";
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
        return;
    }
    if (refused) {
        call_fail(call, refused);
        return;
    }
    struct poll_change *change = mem_new(sizeof *change);
    change->poll = call->ids[0];
    change->op = op;
    lane_call_submit(call, &change->lc, &op_kind);
}

void poll_open_command(struct call *call)
{
    handle_op(call, POLL_OP_OPEN);
}
void poll_close_command(struct call *call)
{
    handle_op(call, POLL_OP_CLOSE);
}
void poll_show_command(struct call *call)
{
    handle_op(call, POLL_OP_SHOW);
}
void poll_hide_command(struct call *call)
{
    handle_op(call, POLL_OP_HIDE);
}
