/* What target lists declare: see room/feature.h. */
#include "features/lists/lists.h"
#include "features/lists/lists_routes.h"
#include "features/lists/lists_store.h"
#include "room/feature.h"

#define LIST "/api/target-lists/{target_list}"

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/target-lists",
     .roles = ROLE_ORGANISER,
     .handle = get_target_lists},
    {.method = "GET",
     .pattern = LIST,
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .pool = DB_LONG,
     .handle = get_target_list},
    {.method = "PATCH",
     .pattern = LIST,
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .pool = DB_LONG,
     .handle = patch_target_list},
    {.method = "DELETE",
     .pattern = LIST,
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .pool = DB_LONG,
     .handle = delete_target_list},
    {.method = "GET",
     .pattern = LIST "/people",
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .pool = DB_LONG,
     .handle = get_target_list_people},
    {.method = "DELETE",
     .pattern = LIST "/people/{listed}",
     .roles = ROLE_ORGANISER,
     .thing = "target_list",
     .handle = delete_target_list_person},
    {0},
};

static const struct store stores[] = {
    {.name = "target_list", .why = "names and sources of lists; who made them is staff"},
    {.name = "target_list_person",
     .person = "hcp_id",
     .holds =
         "who is on a list of the organisation: name, address, RPPS, attributes; also people who "
         "never registered, whom organisers remove by themselves or with their list",
     .erasure = ERASURE_DELETED,
     .copy = "target_lists"},
    {0},
};

const struct feature lists_feature = {
    .name = "lists",
    .routes = routes,
    .stores = stores,
    .erase = lists_erase,
};
