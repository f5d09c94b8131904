#include "db/conn.h"
#include "db/query.h"
#include "harness/pg.h"
#include "harness/reader.h"
#include <check.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct mailbox mailbox;
static int done_count;

struct work {
    struct db_job job;
    enum err result;
    int64_t value;
    _Atomic bool ran;
    bool done;
};

static void on_done(struct message *message)
{
    struct work *w = container_of(container_of(message, struct db_job, done), struct work, job);
    w->done = true;
    done_count++;
}

static void run_one(struct db_job *job, struct db_conn *c)
{
    struct work *w = container_of(job, struct work, job);
    w->ran = true;
    struct db_result *r = db_query(c, "SELECT $1 + 1", "i", w->value);
    job->err = db_err(r);
    w->value = db_int(r, 0, 0);
    db_result_free(r);
}

static void run_killer(struct db_job *job, struct db_conn *c)
{
    container_of(job, struct work, job)->ran = true;
    job->err = db_exec(c, "SELECT pg_terminate_backend(pg_backend_pid())", "");
    job->err = ERR_OK; /* a handler that overlooks it */
}

static void run_forgetful(struct db_job *job, struct db_conn *c)
{
    job->err = db_begin(c);
}

static void run_forgetful_brief(struct db_job *job, struct db_conn *c)
{
    job->err = db_begin_brief(c);
}

static void run_look_up(struct db_job *job, struct db_conn *c)
{
    job->err = db_exec(c, "SELECT 1 FROM grows WHERE n = $1", "i", INT64_C(1));
}

/* value: whether that statement, the connection's first, would read the whole table now. */
static void run_explain(struct db_job *job, struct db_conn *c)
{
    PGresult *plan = conn_exec(c, "EXPLAIN EXECUTE s0 (1)");
    struct work *w = container_of(job, struct work, job);
    job->err = conn_classify(c, plan, "EXPLAIN");
    w->value = job->err == ERR_OK && strstr(PQgetvalue(plan, 0, 0), "Seq Scan") != NULL;
    PQclear(plan);
}

static void run_sleeper(struct db_job *job, struct db_conn *c)
{
    container_of(job, struct work, job)->ran = true;
    job->err = db_exec(c, "SELECT pg_sleep(60)", "");
}

static struct work *work_new(void (*run)(struct db_job *, struct db_conn *), int64_t value)
{
    struct work *w = calloc(1, sizeof *w);
    w->job.run = run;
    w->job.reply_to = &mailbox;
    w->job.done.deliver = on_done;
    w->value = value;
    return w;
}

static bool is_done(void *arg)
{
    return ((struct work *)arg)->done;
}

static bool has_begun(void *arg)
{
    return ((struct work *)arg)->ran;
}

static bool reachable(void *db)
{
    return db_reachable(db);
}

static bool unreachable(void *db)
{
    return !db_reachable(db);
}

static struct db *new_db(const char *url, int busy_after_ms, int timeout_ms)
{
    struct db_config config = {.url = url,
                               .hot = 2,
                               .short_ = 2,
                               .long_ = 1,
                               .busy_after_ms = busy_after_ms,
                               .statement_timeout_ms = timeout_ms};
    mailbox_init(&mailbox, 10, NULL, NULL);
    done_count = 0;
    return db_new(&config);
}

static enum err run_to_end(struct db *db, enum db_pool pool, struct work *w)
{
    ck_assert_int_eq(db_submit(db, pool, &w->job), ERR_OK);
    ck_assert(read_until(&mailbox, is_done, w, 20));
    return w->job.err;
}

START_TEST(jobs_run_in_every_pool_and_answer_once)
{
    struct db *db = new_db(pg_test_empty_database(), 5000, 5000);
    struct work *all[300];
    for (int i = 0; i < 300; i++) {
        all[i] = work_new(run_one, i);
        ck_assert_int_eq(db_submit(db, i % 10 ? (enum db_pool)(i % 2) : DB_LONG, &all[i]->job),
                         ERR_OK);
    }
    for (int i = 0; i < 300; i++) {
        ck_assert(read_until(&mailbox, is_done, all[i], 20));
        ck_assert_int_eq(all[i]->job.err, ERR_OK);
        ck_assert_int_eq(all[i]->value, i + 1);
        free(all[i]);
    }
    ck_assert_int_eq(done_count, 300);
    ck_assert(db_reachable(db));
    db_free(db);
    mailbox_release(&mailbox);
}
END_TEST

START_TEST(a_lost_connection_is_never_acknowledged_and_the_next_job_works)
{
    struct db *db = new_db(pg_test_empty_database(), 10000, 5000);
    struct work *killer = work_new(run_killer, 0), *forgetful = work_new(run_forgetful, 0);
    struct work *brief = work_new(run_forgetful_brief, 0);
    ck_assert_int_eq(run_to_end(db, DB_SHORT, killer), ERR_BUSY);
    ck_assert_int_eq(run_to_end(db, DB_SHORT, forgetful), ERR_INTERNAL);
    ck_assert_int_eq(run_to_end(db, DB_SHORT, brief), ERR_INTERNAL);
    free(brief);
    for (int i = 0; i < 4; i++) {
        struct work *next = work_new(run_one, 1);
        ck_assert_int_eq(run_to_end(db, DB_SHORT, next), ERR_OK);
        free(next);
    }
    free(killer);
    free(forgetful);
    db_free(db);
    mailbox_release(&mailbox);
}
END_TEST

START_TEST(a_statement_beyond_its_time_is_busy)
{
    struct db *db = new_db(pg_test_empty_database(), 5000, 200);
    struct work *sleeper = work_new(run_sleeper, 0);
    ck_assert_int_eq(run_to_end(db, DB_SHORT, sleeper), ERR_BUSY);
    ck_assert(sleeper->ran);
    free(sleeper);
    db_free(db);
    mailbox_release(&mailbox);
}
END_TEST

START_TEST(a_job_that_waits_behind_slow_ones_is_busy_without_running)
{
    struct db *db = new_db(pg_test_empty_database(), 1000, 4000);
    struct work *slow[2] = {work_new(run_sleeper, 0), work_new(run_sleeper, 0)};
    ck_assert(wait_for(reachable, db, 10));
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(db_submit(db, DB_SHORT, &slow[i]->job), ERR_OK);
    for (int i = 0; i < 2; i++)
        ck_assert(wait_for(has_begun, slow[i], 10));
    struct work *late = work_new(run_one, 0);
    double start = wait_now();
    ck_assert_int_eq(run_to_end(db, DB_SHORT, late), ERR_BUSY);
    ck_assert(!late->ran);
    ck_assert(wait_now() - start > 0.99 && wait_now() - start < 20);
    for (int i = 0; i < 2; i++) {
        ck_assert(read_until(&mailbox, is_done, slow[i], 20));
        free(slow[i]);
    }
    free(late);
    db_free(db);
    mailbox_release(&mailbox);
}
END_TEST

START_TEST(a_full_queue_refuses_and_closing_answers_what_waits)
{
    struct db *db = new_db("postgresql:///x?host=/nonexistent", 60000, 1000);
    struct work *all[33];
    for (int i = 0; i < 33; i++) {
        all[i] = work_new(run_one, i);
        ck_assert_int_eq(db_submit(db, DB_LONG, &all[i]->job), i < 32 ? ERR_OK : ERR_BUSY);
    }
    ck_assert(!db_reachable(db));
    db_free(db);
    mailbox_drain(&mailbox);
    for (int i = 0; i < 33; i++) {
        ck_assert_int_eq(all[i]->done, i < 32);
        ck_assert(!all[i]->ran);
        ck_assert_int_eq(all[i]->job.err, i < 32 ? ERR_BUSY : ERR_OK);
        free(all[i]);
    }
    mailbox_release(&mailbox);
}
END_TEST

START_TEST(a_job_is_busy_in_time_also_when_a_patient_one_waits)
{
    struct db *db = new_db("postgresql:///x?host=/nonexistent", 400, 1000);
    struct work *patient = work_new(run_one, 0), *w = work_new(run_one, 0);
    ck_assert_int_eq(db_submit(db, DB_LONG, &patient->job), ERR_OK);
    struct work *first = work_new(run_one, 0); /* answered by the one that then waits for patient */
    ck_assert_int_eq(run_to_end(db, DB_SHORT, first), ERR_BUSY);
    double began = wait_now();
    ck_assert_int_eq(run_to_end(db, DB_HOT, w), ERR_BUSY);
    ck_assert(wait_now() - began < 20);
    ck_assert(!patient->done);
    db_free(db);
    mailbox_drain(&mailbox);
    mailbox_release(&mailbox);
    free(first);
    free(patient);
    free(w);
}
END_TEST

START_TEST(an_outage_makes_jobs_busy_and_its_end_makes_them_work)
{
    struct pg *pg = pg_start(false);
    struct db *db = new_db(pg_database(pg, false), 400, 1000);
    struct work *w = work_new(run_one, 0);
    ck_assert_int_eq(run_to_end(db, DB_SHORT, w), ERR_OK);
    free(w);
    pg_halt(pg);
    w = work_new(run_one, 0);
    ck_assert_int_eq(run_to_end(db, DB_SHORT, w), ERR_BUSY);
    ck_assert(!w->ran);
    free(w);
    ck_assert(wait_for(unreachable, db, 10));
    pg_resume(pg);
    ck_assert(wait_for(reachable, db, 15));
    double deadline = wait_now() + 15;
    enum err err;
    do { /* the pool's own connection may come back later than the first */
        w = work_new(run_one, 0);
        err = run_to_end(db, DB_SHORT, w);
        free(w);
    } while (err == ERR_BUSY && wait_now() < deadline);
    ck_assert_int_eq(err, ERR_OK);
    db_free(db);
    mailbox_release(&mailbox);
    pg_stop(pg);
}
END_TEST

START_TEST(a_restart_between_two_jobs_is_not_noticed)
{
    struct pg *pg = pg_start(false);
    struct db *db = new_db(pg_database(pg, false), 10000, 5000);
    ck_assert(wait_for(reachable, db, 10));
    for (int i = 0; i < 2; i++) {
        pg_halt(pg);
        pg_resume(pg);
        struct work *w = work_new(run_one, 0);
        ck_assert_int_eq(run_to_end(db, DB_SHORT, w), ERR_OK);
        free(w);
    }
    db_free(db);
    mailbox_release(&mailbox);
    pg_stop(pg);
}
END_TEST

START_TEST(a_database_that_hangs_is_given_up)
{
    struct pg *pg = pg_start(false);
    struct db *db = new_db(pg_database(pg, false), 500, 200);
    struct work *w = work_new(run_one, 0);
    ck_assert_int_eq(run_to_end(db, DB_SHORT, w), ERR_OK); /* a worker is connected */
    free(w);
    pg_freeze(pg);
    w = work_new(run_one, 0);
    ck_assert_int_eq(run_to_end(db, DB_SHORT, w), ERR_BUSY);
    ck_assert(w->ran);
    free(w);
    pg_thaw(pg);
    ck_assert(wait_for(reachable, db, 20));
    db_free(db);
    mailbox_release(&mailbox);
    pg_stop(pg);
}
END_TEST

static void run_gated(struct db_job *job, struct db_conn *c)
{
    container_of(job, struct work, job)->ran = true;
    job->err = db_exec(c, "SELECT pg_advisory_xact_lock(7)", "");
}

/* Two workers: one owner's long jobs keep one of them, the other's goes on meanwhile. */
START_TEST(one_owner_does_not_have_all_workers_of_a_shared_pool)
{
    const char *url = pg_test_empty_database(), *why = "";
    struct db_config config = {
        .url = url, .long_ = 2, .busy_after_ms = 20000, .statement_timeout_ms = 20000};
    mailbox_init(&mailbox, 10, NULL, NULL);
    struct db *db = db_new(&config);
    struct db_conn *gate = db_connect(url, &why);
    ck_assert_int_eq(db_begin(gate), ERR_OK);
    ck_assert_int_eq(db_exec(gate, "SELECT pg_advisory_xact_lock(7)", ""), ERR_OK);
    struct work *long_ones[3], *other = work_new(run_one, 1);
    for (int i = 0; i < 3; i++) {
        long_ones[i] = work_new(run_gated, 0);
        long_ones[i]->job.owner.bytes[0] = 'a';
        ck_assert_int_eq(db_submit(db, DB_LONG, &long_ones[i]->job), ERR_OK);
    }
    ck_assert(read_until(&mailbox, has_begun, long_ones[0], 20));
    other->job.owner.bytes[0] = 'b';
    ck_assert_int_eq(run_to_end(db, DB_LONG, other), ERR_OK);
    ck_assert(!long_ones[0]->done && !long_ones[1]->ran && !long_ones[2]->ran);
    ck_assert_int_eq(db_commit(gate), ERR_OK);
    for (int i = 0; i < 3; i++) {
        ck_assert(read_until(&mailbox, is_done, long_ones[i], 20));
        ck_assert_int_eq(long_ones[i]->job.err, ERR_OK);
        free(long_ones[i]);
    }
    free(other);
    db_disconnect(gate);
    db_free(db);
    mailbox_release(&mailbox);
}
END_TEST

static atomic_int delivered;

static void on_delivered(struct message *message)
{
    (void)message;
    delivered++;
}

static bool was_delivered(void *arg)
{
    (void)arg;
    return delivered > 0;
}

START_TEST(without_a_mailbox_the_answer_comes_on_the_workers_thread)
{
    struct db *db = new_db(pg_test_empty_database(), 5000, 5000);
    struct work *w = work_new(run_one, 1);
    delivered = 0;
    w->job.reply_to = NULL;
    w->job.done.deliver = on_delivered;
    ck_assert_int_eq(db_submit(db, DB_SHORT, &w->job), ERR_OK);
    ck_assert(wait_for(was_delivered, NULL, 20));
    ck_assert_int_eq(w->job.err, ERR_OK);
    db_free(db);
    mailbox_release(&mailbox);
    free(w);
}
END_TEST

static int64_t run_value(struct db *db, void (*run)(struct db_job *, struct db_conn *))
{
    struct work *w = work_new(run, 0);
    ck_assert_int_eq(run_to_end(db, DB_LONG, w), ERR_OK);
    int64_t value = w->value;
    free(w);
    return value;
}

/* Nobody analyses the table meanwhile. */
START_TEST(a_plan_for_a_short_table_is_not_kept_when_it_is_long)
{
    const char *url = pg_test_empty_database();
    pg_sql(url, "CREATE TABLE grows (n bigint PRIMARY KEY) WITH (autovacuum_enabled = off);"
                "INSERT INTO grows SELECT generate_series(1, 20); ANALYZE grows");
    struct db *db = new_db(url, 20000, 20000);
    for (int i = 0; i < 10; i++)
        run_value(db, run_look_up);
    ck_assert_int_eq(run_value(db, run_explain), true);
    pg_sql(url, "INSERT INTO grows SELECT generate_series(21, 20000)");
    for (int i = 0; i < 300; i++)
        run_value(db, run_look_up);
    ck_assert_int_eq(run_value(db, run_explain), false);
    db_free(db);
    mailbox_release(&mailbox);
}
END_TEST

int main(void)
{
    pg_setup();
    Suite *suite = suite_create("db_pool");
    TCase *tcase = tcase_create("pool");
    tcase_set_timeout(tcase, 90);
    tcase_add_test(tcase, jobs_run_in_every_pool_and_answer_once);
    tcase_add_test(tcase, a_lost_connection_is_never_acknowledged_and_the_next_job_works);
    tcase_add_test(tcase, a_statement_beyond_its_time_is_busy);
    tcase_add_test(tcase, a_job_that_waits_behind_slow_ones_is_busy_without_running);
    tcase_add_test(tcase, a_full_queue_refuses_and_closing_answers_what_waits);
    tcase_add_test(tcase, a_job_is_busy_in_time_also_when_a_patient_one_waits);
    tcase_add_test(tcase, an_outage_makes_jobs_busy_and_its_end_makes_them_work);
    tcase_add_test(tcase, a_restart_between_two_jobs_is_not_noticed);
    tcase_add_test(tcase, a_database_that_hangs_is_given_up);
    tcase_add_test(tcase, one_owner_does_not_have_all_workers_of_a_shared_pool);
    tcase_add_test(tcase, without_a_mailbox_the_answer_comes_on_the_workers_thread);
    tcase_add_test(tcase, a_plan_for_a_short_table_is_not_kept_when_it_is_long);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
