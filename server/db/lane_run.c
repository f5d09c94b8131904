/* A lane's batches, on a database worker: transactions, and what becomes of items whose transaction
 * failed. */
#include "base/log.h"
#include "db/lane_private.h"

#define CHAIN_US (100 * US_PER_MS) /* batches of one job; then the pool is asked again */

void lane_settle(struct lane *lane, size_t n, enum err err)
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
            lane_settle(lane, to, ERR_BUSY);
        lane->left_behind = c->backend;
        return true;
    }
    db_rollback(c);
    *why = err;
    return false;
}

/* A backend whose connection was given up may still carry out its COMMIT, or hold its locks, when
 * it moves again. What comes after must see what became of it, so it is ended first; not while it
 * waits for a standby, since what it committed would be seen before it is durable there. False: not
 * yet. */
static bool end_left_behind(struct lane *lane, struct db_conn *c)
{
    if (!lane->left_behind.pid)
        return true;
    struct db_result *r =
        db_query(c,
                 "SELECT CASE WHEN wait_event = 'SyncRep' THEN false"
                 "            ELSE pg_terminate_backend(pid, $3) END FROM pg_stat_activity"
                 " WHERE pid = $1::bigint AND backend_start = $2::text::timestamptz"
                 "   AND usename = current_user AND backend_type = 'client backend'",
                 "isi", (int64_t)lane->left_behind.pid, lane->left_behind.started,
                 db_busy_after_us(lane->db) / US_PER_MS);
    bool gone = db_err(r) == ERR_OK && (db_rows(r) == 0 || db_bool(r, 0, 0));
    db_result_free(r);
    if (gone)
        lane->left_behind.pid = 0;
    return gone;
}

static void run_batch(struct lane *lane, struct db_conn *c)
{
    enum err err = ERR_OK;
    if (commit_range(lane, c, lane->batch_len, &err))
        return;
    if (err == ERR_BUSY) {
        /* Out of time, disk or memory: no single row's fault, and more tries make it worse. */
        lane_settle(lane, lane->batch_len, ERR_BUSY);
        return;
    }
    while (lane->settled < lane->batch_len && !c->lost && !is_late(lane)) {
        if (!commit_range(lane, c, lane->settled + 1, &err)) {
            log_warn("lane.refused", "{s:s,s:s}", "kind", lane->batch[lane->settled]->kind->name,
                     "code", err_code(err));
            lane_settle(lane, lane->settled + 1, err);
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

bool lane_take_batch(struct lane *lane)
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
        lane_take_batch(lane);
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

void lane_run(struct db_job *job, struct db_conn *c)
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
