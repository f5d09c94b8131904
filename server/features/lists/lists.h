/* Target lists: people whom an organisation wants to reach, by name, from files of its own. What a
 * line of a list may hold is decided here, in pure C; who of a list is known to the organisation is
 * decided in SQL, in one place (listed_hcp). */
#ifndef AMPHI_FEATURES_LISTS_H
#define AMPHI_FEATURES_LISTS_H

#include "base/json.h"
#include <stdbool.h>
#include <stdint.h>

extern const struct feature lists_feature;

#define LISTS_MAX       200    /* of an organisation */
#define LIST_PEOPLE_MAX 500000 /* of a list */
#define LIST_NAME_MAX   100
#define LIST_SOURCE_MAX 300

/* What a request says of a list; texts borrowed from it. NULL: not said, or said to be nothing. */
struct list_input {
    const char *name, *source, *as_of;
    bool has_source, has_as_of; /* also when they are null */
};
/* All fields may be absent. Faults are left in r. */
void list_input_read(struct json_reader *r, struct list_input *out);

#endif
