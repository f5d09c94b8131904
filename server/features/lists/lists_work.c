/* Runs the jobs of imports. */
#include "base/app.h"
#include "base/config.h"
#include "features/lists/lists_import_store.h"
#include "features/lists/lists_jobs.h"

static enum err check_batch(struct job *job, bool *more)
{
    const struct config *config = job->app->config;
    return list_import_check(job->db, &job->object, !config || config->rpps_check, more);
}

enum job_result target_list_check_run(struct job *job)
{
    enum job_result result = job_in_batches(job, check_batch);
    if (result != JOB_DONE)
        return result;
    return list_import_settle(job->db, &job->object) ? JOB_FAILED : JOB_DONE;
}

enum job_result target_list_store_run(struct job *job)
{
    enum err err = list_import_store(job->db, &job->object, clock_now_us(job->app->clock));
    if (err == ERR_INVALID)
        err = list_import_fail(job->db, &job->object, "target_list.full");
    return err ? JOB_FAILED : JOB_DONE;
}

enum err target_list_work_give_up(struct job *job)
{
    return list_import_fail(job->db, &job->object, "server.internal");
}

enum job_result target_list_forget_run(struct job *job)
{
    bool storing = false;
    if (list_import_forget(job->db, &job->object, &storing))
        return JOB_FAILED;
    return storing ? JOB_AWAITS : JOB_DONE;
}

/* It is personal data: not before it is gone. */
enum err target_list_forget_give_up(struct job *job)
{
    (void)job;
    return ERR_BUSY;
}
