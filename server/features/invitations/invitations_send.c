/* The job that sends a round: see invitations_send_store.c. */
#include "base/app.h"
#include "features/invitations/invitations_routes.h"
#include "features/invitations/invitations_store.h"
#include "mail/mail.h"

static enum job_result send_all(struct job *job)
{
    struct app *app = job->app;
    bool more = true;
    while (more) {
        enum err err = round_batch(job->db, &job->object, app->secrets, app->base_url,
                                   clock_now_us(app->clock), &more);
        if (err == ERR_OK && app->mail)
            mail_sender_wake(app->mail);
        if (err == ERR_OK)
            err = job_progress(job);
        if (err != ERR_OK)
            return JOB_FAILED;
        if (more && job_gives_way(job))
            return JOB_LATER;
    }
    return JOB_DONE;
}

enum job_result invitation_send_run(struct job *job)
{
    int64_t now = clock_now_us(job->app->clock);
    enum err err = round_gather(job->db, &job->object, now);
    if (err == ERR_CONFLICT) /* its list went in the meantime */
        return round_fail(job->db, &job->object, now) == ERR_OK ? JOB_DONE : JOB_FAILED;
    return err == ERR_OK ? send_all(job) : JOB_FAILED;
}

enum err invitation_send_give_up(struct job *job)
{
    return round_fail(job->db, &job->object, clock_now_us(job->app->clock));
}
