/* The runner. Each worker of a jobs pool has a slot here. An idle slot is given to its pool when
 * there may be work; there it claims one job after the other until none is left. A slot that finds
 * a job wakes another idle one, because there may be more. */
#include "base/log.h"
#include "base/mem.h"
#include "db/db.h"
#include "jobs/runner.h"
#include <assert.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define LOOK_EVERY_US (30 * US_PER_S)
#define LEASE_LOST_US (30 * US_PER_S) /* a run that did not renew its lease for so long is dead */
#define DATABASE_US   US_PER_S        /* after a failure of the database */
#define UNSURE_US     (5 * US_PER_S)  /* before what may have been done is done again */

/* --- giving slots to workers --- */

/* Under the lock. */
static struct job_slot *idle_slot(struct job_pool *p)
{
    for (int i = 0; i < p->slot_count; i++)
        if (!p->slots[i].busy)
            return &p->slots[i];
    return NULL;
}

/* Under the lock. A slot that is busy looks again before it becomes idle. */
static void give_slot(struct job_pool *p)
{
    struct job_slot *s = idle_slot(p);
    if (!s || atomic_load(&p->jobs->stopping))
        return;
    s->busy = db_submit(p->jobs->db, p->which, &s->work) == ERR_OK;
}

static void want(struct job_pool *p)
{
    struct jobs *jobs = p->jobs;
    pthread_mutex_lock(&jobs->lock);
    p->wanted = true;
    give_slot(p);
    pthread_mutex_unlock(&jobs->lock);
}

void jobs_look_within(struct job_pool *p, int64_t us)
{
    struct jobs *jobs = p->jobs;
    int64_t at = clock_mono_us(jobs->clock) + us;
    pthread_mutex_lock(&jobs->lock);
    if (at < p->look_at)
        p->look_at = at;
    pthread_mutex_unlock(&jobs->lock);
}

/* On a thread of db: the slot's run has ended, or no connection was to be had. */
static void on_idle(struct message *message)
{
    struct job_slot *s =
        container_of(container_of(message, struct db_job, done), struct job_slot, work);
    struct job_pool *p = s->pool;
    struct jobs *jobs = p->jobs;
    if (s->work.err != ERR_OK)
        jobs_look_within(p, DATABASE_US);
    pthread_mutex_lock(&jobs->lock);
    s->busy = false;
    if (p->wanted && s->work.err == ERR_OK)
        give_slot(p);
    pthread_mutex_unlock(&jobs->lock);
}

/* --- a slot's turn with its worker --- */

static const struct job_kind *kind_named(const struct job_pool *p, const char *name)
{
    for (size_t i = 0; i < p->kind_count; i++)
        if (strcmp(p->names[i], name) == 0)
            return p->kinds[i];
    return NULL;
}

/* A job that was claimed more often than it may be tried ended its run of the server each time. */
static void run_claimed(struct job_slot *s, struct db_conn *c, const struct job_claim *claim)
{
    struct jobs *jobs = s->pool->jobs;
    struct job job = {.kind = kind_named(s->pool, claim->kind),
                      .object = claim->object,
                      .organisation = claim->organisation,
                      .app = jobs->app,
                      .db = c,
                      .stop_fd = jobs->stop_fd,
                      .spent_ms = claim->spent_ms,
                      .slot = s,
                      .attempts = claim->attempts,
                      .slice_end_us = clock_mono_us(jobs->clock) + JOB_SLICE_US};
    assert(job.kind); /* only declared kinds are claimed */
    bool lost = job.attempts > job.kind->tries;
    enum job_result result = lost ? JOB_FAILED : job.kind->run(&job);
    s->unsure = job_settle(&job, result) != ERR_OK;
}

static enum err sweep(struct jobs *jobs, struct db_conn *c)
{
    int64_t now = clock_mono_us(jobs->clock), released = 0;
    pthread_mutex_lock(&jobs->lock);
    bool due = now >= jobs->sweep_at;
    if (due)
        jobs->sweep_at = now + LOOK_EVERY_US;
    pthread_mutex_unlock(&jobs->lock);
    if (!due)
        return ERR_OK;
    enum err err = job_sweep(c, jobs->node, clock_now_us(jobs->clock) - LEASE_LOST_US, &released);
    if (released)
        log_info("jobs.taken_over", "{s:i}", "jobs", (int)released);
    for (size_t i = 0; released && i < DB_POOLS; i++)
        want(&jobs->pools[i]);
    return err;
}

static enum err claim(struct job_slot *s, struct db_conn *c, struct job_claim *out)
{
    struct job_pool *p = s->pool;
    struct jobs *jobs = p->jobs;
    struct job_claimer who = job_claimer_of(s);
    int64_t now = clock_now_us(jobs->clock);
    enum err err = ERR_OK;
    if (s->unsure)
        err = job_unclaim(c, &who, now + UNSURE_US);
    if (s->unsure && err == ERR_OK)
        jobs_look_within(p, UNSURE_US);
    s->unsure = err != ERR_OK;
    if (err == ERR_OK)
        err = sweep(jobs, c);
    if (err == ERR_OK)
        err = job_claim(c, &who, now, out);
    s->unsure |= err != ERR_OK && err != ERR_NOT_FOUND;
    return err;
}

/* False when there is nothing to do now. */
static bool next_job(struct job_slot *s, struct db_conn *c, struct job_claim *out)
{
    struct job_pool *p = s->pool;
    struct jobs *jobs = p->jobs;
    pthread_mutex_lock(&jobs->lock);
    p->wanted = false;
    pthread_mutex_unlock(&jobs->lock);
    if (atomic_load(&jobs->stopping))
        return false;
    pthread_mutex_lock(&p->claiming);
    enum err err = claim(s, c, out);
    pthread_mutex_unlock(&p->claiming);
    s->work.err = err == ERR_NOT_FOUND ? ERR_OK : err;
    return err == ERR_OK;
}

static void run_slot(struct db_job *work, struct db_conn *c)
{
    struct job_slot *s = container_of(work, struct job_slot, work);
    struct job_claim next;
    while (next_job(s, c, &next)) {
        want(s->pool);
        run_claimed(s, c, &next);
    }
}

/* --- the runner's life --- */

static void add_kind(struct jobs *jobs, const struct job_kind *kind)
{
    struct job_pool *p = &jobs->pools[kind->pool];
    assert(p->kind_count < JOB_KINDS_MAX && strlen(kind->name) <= JOB_KIND_NAME_MAX);
    assert(kind->run && kind->give_up && kind->tries > 0);
    p->names[p->kind_count] = kind->name;
    p->kinds[p->kind_count++] = kind;
}

static void make_slots(struct job_pool *p, int *number)
{
    p->slot_count = p->kind_count ? db_workers(p->jobs->db, p->which) : 0;
    p->slots = mem_new_array((size_t)p->slot_count, sizeof *p->slots);
    for (int i = 0; i < p->slot_count; i++)
        p->slots[i] = (struct job_slot){.work = {.run = run_slot, .done = {.deliver = on_idle}},
                                        .pool = p,
                                        .number = (*number)++};
}

struct jobs *jobs_new(struct app *app, const struct clock *clock, struct db *db,
                      const struct id *node, const struct job_kind *const *const *tables)
{
    struct jobs *jobs = mem_new(sizeof *jobs);
    int number = 0;
    jobs->app = app;
    jobs->clock = clock;
    jobs->db = db;
    jobs->node = node;
    pthread_mutex_init(&jobs->lock, NULL);
    jobs->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    for (; *tables; tables++)
        for (const struct job_kind *const *kind = *tables; *kind; kind++)
            add_kind(jobs, *kind);
    for (int i = 0; i < DB_POOLS; i++) {
        struct job_pool *p = &jobs->pools[i];
        p->jobs = jobs;
        p->which = (enum db_pool)i;
        pthread_mutex_init(&p->claiming, NULL);
        make_slots(p, &number);
    }
    metric_register(&jobs_done);
    metric_register(&jobs_failed);
    metric_register(&jobs_given_up);
    return jobs;
}

void jobs_wake(struct jobs *jobs, const struct job_kind *kind)
{
    if (jobs)
        want(&jobs->pools[kind->pool]);
}

void jobs_tick(struct jobs *jobs)
{
    int64_t now = clock_mono_us(jobs->clock);
    pthread_mutex_lock(&jobs->lock);
    for (size_t i = 0; i < DB_POOLS; i++) {
        struct job_pool *p = &jobs->pools[i];
        if (now >= p->look_at) {
            p->look_at = now + LOOK_EVERY_US;
            p->wanted = true;
        }
        if (p->wanted)
            give_slot(p);
    }
    pthread_mutex_unlock(&jobs->lock);
}

void jobs_stop(struct jobs *jobs)
{
    atomic_store(&jobs->stopping, true);
    if (eventfd_write(jobs->stop_fd, 1) < 0)
        log_warn("jobs.stop", "{}");
}

void jobs_free(struct jobs *jobs)
{
    if (!jobs)
        return;
    for (size_t i = 0; i < DB_POOLS; i++) {
        pthread_mutex_destroy(&jobs->pools[i].claiming);
        free(jobs->pools[i].slots);
    }
    pthread_mutex_destroy(&jobs->lock);
    close(jobs->stop_fd);
    free(jobs);
}
