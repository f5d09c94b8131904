#include "admin_migrate.h"

#include "db/cluster.h"
#include "start.h"
#include <stdio.h>

int admin_migrate(struct config *config)
{
    char why[WHY_SIZE];
    struct database database = {0};
    struct db_conn *conn = NULL;
    bool good = (config->database_url[0] || start_data(config, why)) &&
                start_database(config, true, NULL, &database, why) &&
                (conn = start_connect(config, &database, why));
    if (good)
        puts("the database is of this version");
    else
        fprintf(stderr, "amphi: %s\n", why);
    db_disconnect(conn);
    cluster_stop(database.cluster);
    return good ? 0 : 1;
}
