/* The database: worker pools over blocking libpq, one connection each. Created by main before the
 * loops start. The only folder that sees libpq. */
#ifndef AMPHI_DB_DB_H
#define AMPHI_DB_DB_H

#include "base/clock.h"
#include "db/job.h"
#include <stdbool.h>

struct db_config {
    const char *url;        /* libpq connection string or URL */
    int hot, short_, long_; /* workers per pool, at least one each */
    int render;             /* likewise; 0: none */
    int provider;           /* likewise; 0: none */
    int busy_after_ms;      /* how long a job may wait for a connection before ERR_BUSY */
    int statement_timeout_ms;
    /* SQL that each new connection begins with, after its settings; the last statement answers
     * whether it may go on. NULL: it may. Lives as long as the pools. */
    const char *admit;
};

/* Connects nothing yet: workers connect by themselves, with jittered backoff, for ever. */
struct db *db_new(const struct db_config *config);
/* Finishes what runs, answers ERR_BUSY to what waits, joins the threads. */
void db_free(struct db *db);
/* Workers of a pool: so many of its jobs run at once. */
int db_workers(const struct db *db, enum db_pool pool);
/* Whether the owners of its jobs take turns (job.h). */
bool db_is_shared_out(enum db_pool pool);
/* Of so many workers, those that one owner may have at once: all but one, so that nobody waits for
 * the work of one organisation alone. */
int db_share(int workers);
/* True when a worker reached the database lately (any thread; for /readyz). */
bool db_reachable(struct db *db);

/* A connection outside the pools, for start-up and tools. NULL when it cannot be had; then
 * why (a static or per-thread buffer) says it in one line without a password. */
struct db_conn *db_connect(const char *url, const char **why);
/* The same for who may be refused (db_config.admit, which lives as long as the connection).
 * ERR_FORBIDDEN: refused for good; ERR_BUSY: not reached, and logged. */
enum err db_connect_admitted(const char *url, const char *admit, struct db_conn **conn) MUST_CHECK;
void db_disconnect(struct db_conn *conn);
/* Statements on it that take longer end with ERR_BUSY, also when the server hangs. 0: no bound. */
enum err db_set_timeout(struct db_conn *conn, int statement_timeout_ms) MUST_CHECK;
int db_server_version(struct db_conn *conn); /* 150018 */

#endif
