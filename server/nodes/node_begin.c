/* The beginning of a run, before anything else uses the database. */
#include "base/app.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "nodes/node.h"
#include "nodes/node_store.h"
#include "nodes/peers.h"
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ADDRESS_SIZE  (HOST_NAME_MAX + 16)
#define LOOK_EVERY_MS 100

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

/* Whether the namesake is to be waited for: it may be dead, and its connections not know it yet. */
static bool may_be_dead(const struct namesake *now, const struct namesake *before)
{
    bool renewed = id_equal(&now->id, &before->id) && now->age < before->age;
    return !renewed && now->connected && now->age < NODE_DEAD_US;
}

/* What an earlier run of this name left ends at its last lease. One that renews its lease lives. */
static bool end_namesakes(struct db_conn *conn, const char *name, char *why, size_t why_size)
{
    struct namesake now, before = {.age = 0};
    for (enum err err; (err = node_namesake(conn, name, &now)) != ERR_NOT_FOUND; before = now) {
        bool ended = false;
        if (err != ERR_OK) {
            snprintf(why, why_size, "cannot read the runs of earlier servers; the log says why");
            return false;
        }
        if (may_be_dead(&now, &before)) {
            pause_ms(LOOK_EVERY_MS);
            continue;
        }
        if (now.connected && now.age < NODE_DEAD_US) {
            snprintf(why, why_size,
                     "another server named '%.100s' runs on this database; node_name must differ",
                     name);
            return false;
        }
        if (node_end(conn, &now.id, DB_NULL_INT, &ended) != ERR_OK) {
            snprintf(why, why_size, "cannot end the earlier run; the log says why");
            return false;
        }
    }
    return true;
}

/* Attendance is counted by each node's clock: they have to agree. One server alone has only its
 * own.
 */
static bool clocks_agree(const struct app *app, struct db_conn *conn, char *why, size_t why_size)
{
    int64_t database_now = 0, before = clock_now_us(app->clock);
    if (!node_wants_bus(app->config))
        return true;
    if (node_database_time(conn, &database_now) != ERR_OK) {
        snprintf(why, why_size, "cannot read the database's clock");
        return false;
    }
    int64_t skew = (before + clock_now_us(app->clock)) / 2 - database_now;
    if (node_clocks_agree(skew))
        return true;
    snprintf(why, why_size,
             "this machine's clock is %+.1f s from the database's; 0.5 s is the most",
             (double)skew / US_PER_S);
    return false;
}

bool node_wants_bus(const struct config *config)
{
    return config->nats_url && config->nats_url[0];
}

/* Where this machine is reached, as far as it knows itself. */
static void own_address(const struct config *config, char out[static ADDRESS_SIZE])
{
    char host[HOST_NAME_MAX + 1] = "";
    const char *bound = config->address ? config->address : "";
    bool all = strcmp(bound, "0.0.0.0") == 0 || strcmp(bound, "::") == 0;
    if (!all || gethostname(host, sizeof host - 1) != 0)
        snprintf(host, sizeof host, "%s", bound);
    snprintf(out, ADDRESS_SIZE, strchr(host, ':') ? "[%s]:%d" : "%s:%d", host, config->port);
}

static bool insert(struct app *app, const struct node_self *self, struct db_conn *conn, char *why,
                   size_t why_size)
{
    char address[ADDRESS_SIZE];
    own_address(app->config, address);
    app->node = id_random();
    enum err err = node_insert(conn, &(struct node_row){.id = app->node,
                                                        .name = app->config->node_name,
                                                        .address = address,
                                                        .build = self->build,
                                                        .reads = self->reads,
                                                        .now = clock_now_us(app->clock)});
    if (err == ERR_UPGRADING)
        snprintf(why, why_size,
                 "servers of a newer version run on this database; they write events which this "
                 "one does not read");
    return err == ERR_OK;
}

static bool begin(struct app *app, const struct node_self *self, struct db_conn *conn, char *why,
                  size_t why_size)
{
    int64_t last = 0;
    const char *name = app->config->node_name;
    if (!end_namesakes(conn, name, why, why_size))
        return false;
    snprintf(why, why_size, "cannot begin a run; the log says why");
    if (node_last_lease(conn, &last) != ERR_OK)
        return false;
    if (!clocks_agree(app, conn, why, why_size))
        return false;
    if (last)
        clock_set_floor(app->clock, last);
    return insert(app, self, conn, why, why_size);
}

bool node_begin(struct app *app, const struct node_self *self, struct db_conn *conn, char *why,
                size_t why_size)
{
    bool good = begin(app, self, conn, why, why_size);
    json_decref(self->reads);
    return good;
}

void node_admission(const struct id *node, char sql[static NODE_ADMISSION_SIZE])
{
    char text[ID_TEXT_SIZE];
    id_text(node, text);
    snprintf(sql, NODE_ADMISSION_SIZE, "SET amphi.node = '%s'; SELECT node_enter('%s')", text,
             text);
}
