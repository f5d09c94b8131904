/* Whom a congress wants to reach: code lists, target profiles with criteria and goals. Rules here
 * are pure; whether an HCP matches is decided in SQL, in one place (profile_accepts). */
#ifndef AMPHI_FEATURES_AUDIENCE_H
#define AMPHI_FEATURES_AUDIENCE_H

#include "base/id.h"
#include "base/json.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

extern const struct feature audience_feature;

#define CRITERIA_MAX          50 /* of one profile, over all modes */
#define CRITERION_CODES_MAX   200
#define AUDIENCE_PROFILES_MAX 64 /* of one congress: the live room keeps one bit each */

/* Where the size of a profile's universe is from. */
enum universe_from {
    UNIVERSE_GIVEN, /* by a person, with its source */
    UNIVERSE_REGISTRY,
    UNIVERSE_TARGET_LIST,
};
extern const char *const universe_from_words[];

/* What a profile may have a goal of: counts first, then rates. */
enum goal {
    GOAL_REGISTRATIONS,
    GOAL_ATTENDEES,
    GOAL_COMPLETIONS,
    GOAL_COUNTS,
    GOAL_COVERAGE = GOAL_COUNTS,
    GOAL_REGISTRATION_RATE,
    GOAL_PARTICIPATION_RATE,
    GOAL_COMPLETION_RATE,
    GOALS,
};
extern const char *const goal_names[GOALS];

/* What a request says of a profile; texts and criteria borrowed from it. 0: not set. */
struct profile_input {
    const char *name;
    int64_t goals[GOALS]; /* counts, and rates in thousandths */
    const char *goal_due; /* YYYY-MM-DD */
    int64_t places;       /* 0: as many as the congress has seats */
    int64_t universe;
    const char *universe_source;
    enum universe_from universe_from;
    struct id universe_list; /* with UNIVERSE_TARGET_LIST */
    json_t *criteria;        /* {"all_of":[{"attribute","codes"}…],"any_of":…,"none_of":…} */
};
/* All fields are needed; goals and universe may be null, universe_from and universe_list left out.
 * What is said of a universe that is counted is not looked at. Faults are left in r; the caller
 * ends it. */
void profile_input_read(struct json_reader *r, struct profile_input *out);
/* Form only: modes, attributes, counts, codes that look like codes. r->object is the criteria's
 * parent and `field` names them there. NULL after a fault. */
json_t *criteria_read(struct json_reader *r, const char *field);
/* "universe_from", and "universe_list" where that is a target list. */
void universe_from_read(struct json_reader *r, enum universe_from *from, struct id *list);
/* `old` as a request would say it, with the fields that `change` has: a new reference. */
json_t *profile_merge(const json_t *old, const json_t *change);

#endif
