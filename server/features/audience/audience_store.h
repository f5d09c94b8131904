/* SQL of audience. Database workers only. Each writing function is one transaction with its line in
 * the audit log and, where criteria change, the congress's matches. */
#ifndef AMPHI_FEATURES_AUDIENCE_STORE_H
#define AMPHI_FEATURES_AUDIENCE_STORE_H

#include "base/identity.h"
#include "db/query.h"
#include "features/audience/audience.h"

/* The code lists are sent in parts, as few need all of them. */
enum code_part {
    CODES_FORM,      /* what each registration form offers */
    CODES_COUNTRIES, /* the countries among the regions: many */
    CODES_MORE,      /* what no form asks, and départements */
    CODE_PARTS,
};
/* {"profession":[{"section":…,"codes":[…]},…],…} in the order in which they are offered; ended
 * codes for their labels. */
enum err codes_list(struct db_conn *c, enum code_part part, json_t **out) MUST_CHECK;

/* Arrays and objects as the REST contract has them; ERR_NOT_FOUND also for another organisation's.
 */
enum err profiles_list(struct db_conn *c, const struct identity *who, const struct id *congress,
                       json_t **out) MUST_CHECK;
enum err profile_get(struct db_conn *c, const struct identity *who, const struct id *profile,
                     json_t **out) MUST_CHECK;

#define PROFILE_NAMES_SIZE 1300

enum profile_outcome {
    PROFILE_DONE,
    PROFILE_NAME_TAKEN,
    PROFILE_TOO_MANY,
    PROFILE_UNKNOWN_CODE,
    PROFILE_UNKNOWN_LIST,
    PROFILE_CIRCLE, /* profiles would build on each other */
    PROFILE_USED,   /* others build on it */
    PROFILE_PLACES, /* more of its places are taken than it is to have */
};
struct profile_result {
    enum profile_outcome outcome; /* looked at with ERR_OK only */
    struct id id, congress;
    int64_t taken;                  /* of its places */
    char names[PROFILE_NAMES_SIZE]; /* of the profiles in a circle, or that build on this one */
};
enum err profile_create(struct db_conn *c, const struct identity *who, const struct id *congress,
                        const struct profile_input *in, int64_t now,
                        struct profile_result *out) MUST_CHECK;
enum err profile_change(struct db_conn *c, const struct identity *who, const struct id *profile,
                        const struct profile_input *in, int64_t now,
                        struct profile_result *out) MUST_CHECK;
enum err profile_delete(struct db_conn *c, const struct identity *who, const struct id *profile,
                        int64_t now, struct profile_result *out) MUST_CHECK;
/* --- in a transaction --- */
/* Holds the congress for the rest of it, as match_congress() will, so that profiles change one
 * after the other. */
enum err profiles_hold(struct db_conn *c, const struct identity *who,
                       const struct id *congress) MUST_CHECK;
/* Adds one to out->congress, which is held, as the lists that it names are; or an outcome. With its
 * matches and its line in the audit log. */
enum err profile_add(struct db_conn *c, const struct identity *who, const struct profile_input *in,
                     int64_t now, struct profile_result *out) MUST_CHECK;
/* Whether all codes are there, but lists, and nothing builds on itself: else an outcome. out->id:
 * the profile, the zero id for a new one, on which none can build yet; out->congress. */
enum err profile_check_criteria(struct db_conn *c, const struct identity *who, json_t *criteria,
                                struct profile_result *out) MUST_CHECK;
/* Whether they may count in this list for this profile: else the outcome PROFILE_UNKNOWN_LIST. In a
 * transaction, before its congress is locked: it holds the list. NULL: none. */
enum err universe_check_list(struct db_conn *c, const struct identity *who, const struct id *list,
                             const struct id *profile, int64_t now,
                             struct profile_result *out) MUST_CHECK;
/* Whether the target lists among the criteria are theirs to use: else the outcome
 * PROFILE_UNKNOWN_CODE. Holds them, as universe_check_list() does, and before the congress, too. */
enum err criteria_check_lists(struct db_conn *c, const struct identity *who, json_t *criteria,
                              const struct id *profile, int64_t now,
                              struct profile_result *out) MUST_CHECK;
/* Whether no other profile builds on it: else an outcome. out->id: the profile. */
enum err profile_check_unused(struct db_conn *c, struct profile_result *out) MUST_CHECK;
/* How many that are registered now match, and how many of them more and fewer than now, for a
 * profile that is there already. */
struct profile_preview {
    int64_t registered, gained, lost;
};
/* `profile`: the zero id for one that is not stored yet. */
enum err profile_preview(struct db_conn *c, const struct identity *who, const struct id *congress,
                         const struct id *profile, json_t *criteria, int64_t now,
                         struct profile_result *out, struct profile_preview *counts) MUST_CHECK;

#endif
