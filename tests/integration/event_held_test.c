/* No new type of event is written before every server that lives reads it, and none that does not
 * read what is written begins beside those that write it. */
#include "base/app.h"
#include "db/db.h"
#include "harness/audience.h"
#include "harness/pg.h"
#include "nodes/node_store.h"
#include "room/change.h"
#include "room/feature.h"
#include <check.h>
#include <string.h>

static const char *url;
static struct db_conn *c, *other;
static struct id newer_run, older_run;

static const struct event_type older_types[] = {
    {.name = "session.changed", .version = 1, .what = "x"}, {0}};
static const struct event_type newer_types[] = {
    {.name = "session.changed", .version = 1, .what = "x"},
    {.name = "hologram.shown", .version = 2, .what = "x"},
    {0}};
static const struct feature older = {.name = "older", .events = older_types},
                            newer = {.name = "newer", .events = newer_types};
static struct event_catalog *older_catalog, *newer_catalog;

static struct db_conn *connect_here(void)
{
    const char *why = "";
    struct db_conn *conn = db_connect(pg_application(url), &why);
    ck_assert_msg(conn != NULL, "%s", why);
    return conn;
}

static void open_database(void)
{
    url = pg_test_database();
    audience_make(url);
    pg_sql(url, "UPDATE node SET stopped_at = lease_at");
    older_catalog = event_catalog_new((const struct feature *const[]){&older, NULL});
    newer_catalog = event_catalog_new((const struct feature *const[]){&newer, NULL});
    c = connect_here();
    other = connect_here();
}

static void close_database(void)
{
    db_disconnect(c);
    db_disconnect(other);
    event_catalog_free(older_catalog);
    event_catalog_free(newer_catalog);
}

/* A server that reads these begins. */
static enum err begin(struct db_conn *conn, const struct event_catalog *catalog, struct id *run)
{
    *run = id_random();
    json_t *reads = event_catalog_reads(catalog);
    enum err err = node_insert(conn, &(struct node_row){.id = *run,
                                                        .name = "n",
                                                        .address = "",
                                                        .build = "",
                                                        .reads = reads,
                                                        .now = 1800000000000000});
    json_decref(reads);
    return err;
}

static void stop(const struct id *run)
{
    ck_assert_int_eq(node_stop_run(other, run, 1800000000000000), ERR_OK);
}

/* The newer server's, in a transaction that stays open. */
static enum err append(struct change *change, const char *type)
{
    struct id session = audience_id(AUDIENCE_SESSION);
    static struct app app; /* nobody is there to be told */
    app.events = newer_catalog;
    change_init(change, &app, NULL, 1800000000000000);
    ck_assert_int_eq(change_begin(c), ERR_OK);
    ck_assert_int_eq(sessions_lock(c, &session, 1), ERR_OK);
    return change_event(c, change, &session, type, NULL);
}

static enum err write_event(const char *type)
{
    struct change change;
    enum err err = append(&change, type);
    return change_end(c, &change, err);
}

static const char *written(void)
{
    return pg_sql(url, "SELECT coalesce(string_agg(type, ' ' ORDER BY seq), '')"
                       "  FROM session_event WHERE version > 0");
}

START_TEST(what_a_server_that_lives_does_not_read_is_not_written_until_it_has_ended)
{
    ck_assert_int_eq(begin(other, older_catalog, &older_run), ERR_OK);
    ck_assert_int_eq(begin(other, newer_catalog, &newer_run), ERR_OK);
    ck_assert_int_eq(write_event("hologram.shown"), ERR_UPGRADING);
    ck_assert_int_eq(write_event("session.changed"), ERR_OK);
    ck_assert_str_eq(written(), "session.changed");
    stop(&older_run);
    ck_assert_int_eq(write_event("hologram.shown"), ERR_OK);
    ck_assert_str_eq(written(), "session.changed hologram.shown");
}
END_TEST

START_TEST(an_older_version_of_a_type_is_written_where_the_newer_one_is_not)
{
    ck_assert_int_eq(begin(other, newer_catalog, &newer_run), ERR_OK);
    pg_sql(url, "UPDATE node SET reads = jsonb_set(reads, '{hologram.shown}', '1')"
                " WHERE stopped_at IS NULL");
    ck_assert_int_eq(write_event("hologram.shown"), ERR_UPGRADING);
    pg_sql(url, "SELECT session_append_event('" AUDIENCE_SESSION "', 'hologram.shown', 1, 0, NULL,"
                " '{}', now())");
    ck_assert_str_eq(written(), "hologram.shown");
    ck_assert_int_eq(write_event("hologram.shown"), ERR_UPGRADING);
}
END_TEST

START_TEST(who_says_nothing_reads_what_the_version_before_read)
{
    pg_sql(url, "INSERT INTO node (id, name, started_at, lease_at) VALUES"
                " (gen_random_uuid(), 'before', now(), now())");
    ck_assert_int_eq(write_event("session.changed"), ERR_OK);
    ck_assert_int_eq(write_event("hologram.shown"), ERR_UPGRADING);
}
END_TEST

START_TEST(a_server_that_does_not_read_what_is_written_does_not_begin_beside_who_writes_it)
{
    ck_assert_int_eq(begin(other, newer_catalog, &newer_run), ERR_OK);
    ck_assert_int_eq(write_event("hologram.shown"), ERR_OK);
    ck_assert_int_eq(begin(other, older_catalog, &older_run), ERR_UPGRADING);
    stop(&newer_run); /* a session that is not over has it */
    ck_assert_int_eq(begin(other, older_catalog, &older_run), ERR_UPGRADING);
}
END_TEST

START_TEST(one_that_begins_while_the_first_is_written_waits_for_the_commit)
{
    struct change change;
    ck_assert_int_eq(begin(other, newer_catalog, &newer_run), ERR_OK);
    ck_assert_int_eq(append(&change, "hologram.shown"), ERR_OK);
    ck_assert_int_eq(db_exec(other, "SET lock_timeout = '100ms'", ""), ERR_OK);
    ck_assert_int_eq(begin(other, older_catalog, &older_run), ERR_BUSY);
    ck_assert_int_eq(change_end(c, &change, ERR_OK), ERR_OK);
    ck_assert_int_eq(begin(other, older_catalog, &older_run), ERR_UPGRADING);
}
END_TEST

START_TEST(one_that_began_first_is_seen_though_the_event_waited_for_it)
{
    struct change change;
    ck_assert_int_eq(begin(other, newer_catalog, &newer_run), ERR_OK);
    ck_assert_int_eq(db_begin(other), ERR_OK);
    ck_assert_int_eq(begin(other, older_catalog, &older_run), ERR_OK);
    ck_assert_int_eq(db_exec(c, "SET lock_timeout = '100ms'", ""), ERR_OK);
    enum err err = append(&change, "hologram.shown");
    ck_assert_int_eq(change_end(c, &change, err), ERR_BUSY);
    ck_assert_int_eq(db_commit(other), ERR_OK);
    ck_assert_int_eq(write_event("hologram.shown"), ERR_UPGRADING);
}
END_TEST

START_TEST(after_all_newer_ones_stopped_an_older_one_begins_where_no_session_needs_more)
{
    ck_assert_int_eq(begin(other, newer_catalog, &newer_run), ERR_OK);
    ck_assert_int_eq(write_event("hologram.shown"), ERR_OK);
    pg_sql(url, "UPDATE session SET state = 'ended', ended_at = live_at + interval '1 hour'");
    stop(&newer_run);
    ck_assert_int_eq(begin(other, older_catalog, &older_run), ERR_OK);
    ck_assert_int_eq(begin(other, newer_catalog, &newer_run), ERR_OK);
    ck_assert_int_eq(write_event("hologram.shown"), ERR_UPGRADING);
}
END_TEST

int main(void)
{
    pg_setup();
    Suite *suite = suite_create("event_held");
    TCase *tcase = tcase_create("event_held");
    tcase_add_checked_fixture(tcase, open_database, close_database);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_a_server_that_lives_does_not_read_is_not_written_until_it_has_ended);
    tcase_add_test(tcase, an_older_version_of_a_type_is_written_where_the_newer_one_is_not);
    tcase_add_test(tcase, who_says_nothing_reads_what_the_version_before_read);
    tcase_add_test(tcase,
                   a_server_that_does_not_read_what_is_written_does_not_begin_beside_who_writes_it);
    tcase_add_test(tcase, one_that_begins_while_the_first_is_written_waits_for_the_commit);
    tcase_add_test(tcase, one_that_began_first_is_seen_though_the_event_waited_for_it);
    tcase_add_test(tcase,
                   after_all_newer_ones_stopped_an_older_one_begins_where_no_session_needs_more);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
