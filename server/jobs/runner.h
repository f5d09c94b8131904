/* What the files of jobs/ share: jobs.c gives slots to workers and claims, job.c is about one job
 * that runs. */
#ifndef AMPHI_JOBS_RUNNER_H
#define AMPHI_JOBS_RUNNER_H

#include "base/clock.h"
#include "base/metrics.h"
#include "jobs/jobs.h"
#include "jobs/jobs_store.h"
#include <pthread.h>
#include <stdatomic.h>

#define JOB_KINDS_MAX 32
#define JOB_SLICE_US  (2 * US_PER_S) /* a job runs at least so long before it gives way */

struct job_slot {
    struct db_job work;
    struct job_pool *pool;
    int number;  /* of the process */
    bool busy;   /* under jobs->lock: given to the pool of workers */
    bool unsure; /* its own: what became of its last claim is not known */
};

struct job_pool {
    struct jobs *jobs;
    enum db_pool which;
    const struct job_kind *kinds[JOB_KINDS_MAX];
    const char *names[JOB_KINDS_MAX];
    size_t kind_count;
    struct job_slot *slots;
    int slot_count;
    pthread_mutex_t claiming; /* held over a claim, so that the share of an organisation holds */
    /* under jobs->lock */
    bool wanted;     /* there may be work that no slot has looked for */
    int64_t look_at; /* when to look in any case; monotonic */
};

struct jobs {
    struct app *app;
    const struct clock *clock;
    struct db *db;
    const struct id *node;
    struct job_pool pools[DB_POOLS]; /* those without kinds have no slots */
    pthread_mutex_t lock;
    int64_t sweep_at; /* under the lock; monotonic */
    atomic_bool stopping;
    int stop_fd;
};

extern struct metric jobs_done, jobs_failed, jobs_given_up;

/* --- jobs.c --- */
/* The pool looks for work within so long. */
void jobs_look_within(struct job_pool *p, int64_t us);

/* --- job.c --- */
struct job_claimer job_claimer_of(const struct job_slot *s);
/* Writes down what became of it. Not ERR_OK: that is not known. */
enum err job_settle(struct job *job, enum job_result result) MUST_CHECK;

#endif
