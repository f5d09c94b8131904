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
    bool first_time; /* it had not been on before the last move */
    struct slides_push push;
};

struct slides_room *slides_room_of(const struct room *room);

/* --- what slides_feature.c declares --- */
command_handler slide_move_command, slide_receive_command;
attach_event deck_attach;
release_event deck_release;
apply_event deck_apply, deck_apply_changed, slide_apply_moved;
words_of_event deck_encode, deck_encode_changed, slide_encode_moved;
enum err slides_load(struct db_conn *c, const struct id *session, void **loaded);
void slides_drop(void *loaded);
void slides_take(struct room *room, void *loaded);
void slides_close(struct room *room);
void slides_tick(struct room *room);
void slides_leave(struct room *room, struct member *member, struct departure *departure);
void slides_snapshot(struct room *room, unsigned audience, json_t *common);
void slides_told(struct room *room, const char *topic, const json_t *data);

#endif
