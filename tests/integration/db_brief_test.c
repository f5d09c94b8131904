/* Brief transactions: what waits goes out together, and fails as one. */
#include "db/conn.h"
#include "db/query.h"
#include "harness/pg.h"
#include <check.h>

static struct db_conn *conn;

static void open_conn(void)
{
    const char *why = "";
    conn = db_connect(pg_test_empty_database(), &why);
    ck_assert_msg(conn != NULL, "%s", why);
    ck_assert_int_eq(db_exec(conn, "CREATE TABLE t (n bigint PRIMARY KEY)", ""), ERR_OK);
}

static void close_conn(void)
{
    db_disconnect(conn);
}

static enum err put(int64_t n)
{
    return db_exec(conn, "INSERT INTO t VALUES ($1)", "i", n);
}

static int64_t sum(void)
{
    int64_t n = -1;
    ck_assert_int_eq(db_read_int(conn, &n, "SELECT coalesce(sum(n), 0)::bigint FROM t", ""),
                     ERR_OK);
    return n;
}

static void begin(void)
{
    ck_assert_int_eq(db_begin_brief(conn), ERR_OK);
}

START_TEST(statements_wait_for_the_next_answer)
{
    begin();
    ck_assert_int_eq(put(1), ERR_OK);
    ck_assert_int_eq(put(2), ERR_OK); /* the same statement: known to the server by now */
    ck_assert_uint_gt(conn->waiting_len, 0);
    ck_assert_int_eq(sum(), 3);
    ck_assert_uint_eq(conn->waiting_len, 0);
    ck_assert_int_eq(put(4), ERR_OK);
    ck_assert_int_eq(db_commit(conn), ERR_OK);
    ck_assert_int_eq(sum(), 7);
    ck_assert(!conn->brief && PQtransactionStatus(conn->pg) == PQTRANS_IDLE);
}
END_TEST

START_TEST(more_than_may_wait_are_sent_in_parts)
{
    begin();
    for (int i = 1; i <= 500; i++)
        ck_assert_int_eq(put(i), ERR_OK);
    ck_assert_int_eq(db_commit(conn), ERR_OK);
    ck_assert_int_eq(sum(), 500 * 501 / 2);
}
END_TEST

START_TEST(a_failure_is_that_of_what_comes_after_it)
{
    ck_assert_int_eq(put(1), ERR_OK);
    begin();
    ck_assert_int_eq(put(2), ERR_OK);
    ck_assert_int_eq(put(1), ERR_OK); /* it is there */
    struct db_result *r = db_query(conn, "SELECT 1", "");
    ck_assert_int_eq(db_err(r), ERR_CONFLICT);
    ck_assert_int_eq(db_rows(r), 0);
    db_result_free(r);
    ck_assert_int_eq(put(3), ERR_CONFLICT); /* and stays */
    ck_assert_int_eq(db_end(conn, ERR_CONFLICT), ERR_CONFLICT);
    ck_assert_int_eq(sum(), 1);
}
END_TEST

START_TEST(a_commit_fails_with_what_waited_for_it)
{
    ck_assert_int_eq(put(1), ERR_OK);
    begin();
    ck_assert_int_eq(put(2), ERR_OK);
    ck_assert_int_eq(put(1), ERR_OK);
    ck_assert_int_eq(db_end(conn, ERR_OK), ERR_CONFLICT);
    ck_assert(PQtransactionStatus(conn->pg) == PQTRANS_IDLE);
    ck_assert_int_eq(sum(), 1);
}
END_TEST

START_TEST(what_waited_is_rolled_back)
{
    begin();
    ck_assert_int_eq(put(1), ERR_OK);
    db_rollback(conn);
    ck_assert_int_eq(sum(), 0);
    begin(); /* the connection is as good as new */
    ck_assert_int_eq(put(2), ERR_OK);
    ck_assert_int_eq(db_commit(conn), ERR_OK);
    ck_assert_int_eq(sum(), 2);
}
END_TEST

static struct db_result *seven_later(void)
{
    return db_later(conn, "SELECT 7", "");
}

START_TEST(an_answer_comes_later)
{
    db_result_free(seven_later()); /* known to the server by now */
    begin();
    struct db_result *first = seven_later(), *dropped = seven_later();
    ck_assert_int_eq(db_err(first), ERR_BUSY);
    ck_assert_int_eq(db_rows(first), 0);
    db_result_free(dropped);
    ck_assert_int_eq(sum(), 0);
    ck_assert_int_eq(db_err(first), ERR_OK);
    ck_assert_int_eq(db_int(first, 0, 0), 7);
    struct db_result *last = db_later(conn, "SELECT 9", "");
    ck_assert_int_eq(db_commit(conn), ERR_OK);
    ck_assert_int_eq(db_int(last, 0, 0), 9);
    db_result_free(first);
    db_result_free(last);
    struct db_result *now = db_later(conn, "SELECT 10", ""); /* outside: at once */
    ck_assert_int_eq(db_int(now, 0, 0), 10);
    db_result_free(now);
}
END_TEST

START_TEST(an_answer_that_was_not_reached_has_the_failure)
{
    begin();
    ck_assert_int_eq(db_exec(conn, "SELECT 1 / $1", "i", INT64_C(0)), ERR_OK);
    struct db_result *r = db_later(conn, "SELECT 7", "");
    ck_assert_int_eq(db_commit(conn), ERR_INVALID);
    ck_assert_int_eq(db_err(r), ERR_INVALID);
    ck_assert_int_eq(db_rows(r), 0);
    db_result_free(r);
}
END_TEST

START_TEST(rows_are_found_by_keys_inside_it_alone)
{
    struct db_result *r;
    begin();
    r = db_query(conn, "SELECT current_setting('enable_seqscan')", "");
    ck_assert_str_eq(db_text(r, 0, 0), "off");
    db_result_free(r);
    ck_assert_int_eq(db_commit(conn), ERR_OK);
    r = db_query(conn, "SELECT current_setting('enable_seqscan')", "");
    ck_assert_str_eq(db_text(r, 0, 0), "on");
    db_result_free(r);
}
END_TEST

START_TEST(a_lost_connection_fills_what_waits)
{
    begin();
    ck_assert_int_eq(sum(), 0);
    ck_assert_int_eq(put(1), ERR_OK);
    struct db_result *r = db_later(conn, "SELECT pg_terminate_backend(pg_backend_pid())", "");
    struct db_result *never = db_later(conn, "SELECT 1", "");
    ck_assert_int_eq(db_commit(conn), ERR_BUSY);
    ck_assert_int_eq(db_err(r), ERR_BUSY);
    ck_assert_int_eq(db_err(never), ERR_BUSY);
    db_result_free(r);
    db_result_free(never);
    ck_assert_int_eq(put(2), ERR_BUSY);
}
END_TEST

START_TEST(it_is_not_begun_within_another)
{
    begin();
    ck_assert_int_eq(db_begin_brief(conn), ERR_INTERNAL);
    ck_assert_int_eq(db_begin(conn), ERR_INTERNAL);
    db_rollback(conn);
    ck_assert_int_eq(db_begin(conn), ERR_OK);
    ck_assert_int_eq(db_begin_brief(conn), ERR_INTERNAL);
    db_rollback(conn);
}
END_TEST

int main(void)
{
    pg_setup();
    Suite *suite = suite_create("db_brief");
    TCase *tcase = tcase_create("db_brief");
    tcase_add_checked_fixture(tcase, open_conn, close_conn);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, statements_wait_for_the_next_answer);
    tcase_add_test(tcase, more_than_may_wait_are_sent_in_parts);
    tcase_add_test(tcase, a_failure_is_that_of_what_comes_after_it);
    tcase_add_test(tcase, a_commit_fails_with_what_waited_for_it);
    tcase_add_test(tcase, what_waited_is_rolled_back);
    tcase_add_test(tcase, an_answer_comes_later);
    tcase_add_test(tcase, an_answer_that_was_not_reached_has_the_failure);
    tcase_add_test(tcase, rows_are_found_by_keys_inside_it_alone);
    tcase_add_test(tcase, a_lost_connection_fills_what_waits);
    tcase_add_test(tcase, it_is_not_begun_within_another);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
