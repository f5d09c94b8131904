/* A feature without a database for tests of room/: what it is told to happens at once, as if it had
 * been committed. */
#ifndef AMPHI_TESTS_TALK_H
#define AMPHI_TESTS_TALK_H

#include "room/feature.h"
#include <stdatomic.h>

struct live;

/* Rules of the fake: how the next opening ends, what was called. Only the counts may be used where
 * loops are threads. */
struct talk {
    enum err open_err;
    bool open_later; /* room_opening_done() is left to the test: talk.opening */
    struct room_opening *opening;
    struct room *_Atomic room;
    atomic_int opened, closed, joined, arrived, left, left_on_purpose, snapshots, told, ticks;
    struct call *later; /* a talk.later that is not answered yet */
    _Atomic int64_t left_at;
    bool packs; /* who moves takes something along, which is counted where it is taken */
    int unpacked;
    struct id unpacked_in; /* the session of the room that took it last */
    const char *topic;     /* in the common snapshot; NULL: none */
};
extern struct talk talk;
extern struct feature talk_feature;
extern const struct feature *const talk_features[];
void talk_reset(void);
/* Forgets what was counted and opens loops with this feature alone. */
struct live *talk_start(int loops);
/* For dispatch_config.open: ends an opening as talk says. */
void talk_open(struct room_opening *opening);

#endif
