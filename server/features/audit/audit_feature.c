/* What the audit log declares: see room/feature.h. */
#include "features/audit/audit.h"
#include "features/audit/audit_routes.h"
#include "room/feature.h"

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/api/audit", .roles = ROLE_ORGANISER, .handle = get_audit},
    {0},
};

static const struct store stores[] = {
    {.name = "audit_log",
     .person = "actor_id",
     .holds = "who did what, by id",
     .erasure = ERASURE_KEPT,
     .why = "append-only; details hold no names and no texts"},
    {0},
};

const struct feature audit_feature = {
    .name = "audit",
    .routes = routes,
    .stores = stores,
};
