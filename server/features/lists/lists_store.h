/* SQL of target lists. Database workers only. Each writing function is one transaction with its
 * line in the audit log. ERR_NOT_FOUND also for another organisation's. */
#ifndef AMPHI_FEATURES_LISTS_STORE_H
#define AMPHI_FEATURES_LISTS_STORE_H

#include "base/identity.h"
#include "db/query.h"
#include "features/lists/lists.h"
#include "http/cursor.h"

/* All lists of the organisation, by name: there are LISTS_MAX at most. */
enum err lists_read(struct db_conn *c, const struct identity *who, json_t **items) MUST_CHECK;
/* One, with how many of its people there are by specialty and region. */
enum err list_read(struct db_conn *c, const struct identity *who, const struct id *list,
                   json_t **out) MUST_CHECK;
/* Empty: people come by an import. ERR_CONFLICT: another list has the name, or *full: there are
 * LISTS_MAX. */
enum err list_create(struct db_conn *c, const struct identity *who, const struct list_input *in,
                     int64_t now, json_t **out, bool *full) MUST_CHECK;
/* ERR_CONFLICT: another list has the name. */
enum err list_change(struct db_conn *c, const struct identity *who, const struct id *list,
                     const struct list_input *in, int64_t now, json_t **out) MUST_CHECK;
#define LIST_USERS_SIZE 1300
/* ERR_CONFLICT: criteria of target profiles, or registration policies, ask for it; `users` says
 * which. */
enum err list_delete(struct db_conn *c, const struct identity *who, const struct id *list,
                     int64_t now, char users[static LIST_USERS_SIZE]) MUST_CHECK;

struct list_people_wanted {
    const struct id *list;
    const char *search; /* NULL: all */
    bool known,
        unknown; /* only those who are HCPs of the organisation, or only those who are not */
    struct cursor after;
    int limit;
};
struct list_people {
    json_t *items;
    int64_t found;
    bool more;
    struct cursor last;
};
enum err list_people_read(struct db_conn *c, const struct identity *who,
                          const struct list_people_wanted *wanted, int64_t now,
                          struct list_people *out) MUST_CHECK;
enum err list_person_delete(struct db_conn *c, const struct identity *who, const struct id *list,
                            const struct id *person, int64_t now) MUST_CHECK;

/* See struct feature. */
enum err lists_erase(struct db_conn *c, const struct id *hcp) MUST_CHECK;

#endif
