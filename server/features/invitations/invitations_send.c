/* The job that sends a round: see invitations_send_store.c. */
#include "base/app.h"
#include "features/invitations/invitations_routes.h"
#include "features/invitations/invitations_store.h"
#include "mail/mail.h"

static enum err send_batch(struct job *job, bool *more)
{
    struct app *app = job->app;
    enum err err = round_batch(job->db, &job->object, app->secrets, app->base_url,
                               clock_now_us(app->clock), more);
    if (err == ERR_OK && app->mail)
        mail_sender_wake(app->mail);
    return err;
}

enum job_result invitation_send_run(struct job *job)
{
    int64_t now = clock_now_us(job->app->clock);
    enum err err = round_gather(job->db, &job->object, now);
    if (err == ERR_CONFLICT) /* its list went in the meantime */
        return round_fail(job->db, &job->object, now) == ERR_OK ? JOB_DONE : JOB_FAILED;
    return err == ERR_OK ? job_in_batches(job, send_batch) : JOB_FAILED;
}

enum err invitation_send_give_up(struct job *job)
{
    return round_fail(job->db, &job->object, clock_now_us(job->app->clock));
}
