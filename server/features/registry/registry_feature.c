/* What the register declares: see room/feature.h. */
#include "features/registry/registry.h"
#include "features/registry/registry_routes.h"

static const struct http_route routes[] = {
    {.method = "POST",
     .pattern = "/api/registry/look-up",
     .handle = post_registry_look_up,
     .rate = {.burst = 20, .per_minute = 20}},
    {.method = "GET", .pattern = "/api/registry", .roles = ROLE_STAFF, .handle = get_registry},
    {0},
};

static const struct store stores[] = {
    {.name = "registry_edition", .why = "which files of the register were imported"},
    {.name = "registry_edition_person",
     .person = "rpps",
     .holds = "what the public register says of everybody who practises in France",
     .erasure = ERASURE_KEPT,
     .why = "open data that others publish, the same whoever was here: nothing in it is of this "
            "server's people, and the next edition would bring it again"},
    {0},
};

const struct feature registry_feature = {
    .name = "registry",
    .routes = routes,
    .stores = stores,
};
