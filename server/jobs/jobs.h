/* Work behind requests: rendering a deck, mailing everybody about a change. A feature declares its
 * kinds of jobs in struct feature. The transaction of the change that wants the work inserts a job
 * with job_add(); after its commit jobs_wake() has a worker claim it at once. Each job is claimed
 * by one run of the server at a time and deleted when it is done. A run that died loses its claims:
 * run() is then called again elsewhere, so it must be harmless when called twice.
 *
 * The organisations that wait for a pool take turns, and none has all of its workers at once. */
#ifndef AMPHI_JOBS_JOBS_H
#define AMPHI_JOBS_JOBS_H

#include "base/id.h"
#include "db/job.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;
struct clock;
struct job;
struct jobs;

enum job_result {
    JOB_DONE,   /* also when there was nothing to do any more */
    JOB_LATER,  /* it stopped, or gave way: it goes on at its organisation's next turn */
    JOB_AWAITS, /* what it needs is away: after a while again, and this was no try */
    JOB_FAILED, /* it is tried again after a while, up to `tries` times in a row */
};

struct job_kind {
    const char *name;  /* "deck.render"; the rows in the database carry it */
    enum db_pool pool; /* DB_RENDER or DB_JOB: whose workers run it */
    int tries;
    int64_t budget_ms; /* processor time that one job may take in all its turns; 0: not bounded */
    /* On a worker; it may block. No transaction may be open when it returns. */
    enum job_result (*run)(struct job *job);
    /* The last try failed: says so where people see it. On a worker, with job->db. Not ERR_OK: it
     * is called again later. */
    enum err (*give_up)(struct job *job);
};

/* A job while it runs. */
struct job {
    const struct job_kind *kind;
    struct id object, organisation;
    struct app *app;
    struct db_conn *db; /* its own until run() returns */
    int stop_fd;        /* readable once the server stops: return soon, with JOB_LATER */
    int64_t spent_ms;   /* of the budget, over all turns; run() adds what it takes */
    /* private */
    struct job_slot *slot;
    int attempts;
    int64_t slice_end_us; /* monotonic */
};

/* What is left of the budget; INT64_MAX where it is not bounded. */
int64_t job_budget_left_ms(const struct job *job);
/* True when run() should return JOB_LATER: the server stops, or this job has run for a while and
 * another organisation waits. Cheap; to be asked between two steps. */
bool job_gives_way(struct job *job);
/* A step is committed: the tries count from here. ERR_BUSY: the database is away. */
enum err job_progress(struct job *job) MUST_CHECK;
/* For run(): batch after batch, each a transaction of its own, until there is none *more. Between
 * two the job's progress is noted, and it gives way. */
enum job_result job_in_batches(struct job *job,
                               enum err (*batch)(struct job *job, bool *more)) MUST_CHECK;

/* Inserts a job in the caller's transaction; a job of this kind and object that waits already
 * stays, one that runs, and may have read what there is to do, runs again when it is over. Wake
 * after the commit. Worker. */
enum err job_add(struct db_conn *c, const struct job_kind *kind, const struct id *organisation,
                 const struct id *object, int64_t now) MUST_CHECK;
/* For later: due_at counts also for a job that waits already; one that runs runs again then. It
 * begins at most half a minute after that, or when somebody wakes. */
enum err job_add_due(struct db_conn *c, const struct job_kind *kind, const struct id *organisation,
                     const struct id *object, int64_t now, int64_t due_at) MUST_CHECK;

/* --- the runner, one a process --- */

/* tables: one per feature, each NULL-terminated; the array of them, too. Claims for app->node. */
struct jobs *jobs_new(struct app *app, const struct clock *clock, struct db *db,
                      const struct id *node, const struct job_kind *const *const *tables);
/* Any thread: there is a new job of this kind. NULL jobs: there is no runner, nothing happens. */
void jobs_wake(struct jobs *jobs, const struct job_kind *kind);
/* Main thread, about once a second: what is due by now; each 30 s also what nobody was woken for,
 * and the claims of runs that have ended. */
void jobs_tick(struct jobs *jobs);
/* No job is begun any more, those running are told to stop. db_free() waits for them. */
void jobs_stop(struct jobs *jobs);
void jobs_free(struct jobs *jobs); /* after db_free() */

#endif
