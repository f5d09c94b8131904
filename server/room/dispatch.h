/* The seam between a websocket connection and the room of its session. net calls dispatch_conn_*
 * on the connection's own loop; the dispatcher checks each command in this order: size, parse,
 * sign-in, room, permission, rate; then the command travels to the room's home loop. Outgoing
 * frames come back through struct wire, again on the connection's own loop. */
#ifndef AMPHI_ROOM_DISPATCH_H
#define AMPHI_ROOM_DISPATCH_H

#include "base/clock.h"
#include "base/identity.h"
#include "base/payload.h"
#include "loop/mailbox.h"
#include "room/room.h"
#include <stddef.h>
#include <stdint.h>

#define PROTOCOL_VERSION  1
#define COMMAND_MAX_BYTES 16384

struct command {
    const char *name;      /* "poll.vote" */
    unsigned roles;        /* any of these */
    int burst, per_minute; /* per member; 0: the default of 20 and 240 */
    /* Fields of data that are ids of the session's things: the dispatcher reads them into
     * call->ids and removes them from call->data; a handler has no other way to read an id. */
    const char *ids[CALL_MAX_IDS];
    bool optional_ids;                 /* absent or null is allowed: all-zero id */
    void (*handle)(struct call *call); /* home loop */
};

enum frame_class { FRAME_CONTROL, FRAME_EVENT, FRAME_STATE, FRAME_MEDIA };

/* Given by net; called on the connection's own loop only. Frames are complete websocket frames
 * (header included, unmasked), shared: send takes its own reference. A handle whose connection is
 * gone is ignored. */
struct wire {
    void (*send)(void *net, uint64_t conn, enum frame_class class, uint64_t coalesce_key,
                 struct payload *frame);
    /* The same, for what everybody gets: nothing else follows for this one in this turn, so it may
     * leave at once. */
    void (*tell)(void *net, uint64_t conn, enum frame_class class, uint64_t coalesce_key,
                 struct payload *frame);
    void (*close)(void *net, uint64_t conn, uint16_t code, const char *reason);
    /* Its cookie was good: it counts against this person now, no longer against its address. False:
     * the person has enough connections. NULL: nobody counts. */
    bool (*signed_in)(void *net, uint64_t conn, const struct id *person);
    /* Frames for these follow: for soon with the next send, for later with the one after it. What
     * they will touch may be fetched from memory meanwhile. NULL: nothing is gained. */
    void (*expect)(void *net, uint64_t soon, uint64_t later);
    void *net;
};

/* One per loop. */
struct dispatch;

/* Looks up who a cookie's token belongs to and whether they may enter the session; answers on the
 * asking loop by calling back dispatch_authenticated() (through its mailbox). Given by main from
 * the accounts feature; batches look-ups. */
struct sign_in_check {
    struct message message; /* deliver and everything below set by the dispatcher */
    struct mailbox *reply_to;
    uint8_t token[TOKEN_HASH_SIZE];
    struct id session;
    /* answer */
    enum err err; /* OK, UNAUTHENTICATED, NOT_FOUND (other organisation's included), BUSY */
    struct identity who;
    int64_t until; /* Unix us: the first of it ends by itself then; 0: never */
    char *name;    /* the person's own, from malloc(); the dispatcher frees it. NULL: not known */
};
typedef void sign_in_lookup(struct app *app, struct sign_in_check *check);

struct dispatch_config {
    struct app *app;
    struct clock *clock;
    const struct feature *const *features; /* NULL-terminated */
    sign_in_lookup *lookup;
    struct db *db;
    size_t lane_waiting; /* bound of items waiting per session */
    const char *build;   /* shown in the greeting */
    int ping_ms;
};

/* loops: number of loops; index: this one. peers: array of all loops' dispatchers, filled before
 * any loop runs; mailbox: this loop's. */
struct dispatch *dispatch_new(const struct dispatch_config *config, struct dispatch **peers,
                              int loops, int index, struct mailbox *mailbox,
                              const struct wire *wire);
void dispatch_free(struct dispatch *d);

/* has_token: the cookie held a token of the right form. Greets the connection. */
void dispatch_conn_opened(struct dispatch *d, uint64_t conn, bool has_token,
                          const uint8_t token[TOKEN_HASH_SIZE]);
void dispatch_conn_message(struct dispatch *d, uint64_t conn, const char *text, size_t len);
/* last_rx: server time of the last byte received (Unix us): the end of its span. */
void dispatch_conn_closed(struct dispatch *d, uint64_t conn, int64_t last_rx);
/* Once at the end of each loop turn: hands out what rooms and hubs gathered in it. */
void dispatch_turn(struct dispatch *d);
/* About every 100 ms: rooms' ticks, rate refills, rooms that may close. */
void dispatch_tick(struct dispatch *d);
/* Stop admitting; tell members to come back elsewhere ("server.draining"); lanes finish. */
void dispatch_drain(struct dispatch *d);
bool dispatch_drained(const struct dispatch *d); /* every lane is empty, every room closed */

/* Something was committed over HTTP that a live room shows (a registration, a deck that is ready):
 * any thread. Delivered to each feature's `changed` on the home loop if the room is open.
 * session NULL: every open room. The topic "revoked" is the dispatcher's own: data is
 * {"person":id}, or with "sign_in":id only that browser's, and those members are closed with 4401;
 * with "again":true as 1001, so that they join again with what they may do now. */
void dispatch_changed(struct dispatch *const *peers, int loops, const struct id *session,
                      const char *topic, json_t *data /* taken */);

#endif
