#include "serve.h"

#include "base/heap.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/rate.h"
#include "blob/blob.h"
#include "crypto/crypto.h"
#include "crypto/secrets.h"
#include "db/cluster.h"
#include "features/accounts/accounts.h"
#include "features/accounts/accounts_lookup.h"
#include "features/oidc/oidc_provider.h"
#include "grants/grants.h"
#include "jobs/jobs.h"
#include "loop/loop.h"
#include "mail/mail.h"
#include "net/net.h"
#include "net/passed_on.h"
#include "nodes/limits.h"
#include "nodes/node.h"
#include "nodes_page.h"
#include "render/client.h"
#include "room/far.h"
#include "room/feature.h"
#include "sample/sample.h"
#include "start.h"
#include "storage/storage.h"
#include "version.h"
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOB_CACHE_BYTES  (64 * 1024 * 1024)
#define LANE_WAITING      20000
#define STATEMENT_TIMEOUT 60000
#define MAX_FEATURES      32
#define PATH_SIZE         1024
#define LAST_TURNS        8
#define PROVIDER_WORKERS  4
#define LEAVE_MARGIN_US   (2 * US_PER_S)

struct server {
    struct config *config;
    const struct serve_options *options;
    char why[WHY_SIZE];
    struct clock clock;
    int64_t step_began;
    struct app app;
    struct database database;
    struct db_conn *conn; /* for start-up only */
    struct loop **loops;
    int loop_count, loops_running, features_started;
    struct dispatch **dispatchers;
    struct net *net;
    struct sample_links links;
    struct event_catalog *catalog;
    struct render_config render;
    struct secrets secrets;
    char render_helper[PATH_SIZE];
    char admission[NODE_ADMISSION_SIZE];
    const struct http_route *routes[MAX_FEATURES + 1];
    const struct job_kind *const *jobs[MAX_FEATURES + 1];
};

static _Atomic bool accepting;

static const char *below(const struct server *s, const char *name, char path[static PATH_SIZE])
{
    snprintf(path, PATH_SIZE, "%s/%s", s->config->data, name);
    return path;
}

/* One line a step with its time, for people who started the sample by hand. */
static void step_done(struct server *s, const char *name)
{
    int64_t now = clock_mono_us(&s->clock);
    if (s->options->sample)
        printf("%-28s %6.1f s\n", name, (double)(now - s->step_began) / US_PER_S);
    fflush(stdout);
    s->step_began = now;
}

static bool failed(struct server *s, const char *why)
{
    if (why)
        snprintf(s->why, sizeof s->why, "%s", why);
    return false;
}

/* People who started the sample read what is printed; the log goes to a file then. */
static bool open_log(struct server *s)
{
    char path[PATH_SIZE];
    if (!s->options->sample)
        return true;
    int fd = open(below(s, "amphi.log", path), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (fd < 0)
        return failed(s, "cannot write the log into the data folder");
    log_set_fd(fd);
    return true;
}

static void say(const char *line)
{
    printf("%s\n", line);
    fflush(stdout);
}

static bool open_database(struct server *s)
{
    if (!start_database(s->config, false, s->options->sample ? say : NULL, &s->database, s->why))
        return false;
    step_done(s, "database running");
    if (!(s->conn = start_connect(s->config, &s->database, s->why)))
        return false;
    step_done(s, "migrations applied");
    return start_reads_events(s->conn, s->catalog, s->why);
}

/* From here on this run is one of those that use the database. */
static bool begin_node(struct server *s)
{
    struct node_self self = {AMPHI_VERSION, event_catalog_reads(s->catalog)};
    bool begun = node_begin(&s->app, &self, s->conn, s->why, sizeof s->why);
    node_admission(&s->app.node, s->admission);
    return begun;
}

static bool open_services(struct server *s)
{
    char path[PATH_SIZE];
    const struct config *c = s->config;
    s->app.secrets = &s->secrets;
    const char *key = c->secret_key_file[0] ? c->secret_key_file : below(s, "secret.key", path);
    if (secrets_open(key, &s->secrets) != ERR_OK) {
        snprintf(s->why, sizeof s->why, "cannot use the file %.300s", key);
        return false;
    }
    if (node_wants_bus(c))
        limits_share(&s->app, s->secrets.rates);
    s->app.blobs = blob_store_open_configured(c, below(s, "blobs", path), BLOB_CACHE_BYTES, s->why,
                                              sizeof s->why);
    if (!s->app.blobs)
        return false;
    blob_store_set_floor(s->app.blobs, (uint64_t)c->disk_floor_mb << 20);
    s->app.db = db_new(&(struct db_config){.url = s->database.url,
                                           .admit = s->admission,
                                           .hot = c->workers_hot,
                                           .short_ = c->workers_short,
                                           .long_ = c->workers_long,
                                           .render = c->render_helpers,
                                           .provider = c->oidc_issuer[0] ? PROVIDER_WORKERS : 0,
                                           .busy_after_ms = c->busy_after_ms,
                                           .statement_timeout_ms = STATEMENT_TIMEOUT});
    return s->app.db || failed(s, "cannot start the database workers");
}

static int loops_wanted(const struct config *c)
{
    cpu_set_t set;
    if (c->loops > 0)
        return c->loops;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

static bool ready(struct app *app)
{
    return atomic_load(&accepting) && db_reachable(app->db);
}

/* --- requests of carried connections that came to another node --- */

static bool find_node(struct app *app, const uint8_t mark[static NET_NODE_MARK], struct id *node)
{
    return node_find(app->node_here, mark, NET_NODE_MARK, node);
}

static void pass_on(struct app *app, const struct id *node, const char *kind, const char *data,
                    size_t len)
{
    node_pass(app->node_here, node, kind, data, len);
}

static const struct net_others others = {.find = find_node, .send = pass_on};

static void on_direct(struct app *app, const struct bus_message *m)
{
    bool good = true;
    if (!net_passed_on(app->net, &m->from, m->kind, m->data, m->len, &good))
        far_hooks.streams(app, m);
    if (!good)
        log_warn("nodes.unreadable", "{}");
}

static bool bind_network(struct server *s)
{
    const struct config *c = s->config;
    s->loop_count = loops_wanted(c);
    s->loops = mem_new((size_t)s->loop_count * sizeof(struct loop *));
    for (int i = 0; i < s->loop_count; i++)
        s->loops[i] = loop_new(i, &s->clock);
    struct net_config n = {.loops = s->loops,
                           .loop_count = s->loop_count,
                           .address = c->address,
                           .port = c->port,
                           .metrics_port = c->metrics_port,
                           .base_url = c->base_url[0] ? c->base_url : NULL,
                           .tls = c->tls,
                           .certificate = c->certificate,
                           .key = c->key,
                           .trusted_proxies = c->trusted_proxies,
                           .web = c->web,
                           .blobs = s->app.blobs,
                           .max_connections = c->max_connections,
                           .ping_ms = c->ping_ms,
                           .idle_ms = c->idle_ms,
                           .stall_ms = c->stall_ms,
                           .queue_age_ms = c->slow_ms,
                           .http = {.app = &s->app,
                                    .clock = &s->clock,
                                    .db = s->app.db,
                                    .check = grants_check,
                                    .seen = grants_seen,
                                    .token_hash = token_hash,
                                    .tables = s->routes,
                                    .default_rate = {.burst = 60, .per_minute = 600},
                                    .rates = s->app.request_rates},
                           .operators = nodes_page,
                           .others = node_wants_bus(c) ? &others : NULL,
                           .ready = ready};
    if (!(s->net = net_new(&n, s->why, sizeof s->why)))
        return false;
    s->app.net = s->net;
    s->app.base_url = net_base_url(s->net);
    return true;
}

static bool start_features(struct server *s)
{
    const struct feature *const *features = s->options->features;
    for (; features[s->features_started]; s->features_started++) {
        const struct feature *f = features[s->features_started];
        if (f->start && f->start(&s->app, s->conn) != ERR_OK) {
            snprintf(s->why, sizeof s->why, "%s cannot start; the log says why", f->name);
            return false;
        }
    }
    s->app.jobs = jobs_new(&s->app, &s->clock, s->app.db, &s->app.node, s->jobs);
    return true;
}

static bool open_helpers(struct server *s)
{
    char path[PATH_SIZE];
    const struct config *c = s->config;
    s->render = (struct render_config){.helper = start_helper(c, s->render_helper, PATH_SIZE),
                                       .page_seconds = c->render_page_seconds,
                                       .memory_mb = c->render_memory_mb};
    s->app.render = &s->render;
    s->app.mail =
        mail_sender_start(s->database.url,
                          &(struct mail_config){.from = c->mail_from,
                                                .smtp_url = c->smtp_url[0] ? c->smtp_url : NULL,
                                                .smtp_user = c->smtp_user,
                                                .smtp_password = c->smtp_password,
                                                .smtp_ca = c->smtp_ca,
                                                .admit = s->admission,
                                                .folder = below(s, "mail", path)},
                          &s->clock);
    return s->app.mail || failed(s, "cannot start sending mail");
}

static bool load_sample(struct server *s)
{
    if (!s->options->sample)
        return true;
    if (sample_load(s->conn, &s->app, s->config->sample, &s->links) != ERR_OK)
        return failed(s, "cannot load the sample congress; the log says why");
    step_done(s, "sample congress loaded");
    return true;
}

static bool open_rooms(struct server *s)
{
    struct dispatch_config d = {.app = &s->app,
                                .clock = &s->clock,
                                .features = s->options->features,
                                .lookup = accounts_lookup,
                                .rates = s->app.command_rates,
                                .db = s->app.db,
                                .lane_waiting = LANE_WAITING,
                                .build = AMPHI_VERSION,
                                .ping_ms = s->config->ping_ms};
    for (int i = 0; i < s->loop_count; i++) {
        struct wire wire = net_wire(s->net, i);
        s->dispatchers[i] =
            dispatch_new(&d, s->dispatchers, s->loop_count, i, loop_mailbox(s->loops[i]), &wire);
        net_set_dispatch(s->net, i, s->dispatchers[i]);
    }
    if (net_start(s->net, s->why, sizeof s->why) != ERR_OK)
        return false;
    for (; s->loops_running < s->loop_count; s->loops_running++)
        if (loop_run_thread(s->loops[s->loops_running]) != ERR_OK)
            return failed(s, "cannot start a loop thread");
    struct node_hooks hooks = far_hooks;
    hooks.streams = on_direct;
    s->app.node_here = node_start(&s->app, s->conn, s->database.url, &hooks, s->why, sizeof s->why);
    if (!s->app.node_here)
        return false;
    jobs_tick(s->app.jobs); /* what an earlier run left */
    atomic_store(&accepting, true);
    return true;
}

static bool build(struct server *s)
{
    size_t routes = 0, jobs = 0;
    for (const struct feature *const *f = s->options->features; *f; f++) {
        if ((*f)->routes)
            s->routes[routes++] = (*f)->routes;
        if ((*f)->jobs)
            s->jobs[jobs++] = (*f)->jobs;
    }
    s->app.config = s->config;
    s->app.clock = &s->clock;
    s->app.features = s->options->features;
    s->app.events = s->catalog = event_catalog_new(s->options->features);
    s->loop_count = loops_wanted(s->config);
    s->app.loops = s->loop_count;
    s->app.dispatchers = s->dispatchers =
        mem_new((size_t)s->loop_count * sizeof(struct dispatch *));
    s->app.request_rates = rate_table_new();
    s->app.command_rates = rate_table_new();
    s->app.sign_in_rates = rate_table_new();
    if (crypto_start() != ERR_OK)
        return failed(s, "no source of randomness");
    return start_data(s->config, s->why) && start_lock(s->config, s->why) && open_log(s) &&
           open_database(s) && begin_node(s) && open_services(s) && bind_network(s) &&
           open_helpers(s) && load_sample(s) && start_features(s) && open_rooms(s);
}

/* In reverse. Whatever was not built yet is NULL or 0. */
static void take_down(struct server *s)
{
    atomic_store(&accepting, false);
    bool over = s->app.node_here && node_is_over(s->app.node_here); /* nothing can be written */
    if (s->loops_running > 0)
        net_drain(s->net, over ? 0 : s->config->drain_ms);
    for (int i = 0; i < s->loops_running; i++)
        loop_stop(s->loops[i]);
    for (int i = 0; i < s->loops_running; i++) {
        loop_join(s->loops[i]);
        dispatch_bind(s->dispatchers[i]); /* its last turns are taken here */
    }
    if (s->app.mail)
        mail_sender_stop(s->app.mail);
    if (s->app.jobs)
        jobs_stop(s->app.jobs);
    while (s->features_started-- > 0) {
        const struct feature *f = s->options->features[s->features_started];
        if (f->stop)
            f->stop(&s->app);
    }
    if (s->app.db)
        db_free(s->app.db);
    oidc_free(s->app.oidc);
    node_finish(&s->app, s->conn);
    jobs_free(s->app.jobs);
    /* What the workers still answered, and what follows: a lane's start takes some turns. */
    for (int turn = 0; turn < LAST_TURNS; turn++)
        for (int i = 0; i < s->loops_running; i++)
            loop_run_once(s->loops[i]);
    for (int i = 0; s->loops && i < s->loop_count; i++)
        if (s->dispatchers[i])
            dispatch_free(s->dispatchers[i]);
    if (s->net)
        net_free(s->net);
    for (int i = 0; s->loops && i < s->loop_count; i++)
        loop_free(s->loops[i]);
    if (s->app.blobs)
        blob_store_close(s->app.blobs);
    if (s->conn)
        db_disconnect(s->conn);
    cluster_stop(s->database.cluster);
    event_catalog_free(s->catalog);
    rate_table_free(s->app.request_rates);
    rate_table_free(s->app.command_rates);
    rate_table_free(s->app.sign_in_rates);
    free(s->loops);
    free(s->dispatchers);
}

static void announce(struct server *s)
{
    log_info("server.ready", "{s:s, s:i, s:i, s:s}", "address", s->config->address, "port",
             net_port(s->net), "metrics_port", net_metrics_port(s->net), "build", AMPHI_VERSION);
    if (!s->options->sample)
        return;
    printf("\namphi serves on %s\n  mails are files in %s/mail\n  the log is in %s/amphi.log\n",
           s->app.base_url, s->config->data, s->config->data);
    printf("\nSign-in links, each for one use:\n");
    const char *names[] = {"organiser", "host", "HCP"};
    const char *links[] = {s->links.organiser, s->links.host, s->links.hcp};
    for (int i = 0; i < 3; i++)
        if (links[i][0])
            printf("  %-10s %s\n", names[i], links[i]);
    printf("\nCtrl-C stops everything.\n");
    fflush(stdout);
}

static void tick(struct server *s)
{
    for (const struct feature *const *f = s->options->features; *f; f++)
        if ((*f)->tick)
            (*f)->tick(&s->app);
    jobs_tick(s->app.jobs);
    storage_tick(&s->app);
}

/* Where other servers go on members are sent there; the balancer has a tenth of the time to notice
 * that this one is not ready. Meanwhile everything goes on, the lease too. When it is over. */
static int64_t begin_to_leave(struct server *s)
{
    int64_t now = clock_mono_us(&s->clock), spread = s->config->drain_spread_ms * US_PER_MS;
    atomic_store(&accepting, false);
    net_leave(s->net, now + spread / 10, spread);
    return now + spread / 10 + spread + LEAVE_MARGIN_US;
}

/* Until SIGTERM or SIGINT, and everybody left, or a second one; SIGHUP reads the certificate again.
 * True: this run was ended by another node, as it did not answer for too long, and the server has
 * to begin anew. */
static bool wait_for_end(struct server *s, const sigset_t *signals)
{
    int ms = s->config->lease_ms;
    int64_t leaves_until = 0;
    struct timespec period = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    for (;;) {
        heap_tick(&s->clock);
        int signal = sigtimedwait(signals, NULL, &period);
        bool asked = signal == SIGTERM || signal == SIGINT;
        if (asked)
            log_info("server.stopping", "{s:i}", "signal", signal);
        if (asked && !leaves_until && s->config->drain_spread_ms > 0)
            leaves_until = begin_to_leave(s);
        else if (asked)
            return false;
        if (leaves_until && (net_left(s->net) || clock_mono_us(&s->clock) > leaves_until))
            return false;
        if (signal == SIGHUP && net_reload(s->net, s->why, sizeof s->why) != ERR_OK)
            log_error("certificate.reload", "{s:s}", "why", s->why);
        if (node_is_over(s->app.node_here))
            return true;
        tick(s);
    }
}

int serve(struct config *config, const struct serve_options *options)
{
    struct server s = {.config = config, .options = options};
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL); /* before any thread exists */
    signal(SIGPIPE, SIG_IGN);
    raise_file_limit();
    clock_init(&s.clock);
    s.step_began = clock_mono_us(&s.clock);
    bool built = build(&s), again = false;
    if (built) {
        announce(&s);
        again = wait_for_end(&s, &signals);
    } else {
        fprintf(stderr, "amphi: %s\n", s.why);
    }
    take_down(&s);
    if (built)
        log_info("server.stopped", "{}");
    if (again)
        return SERVE_AGAIN;
    return built ? 0 : 1;
}
