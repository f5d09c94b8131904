/* What registration declares: see room/feature.h. */
#include "features/registration/registration.h"
#include "features/registration/registration_events.h"
#include "features/registration/registration_routes.h"

/* Many people of one hospital come from one address. */
#define FORMS                                                                                      \
    {                                                                                              \
        .burst = 60, .per_minute = 60                                                              \
    }
#define LINKS                                                                                      \
    {                                                                                              \
        .burst = 20, .per_minute = 20                                                              \
    }

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/api/registration-pages/{code}", .handle = get_registration_page},
    {.method = "POST",
     .pattern = "/api/registration-pages/{code}",
     .handle = post_registration,
     .rate = FORMS},
    {.method = "POST",
     .pattern = "/api/registration-pages/{code}/send-link",
     .handle = post_send_link,
     .rate = LINKS},
    {.method = "POST", .pattern = "/api/join", .handle = post_join, .rate = FORMS},
    {.method = "POST", .pattern = "/api/join/cancel", .handle = post_join_cancel, .rate = LINKS},
    {.method = "GET",
     .pattern = "/api/my/registration",
     .roles = ROLE_HCP,
     .handle = get_my_registration},
    {.method = "PATCH",
     .pattern = "/api/my/registration",
     .roles = ROLE_HCP,
     .handle = patch_my_registration,
     .rate = LINKS},
    {.method = "POST", .pattern = "/api/my/cancel", .roles = ROLE_HCP, .handle = post_my_cancel},
    {.method = "GET",
     .pattern = "/api/my/data",
     .roles = ROLE_HCP,
     .handle = get_my_data,
     .rate = LINKS},
    {.method = "GET",
     .pattern = "/api/congresses/{congress}/registrations",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = get_registrations},
    {.method = "POST",
     /* All registrations of the person, whatever the congress. */
     .pattern = "/api/registrations/{registration}/erase",
     .roles = ROLE_ORGANISER,
     .thing = "registration",
     .kind = "person",
     .handle = post_erase},
    {.method = "POST",
     .pattern = "/api/registrations/{registration}/cancel",
     .roles = ROLE_ORGANISER,
     .thing = "registration",
     .handle = post_cancel_registration},
    {.method = "GET",
     .pattern = "/api/congresses/{congress}/links",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = get_links},
    {.method = "POST",
     .pattern = "/api/congresses/{congress}/links",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .handle = post_link},
    {0},
};

static const struct event_type events[] = {
    {.name = "person.renamed",
     .what = "The log names the registration",
     .version = 1,
     .attach = person_attach_name,
     .release = free},
    {.name = "person.erased",
     .what = "The log names the registration",
     .version = 1,
     .apply = person_apply_erased},
    {0},
};

static const struct store stores[] = {
    {.name = "hcp",
     .person = "id",
     .holds = "e-mail address and name",
     .erasure = ERASURE_EMPTIED,
     .copy = "person"},
    {.name = "hcp_attributes",
     .person = "hcp_id",
     .holds = "profession, specialty, setting, region, age band",
     .erasure = ERASURE_DELETED,
     .copy = "attributes"},
    {.name = "registration",
     .person = "id",
     .holds = "what they declared when they registered",
     .erasure = ERASURE_KEPT,
     .copy = "registrations",
     .why = "figures by profile stay: nothing names the person"},
    {.name = "registration_consent",
     .person = "registration_id",
     .holds = "what they agreed to, and when",
     .erasure = ERASURE_KEPT,
     .copy = "registrations.consents",
     .why = "proof of what was agreed; nothing names the person"},
    {.name = "registration_link", .why = "links of the congress"},
    {.name = "one_time_link",
     .person = "registration_id",
     .holds = "hashes of personal links",
     .erasure = ERASURE_DELETED,
     .copy = "registrations.links"},
    {0},
};

const struct feature registration_feature = {
    .name = "registration",
    .routes = routes,
    .events = events,
    .stores = stores,
};
