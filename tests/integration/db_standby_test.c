/* Durable before acknowledged, with a synchronous standby: nothing is acknowledged, or shown as
 * somebody's own work, that the standby has not; what was acknowledged outlives the primary. */
#include "lane_items.h"
#include "unit/run.h"
#include <stdio.h>

static struct pg *primary, *standby;
static const char *url;

static struct db *begin_pair(int busy_after_ms)
{
    primary = pg_start(false);
    url = pg_database(primary, false);
    start(url);
    standby = pg_start_standby(primary);
    return new_db(pg_on_either(url, primary, standby), busy_after_ms);
}

static void end_pair(struct db *db)
{
    db_free(db);
    mailbox_release(&mailbox);
    pg_stop(standby);
    pg_stop(primary);
}

/* --- jobs that write a number each --- */

struct writer {
    struct db_job job;
    int64_t number;
    bool done;
};

#define INSERT "INSERT INTO number (x) VALUES ($1)"

static void write_plainly(struct db_job *job, struct db_conn *c)
{
    job->err = db_begin(c);
    if (!job->err)
        job->err =
            db_end(c, db_exec(c, INSERT, "i", container_of(job, struct writer, job)->number));
}

static void write_briefly(struct db_job *job, struct db_conn *c)
{
    job->err = db_begin_brief(c);
    if (!job->err)
        job->err =
            db_end(c, db_exec(c, INSERT, "i", container_of(job, struct writer, job)->number));
}

static void write_alone(struct db_job *job, struct db_conn *c)
{
    job->err = db_exec(c, INSERT, "i", container_of(job, struct writer, job)->number);
}

static void read_durably(struct db_job *job, struct db_conn *c)
{
    job->err = db_begin(c);
    if (!job->err)
        job->err = db_end(c, db_show_durable(c));
}

static void on_written(struct message *message)
{
    struct db_job *job = container_of(message, struct db_job, done);
    container_of(job, struct writer, job)->done = true;
}

static bool is_written(void *writer)
{
    return ((struct writer *)writer)->done;
}

static struct writer *begin_to_write(struct db *db, void (*run)(struct db_job *, struct db_conn *),
                                     int64_t number)
{
    struct writer *w = calloc(1, sizeof *w);
    w->number = number;
    w->job = (struct db_job){.run = run, .reply_to = &mailbox, .done = {.deliver = on_written}};
    ck_assert_int_eq(db_submit(db, DB_SHORT, &w->job), ERR_OK);
    return w;
}

static enum err written(struct writer *w)
{
    ck_assert(read_until(&mailbox, is_written, w, 40));
    enum err err = w->job.err;
    free(w);
    return err;
}

/* --- looking --- */

static bool is(const char *where, const char *sql, const char *expected)
{
    return strcmp(pg_sql(where, sql), expected) == 0;
}

static bool one_waits(void *unused)
{
    (void)unused;
    return pg_holds_a_commit(url);
}

static bool waits_beyond_the_timeout(void *unused)
{
    (void)unused;
    return is(url,
              "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
              " AND clock_timestamp() - query_start > interval '3500 ms'",
              "1");
}

static bool has_followed(void *unused)
{
    (void)unused;
    return is(url,
              "SELECT count(*) FROM pg_stat_replication"
              " WHERE flush_lsn = pg_current_wal_flush_lsn()",
              "1");
}

START_TEST(a_commit_may_wait_longer_than_a_statement)
{
    struct db *db = begin_pair(20000);
    void (*const ways[])(struct db_job *, struct db_conn *) = {write_plainly, write_briefly,
                                                               write_alone};
    for (int i = 0; i < 3; i++) {
        pg_freeze(standby);
        struct writer *w = begin_to_write(db, ways[i], i);
        ck_assert(wait_for(waits_beyond_the_timeout, NULL, 20));
        ck_assert(!mailbox_drain(&mailbox));
        pg_thaw(standby);
        ck_assert_int_eq(written(w), ERR_OK);
    }
    ck_assert_str_eq(pg_sql(pg_on(url, standby), "SELECT count(*) FROM number"), "3");
    end_pair(db);
}
END_TEST

START_TEST(a_commit_whose_wait_is_cancelled_is_never_acknowledged)
{
    struct db *db = begin_pair(20000);
    void (*const ways[])(struct db_job *, struct db_conn *) = {write_plainly, write_briefly,
                                                               write_alone};
    static const char *const ends[] = {"pg_cancel_backend", "pg_terminate_backend"};
    int64_t number = 0;
    for (int i = 0; i < 3; i++) {
        for (int end = 0; end < 2; end++) {
            char sql[128];
            snprintf(sql, sizeof sql,
                     "SELECT count(%s(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'",
                     ends[end]);
            pg_freeze(standby);
            struct writer *w = begin_to_write(db, ways[i], number++);
            ck_assert(wait_for(one_waits, NULL, 20));
            ck_assert_str_eq(pg_sql(url, sql), "1");
            ck_assert_int_eq(written(w), ERR_BUSY);
            pg_thaw(standby);
            ck_assert(wait_for(has_followed, NULL, 20));
        }
    }
    /* Each is there once all the same: whoever asks again learns it. */
    ck_assert_str_eq(pg_sql(pg_on(url, standby), "SELECT count(*) FROM number"), "6");
    ck_assert_int_eq(written(begin_to_write(db, write_plainly, 0)), ERR_CONFLICT);
    end_pair(db);
}
END_TEST

START_TEST(what_is_shown_of_others_is_as_durable_as_ones_own)
{
    struct db *db = begin_pair(20000);
    pg_freeze(standby);
    struct writer *w = begin_to_write(db, write_plainly, 1);
    ck_assert(wait_for(one_waits, NULL, 20));
    pg_sql(url, "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity"
                " WHERE wait_event = 'SyncRep'");
    ck_assert_int_eq(written(w), ERR_BUSY);
    ck_assert(is(url, "SELECT count(*) FROM number", "1")); /* seen, and may vanish */
    w = begin_to_write(db, read_durably, 0);
    ck_assert(wait_for(one_waits, NULL, 20));
    ck_assert(!mailbox_drain(&mailbox));
    pg_thaw(standby);
    ck_assert_int_eq(written(w), ERR_OK);
    ck_assert_str_eq(pg_sql(pg_on(url, standby), "SELECT count(*) FROM number"), "1");
    end_pair(db);
}
END_TEST

static bool ticked_all_done(void *lane)
{
    lane_tick(lane);
    return all_done(lane);
}

START_TEST(a_lane_ends_nothing_that_waits_for_the_standby)
{
    struct db *db = begin_pair(500);
    struct lane *lane = lane_new(db, &mailbox, 1000, NULL);
    struct item *items = items_new(20, &plain);
    pg_freeze(standby);
    for (int i = 0; i < 19; i++) {
        ck_assert_int_eq(lane_submit(lane, &items[i].item), ERR_OK);
        ck_assert(read_until(&mailbox, ticked_all_done, lane, 20));
        ck_assert_int_eq(items[i].item.err, ERR_BUSY);
        /* Not seen before it is durable, and no more connections than workers are left waiting. */
        ck_assert(is(url, "SELECT count(*) FROM number", "0"));
        ck_assert(strtol(pg_sql(url, "SELECT count(*) FROM pg_stat_activity"
                                     " WHERE wait_event = 'SyncRep'"),
                         NULL, 10) <= 2);
    }
    pg_thaw(standby);
    double deadline = wait_now() + 20;
    do {
        items[19].done_at = 0;
        ck_assert_int_eq(lane_submit(lane, &items[19].item), ERR_OK);
        ck_assert(read_until(&mailbox, ticked_all_done, lane, 20));
    } while (items[19].item.err == ERR_BUSY && wait_now() < deadline);
    ck_assert_int_eq(items[19].item.err, ERR_OK);
    ck_assert_str_eq(pg_sql(pg_on(url, standby), "SELECT count(*) FROM number WHERE x = 100"), "1");
    end(lane, db, items);
    pg_stop(standby);
    pg_stop(primary);
}
END_TEST

/* --- the standby takes over --- */

#define VOTES 3000

/* Submits items until so many were acknowledged, each again for as long as its outcome is not
 * known: then it is found. */
static enum err vote(struct db_conn *c, struct lane_item *const *items, size_t n)
{
    int64_t numbers[LANE_BATCH];
    for (size_t i = 0; i < n; i++)
        numbers[i] = container_of(items[i], struct item, item)->number;
    return db_exec(c, "INSERT INTO number (x) SELECT x FROM unnest($1) x ON CONFLICT DO NOTHING",
                   "I", numbers, n);
}

static const struct lane_kind voting = {.name = "voting", .run = vote};
static struct lane *votes;
static int acknowledged, unknown;

static bool voted(struct item *item)
{
    item->done_at = 0;
    done_count = 0;
    if (item->item.err == ERR_OK) {
        acknowledged++;
        return true;
    }
    ck_assert_int_eq(item->item.err, ERR_BUSY);
    unknown++;
    ck_assert_int_eq(lane_submit(votes, &item->item), ERR_OK);
    return true;
}

static bool enough(void *most)
{
    return acknowledged >= *(int *)most;
}

START_TEST(a_standby_that_takes_over_has_every_acknowledged_vote_once)
{
    struct db *db = begin_pair(2000);
    votes = lane_new(db, &mailbox, VOTES, NULL);
    when_done = voted;
    acknowledged = unknown = 0;
    struct item *items = items_new(VOTES, &voting);
    int sent = 0, third = VOTES / 3, all = VOTES;
    while (sent < 2 * third) { /* in small batches, so that one is always under way */
        for (int i = 0; i < 10; i++)
            ck_assert_int_eq(lane_submit(votes, &items[sent++].item), ERR_OK);
        mailbox_drain(&mailbox);
        if (sent == third)
            ck_assert(read_until(&mailbox, enough, &(int){100}, 20));
    }
    int before = acknowledged;
    pg_halt(primary);
    mailbox_drain(&mailbox);
    char had[32], seen[32];
    snprintf(had, sizeof had, "%d", acknowledged);
    ck_assert_int_ge(acknowledged, before);
    pg_promote(standby);
    snprintf(seen, sizeof seen, "%s", pg_sql(pg_on(url, standby), "SELECT count(*) FROM number"));
    ck_assert_msg(strtol(seen, NULL, 10) >= strtol(had, NULL, 10), "%s of %s", seen, had);
    while (sent < VOTES)
        ck_assert_int_eq(lane_submit(votes, &items[sent++].item), ERR_OK);
    ck_assert(read_until(&mailbox, enough, &all, 40));
    ck_assert_int_eq(acknowledged, VOTES);
    snprintf(had, sizeof had, "%d", VOTES);
    ck_assert_str_eq(pg_sql(pg_on(url, standby), "SELECT count(*) FROM number"), had);
    end(votes, db, items);
    pg_stop(standby);
    pg_stop(primary);
}
END_TEST

START_TEST(a_connection_to_what_became_read_only_is_made_anew)
{
    struct pg *pg = pg_start(false);
    url = pg_database(pg, false);
    struct db *db = begin(url, 20000);
    ck_assert_int_eq(written(begin_to_write(db, write_plainly, 1)), ERR_OK);
    struct lane *lane = lane_new(db, &mailbox, 10, NULL);
    struct item *items = items_new(1, &plain);
    char alter[128];
    snprintf(alter, sizeof alter, "ALTER DATABASE %s SET default_transaction_read_only = ",
             pg_sql(url, "SELECT current_database()"));
    char on[160], off[192];
    snprintf(on, sizeof on, "%son", alter);
    snprintf(off, sizeof off, "BEGIN READ WRITE; %soff; COMMIT", alter);
    pg_sql(url, on); /* for connections that are new */
    pg_sql(url, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE application_name = 'amphi'");
    ck_assert_int_eq(lane_submit(lane, &items[0].item), ERR_OK);
    ck_assert(!mailbox_drain(&mailbox) || lane_waiting(lane) == 1);
    pg_sql(url, off);
    ck_assert(read_until(&mailbox, all_done, lane, 30));
    ck_assert_int_eq(items[0].item.err, ERR_OK);
    end(lane, db, items);
    pg_stop(pg);
}
END_TEST

static enum err write_where_it_is_forbidden(struct db_conn *c)
{
    enum err err = db_begin(c);
    if (!err)
        err = db_exec(c, "SET TRANSACTION READ ONLY", "");
    return db_end(c, err ? err : db_exec(c, INSERT, "i", INT64_C(7)));
}

START_TEST(a_refusal_to_write_ends_its_connection)
{
    url = pg_test_empty_database();
    start(url);
    struct db_conn *c = db_connect(url, NULL);
    ck_assert_int_eq(write_where_it_is_forbidden(c), ERR_BUSY);
    ck_assert_int_eq(db_begin(c), ERR_BUSY); /* until it is made anew */
    db_disconnect(c);
    mailbox_release(&mailbox);
}
END_TEST

START_TEST(of_several_servers_the_one_that_takes_writes_is_found)
{
    struct db *db = begin_pair(20000);
    const char *why = "";
    struct db_conn *c = db_connect(pg_on_either(url, standby, primary), &why);
    ck_assert_msg(c, "%s", why);
    ck_assert_int_eq(db_exec(c, INSERT, "i", INT64_C(1)), ERR_OK);
    db_disconnect(c);
    ck_assert_ptr_null(db_connect(pg_on(url, standby), &why));
    ck_assert_msg(strstr(why, "read-only"), "%s", why);
    /* One that accepts and never answers is passed by after its time. */
    char patient[300];
    snprintf(patient, sizeof patient, "%s&connect_timeout=2", pg_on_either(url, standby, primary));
    pg_freeze(standby);
    double began = wait_now();
    c = db_connect(patient, &why);
    ck_assert_msg(c, "%s", why);
    ck_assert(wait_now() - began < 20);
    db_disconnect(c);
    pg_thaw(standby);
    end_pair(db);
}
END_TEST

RUN_TESTS("db_standby", a_commit_may_wait_longer_than_a_statement,
          a_commit_whose_wait_is_cancelled_is_never_acknowledged,
          what_is_shown_of_others_is_as_durable_as_ones_own,
          a_lane_ends_nothing_that_waits_for_the_standby,
          a_standby_that_takes_over_has_every_acknowledged_vote_once,
          a_connection_to_what_became_read_only_is_made_anew,
          a_refusal_to_write_ends_its_connection,
          of_several_servers_the_one_that_takes_writes_is_found)
