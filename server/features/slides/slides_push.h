/* The image of the page that comes next, sent ahead over the websocket to whoever asked for it, the
 * members one after the other over slide_spread_ms: read and framed once for each width, in pieces,
 * and there before the page is shown. What is on when somebody comes, a jump, looking back and
 * zooming are fetched over HTTP. Home loop. */
#ifndef AMPHI_FEATURES_SLIDES_PUSH_H
#define AMPHI_FEATURES_SLIDES_PUSH_H

#include "base/map.h"
#include "features/slides/slides_store.h"

#define SLIDE_WIDTH_MOST 10000

struct slides_push {
    struct room *room;
    const struct decks *decks;       /* the room's */
    const struct slide_position *on; /* the room's: what everybody sees */
    struct map receivers;            /* connection → struct receiver */
    struct list idle, waiting; /* of them: have what is ahead, or there is none; go without yet */
    struct slide_position ahead;
    struct slide_images images; /* of it; none while they are read */
    bool reading;
    double owed; /* receivers that may be served by now */
    int64_t served_at;
};

/* decks and on are read whenever this looks; they stay where they are. */
void slides_push_init(struct slides_push *p, struct room *room, const struct decks *decks,
                      const struct slide_position *on);
void slides_push_release(struct slides_push *p);
/* This connection wants images at least this wide. Again: from now on of this width. */
void slides_push_add(struct slides_push *p, uint64_t conn, int width);
void slides_push_remove(struct slides_push *p, uint64_t conn);
/* Another page is on, or who receives has changed. */
void slides_push_look(struct slides_push *p);
void slides_push_tick(struct slides_push *p);

#endif
