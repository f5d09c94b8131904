/* SQL of the questions, nothing else. Worker threads. */
#ifndef AMPHI_FEATURES_QUESTIONS_STORE_H
#define AMPHI_FEATURES_QUESTIONS_STORE_H

#include "db/lane.h"
#include "features/questions/questions.h"

struct db_conn;

/* All questions of a session with their votes. all is initialised. */
enum err questions_load(struct db_conn *c, const struct id *session,
                        struct questions *all) MUST_CHECK;

/* --- lane items; every item of a lane is of one session --- */

/* err: ERR_CONFLICT when the session takes no questions; ERR_INVALID when the id is in use for
 * anything but this very question. */
struct question_ask_item {
    struct lane_item item;
    struct call *call;
    struct id session, organisation;
    struct question *question; /* as asked; afterwards as stored, with its author */
    int64_t seq;               /* of question.asked; 0: it was there already */
};
extern const struct lane_kind question_ask_kind;

/* err: ERR_OK, then the vote is there; ERR_CONFLICT when the question is not approved. */
struct question_vote_item {
    struct lane_item item;
    struct call *call;
    struct id session, question, person;
    int64_t at;
};
extern const struct lane_kind question_vote_kind;

/* err: ERR_CONFLICT when the state forbids it, ERR_NOT_FOUND. */
struct question_move_item {
    struct lane_item item;
    struct call *call;
    struct id session, organisation, question, actor;
    enum question_state to, from; /* from: set by the run */
    int64_t at;
    int64_t seq;     /* of question.changed */
    int64_t hcp_seq; /* of what HCPs are told; 0: nothing */
};
extern const struct lane_kind question_move_kind;

/* Reads everything again: after an outcome that nobody knows, or when a person was erased. */
struct question_reload_item {
    struct lane_item item;
    struct room *room;
    struct id session;
    int64_t missed_after;
    struct questions questions; /* owned by the item */
    json_t *missed; /* events of questions after that seq: [{"seq","at","type","data"}]; owned */
};
extern const struct lane_kind question_reload_kind;

#endif
