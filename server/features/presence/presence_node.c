#include "features/presence/presence_node.h"
#include "base/config.h"
#include "base/log.h"
#include "db/db.h"
#include "features/presence/presence_store.h"
#include <pthread.h>
#include <time.h>

#define STOP_WITHIN_S 5

/* One run a process: start, tick and stop are the main thread's; renew(), stop() and on_done() are
 * called on a database worker. */
static struct {
    struct db_job job;
    struct app *app;
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool under_way; /* under the lock */
} lease = {.lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};

static void set_under_way(bool under_way)
{
    pthread_mutex_lock(&lease.lock);
    lease.under_way = under_way;
    pthread_cond_signal(&lease.done);
    pthread_mutex_unlock(&lease.lock);
}

static void on_done(struct message *message)
{
    (void)message;
    set_under_way(false);
}

enum err node_start(struct app *app, struct db_conn *conn)
{
    int64_t last = 0;
    enum err err = presence_last_lease(conn, &last);
    if (err != ERR_OK)
        return err;
    if (last)
        clock_set_floor(app->clock, last);
    app->node = id_random();
    lease.app = app;
    return presence_begin_node(conn, &app->node, app->config->node_name, clock_now_us(app->clock));
}

static void renew(struct db_job *job, struct db_conn *c)
{
    job->err = presence_renew_lease(c, &lease.app->node, clock_now_us(lease.app->clock));
}

static void stop(struct db_job *job, struct db_conn *c)
{
    job->err = presence_stop_node(c, &lease.app->node, clock_now_us(lease.app->clock));
}

static void submit(struct app *app, void (*run)(struct db_job *, struct db_conn *))
{
    lease.job = (struct db_job){.run = run, .done = {.deliver = on_done}};
    set_under_way(true);
    if (db_submit(app->db, DB_LEASE, &lease.job) != ERR_OK)
        set_under_way(false);
}

/* Waits so long; true when nothing is under way any more. */
static bool wait_done(int seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += seconds;
    int late = 0;
    pthread_mutex_lock(&lease.lock);
    while (lease.under_way && !late)
        late = pthread_cond_clockwait(&lease.done, &lease.lock, CLOCK_MONOTONIC, &until);
    bool done = !lease.under_way;
    pthread_mutex_unlock(&lease.lock);
    return done;
}

void node_tick(struct app *app)
{
    if (wait_done(0))
        submit(app, renew);
}

void node_stop(struct app *app)
{
    if (!wait_done(STOP_WITHIN_S))
        return;
    submit(app, stop);
    if (!wait_done(STOP_WITHIN_S))
        log_warn("presence.stop", "{}");
}
