/* What net is told when it is made, and the defaults of what it is not told. Pure. */
#ifndef AMPHI_NET_CONFIG_H
#define AMPHI_NET_CONFIG_H

#include "base/buf.h"
#include "http/server.h"
#include "loop/loop.h"
#include "room/dispatch.h"
#include <netinet/in.h>
#include <stdbool.h>

#define TRUSTED_MOST 16

/* The rooms behind the live websockets: dispatch.h, unless a test brings its own. */
struct net_rooms {
    void (*opened)(struct dispatch *d, uint64_t conn, const struct greeting *greeting);
    void (*message)(struct dispatch *d, uint64_t conn, const char *text, size_t len);
    void (*media)(struct dispatch *d, uint64_t conn, const void *bytes, size_t len);
    void (*closed)(struct dispatch *d, uint64_t conn, int64_t last_rx, int64_t gone);
    void (*turn)(struct dispatch *d);
    int64_t (*serve_media)(struct dispatch *d); /* NULL: there are none */
    void (*tick)(struct dispatch *d);
    void (*leave)(struct dispatch *d, int64_t first, int64_t spread); /* with net_leave() only */
    bool (*left)(const struct dispatch *d);
    void (*drain)(struct dispatch *d);
    bool (*drained)(const struct dispatch *d);
};

/* The way to other nodes, of whose ids the first bytes are known. Any thread. */
#define NET_NODE_MARK 4
struct net_others {
    bool (*find)(struct app *app, const uint8_t mark[static NET_NODE_MARK], struct id *node);
    void (*send)(struct app *app, const struct id *node, const char *kind, const char *data,
                 size_t len);
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
    const struct net_others *others;  /* NULL: one server alone */
    bool (*ready)(struct app *app);   /* for /readyz; any loop */
    void (*metrics)(struct buf *out); /* NULL: base/metrics.h */
    /* Pages for operators, beside /metrics and as open to whoever is on this machine. Loop thread.
     * NULL when there is no such page, else its type. NULL: there are none. */
    const char *(*operators)(struct app *app, const char *path, const char *accept_language,
                             struct buf *out);
};

void net_config_defaults(struct net_config *c);

/* Proxies whose word about where a connection comes from counts; IPv4 as mapped addresses. */
struct trusted {
    struct in6_addr addresses[TRUSTED_MOST];
    size_t count;
};

/* Comma-separated; NULL: none. ERR_INVALID with a line in why. */
enum err trusted_parse(const char *addresses, struct trusted *out, char *why,
                       size_t why_size) MUST_CHECK;

#endif
