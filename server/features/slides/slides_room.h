/* The live side of the slides in one room: its state and the progress of rendering. Home loop. */
#ifndef AMPHI_FEATURES_SLIDES_ROOM_H
#define AMPHI_FEATURES_SLIDES_ROOM_H

#include "features/slides/slides_push.h"
#include "features/slides/slides_store.h"
#include "room/feature.h"

/* all and on are what was committed; only events change them (slides_events.c). */
struct slides_room {
    struct decks all;
    struct slide_position on;
    struct slides_push push;
};

extern const struct command slides_commands[];
extern const struct event_type slides_events[];

struct slides_room *slides_room_of(const struct room *room);

#endif
