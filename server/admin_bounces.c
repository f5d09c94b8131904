#include "admin_bounces.h"

#include "base/clock.h"
#include "db/cluster.h"
#include "features/invitations/invitations_bounce.h"
#include "features/invitations/invitations_store.h"
#include "start.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct told {
    struct db_conn *conn;
    int64_t now, marked;
};

static enum err mark(void *arg, const struct bounce *bounce)
{
    struct told *told = arg;
    bool marked = false;
    enum err err =
        invitation_bounced(told->conn, &bounce->mail, bounce->status, told->now, &marked);
    told->marked += marked;
    return err;
}

static bool read_file(struct db_conn *conn, const char *name, char *why)
{
    FILE *file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
    if (!file) {
        snprintf(why, WHY_SIZE, "%.200s: %s", name, strerror(errno));
        return false;
    }
    struct clock clock;
    clock_init(&clock);
    struct told told = {.conn = conn, .now = clock_now_us(&clock)};
    struct bounce_counts counts;
    enum err err = bounces_read(file, mark, &told, &counts);
    if (file != stdin)
        fclose(file);
    if (err == ERR_OK)
        printf("%lld messages, %lld of them say that a mail failed for good: %lld invitations "
               "that were not known to have bounced\n",
               (long long)counts.messages, (long long)counts.failed, (long long)told.marked);
    else
        snprintf(why, WHY_SIZE, "%.200s was not read to its end: do it again", name);
    return err == ERR_OK;
}

int admin_bounces(struct config *config, const char *file)
{
    char why[WHY_SIZE] = "";
    struct database database = {0};
    bool good = false;
    if (!file)
        snprintf(why, sizeof why, "bounces needs a mailbox file; see amphi --help");
    else if ((config->database_url[0] || start_data(config, why)) &&
             start_database(config, true, NULL, &database, why)) {
        struct db_conn *conn = start_look(&database, why);
        good = conn && read_file(conn, file, why);
        db_disconnect(conn);
    }
    if (!good)
        fprintf(stderr, "amphi: %s\n", why);
    cluster_stop(database.cluster);
    return good ? 0 : 1;
}
