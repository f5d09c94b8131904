/* A change of sessions by somebody, in one transaction on a worker: who, when, and the events that
 * it appended. A live command's change is part of its lane_call; a request's is begun and ended
 * here. A transaction that appends locks the rows of its sessions first (sessions_lock) and does
 * nothing slow afterwards. */
#ifndef AMPHI_ROOM_CHANGE_H
#define AMPHI_ROOM_CHANGE_H

#include "room/event.h"

struct app;

struct change {
    const struct event_catalog *catalog;
    struct app *app;
    struct identity who; /* roles 0: the server itself */
    int64_t at;          /* Unix us */
    struct list events;  /* appended, in order */
};

/* who NULL: the server itself. */
void change_init(struct change *change, struct app *app, const struct identity *who, int64_t at);
/* Forgets the events, of a try that was rolled back. */
void change_reset(struct change *change);

/* --- within the transaction --- */
/* Locks the rows of sessions in the order of their ids. Ids that do not exist are passed over. */
enum err sessions_lock(struct db_conn *c, const struct id *sessions, size_t n) MUST_CHECK;
/* The same for a congress of the organisation: whoever adds to it counts what it has afterwards, in
 * another statement, which sees what the last holder committed. ERR_NOT_FOUND. */
enum err congress_lock(struct db_conn *c, const struct identity *who,
                       const struct id *congress) MUST_CHECK;
/* Appends an event of a declared type, and attaches what it names. Takes payload. ERR_UPGRADING:
 * another server that runs does not read it yet. */
enum err change_event(struct db_conn *c, struct change *change, const struct id *session,
                      const char *type, json_t *payload) MUST_CHECK;
/* Takes over what SQL functions appended to the session's log after seq. */
enum err change_collect(struct db_conn *c, struct change *change, const struct id *session,
                        int64_t seq) MUST_CHECK;
/* Appends `type` with the session as its people see it. */
enum err change_session_shown(struct db_conn *c, struct change *change, const struct id *session,
                              const char *type) MUST_CHECK;
/* A line of the audit log, by nobody known: by the server. object NULL: none. Takes details (NULL:
 * {}). */
enum err audit_write(struct db_conn *c, const struct identity *who, int64_t at, const char *action,
                     const char *object_kind, const struct id *object, json_t *details) MUST_CHECK;
enum err change_audit(struct db_conn *c, const struct change *change, const char *action,
                      const char *object_kind, const struct id *object, json_t *details) MUST_CHECK;

/* --- a transaction of its own: requests and jobs --- */
enum err change_begin(struct db_conn *c) MUST_CHECK;
/* err ERR_OK: commits, and gives the events to the rooms of their sessions; those of a commit whose
 * outcome is not known look into the log. Else rolls back. Returns err, or the commit's. */
enum err change_end(struct db_conn *c, struct change *change, enum err err) MUST_CHECK;

/* --- the log --- */
/* Reads events after seq, at most `most`, in order, with what they name attached. */
enum err log_read(struct db_conn *c, const struct event_catalog *catalog, const struct id *session,
                  int64_t seq, int most, struct list *events) MUST_CHECK;
/* The seq of the last event. ERR_NOT_FOUND: no such session. */
enum err log_last(struct db_conn *c, const struct id *session, int64_t *seq) MUST_CHECK;
/* A type in the logs of sessions that are not over which this server does not read, as "name
 * version", or "": a newer server wrote it. */
#define LOG_TYPE_SIZE 96
enum err log_unread_type(struct db_conn *c, const struct event_catalog *catalog,
                         char type[static LOG_TYPE_SIZE]) MUST_CHECK;
/* Last in a transaction that read what will be shown: what others committed is durable, too, once
 * it is committed. */
enum err log_show_durable(struct db_conn *c) MUST_CHECK;
/* What is read in between is of one moment. */
enum err log_snapshot_begin(struct db_conn *c) MUST_CHECK;
/* Only then it may be shown. Returns err, or why it may not. */
enum err log_snapshot_end(struct db_conn *c, enum err err) MUST_CHECK;

#endif
