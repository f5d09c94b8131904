#include "features/presence/presence_node.h"
#include "config.h"
#include "db/db.h"
#include "features/presence/presence_store.h"
#include <pthread.h>
#include <time.h>

#define STOP_WITHIN_S 5

/* One run a process: start, tick and stop are the main thread's, run() a worker's. */
static struct {
    struct db_job job;
    struct app *app;
    bool under_way; /* main thread */
    struct mailbox mailbox;
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    bool woken; /* under the lock */
} lease = {.lock = PTHREAD_MUTEX_INITIALIZER, .arrived = PTHREAD_COND_INITIALIZER};

static void wake(void *reader)
{
    (void)reader;
    pthread_mutex_lock(&lease.lock);
    lease.woken = true;
    pthread_cond_signal(&lease.arrived);
    pthread_mutex_unlock(&lease.lock);
}

static void on_done(struct message *message)
{
    (void)message;
    lease.under_way = false;
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
    mailbox_init(&lease.mailbox, 1, wake, NULL);
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
    lease.job =
        (struct db_job){.run = run, .reply_to = &lease.mailbox, .done = {.deliver = on_done}};
    lease.under_way = db_submit(app->db, DB_LEASE, &lease.job) == ERR_OK;
}

void node_tick(struct app *app)
{
    mailbox_drain(&lease.mailbox);
    if (!lease.under_way)
        submit(app, renew);
}

/* True when nothing is under way any more. */
static bool wait_done(void)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += STOP_WITHIN_S;
    int late = 0;
    while (lease.under_way && !late) {
        pthread_mutex_lock(&lease.lock);
        while (!lease.woken && !late)
            late = pthread_cond_clockwait(&lease.arrived, &lease.lock, CLOCK_MONOTONIC, &until);
        lease.woken = false;
        pthread_mutex_unlock(&lease.lock);
        mailbox_drain(&lease.mailbox);
    }
    return !lease.under_way;
}

void node_stop(struct app *app)
{
    if (!wait_done())
        return;
    submit(app, stop);
    if (wait_done())
        mailbox_release(&lease.mailbox);
}
