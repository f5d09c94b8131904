#include "harness/wait.h"
#include "lane_items.h"
#include "unit/run.h"
#include <semaphore.h>

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

static sem_t told;

static enum err insert_when_told(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    sem_wait(&told);
    return insert(c, items, n);
}

static const struct lane_kind other = {.name = "other", .run = insert_other},
                              dying = {.name = "dying", .run = insert_and_die},
                              held = {.name = "held", .run = insert_when_told};

/* A lane whose first item is under way and held. */
static struct lane *begin_held(struct db *db, size_t max_waiting, struct item *first)
{
    sem_init(&told, 0, 0);
    struct lane *lane = lane_new(db, &mailbox, max_waiting, NULL);
    first->item.kind = &held;
    ck_assert_int_eq(lane_submit(lane, &first->item), ERR_OK);
    for (int turn = 0; turn < 2; turn++) /* the second brings nothing more */
        mailbox_drain(&mailbox);
    return lane;
}

START_TEST(items_are_committed_in_order_and_in_batches)
{
    const char *url = pg_test_empty_database();
    struct db *db = begin(url, 10000);
    struct lane *lane = lane_new(db, &mailbox, 5000, NULL);
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
    end(lane, db, items);
}
END_TEST

START_TEST(a_bad_row_fails_alone)
{
    const char *url = pg_test_empty_database();
    struct db *db = begin(url, 10000);
    struct lane *lane = lane_new(db, &mailbox, 5000, NULL);
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
    end(lane, db, items);
}
END_TEST

START_TEST(a_connection_lost_before_the_commit_is_tried_again_once_each)
{
    const char *url = pg_test_empty_database();
    struct db *db = begin(url, 10000);
    struct lane *lane = lane_new(db, &mailbox, 5000, NULL);
    struct item *items = items_new(20, &dying);
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
    ck_assert(read_until(&mailbox, all_done, lane, 20));
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(items[i].item.err, ERR_OK);
        ck_assert_int_eq(items[i].done_at, i + 1);
    }
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM number"), "20");
    end(lane, db, items);
}
END_TEST

START_TEST(what_turns_in_a_row_bring_is_one_batch)
{
    const char *url = pg_test_empty_database();
    struct db *db = begin(url, 10000);
    struct lane *lane = lane_new(db, &mailbox, 5000, NULL);
    struct item *items = items_new(8, &plain);
    for (int i = 0; i < 8; i++) {
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
        if (i % 3 == 2)
            mailbox_drain(&mailbox); /* the end of a turn */
    }
    ck_assert(read_until(&mailbox, all_done, lane, 20));
    ck_assert_int_eq(runs, 1);
    ck_assert_int_eq(largest_run, 8);
    end(lane, db, items);
}
END_TEST

START_TEST(a_full_lane_refuses)
{
    const char *url = pg_test_empty_database();
    struct db *db = begin(url, 10000);
    struct item *items = items_new(5, &plain);
    struct lane *lane = begin_held(db, 3, &items[0]);
    for (int i = 1; i < 5; i++) /* three wait */
        ck_assert_int_eq(lane_submit(lane, &items[i].item), i < 4 ? ERR_OK : ERR_BUSY);
    ck_assert_uint_eq(lane_waiting(lane), 4);
    sem_post(&told);
    ck_assert(read_until(&mailbox, all_done, lane, 20));
    ck_assert_int_eq(items[4].done_at, 0);
    end(lane, db, items);
}
END_TEST

static bool run_twice(void *arg)
{
    (void)arg;
    return runs == 2;
}

START_TEST(a_large_batch_does_not_wait_for_the_lanes_thread)
{
    const char *url = pg_test_empty_database();
    struct db *db = begin(url, 10000);
    struct item *items = items_new(LANE_CHAIN + 1, &plain);
    struct lane *lane = begin_held(db, 100, &items[0]);
    for (int i = 1; i <= LANE_CHAIN; i++)
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
    sem_post(&told);
    ck_assert(wait_for(run_twice, NULL, 20)); /* and the mailbox is not read */
    ck_assert_int_eq(done_count, 0);
    ck_assert(read_until(&mailbox, all_done, lane, 20));
    for (int i = 0; i <= LANE_CHAIN; i++) {
        ck_assert_int_eq(items[i].item.err, ERR_OK);
        ck_assert_int_eq(items[i].done_at, i + 1);
    }
    end(lane, db, items);
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
    struct db *db = begin(url, 10000);
    growing = lane_new(db, &mailbox, 100, NULL);
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
    struct db *db = begin(url, 10000);
    struct lane *lane = lane_new(db, &mailbox, 1000, NULL);
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

START_TEST(closing_the_database_answers_every_item)
{
    start(pg_test_empty_database());
    struct db *db = new_db("postgresql:///x?host=/nonexistent", 60000);
    struct lane *lane = lane_new(db, &mailbox, 2000, NULL);
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

RUN_TESTS("lane", items_are_committed_in_order_and_in_batches, a_bad_row_fails_alone,
          a_connection_lost_before_the_commit_is_tried_again_once_each,
          what_turns_in_a_row_bring_is_one_batch, a_full_lane_refuses,
          a_large_batch_does_not_wait_for_the_lanes_thread,
          done_may_submit_more_and_release_the_lane, a_released_lane_still_finishes_what_it_has,
          closing_the_database_answers_every_item)
