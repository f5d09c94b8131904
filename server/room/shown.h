/* Sessions as their people see them, for whoever changes that over HTTP: locked and read before
 * the change, told after it where they look different. Worker, within a transaction. */
#ifndef AMPHI_ROOM_SHOWN_H
#define AMPHI_ROOM_SHOWN_H

#include "room/change.h"

struct shown_sessions {
    struct id *ids; /* ascending */
    json_t **shown; /* each as it is seen (SQL function session_shown) */
    size_t n;
};

/* The sessions of an organisation: all, or those of a congress, or one. NULL: not asked for. */
enum err shown_lock(struct db_conn *c, const struct id *organisation, const struct id *congress,
                    const struct id *session, struct shown_sessions *before) MUST_CHECK;
/* Appends session.changed to those that look different now. */
enum err shown_tell(struct db_conn *c, struct change *change,
                    const struct shown_sessions *before) MUST_CHECK;
void shown_release(struct shown_sessions *s);

#endif
