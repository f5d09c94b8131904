/* The live side of the questions in one room: its state, opening and closing, pushing votes, and
 * reading again after a commit whose outcome nobody knows. Home loop. */
#ifndef AMPHI_FEATURES_QUESTIONS_ROOM_H
#define AMPHI_FEATURES_QUESTIONS_ROOM_H

#include "features/feature.h"
#include "features/questions/questions.h"

/* all is what was committed; it changes only in done() of a lane item. */
struct questions_room {
    struct questions all;
    bool reload; /* something is to be read again */
    bool reading;
    int64_t retry_at;
    int64_t missed_after; /* while either of both: later events may not have been published */
};

extern const struct command questions_commands[];

struct questions_room *questions_room_of(const struct room *room);
/* Nobody votes for it any more, or for now: its votes came with the event of its change, those who
 * join from here on have them in the snapshot. */
void questions_room_votes_end(struct room *room, struct question *q);
/* What was committed may differ from what the room knows and has told. */
void questions_read_again(struct room *room);

#endif
