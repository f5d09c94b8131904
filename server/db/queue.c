#include "db/queue.h"

void queue_init(struct db_queue *q, int share)
{
    *q = (struct db_queue){.share = share};
    list_init(&q->jobs);
}

static struct db_job *job_of(struct list *node)
{
    return container_of(node, struct db_job, node);
}

/* An owner's jobs get consecutive turns. Whoever has few waiting comes soon, however many another
 * has queued before. */
static uint64_t next_turn(const struct db_queue *q, const struct id *owner)
{
    uint64_t turn = q->turn;
    list_for_each(node, &q->jobs)
    {
        const struct db_job *job = job_of(node);
        if (job->turn > turn && id_equal(&job->owner, owner))
            turn = job->turn;
    }
    return turn + 1;
}

void queue_add(struct db_queue *q, struct db_job *job)
{
    if (q->share)
        job->turn = next_turn(q, &job->owner);
    struct list *before = q->jobs.prev;
    while (before != &q->jobs && job_of(before)->since_us > job->since_us)
        before = before->prev;
    list_append(before->next, &job->node);
    q->len++;
    q->firsts += job->first;
}

struct db_job *queue_oldest(const struct db_queue *q)
{
    return list_empty(&q->jobs) ? NULL : job_of(q->jobs.next);
}

static struct db_job *take(struct db_queue *q, struct db_job *job)
{
    if (job) {
        list_remove(&job->node);
        q->len--;
        q->firsts -= job->first;
    }
    return job;
}

struct db_job *queue_take_oldest(struct db_queue *q)
{
    return take(q, queue_oldest(q));
}

static bool may_run(const struct db_queue *q, const struct id *owner, const struct id *running,
                    size_t n)
{
    static const struct id nobody;
    int count = 0;
    for (size_t i = 0; i < n && !id_equal(owner, &nobody); i++)
        count += id_equal(&running[i], owner);
    return count < q->share;
}

static struct db_job *oldest_first(const struct db_queue *q)
{
    list_for_each(node, &q->jobs)
    {
        if (job_of(node)->first)
            return job_of(node);
    }
    return NULL;
}

struct db_job *queue_take(struct db_queue *q, const struct id *running, size_t n)
{
    if (!q->share)
        return q->firsts ? take(q, oldest_first(q)) : queue_take_oldest(q);
    struct db_job *best = NULL;
    list_for_each(node, &q->jobs)
    {
        struct db_job *job = job_of(node);
        if ((!best || job->turn < best->turn) && may_run(q, &job->owner, running, n))
            best = job;
    }
    if (best)
        q->turn = best->turn;
    return take(q, best);
}
