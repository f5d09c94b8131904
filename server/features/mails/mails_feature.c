/* What the mails of a congress declare: see room/feature.h. */
#include "features/mails/mails.h"
#include "features/mails/mails_jobs.h"

const struct job_kind mails_send = {.name = "mails.send",
                                    .pool = DB_JOB,
                                    .tries = 100,
                                    .run = mailing_run,
                                    .give_up = mailing_give_up};
static const struct job_kind *const jobs[] = {&mails_send, NULL};

static const struct store stores[] = {
    {.name = "mail_setting", .why = "what a congress mails by itself"},
    {.name = "mailing", .why = "how far a mailing is; it names registrations by id only"},
    {.name = "mail_text", .why = "texts of the organisation"},
    {0},
};

const struct feature mails_feature = {
    .name = "mails",
    .jobs = jobs,
    .stores = stores,
};
