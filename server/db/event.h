/* The session's event log, which every feature of a live room writes to inside its own transaction.
 */
#ifndef AMPHI_DB_EVENT_H
#define AMPHI_DB_EVENT_H

#include "db/query.h"

/* Worker thread. Takes data. *seq: the event's place in the log, without gaps once committed. */
enum err db_append_event(struct db_conn *c, const struct id *session, const char *type,
                         json_t *data, int64_t at, int64_t *seq) MUST_CHECK;

#endif
