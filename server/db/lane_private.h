/* The two sides of a lane: lane.c on the thread of its owner, lane_run.c on a database worker. */
#ifndef AMPHI_DB_LANE_PRIVATE_H
#define AMPHI_DB_LANE_PRIVATE_H

#include "db/conn.h"
#include "db/lane.h"
#include "db/pool.h"
#include <pthread.h>

struct lane {
    struct db *db;
    struct mailbox *owner;
    struct lane_lock lock_first; /* take NULL: none */
    size_t max_waiting, not_done;
    bool busy, released;
    /* Under the lock: the worker takes the next batch itself. */
    pthread_mutex_t lock;
    struct list waiting, finished;
    size_t waiting_len;
    bool told; /* progress was posted and finds whatever is in finished */
    struct message progress;
    struct message start; /* to its own mailbox: begins the first batch of an idle lane */
    size_t start_waiting; /* when it was last posted */
    int start_turns;
    struct db_job job;
    size_t limit; /* of the next batch: less than LANE_BATCH while the database is slow */
    /* The batch under way: the worker's between push and completion. */
    struct lane_item *batch[LANE_BATCH];
    size_t batch_len;
    size_t settled;             /* of the batch, from its start: have their final err */
    int64_t began_us;           /* this batch */
    struct backend left_behind; /* of the last connection that was lost, or given up */
};

/* The first n items of the batch are settled with err. */
void lane_settle(struct lane *lane, size_t n, enum err err);
/* Under lane->lock: what waits becomes the batch, at most lane->limit. False when nothing waits. */
bool lane_take_batch(struct lane *lane);
/* The job, on a worker: runs the batch, and those that came meanwhile. A batch has as long as an
 * item may wait: then its connection is given up. */
void lane_run(struct db_job *job, struct db_conn *c);

#endif
