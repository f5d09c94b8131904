/* The session's row and its log. Worker threads. */
#ifndef AMPHI_FEATURES_SESSIONS_STORE_H
#define AMPHI_FEATURES_SESSIONS_STORE_H

#include "db/lane.h"
#include "db/query.h"
#include "features/sessions/sessions.h"

struct session_row {
    json_t *shown; /* common.session of the snapshot */
    enum session_state state;
    int64_t version, seq;
    int64_t starts_at, live_at, ended_at; /* Unix us, 0: not yet */
    struct id organisation, congress;
};

/* ERR_NOT_FOUND: no such session. The caller owns out->shown. */
enum err session_load(struct db_conn *c, const struct id *session,
                      struct session_row *out) MUST_CHECK;

/* One command. item.err ERR_CONFLICT: `code` says why, nothing was written. */
struct session_change {
    struct lane_item item;
    enum session_verb verb;
    struct id session, organisation, actor;
    int64_t at, version, planned_minutes;
    const char *code;
    int64_t seq;
    json_t *data;  /* of the event */
    json_t *first; /* what ended with the session, before it: [{"seq","type","data"}] */
};
extern const struct lane_kind session_change_kind;

/* Reads the session again: what another way (HTTP, or a commit whose answer was lost) changed. */
struct session_reload {
    struct lane_item item;
    struct id session;
    int64_t at, known_seq; /* of the last session.* event that the room published */
    json_t *known;         /* the room's snapshot */
    bool announce;         /* log session.changed when it differs */
    struct session_row row;
    json_t *missed; /* [{"seq","at" (Unix us),"type","data"}] */
};
extern const struct lane_kind session_reload_kind;

#endif
