/* Reading the people of a profile's target list, by name. Database workers only. */
#ifndef AMPHI_FEATURES_GOALS_PEOPLE_STORE_H
#define AMPHI_FEATURES_GOALS_PEOPLE_STORE_H

#include "base/csv.h"
#include "base/identity.h"
#include "db/query.h"

struct target_people_wanted {
    const struct id *profile;
    const char *state, *region, *search; /* NULL: any */
    const struct id *after;              /* the person before the page; NULL: none */
    int limit;
    int64_t now;
};
struct target_people {
    json_t *items; /* as openapi.yaml has them; the caller's, also after an error */
    int64_t found; /* on all pages */
    bool more;
    struct id last;
};

/* Of the functions below. ERR_NOT_FOUND: no such profile in the organisation; ERR_CONFLICT: its
 * universe is counted in no list. */

/* A page, by name; audited unless it is empty. ERR_INVALID: `after` is not on the list any more. */
enum err target_people_read(struct db_conn *c, const struct identity *who,
                            const struct target_people_wanted *wanted,
                            struct target_people *out) MUST_CHECK;

#define TARGET_PEOPLE_TITLE_SIZE 801 /* 200 characters */
struct target_people_about {
    char congress[TARGET_PEOPLE_TITLE_SIZE], profile[TARGET_PEOPLE_TITLE_SIZE];
    char day[16]; /* today in the congress's zone: "2026-11-26" */
};
enum err target_people_find(struct db_conn *c, const struct identity *who, const struct id *profile,
                            int64_t now, struct target_people_about *about) MUST_CHECK;
/* All that match, a row each, below a header, with the audit's line at its end. line() is called
 * after each row, and ends it when it returns anything but ERR_OK. */
enum err target_people_export(struct db_conn *c, const struct identity *who,
                              const struct target_people_wanted *wanted, struct csv *csv,
                              enum err (*line)(void *arg), void *arg) MUST_CHECK;

#endif
