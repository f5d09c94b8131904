/* A worker of a pool: keeps its connection, takes jobs, runs them. Without a sound connection it
 * takes none. */
#include "base/log.h"
#include "db/db_private.h"
#include <stdio.h>
#include <sys/random.h>

#define RECONNECT_MIN_US (200 * US_PER_MS)
#define PING_EVERY_US    (5 * US_PER_S)
#define PLANS_FOR        256 /* jobs */

static void run_job(struct worker *w, struct db_job *job)
{
    struct db_conn *c = &w->conn;
    job->err = ERR_OK;
    job->run(job, c);
    enum err err = job->err;
    if (c->lost) {
        /* Whatever run() made of it: what the server did last is not known. */
        err = err == ERR_OK ? ERR_BUSY : err;
        w->left_behind = c->backend;
        atomic_store(&w->db->last_failure_us, db_now_us());
    } else {
        if (c->brief || PQtransactionStatus(c->pg) != PQTRANS_IDLE) {
            log_error("db.misuse", "{s:s}", "sql", "a job left its transaction open");
            db_rollback(c);
            err = err == ERR_OK ? ERR_INTERNAL : err;
        }
        atomic_store(&w->db->last_ok_us, db_now_us());
    }
    db_answer(job, err);
}

/* PostgreSQL keeps the plans of a connection until the statistics change, which may take a minute.
 * Meanwhile a crowd makes tables long for which a plan was made when they were of a page. So plans
 * are made again now and then: what that costs is a hundredth of what so many jobs do. */
static void renew_plans(struct worker *w)
{
    if (++w->planned_for < PLANS_FOR || w->conn.lost)
        return;
    w->planned_for = 0;
    PQclear(conn_exec(&w->conn, "DISCARD PLANS"));
}

static uint64_t random_below(uint64_t n)
{
    uint64_t value = 0;
    if (getrandom(&value, sizeof value, 0) != sizeof value)
        value = (uint64_t)db_now_us();
    return value % n;
}

/* While what it gave up waits for a standby a worker asks for no more, which would wait, too: or
 * such connections use up all that the server has. */
static bool open_again(struct worker *w)
{
    enum err err;
    if (!conn_open(&w->conn))
        return false;
    bool waits = conn_waits_for_standby(&w->conn, &w->left_behind, &err);
    if (!waits && !err) {
        w->left_behind.pid = 0;
        return true;
    }
    snprintf(w->conn.why, sizeof w->conn.why, "%s",
             waits ? "a commit waits for the synchronous standby" : "it was lost again");
    w->conn.lost = true;
    return false;
}

/* Without the lock. False when it is to be tried again after *delay_us. */
static bool reconnect(struct worker *w, int64_t *delay_us)
{
    if (open_again(w)) {
        if (*delay_us)
            log_info("db.connected", "{}");
        *delay_us = 0;
        atomic_store(&w->db->last_ok_us, db_now_us());
        return true;
    }
    atomic_store(&w->db->last_failure_us, db_now_us());
    log_warn("db.unreachable", "{s:s}", "why", w->conn.why);
    int64_t base = *delay_us ? *delay_us * 2 : RECONNECT_MIN_US;
    *delay_us = base < w->pool->reconnect_max_us ? base : w->pool->reconnect_max_us;
    return false;
}

/* Full jitter above the minimum, so that a crowd of workers does not return at once. */
static int64_t jittered(int64_t delay_us)
{
    int64_t spread = delay_us - RECONNECT_MIN_US;
    return RECONNECT_MIN_US + (spread > 0 ? (int64_t)random_below((uint64_t)spread) : 0);
}

static void connect_or_wait(struct worker *w, int64_t *delay_us)
{
    struct db *db = w->db;
    db_poke_keeper(db, w->pool);
    pthread_mutex_unlock(&db->lock);
    bool connected = reconnect(w, delay_us);
    pthread_mutex_lock(&db->lock);
    int64_t at = db_now_us() + jittered(*delay_us);
    while (!connected && !db->stopping && db_now_us() < at)
        db_wait_until(db, &db->stop_cond, at);
}

/* Under the lock. What waits may not be this worker's to take: then its owner has its share. */
static struct db_job *take_job(struct worker *w)
{
    struct pool *pool = w->pool;
    struct db_job *job = queue_take(&pool->queue, pool->running, (size_t)pool->workers_len);
    db_poke_keeper(w->db, pool); /* one idle worker may have been counted on for several jobs */
    return job;
}

/* With a sound connection: a job, or a sign of life when there was none for a while. */
static void serve(struct worker *w)
{
    struct db *db = w->db;
    struct pool *pool = w->pool;
    struct id *owner = &pool->running[w - pool->workers];
    struct db_job *job = take_job(w);
    if (job) {
        *owner = job->owner;
    } else {
        int64_t ping_at = db_now_us() + PING_EVERY_US;
        pool->idle++;
        db_wait_until(db, &pool->work, ping_at);
        pool->idle--;
        if (db->stopping || db_now_us() < ping_at)
            return;
    }
    pthread_mutex_unlock(&db->lock);
    if (job) {
        run_job(w, job);
        renew_plans(w);
    } else if (conn_ping(&w->conn))
        atomic_store(&db->last_ok_us, db_now_us());
    else
        atomic_store(&db->last_failure_us, db_now_us());
    pthread_mutex_lock(&db->lock);
    *owner = (struct id){0};
    if (pool->queue.share && pool->queue.len > 0)
        pthread_cond_signal(&pool->work); /* what had to wait for this owner's share */
}

void *db_worker_main(void *arg)
{
    struct worker *w = arg;
    struct db *db = w->db;
    int64_t delay_us = 0;
    pthread_mutex_lock(&db->lock);
    while (!db->stopping) {
        if (conn_alive(&w->conn))
            serve(w);
        else
            connect_or_wait(w, &delay_us);
    }
    pthread_mutex_unlock(&db->lock);
    conn_close(&w->conn);
    return NULL;
}
