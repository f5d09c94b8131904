/* Group commit. A lane is an ordered queue in front of the hot pool. When it is free, what its
 * thread submits in this turn and the next few that bring more is one batch: commands that a client
 * sent back to back are one commit, and one write to each member. What arrives while a batch is
 * under way is the next one (at most LANE_BATCH items, one transaction), which the worker takes by
 * itself when it is large. One lane per live session keeps its events in order. Items of a batch
 * are handed to their kind in runs of equal kind, in order. When a run fails as a whole, the
 * transaction is rolled back and every item of the batch is tried alone, so that a bad row fails
 * alone. When the database is away or slow, items wait up to the database's bound, a batch under
 * way has as long again, and then they fail with ERR_BUSY; batches become smaller while they take
 * long. After the commit, done() is called for each item, in order, on the lane's thread, that of
 * its mailbox: nothing is acknowledged or shown before. */
#ifndef AMPHI_DB_LANE_H
#define AMPHI_DB_LANE_H

#include "base/err.h"
#include "base/id.h"
#include "base/list.h"
#include "db/job.h"
#include <stdbool.h>
#include <stddef.h>

#define LANE_BATCH 500
#define LANE_CHAIN 50 /* as many as wait are the next batch without asking the lane's thread */

struct lane;
struct lane_item;

struct lane_kind {
    const char *name; /* for metrics and the log */
    /* Worker thread, inside a transaction: several items at once, or, where run is NULL, one after
     * the other. Sets item->err for outcomes of single items that do not break the transaction
     * (nothing inserted, stale version …); returns not ERR_OK to fail the run. */
    enum err (*run)(struct db_conn *c, struct lane_item *const *items, size_t n);
    enum err (*run_each)(struct db_conn *c, struct lane_item *item);
    bool locks; /* needs the lane's lock; a batch that holds such an item takes it first */
};

/* What a batch locks before any of its items runs, so that all its transactions lock in one order.
 */
struct lane_lock {
    enum err (*take)(struct db_conn *c, const struct id *key); /* worker, inside a transaction */
    struct id key;
};

struct lane_item {
    struct list node;
    const struct lane_kind *kind;
    enum err err;
    void (*done)(struct lane_item *); /* lane's thread; owns the item from here on */
    int64_t since_us;                 /* lane's own: when it was submitted */
};

/* lock: copied; NULL: none of its kinds locks. */
struct lane *lane_new(struct db *db, struct mailbox *owner, size_t max_waiting,
                      const struct lane_lock *lock);
/* Everything submitted is still run and done() called; afterwards the lane frees itself. */
void lane_release(struct lane *lane);
/* ERR_BUSY when max_waiting items wait already: done will not be called, the item is the caller's.
 */
enum err lane_submit(struct lane *lane, struct lane_item *item) MUST_CHECK;
/* Now and then, on the lane's thread: answers ERR_BUSY to what waited too long behind a batch that
 * is still under way. */
void lane_tick(struct lane *lane);
/* Items submitted whose done() was not called yet (lane's thread). */
size_t lane_waiting(const struct lane *lane);

#endif
