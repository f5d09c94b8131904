#include "bench/nodes_sim_gap.h"
#include "db/db.h"
#include "db/query.h"
#include "harness/audience.h"
#include "harness/pg.h"
#include "nodes/node_store.h"
#include "room/change.h"
#include "room/others.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define EVENTS_A_GAP 1000

static double seconds(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fill_database(const char *url, int nodes_n, int spans)
{
    static int had; /* spans are never deleted */
    char sql[1500];
    snprintf(sql, sizeof sql,
             "INSERT INTO node (id, name, started_at, lease_at, renewed_at) SELECT md5('n' || "
             "n)::uuid, 'sim' || n, now(), now(), now() + interval '1 day'"
             "  FROM generate_series(1, %d) n ON CONFLICT DO NOTHING;"
             "INSERT INTO span (id, organisation_id, session_id, registration_id, kind,"
             "    connection, node_id, joined_at)"
             "  SELECT u, '" AUDIENCE_ORG "', '" AUDIENCE_SESSION "', (SELECT id FROM registration"
             "    LIMIT 1), 'connected', u, md5('n' || 1 + i %% %d)::uuid, now()"
             "    FROM (SELECT gen_random_uuid() AS u, i FROM generate_series(1, %d) i) x;"
             "ANALYZE span; ANALYZE node",
             nodes_n, nodes_n, spans - had);
    pg_sql(url, sql);
    had = spans;
}

static int64_t horizon(struct db_conn *c)
{
    int64_t xid = 0;
    if (control_horizon(c, &xid) != ERR_OK)
        exit(1);
    return xid;
}

/* What a room reads after a gap: the log from its seq, and who came and went since xid; 0: who is
 * there. */
static void heal(struct db_conn *c, const struct event_catalog *catalog, int nodes_n, int spans,
                 int64_t xid)
{
    struct id session = audience_id(AUDIENCE_SESSION);
    struct list events;
    struct other *rows = NULL;
    size_t n = 0;
    list_init(&events);
    double at = seconds(CLOCK_MONOTONIC), log_s, cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (log_read(c, catalog, &session, 0, EVENTS_A_GAP, &events) != ERR_OK)
        exit(1);
    log_s = seconds(CLOCK_MONOTONIC) - at;
    if (others_read(c, &session, &(struct others_range){.xid = xid}, &rows, &n) != ERR_OK)
        exit(1);
    double all_s = seconds(CLOCK_MONOTONIC) - at;
    printf("%-22s %7d others, %7d of them read: log of %d events %.1f ms, with them %.0f ms (%.0f "
           "ms of it this process's processor); %d nodes at once on one database core: %.1f s\n",
           xid ? "gap.changed" : "gap.everybody", spans, (int)n, EVENTS_A_GAP, log_s * 1e3,
           all_s * 1e3, (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) * 1e3, nodes_n, all_s * nodes_n);
    fflush(stdout);
    events_free(&events);
    free(rows);
}

/* Of what is read back ten seconds are sure to be known: one in a hundred comes in them. */
static void heal_both(struct db_conn *c, const struct event_catalog *catalog, const char *url,
                      int nodes_n, int spans)
{
    fill_database(url, nodes_n, spans - spans / 100);
    int64_t since = horizon(c);
    fill_database(url, nodes_n, spans);
    for (int round = 0; round < 3; round++) {
        heal(c, catalog, nodes_n, spans, 0);
        heal(c, catalog, nodes_n, spans, since);
    }
}

void gap_read(const struct event_catalog *catalog, int nodes_n, int members_n)
{
    const char *url = pg_test_database(), *why = "";
    audience_make(url);
    audience_register(url, 1, "10", "SM04", "SA01", "11", "45_54");
    pg_sql(url, "INSERT INTO session_event (session_id, seq, at, type, version, audience, payload)"
                "  SELECT id, n, now(), 'sim.moved', 1, 63, '{\"deck\":\"x\",\"page\":1}' FROM "
                "session, generate_series(1, 1000) n");
    struct db_conn *c = db_connect(pg_application(url), &why);
    if (!c || db_exec(c, "SET amphi.node = '99999999-0000-4000-8000-000000000001'", "") != ERR_OK)
        exit(1);
    for (int spans = nodes_n * members_n / 1000; spans <= nodes_n * members_n; spans *= 10)
        heal_both(c, catalog, url, nodes_n, spans);
    db_disconnect(c);
}
