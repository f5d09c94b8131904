#include "features/participation/participation_room.h"
#include "features/participation/participation_routes.h"

const struct feature participation_feature = {
    .name = "participation",
    .routes = participation_routes,
    .opening = {participation_load_opening, participation_open, participation_drop_opening},
    .room_close = participation_close,
    .room_tick = participation_tick,
    .member_join = participation_join,
    .member_arrive = participation_arrive,
    .member_leave = participation_leave,
    .event = participation_event,
    .told = participation_told,
};
