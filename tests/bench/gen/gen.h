/* The load generator: one thread, one epoll, thousands of websocket clients, plain or TLS.
 *
 * The runner writes one line of JSON for each phase on stdin, {"phase":"connect",…}, and reads one
 * line back when the phase is over, {"phase":"connect",…} or {"phase":"connect","error":"…"}.
 * Between phases the clients stay and answer pings. A new phase is a file phase_<name>.c with one
 * struct phase, named in phases.c. While a phase runs, what happens to any connection is told to
 * it.
 *
 * A connection speaks one of
 *   AMPHI  amphi's live protocol: upgrade with cookie, greeting, session.join, snapshot, READY
 *   PLAIN  a bare websocket: READY after the upgrade
 *   BYTES  a bare stream, for HTTP: READY when connected; what comes goes to phase.bytes */
#ifndef AMPHI_BENCH_GEN_H
#define AMPHI_BENCH_GEN_H

#include <jansson.h>
#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define US_PER_MS 1000LL

enum speaks { AMPHI, PLAIN, BYTES };
enum state { FREE, CONNECTING, HANDSHAKE, UPGRADING, GREETING, JOINING, READY };
enum opcode { OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

struct bytes {
    char *at;
    size_t len, cap;
};

struct conn {
    int fd;
    SSL *ssl;
    SSL_SESSION *resume; /* own: of an earlier connection of the same client; NULL: none */
    enum state state;
    enum speaks speaks;
    bool member;     /* counts as one of the audience */
    bool want_write; /* EPOLLOUT is armed */
    uint32_t slot;   /* its place in gen.conns; connect answers with the first one */
    struct bytes rx; /* the beginning of a frame whose rest has not come */
    struct bytes tx; /* what the kernel did not take */
    char *path;      /* borrowed from the phase's arguments */
    char *cookie;    /* own; NULL: none */
    int port;
    uint64_t next_id; /* of the next command */
    int rate;         /* bytes a second that it reads, as over a thin line; 0: all that there is */
    int64_t rest_until; /* it reads nothing before */
    uint32_t resting;   /* slot + 1 of the next of gen.resting */
    char place[9];      /* AMPHI: the session's, named by each command */
    /* for the running phase alone */
    uint32_t seen;
    int64_t at_us;
    uint64_t awaited;
};

struct target {
    enum speaks speaks;
    bool tls;
    int port;
    char host[128], origin[160], session[40];
};

struct gen;

struct phase {
    const char *name;
    /* Reads the arguments and starts. Returns NULL, or what is wrong with them. */
    const char *(*begin)(struct gen *g, json_t *args);
    /* Each may be NULL. */
    void (*turn)(struct gen *g);                   /* once a loop turn; see gen_wake_at() */
    void (*opened)(struct gen *g, struct conn *c); /* it became READY */
    void (*closed)(struct gen *g, struct conn *c); /* by the peer, or a fault */
    void (*frame)(struct gen *g, struct conn *c, enum opcode op, const char *body, size_t len);
    void (*bytes)(struct gen *g, struct conn *c, const char *bytes, size_t len);
    /* Fills the answer; also called when the time was up. */
    void (*end)(struct gen *g, json_t *answer);
};

struct gen {
    int epoll;
    SSL_CTX *tls;
    struct target target;
    struct conn *conns;
    size_t count, cap;
    size_t ready, members; /* READY ones, and those of them that are members */
    int64_t now_us;        /* of the event being handled */
    const struct phase *phase;
    json_t *args;
    int64_t begun_us, deadline_us, wake_us;
    uint32_t resting; /* slot + 1 of the first that reads slowly and waits */
    bool done, quit;
    uint64_t pings, frames_in, reads, closed_by_peer;
    char fault[200]; /* the last one, for answers */
};

/* --- gen.c --- */
int64_t now_us(void);
void gen_done(struct gen *g);                   /* the phase is over at the end of this event */
void gen_wake_at(struct gen *g, int64_t at_us); /* the next turn comes at this time at the latest */
__attribute__((format(printf, 2, 3))) void gen_fault(struct gen *g, const char *format, ...);

/* --- args.c: reading a phase's arguments --- */
int64_t arg_int(const json_t *args, const char *name, int64_t fallback);
const char *arg_text(const json_t *args, const char *name, const char *fallback);
bool arg_bool(const json_t *args, const char *name, bool fallback);
/* Lines skip … skip + n - 1 of a file, each of its own; NULL and a fault when there are fewer. */
char **arg_lines(struct gen *g, const char *path, size_t skip, size_t n);
/* {"p50","p99","max","mean"} in milliseconds; sorts. */
json_t *summary_ms(int64_t *us, size_t n);

/* --- conn.c: sockets and TLS --- */
bool conns_reserve(struct gen *g, size_t more); /* slots do not move while connections are open */
struct conn *conn_take(struct gen *g, enum speaks speaks);
void conn_renew(struct gen *g, struct conn *c); /* a FREE one of amphi's, in its old slot */
void conn_open(struct gen *g, struct conn *c);
void conns_rested(struct gen *g); /* each turn: who reads slowly goes on when it is time */
void conn_event(struct gen *g, struct conn *c, uint32_t events);
void conn_write(struct gen *g, struct conn *c, const void *bytes, size_t len);
void conn_fail(struct gen *g, struct conn *c, const char *why); /* closes, tells the phase */
void conn_close(struct gen *g, struct conn *c);                 /* closes, tells nobody */
void conn_ready(struct gen *g, struct conn *c);
bool target_tls(struct gen *g);

/* --- frames.c: websocket and the way to READY --- */
void frames_upgrade(struct gen *g, struct conn *c);
void frames_received(struct gen *g, struct conn *c, const char *bytes, size_t len);
void frames_send(struct gen *g, struct conn *c, enum opcode op, const void *body, size_t len);
/* Appends a masked frame to out. */
void frames_build(struct bytes *out, enum opcode op, const void *body, size_t len);
/* Appends a command {"id":N,…}, with the connection's place where it has one. */
void frames_command(struct bytes *out, const struct conn *c, const char *text, size_t len);
/* The place that an answer names becomes the connection's; none: as it was. */
void frames_keep_place(struct conn *c, const char *text, size_t len);
void frames_send_command(struct gen *g, struct conn *c, const char *text, size_t len);
/* Whether a text begins so, and the id of a text that begins {"id":N, (0: it does not). */
bool begins(const char *text, size_t len, const char *with);
uint64_t answer_id(const char *text, size_t len, bool *ok);

void bytes_add(struct bytes *b, const void *from, size_t len);
void bytes_drop(struct bytes *b, size_t len); /* from the front */
void bytes_free(struct bytes *b);

/* --- phases.c --- */
const struct phase *phase_find(const char *name);

#endif
