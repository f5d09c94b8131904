/* Congresses, their halls, tracks and the schedule of their sessions: what organisers may change
 * and when, and whom a change is told. Rules are pure (congress.c). */
#ifndef AMPHI_FEATURES_CONGRESS_H
#define AMPHI_FEATURES_CONGRESS_H

#include "room/feature.h"
#include "room/room.h"
#include <stdbool.h>
#include <stdint.h>

extern const struct feature congress_feature;

struct session_schedule {
    int64_t starts_at; /* Unix us */
    int64_t planned_minutes;
    char listen_at[2001]; /* 500 characters */
};

bool session_may_publish(enum session_state state);
bool session_may_cancel(enum session_state state);
/* Title, description, capacity, hall … */
bool session_may_change(enum session_state state);
/* Start, length, threshold: fixed once it is live. */
bool session_may_move(enum session_state state);
/* Registered people learn of this change by mail. */
bool session_must_tell(enum session_state state, const struct session_schedule *before,
                       const struct session_schedule *after);
/* A start somebody can mean: from a day ago to five years ahead. */
bool session_start_sane(int64_t starts_at, int64_t now);
/* The form of an IANA name ("Europe/Paris"); whether it exists is for the database to say. */
bool time_zone_form(const char *name);

/* Mails a change of a session to everybody who is registered (congress_notices.c). */
extern const struct job_kind session_notice; /* congress_feature.c */

#endif
