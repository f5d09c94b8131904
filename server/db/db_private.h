/* The pools, shared by db.c (queues and the keeper) and worker.c (the workers' threads). */
#ifndef AMPHI_DB_DB_PRIVATE_H
#define AMPHI_DB_DB_PRIVATE_H

#include "db/conn.h"
#include "db/pool.h"
#include "db/queue.h"
#include <pthread.h>
#include <stdatomic.h>

#define NEVER INT64_MAX

struct worker {
    struct db *db;
    struct pool *pool;
    struct db_conn conn;
    pthread_t thread;
    int planned_for;            /* jobs since the connection's plans were made */
    struct backend left_behind; /* of the connection before this one, if that was lost */
};

struct pool {
    struct db_queue queue;
    size_t limit;
    int idle, workers_len;
    struct id *running; /* by worker: the owner of its job */
    int64_t wait_us;    /* bound of a job's wait */
    int64_t reconnect_max_us;
    pthread_cond_t work;
    struct worker *workers;
};

struct db {
    atomic_uint refs;
    char *url;
    int64_t busy_after_us;
    pthread_mutex_t lock;
    pthread_cond_t stop_cond, keeper_cond;
    bool stopping;
    int64_t keeper_at; /* when the keeper looks next; 0: it is looking */
    struct pool pools[DB_POOLS];
    pthread_t keeper;
    _Atomic int64_t last_ok_us, last_failure_us;
};

/* Waits on cond under the lock until at_us (monotonic) or a signal. */
void db_wait_until(struct db *db, pthread_cond_t *cond, int64_t at_us);
/* Hands the job back to whoever submitted it. */
void db_answer(struct db_job *job, enum err err);
/* Under the lock: wakes the keeper when the pool's oldest job may find no worker in time. */
void db_poke_keeper(struct db *db, const struct pool *pool);

/* The thread of a worker. */
void *db_worker_main(void *worker);

#endif
