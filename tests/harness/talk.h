/* A feature without a database for tests of room/: what it is told to happens at once, as if it had
 * been committed. */
#ifndef AMPHI_TESTS_TALK_H
#define AMPHI_TESTS_TALK_H

#include "room/feature.h"

/* Rules of the fake: how the next opening ends, what was called. Single-threaded tests only. */
struct talk {
    enum err open_err;
    bool open_later; /* room_opening_done() is left to the test: talk.opening */
    struct room_opening *opening;
    struct room *room;
    int opened, closed, joined, left, snapshots, told, ticks;
    int64_t last_rx;
    const char *topic; /* in the common snapshot; NULL: none */
};
extern struct talk talk;
extern struct feature talk_feature;
extern const struct feature *const talk_features[];
void talk_reset(void);
/* For dispatch_config.open: ends an opening as talk says. */
void talk_open(struct room_opening *opening);

#endif
