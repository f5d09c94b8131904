#include "db/conn.h"
#include "db/query.h"
#include "harness/pg.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct db_conn *conn;

static void open_conn(void)
{
    const char *why = "";
    conn = db_connect(pg_test_empty_database(), &why);
    ck_assert_msg(conn != NULL, "%s", why);
}

static void close_conn(void)
{
    db_disconnect(conn);
}

static struct db_result *good(struct db_result *r)
{
    ck_assert_int_eq(db_err(r), ERR_OK);
    return r;
}

START_TEST(every_scalar_type_comes_back_as_it_went)
{
    struct id id = {{1, 2, 3, 0xff}};
    json_t *json = json_pack("{s:s,s:[i,i]}", "é\"", "\\", "n", 1, 2);
    int64_t at = 1795293000123456;
    struct db_result *r = good(db_query(
        conn, "SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9", "usibtfxjn", &id, "l'été \\ \"x\"",
        INT64_C(-9007199254740993), true, at, 0.1, "a\0\xff", (size_t)3, json, INT64_C(7)));
    struct id back = db_id(r, 0, 0);
    ck_assert(id_equal(&back, &id));
    ck_assert_str_eq(db_text(r, 0, 1), "l'été \\ \"x\"");
    ck_assert(db_int(r, 0, 2) == INT64_C(-9007199254740993));
    ck_assert(db_bool(r, 0, 3));
    ck_assert(db_time(r, 0, 4) == at);
    ck_assert_str_eq(db_text(r, 0, 5), "0.1");
    char bytes[8];
    ck_assert_uint_eq(db_bytes(r, 0, 6, bytes, sizeof bytes), 3);
    ck_assert_mem_eq(bytes, "a\0\xff", 3);
    json_t *json_back = db_json(r, 0, 7);
    ck_assert(json_equal(json_back, json));
    ck_assert_int_eq(db_int(r, 0, 8), 7);
    json_decref(json_back);
    json_decref(json);
    db_result_free(r);
}
END_TEST

START_TEST(nulls_are_null_and_read_as_nothing)
{
    struct db_result *r = good(db_query(conn, "SELECT $1, $2, $3, $4, $5, $6", "ustxjn", NULL, NULL,
                                        DB_NULL_TIME, NULL, (size_t)0, NULL, DB_NULL_INT));
    for (int i = 0; i < 6; i++)
        ck_assert(db_null(r, 0, i));
    ck_assert_str_eq(db_text(r, 0, 1), "");
    ck_assert_int_eq(db_int(r, 0, 5), 0);
    ck_assert_ptr_null(db_json(r, 0, 4));
    struct id none = {{0}}, id = db_id(r, 0, 0);
    ck_assert(id_equal(&id, &none));
    db_result_free(r);
}
END_TEST

START_TEST(arrays_keep_order_quotes_and_nulls)
{
    struct id ids[2] = {{{1}}, {{2}}};
    const char *texts[] = {"a,b", NULL, "{\"x\\\"}", "", "NULL"};
    int64_t ints[] = {1, -2, INT64_MAX}, nullable[] = {5, DB_NULL_INT},
            times[] = {0, DB_NULL_TIME, 1795293000000000};
    struct db_result *r = good(db_query(
        conn,
        "SELECT ($1)[2], ($2)[1], ($2)[2] IS NULL, ($2)[3], ($2)[5], ($3)[3], ($4)[2] IS NULL,"
        " ($5)[3], ($5)[2] IS NULL, cardinality($2), cardinality($6)",
        "USINTU", ids, (size_t)2, texts, (size_t)5, ints, (size_t)3, nullable, (size_t)2, times,
        (size_t)3, ids, (size_t)0));
    struct id second = db_id(r, 0, 0);
    ck_assert(id_equal(&second, &ids[1]));
    ck_assert_str_eq(db_text(r, 0, 1), "a,b");
    ck_assert(db_bool(r, 0, 2));
    ck_assert_str_eq(db_text(r, 0, 3), "{\"x\\\"}");
    ck_assert_str_eq(db_text(r, 0, 4), "NULL");
    ck_assert(db_int(r, 0, 5) == INT64_MAX);
    ck_assert(db_bool(r, 0, 6));
    ck_assert(db_time(r, 0, 7) == times[2]);
    ck_assert(db_bool(r, 0, 8));
    ck_assert_int_eq(db_int(r, 0, 9), 5);
    ck_assert_int_eq(db_int(r, 0, 10), 0);
    db_result_free(r);
}
END_TEST

START_TEST(times_are_read_exactly_over_the_centuries)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {{"1970-01-01T00:00:00Z", 0},
                 {"1969-12-31T23:59:59Z", -1},
                 {"2000-02-29T12:00:00Z", 951825600},
                 {"2026-11-21T22:30:00+02", 1795293000},
                 {"2100-03-01T00:00:00Z", 4107542400}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct db_result *r = good(db_query(conn, "SELECT $1::timestamptz", "s", cases[i].text));
        ck_assert_msg(db_time(r, 0, 0) == cases[i].seconds * 1000000, "%s", cases[i].text);
        db_result_free(r);
        r = good(db_query(conn, "SELECT extract(epoch FROM $1)::bigint", "t",
                          cases[i].seconds * 1000000));
        ck_assert(db_int(r, 0, 0) == cases[i].seconds);
        db_result_free(r);
    }
}
END_TEST

static enum err raise(const char *state)
{
    char text[512], sql[1024];
    snprintf(text, sizeof text, "RAISE EXCEPTION 'x' USING ERRCODE = '%s'", state);
    snprintf(sql, sizeof sql, "DO $do$ BEGIN %s; END $do$", text);
    PGresult *result = conn_exec(conn, sql);
    enum err err = conn_classify(conn, result, sql);
    PQclear(result);
    return err;
}

START_TEST(every_sqlstate_has_its_outcome)
{
    static const struct {
        const char *state;
        enum err err;
    } cases[] = {
        {"23505", ERR_CONFLICT}, {"23P01", ERR_CONFLICT},  {"40001", ERR_RETRY},
        {"40P01", ERR_RETRY},    {"23503", ERR_NOT_FOUND}, {"23514", ERR_INVALID},
        {"22P02", ERR_INVALID},  {"22003", ERR_INVALID},   {"53100", ERR_BUSY},
        {"53200", ERR_BUSY},     {"57014", ERR_BUSY},      {"AM404", ERR_NOT_FOUND},
        {"AM409", ERR_CONFLICT}, {"AM422", ERR_INVALID},   {"42501", ERR_INTERNAL},
        {"23502", ERR_INTERNAL}, {"XX000", ERR_INTERNAL},  {"23001", ERR_INTERNAL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_msg(raise(cases[i].state) == cases[i].err, "%s", cases[i].state);
    ck_assert(!conn->lost);
}
END_TEST

START_TEST(one_row_is_read_and_none_is_not_found)
{
    struct id id = {{1}}, none = {{2}};
    int64_t number = 7;
    bool yes = false;
    json_t *json = NULL;
    ck_assert_int_eq(db_read_id(conn, &id, "SELECT $1::uuid", "u", &none), ERR_OK);
    ck_assert(id_equal(&id, &none));
    ck_assert_int_eq(db_read_int(conn, &number, "SELECT 40 + $1", "i", INT64_C(2)), ERR_OK);
    ck_assert_int_eq(number, 42);
    ck_assert_int_eq(db_read_bool(conn, &yes, "SELECT true", ""), ERR_OK);
    ck_assert(yes);
    ck_assert_int_eq(db_read_json(conn, &json, "SELECT '[1]'::jsonb", ""), ERR_OK);
    ck_assert_uint_eq(json_array_size(json), 1);
    json_decref(json);
    ck_assert_int_eq(db_found(conn, "SELECT 1", ""), ERR_OK);
    /* What is not there leaves what was asked for as it was; so does what cannot be asked. */
    ck_assert_int_eq(db_read_int(conn, &number, "SELECT 1 WHERE false", ""), ERR_NOT_FOUND);
    ck_assert_int_eq(db_read_int(conn, &number, "SELECT 1 / $1", "i", INT64_C(0)), ERR_INVALID);
    ck_assert_int_eq(number, 42);
    ck_assert_int_eq(db_found(conn, "SELECT 1 WHERE NOT true", ""), ERR_NOT_FOUND);
}
END_TEST

START_TEST(rows_are_an_array_up_to_a_limit)
{
    struct db_result *r =
        good(db_query(conn, "SELECT to_jsonb(n) FROM generate_series(1, 3) n", ""));
    json_t *items = NULL;
    bool more = false;
    ck_assert_int_eq(db_json_rows(r, 2, &items, &more), 2);
    ck_assert(more);
    ck_assert_int_eq(json_integer_value(json_array_get(items, 1)), 2);
    json_decref(items);
    ck_assert_int_eq(db_json_rows(r, 3, &items, &more), 3);
    ck_assert(!more);
    json_decref(items);
    db_result_free(r);
}
END_TEST

START_TEST(a_violation_names_its_constraint)
{
    ck_assert_int_eq(db_exec(conn, "CREATE TABLE a (x bigint CONSTRAINT a_key UNIQUE)", ""),
                     ERR_OK);
    ck_assert_int_eq(db_exec(conn, "INSERT INTO a VALUES ($1)", "i", INT64_C(1)), ERR_OK);
    struct db_result *r = db_query(conn, "INSERT INTO a VALUES ($1)", "i", INT64_C(1));
    ck_assert_int_eq(db_err(r), ERR_CONFLICT);
    ck_assert_str_eq(db_constraint(r), "a_key");
    ck_assert_int_eq(db_rows(r), 0);
    db_result_free(r);
    r = good(db_query(conn, "UPDATE a SET x = x + 1", ""));
    ck_assert_str_eq(db_constraint(r), "");
    db_result_free(r);
}
END_TEST

START_TEST(a_commit_of_a_failed_transaction_is_not_ok)
{
    ck_assert_int_eq(db_exec(conn, "CREATE TABLE b (x bigint)", ""), ERR_OK);
    ck_assert_int_eq(db_begin(conn), ERR_OK);
    ck_assert_int_eq(db_begin(conn), ERR_INTERNAL);
    ck_assert_int_eq(db_exec(conn, "INSERT INTO b VALUES ($1)", "i", INT64_C(1)), ERR_OK);
    ck_assert_int_eq(db_exec(conn, "SELECT 1 / $1", "i", INT64_C(0)), ERR_INVALID);
    ck_assert_int_eq(db_commit(conn), ERR_INTERNAL);
    struct db_result *r = good(db_query(conn, "SELECT count(*) FROM b", ""));
    ck_assert_int_eq(db_int(r, 0, 0), 0);
    db_result_free(r);
    db_rollback(conn);
}
END_TEST

START_TEST(a_statement_is_prepared_again_after_a_reconnect)
{
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            struct db_result *r = good(db_query(conn, "SELECT $1 + 1", "i", INT64_C(41)));
            ck_assert_int_eq(db_int(r, 0, 0), 42);
            db_result_free(r);
        }
        ck_assert_uint_eq(conn->prepared_len, 1);
        ck_assert(conn_open(conn));
        ck_assert_uint_eq(conn->prepared_len, 0);
    }
}
END_TEST

START_TEST(many_statements_keep_their_own_plan)
{
    static char sql[300][32];
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 300; i++) {
            snprintf(sql[i], sizeof sql[i], "SELECT %d", i);
            struct db_result *r = good(db_query(conn, sql[i], ""));
            ck_assert_int_eq(db_int(r, 0, 0), i);
            db_result_free(r);
        }
    ck_assert_uint_eq(conn->prepared_len, 300);
}
END_TEST

START_TEST(a_connection_is_set_up_for_durable_commits_and_utc)
{
    struct db_result *r = good(db_query(conn,
                                        "SELECT current_setting('synchronous_commit'),"
                                        " current_setting('TimeZone'),"
                                        " current_setting('client_encoding')",
                                        ""));
    ck_assert_str_eq(db_text(r, 0, 0), "on");
    ck_assert_str_eq(db_text(r, 0, 1), "UTC");
    ck_assert_str_eq(db_text(r, 0, 2), "UTF8");
    db_result_free(r);
}
END_TEST

START_TEST(nothing_more_runs_on_a_connection_that_was_lost)
{
    ck_assert_int_eq(db_begin(conn), ERR_OK);
    struct db_result *r = db_query(conn, "SELECT pg_terminate_backend(pg_backend_pid())", "");
    ck_assert_int_eq(db_err(r), ERR_BUSY);
    db_result_free(r);
    ck_assert_int_eq(db_exec(conn, "SELECT 2", ""), ERR_BUSY);
    ck_assert_int_eq(db_commit(conn), ERR_BUSY);
    ck_assert(!conn_alive(conn));
}
END_TEST

static enum err count_row(void *arg, const struct db_result *r)
{
    int64_t *n = arg;
    ck_assert_int_eq(db_rows(r), 1);
    ck_assert_int_eq(db_int(r, 0, 0), ++*n);
    return *n == 5000 ? ERR_TOO_LARGE : ERR_OK;
}

START_TEST(a_stream_gives_each_row_once_and_stops_when_told)
{
    int64_t n = 0;
    ck_assert_int_eq(
        db_stream(conn, count_row, &n, "SELECT generate_series(1, $1)", "i", INT64_C(4000)),
        ERR_OK);
    ck_assert_int_eq(n, 4000);
    n = 0;
    ck_assert_int_eq(
        db_stream(conn, count_row, &n, "SELECT generate_series(1, $1)", "i", INT64_C(100000000)),
        ERR_TOO_LARGE);
    ck_assert_int_eq(n, 5000);
    n = 0;
    ck_assert_int_eq(db_stream(conn, count_row, &n,
                               "SELECT 0 / (11 - x) + x - 1 FROM generate_series(2, 20) x", ""),
                     ERR_INVALID);
    ck_assert_int_eq(db_exec(conn, "SELECT 1", ""), ERR_OK);
}
END_TEST

START_TEST(a_wrong_parameter_letter_is_refused)
{
    ck_assert_int_eq(db_exec(conn, "SELECT $1::text", "q", "x"), ERR_INTERNAL);
    ck_assert_int_eq(db_exec(conn, "SELECT 1", ""), ERR_OK);
}
END_TEST

START_TEST(an_old_server_is_refused_by_name)
{
    char why[128];
    ck_assert(!conn_version_supported(130004, why, sizeof why));
    ck_assert_str_eq(why, "PostgreSQL 13.4 is too old: 14 or later is needed");
    ck_assert(!conn_version_supported(90624, why, sizeof why));
    ck_assert_str_eq(why, "PostgreSQL 9.6.24 is too old: 14 or later is needed");
    ck_assert(conn_version_supported(140000, why, sizeof why));
}
END_TEST

START_TEST(why_it_cannot_connect_is_one_line_without_password)
{
    const char *why = "";
    ck_assert_ptr_null(db_connect("postgresql://me:secret@127.0.0.1:1/x", &why));
    ck_assert_ptr_nonnull(strstr(why, "127.0.0.1"));
    ck_assert_ptr_null(strstr(why, "secret"));
    ck_assert_ptr_null(strchr(why, '\n'));
    ck_assert_ptr_null(db_connect("not a connection string", &why));
    ck_assert(*why);
}
END_TEST

int main(void)
{
    pg_setup();
    Suite *suite = suite_create("db_query");
    TCase *tcase = tcase_create("query");
    tcase_add_checked_fixture(tcase, open_conn, close_conn);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, every_scalar_type_comes_back_as_it_went);
    tcase_add_test(tcase, nulls_are_null_and_read_as_nothing);
    tcase_add_test(tcase, arrays_keep_order_quotes_and_nulls);
    tcase_add_test(tcase, times_are_read_exactly_over_the_centuries);
    tcase_add_test(tcase, every_sqlstate_has_its_outcome);
    tcase_add_test(tcase, one_row_is_read_and_none_is_not_found);
    tcase_add_test(tcase, rows_are_an_array_up_to_a_limit);
    tcase_add_test(tcase, a_violation_names_its_constraint);
    tcase_add_test(tcase, a_commit_of_a_failed_transaction_is_not_ok);
    tcase_add_test(tcase, a_statement_is_prepared_again_after_a_reconnect);
    tcase_add_test(tcase, many_statements_keep_their_own_plan);
    tcase_add_test(tcase, a_connection_is_set_up_for_durable_commits_and_utc);
    tcase_add_test(tcase, nothing_more_runs_on_a_connection_that_was_lost);
    tcase_add_test(tcase, a_stream_gives_each_row_once_and_stops_when_told);
    tcase_add_test(tcase, a_wrong_parameter_letter_is_refused);
    tcase_add_test(tcase, an_old_server_is_refused_by_name);
    tcase_add_test(tcase, why_it_cannot_connect_is_one_line_without_password);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
