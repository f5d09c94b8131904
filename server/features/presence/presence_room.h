/* What presence_feature.c declares: the live side of presence. Home loop. */
#ifndef AMPHI_FEATURES_PRESENCE_ROOM_H
#define AMPHI_FEATURES_PRESENCE_ROOM_H

#include "room/feature.h"
#include "room/others.h"

command_handler presence_visible_command;
void presence_open(struct room *room, void *loaded);
void presence_close(struct room *room);
void presence_tick(struct room *room);
void presence_join(struct room *room, struct member *member);
void presence_arrive(struct room *room, struct member *member, struct departure *departure);
void presence_leave(struct room *room, struct member *member, struct departure *departure);
void presence_other_enter(struct room *room, const struct other *other);
void presence_other_leave(struct room *room, const struct other *other);

#endif
