/* A loop's dispatcher has two halves: the connections that this loop accepted (conn/) and the rooms
 * whose home it is (home/). They only talk by the messages of this header, also when both are the
 * same loop's: then a message is delivered at once. */
#ifndef AMPHI_ROOM_MESSAGE_H
#define AMPHI_ROOM_MESSAGE_H

#include "room/dispatch.h"
#include "room/feature.h"
#include "room/out.h"
#include "room/tell.h"
#include <assert.h>
#include <pthread.h>

struct connections; /* conn/clients.h */
struct rooms;       /* home/home.h */

struct dispatch {
    struct dispatch_config config;
    struct dispatch **peers;
    int loops, index;
    struct mailbox *mailbox;
    bool draining;
    uint64_t random;
    bool bound;
    pthread_t thread; /* that runs the loop, once bound */
    struct connections *connections;
    struct rooms *rooms;
};

/* Functions of a loop, of its rooms and of its connections, begin with this. Sanitiser builds
 * define CHECK_THREADS and stop where another thread calls. */
#ifdef CHECK_THREADS
#define ASSERT_LOOP(d) assert(!(d)->bound || pthread_equal((d)->thread, pthread_self()))
#else
#define ASSERT_LOOP(d) ((void)(d))
#endif

struct dispatch *dispatch_home(struct dispatch *const *peers, int loops, const struct id *session);
uint64_t dispatch_random(struct dispatch *d);
/* Delivers at once on the same loop, else through the mailbox. */
void dispatch_post(struct dispatch *from, struct dispatch *to, struct message *message);
enum err dispatch_try_post(struct dispatch *from, struct dispatch *to,
                           struct message *message) MUST_CHECK;

/* --- from connections to rooms --- */

/* A sign-in look-up and then, if it is good, the question to the home loop; one piece of memory. */
struct join {
    struct sign_in_check check; /* the connection's loop */
    struct message message;     /* to the home loop */
    struct list node;           /* in the room's waiting joins */
    struct dispatch *from, *home;
    uint64_t conn;
    int64_t request;
    bool again; /* a member's check, no join */
    bool ended; /* of a check: some of what it is about has ended by now, there must be an answer */
    bool publishes; /* wants to send live media, not to be there */
    bool moves;     /* leaves another session when it is let in: its spans come with an arrival */
    bool resume;
    char epoch[ID_TEXT_SIZE];
    int64_t seq;
    struct id person; /* for whom the client asks; all-zero: for whoever the cookie says */
    enum side side;   /* of the sign-in that is looked up */
    bool others;      /* a good sign-in that was looked up before it is of somebody else */
};
void join_free(struct join *join);
void rooms_join(struct message *message);

struct call_message {
    struct message message;
    struct list node;   /* in the member's calls */
    struct list behind; /* in the door's, while it waits for a look into the log */
    unsigned look;      /* the number of that look, or of a later one */
    int64_t since;      /* monotonic us: it waits */
    struct call call;
    const struct command *command;
    struct dispatch *home;
    struct id session;
    int loop; /* of the connection */
};
void call_free(struct call *call);
void rooms_call(struct message *message);

/* A connection is in the session no more. */
struct leave {
    struct message message;
    struct dispatch *home;
    struct id session;
    uint64_t conn;
    int64_t at;      /* its last sign of life, or when it left or moved: the end of its spans */
    int64_t gone;    /* when that was known */
    bool on_purpose; /* it left or moved, and lives on */
    /* Where it moved at that moment; NULL: nowhere. */
    struct dispatch *next;
    struct id next_session;
};
void rooms_leave(struct message *message);

/* A connection asks to publish live media; the home loop fills in the answer and sends it back. */
struct publish {
    struct message message;
    struct dispatch *from, *home;
    void (*answer)(struct message *message); /* delivers it, on the connection's loop */
    uint64_t conn;
    int64_t request;
    struct id session;
    struct identity who;
    enum err err; /* OK; FORBIDDEN; BUSY: nobody is there, or as many publish as can */
    uint16_t first_stream;
};
void rooms_publish(struct message *message);

/* Viewers of a loop wait for a key frame of this stream. */
struct key_ask {
    struct message message;
    struct dispatch *home;
    struct id session;
    uint16_t stream;
};
void rooms_key(struct message *message);

/* A loop begins to show a session's media, after the configs that its streams began with. */
struct stage_begun {
    struct message message;
    struct dispatch *home;
    struct id session;
};
void rooms_stage_begun(struct message *message);

/* Records of a publisher; sent back when its room is gone. */
struct records {
    struct message message;
    struct dispatch *from, *home;
    struct id session;
    uint64_t conn;
    struct payload *records; /* NULL: none */
    bool ends;               /* it publishes no more */
};
void records_free(struct records *records);
void rooms_records(struct message *message);
void publisher_over(struct message *message);

/* --- from room to room --- */

/* Whoever moved here has left the other session: from here on it counts as present. What goes along
 * is taken here, or comes back: the room that it was packed in stays until it knows. */
struct arrival {
    struct message message;
    struct dispatch *home, *from;
    struct id session;
    uint64_t conn;
    struct departure departure;
    struct room *left; /* of from, held; NULL: nothing goes along */
};
void rooms_arrive(struct message *message);

/* --- from anywhere to rooms (tell.h) --- */

struct news {
    struct message message;
    struct list node; /* kept by a room that is opening */
    struct dispatch *home;
    struct scope scope;
    char *topic;
    json_t *data;
};
void news_free(struct news *news);
void rooms_told(struct message *message);

struct committed {
    struct message message;
    struct dispatch *home;
    struct id session;
    struct list events;
    bool unknown; /* nobody knows whether they were committed; then events is empty */
};
void rooms_committed(struct message *message);

/* Live streams of another node, from the bus's thread; false: it is none. */
bool far_media_receive(struct dispatch *const *dispatchers, int loops, const struct id *from,
                       const char *kind, const void *data, size_t len);

/* --- from rooms to connections --- */

/* Hands entries to a loop's connections; takes their references. The home loop's thread. */
void connections_post(struct dispatch *home, int loop, const struct id *session,
                      const struct out *entries, size_t n);

/* News that is for connections (tell.h). False: it is for rooms. */
bool connections_told(struct dispatch *d, const struct news *news);

/* --- the halves as dispatch.c runs them --- */

struct connections *connections_new(struct dispatch *d, const struct wire *wire);
void connections_free(struct dispatch *d);
void connections_turn(struct dispatch *d);
void connections_tick(struct dispatch *d);
void connections_leave(struct dispatch *d, int64_t first, int64_t spread);
void connections_drain(struct dispatch *d);
bool connections_busy(const struct dispatch *d); /* this turn has something left to hand out */
size_t connections_count(const struct dispatch *d);

struct rooms *rooms_new(struct dispatch *d);
void rooms_free(struct dispatch *d);
void rooms_turn(struct dispatch *d);
void rooms_tick(struct dispatch *d);
bool rooms_busy(const struct dispatch *d);
size_t rooms_count(const struct dispatch *d);

#endif
