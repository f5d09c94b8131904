/* The job of telling everybody who is registered what changed in a congress: a batch of mails in
 * each transaction, so that memory and locks stay small however many are registered. */
#include "features/congress/congress_routes.h"
#include "features/congress/congress_store.h"
#include "jobs/jobs.h"
#include "mail/mail.h"

static enum err tell_batch(struct job *job, bool *more)
{
    struct app *app = job->app;
    enum err err =
        notice_batch(job->db, &job->object, app->base_url, clock_now_us(app->clock), more);
    if (err == ERR_OK && app->mail)
        mail_sender_wake(app->mail);
    return err;
}

enum job_result session_notice_run(struct job *job)
{
    return job_in_batches(job, tell_batch);
}

enum err session_notice_give_up(struct job *job)
{
    return notice_give_up(job->db, &job->object, clock_now_us(job->app->clock));
}
