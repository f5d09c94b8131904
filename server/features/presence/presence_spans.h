/* The spans of one room until each is in the database as it is in memory. What cannot be written
 * now, because the database is away, is written later with the times it had; the room stays open
 * until then. Home loop. */
#ifndef AMPHI_FEATURES_PRESENCE_SPANS_H
#define AMPHI_FEATURES_PRESENCE_SPANS_H

#include "base/map.h"
#include "features/presence/presence_store.h"
#include "room/room.h"

struct spans {
    struct room *room;
    bool begun;
    struct span_context context;
    struct list unwritten; /* struct span: to be submitted */
    struct map tabs;       /* member.span → struct tab */
    int64_t retry_at;
};

void spans_init(struct spans *s, struct room *room);
void spans_release(struct spans *s); /* nothing is under way */
void spans_join(struct spans *s, const struct member *member);
void spans_leave(struct spans *s, const struct member *member, int64_t last_rx);
/* The tab is visible, or not any more; answers the call after the commit. */
void spans_visible(struct spans *s, const struct member *member, bool visible, struct call *call);
void spans_tick(struct spans *s);

#endif
