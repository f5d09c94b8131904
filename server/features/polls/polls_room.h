/* The live side of the polls in one room: its state, opening and closing, pushing tallies, and
 * reading again what was changed over HTTP or by a commit whose outcome nobody knows. Home loop. */
#ifndef AMPHI_FEATURES_POLLS_ROOM_H
#define AMPHI_FEATURES_POLLS_ROOM_H

#include "features/feature.h"
#include "features/polls/polls_store.h"

/* all is what was committed; it changes only in done() of a lane item. */
struct polls_room {
    struct polls all;
    struct poll_ids pending; /* changed over HTTP, or of unknown outcome: to be read again */
    bool recount;            /* votes of unknown outcome: to be read again after pending */
    bool reading;
    int64_t retry_at;
};

extern const struct command polls_commands[];

struct polls_room *polls_room_of(const struct room *room);
void polls_read_again(struct polls_room *s, const struct id *poll);
/* The tally's audience may have changed: what was pushed for the other one must not stay. */
void poll_push_tally_afresh(struct room *room, struct poll *p);

#endif
