/* The life of the whole: build, start, reload, drain, take down. */
#include "net/net.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "net/carried.h"
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS          100
#define DRAIN_CHECK_MS   50
#define DESCRIPTORS_MOST 1000000 /* lws takes more for a mistake and falls back to 2560 */

static void register_metrics(void)
{
    struct metric *all[] = {&net_accepted,           &net_refused,    &net_open_http,
                            &net_open_live,          &net_requests,   &net_live_closed_slow,
                            &net_live_closed_silent, &net_bytes_sent, &net_frames_sent,
                            &net_open_carried};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        metric_register(all[i]);
}

/* lws sizes its tables by the limit at the time its contexts are made. */
static int raise_descriptors(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1024;
    limit.rlim_cur = limit.rlim_max < DESCRIPTORS_MOST ? limit.rlim_max : DESCRIPTORS_MOST;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
    return (int)limit.rlim_cur;
}

static enum err size_budget(struct net *net, char *why, size_t why_size)
{
    int descriptors = raise_descriptors();
    int room = descriptors - net->config.reserved_descriptors;
    int max = net->config.max_connections;
    if (room < 16 || max > room) {
        snprintf(why, why_size, "%d descriptors are too few for %d connections and %d others",
                 descriptors, max > 0 ? max : 16, net->config.reserved_descriptors);
        return ERR_INVALID;
    }
    budget_init(&net->budget, max > 0 ? max : room, net->config.anonymous_per_address);
    return ERR_OK;
}

static void set_base_url(struct net *net)
{
    char text[512];
    const char *given = net->config.base_url;
    snprintf(text, sizeof text, "%s://localhost:%d", net->config.tls ? "https" : "http", net->port);
    net->base_url = mem_strdup(given && given[0] ? given : text);
    const char *slashes = strstr(net->base_url, "://");
    net->authority = mem_strdup(slashes ? slashes + 3 : net->base_url);
    /* By what browsers see: TLS may end at a proxy. On localhost it would bind everything there. */
    net->only_https = strncmp(net->base_url, "https://", 8) == 0 &&
                      strncmp(net->authority, "localhost", strlen("localhost")) != 0;
}

static void init_loop(struct net *net, int i)
{
    struct net_loop *l = &net->loops[i];
    l->net = net;
    l->index = i;
    l->loop = net->config.loops[i];
    l->listener = (struct listener){.subject = SUBJECT_LISTENER, .loop = l, .fd = -1};
    l->metrics_listener = l->listener;
    l->metrics_listener.metrics = true;
    list_init(&l->idle);
    list_init(&l->dirty);
    list_init(&l->proxied);
    list_init(&l->carried_dirty);
    map_init(&l->carried);
    map_init(&l->carried_by_handle);
    map_init(&l->carried_far);
    list_init(&l->sending);
    list_init(&l->tick.node);
    l->writable_fd = -1;
    l->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    l->scratch = mem_new(LWS_PRE + WRITE_MAX);
    l->ping = frame_ping("amphi", 5); /* of an empty pong lws says nothing */
}

struct net *net_new(const struct net_config *config, char *why, size_t why_size)
{
    tzset(); /* libwebsockets reads the time zone from every loop: read once, before there are any
              */
    struct net *net = mem_new(sizeof *net);
    net->config = *config;
    net_config_defaults(&net->config);
    tickets_init(&net->tickets, clock_mono_us(config->http.clock));
    net->lock_fd = -1;
    net->loops = mem_new_array((size_t)config->loop_count, sizeof *net->loops);
    for (int i = 0; i < config->loop_count; i++)
        init_loop(net, i);
    pthread_mutex_init(&net->lock, NULL);
    pthread_cond_init(&net->changed, NULL);
    enum err err = size_budget(net, why, why_size);
    if (err == ERR_OK)
        err = trusted_parse(config->trusted_proxies, &net->trusted, why, why_size);
    if (err == ERR_OK && net->config.tls)
        err = tls_check_pair(net->config.certificate, net->config.key, why, why_size);
    if (err == ERR_OK)
        err = listen_open(net, why, why_size);
    if (err != ERR_OK) {
        net_free(net);
        return NULL;
    }
    set_base_url(net);
    net->assets = assets_load(net->config.web);
    net->http = http_server_new(&net->config.http, net->base_url);
    register_metrics();
    return net;
}

int net_port(const struct net *net)
{
    return net->port;
}

int net_metrics_port(const struct net *net)
{
    return net->metrics_port;
}

const char *net_base_url(const struct net *net)
{
    return net->base_url;
}

void net_set_dispatch(struct net *net, int loop, struct dispatch *dispatch)
{
    net->loops[loop].dispatch = dispatch;
}

/* --- each turn --- */

/* lws-02: its libuv glue forgets bytes that TLS has decrypted but nobody has read, and those kept
 * back by flow control: ask each turn, and wake it when there are any. */
static void kick(struct net_loop *l)
{
    if (l->context && !l->destroying && (l->kick || !lws_service_adjust_timeout(l->context, 1, 0)))
        lws_cancel_service(l->context);
    l->kick = false;
}

static void on_turn(void *arg)
{
    struct net_loop *l = arg;
    if (l->dispatch)
        l->net->config.rooms->turn(l->dispatch);
    net_live_flush(l);
    carried_flush(l);
    rounds_turn(l);
    net_live_flush(l);
    respond_flush(l);
    kick(l);
}

static void check_drained(struct net_loop *l);

static void on_tick(struct timer *timer)
{
    struct net_loop *l = container_of(timer, struct net_loop, tick);
    if (l->dispatch)
        l->net->config.rooms->tick(l->dispatch);
    if (l->leaving && l->net->config.rooms->left(l->dispatch))
        atomic_store(&l->left, true);
    if (l->draining)
        check_drained(l);
    if (l->index == 0) /* forgotten when they are due, not when somebody comes */
        tickets_turn(&l->net->tickets, net_now(l));
    wheel_set(loop_wheel(l->loop), timer, l->draining ? DRAIN_CHECK_MS : TICK_MS);
}

enum err net_start(struct net *net, char *why, size_t why_size)
{
    /* Writing to a peer that has gone is an error code for us, never a signal. */
    signal(SIGPIPE, SIG_IGN);
    for (int i = 0; i < net->config.loop_count; i++) {
        struct net_loop *l = &net->loops[i];
        enum err err = context_create(l, why, why_size);
        if (err != ERR_OK)
            return err;
    }
    for (int i = 0; i < net->config.loop_count; i++) {
        struct net_loop *l = &net->loops[i];
        context_adopt_listeners(l);
        timer_init(&l->tick, on_tick);
        wheel_set(loop_wheel(l->loop), &l->tick, TICK_MS);
        loop_set_turn_hook(l->loop, on_turn, l);
    }
    return ERR_OK;
}

/* --- asking all loops, and waiting --- */

static void loop_answers(struct net *net)
{
    pthread_mutex_lock(&net->lock);
    net->busy_loops--;
    pthread_cond_broadcast(&net->changed);
    pthread_mutex_unlock(&net->lock);
}

static bool wait_loops(struct net *net, int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    int64_t ns = until.tv_nsec + (int64_t)(ms % 1000) * 1000000;
    until.tv_sec += ms / 1000 + ns / 1000000000;
    until.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&net->lock);
    int rc = 0;
    while (net->busy_loops > 0 && rc == 0)
        rc = pthread_cond_clockwait(&net->changed, &net->lock, CLOCK_MONOTONIC, &until);
    bool all = net->busy_loops == 0;
    pthread_mutex_unlock(&net->lock);
    return all;
}

static void expect_loops(struct net *net)
{
    pthread_mutex_lock(&net->lock);
    net->busy_loops = net->config.loop_count;
    pthread_mutex_unlock(&net->lock);
}

/* --- reload --- */

static void deliver_reload(struct message *message)
{
    struct net_loop *l = container_of(message, struct net_loop, reload);
    lws_tls_cert_updated(l->context, l->net->config.certificate, l->net->config.key, NULL, 0, NULL,
                         0);
    loop_answers(l->net);
}

enum err net_reload(struct net *net, char *why, size_t why_size)
{
    if (!net->config.tls)
        return ERR_OK;
    enum err err = tls_check_pair(net->config.certificate, net->config.key, why, why_size);
    if (err != ERR_OK)
        return err;
    expect_loops(net);
    for (int i = 0; i < net->config.loop_count; i++) {
        net->loops[i].reload.deliver = deliver_reload;
        mailbox_post(loop_mailbox(net->loops[i].loop), &net->loops[i].reload);
    }
    return wait_loops(net, 10000) ? ERR_OK : ERR_BUSY;
}

/* --- drain --- */

static void deliver_leave(struct message *message)
{
    struct net_loop *l = container_of(message, struct net_loop, leave);
    l->leaving = true;
    l->net->config.rooms->leave(l->dispatch, l->leave_first, l->leave_spread);
}

void net_leave(struct net *net, int64_t first, int64_t spread)
{
    for (int i = 0; i < net->config.loop_count; i++) {
        struct net_loop *l = &net->loops[i];
        l->leave_first = first;
        l->leave_spread = spread;
        l->leave.deliver = deliver_leave;
        mailbox_post(loop_mailbox(l->loop), &l->leave);
    }
}

bool net_left(const struct net *net)
{
    bool left = true;
    for (int i = 0; i < net->config.loop_count; i++)
        left = left && atomic_load(&net->loops[i].left);
    return left;
}

static void deliver_drain(struct message *message)
{
    struct net_loop *l = container_of(message, struct net_loop, drain);
    l->draining = true;
    context_close_listeners(l);
    proxied_abort(l);
    conn_shed(l, INT_MAX, true);
    if (l->dispatch)
        l->net->config.rooms->drain(l->dispatch);
    wheel_set(loop_wheel(l->loop), &l->tick, DRAIN_CHECK_MS);
}

static void check_drained(struct net_loop *l)
{
    if (l->drained || l->open + l->carried.len > 0 ||
        (l->dispatch && !l->net->config.rooms->drained(l->dispatch)))
        return;
    l->drained = true;
    loop_answers(l->net);
}

/* Whoever is still there is cut off; then lws closes its own handles, which takes the loop some
 * turns. The second destroy is in net_free(). */
static void deliver_finish(struct message *message)
{
    struct net_loop *l = container_of(message, struct net_loop, finish);
    wheel_cancel(loop_wheel(l->loop), &l->tick);
    l->drained = true;
    l->destroying = true;
    carried_end_all(l);
    struct lws_context *context = l->context;
    if (context)
        lws_context_destroy(context);
    loop_answers(l->net);
}

static void ask_loops(struct net *net, bool finish)
{
    expect_loops(net);
    for (int i = 0; i < net->config.loop_count; i++) {
        struct net_loop *l = &net->loops[i];
        struct message *message = finish ? &l->finish : &l->drain;
        message->deliver = finish ? deliver_finish : deliver_drain;
        mailbox_post(loop_mailbox(l->loop), message);
    }
}

void net_drain(struct net *net, int ms)
{
    ask_loops(net, false);
    if (!wait_loops(net, ms))
        log_warn("net.drain_cut", "{s:i}", "after_ms", ms);
    ask_loops(net, true);
    wait_loops(net, 10000);
}

static void free_loop(struct net_loop *l)
{
    writable_stop(l);
    rounds_stop(l);
    if (l->context) {
        loop_set_turn_hook(l->loop, NULL, NULL);
        if (!l->destroying) /* never ran */
            lws_context_destroy(l->context);
        for (int i = 0; i < 100; i++)
            loop_run_once(l->loop);
        lws_context_destroy(l->context);
        loop_run_once(l->loop);
    }
    if (timer_is_set(&l->tick))
        wheel_cancel(loop_wheel(l->loop), &l->tick);
    if (l->spare_fd >= 0)
        close(l->spare_fd);
    free(l->slots);
    free(l->by_fd);
    free(l->free_slots);
    free(l->scratch);
    payload_unref(l->ping);
}

void net_free(struct net *net)
{
    if (!net)
        return;
    for (int i = 0; i < net->config.loop_count; i++)
        free_loop(&net->loops[i]);
    listen_close(net);
    tls_free(net);
    tickets_release(&net->tickets);
    free(net->loops);
    assets_free(net->assets);
    http_server_free(net->http);
    free(net->base_url);
    free(net->authority);
    budget_release(&net->budget);
    pthread_mutex_destroy(&net->lock);
    pthread_cond_destroy(&net->changed);
    free(net);
}
