#include "db/db.h"
#include "db/lane.h"
#include "db/query.h"
#include "harness/pg.h"
#include "harness/reader.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct mailbox mailbox;

struct item {
    struct lane_item item;
    int64_t number;
    int done_at; /* place in the order of done(), from 1 */
};

static int done_count;
static _Atomic int runs, largest_run;
static bool (*when_done)(struct item *);

static void on_done(struct lane_item *lane_item)
{
    struct item *item = container_of(lane_item, struct item, item);
    ck_assert_int_eq(item->done_at, 0);
    item->done_at = ++done_count;
    if (when_done)
        when_done(item);
}

/* A negative number violates the check of the table; 13 fails its own item only. */
static enum err insert(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    int64_t numbers[LANE_BATCH];
    for (size_t i = 0; i < n; i++) {
        numbers[i] = container_of(items[i], struct item, item)->number;
        if (numbers[i] == 13)
            items[i]->err = ERR_CONFLICT;
    }
    runs++;
    if ((int)n > largest_run)
        largest_run = (int)n;
    return db_exec(c,
                   "INSERT INTO number (x) SELECT x FROM unnest($1) WITH ORDINALITY AS u (x, o)"
                   " WHERE x <> 13 ORDER BY o",
                   "I", numbers, n);
}

static enum err insert_other(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    return insert(c, items, n);
}

static enum err insert_and_die(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    enum err err = insert(c, items, n);
    if (runs > 1)
        return err;
    struct db_result *r = db_query(c, "SELECT pg_terminate_backend(pg_backend_pid())", "");
    err = db_err(r);
    db_result_free(r);
    return err;
}

static enum err insert_and_hang(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    enum err err = insert(c, items, n);
    struct db_result *r = db_query(c, "SELECT pg_sleep(20)", "");
    if (err == ERR_OK)
        err = db_err(r);
    db_result_free(r);
    return err;
}

static _Atomic int64_t counted;

static enum err count_all(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    (void)items, (void)n;
    struct db_result *r = db_query(c, "SELECT count(*) FROM number", "");
    enum err err = db_err(r);
    if (err == ERR_OK)
        counted = db_int(r, 0, 0);
    db_result_free(r);
    return err;
}

static const struct lane_kind hanging = {"hanging", insert_and_hang},
                              counting = {"counting", count_all};
static const struct lane_kind plain = {"plain", insert}, other = {"other", insert_other},
                              dying = {"dying", insert_and_die};

static void start(const char *url)
{
    mailbox_init(&mailbox, 10, NULL, NULL);
    done_count = 0;
    runs = largest_run = 0;
    when_done = NULL;
    pg_sql(url, "CREATE TABLE number (id bigint GENERATED ALWAYS AS IDENTITY,"
                " x bigint NOT NULL UNIQUE CHECK (x >= 0))");
}

static struct db *new_db(const char *url, int busy_after_ms)
{
    return db_new(&(struct db_config){.url = url,
                                      .hot = 2,
                                      .short_ = 1,
                                      .long_ = 1,
                                      .busy_after_ms = busy_after_ms,
                                      .statement_timeout_ms = 3000});
}

static struct item *items_new(size_t n, const struct lane_kind *kind)
{
    struct item *items = calloc(n, sizeof *items);
    for (size_t i = 0; i < n; i++) {
        items[i].number = (int64_t)i + 100;
        items[i].item.kind = kind;
        items[i].item.done = on_done;
    }
    return items;
}

static bool all_done(void *lane)
{
    return lane_waiting(lane) == 0;
}

START_TEST(items_are_committed_in_order_and_in_batches)
{
    const char *url = pg_test_empty_database();
    start(url);
    struct db *db = new_db(url, 10000);
    struct lane *lane = lane_new(db, &mailbox, 5000);
    struct item *items = items_new(2000, &plain);
    for (int i = 0; i < 2000; i++) {
        items[i].item.kind = i / 100 % 2 ? &other : &plain;
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
    }
    ck_assert(read_until(&mailbox, all_done, lane, 20));
    for (int i = 0; i < 2000; i++) {
        ck_assert_int_eq(items[i].item.err, ERR_OK);
        ck_assert_int_eq(items[i].done_at, i + 1);
    }
    /* Batches of 500, the first as well, each in runs of 100 of one kind. */
    ck_assert_int_eq(runs, 20);
    ck_assert_int_eq(largest_run, 100);
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM (SELECT x, lag(x) OVER (ORDER BY id) AS p"
                                 " FROM number) t WHERE x <> p + 1"),
                     "0");
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM number"), "2000");
    lane_release(lane);
    db_free(db);
    mailbox_release(&mailbox);
    free(items);
}
END_TEST

START_TEST(a_bad_row_fails_alone)
{
    const char *url = pg_test_empty_database();
    start(url);
    struct db *db = new_db(url, 10000);
    struct lane *lane = lane_new(db, &mailbox, 5000);
    struct item *items = items_new(50, &plain);
    items[10].number = -1;
    items[20].number = 13;
    items[30].number = items[29].number;
    for (int i = 0; i < 50; i++)
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
    ck_assert(read_until(&mailbox, all_done, lane, 20));
    for (int i = 0; i < 50; i++) {
        enum err expected = i == 10 ? ERR_INVALID : i == 20 || i == 30 ? ERR_CONFLICT : ERR_OK;
        ck_assert_int_eq(items[i].item.err, expected);
        ck_assert_int_eq(items[i].done_at, i + 1);
    }
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM number"), "47");
    lane_release(lane);
    db_free(db);
    mailbox_release(&mailbox);
    free(items);
}
END_TEST

START_TEST(a_connection_lost_before_the_commit_is_tried_again_once_each)
{
    const char *url = pg_test_empty_database();
    start(url);
    struct db *db = new_db(url, 10000);
    struct lane *lane = lane_new(db, &mailbox, 5000);
    struct item *items = items_new(20, &dying);
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
    ck_assert(read_until(&mailbox, all_done, lane, 20));
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(items[i].item.err, ERR_OK);
        ck_assert_int_eq(items[i].done_at, i + 1);
    }
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM number"), "20");
    lane_release(lane);
    db_free(db);
    mailbox_release(&mailbox);
    free(items);
}
END_TEST

START_TEST(what_turns_in_a_row_bring_is_one_batch)
{
    const char *url = pg_test_empty_database();
    start(url);
    struct db *db = new_db(url, 10000);
    struct lane *lane = lane_new(db, &mailbox, 5000);
    struct item *items = items_new(8, &plain);
    for (int i = 0; i < 8; i++) {
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
        if (i % 3 == 2)
            mailbox_drain(&mailbox); /* the end of a turn */
    }
    ck_assert(read_until(&mailbox, all_done, lane, 20));
    ck_assert_int_eq(runs, 1);
    ck_assert_int_eq(largest_run, 8);
    lane_release(lane);
    db_free(db);
    mailbox_release(&mailbox);
    free(items);
}
END_TEST

START_TEST(a_full_lane_refuses)
{
    const char *url = pg_test_empty_database();
    start(url);
    struct db *db = new_db(url, 10000);
    struct lane *lane = lane_new(db, &mailbox, 3);
    struct item *items = items_new(5, &plain);
    for (int i = 0; i < 5; i++) { /* one runs, three wait */
        ck_assert_int_eq(lane_submit(lane, &items[i].item), i < 4 ? ERR_OK : ERR_BUSY);
        for (int turn = 0; i == 0 && turn < 2; turn++) /* the second brings nothing more */
            mailbox_drain(&mailbox);
    }
    ck_assert_uint_eq(lane_waiting(lane), 4);
    ck_assert(read_until(&mailbox, all_done, lane, 20));
    ck_assert_int_eq(items[4].done_at, 0);
    lane_release(lane);
    db_free(db);
    mailbox_release(&mailbox);
    free(items);
}
END_TEST

static struct lane *growing;
static struct item *more;
static int more_len;

static bool submit_more(struct item *item)
{
    (void)item;
    if (more_len < 10)
        ck_assert_int_eq(lane_submit(growing, &more[more_len++].item), ERR_OK);
    else if (growing && lane_waiting(growing) == 0) {
        lane_release(growing);
        growing = NULL;
    }
    return true;
}

static bool released(void *arg)
{
    (void)arg;
    return !growing;
}

START_TEST(done_may_submit_more_and_release_the_lane)
{
    const char *url = pg_test_empty_database();
    start(url);
    struct db *db = new_db(url, 10000);
    growing = lane_new(db, &mailbox, 100);
    more = items_new(11, &plain);
    more_len = 1;
    when_done = submit_more;
    ck_assert_int_eq(lane_submit(growing, &more[0].item), ERR_OK);
    ck_assert(read_until(&mailbox, released, NULL, 20));
    ck_assert_int_eq(done_count, 10);
    db_free(db);
    mailbox_release(&mailbox);
    free(more);
}
END_TEST

START_TEST(a_released_lane_still_finishes_what_it_has)
{
    const char *url = pg_test_empty_database();
    start(url);
    struct db *db = new_db(url, 10000);
    struct lane *lane = lane_new(db, &mailbox, 1000);
    struct item *items = items_new(600, &plain);
    for (int i = 0; i < 600; i++)
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
    lane_release(lane);
    double deadline = wait_now() + 20;
    while (done_count < 600 && wait_now() < deadline)
        mailbox_drain(&mailbox);
    ck_assert_int_eq(done_count, 600);
    db_free(db);
    mailbox_release(&mailbox);
    free(items);
}
END_TEST

START_TEST(items_wait_out_an_outage_shorter_than_the_bound)
{
    struct pg *pg = pg_start(true);
    const char *url = pg_database(pg, false);
    start(url);
    struct db *db = new_db(url, 20000);
    struct lane *lane = lane_new(db, &mailbox, 1000);
    struct item *items = items_new(40, &plain);
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
    ck_assert(read_until(&mailbox, all_done, lane, 20));
    pg_halt(pg);
    for (int i = 20; i < 40; i++)
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
    ck_assert(!mailbox_drain(&mailbox) || lane_waiting(lane) == 20);
    pg_resume(pg);
    ck_assert(read_until(&mailbox, all_done, lane, 30));
    for (int i = 0; i < 40; i++) {
        ck_assert_int_eq(items[i].item.err, ERR_OK);
        ck_assert_int_eq(items[i].done_at, i + 1);
    }
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM number"), "40");
    lane_release(lane);
    db_free(db);
    mailbox_release(&mailbox);
    free(items);
    pg_stop(pg);
}
END_TEST

START_TEST(items_are_busy_after_the_bound_and_work_when_it_returns)
{
    struct pg *pg = pg_start(false);
    const char *url = pg_database(pg, false);
    start(url);
    struct db *db = new_db(url, 500);
    struct lane *lane = lane_new(db, &mailbox, 1000);
    struct item *items = items_new(30, &plain);
    pg_halt(pg);
    double began = wait_now();
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
    ck_assert(read_until(&mailbox, all_done, lane, 20));
    ck_assert(wait_now() - began > 0.49);
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(items[i].item.err, ERR_BUSY);
        ck_assert_int_eq(items[i].done_at, i + 1);
    }
    pg_resume(pg);
    double deadline = wait_now() + 20;
    do { /* each try is one item; numbers stay unique because BUSY ones were not written */
        items[20].done_at = 0;
        ck_assert_int_eq(lane_submit(lane, &items[20].item), ERR_OK);
        ck_assert(read_until(&mailbox, all_done, lane, 20));
    } while (items[20].item.err == ERR_BUSY && wait_now() < deadline);
    ck_assert_int_eq(items[20].item.err, ERR_OK);
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM number"), "1");
    lane_release(lane);
    db_free(db);
    mailbox_release(&mailbox);
    free(items);
    pg_stop(pg);
}
END_TEST

static bool ticked_all_done(void *lane)
{
    lane_tick(lane);
    return all_done(lane);
}

static bool has_run(void *arg)
{
    (void)arg;
    return runs > 0;
}

/* Tries again while it is busy, as clients do. */
static void submit_until_kept(struct lane *lane, struct item *item)
{
    double deadline = wait_now() + 20;
    do {
        item->done_at = 0;
        ck_assert_int_eq(lane_submit(lane, &item->item), ERR_OK);
        ck_assert(read_until(&mailbox, ticked_all_done, lane, 20));
    } while (item->item.err == ERR_BUSY && wait_now() < deadline);
    ck_assert_int_eq(item->item.err, ERR_OK);
}

START_TEST(a_batch_that_hangs_keeps_nobody_waiting_beyond_the_bound)
{
    const char *url = pg_test_empty_database();
    start(url);
    struct db *db = new_db(url, 500);
    struct lane *lane = lane_new(db, &mailbox, 1000);
    struct item *items = items_new(10, &plain);
    items[0].item.kind = &hanging;
    ck_assert_int_eq(lane_submit(lane, &items[0].item), ERR_OK);
    ck_assert(read_until(&mailbox, has_run, NULL, 20));
    double began = wait_now();
    for (int i = 1; i < 10; i++)
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
    ck_assert(read_until(&mailbox, ticked_all_done, lane, 20));
    ck_assert(wait_now() - began < 3);
    ck_assert_int_eq(items[0].item.err, ERR_BUSY);
    int kept = 0; /* of those that were young enough for another try */
    for (int i = 1; i < 10; i++)
        kept += items[i].item.err == ERR_OK;
    /* The backend that still sleeps holds the lock on the same number: it is ended. */
    items[9].number = items[0].number;
    submit_until_kept(lane, &items[9]);
    ck_assert_int_eq(strtol(pg_sql(url, "SELECT count(*) FROM number"), NULL, 10), kept + 1);
    lane_release(lane);
    db_free(db);
    mailbox_release(&mailbox);
    free(items);
}
END_TEST

START_TEST(a_commit_that_was_given_up_is_decided_before_the_next_batch)
{
    const char *url = pg_test_empty_database();
    start(url);
    pg_sql(url, "CREATE FUNCTION doze() RETURNS trigger LANGUAGE plpgsql AS"
                " 'BEGIN PERFORM pg_sleep(2); RETURN NULL; END'");
    pg_sql(url,
           "CREATE CONSTRAINT TRIGGER doze AFTER INSERT ON number DEFERRABLE INITIALLY DEFERRED"
           " FOR EACH ROW EXECUTE FUNCTION doze()");
    struct db *db = new_db(url, 500);
    struct lane *lane = lane_new(db, &mailbox, 1000);
    struct item *items = items_new(2, &plain);
    items[1].item.kind = &counting;
    ck_assert_int_eq(lane_submit(lane, &items[0].item), ERR_OK);
    ck_assert(read_until(&mailbox, ticked_all_done, lane, 20));
    ck_assert_int_eq(items[0].item.err, ERR_BUSY);
    submit_until_kept(lane, &items[1]);
    double deadline = wait_now() + 20;
    while (strcmp(pg_sql(url, "SELECT count(*) FROM pg_stat_activity WHERE query = 'COMMIT'"
                              " AND state = 'active' AND datname = current_database()"),
                  "0") != 0)
        ck_assert(wait_now() < deadline);
    ck_assert_int_eq(strtol(pg_sql(url, "SELECT count(*) FROM number"), NULL, 10), counted);
    lane_release(lane);
    db_free(db);
    mailbox_release(&mailbox);
    free(items);
}
END_TEST

START_TEST(closing_the_database_answers_every_item)
{
    start(pg_test_empty_database());
    struct db *db = new_db("postgresql:///x?host=/nonexistent", 60000);
    struct lane *lane = lane_new(db, &mailbox, 2000);
    struct item *items = items_new(1200, &plain);
    for (int i = 0; i < 1200; i++)
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
    lane_release(lane);
    db_free(db);
    while (mailbox_drain(&mailbox))
        ;
    ck_assert_int_eq(done_count, 1200);
    for (int i = 0; i < 1200; i++)
        ck_assert_int_eq(items[i].item.err, ERR_BUSY);
    mailbox_release(&mailbox);
    free(items);
}
END_TEST

int main(void)
{
    pg_setup();
    Suite *suite = suite_create("lane");
    TCase *tcase = tcase_create("lane");
    tcase_set_timeout(tcase, 90);
    tcase_add_test(tcase, items_are_committed_in_order_and_in_batches);
    tcase_add_test(tcase, a_bad_row_fails_alone);
    tcase_add_test(tcase, a_connection_lost_before_the_commit_is_tried_again_once_each);
    tcase_add_test(tcase, what_turns_in_a_row_bring_is_one_batch);
    tcase_add_test(tcase, a_full_lane_refuses);
    tcase_add_test(tcase, done_may_submit_more_and_release_the_lane);
    tcase_add_test(tcase, a_released_lane_still_finishes_what_it_has);
    tcase_add_test(tcase, items_wait_out_an_outage_shorter_than_the_bound);
    tcase_add_test(tcase, items_are_busy_after_the_bound_and_work_when_it_returns);
    tcase_add_test(tcase, a_batch_that_hangs_keeps_nobody_waiting_beyond_the_bound);
    tcase_add_test(tcase, a_commit_that_was_given_up_is_decided_before_the_next_batch);
    tcase_add_test(tcase, closing_the_database_answers_every_item);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
