/* The session's row. Worker threads. */
#ifndef AMPHI_FEATURES_SESSIONS_STORE_H
#define AMPHI_FEATURES_SESSIONS_STORE_H

#include "features/sessions/sessions.h"
#include "room/lane_call.h"

struct session_row {
    json_t *shown; /* common.session of the snapshot */
    struct id organisation;
};

/* ERR_NOT_FOUND: no such session. The caller owns out->shown. */
enum err session_load(struct db_conn *c, const struct id *session,
                      struct session_row *out) MUST_CHECK;

/* A command: start, extend, end. Refused with session.version or session.state. */
struct session_command {
    struct lane_call lc;
    enum session_verb verb;
    int64_t version; /* which the host saw */
    int64_t planned_minutes;
};
enum err session_command_write(struct db_conn *c, struct lane_call *lc) MUST_CHECK;

#endif
