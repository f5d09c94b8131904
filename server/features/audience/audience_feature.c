/* What the audience declares: see room/feature.h. */
#include "features/audience/audience.h"
#include "features/audience/audience_library.h"
#include "features/audience/audience_routes.h"
#include "features/audience/audience_universe.h"
#include "room/feature.h"

#define PROFILES "/api/congresses/{congress}/target-profiles"
#define PROFILE  "/api/target-profiles/{profile}"
#define KEPT     "/api/library-profiles/{library_profile}"

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/api/codes", .handle = get_codes, .pool = DB_SHORT},
    {.method = "GET", .pattern = "/api/codes/countries", .handle = get_countries, .pool = DB_SHORT},
    {.method = "GET", .pattern = "/api/codes/more", .handle = get_more_codes, .pool = DB_SHORT},
    {.method = "GET",
     .pattern = PROFILES,
     .roles = ROLE_STAFF,
     .thing = "congress",
     .handle = get_profiles,
     .pool = DB_SHORT},
    {.method = "POST",
     .pattern = PROFILES,
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = post_profile,
     .max_body = 256 * 1024,
     .pool = DB_SHORT},
    {.method = "POST",
     .pattern = PROFILES "/preview",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = post_profile_preview,
     .max_body = 256 * 1024,
     .pool = DB_SHORT},
    {.method = "POST",
     .pattern = PROFILES "/universe",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = post_profile_universe,
     .max_body = 256 * 1024,
     .pool = DB_LONG},
    {.method = "PATCH",
     .pattern = PROFILE,
     .roles = ROLE_ORGANISER,
     .thing = "profile",
     .handle = patch_profile,
     .max_body = 256 * 1024,
     .pool = DB_SHORT},
    {.method = "DELETE",
     .pattern = PROFILE,
     .roles = ROLE_ORGANISER,
     .thing = "profile",
     .handle = delete_profile,
     .pool = DB_SHORT},
    /* The library: whoever organises a congress reads and copies, its keepers organise all of the
     * organisation. */
    {.method = "GET",
     .pattern = "/api/congresses/{congress}/library-profiles",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = get_library_profiles,
     .pool = DB_SHORT},
    {.method = "POST",
     .pattern = PROFILES "/from-library",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = post_profiles_from_library,
     .pool = DB_LONG},
    {.method = "POST",
     .pattern = "/api/library-profiles",
     .roles = ROLE_ORGANISER,
     .handle = post_library_profile,
     .pool = DB_SHORT},
    {.method = "PATCH",
     .pattern = KEPT,
     .roles = ROLE_ORGANISER,
     .thing = "library_profile",
     .handle = patch_library_profile,
     .pool = DB_SHORT},
    {.method = "DELETE",
     .pattern = KEPT,
     .roles = ROLE_ORGANISER,
     .thing = "library_profile",
     .handle = delete_library_profile,
     .pool = DB_SHORT},
    {0},
};

static const struct job_kind *const jobs[] = {&universe_count, NULL};

static const struct store stores[] = {
    {.name = "code", .why = "lists of the trade"},
    {.name = "target_profile", .why = "whom a congress wants to reach, as criteria"},
    {.name = "library_profile", .why = "profiles that an organisation keeps for its congresses"},
    {.name = "target_profile_criterion", .why = "criteria"},
    {.name = "target_profile_list", .why = "target lists that criteria name"},
    {.name = "target_profile_rule", .why = "what the criteria came to, for the version before"},
    {.name = "profile_rule", .why = "what the criteria come to"},
    {.name = "organisation_code", .why = "an organisation's words and codes"},
    {.name = "registration_profile",
     .person = "registration_id",
     .holds = "which profiles their attributes match",
     .erasure = ERASURE_KEPT,
     .copy = "registrations.target_profiles",
     .why = "computed from the registration; figures by profile stay"},
    {0},
};

const struct feature audience_feature = {
    .name = "audience",
    .routes = routes,
    .start = audience_start,
    .stop = audience_stop,
    .jobs = jobs,
    .stores = stores,
};
