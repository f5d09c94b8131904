#include "base/mem.h"
#include "db/lane.h"
#include "features/feature.h"
#include "features/questions/questions.h"
#include "features/questions/questions_room.h"
#include "features/questions/questions_store.h"
#include <string.h>

/* --- asking --- */

static void on_ask_done(struct lane_item *item)
{
    struct question_ask_item *ask = container_of(item, struct question_ask_item, item);
    struct room *room = ask->call->room;
    struct questions_room *s = questions_room_of(room);
    struct question *q = ask->question;
    if (item->err == ERR_OK) {
        char text[ID_TEXT_SIZE];
        json_t *answer = json_pack("{s:s}", "question", id_text(&q->id, text));
        if (!ask->seq) {
            if (!questions_find(&s->all, &q->id))
                questions_read_again(room); /* kept by a commit whose outcome was not known */
            question_free(q);
        } else {
            questions_add(&s->all, q);
            room_publish_to(room, ask->seq, q->asked_at, "question.asked", &q->person, ROLE_STAFF,
                            json_pack("{s:o}", "question", question_json(q, ROLE_STAFF)));
        }
        call_ok(ask->call, answer);
    } else {
        if (item->err == ERR_INVALID) {
            call_fail_field(ask->call, "question", "in use");
        } else if (item->err == ERR_CONFLICT) {
            call_fail(ask->call, "session.state");
        } else {
            questions_read_again(room); /* it may have been committed all the same */
            call_fail_err(ask->call, item->err);
        }
        question_free(q);
    }
    free(ask);
}

static void submit_ask(struct call *call, const struct question_draft *draft)
{
    struct question_ask_item *ask = mem_new(sizeof *ask);
    struct question *q = ask->question = question_new();
    ask->item.kind = &question_ask_kind;
    ask->item.done = on_ask_done;
    ask->call = call;
    ask->session = call->room->session;
    ask->organisation = call->room->organisation;
    q->id = call->ids[0];
    q->person = call->who.person;
    q->text = mem_strdup(draft->text);
    q->anonymous = draft->anonymous;
    q->asked_at = call->at;
    enum err err = lane_submit(call->room->lane, &ask->item);
    if (err) {
        question_free(q);
        free(ask);
        call_fail_err(call, err);
    }
}

static void handle_ask(struct call *call)
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
    char text[ID_TEXT_SIZE];
    if (known && question_same(known, &call->who.person, draft.text, draft.anonymous))
        call_ok(call, json_pack("{s:s}", "question", id_text(&known->id, text)));
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

static void on_vote_done(struct lane_item *item)
{
    struct question_vote_item *vote = container_of(item, struct question_vote_item, item);
    struct questions_room *s = questions_room_of(vote->call->room);
    struct question *q = questions_find(&s->all, &vote->question);
    if (item->err == ERR_OK && q)
        questions_count(&s->all, q, &vote->person);
    else if (item->err != ERR_CONFLICT)
        questions_read_again(vote->call->room); /* it may have been committed all the same */
    if (item->err == ERR_OK)
        call_ok(vote->call, NULL);
    else if (item->err == ERR_CONFLICT)
        call_fail(vote->call, "question.state");
    else
        call_fail_err(vote->call, item->err);
    free(vote);
}

static void submit_vote(struct call *call)
{
    struct question_vote_item *vote = mem_new(sizeof *vote);
    vote->item.kind = &question_vote_kind;
    vote->item.done = on_vote_done;
    vote->call = call;
    vote->session = call->room->session;
    vote->question = call->ids[0];
    vote->person = call->who.person;
    vote->at = call->at;
    enum err err = lane_submit(call->room->lane, &vote->item);
    if (err) {
        free(vote);
        call_fail_err(call, err);
    }
}

static void handle_vote(struct call *call)
{
    const struct questions *all = &questions_room_of(call->room)->all;
    const struct question *q = questions_find(all, &call->ids[0]);
    struct json_reader r = json_reader(call->data);
    const char *refused = q ? question_vote_refused(q, &call->who.person) : "not_found";
    if (!json_reader_end(&r))
        call_fail_field(call, r.field, r.reason);
    else if (q && questions_voted(all, q, &call->who.person))
        call_ok(call, NULL);
    else if (refused)
        call_fail(call, refused);
    else
        submit_vote(call);
}

/* --- moderating --- */

static void moved(struct room *room, struct question *q, const struct question_move_item *move)
{
    q->state = move->to;
    room_publish_to(room, move->seq, move->at, "question.changed", &q->person, ROLE_STAFF,
                    question_changed_json(q));
    const char *type = question_hcp_event_type(move->from, move->to);
    if (type && move->hcp_seq)
        room_publish(room, move->hcp_seq, move->at, type, ROLE_HCP,
                     question_hcp_event_json(q, type));
    if (q->state != QUESTION_APPROVED)
        questions_room_votes_end(room, q);
}

static void on_move_done(struct lane_item *item)
{
    struct question_move_item *move = container_of(item, struct question_move_item, item);
    struct room *room = move->call->room;
    struct questions_room *s = questions_room_of(room);
    struct question *q = questions_find(&s->all, &move->question);
    if (item->err == ERR_OK) {
        if (q)
            moved(room, q, move);
        call_ok(move->call, NULL);
    } else if (item->err == ERR_CONFLICT) {
        call_fail(move->call, "question.state");
    } else {
        if (item->err != ERR_NOT_FOUND)
            questions_read_again(room);
        call_fail_err(move->call, item->err);
    }
    free(move);
}

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
    struct question_move_item *move = mem_new(sizeof *move);
    move->item.kind = &question_move_kind;
    move->item.done = on_move_done;
    move->call = call;
    move->session = room->session;
    move->organisation = room->organisation;
    move->question = call->ids[0];
    move->actor = call->who.person;
    move->to = to;
    move->at = call->at;
    enum err err = lane_submit(room->lane, &move->item);
    if (err) {
        free(move);
        call_fail_err(call, err);
    }
}

static void handle_approve(struct call *call)
{
    handle_move(call, QUESTION_APPROVED);
}
static void handle_answer(struct call *call)
{
    handle_move(call, QUESTION_ANSWERED);
}
static void handle_dismiss(struct call *call)
{
    handle_move(call, QUESTION_DISMISSED);
}

#define MODERATORS (ROLE_ORGANISER | ROLE_HOST | ROLE_MODERATOR)

const struct command questions_commands[] = {
    {.name = "question.ask",
     .roles = ROLE_HCP,
     .burst = 5,
     .per_minute = 10,
     .ids = {"question"},
     .handle = handle_ask},
    {.name = "question.vote", .roles = ROLE_HCP, .ids = {"question"}, .handle = handle_vote},
    {.name = "question.approve",
     .roles = MODERATORS,
     .ids = {"question"},
     .handle = handle_approve},
    {.name = "question.answer", .roles = MODERATORS, .ids = {"question"}, .handle = handle_answer},
    {.name = "question.dismiss",
     .roles = MODERATORS,
     .ids = {"question"},
     .handle = handle_dismiss},
    {.name = NULL},
};
