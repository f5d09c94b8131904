/* Dispatchers without sockets: N loops run by hand, a fake wire that keeps what each connection
 * got, a fake clock, sign-ins made up from the token. One thread, unless a test runs loops itself.
 */
#ifndef AMPHI_TESTS_LIVE_H
#define AMPHI_TESTS_LIVE_H

#include "media/record.h"
#include "room/change.h"
#include "room/dispatch.h"
#include "room/feature.h"
#include "room/out.h"
#include "room/tell.h"
#include <jansson.h>

#define LIVE_LOOPS   4
#define LIVE_CONNS   1024 /* per loop */
#define LIVE_STREAMS 40
#define LIVE_START   1800000000000000LL /* Unix us of the fake clock */

struct live;

struct live_conn {
    json_t *frames;            /* every text frame, in order */
    int sends;                 /* payloads */
    int media;                 /* of them: binary frames, which are not in frames */
    int records[LIVE_STREAMS]; /* of live media in them, without configs and ends, by stream */
    int bare[LIVE_STREAMS];    /* of these, those before which no config of their stream came */
    bool configured[LIVE_STREAMS];
    enum frame_class last_class;
    uint64_t last_key;
    struct payload *last;
    char place[PLACE_SIZE]; /* that the last join's answer gave */
    uint16_t closed;        /* code, 0: open */
};

/* live_wire.c: what the fake wire does with a frame that it is given. */
void live_keep(struct live_conn *c, enum frame_class class, const struct payload *frame);

struct live_loop {
    struct live *live;
    struct dispatch *d;
    struct mailbox mailbox;
    struct live_conn conns[LIVE_CONNS];
    uint64_t next;
    /* What wire.send does to a reader that is too slow: it closes inside the call. */
    uint64_t choked;
};

struct live {
    struct clock own_clock, *clock;
    struct app app;
    struct event_catalog *catalog;
    struct dispatch *peers[LIVE_LOOPS];
    struct live_loop loop[LIVE_LOOPS];
    int loops;
    enum err lookup_err;   /* ERR_OK: as the token says */
    unsigned lookup_roles; /* 0: as the token says */
    int64_t until;         /* of every look-up's answer; 0: never */
    bool lookup_later;     /* answers wait in `asked` until live_answer_lookups() */
    struct list asked;
    struct id organisation, congress;
    struct id session, other_session; /* of one home loop each, different where there are several */
    struct id (*person)(unsigned roles, int n); /* who a token's person is */
    int64_t requests;
    struct rate_table *rates;
};

/* clock NULL: a fake one at LIVE_START. lookup NULL: from the token. */
struct live *live_new(int loops, const struct feature *const *features, struct db *db,
                      struct clock *clock, sign_in_lookup *lookup);
/* One loop with a database, whose rooms open as `open` says. */
struct live *live_new_opened(const struct feature *const *features, struct db *db,
                             void (*open)(struct room_opening *opening));
void live_free(struct live *live);
void live_answer_lookups(struct live *live);
/* Opens the session's room and stays out of it. */
void live_join_nobody(struct live *live);

/* person: any number; the same number is the same person. */
uint64_t live_open(struct live *live, int loop, unsigned roles, int person);
uint64_t live_open_token(struct live *live, int loop, const uint8_t token[TOKEN_HASH_SIZE]);
/* A browser that is signed in twice. */
uint64_t live_open_with(struct live *live, int loop, const struct sign_ins *sign_ins);
/* By the door for media. */
uint64_t live_open_publisher(struct live *live, int loop, unsigned roles, int person);
/* One record from a publisher; its bytes are zeros where it has none. */
void live_record(struct live *live, uint64_t conn, const struct media_record *record);
uint64_t live_open_outdated(struct live *live, int loop, const uint8_t token[TOKEN_HASH_SIZE]);
struct id live_sign_in(unsigned roles, int person);
struct id live_person(int person); /* what live.person says unless a test sets another */
void live_close(struct live *live, uint64_t conn, int64_t last_rx);
void live_text(struct live *live, uint64_t conn, const char *text); /* one frame from the client */
/* A command with data as JSON text; returns the request's id. Nothing runs yet. */
int64_t live_command(struct live *live, uint64_t conn, const char *command, const char *data);
/* Tagged with another place than that of the last join; NULL: none. */
int64_t live_command_at(struct live *live, uint64_t conn, const char *place, const char *command,
                        const char *data);
int64_t live_ask_join(struct live *live, uint64_t conn, const struct id *session, const char *epoch,
                      int64_t seq); /* epoch NULL: no resume */
/* Runs all loops until nothing moves. */
void live_run(struct live *live);
/* The clock goes on, each loop ticks once, and all run. */
void live_advance(struct live *live, int64_t us);
/* Runs until the answer is there (real database below): borrowed; aborts after 10 s. */
json_t *live_wait_answer(struct live *live, uint64_t conn, int64_t request);
bool live_until(struct live *live, bool (*holds)(struct live *live, void *arg), void *arg);

/* open, join, run; forgets the frames so far. Aborts when the join was refused. */
uint64_t live_member(struct live *live, int loop, unsigned roles, int person);

/* As after a commit whose outcome nobody knows: the session's room reads the log, and counts. */
void live_look(struct live *live);
/* Begins a change by `who` at the fake clock's time. */
void live_change(struct live *live, struct change *change, const struct identity *who);

struct live_conn *live_conn(struct live *live, uint64_t conn);
void live_forget(struct live *live, uint64_t conn);
json_t *live_answer(struct live *live, uint64_t conn, int64_t request); /* borrowed, or NULL */
/* What the answer says in "ok": borrowed; NULL: no answer, or an error. */
json_t *live_ok(struct live *live, uint64_t conn, int64_t request);
/* "" or the code of the answer's error. */
const char *live_code(struct live *live, uint64_t conn, int64_t request);
/* The frames whose member `kind` ("event", "state") is name, in order; borrowed n-th or NULL. */
json_t *live_nth(struct live *live, uint64_t conn, const char *kind, const char *name, size_t n);
size_t live_count(struct live *live, uint64_t conn, const char *kind, const char *name);

#endif
