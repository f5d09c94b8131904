/* What the files of net/ share. A connection belongs to the loop that accepted it; nothing here is
 * touched by another thread, but for struct net's budget and flags. */
#ifndef AMPHI_NET_INTERNAL_H
#define AMPHI_NET_INTERNAL_H

#include "net/assets.h"
#include "net/budget.h"
#include "net/config.h"
#include "net/gate.h"
#include "net/outq.h"
#include "net/spool.h"
#include "net/tickets.h"
#include <libwebsockets.h>
#include <netinet/in.h>
#include <stdatomic.h>

#define WRITE_MAX            65536 /* tx_packet_size; one write is at most this (lws-03) */
#define READ_MAX             65536 /* pt_serv_buf_size: more than any TLS record (lws-02) */
#define LIVE_RX              512   /* rx_buffer_size: kept per connection for its whole life */
#define HEADERS_MAX          16384
#define UNSENT_MOST          16384 /* TCP_NOTSENT_LOWAT of websockets */
#define ACCEPTS_PER_WAKE     64
#define HANDLE_SLOT_BITS     23
#define HANDLE_CARRIED       (1ull << 55) /* no struct conn's: of a carried connection */
#define PUBLISH_RX           16384        /* the same, of a publisher */
#define LIVE_PATH            "/live"
#define PUBLISH_PATH         "/publish"
#define SUBPROTOCOL          "amphi.2"
#define SUBPROTOCOL_OUTDATED "amphi.1" /* greeted, so that its pages reload, and closed */
#define SUBPROTOCOL_MEDIA    "amphi-media.1"

/* What a libwebsockets connection's opaque pointer may point to; both begin with it. */
enum subject { SUBJECT_CONN, SUBJECT_LISTENER };

struct listener {
    enum subject subject;
    struct net_loop *loop;
    int fd;
    bool adopted; /* lws will close it */
    bool metrics;
    struct lws *wsi;
};

enum conn_phase { CONN_IDLE, CONN_BUSY, CONN_LIVE };

struct conn {
    /* What every frame that goes out touches comes first: one line of memory instead of three. */
    enum subject subject;
    enum conn_phase phase;
    struct net_loop *loop;
    struct lws *wsi;       /* NULL: closed; only lws itself still knows it */
    struct net_live *live; /* from the upgrade on */
    struct list dirty;     /* loop's dirty list, while live with something to send in this turn */
    uint32_t slot;
    bool metrics, killed;
    bool anonymous; /* counted against its address */

    uint64_t read_mark; /* bytes received when the last reply was done; 0: there was none */
    int64_t idle_us;    /* since when it is idle */
    struct list node;   /* loop's idle list, oldest first, while idle */
    struct id address_key;
    char address[INET6_ADDRSTRLEN];
    struct timer timer;
    struct exchange *exchange; /* HTTP request under way */
    int fd;
    struct gate gate;
};

struct slot {
    struct conn *conn;
    uint32_t generation;
};

struct net_loop {
    struct net *net;
    int index;
    struct loop *loop;
#if LWS_LIBRARY_VERSION_NUMBER >= 4003000
    lws_log_cx_t log; /* its users are counted without a lock: one for each thread */
#endif
    struct lws_context *context;
    struct lws_vhost *vhost, *metrics_vhost;
    struct listener listener, metrics_listener;
    struct dispatch *dispatch;
    struct slot *slots;
    uint32_t slot_count, slot_cap;
    uint32_t *free_slots;
    uint32_t free_count;
    struct list idle, dirty, proxied;
    struct map carried, carried_by_handle; /* connections that are carried by requests: carried.h */
    struct map carried_far; /* requests that wait for another node's answer: carried_far.c */
    struct list carried_dirty;
    uint64_t carried_made;
    struct list sending; /* exchanges that have something to write now */
    int writable_fd;     /* of those that could not: see writable.c; -1: not started */
    uv_poll_t writable;
    struct timer tick;
    uv_idle_t media_due; /* while it is, the loop does not wait */
    uv_timer_t media;    /* the next round of live media; the wheel is too coarse */
    int media_gave_way;  /* turns in a row */
    bool kick;           /* libwebsockets has something to do that no descriptor tells (lws-02) */
    bool leaving;        /* members are sent elsewhere: nothing new begins that lasts */
    bool draining, drained, destroying;
    atomic_bool left;    /* leaving, and nobody is connected any more */
    size_t open;         /* connections, proxied ones included */
    struct conn **by_fd; /* tap.c; NULL: not one of ours */
    size_t by_fd_cap;
    struct conn *adopting;
    bool adopting_created;
    unsigned char *scratch;            /* WRITE_MAX */
    struct payload *ping;              /* the same for everybody */
    int spare_fd;                      /* given up to refuse a connection when there is none left */
    int64_t leave_first, leave_spread; /* set by the main thread before it asks */
    struct message leave, drain, finish, reload;
    int64_t refusal_logged; /* when one of a client that asked too often was, and */
    int64_t refusals;       /* how many were not since */
};

/* Whatever comes next should come to another server. */
static inline bool net_going(const struct net_loop *l)
{
    return l->leaving || l->draining;
}

struct net {
    struct net_config config;
    char *base_url, *authority; /* "https://host:port", "host:port" */
    bool only_https;            /* browsers are told never to come by http again */
    int port, metrics_port;
    int lock_fd;
    struct trusted trusted;
    struct budget budget;
    struct assets *assets;
    struct http_server *http;
    struct tickets tickets;
    struct ssl_ctx_st *no_client; /* see tls_client() */
    struct net_loop *loops;
    pthread_mutex_t lock; /* of what follows: net_drain() and net_reload() wait for the loops */
    pthread_cond_t changed;
    int busy_loops;
};

/* --- rounds.c: live media in time --- */
bool rounds_start(struct net_loop *l);
void rounds_stop(struct net_loop *l); /* takes the loop a turn */
void rounds_turn(struct net_loop *l); /* once a turn, after the rooms' own */
/* --- conn.c --- */
struct conn *conn_new(struct net_loop *l, const struct sockaddr_storage *from, bool metrics);
void conn_closed(struct conn *c); /* lws says so: gives everything back but the struct */
void conn_free(struct conn *c);
struct conn *conn_find(struct net_loop *l, uint64_t handle); /* NULL: gone */
uint64_t conn_handle(const struct conn *c);
void conn_kill(struct conn *c); /* at once, without a word; from anywhere on the loop */
void conn_idle(struct conn *c);
void conn_busy(struct conn *c);
/* Closes the n connections that are idle longest, those that have only just come where said. */
void conn_shed(struct net_loop *l, int n, bool arriving_too);
void conn_signed_in(struct conn *c);
uint64_t conn_bytes_read(struct conn *c); /* handed to lws so far, on the wire's level */
void address_key(const struct sockaddr_storage *from, struct id *key, char *text, size_t size);

/* --- listen.c --- */
enum err listen_open(struct net *net, char *why, size_t why_size);
void listen_close(struct net *net);
/* --- accept.c --- */
void accept_some(struct listener *li);
void accept_adopt(struct net_loop *l, struct conn *c, int fd);
/* --- tap.c: what is read is looked at before lws has it --- */
void tap_add(struct net_loop *l, struct conn *c, int fd);
void tap_remove(struct conn *c);
/* --- proxied.c --- */
bool proxied_trusts(const struct net *net, const struct sockaddr_storage *from);
void proxied_begin(struct net_loop *l, int fd, const struct sockaddr_storage *from);
void proxied_abort(struct net_loop *l);

/* --- context.c --- */
enum err context_create(struct net_loop *l, char *why, size_t why_size);
void context_adopt_listeners(struct net_loop *l);
void context_close_listeners(struct net_loop *l);

/* --- tls.c --- */
enum err tls_check_pair(const char *certificate, const char *key, char *why, size_t why_size);
void tls_context(struct net *net, void *ssl_ctx);
/* lws makes a context for outgoing connections with each vhost and never frees it; it is given this
 * one, which is never used. */
struct ssl_ctx_st *tls_client(struct net *net);
void tls_free(struct net *net);
void tls_info(struct net *net, struct lws_context_creation_info *info);

/* --- exchange.c, respond.c: HTTP. The callbacks return what lws expects. --- */
int exchange_begin(struct conn *c);
int exchange_body(struct conn *c, const void *bytes, size_t len);
int exchange_body_end(struct conn *c);
int exchange_writeable(struct conn *c);
void exchange_timer(struct conn *c);
void exchange_drop(struct conn *c);
void respond_flush(struct net_loop *l); /* once a turn, outside of lws's callbacks */
/* --- writable.c --- */
bool writable_start(struct net_loop *l);
void writable_stop(struct net_loop *l); /* takes the loop a turn */
/* The connection's exchange is woken once its socket can take something. */
void writable_wait(struct conn *c);

/* Copies a header; "" when absent; false when it does not fit. */
bool header_copy(struct lws *wsi, enum lws_token_indexes token, char *out, size_t size);

/* --- live.c, live_in.c, upgrade.c: the websocket --- */
int upgrade_check(struct conn *c); /* 0: go on; else what CONFIRM_UPGRADE returns */
void net_live_opened(struct conn *c);
/* What the gate saw in the bytes that lws has next. code: to close with, 0: they are good. False:
 * they are not for lws. */
bool net_live_framed(struct conn *c, uint16_t code, const struct gate_seen *seen);
int net_live_received(struct conn *c, const char *bytes, size_t len);
void net_live_seen(struct conn *c);
int net_live_writeable(struct conn *c);
int net_live_peer_closes(struct conn *c);
void net_live_timer(struct conn *c);
void net_live_drop(struct conn *c, bool by_peer);
void net_live_flush(struct net_loop *l);
struct net_live *net_live_new(struct net_loop *l, const struct greeting *greeting);

/* --- metrics --- */
extern struct metric net_accepted, net_refused, net_open_http, net_open_live, net_requests,
    net_live_closed_slow, net_live_closed_silent, net_bytes_sent, net_frames_sent, net_open_carried;

static inline int64_t net_now(const struct net_loop *l)
{
    return clock_mono_us(l->net->config.http.clock);
}

#endif
