/* What exports declare: see room/feature.h. */
#include "features/exports/exports.h"
#include "features/exports/exports_routes.h"
#include "room/feature.h"

static const struct http_route routes[] = {
    {.method = "GET",
     .pattern = "/api/sessions/{session}/attendance.csv",
     .roles = ROLE_ORGANISER,
     .thing = "session",
     .fresh = true,
     .handle = get_attendance_csv,
     .pool = DB_LONG},
    {.method = "GET",
     .pattern = "/api/congresses/{congress}/registrations.csv",
     .roles = ROLE_ORGANISER,
     .thing = "congress",
     .fresh = true,
     .handle = get_registrations_csv,
     .pool = DB_LONG},
    {0},
};

static const struct store stores[] = {
    {.name = "files: temporary", .why = "files of downloads have no name and go with the download"},
    {0},
};

const struct feature exports_feature = {
    .name = "exports",
    .routes = routes,
    .stores = stores,
};
