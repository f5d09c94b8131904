/* Worker pools. One lock guards all queues: jobs are few compared with what a job costs. A worker
 * takes a job only with a sound connection in hand; the keeper thread answers ERR_BUSY to jobs that
 * waited too long, also while every worker is inside a slow statement. */
#include "db/db.h"
#include "base/mem.h"
#include "db/db_private.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define RECONNECT_MAX_US (10 * US_PER_S)
#define REACHABLE_FOR_US (15 * US_PER_S)
#define LONG_TIMEOUT_MS  600000
#define LONG_WAIT_US     (60 * US_PER_S)

int64_t db_now_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * US_PER_S + ts.tv_nsec / 1000;
}

int64_t db_busy_after_us(const struct db *db)
{
    return db->busy_after_us;
}

void db_wait_until(struct db *db, pthread_cond_t *cond, int64_t at_us)
{
    if (at_us == NEVER) {
        pthread_cond_wait(cond, &db->lock);
        return;
    }
    struct timespec ts = {.tv_sec = at_us / US_PER_S, .tv_nsec = at_us % US_PER_S * 1000};
    pthread_cond_timedwait(cond, &db->lock, &ts);
}

void db_answer(struct db_job *job, enum err err)
{
    job->err = err;
    if (job->reply_to)
        mailbox_post(job->reply_to, &job->done);
    else
        job->done.deliver(&job->done);
}

void db_poke_keeper(struct db *db, const struct pool *pool)
{
    const struct db_job *oldest = queue_oldest(&pool->queue);
    if (oldest && oldest->since_us + pool->wait_us < db->keeper_at)
        pthread_cond_signal(&db->keeper_cond);
}

static enum err push(struct db *db, enum db_pool which, struct db_job *job, bool bounded)
{
    struct pool *pool = &db->pools[which];
    enum err err = ERR_BUSY;
    pthread_mutex_lock(&db->lock);
    size_t limit = job->first ? 2 * pool->limit : pool->limit;
    if (!db->stopping && (!bounded || pool->queue.len < limit)) {
        queue_add(&pool->queue, job);
        if (pool->idle > 0)
            pthread_cond_signal(&pool->work);
        else
            db_poke_keeper(db, pool);
        err = ERR_OK;
    }
    pthread_mutex_unlock(&db->lock);
    return err;
}

enum err db_push(struct db *db, enum db_pool pool, struct db_job *job)
{
    return push(db, pool, job, false);
}

bool db_queued(struct db *db, enum db_pool pool)
{
    pthread_mutex_lock(&db->lock);
    bool queued = db->pools[pool].queue.len > 0;
    pthread_mutex_unlock(&db->lock);
    return queued;
}

enum err db_submit(struct db *db, enum db_pool pool, struct db_job *job)
{
    assert(job->run && job->done.deliver);
    job->since_us = db_now_us();
    return push(db, pool, job, true);
}

/* Moves the jobs that waited too long to overdue; returns when the next one will have. */
static int64_t collect_overdue(struct db *db, struct list *overdue)
{
    int64_t now = db_now_us(), next = NEVER;
    for (size_t i = 0; i < DB_POOLS; i++) {
        struct pool *pool = &db->pools[i];
        for (struct db_job *job; (job = queue_oldest(&pool->queue));) {
            int64_t at = job->since_us + pool->wait_us;
            if (at > now) {
                next = at < next ? at : next;
                break;
            }
            list_append(overdue, &queue_take_oldest(&pool->queue)->node);
        }
    }
    return next;
}

static void *keeper_main(void *arg)
{
    struct db *db = arg;
    pthread_mutex_lock(&db->lock);
    while (!db->stopping) {
        struct list overdue;
        list_init(&overdue);
        int64_t next = collect_overdue(db, &overdue);
        if (!list_empty(&overdue)) {
            pthread_mutex_unlock(&db->lock);
            for (struct list *node; (node = list_take_first(&overdue));)
                db_answer(container_of(node, struct db_job, node), ERR_BUSY);
            pthread_mutex_lock(&db->lock);
            continue;
        }
        db->keeper_at = next;
        db_wait_until(db, &db->keeper_cond, next);
        db->keeper_at = 0;
    }
    pthread_mutex_unlock(&db->lock);
    return NULL;
}

int db_workers(const struct db *db, enum db_pool pool)
{
    return db->pools[pool].workers_len;
}

static void start_pool(struct db *db, enum db_pool which, const struct db_config *config)
{
    struct pool *pool = &db->pools[which];
    for (int i = 0; i < pool->workers_len; i++) {
        struct worker *w = &pool->workers[i];
        int timeout = config->statement_timeout_ms;
        w->db = db;
        w->pool = pool;
        w->conn.url = db->url;
        w->conn.admit = config->admit;
        w->conn.lost = true;
        w->conn.statement_timeout_ms =
            which == DB_LONG && timeout < LONG_TIMEOUT_MS ? LONG_TIMEOUT_MS : timeout;
        int failed = pthread_create(&w->thread, NULL, db_worker_main, w);
        assert(!failed);
    }
}

static void init_pool(struct db *db, enum db_pool which, const struct db_config *config,
                      const pthread_condattr_t *monotonic)
{
    struct pool *pool = &db->pools[which];
    int n = pool->workers_len = pool_workers(which, config);
    pool->workers = mem_new_array((size_t)n, sizeof *pool->workers);
    pool->running = mem_new_array((size_t)n, sizeof *pool->running);
    queue_init(&pool->queue, db_is_shared_out(which) ? db_share(n) : 0);
    pool->limit = pool_queue_limit(which);
    pool->wait_us = db->busy_after_us;
    if (pool_waits_long(which) && pool->wait_us < LONG_WAIT_US)
        pool->wait_us = LONG_WAIT_US;
    pthread_cond_init(&pool->work, monotonic);
}

struct db *db_new(const struct db_config *config)
{
    struct db *db = mem_new(sizeof *db);
    atomic_init(&db->refs, 1);
    db->url = mem_strdup(config->url);
    db->busy_after_us = config->busy_after_ms * US_PER_MS;
    pthread_mutex_init(&db->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&db->stop_cond, &monotonic);
    pthread_cond_init(&db->keeper_cond, &monotonic);
    for (int i = 0; i < DB_POOLS; i++)
        init_pool(db, (enum db_pool)i, config, &monotonic);
    pthread_condattr_destroy(&monotonic);
    int failed = pthread_create(&db->keeper, NULL, keeper_main, db);
    assert(!failed);
    for (int i = 0; i < DB_POOLS; i++)
        start_pool(db, (enum db_pool)i, config);
    return db;
}

static void stop(struct db *db)
{
    pthread_mutex_lock(&db->lock);
    db->stopping = true;
    pthread_cond_broadcast(&db->stop_cond);
    pthread_cond_broadcast(&db->keeper_cond);
    for (size_t i = 0; i < DB_POOLS; i++)
        pthread_cond_broadcast(&db->pools[i].work);
    pthread_mutex_unlock(&db->lock);
    pthread_join(db->keeper, NULL);
    for (size_t i = 0; i < DB_POOLS; i++)
        for (int j = 0; j < db->pools[i].workers_len; j++)
            pthread_join(db->pools[i].workers[j].thread, NULL);
}

void db_free(struct db *db)
{
    if (!db)
        return;
    stop(db);
    for (size_t i = 0; i < DB_POOLS; i++) {
        struct db_job *job;
        while ((job = queue_take_oldest(&db->pools[i].queue)))
            db_answer(job, ERR_BUSY);
        free(db->pools[i].workers);
        free(db->pools[i].running);
    }
    db_unref(db);
}

struct db *db_ref(struct db *db)
{
    atomic_fetch_add(&db->refs, 1);
    return db;
}

void db_unref(struct db *db)
{
    if (atomic_fetch_sub(&db->refs, 1) != 1)
        return;
    for (size_t i = 0; i < DB_POOLS; i++)
        pthread_cond_destroy(&db->pools[i].work);
    pthread_cond_destroy(&db->stop_cond);
    pthread_cond_destroy(&db->keeper_cond);
    pthread_mutex_destroy(&db->lock);
    free(db->url);
    free(db);
}

bool db_reachable(struct db *db)
{
    int64_t ok = atomic_load(&db->last_ok_us);
    return ok > atomic_load(&db->last_failure_us) && db_now_us() - ok < REACHABLE_FOR_US;
}
