/* One job that runs on a worker, and what becomes of it. */
#include "base/log.h"
#include "db/db.h"
#include "jobs/runner.h"

#define RETRY_FIRST_US (5 * US_PER_S) /* then three times as long each time, up to: */
#define RETRY_MAX_US   (900 * US_PER_S)
#define AWAIT_US       (10 * US_PER_S)

struct metric jobs_done = METRIC_COUNTER("amphi_jobs_done_total", "Jobs done");
struct metric jobs_failed = METRIC_COUNTER("amphi_jobs_failed_total", "Tries of jobs that failed");
struct metric jobs_given_up =
    METRIC_COUNTER("amphi_jobs_given_up_total", "Jobs whose last try failed");

struct job_claimer job_claimer_of(const struct job_slot *s)
{
    const struct job_pool *p = s->pool;
    return (struct job_claimer){.node = p->jobs->node,
                                .slot = s->number,
                                .kinds = p->names,
                                .kind_count = p->kind_count,
                                .share = db_share(p->slot_count)};
}

static struct job_end end_of(const struct job *job)
{
    return (struct job_end){.node = job->slot->pool->jobs->node,
                            .kind = job->kind->name,
                            .object = &job->object,
                            .spent_ms = job->spent_ms};
}

int64_t job_budget_left_ms(const struct job *job)
{
    int64_t budget = job->kind->budget_ms;
    if (!budget)
        return INT64_MAX;
    return budget > job->spent_ms ? budget - job->spent_ms : 0;
}

bool job_gives_way(struct job *job)
{
    struct jobs *jobs = job->slot->pool->jobs;
    if (atomic_load(&jobs->stopping))
        return true;
    int64_t now = clock_mono_us(jobs->clock);
    if (now < job->slice_end_us)
        return false;
    job->slice_end_us = now + JOB_SLICE_US;
    struct job_claimer who = job_claimer_of(job->slot);
    bool waits;
    return job_others_wait(job->db, &who, &job->organisation, clock_now_us(jobs->clock), &waits) ==
               ERR_OK &&
           waits;
}

enum err job_progress(struct job *job)
{
    if (job->attempts <= 1)
        return ERR_OK;
    struct job_end end = end_of(job);
    enum err err = job_restart_count(job->db, &end);
    if (err == ERR_OK)
        job->attempts = 1;
    return err;
}

enum job_result job_in_batches(struct job *job, enum err (*batch)(struct job *job, bool *more))
{
    for (bool more = true; more;) {
        enum err err = batch(job, &more);
        if (err == ERR_OK && more)
            err = job_progress(job);
        if (err != ERR_OK)
            return JOB_FAILED;
        if (more && job_gives_way(job))
            return JOB_LATER;
    }
    return JOB_DONE;
}

static int64_t retry_delay(int attempts)
{
    int64_t delay = RETRY_FIRST_US;
    for (int i = 1; i < attempts && delay < RETRY_MAX_US; i++)
        delay *= 3;
    return delay < RETRY_MAX_US ? delay : RETRY_MAX_US;
}

static void log_job(const struct job *job, const char *event)
{
    char object[ID_TEXT_SIZE];
    log_info(event, "{s:s, s:s, s:i}", "kind", job->kind->name, "object",
             id_text(&job->object, object), "attempts", job->attempts);
}

/* Tells people of the last failure. True when the job can go. */
static bool given_up(struct job *job)
{
    if (job->attempts < job->kind->tries || job->kind->give_up(job) != ERR_OK)
        return false;
    log_job(job, "job.given_up");
    metric_add(&jobs_given_up, 1);
    return true;
}

static enum err settle_failed(struct job *job)
{
    struct jobs *jobs = job->slot->pool->jobs;
    struct job_end end = end_of(job);
    metric_add(&jobs_failed, 1);
    if (given_up(job))
        return job_delete(job->db, &end);
    int64_t delay = retry_delay(job->attempts);
    log_job(job, "job.failed");
    jobs_look_within(job->slot->pool, delay);
    return job_retry(job->db, &end, clock_now_us(jobs->clock) + delay);
}

static enum err await(struct job *job)
{
    struct jobs *jobs = job->slot->pool->jobs;
    struct job_end end = end_of(job);
    jobs_look_within(job->slot->pool, AWAIT_US);
    return job_put_off(job->db, &end, clock_now_us(jobs->clock) + AWAIT_US);
}

enum err job_settle(struct job *job, enum job_result result)
{
    struct job_end end = end_of(job);
    switch (result) {
    case JOB_DONE:
        metric_add(&jobs_done, 1);
        return job_delete(job->db, &end);
    case JOB_LATER:
        return job_put_back(job->db, &end);
    case JOB_AWAITS:
        return await(job);
    default:
        return settle_failed(job);
    }
}
