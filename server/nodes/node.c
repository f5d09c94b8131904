#include "nodes/node.h"
#include "base/config.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/db.h"
#include "nodes/limits.h"
#include "nodes/node_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONTROL_EVERY_US (500 * US_PER_MS)
#define SWEEP_EVERY_US   (60 * US_PER_S)
#define SHOW_EVERY_US    (2 * US_PER_S)
#define RETRY_US         (200 * US_PER_MS)
#define STREAM_BYTES     (1024 * 1024)
#define STATEMENT_MS     5000

/* --- who else is there --- */

static void on_message(void *arg, const struct bus_message *message)
{
    struct node *node = arg;
    pthread_mutex_lock(&node->lock);
    bool limits = strcmp(message->kind, LIMITS_KIND) == 0;
    bool fresh = peers_heard(&node->peers, &message->from, message->number, node_mono(node));
    if (fresh && strcmp(message->kind, "control") == 0) {
        node->news = true;
        pthread_cond_signal(&node->woken);
    }
    if (fresh && strcmp(message->kind, "beat") == 0 && message->len > strlen("{}")) {
        node->greeted = true;
        pthread_cond_signal(&node->woken);
    }
    pthread_mutex_unlock(&node->lock);
    if (fresh && limits && !limits_hear(node->app, message->data, message->len))
        log_warn("nodes.unreadable", "{}");
    else if (fresh && !limits)
        node->hooks.message(node->app, message);
}

static void on_stream(void *arg, const struct bus_message *message)
{
    struct node *node = arg;
    node->hooks.streams(node->app, message);
}

static void on_connected(void *arg)
{
    struct node *node = arg;
    pthread_mutex_lock(&node->lock);
    node->peers.lost = true;
    pthread_mutex_unlock(&node->lock);
}

/* --- the thread --- */

static bool connected(struct node *node)
{
    if (node->conn)
        return true;
    enum err err = db_connect_admitted(node->url, node->admission, &node->conn);
    if (!err && db_set_timeout(node->conn, STATEMENT_MS) == ERR_OK)
        return true;
    if (err == ERR_FORBIDDEN)
        node_run_is_over(node);
    db_disconnect(node->conn);
    node->conn = NULL;
    return false;
}

static void lost(struct node *node)
{
    db_disconnect(node->conn);
    node->conn = NULL;
    node->steady_since = 0;
}

/* False: the database does not answer. */
static bool work(struct node *node, bool news)
{
    int64_t now = node_mono(node);
    int64_t lease = node->app->config->lease_ms * US_PER_MS;
    node_look_after_others(node, now);
    if (!connected(node))
        return false;
    enum err err = ERR_OK;
    if (node_due(&node->renew_at, now, lease))
        err = node_renew_lease(node);
    if (!err && (node_due(&node->control_at, now, CONTROL_EVERY_US) || news))
        err = node_read_control(node);
    if (!err && node_due(&node->show_at, now, SHOW_EVERY_US))
        err = node_read_shown(node);
    if (!err && node_due(&node->sweep_at, now, SWEEP_EVERY_US))
        err = control_sweep(node->conn);
    if (err)
        lost(node);
    return !err;
}

static void wait_for_more(struct node *node, int64_t us)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t at = until.tv_sec * US_PER_S + until.tv_nsec / 1000 + us;
    until = (struct timespec){.tv_sec = at / US_PER_S, .tv_nsec = at % US_PER_S * 1000};
    if (!node->stopping && !node->news && !node->greeted)
        pthread_cond_clockwait(&node->woken, &node->lock, CLOCK_MONOTONIC, &until);
}

static void *run(void *arg)
{
    struct node *node = arg;
    int64_t lease = node->app->config->lease_ms * US_PER_MS;
    int64_t most = node->bus ? LIMITS_EVERY_US : CONTROL_EVERY_US;
    int64_t pause = lease < most ? lease : most;
    pthread_mutex_lock(&node->lock);
    while (!node->stopping) {
        bool news = node->news;
        node->beat_at = node->greeted ? 0 : node->beat_at;
        node->news = node->greeted = false;
        pthread_mutex_unlock(&node->lock);
        bool good = work(node, news);
        pthread_mutex_lock(&node->lock);
        wait_for_more(node, good ? pause : RETRY_US);
    }
    pthread_mutex_unlock(&node->lock);
    return NULL;
}

/* --- from outside --- */

static struct bus *open_bus(struct node *node, const struct id *cluster, bool direct, char *why,
                            size_t why_size)
{
    const struct config *config = node->app->config;
    return bus_start(&(struct bus_config){.url = config->nats_url,
                                          .ca = config->nats_ca,
                                          .cluster = *cluster,
                                          .node = node->app->node,
                                          .direct = direct,
                                          .waiting_most = direct ? STREAM_BYTES : 0,
                                          .receive = direct ? on_stream : on_message,
                                          /* What was not heard of a stream viewers see as a gap. */
                                          .connected = direct ? NULL : on_connected,
                                          .arg = node},
                     why, why_size);
}

static bool start_bus(struct node *node, const struct id *cluster, char *why, size_t why_size)
{
    if (!node_wants_bus(node->app->config))
        return true;
    node->bus = open_bus(node, cluster, false, why, why_size);
    node->streams = node->bus ? open_bus(node, cluster, true, why, why_size) : NULL;
    return node->streams != NULL;
}

struct node *node_start(struct app *app, struct db_conn *conn, const char *database_url,
                        const struct node_hooks *hooks, char *why, size_t why_size)
{
    struct node *node = mem_new(sizeof *node);
    struct id cluster;
    node_register_meters();
    node->app = app;
    node->url = mem_strdup(database_url);
    node_admission(&app->node, node->admission);
    node->hooks = *hooks;
    peers_init(&node->peers);
    pthread_mutex_init(&node->lock, NULL);
    pthread_cond_init(&node->woken, NULL);
    snprintf(why, why_size, "cannot read the database's id");
    bool good = installation_id(conn, &cluster) == ERR_OK &&
                start_bus(node, &cluster, why, why_size) &&
                node_meet_others(node, conn, why, why_size);
    if (good)
        node->running = pthread_create(&node->thread, NULL, run, node) == 0;
    if (node->running)
        return node;
    node_stop(node);
    return NULL;
}

bool node_is_over(const struct node *node)
{
    return atomic_load(&node->over);
}

void node_wake(struct node *node)
{
    if (!node)
        return;
    pthread_mutex_lock(&node->lock);
    node->news = true;
    pthread_cond_signal(&node->woken);
    pthread_mutex_unlock(&node->lock);
    node_publish(node, "control", "{}", 2);
}

void node_publish(struct node *node, const char *kind, const char *data, size_t len)
{
    if (node && node->bus)
        bus_publish(node->bus, kind, data, len);
}

void node_send(struct node *node, const struct id *to, const char *kind, const char *data,
               size_t len)
{
    if (node_has_bus(node))
        bus_send(node->streams, to, kind, data, len);
}

void node_pass(struct node *node, const struct id *to, const char *kind, const char *data,
               size_t len)
{
    if (node_has_bus(node))
        bus_pass(node->streams, to, kind, data, len);
}

bool node_find(struct node *node, const uint8_t *mark, size_t size, struct id *out)
{
    if (!node_has_bus(node))
        return false;
    pthread_mutex_lock(&node->lock);
    bool found = peers_find(&node->peers, mark, size, out);
    pthread_mutex_unlock(&node->lock);
    return found;
}

size_t node_look(struct node *node, struct node_report *out, size_t most, int64_t *age)
{
    *age = -1;
    if (!node)
        return 0;
    pthread_mutex_lock(&node->lock);
    size_t n = node->shown_n < most ? node->shown_n : most;
    memcpy(out, node->shown, n * sizeof *out);
    if (node->shown_at)
        *age = node_mono(node) - node->shown_at;
    pthread_mutex_unlock(&node->lock);
    return n;
}

bool node_has_bus(const struct node *node)
{
    return node && node->bus;
}

static void say_goodbye(struct node *node)
{
    if (!node->running || node_is_over(node) || !connected(node))
        return;
    if (node_stop_run(node->conn, &node->app->node, clock_now_us(node->app->clock)) != ERR_OK)
        log_warn("nodes.stop", "{}");
}

static void stop_buses(struct node *node)
{
    if (node->bus)
        bus_stop(node->bus);
    if (node->streams)
        bus_stop(node->streams);
    if (node->bus)
        bus_library_close();
    bus_free(node->bus);
    bus_free(node->streams);
}

void node_stop(struct node *node)
{
    if (!node)
        return;
    pthread_mutex_lock(&node->lock);
    node->stopping = true;
    pthread_cond_signal(&node->woken);
    pthread_mutex_unlock(&node->lock);
    if (node->running)
        pthread_join(node->thread, NULL);
    say_goodbye(node); /* while the lease is young */
    stop_buses(node);
    db_disconnect(node->conn);
    control_release(&node->control);
    peers_release(&node->peers);
    pthread_cond_destroy(&node->woken);
    pthread_mutex_destroy(&node->lock);
    free(node->url);
    free(node);
}

void node_finish(struct app *app, struct db_conn *conn)
{
    static const struct id none;
    if (app->node_here)
        node_stop(app->node_here);
    else if (conn && !id_equal(&app->node, &none) &&
             node_stop_run(conn, &app->node, clock_now_us(app->clock)) != ERR_OK)
        log_warn("nodes.stop", "{}");
}
