/* What congress_feature.c declares: the routes of congresses and sessions, and their job. */
#ifndef AMPHI_FEATURES_CONGRESS_ROUTES_H
#define AMPHI_FEATURES_CONGRESS_ROUTES_H

#include "http/http.h"
#include "jobs/jobs.h"

http_handler get_congresses, post_congress, post_congress_copy, get_congress, patch_congress,
    post_hall, post_track, put_structure, post_session, get_session, patch_session,
    post_session_publish, post_session_cancel, post_session_tell;

/* congress_notices.c */
enum job_result session_notice_run(struct job *job);
enum err session_notice_give_up(struct job *job);

#endif
