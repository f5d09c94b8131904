/* What the goal board declares: see room/feature.h. */
#include "features/goals/goals.h"
#include "features/goals/goals_routes.h"
#include "room/feature.h"

/* Who works on the whole congress; only organisers are shown small numbers. */
#define READERS (ROLE_ORGANISER | ROLE_HOST | ROLE_MODERATOR)
#define PEOPLE  "/api/target-profiles/{profile}/people"

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/congresses/{congress}/goals",
     .roles = READERS,
     .thing = "congress",
     .handle = get_goals,
     .pool = DB_SHORT},
    /* Congresses that somebody may not have been asked to organise. */
    {.method = "GET",
     .pattern = "/api/congresses/{congress}/goals/earlier",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .kind = "comparison",
     .pool = DB_LONG,
     .handle = get_earlier_congresses},
    {.method = "GET",
     .pattern = "/api/sessions/{session}/goals",
     .roles = READERS,
     .thing = "session",
     .handle = get_session_goals},
    {.method = "PUT",
     .pattern = "/api/sessions/{session}/goals",
     .roles = ROLE_ORGANISER,
     .thing = "session",
     .handle = put_session_goals},
    /* By name they are seen by those who may read their list. */
    {.method = "GET",
     .pattern = PEOPLE,
     .roles = ROLE_ORGANISER,
     .thing = "profile",
     .kind = "universe",
     .pool = DB_LONG,
     .handle = get_target_people},
    {.method = "GET",
     .pattern = PEOPLE ".csv",
     .roles = ROLE_ORGANISER,
     .thing = "profile",
     .kind = "universe",
     .fresh = true,
     .pool = DB_LONG,
     .handle = get_target_people_csv},
    {0},
};

static const struct store stores[] = {
    {.name = "goal_disclosed", .why = "numbers, as they were shown"},
    {.name = "session_goal", .why = "numbers that are wanted"},
    {0},
};

const struct feature goals_feature = {
    .name = "goals",
    .routes = routes,
    .stores = stores,
};
