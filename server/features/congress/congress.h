/* Congresses, their halls, tracks and the schedule of their sessions: what organisers may change
 * and when, and whom a change is told. Rules are pure (congress.c). */
#ifndef AMPHI_FEATURES_CONGRESS_H
#define AMPHI_FEATURES_CONGRESS_H

#include "room/feature.h"
#include "room/room.h"
#include <stdbool.h>
#include <stdint.h>

extern const struct feature congress_feature;

/* What registered people know of a session. */
struct session_told {
    int64_t starts_at; /* Unix us */
    int64_t planned_minutes;
    char title[801], listen_at[2001], description[20001]; /* 200, 500 and 5000 characters */
};

bool session_may_publish(enum session_state state);
bool session_may_cancel(enum session_state state);
/* Title, description, capacity, hall … */
bool session_may_change(enum session_state state);
/* Start, length, threshold: fixed once it is live. */
bool session_may_move(enum session_state state);
/* What registered people learn of a change by mail. */
enum session_news {
    NEWS_NONE,
    NEWS_WORDS,     /* title, description: told unless it is a mere correction */
    NEWS_PRACTICAL, /* start, length, where to listen: always told */
};
enum session_news session_news(enum session_state state, const struct session_told *before,
                               const struct session_told *after);
/* Until when a change may wait for others to be told with it: two hours before either start, and
 * not at all when that is nearer. */
int64_t session_told_by(int64_t now, int64_t starts_before, int64_t starts_after);
/* A start somebody can mean: from a day ago to five years ahead. */
bool session_start_sane(int64_t starts_at, int64_t now);
/* "2027-03-01", a day that there is, and such that a session may start on it. */
bool first_day_sane(const char *day, int64_t now);
/* The form of an IANA name ("Europe/Paris"); whether it exists is for the database to say. */
bool time_zone_form(const char *name);

/* Mails what changed in a congress's sessions to everybody who is registered (congress_notices.c).
 */
extern const struct job_kind session_notice; /* congress_feature.c */

#endif
