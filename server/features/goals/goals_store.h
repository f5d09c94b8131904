/* Reading the goal board. Blocks: database workers only. */
#ifndef AMPHI_FEATURES_GOALS_STORE_H
#define AMPHI_FEATURES_GOALS_STORE_H

#include "base/id.h"
#include "db/db.h"
#include <jansson.h>

/* The board as openapi.yaml has it; a new reference. ERR_NOT_FOUND: no such congress there. */
enum err goals_read(struct db_conn *c, const struct id *organisation, const struct id *congress,
                    int64_t now, json_t **out) MUST_CHECK;
/* The same for readers who may not see persons (goals_mask.h). */
enum err goals_read_masked(struct db_conn *c, const struct id *organisation,
                           const struct id *congress, int64_t now, json_t **out) MUST_CHECK;

#define GOALS_EARLIER_MAX 8
/* The organisation's congresses that began before this one, the newest first: {"items": […]}; a new
 * reference. */
enum err goals_read_earlier(struct db_conn *c, const struct id *congress, int64_t now,
                            json_t **out) MUST_CHECK;

#endif
