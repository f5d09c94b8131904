#include "lane_items.h"
#include "unit/run.h"

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

static const struct lane_kind hanging = {.name = "hanging", .run = insert_and_hang},
                              counting = {.name = "counting", .run = count_all};
START_TEST(items_wait_out_an_outage_shorter_than_the_bound)
{
    struct pg *pg = pg_start(true);
    const char *url = pg_database(pg, false);
    struct db *db = begin(url, 20000);
    struct lane *lane = lane_new(db, &mailbox, 1000, NULL);
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
    end(lane, db, items);
    pg_stop(pg);
}
END_TEST

START_TEST(items_are_busy_after_the_bound_and_work_when_it_returns)
{
    struct pg *pg = pg_start(false);
    const char *url = pg_database(pg, false);
    struct db *db = begin(url, 500);
    struct lane *lane = lane_new(db, &mailbox, 1000, NULL);
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
    end(lane, db, items);
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
    struct db *db = begin(url, 500);
    struct lane *lane = lane_new(db, &mailbox, 1000, NULL);
    struct item *items = items_new(10, &plain);
    items[0].item.kind = &hanging;
    ck_assert_int_eq(lane_submit(lane, &items[0].item), ERR_OK);
    ck_assert(read_until(&mailbox, has_run, NULL, 20));
    double began = wait_now();
    for (int i = 1; i < 10; i++)
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
    ck_assert(read_until(&mailbox, ticked_all_done, lane, 20));
    ck_assert(wait_now() - began < 15);
    ck_assert_int_eq(items[0].item.err, ERR_BUSY);
    int kept = 0; /* of those that were young enough for another try */
    for (int i = 1; i < 10; i++)
        kept += items[i].item.err == ERR_OK;
    /* The backend that still sleeps holds the lock on the same number: it is ended. */
    items[9].number = items[0].number;
    submit_until_kept(lane, &items[9]);
    ck_assert_int_eq(strtol(pg_sql(url, "SELECT count(*) FROM number"), NULL, 10), kept + 1);
    end(lane, db, items);
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
    struct lane *lane = lane_new(db, &mailbox, 1000, NULL);
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
    end(lane, db, items);
}
END_TEST

RUN_TESTS("lane_outage", items_wait_out_an_outage_shorter_than_the_bound,
          items_are_busy_after_the_bound_and_work_when_it_returns,
          a_batch_that_hangs_keeps_nobody_waiting_beyond_the_bound,
          a_commit_that_was_given_up_is_decided_before_the_next_batch)
