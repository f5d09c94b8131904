/* After a gap a room reads who came and went since what was heard, not everybody: whatever was
 * committed in it, however late, and whoever is on a node that is back. */
#include "db/db.h"
#include "harness/audience.h"
#include "harness/live.h"
#include "harness/pg.h"
#include "harness/wait.h"
#include "nodes/node_store.h"
#include "room/home/home.h"
#include "unit/run.h"
#include <stdio.h>
#include <stdlib.h>

#define NODE "99999999-0000-4000-8000-000000000001" /* this one */
#define FAR  "99999999-0000-4000-8000-000000000002"

static const char *url;
static struct db *db;
static struct db_conn *c, *far;
static struct live *live;
static int there, entered;

static void on_enter(struct room *room, const struct other *other)
{
    (void)room, (void)other;
    there++;
    entered++;
}

static void on_leave(struct room *room, const struct other *other)
{
    (void)room, (void)other;
    there--;
}

static void on_open(struct room *room, void *loaded)
{
    (void)loaded;
    room->organisation = live->organisation;
    room->congress = live->congress;
}

static void open_now(struct room_opening *opening)
{
    room_opening_done(opening, ERR_OK);
}

static const struct feature watcher = {.name = "watcher",
                                       .opening = {.take = on_open},
                                       .other_enter = on_enter,
                                       .other_leave = on_leave};
static const struct feature *const features[] = {&watcher, NULL};

static struct db_conn *connect_as_node(void)
{
    const char *why = "";
    struct db_conn *conn = db_connect(pg_application(url), &why);
    ck_assert_msg(conn != NULL, "%s", why);
    ck_assert_int_eq(db_exec(conn, "SET amphi.node = '" NODE "'", ""), ERR_OK);
    return conn;
}

static void begin(void)
{
    url = pg_test_database();
    audience_make(url);
    audience_register(url, 1, "10", "SM04", "SA01", "11", "45_54");
    pg_sql(url, "INSERT INTO node (id, name, started_at, lease_at, renewed_at) VALUES"
                " ('" FAR "', 'far', now(), now(), now() + interval '1 hour')");
    c = connect_as_node();
    far = connect_as_node();
    db = db_new(&(struct db_config){.url = pg_application(url),
                                    .admit = "SET amphi.node = '" NODE "'; SELECT true",
                                    .hot = 1,
                                    .short_ = 1,
                                    .long_ = 1,
                                    .busy_after_ms = 10000,
                                    .statement_timeout_ms = 10000});
    live = live_new_opened(features, db, open_now);
    live->organisation = audience_id(AUDIENCE_ORG);
    live->congress = audience_id(AUDIENCE_CONGRESS);
    live->session = audience_id(AUDIENCE_SESSION);
    there = entered = 0;
    live_member(live, 0, ROLE_HOST, 1);
}

static void end(void)
{
    db_disconnect(c);
    db_disconnect(far);
    db_free(db);
    live_free(live);
}

static struct room *room_of(void)
{
    return map_get(&live->peers[0]->rooms->by_session, &live->session);
}

/* Spans of the far node, numbered from `first` on. */
static void come(int first, int n)
{
    char sql[900];
    snprintf(sql, sizeof sql,
             "INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection,"
             "  node_id, joined_at)"
             "  SELECT u, '" AUDIENCE_ORG "', '" AUDIENCE_SESSION "', (SELECT id FROM registration"
             "    LIMIT 1), 'connected', u, '" FAR "', now()"
             "    FROM (SELECT md5(i::text)::uuid FROM generate_series(%d, %d) i) x (u)",
             first, first + n - 1);
    pg_sql(url, sql);
}

static void go(int first, int n)
{
    char sql[300];
    snprintf(sql, sizeof sql,
             "UPDATE span SET left_at = now(), gone_at = now() WHERE id IN"
             "  (SELECT md5(i::text)::uuid FROM generate_series(%d, %d) i)",
             first, first + n - 1);
    pg_sql(url, sql);
}

static bool is_beyond_all(void *arg)
{
    int64_t *horizon = arg;
    ck_assert_int_eq(control_horizon(c, horizon), ERR_OK);
    return *horizon > strtoll(pg_sql(url, "SELECT coalesce(max(xid), 0) FROM span"), NULL, 10);
}

/* Where a node was that heard all until now. Whatever other tests have open in the cluster holds it
 * back. */
static int64_t heard(void)
{
    int64_t horizon = 0;
    ck_assert(wait_for(is_beyond_all, &horizon, 30));
    return horizon;
}

static size_t read_from(int64_t xid, const char *node, size_t *left)
{
    struct others_range range = {.xid = xid, .gone = INT64_MAX};
    struct id session = audience_id(AUDIENCE_SESSION);
    struct other *rows = NULL;
    size_t n = 0;
    if (node)
        range.nodes[range.nodes_n++] = audience_id(node);
    ck_assert_int_eq(others_read(c, &session, &range, &rows, &n), ERR_OK);
    *left = 0;
    for (size_t i = 0; i < n; i++)
        *left += rows[i].left_at != 0;
    free(rows);
    return n;
}

START_TEST(only_what_was_written_since_is_read)
{
    size_t left;
    begin();
    come(1, 100);
    int64_t since = heard();
    ck_assert_uint_eq(read_from(since, NULL, &left), 0);
    come(101, 3);
    go(1, 2);
    ck_assert_uint_eq(read_from(since, NULL, &left), 5);
    ck_assert_uint_eq(left, 2);
    ck_assert_uint_eq(read_from(0, NULL, &left), 101); /* all who are there */
    end();
}
END_TEST

START_TEST(what_was_under_way_when_all_was_heard_is_read_once_it_is_committed)
{
    size_t left;
    struct id none = {{0}};
    begin();
    come(1, 10);
    ck_assert_int_eq(db_begin(far), ERR_OK);
    ck_assert_int_eq(db_exec(far, "UPDATE span SET left_at = now() WHERE id = md5('1')::uuid", ""),
                     ERR_OK);
    ck_assert_int_eq(db_exec(c, "SELECT control_add('person', $1)", "u", &none), ERR_OK);
    int64_t since = heard();
    come(11, 1);
    ck_assert_uint_eq(read_from(since, NULL, &left), 1);
    ck_assert_int_eq(db_commit(far), ERR_OK);
    ck_assert_uint_eq(read_from(since, NULL, &left), 2);
    ck_assert_uint_eq(left, 1);
    end();
}
END_TEST

START_TEST(who_is_on_a_node_that_is_named_is_read_too)
{
    size_t left;
    begin();
    come(1, 10);
    int64_t since = heard();
    ck_assert_uint_eq(read_from(since, FAR, &left), 10);
    ck_assert_uint_eq(read_from(since, NODE, &left), 0);
    end();
}
END_TEST

static bool is_read(struct live *l, void *arg)
{
    (void)arg;
    clock_advance(l->clock, 100 * US_PER_MS);
    return !room_of()->own->others.wanted && !room_of()->own->others.under_way;
}

static void miss(int64_t from)
{
    tell_here(&live->app, (struct scope){.kind = SCOPE_ALL}, "nodes.missed",
              json_pack("{s:I}", "from", (json_int_t)from));
    live_run(live);
    ck_assert(live_until(live, is_read, NULL));
}

START_TEST(a_room_learns_what_it_missed_and_keeps_whom_it_knew)
{
    begin();
    come(1, 20);
    miss(0);
    ck_assert_int_eq(there, 20);
    int64_t since = heard();
    come(21, 2);
    go(1, 5);
    miss(since);
    ck_assert_int_eq(there, 17);
    ck_assert_int_eq(entered, 22);
    end();
}
END_TEST

START_TEST(of_two_losses_the_earlier_one_counts)
{
    begin();
    int64_t first = heard();
    come(1, 2);
    int64_t second = heard();
    come(3, 1);
    tell_here(&live->app, (struct scope){.kind = SCOPE_ALL}, "nodes.missed",
              json_pack("{s:I}", "from", (json_int_t)first));
    miss(second);
    ck_assert_int_eq(there, 3);
    end();
}
END_TEST

START_TEST(whoever_was_taken_off_with_a_node_is_there_when_it_is_back)
{
    begin();
    come(1, 20);
    miss(0);
    int64_t since = heard();
    tell_here(&live->app, (struct scope){.kind = SCOPE_ALL}, "nodes.gone",
              json_pack("{s:s,s:I}", "node", FAR, "lease", (json_int_t)LIVE_START));
    live_run(live);
    ck_assert_int_eq(there, 0);
    pg_sql(url, "UPDATE node SET renewed_at = now() - interval '5 s' WHERE name = 'far'");
    miss(since); /* it is still away */
    ck_assert_int_eq(there, 0);
    pg_sql(url, "UPDATE node SET renewed_at = now() + interval '1 hour' WHERE name = 'far'");
    miss(since);
    ck_assert_int_eq(there, 20);
    miss(since);
    ck_assert_int_eq(there, 20);
    end();
}
END_TEST

START_TEST(a_reading_that_failed_is_made_again_with_all_that_it_was_for)
{
    begin();
    int64_t since = heard();
    come(1, 2);
    pg_sql(url, "REVOKE SELECT ON span FROM " PG_APPLICATION);
    tell_here(&live->app, (struct scope){.kind = SCOPE_ALL}, "nodes.missed",
              json_pack("{s:I}", "from", (json_int_t)since));
    for (int i = 0; i < 5; i++)
        live_advance(live, 100 * US_PER_MS);
    pg_sql(url, "GRANT SELECT ON span TO " PG_APPLICATION);
    miss(heard());
    ck_assert_int_eq(there, 2);
    end();
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests("others read",
                     (const TTest *const[]){
                         only_what_was_written_since_is_read,
                         what_was_under_way_when_all_was_heard_is_read_once_it_is_committed,
                         who_is_on_a_node_that_is_named_is_read_too,
                         a_room_learns_what_it_missed_and_keeps_whom_it_knew,
                         of_two_losses_the_earlier_one_counts,
                         whoever_was_taken_off_with_a_node_is_there_when_it_is_back,
                         a_reading_that_failed_is_made_again_with_all_that_it_was_for,
                         NULL,
                     });
}
