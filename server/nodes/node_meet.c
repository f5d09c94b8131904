/* Before a node serves it meets the others that live on its database. Nodes of two clusters on one
 * database would each be told only half of what happens: who comes second does not start. */
#include "base/config.h"
#include "nodes/node_private.h"
#include <stdio.h>
#include <time.h>

#define MEET_US  (5 * US_PER_S) /* a beat comes each second; a dead node's lease is over, too */
#define LOOK_MS  50
#define GREET_US (250 * US_PER_MS)

struct meeting {
    struct node *node;
    int heard, unsettled; /* unsettled: it has not said yet what it is */
    const char *fault;    /* NULL: none */
    char name[64];        /* whose it is */
};

static bool is_heard(struct node *node, const struct id *id)
{
    pthread_mutex_lock(&node->lock);
    bool heard = peers_is_heard(&node->peers, id);
    pthread_mutex_unlock(&node->lock);
    return heard;
}

#define SAME_NATS "all nodes of a database need the same NATS"

/* What is wrong with one that lives and is not heard. NULL: nothing can be said of it. */
static const char *fault_of(const struct node *node, enum peer_bus bus)
{
    if (!node->bus)
        return bus == PEER_BUS_NONE ? NULL : "has one, and this server has none; " SAME_NATS;
    if (bus == PEER_BUS_NONE)
        return "has none; " SAME_NATS;
    return bus == PEER_BUS_WHOLE ? "has one, and is not heard on this one; " SAME_NATS
                                   ", and another cluster a database of its own"
                                 : NULL;
}

static void meet_one(void *arg, const struct peer_row *row, const char *name)
{
    struct meeting *m = arg;
    if (row->age > NODE_AWAY_US)
        return;
    if (is_heard(m->node, &row->id)) {
        m->heard++;
        return;
    }
    const char *fault = row->bus == PEER_BUS_UNSAID ? NULL : fault_of(m->node, row->bus);
    m->unsettled += row->bus == PEER_BUS_UNSAID;
    if (!fault || m->fault)
        return;
    m->fault = fault;
    snprintf(m->name, sizeof m->name, "%s", name);
}

/* Who cannot be heard now may be of whatever cluster. */
static bool can_hear(const struct node *node)
{
    return !node->bus || bus_is_connected(node->bus);
}

bool node_meet_others(struct node *node, struct db_conn *conn, char *why, size_t why_size)
{
    int64_t until = node_mono(node) + MEET_US, greet_at = 0;
    for (;;) {
        struct meeting m = {.node = node};
        int64_t now = node_mono(node);
        if (node->bus && node_due(&greet_at, now, GREET_US))
            node_beat(node, true);
        if (node_list(conn, &node->app->node, meet_one, &m) != ERR_OK) {
            snprintf(why, why_size, "cannot read the other nodes; the log says why");
            return false;
        }
        if (m.heard || !can_hear(node) || (!m.fault && !m.unsettled))
            return true;
        if (now > until && m.fault) {
            snprintf(why, why_size, "nats_url: node '%s' on this database %s", m.name, m.fault);
            return false;
        }
        if (now > until)
            return true;
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
    }
}
