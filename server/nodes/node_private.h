/* What the files of a node share: its thread (node.c) and what that does (node_turn.c). */
#ifndef AMPHI_NODES_NODE_PRIVATE_H
#define AMPHI_NODES_NODE_PRIVATE_H

#include "base/app.h"
#include "nodes/control.h"
#include "nodes/horizons.h"
#include "nodes/node.h"
#include "nodes/node_store.h"
#include "nodes/peers.h"
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* What the database lists, read without the lock; the thread's. */
struct listing {
    struct peer_row all[NODES_MOST];
    struct peer gone[NODES_MOST];
    size_t n, gone_n;
};

struct node {
    struct app *app;
    char *url, admission[NODE_ADMISSION_SIZE];
    struct node_hooks hooks;
    struct bus *bus, *streams; /* NULL: one server alone */
    pthread_t thread;
    bool running;
    atomic_bool over;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t woken;
    bool stopping, news, greeted; /* greeted: somebody new asks who is there */
    struct peers peers;
    struct node_report shown[NODES_MOST]; /* to operators */
    size_t shown_n;
    int64_t shown_at; /* monotonic us; 0: never */
    /* The thread's own. */
    struct db_conn *conn;
    /* monotonic us: due */
    int64_t renew_at, control_at, missed_at, sweep_at, beat_at, apart_at, bus_at, show_at;
    int64_t steady_since; /* of renewals without a failure; 0: the last one failed */
    int64_t horizon;      /* of the control log; 0: not known yet */
    struct control control;
    struct horizons horizons;
    struct control_row rows[CONTROL_ROWS_MOST];
    struct listing listing;
    struct node_report reading[NODES_MOST];
    size_t reading_n;
};

static inline int64_t node_mono(const struct node *node)
{
    return clock_mono_us(node->app->clock);
}

/* Whether it is time; then it is again after `every`. */
static inline bool node_due(int64_t *at, int64_t now, int64_t every)
{
    if (now < *at)
        return false;
    *at = now + every;
    return true;
}

/* Says that this run is there. is_new: the others are to answer at once. */
static inline void node_beat(const struct node *node, bool is_new)
{
    const char *data = is_new ? "{\"new\":true}" : "{}";
    bus_publish(node->bus, "beat", data, strlen(data));
}

/* node_meet.c: before this run serves. False with one line in why: it is not of the same cluster as
 * the others on its database. */
bool node_meet_others(struct node *node, struct db_conn *conn, char *why,
                      size_t why_size) MUST_CHECK;

/* node_turn.c: on the node's thread. Each is one round of questions to the database. */
void node_register_meters(void);
void node_run_is_over(struct node *node);
/* The lease, and then the other nodes: who is away, who is to be ended. */
enum err node_renew_lease(struct node *node) MUST_CHECK;
/* Reads what operators are shown. */
enum err node_read_shown(struct node *node) MUST_CHECK;
enum err node_read_control(struct node *node) MUST_CHECK;
/* A sign of life, and whether something of the others was missed. */
void node_look_after_others(struct node *node, int64_t now);

#endif
