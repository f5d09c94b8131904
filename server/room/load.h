/* What every feature does when its room opens: read on a worker, take it on the home loop, say
 * room_opened(). */
#ifndef AMPHI_ROOM_LOAD_H
#define AMPHI_ROOM_LOAD_H

#include "db/job.h"
#include "room/room.h"

/* The first member of the feature's own struct, which is malloc'ed and freed here. */
struct room_load {
    struct db_job job;
    struct room *room;
    struct id session;
    enum err err;
    enum err (*read)(struct room_load *, struct db_conn *); /* worker; sees no room */
    /* Home loop. Not ERR_OK: release what was read. */
    void (*take)(struct room_load *, enum err);
};

/* Home loop, from room_open; read and take are set. Ends with room_opened(). */
void room_load(struct room *room, struct room_load *load);

#endif
