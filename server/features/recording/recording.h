/* Recordings of a session: what the parts of the feature share. */
#ifndef AMPHI_FEATURES_RECORDING_H
#define AMPHI_FEATURES_RECORDING_H

#include "base/id.h"
#include "room/feature.h"

extern const struct feature recording_feature;

/* Who agreed to be recorded in a session, and whether it is being recorded. */
struct recording_consent {
    struct id person;
    bool given;
};

#define RECORDING_PEOPLE 64 /* whose word a room keeps: who speaks at all */

struct recording_state {
    struct id running; /* all-zero: nothing is recorded */
    int64_t started_at;
    bool automatic; /* begins by itself when the session goes live */
    struct recording_consent people[RECORDING_PEOPLE];
    size_t n;
};

/* NULL: they have said nothing. */
struct recording_consent *recording_person(struct recording_state *s, const struct id *person);
/* The newest word of a person; forgotten when there are too many. */
void recording_said(struct recording_state *s, const struct id *person, bool given);
bool recording_runs(const struct recording_state *s);

/* Why it stopped, as in SQL and JSON: what the host or the session's end does, and what stops it
 * otherwise. */
#define RECORDING_BY_HOST "host"
#define RECORDING_ENDED   "ended"
#define RECORDING_STORAGE "storage"
#define RECORDING_QUOTA   "quota"

#endif
