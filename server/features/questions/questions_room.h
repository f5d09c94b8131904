/* The live side of the questions in one room. Home loop. */
#ifndef AMPHI_FEATURES_QUESTIONS_ROOM_H
#define AMPHI_FEATURES_QUESTIONS_ROOM_H

#include "features/questions/questions.h"
#include "room/feature.h"

/* all is what was committed: events change it (questions_events.c), and votes by what their commit
 * returned. */
struct questions_room {
    struct questions all;
};

extern const struct command questions_commands[];
extern const struct event_type questions_events[];
void questions_on_event(struct room *room, const struct event *event);

struct questions_room *questions_room_of(const struct room *room);
/* Nobody votes for it any more, or for now: its votes came with the event of its change, and those
 * who join from here on have them in the snapshot. */
void questions_room_votes_end(struct room *room, struct question *q);

#endif
