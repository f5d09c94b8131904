/* Goals of target profiles for one session: read and written whole. Blocks: database workers only.
 */
#ifndef AMPHI_FEATURES_GOALS_SESSION_GOALS_STORE_H
#define AMPHI_FEATURES_GOALS_SESSION_GOALS_STORE_H

#include "base/id.h"
#include "base/identity.h"
#include "db/db.h"
#include <jansson.h>

#define SESSION_GOALS_MAX 64 /* target profiles of a congress */

/* {"items": […]}: each profile of the session's congress with the session's own goals. */
enum err session_goals_read(struct db_conn *c, const struct id *session, json_t **out) MUST_CHECK;
/* All of them anew, audited. ERR_INVALID: a profile of another congress, or twice. */
enum err session_goals_write(struct db_conn *c, const struct identity *who,
                             const struct id *session, json_t *goals, int64_t now) MUST_CHECK;

#endif
