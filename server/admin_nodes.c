#include "admin_nodes.h"

#include "base/clock.h"
#include "db/cluster.h"
#include "nodes/node_store.h"
#include "start.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *number(int64_t n, char text[static 24])
{
    snprintf(text, 24, n == DB_NULL_INT ? "-" : "%lld", (long long)n);
    return text;
}

static const char *milliseconds(int64_t us, char text[static 24])
{
    snprintf(text, 24, us == DB_NULL_INT ? "-" : "%+.1f ms", (double)us / US_PER_MS);
    return text;
}

static void print_one(void *arg, const struct node_report *r)
{
    char since[32], rooms[24], members[24], missed[24], bus[24], apart[24], skew[24];
    time_t started = (time_t)(r->started_at / US_PER_S);
    struct tm tm;
    bool *away = arg;
    *away |= strcmp(r->state, "away") == 0 || (r->apart != DB_NULL_INT && r->apart > 0);
    strftime(since, sizeof since, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&started, &tm));
    printf("%-12s %-5s %9.1f s %7s %8s %7s %4s %5s %12s  %-20s  %-10s %s\n", r->name, r->state,
           (double)r->age / US_PER_S, number(r->rooms, rooms), number(r->members, members),
           number(r->missed, missed), number(r->bus, bus), number(r->apart, apart),
           milliseconds(r->skew, skew), since, r->build, r->address);
}

static bool list(const struct database *database, bool *away, char why[static WHY_SIZE])
{
    struct db_conn *conn = start_look(database, why);
    if (!conn)
        return false;
    printf("%-12s %-5s %11s %7s %8s %7s %4s %5s %12s  %-20s  %-10s %s\n", "NODE", "STATE",
           "LEASE AGE", "ROOMS", "MEMBERS", "MISSED", "BUS", "APART", "CLOCK", "SINCE", "BUILD",
           "ADDRESS");
    bool good = node_report(conn, print_one, away) == ERR_OK;
    if (!good)
        snprintf(why, WHY_SIZE, "cannot read the nodes; the database may be of an older version");
    db_disconnect(conn);
    return good;
}

int admin_nodes(struct config *config)
{
    char why[WHY_SIZE];
    bool away = false;
    struct database database = {0};
    bool good = (config->database_url[0] || start_data(config, why)) &&
                start_database(config, true, NULL, &database, why) && list(&database, &away, why);
    if (!good)
        fprintf(stderr, "amphi: %s\n", why);
    cluster_stop(database.cluster);
    return good && !away ? 0 : 1;
}
