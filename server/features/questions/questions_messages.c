/* The commands of questions: asking, voting, moderating. */
#include "base/mem.h"
#include "features/questions/questions_room.h"
#include "features/questions/questions_store.h"
#include <string.h>

/* --- asking --- */

static json_t *named(const struct id *question)
{
    char text[ID_TEXT_SIZE];
    return json_pack("{s:s}", "question", id_text(question, text));
}

static json_t *on_asked(struct lane_call *lc)
{
    return named(&container_of(lc, struct question_ask, lc)->question->id);
}

static void release_ask(struct lane_call *lc)
{
    question_free(container_of(lc, struct question_ask, lc)->question);
}

static const struct lane_call_kind ask_kind = {
    .lane = {.name = "question.ask", .run_each = lane_call_run, .locks = true},
    .run = question_ask_write,
    .ok = on_asked,
    .release = release_ask,
};

static void submit_ask(struct call *call, const struct question_draft *draft)
{
    struct question_ask *ask = mem_new(sizeof *ask);
    struct question *q = ask->question = question_new();
    q->id = call->ids[0];
    q->person = call->who.person;
    q->text = mem_strdup(draft->text);
    q->anonymous = draft->anonymous;
    q->asked_at = call->at;
    lane_call_submit(call, &ask->lc, &ask_kind);
}

void question_ask_command(struct call *call)
{
    struct questions *all = &questions_room_of(call->room)->all;
    struct json_reader r = json_reader(call->data);
    struct question_draft draft = question_draft_read(&r);
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
        return;
    }
    const struct question *known = questions_find(all, &call->ids[0]);
    const char *refused = question_ask_refused(call->room->state);
    if (known && question_same(known, &call->who.person, draft.text, draft.anonymous))
        call_ok(call, named(&known->id));
    else if (refused)
        call_fail(call, refused);
    else if (known)
        call_fail_field(call, "question", "in use");
    else if (questions_full(all, &call->who.person))
        call_fail_err(call, ERR_RATE);
    else
        submit_ask(call, &draft);
}

/* --- voting --- */

/* Votes are rows, not events: they are counted by what the commit returned. */
static json_t *on_voted(struct lane_call *lc)
{
    struct questions *all = &questions_room_of(lc->call->room)->all;
    struct question *q = questions_find(all, &container_of(lc, struct question_vote, lc)->question);
    if (q && questions_count(all, q, &lc->call->who.person))
        question_share_vote(lc->call->room, q, &lc->call->who.person);
    return NULL;
}

static const struct lane_call_kind vote_kind = {
    .lane = {.name = "question.vote", .run = question_votes_write},
    .ok = on_voted,
};

static void submit_vote(struct call *call)
{
    struct question_vote *vote = mem_new(sizeof *vote);
    vote->question = call->ids[0];
    lane_call_submit(call, &vote->lc, &vote_kind);
}

void question_vote_command(struct call *call)
{
    const struct questions *all = &questions_room_of(call->room)->all;
    const struct question *q = questions_find(all, &call->ids[0]);
    struct json_reader r = json_reader(call->data);
    const char *refused = q ? question_vote_refused(q, &call->who.person) : "not_found";
    if (!json_reader_end(&r))
        call_fail_field(call, r.field, r.reason);
    else if (q && questions_voted(all, q, &call->who.person))
        call_ok(call, NULL);
    else if (refused && !(q && question_may_have_vote(q, &call->who.person)))
        call_fail(call, refused);
    else /* where it comes too late it is only looked for: its first answer may have been lost */
        submit_vote(call);
}

/* --- moderating --- */

static const struct lane_call_kind stage_kind = {
    .lane = {.name = "question.stage", .run_each = lane_call_run, .locks = true},
    .run = question_stage_write,
};

static void submit_stage(struct call *call, bool on)
{
    struct question_stage *stage = mem_new(sizeof *stage);
    stage->question = call->ids[0];
    stage->on = on;
    lane_call_submit(call, &stage->lc, &stage_kind);
}

void question_stage_command(struct call *call)
{
    const struct questions *all = &questions_room_of(call->room)->all;
    const struct question *q = questions_find(all, &call->ids[0]);
    struct json_reader r = json_reader(call->data);
    bool on = json_read_bool(&r, "on");
    if (!json_reader_end(&r))
        call_fail_field(call, r.field, r.reason);
    else if (!q)
        call_fail(call, "not_found");
    else if (on && !question_may_stage(q->state))
        call_fail(call, "question.state");
    else
        submit_stage(call, on);
}

static const struct lane_call_kind move_kind = {
    .lane = {.name = "question.move", .run_each = lane_call_run, .locks = true},
    .run = question_move_write,
};

static void handle_move(struct call *call, enum question_state to)
{
    struct room *room = call->room;
    const struct question *q = questions_find(&questions_room_of(room)->all, &call->ids[0]);
    struct json_reader r = json_reader(call->data);
    if (!json_reader_end(&r)) {
        call_fail_field(call, r.field, r.reason);
        return;
    }
    if (!q || !question_may_become(q->state, to)) {
        call_fail(call, q ? "question.state" : "not_found");
        return;
    }
    struct question_move *move = mem_new(sizeof *move);
    move->question = call->ids[0];
    move->to = to;
    lane_call_submit(call, &move->lc, &move_kind);
}

void question_approve_command(struct call *call)
{
    handle_move(call, QUESTION_APPROVED);
}
void question_answer_command(struct call *call)
{
    handle_move(call, QUESTION_ANSWERED);
}
void question_dismiss_command(struct call *call)
{
    handle_move(call, QUESTION_DISMISSED);
}
