/* What accounts declare: see room/feature.h. */
#include "features/accounts/accounts_routes.h"
#include "features/accounts/accounts_store.h"
#include "room/feature.h"

#define SLOWLY                                                                                     \
    {                                                                                              \
        .burst = 10, .per_minute = 10                                                              \
    }
#define LINKS                                                                                      \
    {                                                                                              \
        .burst = 20, .per_minute = 20                                                              \
    }

static const struct http_route routes[] = {
    {.method = "POST",
     .pattern = "/api/sign-in",
     .handle = post_sign_in,
     .gate = gate_sign_in,
     .pool = DB_PASSWORD,
     .rate = LINKS},
    {.method = "POST", .pattern = "/api/sign-in/link", .handle = post_sign_in_link, .rate = SLOWLY},
    {.method = "POST",
     .pattern = "/api/sign-in/password-link",
     .handle = post_password_link,
     .rate = SLOWLY},
    {.method = "POST",
     .pattern = "/api/sign-in/token",
     .handle = post_sign_in_token,
     .rate = LINKS},
    {.method = "POST",
     .pattern = "/api/sign-out",
     .roles = ROLE_ANY,
     .inside = true,
     .handle = post_sign_out},
    {.method = "GET", .pattern = "/api/me", .roles = ROLE_ANY, .inside = true, .handle = get_me},
    {.method = "PATCH",
     .pattern = "/api/me",
     .roles = ROLE_STAFF,
     .inside = true,
     .handle = patch_me},
    {.method = "GET",
     .pattern = "/api/me/sign-ins",
     .roles = ROLE_STAFF,
     .inside = true,
     .handle = get_sign_ins},
    {.method = "DELETE",
     .pattern = "/api/me/sign-ins/{sign_in}",
     .thing = "sign_in",
     .roles = ROLE_STAFF,
     .inside = true,
     .handle = delete_sign_in},
    {.method = "PUT",
     .pattern = "/api/me/password",
     .roles = ROLE_STAFF,
     .inside = true,
     .handle = put_password,
     .pool = DB_PASSWORD,
     .rate = SLOWLY},
    {.method = "GET",
     .pattern = "/api/organisation",
     .roles = ROLE_STAFF,
     .inside = true,
     .handle = get_organisation},
    {.method = "PATCH",
     .pattern = "/api/organisation",
     .roles = ROLE_ORGANISER,
     .handle = patch_organisation},
    {.method = "GET",
     .pattern = "/api/organisation/consents",
     .roles = ROLE_ORGANISER,
     .handle = get_consents},
    {.method = "POST",
     .pattern = "/api/organisation/consents",
     .roles = ROLE_ORGANISER,
     .handle = post_consent},
    {.method = "GET", .pattern = "/api/staff", .roles = ROLE_ORGANISER, .handle = get_staff},
    {.method = "POST", .pattern = "/api/staff", .roles = ROLE_ORGANISER, .handle = post_staff},
    {.method = "PATCH",
     .pattern = "/api/staff/{account}",
     .roles = ROLE_ORGANISER,
     .thing = "account",
     .handle = patch_staff},
    {.method = "POST",
     .pattern = "/api/staff/{account}/invite",
     .roles = ROLE_ORGANISER,
     .thing = "account",
     .handle = post_staff_invite},
    {0},
};

static const struct store stores[] = {
    {.name = "organisation", .why = "an organisation and its contact address"},
    {.name = "files: secret.key", .why = "the server's own key"},
    {.name = "consent_text", .why = "wordings of the organisation"},
    {.name = "account",
     .person = "id",
     .holds = "name, address and password hash of staff",
     .erasure = ERASURE_KEPT,
     .why = "staff's own contract; an account is disabled"},
    {.name = "role_grant",
     .person = "holder_id",
     .holds = "who may do what, by id",
     .erasure = ERASURE_KEPT,
     .copy = "registrations.roles",
     .why = "history of rights; it ends with the sign-ins"},
    {.name = "sign_in",
     .person = "registration_id",
     .holds = "hashes of tokens and when they were made",
     .erasure = ERASURE_KEPT,
     .copy = "registrations.sign_ins",
     .why = "revoked; nothing names the person"},
    {.name = "link_request",
     .why =
         "the hash of an address that asked for a staff link, for the seconds until it is mailed"},
    {0},
};

static const struct job_kind *const jobs[] = {&account_link_job, NULL};

const struct feature accounts_feature = {
    .name = "accounts",
    .routes = routes,
    .jobs = jobs,
    .stores = stores,
};
