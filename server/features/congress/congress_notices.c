/* The job of telling everybody who is registered that a session was moved or cancelled: a batch of
 * mails in each transaction, so that memory and locks stay small however many are registered. */
#include "features/congress/congress.h"
#include "features/congress/congress_store.h"
#include "jobs/jobs.h"
#include "mail/mail.h"

#define TRIES 100 /* for about a day: people must not go untold */

static enum job_result run(struct job *job)
{
    struct app *app = job->app;
    bool more = true;
    while (more) {
        enum err err =
            notice_batch(job->db, &job->object, app->base_url, clock_now_us(app->clock), &more);
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

static enum err give_up(struct job *job)
{
    return notice_give_up(job->db, &job->object, clock_now_us(job->app->clock));
}

const struct job_kind session_notice = {
    .name = "session.notice", .pool = DB_JOB, .tries = TRIES, .run = run, .give_up = give_up};
const struct job_kind *const congress_jobs[] = {&session_notice, NULL};
