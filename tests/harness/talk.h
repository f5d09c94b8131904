/* A feature without a database for tests of room/: it publishes what it is told to, at once. */
#ifndef AMPHI_TESTS_TALK_H
#define AMPHI_TESTS_TALK_H

#include "features/feature.h"

/* Rules of the fake: what the next room_open does, what was called. Single-threaded tests only. */
struct talk {
    enum err open_err;
    bool open_later; /* room_opened() is left to the test: talk.room */
    struct room *room;
    int opened, closed, joined, left, snapshots, changed, ticks;
    int64_t last_rx;
    const char *topic; /* in the common snapshot; NULL: none */
};
extern struct talk talk;
extern struct feature talk_feature;
extern const struct feature *const talk_features[];
void talk_reset(void);

#endif
