/* The table job. Worker threads. Private to jobs/. `kinds` are the names of the kinds that share a
 * pool of workers. Times are of the server's clock, Unix us. */
#ifndef AMPHI_JOBS_JOBS_STORE_H
#define AMPHI_JOBS_JOBS_STORE_H

#include "jobs/jobs.h"

#define JOB_KIND_NAME_MAX 100

/* Who claims. */
struct job_claimer {
    const struct id *node;
    int slot; /* of the node; it claims one job at a time */
    const char *const *kinds;
    size_t kind_count;
    int share; /* claims of one organisation that the node may have among these kinds */
};

struct job_claim {
    char kind[JOB_KIND_NAME_MAX + 1];
    struct id object, organisation;
    int attempts; /* this one included */
    int64_t spent_ms;
};

/* Claims the job whose organisation's turn it is. ERR_NOT_FOUND: there is none. */
enum err job_claim(struct db_conn *c, const struct job_claimer *who, int64_t now,
                   struct job_claim *out) MUST_CHECK;
/* Puts back what this slot claimed, if anything: for a slot that does not know what became of its
 * last claim. The try counts. */
enum err job_unclaim(struct db_conn *c, const struct job_claimer *who, int64_t due_at) MUST_CHECK;
/* Whether an organisation other than mine, below its share, waits for a job of these kinds. */
enum err job_others_wait(struct db_conn *c, const struct job_claimer *who, const struct id *mine,
                         int64_t now, bool *waits) MUST_CHECK;

/* The end of a claim. Nothing happens when the claim was lost meanwhile. */
struct job_end {
    const struct id *node;
    const char *kind;
    const struct id *object;
    int64_t spent_ms;
};
/* It is over, or, where it was wanted again meanwhile, begins anew. */
enum err job_delete(struct db_conn *c, const struct job_end *end) MUST_CHECK;
/* Due at once; the try does not count. */
enum err job_put_back(struct db_conn *c, const struct job_end *end) MUST_CHECK;
/* Not before due_at, and as if this turn had not been. */
enum err job_put_off(struct db_conn *c, const struct job_end *end, int64_t due_at) MUST_CHECK;
enum err job_retry(struct db_conn *c, const struct job_end *end, int64_t due_at) MUST_CHECK;
enum err job_restart_count(struct db_conn *c, const struct job_end *end) MUST_CHECK;

/* Takes back the claims of runs that were stopped, or whose lease was not renewed since `alive`. */
enum err job_sweep(struct db_conn *c, const struct id *node, int64_t alive,
                   int64_t *released) MUST_CHECK;

#endif
