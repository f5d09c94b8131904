/* SQL of the stage, nothing else. Worker threads. */
#ifndef AMPHI_FEATURES_STAGE_STORE_H
#define AMPHI_FEATURES_STAGE_STORE_H

#include "features/stage/stage.h"
#include "room/feature.h"
#include "room/lane_call.h"

/* Who is on the stage, with their names and roles. s is zeroed. */
enum err stage_load(struct db_conn *c, const struct id *session, struct stage_set *s) MUST_CHECK;

struct stage_hands {
    struct stage_hand *items;
    size_t n;
};
/* In the order of raising; items is the caller's to free, also after a failure. */
enum err stage_hands_load(struct db_conn *c, const struct id *session,
                          struct stage_hands *out) MUST_CHECK;
/* As they are called and what they may do at a time; "" of an HCP who was erased. */
enum err stage_who(struct db_conn *c, const struct id *session, const struct id *person, bool staff,
                   int64_t at, struct stage_who *who) MUST_CHECK;

/* --- commands; a run of lane items is of one session --- */

/* Refused with the rules' codes; not found, when the person was never there. */
struct stage_call {
    struct lane_call lc;
    struct stage_ask ask;
};
enum err stage_call_write(struct db_conn *c, struct lane_call *lc) MUST_CHECK;

/* Refused with stage.place when the person is on the stage, with hand.full, with session.state; not
 * found: a hand to lower that never was. */
struct stage_hand_call {
    struct lane_call lc;
    struct id person;
    bool up;
    int64_t at; /* when it was raised, afterwards */
};
enum err stage_hand_write(struct db_conn *c, struct lane_call *lc) MUST_CHECK;

/* Somebody whose connections are gone: off the stage, their hand lowered. */
enum err stage_lose(struct db_conn *c, struct change *change, const struct id *session,
                    const struct id *person) MUST_CHECK;

/* The HCP's places and hands. */
enum err stage_erase(struct db_conn *c, const struct id *hcp) MUST_CHECK;

#endif
