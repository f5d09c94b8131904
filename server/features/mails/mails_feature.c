/* What the mails of a congress declare: see room/feature.h. */
#include "features/mails/mailing_mail.h"
#include "features/mails/mails.h"
#include "features/mails/mails_jobs.h"
#include "features/mails/mails_routes.h"

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/congresses/{congress}/mails",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = get_mails},
    {.method = "PUT",
     .pattern = "/api/congresses/{congress}/mails",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = put_mails},
    {.method = "POST",
     .pattern = "/api/congresses/{congress}/mails/preview",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = post_mail_preview},
    {.method = "POST",
     .pattern = "/api/congresses/{congress}/mails/test",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = post_mail_test,
     .rate = {.burst = 20, .per_minute = 10}},
    /* Of the whole organisation: whoever organises one congress only may not change them. */
    {.method = "PUT",
     .pattern = "/api/mail-texts",
     .roles = ROLE_ORGANISER,
     .handle = put_mail_text},
    {.method = "POST",
     .pattern = "/api/mail-texts/reset",
     .roles = ROLE_ORGANISER,
     .handle = post_mail_text_reset},
    {0},
};

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

static const struct mail_sampler mails[] = {
    {KIND_REMINDER, mailing_mail_sample},
    {KIND_THANKS, mailing_mail_sample},
    {KIND_MISSED, mailing_mail_sample},
    {.kind = MAIL_KINDS},
};

const struct feature mails_feature = {
    .name = "mails",
    .routes = routes,
    .jobs = jobs,
    .stores = stores,
    .mails = mails,
};
