#include "harness/run.h"
#include "base/app.h"
#include "db/db.h"
#include "nodes/node.h"
#include "room/event.h"
#include "room/far.h"
#include <stdio.h>
#include <stdlib.h>

void run_begin(struct app *app, const char *url)
{
    char why[256] = "";
    const char *reason = "";
    struct db_conn *conn = db_connect(url, &reason);
    const struct node_self self = {"test", event_catalog_reads(app->events)};
    if (conn && node_begin(app, &self, conn, why, sizeof why))
        app->node_here = node_start(app, conn, url, &far_hooks, why, sizeof why);
    if (!app->node_here) {
        fprintf(stderr, "no run of the server: %s%s\n", reason, why);
        abort();
    }
    db_disconnect(conn);
}

void run_end(struct app *app)
{
    node_stop(app->node_here);
    app->node_here = NULL;
}
