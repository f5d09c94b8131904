/* The organisation's library of target profiles (migration 0080): profiles of congresses are kept
 * in it, and copied from it into congresses, each with all that it builds on. */
#ifndef AMPHI_FEATURES_AUDIENCE_LIBRARY_H
#define AMPHI_FEATURES_AUDIENCE_LIBRARY_H

#include "features/audience/audience_store.h"
#include "http/http.h"

#define LIBRARY_MAX 200 /* of an organisation */

enum library_outcome {
    LIBRARY_DONE,
    LIBRARY_NAME,  /* has these names already; or the one that is wanted */
    LIBRARY_LIMIT, /* of the library */
    LIBRARY_USED,  /* others of the library build on it */
    LIBRARY_LISTS, /* target lists were removed */
    LIBRARY_CODES, /* codes are not there any more */
    LIBRARY_CONGRESS_LIMIT,
};
struct library_result {
    enum library_outcome outcome;   /* looked at with ERR_OK only */
    char names[PROFILE_NAMES_SIZE]; /* of what stands in the way */
};

/* --- SQL: database workers only. Each writing function is one transaction with its line in the
 * audit log. ERR_NOT_FOUND also for another organisation's. --- */

/* All of the organisation, by name. */
enum err library_list(struct db_conn *c, const struct identity *who, json_t **items) MUST_CHECK;
/* Keeps a profile of a congress, with those that it builds on. What has their names is written over
 * if `replace`. */
enum err library_keep(struct db_conn *c, const struct identity *who, const struct id *profile,
                      bool replace, int64_t now, struct library_result *out,
                      json_t **kept) MUST_CHECK;
enum err library_rename(struct db_conn *c, const struct identity *who, const struct id *kept,
                        const char *name, int64_t now, struct library_result *out,
                        json_t **renamed) MUST_CHECK;
enum err library_delete(struct db_conn *c, const struct identity *who, const struct id *kept,
                        int64_t now, struct library_result *out) MUST_CHECK;
/* Adds them, and those that they build on, to the congress, as profile_create() would one after the
 * other. *made: these, as the REST contract has them. */
enum err library_copy(struct db_conn *c, const struct identity *who, const struct id *congress,
                      const struct id *kept, size_t n, int64_t now, struct library_result *out,
                      json_t **made) MUST_CHECK;

http_handler get_library_profiles, post_library_profile, patch_library_profile,
    delete_library_profile, post_profiles_from_library;

#endif
