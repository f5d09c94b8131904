/* Spans, leases and counts: what the server saw, to the microsecond, also when the database is
 * away. */
#include "db/db.h"
#include "features/presence/presence.h"
#include "harness/audience.h"
#include "harness/pg.h"
#include "harness/reader.h"
#include "harness/scene.h"
#include "room/message.h"
#include "unit/run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HCP  ROLE_HCP
#define HOST ROLE_HOST

/* kind, person's last digit or "s", from, to: seconds after LIVE_START, "-" while open. */
#define SPANS                                                                                      \
    "SELECT coalesce(string_agg(line, ' ' ORDER BY line), '') FROM (SELECT left(kind, 1)"          \
    " || coalesce(right(registration_id::text, 1), 's') || ':'"                                    \
    " || (extract(epoch FROM joined_at) - 1800000000)::float8 || '-'"                              \
    " || coalesce((extract(epoch FROM left_at) - 1800000000)::float8::text, '') AS line"           \
    " FROM span) lines"

/* A second session of the same congress, whose home is another loop where there are several. */
static void add_session(struct scene *scene)
{
    char id[ID_TEXT_SIZE], sql[400];
    struct live *live = scene->live;
    while (live->loops > 1 && dispatch_home(live->peers, live->loops, &live->session) ==
                                  dispatch_home(live->peers, live->loops, &live->other_session))
        live->other_session = id_random();
    snprintf(sql, sizeof sql,
             "CREATE TEMP TABLE t AS SELECT * FROM session WHERE id = '" AUDIENCE_SESSION "';"
             "UPDATE t SET id = '%s', title = 'Other'; INSERT INTO session SELECT * FROM t",
             id_text(&live->other_session, id));
    scene_sql(scene, sql);
}

static void move(struct scene *scene, uint64_t conn, const struct id *session)
{
    int64_t r = live_ask_join(scene->live, conn, session, NULL, 0);
    ck_assert(json_object_get(live_wait_answer(scene->live, conn, r), "ok"));
}

static void say_visible(struct scene *scene, uint64_t conn, const char *visible)
{
    char data[40];
    snprintf(data, sizeof data, "{\"visible\":%s}", visible);
    int64_t r = live_command(scene->live, conn, "presence.visible", data);
    ck_assert(json_object_get(live_wait_answer(scene->live, conn, r), "ok"));
}

START_TEST(a_span_goes_from_the_join_to_the_last_byte_received)
{
    struct scene *scene = scene_open(NULL, 2);
    uint64_t a = live_member(scene->live, 0, HCP, 1), tab = live_member(scene->live, 1, HCP, 1);
    uint64_t host = live_member(scene->live, 1, HOST, 9);
    ck_assert(scene_until_sql(scene, SPANS, "c1:0- c1:0- cs:0-"));
    clock_advance(scene->live->clock, 30 * US_PER_S);
    live_close(scene->live, a, LIVE_START + 10 * US_PER_S + 500000);
    live_close(scene->live, tab,
               LIVE_START - 5 * US_PER_S); /* nothing since: never before its join */
    ck_assert(scene_until_sql(scene, SPANS, "c1:0-0 c1:0-10.5 cs:0-"));
    live_close(scene->live, host, LIVE_START + 20 * US_PER_S);
    ck_assert(scene_until_sql(scene, SPANS, "c1:0-0 c1:0-10.5 cs:0-20"));
    ck_assert_str_eq(scene_sql(scene, "SELECT count(DISTINCT node_id) FROM span"), "1");
    scene_close(scene);
}
END_TEST

START_TEST(attentive_spans_follow_the_tab_by_the_servers_clock)
{
    struct scene *scene = scene_open(NULL, 1);
    uint64_t a = live_member(scene->live, 0, HCP, 1);
    say_visible(scene, a, "true");
    say_visible(scene, a, "true");
    clock_advance(scene->live->clock, 5 * US_PER_S);
    say_visible(scene, a, "false");
    say_visible(scene, a, "false");
    clock_advance(scene->live->clock, 5 * US_PER_S);
    say_visible(scene, a, "true");
    live_close(scene->live, a, LIVE_START + 12 * US_PER_S);
    ck_assert(scene_until_sql(scene, SPANS, "a1:0-5 a1:10-12 c1:0-12"));
    ck_assert_str_eq(scene_sql(scene, "SELECT count(DISTINCT connection) FROM span"), "1");
    scene_close(scene);
}
END_TEST

START_TEST(a_tab_that_flickers_within_one_turn_gets_every_answer)
{
    struct scene *scene = scene_open(NULL, 1);
    uint64_t a = live_member(scene->live, 0, HCP, 1);
    int64_t last = 0;
    for (int i = 0; i < 6; i++)
        last = live_command(scene->live, a, "presence.visible",
                            i % 2 ? "{\"visible\":false}" : "{\"visible\":true}");
    live_wait_answer(scene->live, a, last);
    for (int64_t r = last - 5; r <= last; r++)
        ck_assert(json_object_get(live_wait_answer(scene->live, a, r), "ok"));
    ck_assert(scene_until_sql(scene, SPANS, "a1:0-0 a1:0-0 a1:0-0 c1:0-"));
    scene_close(scene);
}
END_TEST

/* xmin: the transaction that wrote a row last. */
#define LEFT_AND_ENTERED                                                                           \
    "SELECT count(DISTINCT l.xmin::text || e.xmin::text) || ' ' || bool_and(l.xmin = e.xmin)"      \
    " || ' ' || bool_and(l.left_at = e.joined_at) || ' ' || bool_and(l.on_purpose)"                \
    "  FROM span l, span e WHERE l.session_id = '" AUDIENCE_SESSION "' AND l.kind = 'connected'"   \
    "   AND e.session_id <> l.session_id AND e.kind = 'connected'"                                 \
    "   AND l.registration_id = e.registration_id"

START_TEST(a_move_ends_and_begins_spans_at_one_instant_in_one_transaction)
{
    for (int loop = 0; loop < 3; loop++) {
        struct scene *scene = scene_open(NULL, 3);
        add_session(scene);
        uint64_t a = live_member(scene->live, loop, HCP, 1);
        say_visible(scene, a, "true");
        clock_advance(scene->live->clock, 5 * US_PER_S);
        move(scene, a, &scene->live->other_session);
        ck_assert(scene_until_sql(scene, LEFT_AND_ENTERED, "1 true true true"));
        clock_advance(scene->live->clock, 5 * US_PER_S);
        live_close(scene->live, a, clock_now_us(scene->live->clock));
        ck_assert(scene_until_sql(scene, SPANS, "a1:0-5 a1:5-10 c1:0-5 c1:5-10"));
        scene_close(scene);
    }
}
END_TEST

/* The loop that is no session's home. */
static int free_loop(struct live *live)
{
    int loop = 0;
    while (live->peers[loop] == dispatch_home(live->peers, live->loops, &live->session) ||
           live->peers[loop] == dispatch_home(live->peers, live->loops, &live->other_session))
        loop++;
    return loop;
}

struct mover {
    struct live *live;
    uint64_t conn;
    char place[PLACE_SIZE]; /* where it was */
};

/* One turn of each loop, the connection's last. */
static bool has_moved(void *arg)
{
    struct mover *m = arg;
    int last = (int)(m->conn >> 32);
    for (int i = 1; i <= m->live->loops; i++) {
        struct live_loop *loop = &m->live->loop[(last + i) % m->live->loops];
        mailbox_drain(&loop->mailbox);
        dispatch_turn(loop->d);
    }
    return strcmp(live_conn(m->live, m->conn)->place, m->place) != 0;
}

START_TEST(whoever_is_gone_again_before_they_arrived_has_left_all_the_same)
{
    struct scene *scene = scene_open(NULL, 3);
    add_session(scene);
    uint64_t a = live_member(scene->live, free_loop(scene->live), HCP, 1);
    ck_assert(scene_until_sql(scene, SPANS, "c1:0-"));
    clock_advance(scene->live->clock, 5 * US_PER_S);
    struct mover mover = {.live = scene->live, .conn = a};
    memcpy(mover.place, live_conn(scene->live, a)->place, PLACE_SIZE);
    live_ask_join(scene->live, a, &scene->live->other_session, NULL, 0);
    ck_assert(wait_for(has_moved, &mover, 10));
    live_close(scene->live, a, clock_now_us(scene->live->clock)); /* its arrival is on the way */
    ck_assert(scene_until_sql(scene, SPANS, "c1:0-5"));
    scene_close(scene);
}
END_TEST

static void drain(struct dispatch *d)
{
    mailbox_drain(d->mailbox);
    dispatch_drain(d);
    for (int i = 0; i < 2; i++) { /* the first tick's states have to leave */
        dispatch_turn(d);
        dispatch_tick(d);
    }
}

/* As at a drain: the home where it is now has let everything go when the arrival comes. */
START_TEST(an_arrival_that_finds_no_room_ends_what_was_left_all_the_same)
{
    struct scene *scene = scene_open(NULL, 3);
    struct live *live = scene->live;
    add_session(scene);
    uint64_t a = live_member(live, free_loop(live), HCP, 1);
    say_visible(scene, a, "true");
    clock_advance(live->clock, 5 * US_PER_S);
    struct mover mover = {.live = live, .conn = a};
    memcpy(mover.place, live_conn(live, a)->place, PLACE_SIZE);
    live_ask_join(live, a, &live->other_session, NULL, 0);
    ck_assert(wait_for(has_moved, &mover, 10));
    struct dispatch *there = dispatch_home(live->peers, 3, &live->other_session);
    struct dispatch *here = dispatch_home(live->peers, 3, &live->session);
    live_close(live, a, clock_now_us(live->clock));
    drain(there);
    ck_assert(dispatch_drained(there));
    drain(here);
    ck_assert(!dispatch_drained(here)); /* it does not know yet whether the arrival was taken */
    ck_assert(scene_until_sql(scene, SPANS, "a1:0-5 c1:0-5"));
    scene_close(scene);
}
END_TEST

START_TEST(a_leave_on_purpose_is_not_bridged)
{
    struct scene *scene = scene_open(NULL, 1);
    uint64_t host = live_member(scene->live, 0, HOST, 9), a = live_member(scene->live, 0, HCP, 1);
    uint64_t b = live_member(scene->live, 0, HCP, 2);
    int64_t r = live_command(scene->live, host, "session.start", "{\"version\":0}");
    ck_assert(json_object_get(live_wait_answer(scene->live, host, r), "ok"));
    clock_advance(scene->live->clock, 100 * US_PER_S);
    r = live_command(scene->live, a, "session.leave", "{}");
    live_wait_answer(scene->live, a, r);
    live_close(scene->live, b, clock_now_us(scene->live->clock));
    clock_advance(scene->live->clock, 20 * US_PER_S);
    move(scene, a, &scene->live->session);
    b = live_member(scene->live, 0, HCP, 2);
    clock_advance(scene->live->clock, 100 * US_PER_S);
    live_close(scene->live, a, clock_now_us(scene->live->clock));
    live_close(scene->live, b, clock_now_us(scene->live->clock));
    r = live_command(scene->live, host, "session.end", "{\"version\":1}");
    ck_assert(json_object_get(live_wait_answer(scene->live, host, r), "ok"));
    ck_assert(scene_until_sql(scene,
                              "SELECT count(*) FROM span WHERE kind = 'connected'"
                              " AND registration_id IS NOT NULL AND left_at IS NOT NULL",
                              "4"));
    ck_assert_str_eq(scene_sql(scene, "SELECT string_agg(seconds_present::int::text, ' '"
                                      " ORDER BY registration_id) FROM attendance"
                                      " WHERE seconds_present > 0"),
                     "200 220");
    scene_close(scene);
}
END_TEST

static bool is_counted(struct live *live, void *arg)
{
    uint64_t *conn = arg;
    return live_count(live, *conn, "state", "presence.count") > 0;
}

START_TEST(people_are_counted_once_each_and_told_once_a_second_at_most)
{
    struct scene *scene = scene_open(NULL, 1);
    struct live *live = scene->live;
    uint64_t host = live_member(live, 0, HOST, 9);
    clock_advance(live->clock, 2 * US_PER_S);
    live_member(live, 0, HCP, 1);
    live_member(live, 0, HCP, 1);
    uint64_t b = live_open(live, 0, HCP, 2);
    live_wait_answer(live, b, live_ask_join(live, b, &live->session, NULL, 0));
    live_forget(live, host);
    clock_advance(live->clock, US_PER_S);
    ck_assert(live_until(live, is_counted, &host));
    json_t *state = live_nth(live, host, "state", "presence.count", 0);
    json_t *shape = json_load_file("tests/golden/presence/presence.count.json", 0, NULL);
    ck_assert(json_equal(json_object_get(shape, "data"), json_object_get(state, "data")));
    json_decref(shape);
    live_forget(live, host);
    live_close(live, b, LIVE_START);
    live_run(live);
    dispatch_tick(live->loop[0].d);
    live_run(live);
    ck_assert_uint_eq(live_count(live, host, "state", "presence.count"), 0);
    clock_advance(live->clock, US_PER_S);
    ck_assert(live_until(live, is_counted, &host));
    scene_close(scene);
}
END_TEST

START_TEST(a_crowd_is_told_its_size_less_often_and_staff_each_second)
{
    struct crowd crowd;
    crowd_init(&crowd);
    for (int n = 0; n < 3000; n++)
        crowd_enter(&crowd, &(struct id){.bytes = {(uint8_t)(n >> 8), (uint8_t)n, 1}});
    int64_t now = LIVE_START;
    for (int told = 0; told < TOLD; told++)
        json_decref(crowd_tell(&crowd, (enum crowd_told)told, now));
    crowd_leave(&crowd, &(struct id){.bytes = {0, 0, 1}}); /* 2999 are left */
    ck_assert_ptr_null(crowd_tell(&crowd, TOLD_STAFF, now + US_PER_S - 1));
    json_t *count = crowd_tell(&crowd, TOLD_STAFF, now + US_PER_S);
    ck_assert_int_eq(json_integer_value(json_object_get(count, "people")), 2999);
    json_decref(count);
    ck_assert_ptr_null(crowd_tell(&crowd, TOLD_HCPS, now + 2999 * US_PER_MS - 1));
    count = crowd_tell(&crowd, TOLD_HCPS, now + 2999 * US_PER_MS);
    ck_assert_ptr_nonnull(count);
    json_decref(count);
    crowd_release(&crowd);
}
END_TEST

START_TEST(spans_of_members_at_drain_are_closed)
{
    struct scene *scene = scene_open(NULL, 2);
    char *url = strdup(scene->url);
    uint64_t a = live_member(scene->live, 0, HCP, 1);
    live_member(scene->live, 1, HCP, 2);
    say_visible(scene, a, "true");
    clock_advance(scene->live->clock, 7 * US_PER_S);
    scene_close(scene);
    ck_assert_str_eq(pg_sql(url, SPANS), "a1:0-7 c1:0-7 c2:0-7");
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM node WHERE stopped_at IS NULL"), "0");
    free(url);
}
END_TEST

/* Time passes in steps shorter than the lease is long. */
static bool others_ended(struct live *live, void *arg)
{
    clock_advance(live->clock, 100 * US_PER_MS);
    return strcmp(scene_sql(arg, "SELECT count(*) FROM node WHERE stopped_at IS NULL"), "1") == 0;
}

START_TEST(a_new_run_ends_what_a_crash_left_open_at_the_last_lease_and_never_goes_back)
{
    const char *url = pg_test_database();
    struct scene *scene = scene_open(url, 1);
    char *kept = strdup(scene->url);
    scene_sql(
        scene,
        "INSERT INTO node (id, name, started_at, lease_at, renewed_at) VALUES"
        " ('11111111-0000-4000-8000-000000000001', 'main', '2027-01-15 09:00:00+00',"
        "  '2027-01-15 10:00:00+00', now()),"
        " ('11111111-0000-4000-8000-000000000002', 'other', '2027-01-15 07:00:00+00',"
        "  '2027-01-15 07:00:00+00', now() - interval '11 seconds');"
        "INSERT INTO span (id, organisation_id, session_id, registration_id, kind,"
        "  connection, node_id, joined_at)"
        " SELECT id, '" AUDIENCE_ORG "', '" AUDIENCE_SESSION "', "
        "        '00000000-0000-4000-8000-000000000001', 'connected', id, node_id, joined_at"
        "  FROM (VALUES ('22222222-0000-4000-8000-000000000001'::uuid,"
        "    '11111111-0000-4000-8000-000000000001'::uuid, '2027-01-15 09:30+00'::timestamptz),"
        "   ('22222222-0000-4000-8000-000000000002', '11111111-0000-4000-8000-000000000001',"
        "    '2027-01-15 10:00:01+00'),"
        "   ('22222222-0000-4000-8000-000000000003', '11111111-0000-4000-8000-000000000002',"
        "    '2027-01-15 07:00+00')) v (id, node_id, joined_at)");
    scene_close(scene);
    scene = scene_open(kept, 1);
    /* At once what had this name; another one's when the database has taken writes for a while. */
    ck_assert_str_eq(scene_sql(scene, "SELECT count(*) FROM span WHERE left_at IS NULL"), "1");
    clock_advance(scene->live->clock, 2 * US_PER_S);
    ck_assert(live_until(scene->live, others_ended, scene));
    ck_assert_str_eq(scene_sql(scene,
                               "SELECT string_agg(coalesce((left_at AT TIME ZONE 'UTC')::time"
                               "::text, 'open'), ' ' ORDER BY id) FROM span"),
                     "10:00:00 10:00:01 07:00:00");
    ck_assert_str_eq(
        scene_sql(scene, "SELECT bool_and(gone_at = left_at + interval '1 second')::text || ' ' ||"
                         " (SELECT count(*) FROM node WHERE stopped_at IS NULL) FROM span"),
        "true 1");
    ck_assert_int_ge(clock_now_us(scene->live->clock), LIVE_START + 7200 * US_PER_S);
    scene_close(scene);
    free(kept);
}
END_TEST

static bool renewed(struct live *live, void *arg)
{
    (void)live;
    struct scene *scene = arg;
    return strcmp(scene_sql(scene, "SELECT extract(epoch FROM max(lease_at))::bigint - 1800000000"
                                   "  FROM node"),
                  "42") == 0;
}

START_TEST(the_lease_follows_the_clock)
{
    struct scene *scene = scene_open(NULL, 1);
    clock_advance(scene->live->clock, 42 * US_PER_S);
    ck_assert(live_until(scene->live, renewed, scene));
    scene_close(scene);
}
END_TEST

static bool time_passes(struct live *live, void *arg)
{
    uint64_t *turns = arg;
    clock_advance(live->clock, 300 * US_PER_MS);
    return --*turns == 0;
}

struct batch {
    struct db_job job;
    _Atomic bool begun, may_end;
    bool done;
};

static void run_batch(struct db_job *job, struct db_conn *c)
{
    struct batch *b = container_of(job, struct batch, job);
    (void)c;
    b->begun = true;
    for (int i = 0; i < 20000 && !b->may_end; i++)
        usleep(1000);
}

static void on_batch(struct message *message)
{
    container_of(container_of(message, struct db_job, done), struct batch, job)->done = true;
}

static bool has_begun(void *batch)
{
    return ((struct batch *)batch)->begun;
}

static bool has_ended(void *batch)
{
    return ((struct batch *)batch)->done;
}

START_TEST(the_lease_follows_the_clock_also_when_every_batch_is_stuck)
{
    struct scene *scene = scene_open(NULL, 1);
    struct mailbox mailbox;
    struct batch batches[2] = {0}; /* as many as the scene has hot workers */
    mailbox_init(&mailbox, 2, NULL, NULL);
    for (int i = 0; i < 2; i++) {
        batches[i].job =
            (struct db_job){.run = run_batch, .reply_to = &mailbox, .done = {.deliver = on_batch}};
        ck_assert_int_eq(db_submit(scene->db, DB_HOT, &batches[i].job), ERR_OK);
        ck_assert(wait_for(has_begun, &batches[i], 10));
    }
    clock_advance(scene->live->clock, 42 * US_PER_S);
    ck_assert(live_until(scene->live, renewed, scene));
    for (int i = 0; i < 2; i++)
        batches[i].may_end = true;
    for (int i = 0; i < 2; i++)
        ck_assert(read_until(&mailbox, has_ended, &batches[i], 10));
    scene_close(scene);
    mailbox_release(&mailbox);
}
END_TEST

START_TEST(what_happens_while_the_database_is_away_is_written_later_with_its_own_times)
{
    struct pg *pg = pg_start(false);
    struct scene *scene = scene_open(pg_database(pg, true), 1);
    struct live *live = scene->live;
    live_member(live, 0, HOST, 9);
    ck_assert(scene_until_sql(scene, SPANS, "cs:0-"));
    pg_halt(pg);
    clock_advance(live->clock, 5 * US_PER_S);
    uint64_t stays = live_member(live, 0, HCP, 1), goes = live_member(live, 0, HCP, 2);
    live_close(live, goes, LIVE_START + 6 * US_PER_S);
    uint64_t turns = 300; /* longer than commands wait for the database */
    live_until(live, time_passes, &turns);
    pg_resume(pg);
    for (turns = 2000; turns > 0 && strcmp(scene_sql(scene, SPANS), "c1:5- c2:5-6 cs:0-") != 0;) {
        live_run(live);
        dispatch_tick(live->loop[0].d);
        time_passes(live, &turns);
    }
    ck_assert_str_eq(scene_sql(scene, SPANS), "c1:5- c2:5-6 cs:0-");
    live_close(live, stays, LIVE_START + 60 * US_PER_S);
    ck_assert(scene_until_sql(scene, SPANS, "c1:5-60 c2:5-6 cs:0-"));
    scene_close(scene);
    pg_stop(pg);
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests(
        "presence",
        (const TTest *const[]){
            a_span_goes_from_the_join_to_the_last_byte_received,
            attentive_spans_follow_the_tab_by_the_servers_clock,
            a_tab_that_flickers_within_one_turn_gets_every_answer,
            a_move_ends_and_begins_spans_at_one_instant_in_one_transaction,
            whoever_is_gone_again_before_they_arrived_has_left_all_the_same,
            an_arrival_that_finds_no_room_ends_what_was_left_all_the_same,
            a_leave_on_purpose_is_not_bridged,
            people_are_counted_once_each_and_told_once_a_second_at_most,
            a_crowd_is_told_its_size_less_often_and_staff_each_second,
            spans_of_members_at_drain_are_closed,
            a_new_run_ends_what_a_crash_left_open_at_the_last_lease_and_never_goes_back,
            the_lease_follows_the_clock, the_lease_follows_the_clock_also_when_every_batch_is_stuck,
            what_happens_while_the_database_is_away_is_written_later_with_its_own_times, NULL});
}
