#include "db/lane.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/conn.h"
#include "db/pool.h"
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#define START_TURNS_MOST 4
#define CHAIN_US         (100 * US_PER_MS) /* batches of one job; then the pool is asked again */

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
    size_t settled;   /* of the batch, from its start: have their final err */
    int64_t began_us; /* this batch */
    int left_behind;  /* the backend of the last connection that was lost, or given up; 0: none */
};

/* The first n are settled with err. */
static void settle(struct lane *lane, size_t n, enum err err)
{
    for (size_t i = lane->settled; i < n; i++)
        lane->batch[i]->err = err;
    lane->settled = n;
}

/* A batch that takes a good part of what an item may wait commits what it has done. */
static bool is_late(const struct lane *lane)
{
    return db_now_us() - lane->began_us > db_busy_after_us(lane->db) / 4;
}

static enum err run_items(struct db_conn *c, const struct lane_kind *kind,
                          struct lane_item *const *items, size_t n)
{
    enum err err = ERR_OK;
    if (kind->run)
        return kind->run(c, items, n);
    for (size_t i = 0; err == ERR_OK && i < n; i++)
        err = kind->run_each(c, items[i]);
    return err;
}

/* Begins a transaction for items [from, to): their final err is ERR_OK unless they say otherwise.
 */
static enum err begin(struct lane *lane, struct db_conn *c, size_t from, size_t to)
{
    bool locks = false;
    for (size_t i = from; i < to; i++) {
        lane->batch[i]->err = ERR_OK;
        locks |= lane->batch[i]->kind->locks;
    }
    enum err err = db_begin(c);
    if (err == ERR_OK && locks && lane->lock_first.take)
        err = lane->lock_first.take(c, &lane->lock_first.key);
    return err;
}

/* Runs items [from, *to) of the batch in one transaction without its commit. When that takes long,
 * *to is lowered to the items that were run. */
static enum err run_range(struct lane *lane, struct db_conn *c, size_t from, size_t *to)
{
    enum err err = begin(lane, c, from, *to);
    while (err == ERR_OK && from < *to) {
        const struct lane_kind *kind = lane->batch[from]->kind;
        size_t end = from + 1;
        while (end < *to && lane->batch[end]->kind == kind)
            end++;
        err = run_items(c, kind, lane->batch + from, end - from);
        if (err != ERR_OK && end - from < *to - from)
            log_debug("lane.failed", "{s:s,s:s}", "kind", kind->name, "code", err_code(err));
        from = end;
        if (is_late(lane))
            *to = from;
    }
    return err;
}

/* One transaction for items [settled, to), or the first of them. True when they are settled, or the
 * connection was lost (then those that were not settled were surely not committed). */
static bool commit_range(struct lane *lane, struct db_conn *c, size_t to, enum err *why)
{
    enum err err = run_range(lane, c, lane->settled, &to);
    bool asked = false;
    if (err == ERR_OK) {
        asked = true;
        err = db_commit(c);
        if (err == ERR_OK) {
            lane->settled = to;
            return true;
        }
    }
    if (c->lost) {
        if (asked) /* committed or not: nobody knows, so nothing is acknowledged */
            settle(lane, to, ERR_BUSY);
        lane->left_behind = PQbackendPID(c->pg);
        return true;
    }
    db_rollback(c);
    *why = err;
    return false;
}

/* A backend whose connection was given up may still carry out its COMMIT, or hold its locks, when
 * it moves again. What comes after must see what became of it, so it is ended first. False: not
 * yet. */
static bool end_left_behind(struct lane *lane, struct db_conn *c)
{
    if (!lane->left_behind)
        return true;
    struct db_result *r =
        db_query(c,
                 "SELECT pg_terminate_backend(pid, $2) FROM pg_stat_activity"
                 " WHERE pid = $1::bigint AND usename = current_user"
                 "   AND backend_type = 'client backend'",
                 "ii", (int64_t)lane->left_behind, db_busy_after_us(lane->db) / US_PER_MS);
    bool gone = db_err(r) == ERR_OK && (db_rows(r) == 0 || db_bool(r, 0, 0));
    db_result_free(r);
    if (gone)
        lane->left_behind = 0;
    return gone;
}

static void run_batch(struct lane *lane, struct db_conn *c)
{
    enum err err = ERR_OK;
    if (commit_range(lane, c, lane->batch_len, &err))
        return;
    if (err == ERR_BUSY) {
        /* Out of time, disk or memory: no single row's fault, and more tries make it worse. */
        settle(lane, lane->batch_len, ERR_BUSY);
        return;
    }
    while (lane->settled < lane->batch_len && !c->lost && !is_late(lane)) {
        if (!commit_range(lane, c, lane->settled + 1, &err)) {
            log_warn("lane.refused", "{s:s,s:s}", "kind", lane->batch[lane->settled]->kind->name,
                     "code", err_code(err));
            settle(lane, lane->settled + 1, err);
        }
    }
}

/* Smaller batches while one takes long. */
static void adapt(struct lane *lane, int64_t took_us)
{
    int64_t most = db_busy_after_us(lane->db);
    size_t limit = lane->limit;
    if (took_us >= most)
        limit = lane->batch_len / 8;
    else if (took_us > most / 2)
        limit = lane->settled / 2;
    else if (lane->batch_len == limit)
        limit = 2 * limit;
    lane->limit = limit < 1 ? 1 : limit < LANE_BATCH ? limit : LANE_BATCH;
}

/* With the lock. False when nothing waits. */
static bool take_batch(struct lane *lane)
{
    struct list *node;
    lane->batch_len = lane->settled = 0;
    while (lane->batch_len < lane->limit && (node = list_take_first(&lane->waiting)))
        lane->batch[lane->batch_len++] = container_of(node, struct lane_item, node);
    lane->waiting_len -= lane->batch_len;
    return lane->batch_len > 0;
}

/* Worker: hands over a batch that is settled and takes what waits, so that the database does not
 * wait for the lane's thread, which may be busy for a good while. A few are left to it: small
 * batches cost more than they gain. */
static bool chain(struct lane *lane)
{
    if (lane->settled < lane->batch_len)
        return false;
    pthread_mutex_lock(&lane->lock);
    bool more = lane->waiting_len >= LANE_CHAIN;
    bool tell = more && !lane->told;
    if (more) {
        for (size_t i = 0; i < lane->batch_len; i++)
            list_append(&lane->finished, &lane->batch[i]->node);
        lane->told = true;
        take_batch(lane);
    }
    pthread_mutex_unlock(&lane->lock);
    if (tell)
        mailbox_post(lane->owner, &lane->progress);
    return more;
}

/* On this connection, while no other lane waits for a worker. */
static bool may_go_on(const struct lane *lane, const struct db_conn *c, int64_t until)
{
    return !c->lost && !c->renew && db_now_us() < until && !db_queued(lane->db, DB_HOT);
}

/* A batch has as long as an item may wait: then its connection is given up. */
static void run(struct db_job *job, struct db_conn *c)
{
    struct lane *lane = container_of(job, struct lane, job);
    int64_t until = db_now_us() + CHAIN_US;
    do {
        lane->began_us = db_now_us();
        c->deadline_ms = (lane->began_us + db_busy_after_us(lane->db)) / US_PER_MS;
        if (end_left_behind(lane, c))
            run_batch(lane, c);
        c->deadline_ms = 0;
        adapt(lane, db_now_us() - lane->began_us);
    } while (may_go_on(lane, c, until) && chain(lane));
}

static void lane_free(struct lane *lane)
{
    db_unref(lane->db);
    pthread_mutex_destroy(&lane->lock);
    free(lane);
}

/* Items that were not settled and may still wait go back to the front, in order. */
static void requeue_young(struct lane *lane)
{
    int64_t oldest = db_now_us() - db_busy_after_us(lane->db);
    size_t first = lane->settled;
    while (first < lane->batch_len && lane->batch[first]->since_us <= oldest)
        first++;
    settle(lane, first, ERR_BUSY);
    struct list young;
    list_init(&young);
    for (size_t i = first; i < lane->batch_len; i++)
        list_append(&young, &lane->batch[i]->node);
    pthread_mutex_lock(&lane->lock);
    lane->waiting_len += lane->batch_len - first;
    list_splice(&young, &lane->waiting);
    list_splice(&lane->waiting, &young);
    pthread_mutex_unlock(&lane->lock);
}

static void call_done(struct lane *lane, struct lane_item *item)
{
    lane->not_done--;
    item->done(item);
}

static void call_all_done(struct lane *lane, struct list *items)
{
    for (struct list *node; (node = list_take_first(items));)
        call_done(lane, container_of(node, struct lane_item, node));
}

static void call_settled(struct lane *lane)
{
    for (size_t i = 0; i < lane->settled; i++)
        call_done(lane, lane->batch[i]);
}

static void on_progress(struct message *message)
{
    struct lane *lane = container_of(message, struct lane, progress);
    struct list finished;
    list_init(&finished);
    pthread_mutex_lock(&lane->lock);
    list_splice(&finished, &lane->finished);
    lane->told = false;
    pthread_mutex_unlock(&lane->lock);
    call_all_done(lane, &finished);
}

static bool start_batch(struct lane *lane)
{
    pthread_mutex_lock(&lane->lock);
    bool any = take_batch(lane);
    pthread_mutex_unlock(&lane->lock);
    if (any)
        lane->job.since_us = lane->batch[0]->since_us;
    return any;
}

/* done() may submit to the lane and release it: both only change its lists here. */
static void go_on(struct lane *lane)
{
    while (start_batch(lane)) {
        if (db_push(lane->db, DB_HOT, &lane->job) == ERR_OK)
            return;
        settle(lane, lane->batch_len, ERR_BUSY); /* the database is being taken down */
        call_settled(lane);
    }
    lane->busy = false;
    if (lane->released)
        lane_free(lane);
}

/* What a client sent back to back may take several turns to be read: as long as turns bring more,
 * within bounds, the batch waits for it. A turn that brings nothing takes microseconds. */
static void on_start(struct message *message)
{
    struct lane *lane = container_of(message, struct lane, start);
    bool grew = lane->not_done > lane->start_waiting; /* nothing is under way: all of them wait */
    if (grew && lane->not_done < LANE_BATCH && lane->start_turns++ < START_TURNS_MOST) {
        lane->start_waiting = lane->not_done;
        mailbox_post(lane->owner, &lane->start);
        return;
    }
    go_on(lane);
}

static void on_done(struct message *message)
{
    struct db_job *job = container_of(message, struct db_job, done);
    struct lane *lane = container_of(job, struct lane, job);
    requeue_young(lane);
    call_settled(lane);
    go_on(lane);
}

struct lane *lane_new(struct db *db, struct mailbox *owner, size_t max_waiting,
                      const struct lane_lock *lock)
{
    struct lane *lane = mem_new(sizeof *lane);
    lane->db = db_ref(db);
    lane->owner = owner;
    lane->max_waiting = max_waiting;
    if (lock)
        lane->lock_first = *lock;
    lane->limit = LANE_BATCH;
    pthread_mutex_init(&lane->lock, NULL);
    list_init(&lane->waiting);
    list_init(&lane->finished);
    lane->progress.deliver = on_progress;
    lane->start.deliver = on_start;
    lane->job.run = run;
    lane->job.reply_to = owner;
    lane->job.done.deliver = on_done;
    return lane;
}

void lane_release(struct lane *lane)
{
    if (!lane)
        return;
    lane->released = true;
    if (!lane->busy)
        lane_free(lane);
}

enum err lane_submit(struct lane *lane, struct lane_item *item)
{
    assert(!lane->released || lane->busy);
    item->since_us = db_now_us();
    pthread_mutex_lock(&lane->lock);
    bool full = lane->waiting_len >= lane->max_waiting;
    if (!full) {
        list_append(&lane->waiting, &item->node);
        lane->waiting_len++;
    }
    pthread_mutex_unlock(&lane->lock);
    if (full)
        return ERR_BUSY;
    lane->not_done++;
    if (!lane->busy) {
        lane->busy = true;
        lane->start_waiting = 0;
        lane->start_turns = 0;
        mailbox_post(lane->owner, &lane->start);
    }
    return ERR_OK;
}

void lane_tick(struct lane *lane)
{
    int64_t oldest = db_now_us() - db_busy_after_us(lane->db);
    struct list late;
    list_init(&late);
    pthread_mutex_lock(&lane->lock);
    while (!list_empty(&lane->waiting)) {
        struct lane_item *item = container_of(lane->waiting.next, struct lane_item, node);
        if (item->since_us > oldest)
            break;
        item->err = ERR_BUSY;
        list_append(&late, list_take_first(&lane->waiting));
        lane->waiting_len--;
    }
    pthread_mutex_unlock(&lane->lock);
    call_all_done(lane, &late);
}

size_t lane_waiting(const struct lane *lane)
{
    return lane->not_done;
}
