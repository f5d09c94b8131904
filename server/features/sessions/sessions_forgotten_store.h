/* Live sessions that everybody left without ending them. Database workers only. */
#ifndef AMPHI_FEATURES_SESSIONS_FORGOTTEN_STORE_H
#define AMPHI_FEATURES_SESSIONS_FORGOTTEN_STORE_H

#include "base/app.h"
#include "db/query.h"

/* Ends each session that is live and has been without anybody, also without this run of the server,
 * for so long, at the moment when the last one left. */
enum err forgotten_end(struct db_conn *c, struct app *app, int64_t alone_us,
                       int64_t now) MUST_CHECK;

#endif
