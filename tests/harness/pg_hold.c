/* Commits that wait, and answers that are lost. */
#include "harness/pg.h"
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

/* Whether a commit waits: tried with one, which is given up. */
static bool trial_waits(const char *url)
{
    char sql[128];
    PGconn *conn = PQconnectdb(url);
    PQclear(PQexec(conn, "SET synchronous_commit = on"));
    PQsendQuery(conn, "SELECT pg_logical_emit_message(true, '', '')");
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM pg_stat_activity WHERE pid = %d AND wait_event = 'SyncRep'",
             PQbackendPID(conn));
    bool waits = false;
    while (!waits && PQconsumeInput(conn) && PQisBusy(conn))
        waits = strcmp(pg_sql(url, sql), "1") == 0;
    if (waits) {
        snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%d)", PQbackendPID(conn));
        pg_sql(url, sql);
    }
    PQfinish(conn);
    return waits;
}

/* They wait for a standby that does not exist, once the server has read its configuration. */
void pg_hold_commits(const char *url)
{
    pg_sql(url, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    pg_sql(url, "SELECT pg_reload_conf()");
    while (!trial_waits(url))
        ;
}

bool pg_holds_a_commit(const char *url)
{
    return strcmp(pg_sql(url, "SELECT count(*) FROM pg_stat_activity"
                              " WHERE wait_event = 'SyncRep'"),
                  "0") != 0;
}

/* Their backends are gone before commits go on: one that is woken by that answers all the same. */
void pg_lose_held_commits(const char *url)
{
    pg_sql(url, "SELECT count(pg_terminate_backend(pid, 60000)) FROM pg_stat_activity"
                " WHERE wait_event = 'SyncRep'");
    pg_sql(url, "ALTER SYSTEM RESET synchronous_standby_names");
    pg_sql(url, "SELECT pg_reload_conf()");
}
