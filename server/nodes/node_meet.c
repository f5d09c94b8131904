/* Before a node serves it meets the others that live on its database. Nodes of two clusters on one
 * database, or several without NATS, would each be told only half of what happens: who comes second
 * does not start. Who does not renew its lease any more is waited for. */
#include "base/config.h"
#include "base/log.h"
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
    bool said;
    int64_t greet_at, renew_at;
};

static bool is_heard(struct node *node, const struct id *id)
{
    pthread_mutex_lock(&node->lock);
    bool heard = peers_is_heard(&node->peers, id);
    pthread_mutex_unlock(&node->lock);
    return heard;
}

#define SAME_NATS "all nodes of a database need the same NATS"

/* What is wrong with one that lives and is not heard. NULL: nothing can be said of it. Of two that
 * begin at once, and have not said yet what they are, the later one gives way. */
static const char *fault_of(const struct node *node, const struct peer_row *row)
{
    if (!node->bus && row->bus == PEER_BUS_NONE)
        return "has none, nor has this server; " SAME_NATS;
    if (row->bus == PEER_BUS_UNSAID)
        return !node->bus && row->older ? "begins, too, and this server has none; " SAME_NATS
                                        : NULL;
    if (!node->bus)
        return "has one, and this server has none; " SAME_NATS;
    if (row->bus == PEER_BUS_NONE)
        return "has none; " SAME_NATS;
    return row->bus == PEER_BUS_WHOLE ? "has one, and is not heard on this one; " SAME_NATS
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
    const char *fault = fault_of(m->node, row);
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

/* The others see that this run lives while it does not serve yet, and says nothing of itself. */
static enum err keep_lease(struct node *node, struct db_conn *conn)
{
    bool alive = false;
    int64_t database_now = 0;
    return node_renew(conn, &node->app->node, clock_now_us(node->app->clock), "{}", &alive,
                      &database_now);
}

static enum err look(struct node *node, struct db_conn *conn, struct meeting *m)
{
    int64_t now = node_mono(node);
    enum err err = ERR_OK;
    if (node->bus && node_due(&m->greet_at, now, GREET_US))
        node_beat(node, true);
    if (node_due(&m->renew_at, now, node->app->config->lease_ms * US_PER_MS))
        err = keep_lease(node, conn);
    m->heard = m->unsettled = 0;
    m->fault = NULL;
    if (!err)
        err = node_list(conn, &node->app->node, meet_one, m);
    if (m->fault && !m->said)
        log_info("nodes.waiting", "{s:s,s:s}", "node", m->name, "for", m->fault);
    m->said |= m->fault != NULL;
    return err;
}

bool node_meet_others(struct node *node, struct db_conn *conn, char *why, size_t why_size)
{
    struct meeting m = {.node = node};
    int64_t until = node_mono(node) + MEET_US;
    for (;;) {
        if (look(node, conn, &m) != ERR_OK) {
            snprintf(why, why_size, "cannot read the other nodes; the log says why");
            return false;
        }
        bool over = node_mono(node) > until;
        if (m.heard || !can_hear(node) || (!m.fault && (over || !m.unsettled)))
            return true;
        if (over) {
            snprintf(why, why_size, "nats_url: node '%s' on this database %s", m.name, m.fault);
            return false;
        }
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
    }
}
