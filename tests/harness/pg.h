/* PostgreSQL for tests. Databases are copies of a migrated template; the cluster is the one that
 * AMPHI_TEST_PG names (a superuser's connection string; tests/harness/with-pg sets it), else one
 * that this process starts for itself and stops at its exit. Works as root and as any user.
 * Tests run in the top folder of the sources. A failure here aborts with a message. */
#ifndef AMPHI_TESTS_PG_H
#define AMPHI_TESTS_PG_H

#include <stdbool.h>

struct pg;

/* Optional, first thing in main(): so that tests which check runs in forks share one cluster. */
void pg_setup(void);
/* URL of a fresh database with all migrations; lives until the process ends. A superuser's, as all
 * here: tests look and prepare with it. */
const char *pg_test_database(void);
/* The same database as the server's own role sees it, which may only do what migrations give it. */
#define PG_APPLICATION "amphi_app"
const char *pg_application(const char *url);
/* The same without any migration. */
const char *pg_test_empty_database(void);

/* A cluster of one's own, for tests that stop it. durable: fsync stays on. */
struct pg *pg_start(bool durable);
const char *pg_database(struct pg *pg, bool migrated);
void pg_halt(struct pg *pg);   /* immediate shutdown: what a power cut leaves */
void pg_freeze(struct pg *pg); /* every process stopped: it neither answers nor hangs up */
void pg_thaw(struct pg *pg);
void pg_resume(struct pg *pg); /* after pg_halt(): returns when it answers */
void pg_stop(struct pg *pg);   /* and removes its files */

/* A synchronous standby of it: what is committed waits for it from now on. Stopped as any other. */
struct pg *pg_start_standby(struct pg *primary);
void pg_promote(struct pg *standby); /* returns when it takes writes */
/* The database of url on another server; and on whichever of both takes writes, for as long as the
 * process lives. */
const char *pg_on(const char *url, const struct pg *server);
const char *pg_on_either(const char *url, const struct pg *first, const struct pg *second);

/* Answers that are lost, in a cluster of one's own: from pg_hold_commits() on commits are carried
 * out but not answered, until their connections are ended. */
void pg_hold_commits(const char *url);
bool pg_holds_a_commit(const char *url);
void pg_lose_held_commits(const char *url);

/* Runs SQL (several statements allowed) and returns the first value of the last result, "" when
 * there is none; the text lives until the next call. */
const char *pg_sql(const char *url, const char *sql);

#endif
