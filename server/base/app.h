/* What main built once: process-wide services, constant afterwards, usable from any thread. */
#ifndef AMPHI_BASE_APP_H
#define AMPHI_BASE_APP_H

#include "base/clock.h"
#include "base/id.h"

struct blob_store;
struct config;
struct db;
struct dispatch;
struct event_catalog;
struct feature;
struct jobs;
struct mail_sender;
struct net;
struct node;
struct oidc;
struct rate_table;
struct render_config;
struct secrets;

struct app {
    const struct config *config;
    struct clock *clock;
    struct db *db;
    struct blob_store *blobs;
    struct mail_sender *mail;
    const struct secrets *secrets;
    /* What one client may ask for: requests, commands of live sessions, passwords tried and links
     * asked for. */
    struct rate_table *request_rates, *command_rates, *sign_in_rates;
    const struct render_config *render;
    struct oidc *oidc;                     /* NULL: no provider vouches for people */
    struct jobs *jobs;                     /* NULL until the features have started */
    const struct feature *const *features; /* all, NULL-terminated; see room/feature.h */
    const struct event_catalog *events;    /* every type of event that a feature declares */
    struct dispatch **dispatchers;         /* one a loop; NULL before there are any */
    int loops;
    struct id node;         /* this run of the server: spans carry it */
    struct node *node_here; /* its lease and the way to other nodes; NULL in most tests */
    struct net *net;        /* NULL in most tests */
    const char *base_url;   /* "https://localhost:8443", no slash at the end */
};

#endif
