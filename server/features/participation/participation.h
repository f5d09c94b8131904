/* How many of those a congress wants to reach are registered, present, have attended and completed,
 * over all and per target profile, against goals. Rules here are pure. One formula counts presence,
 * in memory for the live room and in SQL (view attendance) for everything after: the union of a
 * person's spans over all devices, gaps up to presence_gap bridged, cut to the live time. */
#ifndef AMPHI_FEATURES_PARTICIPATION_H
#define AMPHI_FEATURES_PARTICIPATION_H

#include "base/clock.h"
#include "base/err.h"
#include "base/id.h"
#include "base/identity.h"
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

extern const struct feature participation_feature;

#define ATTENDED_US  (60 * US_PER_S)
#define PROFILES_MAX 64 /* target profiles of a congress: one bit each */

/* --- one person's time --- */
struct piece {
    int64_t from, to; /* Unix us */
    int64_t bridge;   /* what begins up to then belongs to it */
};
/* Zeroed: never seen. Pieces are closed spans, merged where they overlap or the gap is bridged,
 * ascending; open holds the beginnings of connections that are there now. */
struct times {
    struct piece *pieces;
    int64_t *open;
    uint32_t n, cap, open_n, open_cap;
};
void times_release(struct times *t);
/* bridge: what begins up to then belongs to it; see span_bridge(). */
void times_add(struct times *t, int64_t from, int64_t to, int64_t bridge);
void times_open(struct times *t, int64_t at);
/* The connection that began at `joined` was last heard of at `left`. */
void times_close(struct times *t, int64_t joined, int64_t left, int64_t bridge);
/* Of [live, end): us covered when open connections last until now. */
int64_t times_covered(const struct times *t, int64_t now, int64_t live, int64_t end);

/* --- attended and completed --- */
struct span_rules {
    int64_t gap;               /* presence_gap, us */
    int threshold;             /* completion_threshold, thousandths */
    int64_t live_at, ended_at; /* 0: not yet */
};
/* How far a span reaches that ended at `left` and was known to be gone at `gone`: a gap counts from
 * there, since nobody was missed before; 0 us of one after an end on purpose. */
int64_t span_bridge(const struct span_rules *rules, int64_t left, int64_t gone, bool on_purpose);
int64_t live_us(const struct span_rules *rules, int64_t now);
bool has_attended(int64_t present_us);
bool has_completed(int64_t present_us, int64_t live, int threshold);

/* --- figures --- */
struct figures {
    int64_t registered, present, attended, completed;
};
struct profile_figures {
    struct id id;
    char *name;
    int64_t goal_registrations, goal_attendees, goal_completions; /* 0: no goal */
    int goal_rate, goal_completion_rate; /* of participation, of completion, thousandths; 0: none */
    int64_t universe;                    /* 0: not known */
    char *universe_source;               /* NULL with it */
    struct figures figures;
};
struct participation {
    struct figures all, no_profile; /* of HCPs; of those who match no profile */
    struct figures others;          /* of everybody else */
    int64_t live_us;
    struct profile_figures profiles[PROFILES_MAX];
    int n;
};
void participation_release(struct participation *p); /* what it holds, not itself */
/* As PROTOCOL.md and the REST contract have it. */
json_t *participation_json(const struct participation *p);

enum reached { NO_GOAL, NOT_REACHED, REACHED };
enum reached registrations_reached(const struct profile_figures *p);
enum reached attendees_reached(const struct profile_figures *p);
enum reached participation_rate_reached(const struct profile_figures *p);
enum reached completions_reached(const struct profile_figures *p);
enum reached completion_rate_reached(const struct profile_figures *p);

#endif
