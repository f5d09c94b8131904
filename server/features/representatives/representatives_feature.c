/* What representatives declare: see room/feature.h. */
#include "features/representatives/representatives.h"
#include "features/representatives/representatives_routes.h"
#include "room/feature.h"

#define OF_CONGRESS "/api/congresses/{congress}/representatives"

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = OF_CONGRESS,
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = get_representatives},
    {.method = "POST",
     .pattern = OF_CONGRESS,
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = post_representative},
    {.method = "POST",
     .pattern = "/api/links/{link}/representative/send",
     .roles = ROLE_ORGANISER,
     .thing = "link",
     .handle = post_representative_send},
    {.method = "DELETE",
     .pattern = "/api/links/{link}/representative",
     .roles = ROLE_ORGANISER,
     .thing = "link",
     .handle = delete_representative},
    {.method = "POST",
     .pattern = "/api/representative",
     .handle = post_representative_page,
     .rate = {.burst = 20, .per_minute = 20},
     .pool = DB_SHORT},
    {0},
};

static const struct store stores[] = {
    {.name = "representative",
     .person = "link_id",
     .holds = "name and address of whoever gives a registration link out, hash of a secret",
     .erasure = ERASURE_KEPT,
     .why = "staff's own contract; the address and the secret go when the access ends"},
    {0},
};

const struct feature representatives_feature = {
    .name = "representatives",
    .routes = routes,
    .stores = stores,
};
