/* A run that another ends: whatever its connections have under way, nothing of it is written any
 * more, and what it left open ends at its own last lease. */
#include "db/db.h"
#include "harness/audience.h"
#include "harness/pg.h"
#include "nodes/control.h"
#include "nodes/node.h"
#include "nodes/node_store.h"
#include <check.h>
#include <stdio.h>
#include <string.h>

static const char *url;
static struct db_conn *frozen, *judge;
static struct id run;
static char admission[NODE_ADMISSION_SIZE];
static struct control seen; /* of the control log */

/* A run whose lease is 20 s old, with a connection of its own. */
static void open_run(void)
{
    const char *why = "";
    char sql[512], text[ID_TEXT_SIZE];
    url = pg_test_database();
    audience_make(url);
    audience_register(url, 1, "10", "SM04", "SA01", "11", "45_54");
    run = id_random();
    snprintf(sql, sizeof sql,
             "INSERT INTO node (id, name, started_at, lease_at, renewed_at) VALUES ('%s', 'frozen',"
             " now() - interval '1 hour', now() - interval '20 s', now() - interval '20 s')",
             id_text(&run, text));
    pg_sql(url, sql);
    node_admission(&run, admission);
    ck_assert_int_eq(db_connect_admitted(pg_application(url), admission, &frozen), ERR_OK);
    judge = db_connect(pg_application(url), &why);
    ck_assert_msg(judge != NULL, "%s", why);
    ck_assert_int_eq(db_set_timeout(judge, 5000), ERR_OK);
}

static void close_run(void)
{
    db_disconnect(frozen);
    db_disconnect(judge);
    control_release(&seen);
}

static enum err write_span(struct db_conn *c, const struct id *id)
{
    struct id person = audience_person(1), session = audience_id(AUDIENCE_SESSION),
              organisation = audience_id(AUDIENCE_ORG);
    return db_exec(
        c,
        "INSERT INTO span (id, organisation_id, session_id, registration_id, kind,"
        " connection, node_id, joined_at)"
        " SELECT $1, $2, $3, $4, 'connected', $1, $5, started_at FROM node WHERE id = $5",
        "uuuuu", id, &organisation, &session, &person, &run);
}

static bool ended(void)
{
    bool done = false;
    ck_assert_int_eq(node_end(judge, &run, 10000000, &done), ERR_OK);
    return done;
}

START_TEST(what_is_under_way_between_its_last_statement_and_the_commit_is_undone)
{
    struct id open = id_random(), late = id_random();
    ck_assert_int_eq(write_span(frozen, &open), ERR_OK);
    ck_assert_int_eq(db_begin(frozen), ERR_OK);
    ck_assert_int_eq(write_span(frozen, &late), ERR_OK); /* holds the row of its run, too */
    ck_assert(ended());
    ck_assert_int_ne(db_commit(frozen), ERR_OK);
    ck_assert_str_eq(pg_sql(url, "SELECT string_agg((left_at = lease_at AND gone_at = lease_at +"
                                 " interval '1 second')::text, ' ') FROM span p"
                                 " JOIN node n ON n.id = p.node_id"),
                     "true");
}
END_TEST

START_TEST(no_connection_of_it_is_let_in_any_more)
{
    struct db_conn *again = NULL;
    ck_assert(ended());
    ck_assert_int_eq(db_connect_admitted(pg_application(url), admission, &again), ERR_FORBIDDEN);
    ck_assert(!again);
    ck_assert(!ended()); /* once */
}
END_TEST

START_TEST(a_namesake_is_ended_though_the_clock_was_set_back_since)
{
    bool done = false;
    pg_sql(url, "UPDATE node SET renewed_at = now() + interval '1 hour'");
    ck_assert(!ended());
    ck_assert_int_eq(node_end(judge, &run, DB_NULL_INT, &done), ERR_OK);
    ck_assert(done);
}
END_TEST

START_TEST(a_run_that_renews_its_lease_is_not_ended)
{
    bool alive = false;
    int64_t now = 0;
    ck_assert_int_eq(node_renew(frozen, &run, 1, "{}", &alive, &now), ERR_OK);
    ck_assert(alive && now > 0);
    ck_assert(!ended());
    struct id span = id_random();
    ck_assert_int_eq(write_span(frozen, &span), ERR_OK);
}
END_TEST

/* What the control log says of those whose connections have to close, whoever made the change: rows
 * that were not read before. Any transaction that is open in the cluster, be it another test's,
 * lets rows come again. */
static size_t rows_of(struct control_row *rows, int64_t *horizon)
{
    size_t n = 0, fresh = 0;
    ck_assert_int_eq(control_read(frozen, &run, *horizon, 0, rows, &n, horizon), ERR_OK);
    for (size_t i = 0; i < n; i++)
        if (control_is_new(&seen, rows[i].id))
            rows[fresh++] = rows[i];
    return fresh;
}

START_TEST(whose_connections_have_to_close_is_logged_by_the_change_itself)
{
    static struct control_row rows[CONTROL_ROWS_MOST];
    int64_t horizon = 0;
    ck_assert_int_eq(control_horizon(frozen, &horizon), ERR_OK);
    pg_sql(url, "INSERT INTO sign_in (token_hash, organisation_id, account_id, created_at,"
                " expires_at) VALUES (sha256('t'), '" AUDIENCE_ORG "', '" AUDIENCE_STAFF
                "', now(), now() + interval '1 day')");
    ck_assert_uint_eq(rows_of(rows, &horizon), 0);
    ck_assert_int_eq(db_exec(frozen, "UPDATE sign_in SET revoked_at = now()", ""), ERR_OK);
    ck_assert_uint_eq(rows_of(rows, &horizon), 1);
    ck_assert(rows[0].kind == CONTROL_SIGN_IN && rows[0].own);
    pg_sql(url, "UPDATE registration SET state = 'cancelled', cancelled_at = now()");
    pg_sql(url, "UPDATE account SET disabled_at = now() WHERE id = '" AUDIENCE_STAFF "'");
    pg_sql(url, "INSERT INTO role_grant (organisation_id, account_id, role, granted_at) VALUES "
                "('" AUDIENCE_ORG "', '" AUDIENCE_STAFF "', 'speaker', now())");
    ck_assert_uint_eq(rows_of(rows, &horizon), 3);
    struct id person = audience_person(1), staff = audience_id(AUDIENCE_STAFF);
    ck_assert(rows[0].kind == CONTROL_PERSON && id_equal(&rows[0].subject, &person));
    ck_assert(rows[1].kind == CONTROL_PERSON && id_equal(&rows[1].subject, &staff));
    ck_assert(rows[2].kind == CONTROL_ROLES && id_equal(&rows[2].subject, &staff) && !rows[2].own);
}
END_TEST

START_TEST(a_row_that_commits_late_is_read_though_later_ones_were)
{
    static struct control_row rows[CONTROL_ROWS_MOST];
    int64_t horizon = 0;
    ck_assert_int_eq(control_horizon(frozen, &horizon), ERR_OK);
    ck_assert_int_eq(db_begin(judge), ERR_OK);
    struct id early = id_random();
    ck_assert_int_eq(db_exec(judge, "SELECT control_add('person', $1)", "u", &early), ERR_OK);
    pg_sql(url, "SELECT control_add('person', gen_random_uuid())");
    ck_assert_uint_eq(rows_of(rows, &horizon), 1);
    ck_assert_int_eq(db_commit(judge), ERR_OK);
    ck_assert_uint_eq(rows_of(rows, &horizon), 1);
    ck_assert(id_equal(&rows[0].subject, &early));
    ck_assert_uint_eq(rows_of(rows, &horizon), 0);
}
END_TEST

int main(void)
{
    pg_setup();
    Suite *suite = suite_create("node_end");
    TCase *tcase = tcase_create("node_end");
    tcase_add_checked_fixture(tcase, open_run, close_run);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_is_under_way_between_its_last_statement_and_the_commit_is_undone);
    tcase_add_test(tcase, no_connection_of_it_is_let_in_any_more);
    tcase_add_test(tcase, a_namesake_is_ended_though_the_clock_was_set_back_since);
    tcase_add_test(tcase, a_run_that_renews_its_lease_is_not_ended);
    tcase_add_test(tcase, whose_connections_have_to_close_is_logged_by_the_change_itself);
    tcase_add_test(tcase, a_row_that_commits_late_is_read_though_later_ones_were);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
