/* What congresses declare: see room/feature.h. */
#include "features/congress/congress.h"
#include "features/congress/congress_mail.h"
#include "features/congress/congress_routes.h"

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/congresses",
     .roles = ROLE_STAFF,
     .inside = true,
     .handle = get_congresses},
    {.method = "POST",
     .pattern = "/api/congresses",
     .roles = ROLE_ORGANISER,
     .handle = post_congress},
    {.method = "POST",
     .pattern = "/api/congress-copies",
     .roles = ROLE_ORGANISER,
     .handle = post_congress_copy},
    {.method = "GET",
     .pattern = "/api/congresses/{congress}",
     .roles = ROLE_STAFF,
     .thing = "congress",
     .inside = true,
     .handle = get_congress},
    {.method = "PATCH",
     .pattern = "/api/congresses/{congress}",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = patch_congress},
    {.method = "POST",
     .pattern = "/api/congresses/{congress}/halls",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = post_hall},
    {.method = "POST",
     .pattern = "/api/congresses/{congress}/tracks",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = post_track},
    {.method = "POST",
     .pattern = "/api/congresses/{congress}/sessions",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = post_session},
    {.method = "GET",
     .pattern = "/api/sessions/{session}",
     .roles = ROLE_STAFF,
     .thing = "session",
     .handle = get_session},
    {.method = "PATCH",
     .pattern = "/api/sessions/{session}",
     .roles = ROLE_ORGANISER,
     .thing = "session",
     .handle = patch_session},
    {.method = "POST",
     .pattern = "/api/sessions/{session}/publish",
     .roles = ROLE_ORGANISER,
     .thing = "session",
     .handle = post_session_publish},
    {.method = "POST",
     .pattern = "/api/sessions/{session}/cancel",
     .roles = ROLE_ORGANISER,
     .thing = "session",
     .handle = post_session_cancel},
    {.method = "POST",
     .pattern = "/api/sessions/{session}/tell",
     .roles = ROLE_ORGANISER,
     .thing = "session",
     .handle = post_session_tell},
    {0},
};

const struct job_kind session_notice = {.name = "session.notice",
                                        .pool = DB_JOB,
                                        .tries =
                                            100 /* for about a day: people must not go untold */,
                                        .run = session_notice_run,
                                        .give_up = session_notice_give_up};
static const struct job_kind *const jobs[] = {&session_notice, NULL};

static const struct store stores[] = {
    {.name = "congress", .why = "of the organisation"},
    {.name = "hall", .why = "of a congress"},
    {.name = "track", .why = "of a congress"},
    {.name = "session", .why = "of a congress"},
    {.name = "notice", .why = "how far a change is told; it names registrations by id only"},
    {.name = "session_notice", .why = "which change of a session is told"},
    {0},
};

static const struct mail_sampler mails[] = {
    {KIND_CHANGED, notice_mail_sample},
    {KIND_SESSION_CANCELLED, notice_mail_sample},
    {.kind = MAIL_KINDS},
};

const struct feature congress_feature = {
    .name = "congress",
    .routes = routes,
    .jobs = jobs,
    .stores = stores,
    .mails = mails,
};
