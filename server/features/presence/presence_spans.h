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
    struct list wanted; /* struct span: to be submitted */
    struct map visits;  /* member.span → struct visit: those who are here */
    int64_t retry_at;
};

void spans_init(struct spans *s, struct room *room);
void spans_release(struct spans *s); /* nothing is under way */
/* Somebody is here from `at` on. */
void spans_begin(struct spans *s, const struct member *member, int64_t at);
/* The same for one who moved here: the spans in the session that was left end in the same
 * transaction. member NULL: is gone again, only those end. */
void spans_arrive(struct spans *s, struct member *member, struct departure *departure);
/* Ends the member's spans, or packs them for where it moves. */
void spans_end(struct spans *s, const struct member *member, struct departure *departure);
/* The tab is visible, or not any more; answers the call after the commit. */
void spans_visible(struct spans *s, const struct member *member, bool visible, struct call *call);
void spans_tick(struct spans *s);

#endif
