/* The runner of jobs on a real database: who claims what, in which order, and what becomes of a
 * claim when its run of the server, its database connection or the job itself fails. */
#include "base/clock.h"
#include "db/db.h"
#include "db/query.h"
#include "harness/pg.h"
#include "harness/wait.h"
#include "integration/jobs_play.h"
#include <poll.h>
#include <stdlib.h>

/* --- who claims --- */

START_TEST(two_runs_of_the_server_never_have_the_same_job)
{
    struct node a, b;
    prepare();
    play_reset(true);
    for (int i = 0; i < 300; i++)
        add_job("drawn", (char)('a' + i % ORGS), i);
    start(&a, drawn_kinds, 4);
    start(&b, drawn_kinds, 4);
    until_no_job();
    for (int i = 0; i < 300; i++)
        ck_assert_int_eq(play.runs[i], 1);
    ck_assert(!play.twice);
    stop(&a);
    stop(&b);
}
END_TEST

#define WAKES 21

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* No tick comes: only the wake can have it run. */
START_TEST(a_wake_has_a_job_run_at_once)
{
    struct node a;
    double took[WAKES];
    prepare();
    play_reset(true);
    start(&a, played_kinds, 0);
    add_job("played", 'a', 0);
    jobs_wake(a.jobs, &played);
    until_run(0); /* the worker has its connection */
    for (int i = 0; i < WAKES; i++) {
        add_job("played", 'a', i + 1);
        double began = wait_now();
        jobs_wake(a.jobs, &played);
        until_run(i + 1);
        took[i] = wait_now() - began;
    }
    qsort(took, WAKES, sizeof *took, compare);
    fprintf(stderr, "a job runs %.1f ms after its wake\n", took[WAKES / 2] * 1000);
    ck_assert_double_lt(took[WAKES / 2], 1);
    jobs_wake(NULL, &played); /* a server that runs no jobs */
    until_no_job();
    stop(&a);
}
END_TEST

START_TEST(only_the_dead_lose_their_claims)
{
    struct node a;
    struct id alive = id_random(), silent = id_random(), stopped = id_random();
    char text[ID_TEXT_SIZE];
    prepare();
    play_reset(true);
    add_node(&alive, "alive", 0);
    add_node(&silent, "silent", 20);
    add_node(&stopped, "stopped", 5);
    sql("UPDATE node SET stopped_at = lease_at WHERE name = 'stopped'");
    const struct id *owners[] = {&alive, &silent, &stopped};
    for (int i = 0; i < 3; i++) {
        add_job("played", 'a', i);
        sql("UPDATE job SET claimed_by = '%s', slot = 0, claimed_at = due_at, attempts = 1"
            " WHERE claimed_by IS NULL",
            id_text(owners[i], text));
    }
    start(&a, played_kinds, 0);
    until_run(2); /* of the run that was stopped */
    until("SELECT count(*) = 2 FROM job");
    sql("UPDATE node SET lease_at = lease_at + interval '31 seconds' WHERE name = 'alive'");
    clock_advance(&now, 31 * US_PER_S);
    jobs_tick(a.jobs);
    until_run(1); /* of the one whose lease has ended */
    until("SELECT count(*) = 1 FROM job");
    ck_assert_int_eq(play.runs[0], 0);
    stop(&a);
}
END_TEST

/* --- whose turn it is --- */

START_TEST(an_organisation_never_has_all_workers)
{
    struct node a;
    prepare();
    play_reset(false);
    for (int i = 0; i < 10; i++)
        add_job("drawn", 'a', i);
    start(&a, drawn_kinds, 2);
    until_run(0);
    until("SELECT count(*) = 1 FROM job WHERE claimed_by IS NOT NULL");
    add_job("drawn", 'b', 10);
    jobs_wake(a.jobs, &drawn);
    until_run(10); /* though nine of the other's wait, and one runs */
    ck_assert_int_eq(play.runs[1], 0);
    play_open();
    until_no_job();
    ck_assert(!play.twice);
    stop(&a);
}
END_TEST

START_TEST(organisations_take_turns)
{
    struct node a;
    prepare();
    play_reset(false);
    for (int i = 0; i < 5; i++)
        add_job("drawn", 'a', i);
    start(&a, drawn_kinds, 1);
    until_run(0);
    add_job("drawn", 'b', 5);
    add_job("drawn", 'b', 6);
    add_job("drawn", 'c', 7);
    play_open();
    until_no_job();
    ck_assert_str_eq(play.order, "abcabaaa");
    stop(&a);
}
END_TEST

/* --- slices, budget --- */

static atomic_int gave_way;
static atomic_llong spent_seen;

/* Steps until it is told to give way, or it was told before. */
static enum job_result run_long(struct job *job)
{
    if (object_number(job) > 0)
        return run(job);
    atomic_store(&spent_seen, job->spent_ms);
    if (gave_way)
        return run(job);
    play.runs[0]++;
    while (!job_gives_way(job))
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL); /* the work of one step */
    job->spent_ms += 1500;
    gave_way++;
    return JOB_LATER;
}

static const struct job_kind sliced = {.name = "sliced",
                                       .pool = DB_RENDER,
                                       .tries = 1,
                                       .budget_ms = 2000,
                                       .run = run_long,
                                       .give_up = give_up};
static const struct job_kind *const sliced_kinds[] = {&sliced, NULL};

START_TEST(a_long_job_gives_way_and_goes_on)
{
    struct node a;
    prepare();
    play_reset(true);
    gave_way = 0;
    add_job("sliced", 'a', 0);
    start(&a, sliced_kinds, 1);
    until("SELECT count(*) = 1 FROM job WHERE claimed_by IS NOT NULL");
    clock_advance(&now, 10 * US_PER_S);
    until("SELECT count(*) = 1 FROM job WHERE claimed_by IS NOT NULL"); /* nobody else waits */
    add_job("sliced", 'a', 1); /* of its own organisation: it need not give way */
    add_job("sliced", 'b', 2);
    jobs_wake(a.jobs, &sliced);
    clock_advance(&now, 10 * US_PER_S);
    until_no_job();
    ck_assert_int_eq(gave_way, 1);
    ck_assert_int_eq(play.order[0], 'b');
    ck_assert_int_eq(spent_seen, 1500); /* what it had spent is kept; the try did not count */
    ck_assert_int_eq(play.given_up, 0);
    stop(&a);
}
END_TEST

START_TEST(a_budget_is_what_is_left_of_it)
{
    struct job job = {.kind = &sliced, .spent_ms = 500};
    ck_assert_int_eq(job_budget_left_ms(&job), 1500);
    job.spent_ms = 2500;
    ck_assert_int_eq(job_budget_left_ms(&job), 0);
    job.kind = &played;
    ck_assert(job_budget_left_ms(&job) == INT64_MAX);
}
END_TEST

/* --- failing --- */

START_TEST(a_failure_is_tried_again_later_and_said_at_last)
{
    struct node a;
    prepare();
    play_reset(true);
    play.result = JOB_FAILED;
    add_job("played", 'a', 0);
    start(&a, played_kinds, 0);
    until("SELECT attempts = 1 AND claimed_by IS NULL"
          " AND due_at = created_at + interval '5 seconds' FROM job");
    jobs_tick(a.jobs); /* too early */
    clock_advance(&now, 5 * US_PER_S);
    jobs_tick(a.jobs);
    until("SELECT attempts = 2 AND claimed_by IS NULL"
          " AND due_at = created_at + interval '20 seconds' FROM job");
    ck_assert_int_eq(play.given_up, 0);
    clock_advance(&now, 15 * US_PER_S);
    jobs_tick(a.jobs);
    until_no_job();
    ck_assert_int_eq(play.runs[0], 3);
    ck_assert_int_eq(play.given_up, 1);
    stop(&a);
}
END_TEST

/* Whatever ends the server each time must not end it for ever. */
START_TEST(a_job_that_never_returned_is_given_up_without_a_try)
{
    struct node a;
    prepare();
    play_reset(true);
    add_job("played", 'a', 0);
    sql("UPDATE job SET attempts = 3");
    start(&a, played_kinds, 0);
    until_no_job();
    ck_assert_int_eq(play.runs[0], 0);
    ck_assert_int_eq(play.given_up, 1);
    stop(&a);
}
END_TEST

static enum job_result run_progress(struct job *job)
{
    ck_assert_int_eq(job_progress(job), ERR_OK);
    return JOB_FAILED;
}

static const struct job_kind progressing = {
    .name = "played", .pool = DB_JOB, .tries = 3, .run = run_progress, .give_up = give_up};
static const struct job_kind *const progressing_kinds[] = {&progressing, NULL};

START_TEST(tries_count_from_the_last_progress)
{
    struct node a;
    prepare();
    play_reset(true);
    add_job("played", 'a', 0);
    sql("UPDATE job SET attempts = 2");
    start(&a, progressing_kinds, 0);
    until("SELECT attempts = 1 AND due_at > created_at FROM job");
    ck_assert_int_eq(play.given_up, 0);
    stop(&a);
}
END_TEST

static atomic_int cut;

/* The first time its connection breaks in the middle. */
static enum job_result run_cut(struct job *job)
{
    if (cut++ == 0 && db_exec(job->db, "SELECT pg_terminate_backend(pg_backend_pid())", ""))
        return JOB_FAILED;
    return run(job);
}

static const struct job_kind fragile = {
    .name = "played", .pool = DB_JOB, .tries = 3, .run = run_cut, .give_up = give_up};
static const struct job_kind *const fragile_kinds[] = {&fragile, NULL};

/* True when no job is left. */
static bool second_passes(void *arg)
{
    struct node *n = arg;
    clock_advance(&now, US_PER_S);
    jobs_tick(n->jobs);
    return query_holds("SELECT count(*) = 0 FROM job");
}

START_TEST(a_claim_whose_end_could_not_be_written_is_put_back)
{
    struct node a;
    prepare();
    play_reset(true);
    cut = 0;
    add_job("played", 'a', 0);
    start(&a, fragile_kinds, 0);
    ck_assert(wait_for(second_passes, &a, 20));
    ck_assert_int_eq(cut, 2);
    ck_assert_int_eq(play.runs[0], 1);
    stop(&a);
}
END_TEST

/* --- stopping --- */

static enum job_result run_until_stopped(struct job *job)
{
    struct pollfd stop = {.fd = job->stop_fd, .events = POLLIN};
    pthread_mutex_lock(&play.lock);
    play.runs[object_number(job)]++;
    pthread_mutex_unlock(&play.lock);
    ck_assert_int_eq(poll(&stop, 1, 20000), 1);
    ck_assert(job_gives_way(job));
    return JOB_LATER;
}

static const struct job_kind stoppable = {
    .name = "played", .pool = DB_JOB, .tries = 1, .run = run_until_stopped, .give_up = give_up};
static const struct job_kind *const stoppable_kinds[] = {&stoppable, NULL};

START_TEST(stopping_puts_back_what_runs)
{
    struct node a, b;
    prepare();
    play_reset(true);
    add_job("played", 'a', 0);
    add_job("played", 'a', 1);
    start(&a, stoppable_kinds, 0);
    until_run(0);
    stop(&a);
    ck_assert_str_eq(sql("SELECT count(*) FROM job WHERE claimed_by IS NULL AND attempts = 0"),
                     "2");
    ck_assert_int_eq(play.runs[1], 0);
    play_reset(true);
    start(&b, played_kinds, 0);
    until_no_job();
    ck_assert_int_eq(play.given_up, 0);
    stop(&b);
}
END_TEST

/* A node that runs a job, the job, and a connection to want it by. */
static struct db_conn *while_one_runs(struct node *node, struct id *organisation, struct id *object)
{
    prepare();
    play_reset(false);
    add_job("played", 'a', 0);
    ck_assert(id_parse(org_text('a'), organisation));
    ck_assert(id_parse("00000000-0000-4000-8000-000000000000", object));
    start(node, played_kinds, 0);
    until_run(0);
    return db_connect(url, NULL);
}

/* What it was wanted again for may have come after it read what there is to do. */
START_TEST(a_job_that_is_wanted_while_it_runs_runs_again)
{
    struct node a;
    struct id organisation, object;
    struct db_conn *conn = while_one_runs(&a, &organisation, &object);
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(job_add(conn, &played, &organisation, &object, clock_now_us(&now)),
                         ERR_OK);
    db_disconnect(conn);
    ck_assert_str_eq(sql("SELECT count(*) FROM job WHERE claimed_by IS NOT NULL"), "1");
    play_open();
    until_no_job();
    ck_assert_int_eq(play.runs[0], 2);
    ck_assert(!play.twice);
    stop(&a);
}
END_TEST

/* Later is later: neither at once nor never. */
START_TEST(a_job_that_is_wanted_for_later_while_it_runs_runs_again_then)
{
    struct node a;
    struct id organisation, object;
    struct db_conn *conn = while_one_runs(&a, &organisation, &object);
    int64_t at = clock_now_us(&now);
    ck_assert_int_eq(job_add_due(conn, &played, &organisation, &object, at, at + 3600 * US_PER_S),
                     ERR_OK);
    db_disconnect(conn);
    play_open();
    until("SELECT count(*) = 1 FROM job WHERE claimed_by IS NULL");
    ck_assert_int_eq(play.runs[0], 1);
    clock_advance(&now, 3600 * US_PER_S);
    jobs_tick(a.jobs);
    until_no_job();
    ck_assert_int_eq(play.runs[0], 2);
    stop(&a);
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests(
        "jobs",
        (const TTest *const[]){
            two_runs_of_the_server_never_have_the_same_job, a_wake_has_a_job_run_at_once,
            only_the_dead_lose_their_claims, an_organisation_never_has_all_workers,
            organisations_take_turns, a_long_job_gives_way_and_goes_on,
            a_budget_is_what_is_left_of_it, a_failure_is_tried_again_later_and_said_at_last,
            a_job_that_never_returned_is_given_up_without_a_try, tries_count_from_the_last_progress,
            a_claim_whose_end_could_not_be_written_is_put_back, stopping_puts_back_what_runs,
            a_job_that_is_wanted_while_it_runs_runs_again,
            a_job_that_is_wanted_for_later_while_it_runs_runs_again_then, NULL});
}
