/* This run of the server: its row, its lease, its end. Main thread. */
#ifndef AMPHI_FEATURES_PRESENCE_NODE_H
#define AMPHI_FEATURES_PRESENCE_NODE_H

#include "room/feature.h"

/* Sets app->node and the clock's floor before anything is stamped. */
enum err node_start(struct app *app, struct db_conn *conn) MUST_CHECK;
void node_tick(struct app *app); /* renews the lease, unless the last renewal is under way */
void node_stop(struct app *app); /* waits a little for the last lease */

#endif
