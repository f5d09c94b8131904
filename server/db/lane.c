/* A lane on the thread of its owner: items come in, go back to the front, and are done. */
#include "base/mem.h"
#include "db/lane_private.h"
#include <assert.h>
#include <stdlib.h>

#define START_TURNS_MOST 4

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
    lane_settle(lane, first, ERR_BUSY);
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
    bool any = lane_take_batch(lane);
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
        lane_settle(lane, lane->batch_len, ERR_BUSY); /* the database is being taken down */
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
    lane->job.run = lane_run;
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
