/* Congresses in the database. Worker thread; each function is its own transaction, bounded by the
 * organisation of `who`. JSON results are new references. */
#ifndef AMPHI_FEATURES_CONGRESS_STORE_H
#define AMPHI_FEATURES_CONGRESS_STORE_H

#include "features/congress/congress.h"
#include "http/cursor.h"
#include "room/change.h"
#include <jansson.h>

#define CONGRESS_KEEP INT64_MIN /* a number that a change leaves as it is */

enum err time_zone_known(struct db_conn *c, const char *name, bool *known) MUST_CHECK;

/* Who sees only parts: what their grants let them see at a time. NULL person: everything. */
struct congress_view {
    const struct id *person;
    int64_t now;
};
enum err congress_list(struct db_conn *c, const struct identity *who,
                       const struct congress_view *view, const struct cursor *after, int limit,
                       json_t **items, struct cursor *last, bool *more) MUST_CHECK;
/* NULL: stays (changes only). */
struct congress_fields {
    const char *title, *description, *language, *time_zone;
};
enum err congress_add(struct db_conn *c, const struct identity *who,
                      const struct congress_fields *fields, int64_t now, json_t **out) MUST_CHECK;
enum err congress_get(struct db_conn *c, const struct identity *who,
                      const struct congress_view *view, const struct id *congress,
                      json_t **out) MUST_CHECK;
enum err congress_set(struct db_conn *c, struct change *change, const struct id *congress,
                      const struct congress_fields *fields) MUST_CHECK;
/* A new one after another of the organisation: its sessions, from `first_day` on, as drafts with
 * their polls; its target profiles, who may register, and open registration links. ERR_NOT_FOUND.
 */
struct congress_copy {
    const struct id *from;
    const char *title, *first_day; /* "2027-03-01", in the congress's zone */
};
enum err congress_copy(struct db_conn *c, const struct identity *who,
                       const struct congress_copy *copy, int64_t now, json_t **out) MUST_CHECK;
/* What a congress is divided into. */
#define DIVISION_NAME_MAX 100 /* characters */
#define DIVISIONS_MAX     100 /* of a kind, of a congress */
enum division { DIVISION_HALL, DIVISION_TRACK };
/* ERR_CONFLICT: the name is taken; ERR_TOO_LARGE: a congress has no more than 100. */
enum err division_add(struct db_conn *c, const struct identity *who, const struct id *congress,
                      enum division division, const char *name, int64_t now,
                      json_t **out) MUST_CHECK;
/* All of them in their order, checked by the caller: see WrittenStructure in openapi.yaml. */
struct congress_structure {
    const char *version;
    json_t *halls, *tracks; /* borrowed */
};
/* ERR_CONFLICT: it is not the version that `version` names; ERR_INVALID: it cannot be. *why then
 * is the code of the problem. */
enum err structure_set(struct db_conn *c, const struct identity *who, const struct id *congress,
                       const struct congress_structure *structure, int64_t now,
                       const char **why) MUST_CHECK;
/* NULL and CONGRESS_KEEP: stays (changes); all are given for a new one. */
struct session_fields {
    const char *title, *description, *language, *listen_at;
    int64_t starts_at, planned_minutes, capacity;
    int64_t ended_at;              /* corrects that of one that ended; 0: not */
    int64_t threshold_thousandths; /* KEEP in a new one: the default */
    const struct id *hall; /* NULL in a new one: the congress's first hall, made if need be */
    const struct id *track;
    bool no_track;
    const char *kind, *level; /* NULL kind in a new one: a session; "" level: of none */
    bool quiet;               /* other words are a mere correction, which nobody is told */
};
/* ERR_NOT_FOUND: congress, hall or track; ERR_TOO_LARGE: no more than 500 sessions. */
enum err session_add(struct db_conn *c, struct change *change, const struct id *congress,
                     const struct session_fields *fields, json_t **out) MUST_CHECK;
enum err session_get(struct db_conn *c, const struct identity *who, const struct id *session,
                     json_t **out) MUST_CHECK;
/* ERR_CONFLICT: its state forbids that; ERR_INVALID: it cannot have ended then. Queues the notice
 * to registered people when due. */
enum err session_set(struct db_conn *c, struct change *change, const struct id *session,
                     const struct session_fields *fields, json_t **out) MUST_CHECK;
enum err session_publish(struct db_conn *c, struct change *change, const struct id *session,
                         json_t **out) MUST_CHECK;
enum err session_cancel(struct db_conn *c, struct change *change, const struct id *session,
                        json_t **out) MUST_CHECK;
/* What waits to be told of the session, and with it of its congress, is due at once. */
enum err session_tell_now(struct db_conn *c, struct change *change, const struct id *session,
                          json_t **out) MUST_CHECK;

/* --- telling registered people (notice_queue_store.c, notice_store.c) --- */
/* In the transaction of the change, which holds the session's row. Joins what waits to be told of
 * the congress; what waits of the session is told once. */
struct session_change {
    const struct id *session, *congress;
    const char *kind;                  /* of session_notice */
    const struct session_told *before; /* NULL: it is new */
    int64_t latest_at;                 /* it waits for others no longer than this */
};
enum err notice_queue(struct db_conn *c, const struct change *change,
                      const struct session_change *news) MUST_CHECK;
/* At once and alone; whoever was not told of the session yet is told nothing. */
enum err notice_queue_cancelled(struct db_conn *c, const struct change *change,
                                const struct id *session, const struct id *congress) MUST_CHECK;
/* The notice that waits with news of the session is due now. *waited: there was one. */
enum err notice_hurry(struct db_conn *c, const struct change *change, const struct id *session,
                      bool *waited) MUST_CHECK;
/* The next batch of a notice, in one transaction; *more: call again. */
enum err notice_batch(struct db_conn *c, const struct id *notice, const char *base_url, int64_t now,
                      bool *more) MUST_CHECK;
/* The rest of a notice will not be sent: says so in the audit log. */
enum err notice_give_up(struct db_conn *c, const struct id *notice, int64_t now) MUST_CHECK;

/* --- shared by the store's files --- */
#define SESSION_JSON                                                                               \
    "jsonb_build_object('id', s.id, 'title', s.title, 'description', s.description,"               \
    " 'language', s.language, 'starts_at', json_time(s.starts_at),"                                \
    " 'planned_minutes', s.planned_minutes, 'capacity', s.capacity, 'listen_at', s.listen_at,"     \
    " 'hall', s.hall_id, 'track', s.track_id, 'kind', s.kind, 'level', s.level,"                   \
    " 'completion_threshold', s.completion_threshold,"                                             \
    " 'state', s.state, 'live_at', json_time(s.live_at), 'ended_at', json_time(s.ended_at),"       \
    " 'version', s.version, 'notice_due_at', json_time(notice_due(s.id)), 'congress',"             \
    " jsonb_build_object('id', c.id, 'title', c.title, 'time_zone', c.time_zone))"

#endif
