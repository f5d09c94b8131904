/* HTTP routes of the code lists and the target profiles. */
#ifndef AMPHI_FEATURES_AUDIENCE_ROUTES_H
#define AMPHI_FEATURES_AUDIENCE_ROUTES_H

#include "http/http.h"

/* Encodes the code lists: before the loops start. */
enum err audience_start(struct app *app, struct db_conn *conn);
void audience_stop(struct app *app);

/* Profiles of the congress have changed: open rooms load them again, and universes are counted. */
void profiles_tell(struct http_exchange *x, const struct id *congress);

http_handler get_codes, get_countries, get_more_codes, get_profiles, post_profile,
    post_profile_preview, post_profile_universe, patch_profile, delete_profile;

#endif
