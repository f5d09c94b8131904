/* The network: listening sockets, TLS, HTTP/1.1 and the live websocket, one libwebsockets context
 * per loop. The only folder that sees libwebsockets. Life, all on the main thread:
 *
 *     net = net_new(&config, why, sizeof why);      binds the port; the loops do not run yet
 *     wire = net_wire(net, i); d = dispatch_new(…, &wire); net_set_dispatch(net, i, d);
 *     net_start(net, why, sizeof why); loop_run_thread(…);
 *     net_drain(net, ms);                           the loops still run; when it returns, all
 *                                                   connections and sockets are closed
 *     loop_stop(…); loop_join(…); dispatch_free(…); net_free(net); loop_free(…);
 *
 * net calls dispatch_conn_*, dispatch_turn (each turn), dispatch_tick (each 100 ms) and, from
 * net_drain, dispatch_drain. */
#ifndef AMPHI_NET_NET_H
#define AMPHI_NET_NET_H

#include "base/buf.h"
#include "http/server.h"
#include "loop/loop.h"
#include "room/dispatch.h"
#include <stdbool.h>

struct net;

/* The rooms behind the live websockets: dispatch.h, unless a test brings its own. */
struct net_rooms {
    void (*opened)(struct dispatch *d, uint64_t conn, const struct greeting *greeting);
    void (*message)(struct dispatch *d, uint64_t conn, const char *text, size_t len);
    void (*closed)(struct dispatch *d, uint64_t conn, int64_t last_rx);
    void (*turn)(struct dispatch *d);
    void (*tick)(struct dispatch *d);
    void (*drain)(struct dispatch *d);
    bool (*drained)(const struct dispatch *d);
};

struct net_config {
    struct loop *const *loops;
    int loop_count;
    const char *address;  /* to bind, numeric; "127.0.0.1" or "::" */
    int port;             /* 0: any */
    int metrics_port;     /* on 127.0.0.1; 0: any; -1: none */
    const char *base_url; /* "https://host:port"; NULL: localhost and the port */
    bool tls;
    const char *certificate, *key; /* PEM files */
    const char *trusted_proxies;   /* comma-separated addresses; NULL or "": none */
    const char *lock_folder;       /* for the lock file of the port; NULL: "/tmp" */
    const char *web;               /* folder of the built pages; NULL: none */
    struct blob_store *blobs;      /* where the bodies of spool routes go */
    int max_connections;           /* 0: from the descriptor limit */
    int reserved_descriptors;      /* not for connections; 0: 500 */
    int anonymous_per_address;     /* connections that are not signed in; 0: 1000 */
    int ping_ms;                   /* 0: 20000 */
    int queue_bytes, queue_age_ms; /* of one live connection; 0: 1 MB and 10 s */
    int idle_ms;                   /* HTTP connections; 0: 10000 */
    int stall_ms;                  /* a reply slower than its rate so long is cut; 0: 30000 */
    struct http_hooks http;
    const struct net_rooms *rooms;    /* NULL: dispatch.h */
    bool (*ready)(struct app *app);   /* for /readyz; any loop */
    void (*metrics)(struct buf *out); /* NULL: base/metrics.h */
};

/* NULL with one line in why. Raises the descriptor limit to the hard one. */
struct net *net_new(const struct net_config *config, char *why, size_t why_size);
int net_port(const struct net *net);
int net_metrics_port(const struct net *net);
const char *net_base_url(const struct net *net);
struct wire net_wire(struct net *net, int loop);
void net_set_dispatch(struct net *net, int loop, struct dispatch *dispatch);
enum err net_start(struct net *net, char *why, size_t why_size) MUST_CHECK;
/* New connections get the certificate that the files hold now. Checks the pair first: not ERR_OK
 * with a line in why leaves everything as it is. Any thread. */
enum err net_reload(struct net *net, char *why, size_t why_size) MUST_CHECK;
/* Refuses new work, says good-bye, waits at most ms, then closes everything. Main thread. */
void net_drain(struct net *net, int ms);
void net_free(struct net *net);

/* Where a handle's connection lives. */
#define NET_HANDLE_LOOP(conn) ((int)((conn) >> 56))

#endif
