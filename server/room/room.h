/* A live room: the state of one session while people are connected to it. Owned by one home loop;
 * every function here is for the home loop's thread. Plain C, no sockets, no SQL, the clock passed
 * in, so features are tested without a server.
 *
 * What goes out:
 *   event  logged in session_event, has the session's seq, in order, filtered by audience; goes
 *          out when it is applied, that is after its commit (event.h)
 *   state  a key and a version, newest wins, no seq, nothing is lost when one is skipped
 *   reply  the answer to one command of one member
 * All of one loop turn leaves as one write per connection. */
#ifndef AMPHI_ROOM_ROOM_H
#define AMPHI_ROOM_ROOM_H

#include "base/identity.h"
#include "base/list.h"
#include "base/payload.h"
#include "loop/mailbox.h"
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct db;
struct lane;
struct event;
struct feature;
struct room;
struct app;

/* The session's schedule and live position, loaded at opening, changed by committed events. */
enum session_state { SESSION_DRAFT, SESSION_LOBBY, SESSION_LIVE, SESSION_ENDED, SESSION_CANCELLED };
const char *session_state_word(enum session_state s); /* "draft" … as in SQL and JSON */
bool session_state_parse(const char *word, enum session_state *out);

struct member {
    struct list node; /* in the room's members */
    uint64_t conn;    /* handle: loop, slot, generation */
    struct identity who;
    char *name;        /* the person's own */
    struct id span;    /* of this connection's presence */
    int64_t joined_at; /* Unix us; of one that moves here: 0 until it arrives */
    bool visible;      /* the browser says its tab is visible */
};

/* How a member leaves. */
struct departure {
    int64_t at;   /* Unix us: the end of its spans, its last sign of life */
    int64_t gone; /* when it was known to be gone: the gap until it comes back counts from here */
    bool on_purpose; /* by a command; else the connection ended */
    bool moves;      /* to another session, at that moment */
    /* What goes along with one that moves: packed by one feature's member_leave, taken by the same
     * feature's member_arrive, which sets it to NULL. From malloc(), one block. */
    void *packed;
};

struct room {
    struct list node;
    struct id session, organisation, congress;
    enum session_state state;
    int64_t version;                      /* of host commands: compare-and-set in SQL */
    int64_t seq;                          /* of the last event that was applied */
    int64_t starts_at, live_at, ended_at; /* Unix us, 0: not yet */
    struct app *app;
    struct db *db;           /* opaque here; stores use it */
    struct lane *lane;       /* the session's ordered lane */
    struct mailbox *mailbox; /* of the home loop: completions go here */
    struct list members;
    size_t member_count;
    struct room_private *own;
};

int64_t room_now(const struct room *room); /* Unix us, the server's clock */
/* The tag of this opening's frames: each one names it, so that a client that moved on drops those
 * of where it was. */
const char *room_place(const struct room *room);
/* The state that `feature` set in its opening's take(); NULL before. */
void *room_get(const struct room *room, const struct feature *feature);
void room_set(struct room *room, const struct feature *feature, void *state);

/* Within apply() or event(): tells the event, in this feature's words, to more people. audience:
 * role bits; nobody may be told one event twice, so audiences of one event do not overlap. Takes
 * data (may be NULL: {}). */
void room_tell_event(struct room *room, const struct event *event, const char *type,
                     unsigned audience, json_t *data);
/* The room forgets what it keeps for those who come back: whoever joins gets a snapshot. */
void room_forget_events(struct room *room);
/* The newest value of a state; sent to present members and to each that joins later (after its
 * snapshot). Same key and audience: replaces. Takes data. room_drop_state forgets it. */
void room_push_state(struct room *room, const char *type, const char *key, unsigned audience,
                     json_t *data);
void room_drop_state(struct room *room, const char *type, const char *key);
/* Binary frames (FRAME_BULK) to one member, after everything else that it has to get; a slow reader
 * goes without. Takes a reference of its own. */
void room_send_bulk(struct room *room, const struct member *member, struct payload *frame);
/* The log, and then what is counted but not logged (votes), is read again. */
void room_count_again(struct room *room);
/* A row for the same session's rooms at other nodes: their features are told `topic` with
 * {"rows": [row, …]} after this turn. It may come twice, or never: what it says has to be in the
 * database, and to be the same however often it is told. topic: a literal, one of ROOM_SHARES a
 * session. pack and what follows: as of json_pack(). Without other nodes nothing happens. */
void room_share(struct room *room, const char *topic, const char *pack, ...);
/* What snapshot() would say has changed without an event: encode it afresh for the next join. */
void room_touch(struct room *room);

/* While something is held (a job under way, a write to be tried again) the room stays. */
void room_hold(struct room *room);
void room_let_go(struct room *room);

struct member *room_member_by_conn(struct room *room, uint64_t conn); /* NULL: gone */
/* A key for maps from a connection's handle, well spread whatever the handle's bits mean. */
struct id conn_key(uint64_t conn);

/* --- One command being handled --- */
#define CALL_MAX_IDS 2
struct call {
    struct room *room;
    uint64_t conn; /* of the asking member, who may leave before the answer */
    struct identity who;
    json_t *data;                /* an object, owned by the call */
    struct id ids[CALL_MAX_IDS]; /* in the order the command declares them */
    int64_t at;                  /* server time of arrival, Unix us */
    int64_t request;             /* the client's id */
};
struct member *call_member(struct call *call); /* NULL when it left */
/* Exactly one of these per call, now or later, from the home loop; both free the call. */
void call_ok(struct call *call, json_t *result);     /* takes result; NULL: {} */
void call_fail(struct call *call, const char *code); /* stable wire code */
void call_fail_field(struct call *call, const char *field, const char *reason);
void call_fail_err(struct call *call, enum err err);

#endif
