/* SQL of the questions, nothing else. Worker threads. */
#ifndef AMPHI_FEATURES_QUESTIONS_STORE_H
#define AMPHI_FEATURES_QUESTIONS_STORE_H

#include "features/questions/questions.h"
#include "room/feature.h"
#include "room/lane_call.h"

/* All questions of a session with their votes. all is initialised. */
enum err questions_load(struct db_conn *c, const struct id *session,
                        struct questions *all) MUST_CHECK;
/* One question without its votes. ERR_NOT_FOUND. */
enum err question_read(struct db_conn *c, const struct id *session, const struct id *question,
                       struct question **out) MUST_CHECK;

struct question_votes {
    struct question_vote_row {
        struct id question, person;
    } * items;
    size_t n;
};
/* All votes of a session; items is the caller's to free, also after a failure. */
enum err question_votes_read(struct db_conn *c, const struct id *session,
                             struct question_votes *out) MUST_CHECK;

/* --- commands; a run of lane items is of one session --- */

/* Refused with session.state when the session takes no questions; with ERR_RATE when it, or the
 * person in it, has as many as may be; with field "question" when the id is in use for anything but
 * this very question. */
struct question_ask {
    struct lane_call lc;
    struct question *question; /* as asked; the ask's own */
};
enum err question_ask_write(struct db_conn *c, struct lane_call *lc) MUST_CHECK;

/* item.err: ERR_OK, then the vote is there; refused with question.state when the question is not
 * approved. */
struct question_vote {
    struct lane_call lc;
    struct id question;
};
enum err question_votes_write(struct db_conn *c, struct lane_item *const *items,
                              size_t n) MUST_CHECK;

/* Refused with question.state when the state forbids it; not found. */
struct question_move {
    struct lane_call lc;
    struct id question;
    enum question_state to;
};
enum err question_move_write(struct db_conn *c, struct lane_call *lc) MUST_CHECK;

/* Already so: nothing happens. Refused with question.state when it is not approved; not found. */
struct question_stage {
    struct lane_call lc;
    struct id question;
    bool on;
};
enum err question_stage_write(struct db_conn *c, struct lane_call *lc) MUST_CHECK;

/* {"items": [{"question", "profession", "specialty", "profiles": [name]}], "next": null}: of whom
 * the newest QUESTIONS_SHOWN questions are, without people who were erased. */
enum err questions_askers(struct db_conn *c, const struct id *session, json_t **out) MUST_CHECK;

extern const struct export_count questions_exported[];
/* What the person said in their own words. */
enum err questions_erase(struct db_conn *c, const struct id *hcp) MUST_CHECK;

#endif
