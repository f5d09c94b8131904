/* What invitations declare: see room/feature.h. */
#include "features/invitations/invitations.h"
#include "features/invitations/invitations_routes.h"
#include "features/invitations/invitations_store.h"
#include "room/feature.h"

#define CONGRESS "/api/congresses/{congress}"
#define ROUND    "/api/invitation-rounds/{round}"
/* Names are for organisers of the whole organisation, as lists are. */
#define OF_CONGRESS .roles = ROLE_ORGANISER, .thing = "congress", .kind = "invitations"
#define OF_ROUND    .roles = ROLE_ORGANISER, .thing = "round", .kind = "invitation_round"
/* Many people of one hospital come from one address. */
#define LINKS                                                                                      \
    {                                                                                              \
        .burst = 60, .per_minute = 60                                                              \
    }
#define TESTS                                                                                      \
    {                                                                                              \
        .burst = 10, .per_minute = 10                                                              \
    }

static const struct http_route routes[] = {
    {.method = "GET", .pattern = CONGRESS "/invitation-rounds", OF_CONGRESS, .handle = get_rounds},
    {.method = "POST", .pattern = CONGRESS "/invitation-rounds", OF_CONGRESS, .handle = post_round},
    {.method = "GET", .pattern = ROUND, OF_ROUND, .handle = get_round},
    {.method = "PATCH", .pattern = ROUND, OF_ROUND, .handle = patch_round},
    {.method = "DELETE", .pattern = ROUND, OF_ROUND, .handle = delete_round},
    {.method = "GET",
     .pattern = ROUND "/audience",
     OF_ROUND,
     .pool = DB_LONG,
     .handle = get_round_audience},
    {.method = "GET",
     .pattern = ROUND "/left-out",
     OF_ROUND,
     .pool = DB_LONG,
     .handle = get_left_out},
    {.method = "GET", .pattern = ROUND "/preview", OF_ROUND, .handle = get_round_preview},
    {.method = "POST",
     .pattern = ROUND "/test",
     OF_ROUND,
     .handle = post_round_test,
     .rate = TESTS},
    {.method = "POST",
     .pattern = ROUND "/send",
     OF_ROUND,
     .pool = DB_LONG,
     .handle = post_round_send},
    {.method = "POST",
     .pattern = ROUND "/cancel",
     OF_ROUND,
     .pool = DB_LONG,
     .handle = post_round_cancel},
    {.method = "GET",
     .pattern = ROUND "/links.csv",
     OF_ROUND,
     .fresh = true,
     .pool = DB_LONG,
     .handle = get_round_links},
    {.method = "GET",
     .pattern = CONGRESS "/invitations",
     OF_CONGRESS,
     .pool = DB_LONG,
     .handle = get_invitations},
    {.method = "DELETE",
     .pattern = CONGRESS "/invitations/{invitation}",
     OF_CONGRESS,
     .handle = delete_invitation},
    {.method = "GET",
     .pattern = "/api/contact-pressure",
     .roles = ROLE_ORGANISER,
     .handle = get_pressure},
    {.method = "PUT",
     .pattern = "/api/contact-pressure",
     .roles = ROLE_ORGANISER,
     .handle = put_pressure},
    {.method = "POST",
     .pattern = "/api/invitations/open",
     .handle = post_invitation_open,
     .rate = LINKS},
    {.method = "POST",
     .pattern = "/api/invitations/decline",
     .handle = post_invitation_decline,
     .rate = LINKS},
    {.method = "POST",
     .pattern = "/api/opt-outs/preview",
     .handle = post_opt_out_preview,
     .rate = LINKS},
    {.method = "POST", .pattern = "/api/opt-outs", .handle = post_opt_out, .rate = LINKS},
    {.method = "POST", .pattern = "/api/opt-outs/undo", .handle = post_opt_out_undo, .rate = LINKS},
    {.method = "POST",
     .pattern = "/api/one-click/{token}",
     .foreign = true,
     .handle = post_one_click,
     .rate = LINKS},
    {.method = "GET", .pattern = "/api/one-click/{token}", .handle = get_one_click, .rate = LINKS},
    {0},
};

const struct job_kind invitation_send = {.name = "invitation.send",
                                         .pool = DB_JOB,
                                         .tries = 5,
                                         .run = invitation_send_run,
                                         .give_up = invitation_send_give_up};
static const struct job_kind *const jobs[] = {&invitation_send, NULL};

static const struct store stores[] = {
    {.name = "invitation_round", .why = "texts and states of mailings; who made them is staff"},
    {.name = "invitation",
     .person = "hcp_id",
     .holds =
         "who was invited to a congress, by which list, and what became of it: name, address; also "
         "people who never registered, whom organisers remove one by one",
     .erasure = ERASURE_EMPTIED,
     .copy = "invitations"},
    {.name = "invitation_opt_out",
     .why =
         "hashes of addresses that want no invitations: so that it holds for good, nothing names "
         "the person"},
    {.name = "invitation_bounce",
     .why = "hashes of addresses to which no mail came: nothing names the person"},
    {0},
};

const struct feature invitations_feature = {
    .name = "invitations",
    .routes = routes,
    .jobs = jobs,
    .stores = stores,
    .erase = invitations_erase,
};
