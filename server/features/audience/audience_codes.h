/* An organisation's own codes, beside those of the trade: words of its CRM, and specialties or
 * regions of other countries. Criteria name them, and lists of people are read by them. Workers. */
#ifndef AMPHI_FEATURES_AUDIENCE_CODES_H
#define AMPHI_FEATURES_AUDIENCE_CODES_H

#include "base/identity.h"
#include "db/db.h"
#include "http/http.h"
#include <jansson.h>

#define OWN_CODES_MAX  2000 /* of one organisation, over all lists */
#define OWN_NAMES_SIZE 400  /* of what stands in the way */

/* The lists that may have some; ends with NULL. */
extern const char *const own_code_lists[];

enum own_codes_outcome {
    OWN_CODES_DONE,
    OWN_CODES_LIMIT,
    OWN_CODES_TAKEN, /* the list of the trade has such codes */
    OWN_CODES_USED,  /* by profiles, or by lists of people */
};
struct own_codes_result {
    enum own_codes_outcome outcome; /* looked at with ERR_OK only */
    int64_t added, changed;
    char names[OWN_NAMES_SIZE];
};

/* [{"list","code","fr","en"}], by list and in their order. */
enum err own_codes_list(struct db_conn *c, const struct identity *who, json_t **items) MUST_CHECK;
/* Adds those that are new and changes the labels of the others: all of them, or none. */
enum err own_codes_keep(struct db_conn *c, const struct identity *who, json_t *codes, int64_t now,
                        struct own_codes_result *out) MUST_CHECK;
/* ERR_NOT_FOUND: there is none. */
enum err own_codes_remove(struct db_conn *c, const struct identity *who, const char *list,
                          const char *code, int64_t now, struct own_codes_result *out) MUST_CHECK;

http_handler get_own_codes, post_own_codes, delete_own_code;

#endif
