#include "features/audience/audience_universe.h"
#include "base/app.h"
#include "room/tell.h"

/* One that cannot be counted now holds up none of the others. Open rooms load the profiles again
 * after each: the figures they show have its universe. */
static enum job_result run(struct job *job)
{
    struct id profile = {{0}}, congress;
    bool failed = false;
    enum err err;
    while ((err = universe_next(job->db, &job->object, &profile, &congress)) == ERR_OK) {
        if (universe_match(job->db, &job->object, &profile) ||
            universe_write(job->db, &job->object, &profile, clock_now_us(job->app->clock))) {
            failed = true;
            continue;
        }
        if (job_progress(job))
            return JOB_FAILED;
        tell(job->app, scope_congress(&congress), "profiles", NULL);
        if (job_gives_way(job))
            return JOB_LATER;
    }
    return err == ERR_NOT_FOUND && !failed ? JOB_DONE : JOB_FAILED;
}

static enum err give_up(struct job *job)
{
    return universe_give_up(job->db, &job->object);
}

const struct job_kind universe_count = {
    .name = "universe.count", .pool = DB_JOB, .tries = 5, .run = run, .give_up = give_up};
