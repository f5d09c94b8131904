/* The live side of the slides in one room: its state, the progress of rendering, and reading again
 * what changed over HTTP, by rendering, or by a commit whose outcome nobody knows. Home loop. */
#ifndef AMPHI_FEATURES_SLIDES_ROOM_H
#define AMPHI_FEATURES_SLIDES_ROOM_H

#include "features/feature.h"
#include "features/slides/slides_push.h"
#include "features/slides/slides_store.h"

/* all and on are what was committed; they change only in done() of a lane item. */
struct slides_room {
    struct decks all;
    struct slide_position on;
    int64_t known_seq;  /* of the last slide.* event published */
    struct id *pending; /* decks to be read again */
    size_t pending_count;
    bool reread; /* where the session is: to be read again */
    bool reading;
    int64_t retry_at;
    struct slides_push push;
};

extern const struct command slides_commands[];

struct slides_room *slides_room_of(const struct room *room);
/* Publishes a committed move; deck_seq 0: HCPs have the deck. */
void slides_publish_deck(struct room *room, int64_t seq, int64_t at, const struct id *deck);
void slides_publish_move(struct room *room, int64_t seq, int64_t at, int64_t version,
                         const struct slide_position *to);

#endif
