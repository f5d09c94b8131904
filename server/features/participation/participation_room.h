/* The hooks of participation into a live room. Home loop, but for what is read when it opens. */
#ifndef AMPHI_FEATURES_PARTICIPATION_ROOM_H
#define AMPHI_FEATURES_PARTICIPATION_ROOM_H

#include "features/participation/participation.h"
#include "room/feature.h"
#include "room/others.h"

enum err participation_load_opening(struct db_conn *c, const struct id *session, void **loaded);
void participation_open(struct room *room, void *loaded);
void participation_drop_opening(void *loaded);
void participation_close(struct room *room);
void participation_tick(struct room *room);
void participation_join(struct room *room, struct member *member);
void participation_arrive(struct room *room, struct member *member, struct departure *departure);
void participation_leave(struct room *room, struct member *member, struct departure *departure);
void participation_other_enter(struct room *room, const struct other *other);
void participation_other_leave(struct room *room, const struct other *other);
void participation_event(struct room *room, const struct event *event);
void participation_told(struct room *room, const char *topic, const json_t *data);

#endif
