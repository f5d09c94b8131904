/* What a feature declares. Features are listed in main.c only; they meet through committed events
 * and SQL views, never by calling each other. */
#ifndef AMPHI_ROOM_FEATURE_H
#define AMPHI_ROOM_FEATURE_H

#include "base/app.h"
#include "room/event.h"
#include "room/room.h"

struct db_conn;
struct http_route;
struct job_kind;

/* A command of the live protocol. */
struct command {
    const char *name;      /* "poll.vote"; NULL ends the table */
    unsigned roles;        /* any of these */
    int burst, per_minute; /* per member; 0: the default of 20 and 240 */
    /* Fields of data that are ids of the session's things: the dispatcher reads them into
     * call->ids and removes them from call->data; a handler has no other way to read an id. */
    const char *ids[CALL_MAX_IDS];
    bool optional_ids;                 /* absent or null is allowed: all-zero id */
    void (*handle)(struct call *call); /* home loop */
};

/* Something that a worker reads and the home loop takes over. */
struct room_loader {
    /* Worker. On ERR_OK *loaded is what take() or drop() gets, else nothing is left behind. NULL:
     * there is nothing to read. */
    enum err (*load)(struct db_conn *c, const struct id *session, void **loaded);
    void (*take)(struct room *room,
                 void *loaded); /* home loop; loaded is the feature's from here */
    void (*drop)(void *loaded); /* any thread: nobody takes it */
};

struct feature {
    const char *name;
    const struct http_route *routes;    /* ends with method == NULL; may be NULL */
    const struct command *commands;     /* ends with name == NULL; may be NULL */
    const struct event_type *events;    /* ends with name == NULL; may be NULL */
    const struct job_kind *const *jobs; /* ends with NULL; may be NULL */

    /* Process: start runs before the loops, with a connection of its own; tick once a second on
     * the main thread (post jobs from it, do not block). */
    enum err (*start)(struct app *app, struct db_conn *conn);
    void (*tick)(struct app *app);
    void (*stop)(struct app *app);

    /* Room, on its home loop but for the loaders' load and drop. All features' opening states are
     * read in one transaction, as of one moment of the log; take() makes the feature's state and
     * sets it with room_set(). A room whose opening failed answers its joins with server.busy and
     * is tried again later. */
    struct room_loader opening;
    /* Reads again what is counted but not logged (votes), after an outcome that nobody knows. */
    struct room_loader count;
    void (*room_close)(
        struct room *room);               /* last member left long ago, or drain: frees the state */
    void (*room_tick)(struct room *room); /* about every 100 ms */
    /* A member that moves here from another session (member->moves) joins first, and arrives once
     * it has left there; what the features of the other room packed comes along. member NULL: it
     * was gone before it arrived. */
    void (*member_join)(struct room *room, struct member *member);
    void (*member_arrive)(struct room *room, struct member *member, struct departure *departure);
    void (*member_leave)(struct room *room, struct member *member, struct departure *departure);
    /* Whether this person may send live media into the session (session.publish); NULL: nobody by
     * this feature. */
    bool (*may_publish)(struct room *room, const struct identity *who);
    /* What a (re)joining client needs. audience: the role bits it is encoded for; common parts are
     * encoded once for HCPs and once for staff and shared. own: this person's things, small. */
    void (*snapshot)(struct room *room, unsigned audience, json_t *common);
    void (*snapshot_own)(struct room *room, const struct member *member, json_t *own);
    /* An event of any feature was applied, after its own feature's apply(). What is logged changes
     * here and in apply() only. */
    void (*event)(struct room *room, const struct event *event);
    /* News that is in no log: tell() reached this room. */
    void (*told)(struct room *room, const char *topic, const json_t *data);
};

#endif
