/* What the goal board declares: see room/feature.h. */
#include "features/goals/goals.h"
#include "features/goals/goals_routes.h"
#include "room/feature.h"

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/congresses/{congress}/goals",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = get_goals,
     .pool = DB_SHORT},
    {0},
};

const struct feature goals_feature = {
    .name = "goals",
    .routes = routes,
};
