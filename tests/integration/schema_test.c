/* Rules that the schema itself keeps: append-only logs, and attendance computed from spans. */
#include "base/id.h"
#include "db/conn.h"
#include "harness/pg.h"
#include <check.h>
#include <math.h>
#include <stdlib.h>

static struct db_conn *conn;
static struct id organisation, congress, session, node, registration;

#define LIVE_AT  INT64_C(1795293000000000) /* 2026-11-21T20:30:00Z */
#define SECOND   INT64_C(1000000)
#define LIVE_FOR 1000

static void must(enum err err)
{
    ck_assert_int_eq(err, ERR_OK);
}

static struct id insert_registration(void)
{
    struct id hcp = id_random(), id = id_random();
    must(db_exec(conn,
                 "INSERT INTO hcp (id, organisation_id, email, first_name, last_name,"
                 " created_at) VALUES ($1, $2, $1::text || '@example.org', 'A', 'B', $3)",
                 "uut", &hcp, &organisation, LIVE_AT));
    must(db_exec(conn,
                 "INSERT INTO registration (id, organisation_id, congress_id, hcp_id, link_id,"
                 " channel, language, state, profession, practice_setting, region, age_band,"
                 " registered_at) SELECT $1, $2, $3, $4, l.id, 'email', 'fr', 'registered', '10',"
                 " 'x', 'y', 'z', $5 FROM registration_link l WHERE l.congress_id = $3",
                 "uuuut", &id, &organisation, &congress, &hcp, LIVE_AT));
    return id;
}

static void insert_congress(void)
{
    must(db_exec(conn,
                 "INSERT INTO organisation (id, name, contact_email, created_at)"
                 " VALUES ($1, 'Org', 'a@example.org', $2)",
                 "ut", &organisation, LIVE_AT));
    must(db_exec(conn,
                 "INSERT INTO congress (id, organisation_id, title, language, time_zone,"
                 " created_at) VALUES ($1, $2, 'C', 'fr', 'Europe/Paris', $3)",
                 "uut", &congress, &organisation, LIVE_AT));
    must(db_exec(conn,
                 "INSERT INTO registration_link (organisation_id, congress_id, channel, code,"
                 " created_at) VALUES ($1, $2, 'email', 'abcdefghijkm', $3)",
                 "uut", &organisation, &congress, LIVE_AT));
}

static void insert_session(void)
{
    must(db_exec(conn,
                 "WITH r AS (INSERT INTO hall (organisation_id, congress_id, name)"
                 "           VALUES ($1, $2, 'Main') RETURNING id)"
                 "INSERT INTO session (id, organisation_id, congress_id, hall_id, title, language,"
                 " starts_at, planned_minutes, capacity, state, live_at, ended_at, created_at)"
                 " SELECT $3, $1, $2, r.id, 'S', 'fr', $4, 60, 100, 'ended', $4, $5, $4 FROM r",
                 "uuutt", &organisation, &congress, &session, LIVE_AT,
                 LIVE_AT + LIVE_FOR * SECOND));
    must(db_exec(conn,
                 "INSERT INTO node (id, name, started_at, lease_at) VALUES ($1, 'main', $2, $3)",
                 "utt", &node, LIVE_AT, LIVE_AT + 500 * SECOND));
}

static void start(void)
{
    conn = db_connect(pg_test_database(), NULL);
    ck_assert_ptr_nonnull(conn);
    organisation = id_random();
    congress = id_random();
    session = id_random();
    node = id_random();
    insert_congress();
    insert_session();
    registration = insert_registration();
}

static void stop(void)
{
    db_disconnect(conn);
}

/* Microseconds from the start of the live time; to DB_NULL_TIME: still open. */
static enum err add_span_us(const char *kind, int64_t from, int64_t to)
{
    struct id id = id_random(), other = id_random();
    bool connected = kind[0] == 'c';
    return db_exec(conn,
                   "INSERT INTO span (id, organisation_id, session_id, registration_id, kind,"
                   " connection, node_id, joined_at, left_at)"
                   " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                   "uuuusuutt", &id, &organisation, &session, &registration, kind,
                   connected ? &id : &other, &node, LIVE_AT + from,
                   to == DB_NULL_TIME ? to : LIVE_AT + to);
}

static void add_span(const char *kind, int64_t from, int64_t to)
{
    must(add_span_us(kind, from * SECOND, to == DB_NULL_TIME ? to : to * SECOND));
}

static double number(const struct db_result *r, int col)
{
    return strtod(db_text(r, 0, col), NULL);
}

static double present(void)
{
    struct db_result *r = db_query(conn,
                                   "SELECT seconds_present FROM attendance"
                                   " WHERE session_id = $1 AND registration_id = $2",
                                   "uu", &session, &registration);
    must(db_err(r));
    ck_assert_int_eq(db_rows(r), 1);
    double seconds = number(r, 0);
    db_result_free(r);
    return seconds;
}

static void expect(double seconds)
{
    double is = present();
    ck_assert_msg(fabs(is - seconds) < 1e-5, "%f instead of %f seconds present", is, seconds);
}

START_TEST(no_span_is_no_presence)
{
    expect(0);
}
END_TEST

START_TEST(one_span_counts_its_length)
{
    add_span("connected", 100, 350);
    expect(250);
}
END_TEST

START_TEST(only_the_live_time_counts)
{
    add_span("connected", -600, 100);
    expect(100);
    add_span("connected", 900, 1500);
    expect(200);
}
END_TEST

START_TEST(a_span_before_or_after_the_live_time_is_nothing)
{
    add_span("connected", -600, -100);
    add_span("connected", 1100, 1500);
    expect(0);
}
END_TEST

START_TEST(being_there_up_to_just_before_the_start_is_nothing)
{
    add_span("connected", -600, -10); /* its bridged gap would reach into the live time */
    expect(0);
}
END_TEST

START_TEST(overlapping_devices_count_once)
{
    add_span("connected", 100, 300);
    add_span("connected", 200, 400);
    add_span("connected", 250, 260);
    expect(300);
}
END_TEST

START_TEST(a_gap_of_exactly_the_bound_is_bridged)
{
    add_span("connected", 100, 200);
    add_span("connected", 230, 300);
    expect(200);
}
END_TEST

START_TEST(a_gap_just_above_the_bound_is_not_bridged)
{
    must(add_span_us("connected", 100 * SECOND, 200 * SECOND));
    must(add_span_us("connected", 230 * SECOND + 1, 300 * SECOND));
    expect(170 - 1e-6);
}
END_TEST

START_TEST(several_gaps_are_each_judged_alone)
{
    add_span("connected", 0, 100);
    add_span("connected", 120, 200);  /* bridged */
    add_span("connected", 300, 400);  /* not */
    add_span("connected", 425, 500);  /* bridged */
    add_span("connected", 990, 1000); /* not */
    expect(200 + 200 + 10);
}
END_TEST

START_TEST(an_open_span_counts_to_the_end_or_the_last_lease)
{
    add_span("connected", 400, DB_NULL_TIME);
    expect(600);
    must(db_exec(conn, "UPDATE session SET state = 'live', ended_at = NULL WHERE id = $1", "u",
                 &session));
    expect(100); /* lease at 500 */
}
END_TEST

START_TEST(the_threshold_decides_completion_and_a_minute_attendance)
{
    static const struct {
        int64_t to;
        const char *attended, *completed;
    } cases[] = {{59, "f", "f"}, {60, "t", "f"}, {749, "t", "f"}, {750, "t", "t"}};
    for (size_t i = 0; i < 4; i++) {
        registration = insert_registration();
        add_span("connected", 0, cases[i].to);
        struct db_result *r = db_query(conn,
                                       "SELECT attended, completed, share FROM attendance"
                                       " WHERE session_id = $1 AND registration_id = $2",
                                       "uu", &session, &registration);
        must(db_err(r));
        ck_assert_str_eq(db_text(r, 0, 0), cases[i].attended);
        ck_assert_str_eq(db_text(r, 0, 1), cases[i].completed);
        ck_assert(fabs(number(r, 2) - (double)cases[i].to / LIVE_FOR) < 1e-9);
        db_result_free(r);
    }
}
END_TEST

START_TEST(attentive_time_is_apart_and_bridges_nothing)
{
    add_span("connected", 0, 300);
    add_span("attentive", 0, 100);
    add_span("attentive", 110, 200);
    add_span("attentive", 150, 210);
    struct db_result *r = db_query(conn,
                                   "SELECT seconds_present, seconds_attentive FROM attendance"
                                   " WHERE session_id = $1 AND registration_id = $2",
                                   "uu", &session, &registration);
    must(db_err(r));
    ck_assert(fabs(number(r, 0) - 300) < 1e-6);
    ck_assert(fabs(number(r, 1) - 200) < 1e-6);
    db_result_free(r);
}
END_TEST

START_TEST(a_span_only_gains_its_end)
{
    add_span("connected", 0, DB_NULL_TIME);
    must(db_exec(conn, "UPDATE span SET left_at = $1", "t", LIVE_AT + SECOND));
    ck_assert_int_eq(db_exec(conn, "UPDATE span SET left_at = $1", "t", LIVE_AT + 2 * SECOND),
                     ERR_INTERNAL);
    ck_assert_int_eq(db_exec(conn, "UPDATE span SET left_at = NULL", ""), ERR_INTERNAL);
    ck_assert_int_eq(db_exec(conn, "DELETE FROM span", ""), ERR_INTERNAL);
    ck_assert_int_eq(add_span_us("connected", SECOND, 0), ERR_INVALID); /* ends before it begins */
    expect(1);
}
END_TEST

START_TEST(an_open_span_cannot_move_or_change_hands)
{
    struct id other = insert_registration();
    add_span("connected", 0, DB_NULL_TIME);
    ck_assert_int_eq(
        db_exec(conn, "UPDATE span SET joined_at = $1, left_at = $1", "t", LIVE_AT + SECOND),
        ERR_INTERNAL);
    ck_assert_int_eq(db_exec(conn, "UPDATE span SET registration_id = $1, left_at = $2", "ut",
                             &other, LIVE_AT + SECOND),
                     ERR_INTERNAL);
}
END_TEST

START_TEST(events_and_audit_lines_are_append_only)
{
    for (int64_t i = 1; i <= 3; i++) {
        struct db_result *r =
            db_query(conn, "SELECT session_append_event($1, 'poll.opened', 1, 0, NULL, '{}', $2)",
                     "ut", &session, LIVE_AT);
        must(db_err(r));
        ck_assert_int_eq(db_int(r, 0, 0), i);
        db_result_free(r);
    }
    must(db_exec(conn, "SELECT audit($1, $2, 'system', NULL, 'test.do', 'session', $3)", "utu",
                 &organisation, LIVE_AT, &session));
    ck_assert_int_eq(db_exec(conn, "UPDATE session_event SET type = 'x'", ""), ERR_INTERNAL);
    ck_assert_int_eq(db_exec(conn, "DELETE FROM session_event", ""), ERR_INTERNAL);
    ck_assert_int_eq(db_exec(conn, "UPDATE audit_log SET action = 'x'", ""), ERR_INTERNAL);
    ck_assert_int_eq(db_exec(conn, "DELETE FROM audit_log", ""), ERR_INTERNAL);
    ck_assert_int_eq(db_exec(conn, "TRUNCATE session_event", ""), ERR_INTERNAL);
    ck_assert_int_eq(db_exec(conn, "TRUNCATE audit_log", ""), ERR_INTERNAL);
    ck_assert_int_eq(db_exec(conn, "TRUNCATE span", ""), ERR_INTERNAL);
    struct id nobody = id_random();
    ck_assert_int_eq(db_exec(conn, "SELECT session_append_event($1, 'x', 1, 0, NULL, '{}', $2)",
                             "ut", &nobody, LIVE_AT),
                     ERR_NOT_FOUND);
}
END_TEST

START_TEST(a_row_cannot_point_into_another_organisation)
{
    struct id other = id_random(), there = id_random();
    must(db_exec(conn,
                 "INSERT INTO organisation (id, name, contact_email, created_at)"
                 " VALUES ($1, 'Other', 'b@example.org', $2)",
                 "ut", &other, LIVE_AT));
    ck_assert_int_eq(
        db_exec(conn, "INSERT INTO hall (organisation_id, congress_id, name) VALUES ($1, $2, 'R')",
                "uu", &other, &congress),
        ERR_NOT_FOUND);
    ck_assert_int_eq(db_exec(conn,
                             "INSERT INTO span (id, organisation_id, session_id, registration_id,"
                             " kind, connection, node_id, joined_at)"
                             " VALUES ($1, $2, $3, $4, 'connected', $1, $5, $6)",
                             "uuuuut", &there, &other, &session, &registration, &node, LIVE_AT),
                     ERR_NOT_FOUND);
}
END_TEST

/* PostgreSQL plans the query of an SQL function at each call, unless it can write it out in the
 * query that calls it. What a crowd calls is in PL/pgSQL, planned once a connection; these are
 * called seldom enough. */
START_TEST(what_a_crowd_calls_is_planned_once)
{
    static const char *const seldom[] = {
        "criteria_json", "may_see",          "organisation_roles", "join_links_extend",
        "sessions_lock", "personal_data",    "session_shown",      "poll_tally",
        "session_ends",  "my_profile",       "registration_data",  "session_last_act",
        "notice_due",    "storage_used",     "blob_used",          "account_factors",
        "stage_knew",    "recording_agreed", "registry_readers",   "goal_board",
    };
    struct db_result *r =
        db_query(conn,
                 "SELECT p.proname FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
                 " WHERE p.pronamespace = 'public'::regnamespace AND l.lanname = 'sql'"
                 "   AND NOT p.proretset AND p.prosrc ~* '\\mfrom\\M'"
                 "   AND p.proname <> ALL ($1)",
                 "S", seldom, sizeof seldom / sizeof *seldom);
    ck_assert_int_eq(db_err(r), ERR_OK);
    ck_assert_msg(db_rows(r) == 0, "%s()", db_text(r, 0, 0));
    db_result_free(r);
}
END_TEST

int main(void)
{
    pg_setup();
    Suite *suite = suite_create("schema");
    TCase *tcase = tcase_create("schema");
    tcase_add_checked_fixture(tcase, start, stop);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, no_span_is_no_presence);
    tcase_add_test(tcase, one_span_counts_its_length);
    tcase_add_test(tcase, only_the_live_time_counts);
    tcase_add_test(tcase, a_span_before_or_after_the_live_time_is_nothing);
    tcase_add_test(tcase, being_there_up_to_just_before_the_start_is_nothing);
    tcase_add_test(tcase, overlapping_devices_count_once);
    tcase_add_test(tcase, a_gap_of_exactly_the_bound_is_bridged);
    tcase_add_test(tcase, a_gap_just_above_the_bound_is_not_bridged);
    tcase_add_test(tcase, several_gaps_are_each_judged_alone);
    tcase_add_test(tcase, an_open_span_counts_to_the_end_or_the_last_lease);
    tcase_add_test(tcase, the_threshold_decides_completion_and_a_minute_attendance);
    tcase_add_test(tcase, attentive_time_is_apart_and_bridges_nothing);
    tcase_add_test(tcase, a_span_only_gains_its_end);
    tcase_add_test(tcase, an_open_span_cannot_move_or_change_hands);
    tcase_add_test(tcase, events_and_audit_lines_are_append_only);
    tcase_add_test(tcase, a_row_cannot_point_into_another_organisation);
    tcase_add_test(tcase, what_a_crowd_calls_is_planned_once);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
