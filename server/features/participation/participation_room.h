/* The hooks of participation into a live room. Home loop. */
#ifndef AMPHI_FEATURES_PARTICIPATION_ROOM_H
#define AMPHI_FEATURES_PARTICIPATION_ROOM_H

#include "features/feature.h"
#include "features/participation/participation.h"

void participation_open(struct room *room);
void participation_close(struct room *room);
void participation_tick(struct room *room);
void participation_join(struct room *room, struct member *member);
void participation_leave(struct room *room, struct member *member, int64_t last_rx);
void participation_event(struct room *room, const char *type, const json_t *data);
void participation_changed(struct room *room, const char *topic, const json_t *data);

#endif
