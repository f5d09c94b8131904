/* The half of connections. Everything here is the connections' own loop. */
#ifndef AMPHI_ROOM_CONN_CLIENTS_H
#define AMPHI_ROOM_CONN_CLIENTS_H

#include "base/map.h"
#include "base/rate.h"
#include "room/message.h"

#define JOIN_WITHIN_US     (10 * US_PER_S) /* from the greeting to a join */
#define JOIN_AGAIN_US      (60 * US_PER_S) /* from a join that failed, or a leave, to the next */
#define CHECK_AGAIN_US     (45 * US_PER_S) /* between two look-ups of what a placed one may do */
#define CHECKS_PER_TICK    200 /* look-ups of those that are placed; the rest comes later */
#define DEFAULT_BURST      20  /* of a command that declares no rate */
#define DEFAULT_PER_MINUTE 240
#define ROLE_SETS          (ROLE_ANY + 1) /* combinations of roles */
/* Joins of one person: a browser full of tabs at once, then one a second. */
#define JOIN_BURST      100
#define JOIN_PER_MINUTE 60

enum client_state {
    CLIENT_NOWHERE, /* in no session and no congress; in connections.nowhere, with a deadline */
    CLIENT_PLACED,  /* in one or both; in connections.placed, by the time of its last check, or in
                     * .ending */
    CLIENT_CLOSING, /* nothing is read or sent any more; in no list */
};

/* How far a join has come. */
enum join_step {
    JOIN_NONE,
    JOIN_CHECKING, /* who is it, and may they? */
    JOIN_ASKING,   /* the home loop is asked */
};

/* One websocket connection. */
struct client {
    /* What telling everybody touches comes first, in one line of memory. */
    struct list node; /* in audience.clients */
    uint64_t handle;
    uint64_t turn;             /* in which it was served last */
    struct audience *audience; /* of its session; the lobby while it is in none */
    enum client_state state;
    uint16_t close_code; /* 0: stays */
    bool crew;           /* of its session: it is sent what is behind the scenes */
    uint8_t rung;        /* the most it is sent of live media there */
    struct identity who; /* roles: in the session it is in */

    struct media_viewer *viewer;   /* of its audience's stage; NULL: there is none */
    struct publishing *publishing; /* it came by the door for media; NULL: it did not */
    struct list wait;              /* in connections.nowhere, .placed or .ending */
    struct list touched;           /* in audience.touched: has something of its own in this turn */
    const char *close_reason;
    size_t from;              /* entries of audience->shared before this are not for it */
    size_t first, last;       /* of its entries in audience->own; OUT_NONE: it has none */
    int64_t deadline;         /* of a join; then: when its sign-in is looked up again */
    bool asked;               /* a join came at least once */
    bool check_again;         /* its sign-in changed while it was looked up */
    struct sign_ins sign_ins; /* the browser's; once it was somewhere, the one it came in with */

    /* The session it is in; home NULL: none. */
    struct dispatch *home;
    struct id session;
    char place[PLACE_SIZE]; /* the tag of this session's frames */
    int64_t until; /* Unix us: the first of its rights there ends by itself then; 0: never */
    /* The session it wants to be in. */
    enum join_step joining;
    struct dispatch *joining_home; /* JOIN_ASKING: told when it leaves */
    struct id joining_session;
    unsigned joining_roles; /* JOIN_ASKING: what it may do there, until when */
    int64_t joining_until;
    /* The congress it follows as a whole; all-zero: none. */
    struct id congress;
    int64_t congress_until;
};

/* The local members of one session, and what they get at the end of this turn. */
struct audience {
    struct list dirty;  /* in connections.dirty */
    struct list staged; /* in connections.staged, while it has a stage */
    struct media_stage *stage;
    int64_t media_at; /* when a record came last */
    struct id session;
    struct list clients, touched;
    struct out_list shared; /* for everybody with a role */
    struct out_list own;    /* for single connections, chained */
    bool serving; /* its clients are being written to: it stays, though the last one leaves */
};

struct command_entry {
    const struct command *command;
    uint64_t bucket; /* which one of a person is for it; the same on each node */
};

struct connections {
    struct dispatch *dispatch;
    struct wire wire;
    struct command_entry *commands; /* by name */
    size_t command_count;
    struct map clients; /* handle → struct client */
    struct list nowhere, placed;
    struct list ending;   /* placed, and some of their rights end before their check would be due */
    int64_t leave_at;     /* when the next one is sent elsewhere; 0: nobody is, and */
    int64_t leave_step;   /* how long after it the one after that */
    struct map audiences; /* session → struct audience */
    struct audience lobby;
    struct list dirty;
    struct list staged; /* audiences with live media */
    size_t viewers;     /* of all of them */
    uint64_t turn;
    struct payload **frames; /* scratch of one run */
    size_t frames_cap;
};

static inline int64_t connections_mono(const struct connections *cs)
{
    return clock_mono_us(cs->dispatch->config.clock);
}

/* Whether this person may do this once more, over all their connections and loops. what: 0 a join,
 * else 1 and the index of a command. */
bool connections_allow(const struct connections *cs, const struct id *person, uint64_t what,
                       const struct rate *rate);

/* clients.c */
struct client *client_find(const struct connections *cs, uint64_t handle); /* NULL: gone */
/* The one place where a client's state and the list that goes with it change. within: until its
 * deadline, us; sooner when some of its rights end before. */
void client_become(struct connections *cs, struct client *client, enum client_state state,
                   int64_t within);
/* Placed or nowhere, by where it is. */
void client_settle(struct connections *cs, struct client *client);
void client_close(struct connections *cs, struct client *client, uint16_t code, const char *reason);
void client_send(struct connections *cs, struct client *client,
                 struct payload *frame); /* takes frame */
/* command.c */
void commands_load(struct connections *cs);
void client_command(struct connections *cs, struct client *client, const char *text, size_t len);
/* join.c: the commands session.join and congress.join; data is borrowed */
void client_join_session(struct connections *cs, struct client *client, int64_t request,
                         json_t *data);
void client_join_congress(struct connections *cs, struct client *client, int64_t request,
                          json_t *data);
/* Looks up again who it is and what they may do where they are; it is closed when that is no longer
 * valid, has changed, or has ended and nobody knows. */
void client_check_again(struct connections *cs, struct client *client);
/* leave.c: session.leave and congress.leave */
void client_leave_session(struct connections *cs, struct client *client, int64_t request,
                          json_t *data);
void client_leave_congress(struct connections *cs, struct client *client, int64_t request,
                           json_t *data);
/* It was let in where it asked to be, under the tag `place`: it leaves where it was at this
 * instant. */
void client_enter(struct connections *cs, struct client *client, const char *place);
/* watch.c: live media to viewers */
void watch_records(struct connections *cs, const struct id *session, const struct out *entry);
/* It is in its audience now, or sees something else there. */
void watch_as(struct connections *cs, struct client *client, const struct out *entry);
void watch_leave(struct connections *cs, struct client *client);
void watch_tick(struct connections *cs);
void watch_free(struct connections *cs, struct audience *audience);
/* publishing.c: media from a publisher */
void client_publish(struct connections *cs, struct client *client, int64_t request, json_t *data);
void publisher_new(struct client *client);
void publisher_checked(struct connections *cs, struct client *client, struct join *join);
void publisher_gone(struct connections *cs, struct client *client);
/* The connection ended: its sessions are told. Times as of dispatch_conn_closed(). */
void client_gone(struct connections *cs, struct client *client, int64_t last_rx, int64_t gone);
/* hub.c */
void audience_init(struct audience *audience);
void hub_free(struct connections *cs);
void hub_add_shared(struct connections *cs, struct audience *audience, const struct out *entry);
void hub_add_own(struct connections *cs, struct client *client, const struct out *entry);
/* Hands out what a client has got so far in this turn. It may be gone when this returns. */
void hub_serve(struct connections *cs, struct client *client);
/* Serves the client and puts it into another audience. NULL: it was gone after serving. */
struct client *hub_move(struct connections *cs, struct client *client, struct audience *to);
void hub_leave(struct connections *cs, struct client *client);
/* Nobody is in it and nothing waits to be handed out. */
void hub_free_if_empty(struct connections *cs, struct audience *audience);
void hub_turn(struct connections *cs);

#endif
