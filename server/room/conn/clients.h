/* The half of connections. Everything here is the connections' own loop. */
#ifndef AMPHI_ROOM_CONN_CLIENTS_H
#define AMPHI_ROOM_CONN_CLIENTS_H

#include "base/map.h"
#include "room/message.h"

#define JOIN_WITHIN_US     (10 * US_PER_S) /* from the greeting to session.join */
#define JOIN_AGAIN_US      (60 * US_PER_S) /* from an answer server.busy to the next one */
#define CHECK_AGAIN_US     (45 * US_PER_S) /* a sign-in that was revoked ends within a minute */
#define CHECKS_PER_TICK    200
#define DEFAULT_BURST      20
#define DEFAULT_PER_MINUTE 240
#define ROLE_SETS          32 /* combinations of roles */
/* Joins of one person: a browser full of tabs at once, then one a second. */
#define JOIN_BURST      100
#define JOIN_PER_MINUTE 60
#define JOIN_BUCKETS    8192

enum client_state {
    CLIENT_GREETED,  /* asked for nothing yet, or was told to ask again; in connections.unjoined */
    CLIENT_CHECKING, /* who is it? in connections.unjoined */
    CLIENT_JOINING,  /* the home loop is asked; in connections.unjoined */
    CLIENT_MEMBER,   /* in connections.members or .ending */
    CLIENT_CLOSING,  /* nothing is read or sent any more */
};

/* One websocket connection. */
struct client {
    /* What telling everybody touches comes first, in one line of memory. */
    struct list node; /* in audience.clients */
    uint64_t handle;
    uint64_t turn;             /* in which it was served last */
    struct audience *audience; /* the lobby before it is a member */
    enum client_state state;
    uint16_t close_code; /* 0: stays */
    bool asked;          /* session.join came at least once */
    struct identity who;

    struct list wait;    /* in connections.unjoined, .ending or, by time of the check, .members */
    struct list touched; /* in audience.touched: has something of its own in this turn */
    const char *close_reason;
    size_t from;           /* entries of audience->shared before this are not for it */
    size_t first, last;    /* of its entries in audience->own; OUT_NONE: it has none */
    int64_t deadline;      /* of session.join; then: when its sign-in is looked up again */
    int64_t until;         /* Unix us: the first of what it may do ends by itself then; 0: never */
    int64_t *rates;        /* by command: when its bucket is full again */
    struct dispatch *home; /* that was asked to let it in, and is told when it leaves */
    struct id session;
    uint8_t token[TOKEN_HASH_SIZE];
};

/* The local members of one session, and what they get at the end of this turn. */
struct audience {
    struct list dirty; /* in connections.dirty */
    struct id session;
    struct list clients, touched;
    struct out_list shared; /* for everybody with a role */
    struct out_list own;    /* for single connections, chained */
    bool flushing;
};

struct command_entry {
    const struct command *command;
    size_t index; /* of its rate bucket */
};

struct connections {
    struct dispatch *dispatch;
    struct wire wire;
    struct command_entry *commands; /* by name */
    size_t command_count;
    struct map clients; /* handle → struct client */
    int64_t *joins;     /* buckets that persons share by their hash: many fit each */
    struct list unjoined, members;
    struct list ending;   /* members some of whose rights end before their check would be due */
    struct map audiences; /* session → struct audience */
    struct audience lobby;
    struct list dirty;
    uint64_t turn;
    struct payload **frames; /* scratch of one run */
    size_t frames_cap;
};

/* A bucket is one number: the time at which it will be full again. False: it is empty. */
static inline bool bucket_take(int64_t *full_at, int64_t now, int burst, int per_minute)
{
    int64_t each = 60 * US_PER_S / per_minute, from = *full_at > now ? *full_at : now;
    if (from - now > (burst - 1) * each)
        return false;
    *full_at = from + each;
    return true;
}

static inline int64_t connections_mono(const struct connections *cs)
{
    return clock_mono_us(cs->dispatch->config.clock);
}

/* clients.c */
struct client *client_find(const struct connections *cs, uint64_t handle); /* NULL: gone */
/* The one place where a client's state and the list that goes with it change. within: until its
 * deadline, us; a member's comes sooner when some of its rights end before. */
void client_become(struct connections *cs, struct client *client, enum client_state state,
                   int64_t within);
void client_close(struct connections *cs, struct client *client, uint16_t code, const char *reason);
void client_send(struct connections *cs, struct client *client,
                 struct payload *frame); /* takes frame */
/* command.c */
void commands_load(struct connections *cs);
void client_command(struct connections *cs, struct client *client, const char *text, size_t len);
/* join.c */
void client_join(struct connections *cs, struct client *client, int64_t request, json_t *data);
/* Looks a member's sign-in up again; it is closed when that is no longer valid or its roles are
 * others. ended: some of its rights have ended by now, so no answer closes it too. */
void client_check_again(struct connections *cs, struct client *client, bool ended);
/* hub.c */
void audience_init(struct audience *audience);
void hub_free(struct connections *cs);
void hub_add_shared(struct connections *cs, struct audience *audience, const struct out *entry);
void hub_add_own(struct connections *cs, struct client *client, const struct out *entry);
/* Hands out what a client has got so far in this turn. It may be gone when this returns. */
void hub_serve(struct connections *cs, struct client *client);
void hub_leave(struct connections *cs, struct client *client);
void hub_turn(struct connections *cs);

#endif
