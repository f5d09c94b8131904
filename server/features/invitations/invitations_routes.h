/* HTTP routes of invitations. */
#ifndef AMPHI_FEATURES_INVITATIONS_ROUTES_H
#define AMPHI_FEATURES_INVITATIONS_ROUTES_H

#include "http/http.h"
#include "jobs/jobs.h"

/* invitations_routes.c */
http_handler get_rounds, post_round, get_round, patch_round, delete_round, get_pressure,
    put_pressure;
/* invitations_send_routes.c */
http_handler get_round_audience, get_left_out, get_round_preview, post_round_test, post_round_send,
    post_round_cancel;
/* invitations_people_routes.c */
http_handler get_invitations, delete_invitation, get_round_links;
/* invitations_link_routes.c */
http_handler post_invitation_open, post_invitation_decline, post_opt_out_preview, post_opt_out,
    post_opt_out_undo, post_one_click, get_one_click;

/* False after having replied why not. */
bool round_not_refused(struct http_exchange *x, int refusal);

/* invitations_send.c */
enum job_result invitation_send_run(struct job *job);
enum err invitation_send_give_up(struct job *job);

#endif
