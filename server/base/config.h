/* The configuration: one INI-like file plus environment variables AMPHI_<NAME> of the same names,
 * the environment winning. Every value has a default that works on a laptop; a wrong or unknown one
 * stops the start with a message that names it. Constant after config_load(). */
#ifndef AMPHI_BASE_CONFIG_H
#define AMPHI_BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

struct config {
    /* listening */
    char *address;           /* to bind; "127.0.0.1" */
    int port;                /* 8443; 0: any (printed) */
    int metrics_port;        /* 9443 on 127.0.0.1; 0: any; -1: none */
    char *base_url;          /* what links in mails start with; default from address and port */
    char *certificate, *key; /* PEM files; certs/ by default */
    bool tls;                /* off only for measuring and behind a TLS proxy on this machine */
    char *trusted_proxies;   /* comma-separated addresses that may send PROXY protocol v2 */
    int loops;               /* 0: one per processor this process may use */
    int max_connections;     /* 0: from the descriptor limit */
    int drain_spread_ms;     /* over which members are sent to other servers; 0: there are none */
    int drain_ms;            /* longest wait after SIGTERM, and after that */
    int end_alone_minutes;   /* until a live session that nobody is in ends; 0: never */
    int ping_ms;             /* websocket ping period, at most 20000 */
    int idle_ms;             /* an HTTP connection without a whole request; a body's grace */
    int stall_ms;            /* a reply slower than its least rate so long is cut */
    int slow_ms;             /* what waits longer for a live client closes it */
    /* data */
    char *database_url;       /* empty: the embedded cluster below data */
    char *database_owner_url; /* who migrates; empty: whoever database_url names */
    char *data;               /* folder of everything the server writes: "var" */
    char *secret_key_file;    /* empty: secret.key in data */
    char *node_name;          /* of this server's leases: "main" */
    char *blobs;              /* "": in data; a shared folder, or s3://bucket/prefix with: */
    char *s3_endpoint, *s3_region, *s3_access_key, *s3_secret_key, *s3_ca;
    int blob_cache_mb;        /* of an S3 store, kept in data */
    char *nats_url, *nats_ca; /* the bus to the other nodes; empty: one server alone */
    int workers_hot, workers_short, workers_long;
    int busy_after_ms; /* how long a command waits for the database before server.busy */
    int lease_ms;      /* how often the lease is written: within a second, writing included */
    /* mail */
    char *mail_from, *smtp_url, *smtp_user, *smtp_password, *smtp_ca;
    /* a provider that vouches for who registers; issuer "": none */
    char *oidc_issuer, *oidc_client_id, *oidc_client_secret_file, *oidc_preset;
    char *oidc_name; /* as people know it; by default of the preset, else the issuer's host */
    char *oidc_scopes, *oidc_acr_values, *oidc_claims, *oidc_ca;
    bool oidc_userinfo; /* what it says of people is asked for beside the ID token */
    /* folders that come with the program */
    char *web, *migrations, *sample, *render_helper;
    char *user; /* whom to become when started by root: "nobody" where nothing is said */
    /* limits */
    int max_upload_mb;  /* of a deck: 200 */
    int storage_mb;     /* what one organisation's decks may take; 0: not bounded */
    int disk_floor_mb;  /* free space that is left for PostgreSQL and the log */
    int render_helpers; /* at once: 2 */
    int render_page_seconds;
    bool rpps_check; /* off only for tests: RPPS numbers with a wrong check digit are taken */
    /* slides */
    bool slide_push;     /* images ahead over the websocket; off: browsers fetch them */
    int slide_spread_ms; /* over which time the next page's image reaches everybody: 8000 */
    int render_memory_mb;
    /* log */
    int log_level;
};

/* NULL path: defaults and environment only. On failure false and one line in why. */
bool config_load(struct config *c, const char *path, char *why, size_t why_size);
void config_release(struct config *c);
/* Writes every name, its default and what it means, as --help shows it and the README holds it. */
void config_describe(int fd);

#endif
