/* What serving and administering have in common at start: the data folder, privileges, the
 * database. Every function returns false with one line in why[]. */
#ifndef AMPHI_START_H
#define AMPHI_START_H

#include "base/config.h"
#include "db/db.h"
#include <stdbool.h>
#include <stddef.h>

#define WHY_SIZE 512

/* Makes config->data; started by root, gives it to config->user and becomes that user for good. */
bool start_data(const struct config *config, char why[static WHY_SIZE]);
/* One server per data folder. The lock is held until the process ends. */
bool start_lock(const struct config *config, char why[static WHY_SIZE]);
void raise_file_limit(void);
/* version as PostgreSQL counts: 140011, before 10 90624. */
bool start_supports(int version, char why[static WHY_SIZE]);
struct cluster;

/* Where the database is: for the application's role, and for the owner's, who migrates. The same
 * where there is one role only. */
struct database {
    struct cluster *cluster; /* the private one, to be stopped in the end; NULL: another's */
    const char *url, *owner_url;
};
/* The configured one, else the private cluster, made and started; attach: used as it runs if it
 * runs. say: as in db/cluster.h. */
bool start_database(const struct config *config, bool attach, void (*say)(const char *line),
                    struct database *database, char why[static WHY_SIZE]);
/* Connects as the application and migrates nothing. */
struct db_conn *start_look(const struct database *database, char why[static WHY_SIZE]);
/* Connects as who owns the tables, and migrates nothing. */
struct db_conn *start_owner(const struct database *database, char why[static WHY_SIZE]);
/* Connects as the application after the owner has migrated. Refuses a PostgreSQL older than 14 by
 * name. */
struct db_conn *start_connect(const struct config *config, const struct database *database,
                              char why[static WHY_SIZE]);

struct event_catalog;
/* Whether this server reads every event of the sessions that are not over. */
bool start_reads_events(struct db_conn *conn, const struct event_catalog *catalog,
                        char why[static WHY_SIZE]);

/* The configured render helper, else amphi-render beside this program. */
const char *start_helper(const struct config *config, char *path, size_t size);

#endif
