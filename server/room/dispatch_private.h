/* What the files of room/ share. A loop's dispatcher has two sides: the connections that this loop
 * accepted (tabs.c, hub.c) and the rooms whose home it is (rooms.c, room.c, call.c). The sides
 * only talk by messages, also when both are the same loop: then the message is delivered at once.
 */
#ifndef AMPHI_ROOM_DISPATCH_PRIVATE_H
#define AMPHI_ROOM_DISPATCH_PRIVATE_H

#include "base/map.h"
#include "features/feature.h"
#include "room/dispatch.h"
#include "room/out.h"
#include "room/ring.h"
#include "room/states.h"

#define JOIN_WITHIN_US     (10 * US_PER_S) /* from the greeting to session.join */
#define JOIN_AGAIN_US      (60 * US_PER_S) /* from an answer server.busy to the next one */
#define CHECK_AGAIN_US     (45 * US_PER_S) /* a sign-in that was revoked ends within a minute */
#define CHECKS_PER_TICK    200
#define ROOM_EMPTY_US      (60 * US_PER_S) /* without members before a room closes */
#define DEFAULT_BURST      20
#define DEFAULT_PER_MINUTE 240
#define ROLE_SETS          32 /* combinations of roles */
/* Joins of one person: a browser full of tabs at once, then one a second. */
#define JOIN_BURST      100
#define JOIN_PER_MINUTE 60
#define JOIN_BUCKETS    8192

#define CLOSE_GOING_AWAY      1001
#define CLOSE_PROTOCOL        1008
#define CLOSE_TOO_LARGE       1009
#define CLOSE_NOT_SIGNED_IN   4401
#define CLOSE_NO_SUCH_SESSION 4404

/* --- the side of connections --- */

enum tab_state {
    TAB_GREETED,  /* asked for nothing yet, or was told to ask again */
    TAB_CHECKING, /* who is it? */
    TAB_JOINING,  /* the home loop is asked */
    TAB_MEMBER,
    TAB_CLOSING, /* nothing is read or sent any more */
};

struct tab {
    /* What telling everybody touches comes first, in one line of memory. */
    struct list node; /* in hub_room.conns */
    uint64_t handle;
    uint64_t turn;         /* in which it was served last */
    struct hub_room *room; /* the lobby before it is a member */
    enum tab_state state;
    uint16_t close_code; /* 0: stays */
    bool asked;          /* session.join came at least once */
    struct identity who;

    struct list wait;    /* in dispatch.unjoined, .ending or, by time of its last check, .members */
    struct list touched; /* in hub_room.touched: has something of its own in this turn */
    const char *close_reason;
    size_t from;           /* entries of room->shared before this are not for it */
    size_t head, tail;     /* of its chain in room->own, index + 1; 0: none */
    int64_t deadline;      /* of session.join; then: when its sign-in is looked up again */
    int64_t until;         /* Unix us: the first of what it may do ends by itself then; 0: never */
    int64_t *rates;        /* by command: when its bucket is full again */
    struct dispatch *home; /* that was asked to let it in, and is told when it leaves */
    struct id session;
    uint8_t token[TOKEN_HASH_SIZE];
};

/* The local members of one session, and what they get at the end of this turn. */
struct hub_room {
    struct list dirty; /* in dispatch.hub_dirty */
    struct id session;
    struct list conns, touched;
    struct out_list shared; /* for audiences */
    struct out_list own;    /* for single connections, chained */
    bool flushing;
};

struct command_entry {
    const struct command *command;
    size_t index; /* of its rate bucket */
};

struct dispatch {
    struct dispatch_config config;
    struct dispatch **peers;
    int loops, index;
    struct mailbox *mailbox;
    struct wire wire;
    size_t feature_count;
    struct command_entry *commands; /* by name */
    size_t command_count;
    bool draining;
    uint64_t random;

    struct map conns; /* handle → struct tab */
    int64_t *joins;   /* buckets that persons share by their hash: many fit each */
    struct list unjoined, members;
    struct list ending; /* members some of whose rights end before their next check would be due */
    struct map hub_rooms; /* session → struct hub_room */
    struct hub_room lobby;
    struct list hub_dirty;
    uint64_t turn;
    struct payload **frames; /* scratch of one run */
    size_t frames_cap;

    struct map rooms; /* session → struct room */
    struct list all_rooms, dirty_rooms;
    struct map revoked; /* person or sign-in → struct revocation */
    struct list revocations;
};

/* --- the side of rooms --- */

enum room_phase { ROOM_OPENING, ROOM_OPEN, ROOM_FAILED };

struct member_own {
    struct member member;
    int loop;
};

struct room_private {
    struct room *room;
    struct dispatch *home;
    struct list dirty; /* in dispatch.dirty_rooms */
    enum room_phase phase;
    enum err open_err;
    size_t opening;      /* features that have not opened yet */
    struct list waiting; /* struct join, while opening */
    struct list changes; /* struct change, while opening */
    size_t change_count;
    struct id epoch;      /* of this opening */
    struct map members;   /* handle → struct member_own */
    size_t *loop_members; /* by loop */
    struct out_list out;
    struct ring ring;
    struct states states;
    struct payload *common[2]; /* encoded JSON for HCPs, for staff; NULL: stale */
    size_t holds;              /* calls, and what features hold */
    int64_t empty_since, retry_at, backoff;
    void *states_of[]; /* by feature, in their order */
};

/* Answers of the accounts feature and questions to the home loop, in one piece of memory. */
struct join {
    struct sign_in_check check; /* conn's loop */
    struct message message;     /* to the home loop */
    struct list node;           /* in room_private.waiting */
    struct dispatch *from, *home;
    uint64_t conn;
    int64_t request;
    bool again;       /* a member's check, no join */
    bool ended;       /* of a member some of whose rights have ended: there must be an answer */
    int64_t asked_at; /* monotonic: when the look-up began */
    bool resume;
    char epoch[ID_TEXT_SIZE];
    int64_t seq;
};

struct call_own {
    struct call call;
    struct message message;
    const struct command *command;
    struct dispatch *home;
    struct id session;
    int loop;
};

struct leave {
    struct message message;
    struct dispatch *home;
    struct id session;
    uint64_t conn;
    int64_t last_rx;
};

struct change {
    struct message message;
    struct list node;
    struct dispatch *home;
    struct id session;
    bool everywhere;
    char *topic;
    json_t *data;
    bool revokes; /* the topic is "revoked", and readable */
    struct id revoked;
};

struct dispatch *dispatch_home(const struct dispatch *d, const struct id *session);
uint64_t dispatch_random(struct dispatch *d);
/* A bucket is one number: the time at which it will be full again. False: it is empty. */
static inline bool bucket_take(int64_t *full_at, int64_t now, int burst, int per_minute)
{
    int64_t each = 60 * US_PER_S / per_minute, from = *full_at > now ? *full_at : now;
    if (from - now > (burst - 1) * each)
        return false;
    *full_at = from + each;
    return true;
}

/* tabs.c */
struct tab *tab_find(const struct dispatch *d, uint64_t handle);
void tab_close(struct dispatch *d, struct tab *tab, uint16_t code, const char *reason);
void tab_send(struct dispatch *d, struct tab *tab, struct payload *frame); /* takes frame */
void tab_greeted(struct dispatch *d, struct tab *tab, int64_t join_within);
/* A member's next check is due after a while, or as soon as tab->until. */
void tab_check_later(struct dispatch *d, struct tab *tab);
void tabs_tick(struct dispatch *d);
void tabs_drain(struct dispatch *d);
void tabs_free(struct dispatch *d);
/* command.c */
void commands_load(struct dispatch *d);
void tab_command(struct dispatch *d, struct tab *tab, const char *text, size_t len);
/* join.c */
void tab_join(struct dispatch *d, struct tab *tab, int64_t request, json_t *data);
void join_free(struct join *join);
/* Looks a member's sign-in up again; it is closed when it is no longer valid or its roles are
 * others. ended: some of its rights have ended by now, so no answer closes it too. */
void tab_check_again(struct dispatch *d, struct tab *tab, bool ended);
/* hub.c */
void hub_init(struct dispatch *d);
void hub_free(struct dispatch *d);
/* Hands entries to a loop's hub; takes their references. Home's thread. */
void hub_post(struct dispatch *home, int loop, const struct id *session, const struct out *entries,
              size_t n);
void hub_add_own(struct dispatch *d, struct tab *tab, const struct out *entry);
void hub_leave(struct dispatch *d, struct tab *tab);
void hub_turn(struct dispatch *d);
/* room.c, rooms.c */
void room_out(struct room *room, const struct out *entry); /* takes the entry's reference */
void room_flush(struct room *room);
void room_admit(struct room *room, struct join *join); /* open rooms; borrows */
void room_remove(struct room *room, struct member *member, int64_t last_rx);
void rooms_join(struct message *message);
void rooms_leave(struct message *message);
void rooms_change(struct message *message);
void rooms_turn(struct dispatch *d);
void rooms_tick(struct dispatch *d);
void rooms_free(struct dispatch *d);
/* revoked.c: home's thread */
/* The person, or the one sign-in, that a change names. */
bool revoked_read(const json_t *data, struct id *out);
bool revoked_is(const struct id *id, const struct identity *who);
void revoked_note(struct dispatch *d, const struct id *id);
/* Whether the person or the sign-in was revoked since asked_at. */
bool revoked_since(const struct dispatch *d, const struct identity *who, int64_t asked_at);
void revoked_tick(struct dispatch *d);
void revoked_free(struct dispatch *d);
/* call.c */
void call_arrived(struct message *message);
void call_free(struct call *call);
/* Delivers at once on the same loop, else through the mailbox. */
void dispatch_post(struct dispatch *from, struct dispatch *to, struct message *message);
enum err dispatch_try_post(struct dispatch *from, struct dispatch *to,
                           struct message *message) MUST_CHECK;

#endif
