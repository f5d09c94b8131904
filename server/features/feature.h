/* What a feature declares, and what main gives to all of them. Features are listed in main.c only;
 * they meet through committed events and SQL views, never by calling each other. */
#ifndef AMPHI_FEATURES_FEATURE_H
#define AMPHI_FEATURES_FEATURE_H

#include "base/clock.h"
#include "http/http.h"
#include "jobs/jobs.h"
#include "room/dispatch.h"
#include "room/room.h"

struct config;
struct blob_store;
struct mail_sender;
struct render_config;

/* Process-wide services; built by main, constant afterwards, usable from any thread. */
struct app {
    const struct config *config;
    struct clock *clock;
    struct db *db;
    struct blob_store *blobs;
    struct mail_sender *mail;
    const struct render_config *render;
    struct jobs *jobs; /* NULL until the features have started */
    struct dispatch **dispatchers;
    int loops;
    struct id node;       /* this run of the server: spans carry it */
    const char *base_url; /* "https://localhost:8443", no slash at the end */
};

struct feature {
    const char *name;
    const struct http_route *routes;    /* ends with method == NULL; may be NULL */
    const struct command *commands;     /* ends with name == NULL; may be NULL */
    const struct job_kind *const *jobs; /* ends with NULL; may be NULL */

    /* Process: start runs before the loops, with a connection of its own; tick once a second on
     * the main thread (post jobs from it, do not block). */
    enum err (*start)(struct app *app, struct db_conn *conn);
    void (*tick)(struct app *app);
    void (*stop)(struct app *app);

    /* Room, on its home loop. room_open loads by a db job and ends with room_opened(); a room
     * whose opening failed answers its joins with server.busy and is tried again later. */
    void (*room_open)(struct room *room);
    void (*room_close)(struct room *room); /* last member left long ago or drain: free the state */
    void (*room_tick)(struct room *room);  /* about every 100 ms */
    void (*member_join)(struct room *room, struct member *member);
    void (*member_leave)(struct room *room, struct member *member, int64_t last_rx);
    /* What a (re)joining client needs. audience: the role bits it is encoded for; common parts are
     * encoded once for HCPs and once for staff and shared. own: this person's things, small. */
    void (*snapshot)(struct room *room, unsigned audience, json_t *common);
    void (*snapshot_own)(struct room *room, const struct member *member, json_t *own);
    /* A committed event of any feature (also one's own) was published. */
    void (*event)(struct room *room, const char *type, const json_t *data);
    /* dispatch_changed() reached this room. */
    void (*changed)(struct room *room, const char *topic, const json_t *data);
};

#endif
