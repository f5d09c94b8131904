/* The job that sends a mailing: a batch in each transaction, so that one that is killed goes on
 * where it was, and nobody is written to twice. */
#include "features/mails/mailing_store.h"
#include "features/mails/mails.h"
#include "features/mails/mails_jobs.h"
#include "mail/mail.h"

static enum err send_batch(struct job *job, bool *more)
{
    struct app *app = job->app;
    enum err err =
        mailing_batch(job->db, &job->object, app->base_url, clock_now_us(app->clock), more);
    if (err == ERR_OK && app->mail)
        mail_sender_wake(app->mail);
    return err;
}

enum job_result mailing_run(struct job *job)
{
    return job_in_batches(job, send_batch);
}

/* What it was for is over by then. */
enum err mailing_give_up(struct job *job)
{
    (void)job;
    return ERR_OK;
}
