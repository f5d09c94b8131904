/* What sign-in at a provider declares: see room/feature.h. */
#include "base/log.h"
#include "features/oidc/oidc.h"
#include "features/oidc/oidc_http.h"
#include "features/oidc/oidc_provider.h"
#include "features/oidc/oidc_routes.h"
#include "features/oidc/oidc_store.h"

/* Many people of one hospital come from one address. */
#define TRIPS                                                                                      \
    {                                                                                              \
        .burst = 60, .per_minute = 60                                                              \
    }

static const struct http_route routes[] = {
    {.method = "POST",
     .pattern = "/api/registration-pages/{code}/provider",
     .gate = oidc_gate,
     .handle = post_provider,
     .pool = DB_PROVIDER,
     .rate = TRIPS},
    {.method = "GET",
     .pattern = "/api/registration-pages/{code}/provider",
     .gate = oidc_gate,
     .handle = get_provider,
     .rate = TRIPS},
    {.method = "GET",
     .pattern = "/api/provider/back",
     .gate = oidc_gate,
     .handle = get_provider_back,
     .pool = DB_PROVIDER,
     .rate = TRIPS},
    {0},
};

static const struct store stores[] = {
    {.name = "provider_sign_in",
     .person = "email",
     .holds =
         "what a provider said of whoever signed in there, until the form is sent: half an hour",
     .erasure = ERASURE_DELETED,
     .why = "until the form is sent and confirmed, nobody knows whose it is"},
    {.name = "provider_identity",
     .person = "hcp_id",
     .holds = "name, RPPS number, profession and specialty as a provider said them, and which",
     .erasure = ERASURE_DELETED,
     .copy = "provider"},
    {0},
};

static const struct job_kind *const jobs[] = {&oidc_expire, NULL};

static enum err start(struct app *app, struct db_conn *conn)
{
    (void)conn;
    struct oidc_settings settings;
    char why[400] = "";
    if (!oidc_settings_read(app->config, &settings, why, sizeof why)) {
        log_error("oidc.configuration", "{s:s}", "why", why);
        return ERR_INVALID;
    }
    if (!settings.secret)
        return ERR_OK;
    app->oidc = oidc_new(&settings);
    return oidc_http_start();
}

const struct feature oidc_feature = {
    .name = "oidc",
    .routes = routes,
    .stores = stores,
    .jobs = jobs,
    .start = start,
};
