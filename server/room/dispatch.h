/* The seam between a websocket connection and the room of its session. net calls dispatch_conn_*
 * on the connection's own loop; the dispatcher checks each command in this order: size, parse,
 * sign-in, room, permission, rate; then the command travels to the room's home loop. Outgoing
 * frames come back through struct wire, again on the connection's own loop. */
#ifndef AMPHI_ROOM_DISPATCH_H
#define AMPHI_ROOM_DISPATCH_H

#include "base/clock.h"
#include "base/frame.h"
#include "base/identity.h"
#include "loop/mailbox.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROTOCOL_VERSION  2
#define COMMAND_MAX_BYTES 16384

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
    /* Media may be sent: nothing but bulk waits for it, and its kernel has sent nearly everything.
     * NULL: always. */
    bool (*open)(void *net, uint64_t conn);
    void (*close)(void *net, uint64_t conn, uint16_t code, const char *reason);
    /* Its cookie was good: it counts against this person now, no longer against its address. False:
     * the person has enough connections. NULL: nobody counts. */
    bool (*signed_in)(void *net, uint64_t conn, const struct id *person);
    /* From here on it may send binary frames. NULL: whoever calls dispatch_conn_media() knows. */
    void (*publishes)(void *net, uint64_t conn);
    /* A prefetch hint: `soon` gets the next frame, `later` the one after it. NULL: not used. */
    void (*expect)(void *net, uint64_t soon, uint64_t later);
    void *net;
};

/* One per loop. */
struct dispatch;

struct app;
struct command;
struct db;
struct feature;
struct room_opening;

/* Looks up who a cookie's token belongs to and whether they may enter the session, or the congress
 * as a whole; answers by posting `message` to reply_to. Given by main from the accounts feature;
 * batches look-ups. */
struct sign_in_check {
    struct message message; /* deliver and everything below set by the dispatcher */
    struct mailbox *reply_to;
    uint8_t token[TOKEN_HASH_SIZE];
    struct id session;  /* all-zero: the congress is asked for */
    struct id congress; /* all-zero: the session is asked for */
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
    /* What one person may do, however many connections they have: one table for all loops. */
    struct rate_table *rates;
    struct db *db; /* NULL: rooms have no lanes, and nothing is read when they open */
    /* Opens a room: ends with room_opening_done(). NULL: reads the features' states on a worker of
     * db. Tests have one of their own. */
    void (*open)(struct room_opening *opening);
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
/* The caller's thread runs this loop from here on. The first turn does it, too: this is for whoever
 * takes over a loop whose thread has ended. */
void dispatch_bind(struct dispatch *d);

/* The commands of connections themselves, on either door, which name no place, by index from 0;
 * NULL at the end. */
const struct command *connection_command(size_t index);

/* Greets the connection. outdated: the client speaks an older protocol; it reloads at the greeting,
 * and is closed. */
struct greeting {
    bool outdated;
    bool publishes; /* it came by the door for media */
    const struct sign_ins *sign_ins;
};
void dispatch_conn_opened(struct dispatch *d, uint64_t conn, const struct greeting *greeting);
void dispatch_conn_message(struct dispatch *d, uint64_t conn, const char *text, size_t len);
/* A binary frame of a publisher. */
void dispatch_conn_media(struct dispatch *d, uint64_t conn, const void *bytes, size_t len);
/* Server times (Unix us): last_rx of its last sign of life, the end of its span; gone when it was
 * known to be gone, from which the gap until it comes back counts. */
void dispatch_conn_closed(struct dispatch *d, uint64_t conn, int64_t last_rx, int64_t gone);
/* Once at the end of each loop turn: hands out what rooms and hubs gathered in it. */
void dispatch_turn(struct dispatch *d);
/* After dispatch_turn: serves viewers of live media for at most 2 ms. When it is to be called
 * again: 0: in the next turn; else the clock's monotonic time; INT64_MAX: when something comes. */
int64_t dispatch_media(struct dispatch *d);
/* About every 100 ms: rooms' ticks, rate refills, rooms that may close. */
void dispatch_tick(struct dispatch *d);
/* Sends members to other servers ("server.draining"), one after the other, from `first` (the
 * clock's monotonic time) on and within spread; until its turn everything goes on for each. */
void dispatch_leave(struct dispatch *d, int64_t first, int64_t spread);
bool dispatch_left(const struct dispatch *d); /* nobody is connected any more */
/* Stop admitting; tell members to come back elsewhere ("server.draining"); lanes finish. */
void dispatch_drain(struct dispatch *d);
bool dispatch_drained(const struct dispatch *d); /* every lane is empty, every room closed */

/* How a room's opening ended; on the home loop, any time later. */
void room_opening_done(struct room_opening *opening, enum err err);

#endif
