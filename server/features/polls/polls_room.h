/* The live side of the polls in one room. Home loop. */
#ifndef AMPHI_FEATURES_POLLS_ROOM_H
#define AMPHI_FEATURES_POLLS_ROOM_H

#include "features/polls/polls_store.h"
#include "room/feature.h"

/* all is what was committed: events change it (polls_events.c), and votes by what their commit
 * returned. */
struct polls_room {
    struct polls all;
};

extern const struct command polls_commands[];
extern const struct event_type polls_events[];

struct polls_room *polls_room_of(const struct room *room);
/* The tally's audience may have changed: what was pushed for the other one must not stay. */
void poll_push_tally_afresh(struct room *room, struct poll *p);

#endif
