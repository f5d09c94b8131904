/* HTTP routes of the code lists and the target profiles. */
#ifndef AMPHI_FEATURES_AUDIENCE_ROUTES_H
#define AMPHI_FEATURES_AUDIENCE_ROUTES_H

#include "http/http.h"

/* Encodes the code lists: before the loops start. */
enum err audience_start(struct app *app, struct db_conn *conn);
void audience_stop(struct app *app);

http_handler get_codes, get_countries, get_more_codes, get_profiles, post_profile,
    post_profile_preview, post_profile_universe, patch_profile, delete_profile;

#endif
