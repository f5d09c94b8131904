/* What a node does at each turn of its thread: its lease, the other nodes, the control log. */
#include "base/config.h"
#include "base/log.h"
#include "base/metrics.h"
#include "nodes/limits.h"
#include "nodes/node_private.h"
#include <inttypes.h>
#include <stdio.h>

#define MISSED_EVERY_US (2 * US_PER_S) /* rooms read again at most so often */
/* The database has taken writes for so long: one may end others. */
#define STEADY_US             (10 * US_PER_S)
#define FIGURES_SIZE          256
#define COMPLAIN_EVERY_US     (60 * US_PER_S)
#define BUS_COMPLAIN_EVERY_US (5 * US_PER_S)

static struct metric meter_others = METRIC_GAUGE("amphi_nodes_others", "Other nodes that live");
static struct metric meter_missed = METRIC_COUNTER(
    "amphi_nodes_missed_total", "Times that rooms read again what they may have missed");
static struct metric meter_apart = METRIC_GAUGE(
    "amphi_nodes_apart", "Other nodes that live and are not heard though NATS is there");
static struct metric meter_skew =
    METRIC_GAUGE("amphi_nodes_clock_skew_us", "This clock less the database's");
static struct metric meter_ended =
    METRIC_COUNTER("amphi_nodes_ended_total", "Runs of dead nodes that this one ended");

void node_register_meters(void)
{
    metric_register(&meter_others);
    metric_register(&meter_missed);
    metric_register(&meter_apart);
    metric_register(&meter_skew);
    metric_register(&meter_ended);
}

/* --- who else is there --- */

static void list_one(void *arg, const struct peer_row *row, const char *name)
{
    struct listing *l = arg;
    (void)name;
    if (l->n < NODES_MOST)
        l->all[l->n++] = *row;
}

static void one_gone(void *arg, const struct id *id, int64_t lease)
{
    struct listing *l = arg;
    l->gone[l->gone_n++] = (struct peer){.id = *id, .lease = lease};
}

static void take_list(struct node *node, struct listing *l)
{
    int64_t now = node_mono(node);
    pthread_mutex_lock(&node->lock);
    peers_list_begin(&node->peers);
    for (size_t i = 0; i < l->n; i++)
        peers_list(&node->peers, &l->all[i], now);
    peers_list_end(&node->peers, now, one_gone, l);
    int others = (int)peers_count(&node->peers);
    int64_t apart = (int64_t)peers_apart(&node->peers, node->bus != NULL,
                                         node->bus && bus_is_connected(node->bus), now);
    pthread_mutex_unlock(&node->lock);
    metric_set(&meter_others, others);
    metric_set(&meter_apart, apart);
    if (apart && node_due(&node->apart_at, now, COMPLAIN_EVERY_US))
        log_error("nodes.apart", "{s:I}", "nodes", (json_int_t)apart);
}

/* The database was there all along, and they did not write: they are dead. */
static void end_dead(struct node *node, const struct listing *l)
{
    bool steady = node->steady_since && node_mono(node) - node->steady_since >= STEADY_US;
    for (size_t i = 0; steady && i < l->n; i++) {
        bool ended = false;
        char text[ID_TEXT_SIZE];
        if (l->all[i].age < NODE_DEAD_US ||
            node_end(node->conn, &l->all[i].id, NODE_DEAD_US, &ended) || !ended)
            continue;
        metric_add(&meter_ended, 1);
        log_warn("nodes.ended", "{s:s}", "node", id_text(&l->all[i].id, text));
    }
}

static enum err look_around(struct node *node)
{
    struct listing *l = &node->listing;
    l->n = l->gone_n = 0;
    enum err err = node_list(node->conn, &node->app->node, list_one, l);
    if (err)
        return err;
    take_list(node, l);
    for (size_t i = 0; i < l->gone_n; i++)
        node->hooks.gone(node->app, &l->gone[i].id, l->gone[i].lease);
    end_dead(node, l);
    return ERR_OK;
}

/* --- the lease --- */

void node_run_is_over(struct node *node)
{
    if (!atomic_exchange(&node->over, true))
        log_error("nodes.over", "{}");
}

static void check_skew(int64_t skew)
{
    metric_set(&meter_skew, skew);
    if (!node_clocks_agree(skew))
        log_error("nodes.clock_skew", "{s:I}", "us", (json_int_t)skew);
}

/* For operators, of whom `amphi nodes` asks any node's database. */
static const char *figures(const struct node *node, char text[static FIGURES_SIZE])
{
    int n = snprintf(text, FIGURES_SIZE,
                     "{\"rooms\":%" PRId64 ",\"members\":%" PRId64 ",\"missed\":%" PRId64,
                     metrics_find("amphi_room_rooms"), metrics_find("amphi_room_members"),
                     metric_get(&meter_missed));
    n += snprintf(text + n, FIGURES_SIZE - (size_t)n, ",\"apart\":%" PRId64,
                  metric_get(&meter_apart));
    if (node->bus)
        n += snprintf(text + n, FIGURES_SIZE - (size_t)n,
                      ",\"bus\":%" PRId64 ",\"skew_us\":%" PRId64,
                      metrics_find("amphi_bus_connected"), metric_get(&meter_skew));
    snprintf(text + n, FIGURES_SIZE - (size_t)n, "}");
    return text;
}

enum err node_renew_lease(struct node *node)
{
    char text[FIGURES_SIZE];
    bool alive = true;
    int64_t database_now = 0, before = clock_now_us(node->app->clock);
    enum err err = node_renew(node->conn, &node->app->node, before, figures(node, text), &alive,
                              &database_now);
    if (err)
        return err;
    if (!alive) {
        node_run_is_over(node);
        return ERR_OK;
    }
    if (node->bus) /* one server alone has only its own clock */
        check_skew((before + clock_now_us(node->app->clock)) / 2 - database_now);
    if (!node->steady_since)
        node->steady_since = node_mono(node);
    return look_around(node);
}

/* --- for operators --- */

static void read_one(void *arg, const struct node_report *report)
{
    struct node *node = arg;
    if (node->reading_n < NODES_MOST)
        node->reading[node->reading_n++] = *report;
}

enum err node_read_shown(struct node *node)
{
    node->reading_n = 0;
    enum err err = node_report(node->conn, read_one, node);
    if (err)
        return err;
    pthread_mutex_lock(&node->lock);
    memcpy(node->shown, node->reading, node->reading_n * sizeof *node->shown);
    node->shown_n = node->reading_n;
    node->shown_at = node_mono(node);
    pthread_mutex_unlock(&node->lock);
    return ERR_OK;
}

/* --- the control log --- */

static void obey(struct node *node, const struct control_row *row)
{
    switch (row->kind) {
    case CONTROL_SIGN_IN:
        node->hooks.sign_in_ended(node->app, &row->subject);
        break;
    case CONTROL_PERSON:
        node->hooks.shut_out(node->app, &row->subject);
        break;
    case CONTROL_ROLES:
        /* Who changed them here told the connections at once: they have joined again since. */
        if (!row->own)
            node->hooks.roles_changed(node->app, &row->subject, row->xid);
        break;
    case CONTROL_KINDS: /* of a newer server */
        break;
    }
}

enum err node_read_control(struct node *node)
{
    int64_t after = 0, next = 0, first = 0;
    size_t n = 0;
    if (!node->horizon)
        return control_horizon(node->conn, &node->horizon);
    do {
        enum err err =
            control_read(node->conn, &node->app->node, node->horizon, after, node->rows, &n, &next);
        if (err)
            return err;
        if (!first) {
            first = next;
            control_forget_before(&node->control, n ? node->rows[0].id : INT64_MAX);
        }
        for (size_t i = 0; i < n; i++)
            if (control_is_new(&node->control, node->rows[i].id))
                obey(node, &node->rows[i]);
        after = n ? node->rows[n - 1].id : after;
    } while (n == CONTROL_ROWS_MOST);
    node->horizon = first; /* of the first page: what committed since comes with the next reading */
    horizons_keep(&node->horizons, first, node_mono(node));
    return ERR_OK;
}

/* --- what they say --- */

void node_look_after_others(struct node *node, int64_t now)
{
    if (!node->bus)
        return;
    limits_tell(node->app, node->bus);
    if (node_due(&node->beat_at, now, NODE_BEAT_US))
        node_beat(node, false);
    if (node_due(&node->bus_at, now, BUS_COMPLAIN_EVERY_US)) {
        bus_complain(node->bus);
        bus_complain(node->streams);
    }
    if (now < node->missed_at)
        return;
    pthread_mutex_lock(&node->lock);
    bool missed = peers_missed(&node->peers, now);
    pthread_mutex_unlock(&node->lock);
    if (!missed)
        return;
    node->missed_at = now + MISSED_EVERY_US;
    metric_add(&meter_missed, 1);
    node->hooks.missed(node->app, horizons_heard(&node->horizons, now));
}
