/* A frame of a client is checked in one order; the greeting; two loops in two threads. */
#include "harness/live.h"
#include "harness/talk.h"
#include "room/home/home.h"
#include "unit/run.h"
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#define HCP  ROLE_HCP
#define HOST ROLE_HOST

static const char *error_field(struct live *live, uint64_t conn, int64_t request, const char *name)
{
    json_t *error = json_object_get(live_answer(live, conn, request), "error");
    const char *text = json_string_value(json_object_get(error, name));
    return text ? text : "";
}

START_TEST(the_greeting_comes_first_and_tells_protocol_and_time)
{
    struct live *live = talk_start(1);
    uint64_t a = live_open(live, 0, HCP, 1);
    live_run(live);
    json_t *hello = json_object_get(json_array_get(live_conn(live, a)->frames, 0), "hello");
    ck_assert_int_eq(json_integer_value(json_object_get(hello, "protocol")), PROTOCOL_VERSION);
    ck_assert_int_eq(json_integer_value(json_object_get(hello, "ping_ms")), 20000);
    int64_t now;
    ck_assert(time_parse(json_string_value(json_object_get(hello, "now")), &now));
    ck_assert_int_eq(now, LIVE_START);
    live_free(live);
}
END_TEST

START_TEST(broken_frames_end_the_connection)
{
    static const char *const texts[] = {
        "",
        "{",
        "[1]",
        "7",
        "{\"id\":0,\"command\":\"talk.say\",\"data\":{}}",
        "{\"command\":\"talk.say\",\"data\":{}}",
        "{\"id\":9007199254740992,\"command\":\"talk.say\",\"data\":{}}",
        "{\"id\":1,\"id\":1,\"command\":\"talk.say\",\"data\":{}}"};
    struct live *live = talk_start(1);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        uint64_t a = live_member(live, 0, HCP, 1);
        live_text(live, a, texts[i]);
        live_run(live);
        ck_assert_msg(live_conn(live, a)->closed == 1008, "%s", texts[i]);
    }
    live_free(live);
}
END_TEST

START_TEST(a_frame_over_16384_bytes_ends_the_connection_with_1009)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HCP, 1);
    char text[COMMAND_MAX_BYTES + 2];
    memset(text, ' ', sizeof text);
    text[sizeof text - 1] = '\0';
    live_text(live, a, text);
    live_run(live);
    ck_assert_int_eq(live_conn(live, a)->closed, 1009);
    live_free(live);
}
END_TEST

START_TEST(faults_of_the_envelope_are_told_by_field)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HCP, 1);
    live_text(live, a, "{\"id\":901,\"command\":\"talk.say\"}");
    live_text(live, a, "{\"id\":902,\"command\":\"talk.say\",\"data\":[]}");
    live_text(live, a, "{\"id\":903,\"command\":5,\"data\":{}}");
    live_text(live, a, "{\"id\":904,\"command\":\"talk.say\",\"data\":{\"n\":1},\"more\":1}");
    live_run(live);
    ck_assert_str_eq(error_field(live, a, 901, "field"), "data");
    ck_assert_str_eq(error_field(live, a, 902, "field"), "data");
    ck_assert_str_eq(error_field(live, a, 903, "field"), "command");
    ck_assert_str_eq(error_field(live, a, 904, "field"), "more");
    ck_assert_str_eq(live_code(live, a, 904), "request.invalid");
    ck_assert_int_eq(live_conn(live, a)->closed, 0);
    live_free(live);
}
END_TEST

START_TEST(unknown_commands_and_unknown_fields_are_refused)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HCP, 1);
    int64_t unknown = live_command(live, a, "talk.shout", "{}");
    int64_t field = live_command(live, a, "talk.say", "{\"n\":1,\"m\":2}");
    live_run(live);
    ck_assert_str_eq(live_code(live, a, unknown), "request.unknown");
    ck_assert_str_eq(error_field(live, a, field, "field"), "m");
    live_free(live);
}
END_TEST

START_TEST(a_role_that_may_not_is_forbidden_before_the_rate_is_counted)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HCP, 1);
    for (int i = 0; i < 5; i++) {
        int64_t r = live_command(live, a, "talk.rare", "{}");
        live_run(live);
        ck_assert_str_eq(live_code(live, a, r), "auth.forbidden");
    }
    live_free(live);
}
END_TEST

START_TEST(a_rate_is_a_burst_and_a_refill_per_person)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HOST, 1), b = live_member(live, 0, HOST, 2);
    static const char *const expected[] = {"", "", "rate.limited"};
    for (int i = 0; i < 3; i++) {
        int64_t r = live_command(live, a, "talk.rare", "{}");
        live_run(live);
        ck_assert_str_eq(live_code(live, a, r), expected[i]);
    }
    int64_t other = live_command(live, b, "talk.rare", "{}");
    clock_advance(live->clock, US_PER_S);
    int64_t refilled = live_command(live, a, "talk.rare", "{}");
    int64_t empty = live_command(live, a, "talk.rare", "{}");
    live_run(live);
    ck_assert_str_eq(live_code(live, b, other), "");
    ck_assert_str_eq(live_code(live, a, refilled), "");
    ck_assert_str_eq(live_code(live, a, empty), "rate.limited");
    live_free(live);
}
END_TEST

START_TEST(twenty_tabs_may_do_no_more_than_one)
{
    struct live *live = talk_start(2);
    int said = 0;
    for (int tab = 0; tab < 20; tab++) {
        uint64_t conn = live_member(live, tab % 2, HOST, 1);
        int64_t r = live_command(live, conn, "talk.rare", "{}");
        live_run(live);
        const char *code = live_code(live, conn, r);
        said += strcmp(code, "") == 0;
        ck_assert(strcmp(code, "") == 0 || strcmp(code, "rate.limited") == 0);
    }
    ck_assert_int_eq(said, 2); /* the burst */
    live_free(live);
}
END_TEST

START_TEST(ids_are_read_by_the_dispatcher_and_refused_in_a_wrong_form)
{
    static const char id[] = "{\"thing\":\"00112233-4455-4677-8899-aabbccddeeff\"}";
    static const char *const wrong[] = {"{}", "{\"thing\":7}", "{\"thing\":null}",
                                        "{\"thing\":\"0011\"}"};
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HCP, 1);
    int64_t right = live_command(live, a, "talk.thing", id);
    int64_t none = live_command(live, a, "talk.thing_or_none", "{\"thing\":null}");
    live_run(live);
    const char *thing = json_string_value(json_object_get(live_ok(live, a, right), "thing"));
    ck_assert_str_eq(thing, "00112233-4455-4677-8899-aabbccddeeff");
    thing = json_string_value(json_object_get(live_ok(live, a, none), "thing"));
    ck_assert_str_eq(thing, "00000000-0000-0000-0000-000000000000");
    for (int i = 0; i < 4; i++) {
        int64_t r = live_command(live, a, "talk.thing", wrong[i]);
        live_run(live);
        ck_assert_str_eq(error_field(live, a, r, "field"), "thing");
    }
    live_free(live);
}
END_TEST

START_TEST(a_home_loop_that_is_too_busy_says_so_and_keeps_nothing)
{
    struct live *live = talk_start(2);
    uint64_t conns[] = {live_member(live, 0, HCP, 1), live_member(live, 1, HCP, 2)};
    for (int i = 0; i < 2; i++)
        live->loop[i].mailbox.limit = 0;
    int64_t requests[2];
    for (int i = 0; i < 2; i++)
        requests[i] = live_command(live, conns[i], "talk.say", "{\"n\":1}");
    live_run(live);
    int busy = 0;
    for (int i = 0; i < 2; i++)
        busy += strcmp(live_code(live, conns[i], requests[i]), "server.busy") == 0;
    ck_assert_int_eq(busy, 1); /* the other one is at home */
    live_free(live);
}
END_TEST

/* --- two loops in two threads --- */

#define TURNS 3000
#define TABS  8

struct runner {
    struct live *live;
    int index;
    void (*act)(struct runner *r, int turn);
    uint64_t conns[TABS];
    pthread_barrier_t *start;
};

static void say_something(struct runner *r, int turn)
{
    char text[200];
    bool say = turn % 20 == 9;
    uint64_t conn = r->conns[turn / 10 % (TABS - 1)];
    const char *place = live_conn(r->live, conn)->place;
    if (!*place)
        return; /* not in yet */
    snprintf(text, sizeof text,
             "{\"id\":%d,\"place\":\"%s\",\"command\":\"talk.%s\",\"data\":{\"n\":1%s}}", turn,
             place, say ? "say" : "set", say ? "" : ",\"key\":\"a\"");
    live_text(r->live, conn, text);
}

static void join_as(struct runner *r, uint64_t conn, const struct id *session, int request)
{
    char text[200], id[ID_TEXT_SIZE];
    snprintf(text, sizeof text,
             "{\"id\":%d,\"command\":\"session.join\",\"data\":{\"session\":\"%s\"}}", request,
             id_text(session, id));
    live_text(r->live, conn, text);
}

/* To and fro, whether the last move is over or not. */
static void move_somebody(struct runner *r, int turn)
{
    uint64_t conn = r->conns[turn / 10 % (TABS - 1)];
    join_as(r, conn, turn / 10 / TABS % 2 ? &r->live->session : &r->live->other_session, turn + 2);
}

static void *run_loop(void *arg)
{
    struct runner *r = arg;
    struct live_loop *loop = &r->live->loop[r->index];
    dispatch_bind(loop->d);
    pthread_barrier_wait(r->start);
    for (int i = 0; i < TABS; i++) {
        r->conns[i] = live_open(r->live, r->index, i % 2 ? HCP : HOST, i);
        join_as(r, r->conns[i], &r->live->session, 1);
    }
    for (int turn = 0; turn < TURNS; turn++) {
        mailbox_drain(&loop->mailbox);
        if (turn % 10 == 9)
            r->act(r, turn);
        if (turn == TURNS / 2)
            live_close(r->live, r->conns[TABS - 1], LIVE_START);
        dispatch_turn(loop->d);
        if (turn % 100 == 0)
            dispatch_tick(loop->d);
        sched_yield();
    }
    return NULL;
}

/* Every event from the join on, each once, in order; returns the last seq. */
static int64_t check_order(struct live *live, uint64_t conn)
{
    int64_t seq = -1;
    size_t i;
    json_t *frame;
    json_array_foreach(live_conn(live, conn)->frames, i, frame)
    {
        json_t *ok = json_object_get(frame, "ok");
        json_t *found = json_object_get(ok && seq < 0 ? ok : frame, "seq");
        if (!found)
            continue;
        ck_assert(seq < 0 || json_integer_value(found) == seq + 1);
        seq = json_integer_value(found);
    }
    return seq;
}

static void run_two(struct live *live, struct runner runners[2],
                    void (*act)(struct runner *r, int turn))
{
    pthread_barrier_t barrier;
    pthread_t threads[2];
    pthread_barrier_init(&barrier, NULL, 2);
    for (int i = 0; i < 2; i++) {
        runners[i] = (struct runner){.live = live, .index = i, .act = act, .start = &barrier};
        pthread_create(&threads[i], NULL, run_loop, &runners[i]);
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    live_run(live);
    pthread_barrier_destroy(&barrier);
}

START_TEST(two_loops_in_two_threads_agree_on_the_order)
{
    struct live *live = talk_start(2);
    struct runner runners[2];
    run_two(live, runners, say_something);
    int64_t last = check_order(live, runners[0].conns[0]);
    ck_assert_int_gt(last, 0);
    for (int i = 0; i < 2; i++) {
        for (int n = 0; n < TABS - 1; n++)
            ck_assert_int_eq(check_order(live, runners[i].conns[n]), last);
    }
    ck_assert_int_eq(talk.joined, 2 * TABS);
    ck_assert_int_eq(talk.left, 2);
    live_free(live);
}
END_TEST

static size_t members_of(struct live *live, const struct id *session)
{
    struct dispatch *home = dispatch_home(live->peers, live->loops, session);
    struct room *room = map_get(&home->rooms->by_session, session);
    return room ? room->member_count : 0;
}

START_TEST(two_loops_in_two_threads_move_people_and_lose_nobody)
{
    struct live *live = talk_start(2);
    struct runner runners[2];
    while (dispatch_home(live->peers, 2, &live->session) ==
           dispatch_home(live->peers, 2, &live->other_session))
        live->other_session = id_random();
    run_two(live, runners, move_somebody);
    ck_assert_int_gt(talk.arrived, 10);
    ck_assert_int_eq(talk.arrived, talk.left_on_purpose);
    ck_assert_int_eq(talk.joined - talk.left, 2 * (TABS - 1));
    ck_assert_uint_eq(members_of(live, &live->session) + members_of(live, &live->other_session),
                      2 * (TABS - 1));
    live_free(live);
}
END_TEST

RUN_TESTS("dispatch", the_greeting_comes_first_and_tells_protocol_and_time,
          broken_frames_end_the_connection, a_frame_over_16384_bytes_ends_the_connection_with_1009,
          faults_of_the_envelope_are_told_by_field, unknown_commands_and_unknown_fields_are_refused,
          a_role_that_may_not_is_forbidden_before_the_rate_is_counted,
          a_rate_is_a_burst_and_a_refill_per_person, twenty_tabs_may_do_no_more_than_one,
          ids_are_read_by_the_dispatcher_and_refused_in_a_wrong_form,
          a_home_loop_that_is_too_busy_says_so_and_keeps_nothing,
          two_loops_in_two_threads_agree_on_the_order,
          two_loops_in_two_threads_move_people_and_lose_nobody)
