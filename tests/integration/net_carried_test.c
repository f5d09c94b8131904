/* A live connection that is carried by requests, over the real socket: who may open it, commands
 * in, frames out, each once, and its limits. */
#include "integration/net_server.h"
#include <poll.h>

static const struct http_route routes[] = {{.method = NULL}};
static const struct http_route *const tables[] = {routes, NULL};

#define HEAD_OWN   "X-Amphi: 1\r\nContent-Type: text/plain\r\n"
#define COOKIE     "Cookie: __Host-amphi=" TEST_TOKEN "\r\n"
#define OTHER      "Cookie: __Host-amphi=BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB\r\n"
#define PING_SHORT 400

static struct net_config config_of_test(void)
{
    test_tables = tables;
    return server_config(false);
}

static void start(void)
{
    struct net_config config = config_of_test();
    server_run(&config);
}

/* With a short period between two signs of life, so that silence is soon found. */
static void start_impatient(void)
{
    struct net_config config = config_of_test();
    config.ping_ms = PING_SHORT;
    server_run(&config);
}

/* --- a client of it --- */

struct carried {
    char id[64];
    int ack, number;
};

static int post_with(const char *path, const char *head, const char *body, struct answer *a)
{
    char line[256], all[1024];
    snprintf(line, sizeof line, "POST %s", path);
    snprintf(all, sizeof all, "Origin: %s\r\n" HEAD_OWN "%sContent-Length: %zu\r\n",
             server_origin(), head, strlen(body));
    ask(line, all, body, a);
    return a->status;
}

static int post(const struct carried *v, const char *action, const char *body, struct answer *a)
{
    char path[128];
    snprintf(path, sizeof path, "/api/live/%s/%s", v->id, action);
    return post_with(path, COOKIE, body, a);
}

static int status_of(const struct carried *v, const char *action, const char *body)
{
    struct answer a;
    int status = post(v, action, body, &a);
    answer_free(&a);
    return status;
}

static struct carried opened(void)
{
    struct carried v = {.ack = 0};
    struct answer a;
    ck_assert_int_eq(post_with("/api/live", COOKIE, "{\"protocol\":2}", &a), 201);
    ck_assert_int_eq(sscanf(a.body, "{\"connection\":\"%36[0-9a-f-]\"}", v.id), 1);
    answer_free(&a);
    return v;
}

/* The next answer's lines after the first; free(). */
static char *next(struct carried *v)
{
    char body[64];
    struct answer a;
    int got = -1;
    snprintf(body, sizeof body, "{\"ack\":%d}\n", v->ack);
    ck_assert_int_eq(post(v, "next", body, &a), 200);
    ck_assert_str_eq(answer_header(&a, "content-type"), "text/plain; charset=utf-8");
    ck_assert_str_eq(answer_header(&a, "cache-control"), "no-store");
    ck_assert_int_eq(sscanf(a.body, "{\"answer\":%d}", &got), 1);
    v->ack = got;
    char *lines = strdup(strchr(a.body, '\n') + 1);
    answer_free(&a);
    return lines;
}

static void expect_next(struct carried *v, const char *want)
{
    char *lines = next(v);
    ck_assert_str_eq(lines, want);
    free(lines);
}

static void done(struct carried *v)
{
    ck_assert_int_eq(status_of(v, "close", ""), 204);
}

static void commands(struct carried *v, const char *frames)
{
    static char body[70000];
    snprintf(body, sizeof body, "{\"number\":%d}\n%s", ++v->number, frames);
    ck_assert_int_eq(status_of(v, "commands", body), 204);
}

/* --- who may --- */

START_TEST(only_own_pages_open_it)
{
    start();
    struct answer a;
    char head[512];
    static const char *const origins[] = {"", "Origin: https://evil.example\r\n",
                                          "Origin: null\r\n"};
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        snprintf(head, sizeof head, "%s" HEAD_OWN COOKIE "Content-Length: 14\r\n", origins[i]);
        ask("POST /api/live", head, "{\"protocol\":2}", &a);
        ck_assert_int_eq(a.status, 403);
        answer_free(&a);
    }
    snprintf(head, sizeof head, "Origin: %s\r\nContent-Length: 14\r\n", server_origin());
    ask("POST /api/live", head, "{\"protocol\":2}", &a);
    ck_assert_int_eq(a.status, 403);
    answer_free(&a);
    ask("GET /api/live", "", "", &a);
    ck_assert_int_eq(a.status, 405);
    answer_free(&a);
    ck_assert_int_eq(post_with("/api/live", "Cookie: __Host-amphi=a; __Host-amphi=b\r\n",
                               "{\"protocol\":2}", &a),
                     400);
    answer_free(&a);
    ck_assert_int_eq(recorded.opened, 0);
    server_stop();
}
END_TEST

START_TEST(an_older_page_is_told_to_reload_and_a_newer_one_refused)
{
    start();
    struct answer a;
    ck_assert_int_eq(post_with("/api/live", COOKIE, "{\"protocol\":1}", &a), 201);
    answer_free(&a);
    ck_assert_int_eq(recorded.outdated, 1);
    ck_assert_int_eq(post_with("/api/live", COOKIE, "{\"protocol\":3}", &a), 400);
    answer_free(&a);
    ck_assert_int_eq(post_with("/api/live", COOKIE, "", &a), 400);
    answer_free(&a);
    server_stop();
}
END_TEST

START_TEST(it_is_of_no_use_without_the_cookie_that_opened_it)
{
    start();
    struct carried v = opened(), none = v;
    struct answer a;
    char path[128];
    snprintf(path, sizeof path, "/api/live/%s/close", v.id);
    ck_assert_int_eq(post_with(path, OTHER, "", &a), 404);
    ck_assert_ptr_nonnull(strstr(a.body, "\"live.unknown\""));
    answer_free(&a);
    ck_assert_int_eq(post_with(path, "", "", &a), 404);
    answer_free(&a);
    memcpy(none.id + 24, "000000000000", 12);
    ck_assert_int_eq(status_of(&none, "close", ""), 404);
    memcpy(none.id, "ff", 2); /* of a loop that there is not */
    ck_assert_int_eq(status_of(&none, "close", ""), 404);
    ck_assert_int_eq(status_of(&v, "elsewhere", ""), 404);
    ck_assert_int_eq(recorded.closed, 0);
    ck_assert_int_eq(status_of(&v, "close", ""), 204);
    WAIT_FOR(recorded.closed == 1);
    ck_assert_int_eq(status_of(&v, "close", ""), 404);
    server_stop();
}
END_TEST

/* --- commands and frames --- */

START_TEST(commands_arrive_in_order_and_frames_come_back_whole)
{
    start();
    struct carried all[8]; /* some on either loop, from requests that come to any */
    for (int i = 0; i < 8; i++)
        all[i] = opened();
    for (int i = 0; i < 8; i++)
        commands(&all[i], "echo:one\necho:two\n");
    for (int i = 0; i < 8; i++)
        expect_next(&all[i], "echo:one\necho:two\n");
    for (int i = 0; i < 8; i++) {
        commands(&all[i], "echo:three");
        expect_next(&all[i], "echo:three\n");
        done(&all[i]);
    }
    ck_assert_int_eq(recorded.with_token, 8);
    server_stop();
}
END_TEST

START_TEST(what_was_lost_on_the_way_comes_again_and_nothing_twice)
{
    start();
    struct carried v = opened();
    commands(&v, "echo:one");
    v.number--; /* the reply was lost */
    commands(&v, "echo:one");
    WAIT_FOR(recorded.messages == 1);
    expect_next(&v, "echo:one\n");
    v.ack--;
    commands(&v, "echo:two");
    expect_next(&v, "echo:one\n");
    expect_next(&v, "echo:two\n");
    ck_assert_int_eq(recorded.messages, 2);
    done(&v);
    server_stop();
}
END_TEST

START_TEST(requests_out_of_order_end_it)
{
    start();
    struct carried v = opened();
    v.number = 1;
    commands(&v, "echo:later");
    expect_next(&v, "{\"close\":{\"code\":1008,\"reason\":\"requests out of order\"}}\n");
    WAIT_FOR(recorded.closed == 1);
    ck_assert_int_eq(recorded.messages, 0);
    ck_assert_int_eq(status_of(&v, "next", "{\"ack\":1}"), 404);
    v = opened();
    v.ack = 3;
    expect_next(&v, "{\"close\":{\"code\":1008,\"reason\":\"no such answer\"}}\n");
    server_stop();
}
END_TEST

static void begin_next(struct peer *c, const struct carried *v, int ack)
{
    char text[1024], body[64];
    int len = snprintf(body, sizeof body, "{\"ack\":%d}", ack);
    snprintf(
        text, sizeof text,
        "POST /api/live/%s/next HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: %s\r\n" HEAD_OWN COOKIE
        "Content-Length: %d\r\n\r\n%s",
        v->id, server.port, server_origin(), len, body);
    peer_open(c, server.port, false);
    peer_sends(c, text);
}

/* Nothing comes for so long. */
static bool quiet(const struct peer *c, int ms)
{
    struct pollfd in = {.fd = c->fd, .events = POLLIN};
    return poll(&in, 1, ms) == 0;
}

START_TEST(a_request_waits_until_there_is_something)
{
    start();
    struct carried v = opened();
    struct peer c, again;
    struct answer a;
    begin_next(&c, &v, 0);
    ck_assert(quiet(&c, 300));
    commands(&v, "echo:now");
    peer_answer(&c, &a);
    ck_assert_str_eq(a.body, "{\"answer\":1}\necho:now\n");
    answer_free(&a);
    peer_close(&c);
    begin_next(&c, &v, 1); /* whose client tries again: only one waits */
    ck_assert(quiet(&c, 100));
    begin_next(&again, &v, 1);
    peer_answer(&c, &a);
    ck_assert_int_eq(a.status, 409);
    ck_assert_ptr_nonnull(strstr(a.body, "\"live.replaced\""));
    answer_free(&a);
    commands(&v, "close");
    peer_answer(&again, &a);
    ck_assert_str_eq(a.body, "{\"answer\":2}\n{\"close\":{\"code\":4401,\"reason\":\"go\"}}\n");
    answer_free(&a);
    peer_close(&c);
    peer_close(&again);
    WAIT_FOR(recorded.closed == 1);
    server_stop();
}
END_TEST

START_TEST(a_request_is_answered_in_time_when_there_is_nothing)
{
    start();
    struct carried v = opened();
    struct answer a;
    int64_t from = test_now_ms();
    ck_assert_int_eq(post(&v, "next", "{\"ack\":0,\"wait_ms\":600}", &a), 200);
    ck_assert_str_eq(a.body, "{\"answer\":0}\n");
    ck_assert_int_ge(test_now_ms() - from, 590);
    ck_assert_int_lt(test_now_ms() - from, 3000);
    answer_free(&a);
    done(&v);
    server_stop();
}
END_TEST

/* --- its end --- */

START_TEST(a_span_ends_at_the_last_request_and_lasts_over_pauses)
{
    start_impatient(); /* 4.8 s without a request are silence */
    struct carried v = opened();
    int64_t before = 0;
    for (int i = 0; i < 15; i++) { /* 6 s */
        before = clock_now_us(&server.clock);
        expect_next(&v, "");
    }
    ck_assert_int_eq(recorded.closed, 0);
    int64_t given = clock_now_us(&server.clock);
    int64_t until = test_now_ms() + 10000;
    while (recorded.closed == 0 && test_now_ms() < until)
        usleep(2000);
    ck_assert_int_eq(recorded.closed, 1);
    ck_assert(recorded.last_rx >= before && recorded.last_rx < before + 200 * US_PER_MS);
    /* nobody came for what is next: that is known from the moment it could be asked for */
    ck_assert(recorded.gone > recorded.last_rx && recorded.gone <= given);
    ck_assert(recorded.gone > given - 200 * US_PER_MS);
    ck_assert_int_eq(status_of(&v, "next", "{\"ack\":0}"), 404);
    server_stop();
}
END_TEST

START_TEST(whoever_says_that_they_go_was_there_until_then)
{
    start();
    struct carried v = opened();
    struct peer c;
    struct answer a;
    begin_next(&c, &v, 0);
    ck_assert(quiet(&c, 300));
    int64_t before = clock_now_us(&server.clock);
    ck_assert_int_eq(status_of(&v, "close", ""), 204);
    ck_assert_int_eq(recorded.closed, 1);
    ck_assert(recorded.last_rx >= before && recorded.gone >= recorded.last_rx);
    peer_answer(&c, &a);
    ck_assert_int_eq(a.status, 404);
    answer_free(&a);
    peer_close(&c);
    server_stop();
}
END_TEST

/* --- limits --- */

START_TEST(what_is_too_large_or_no_text_closes_it)
{
    start();
    static char big[COMMAND_MAX_BYTES + 2];
    memset(big, 'z', COMMAND_MAX_BYTES + 1);
    memcpy(big, "echo:", 5);
    struct carried v = opened();
    commands(&v, big);
    expect_next(&v, "{\"close\":{\"code\":1009,\"reason\":\"too large\"}}\n");
    big[COMMAND_MAX_BYTES] = '\0';
    v = opened();
    commands(&v, big);
    char *lines = next(&v);
    ck_assert_uint_eq(strlen(lines), COMMAND_MAX_BYTES + 1);
    free(lines);
    commands(&v, "echo:\xff");
    expect_next(&v, "{\"close\":{\"code\":1007,\"reason\":\"not UTF-8\"}}\n");
    v = opened();
    ck_assert_int_eq(status_of(&v, "commands", "{\"number\":1,\"more\":1}\n"), 400);
    ck_assert_int_eq(status_of(&v, "commands", "echo:one"), 400);
    static char huge[65 * 1024 + 1];
    memset(huge, ' ', sizeof huge - 1);
    ck_assert_int_eq(status_of(&v, "commands", huge), 413);
    done(&v);
    server_stop();
}
END_TEST

START_TEST(what_nobody_fetches_closes_it_over_its_bound_and_over_its_age)
{
    struct net_config config = config_of_test();
    config.queue_bytes = 100000;
    config.queue_age_ms = 1000;
    server_run(&config);
    recorded.burst_size = 30000;
    recorded.burst_frames = 3;
    struct carried v = opened();
    commands(&v, "burst");
    commands(&v, "burst");
    expect_next(&v, "{\"close\":{\"code\":1013,\"reason\":\"slow\"}}\n");
    v = opened();
    commands(&v, "burst");
    char *lines = next(&v);
    ck_assert_uint_eq(strlen(lines), 3 * 30001);
    free(lines);
    v.ack--; /* what was not acknowledged counts */
    commands(&v, "burst");
    lines = next(&v);
    ck_assert_uint_eq(strlen(lines), 3 * 30001);
    free(lines);
    expect_next(&v, "{\"close\":{\"code\":1013,\"reason\":\"slow\"}}\n");
    v = opened();
    commands(&v, "echo:old");
    int64_t until = test_now_ms() + 1800;
    while (test_now_ms() < until)
        usleep(10000);
    expect_next(&v, "{\"close\":{\"code\":1013,\"reason\":\"slow\"}}\n");
    server_stop();
}
END_TEST

START_TEST(strangers_of_one_address_open_no_more_than_a_few)
{
    struct net_config config = config_of_test();
    config.anonymous_per_address = 6;
    server_run(&config);
    struct answer a;
    int status = 201, opened_now = 0;
    while (opened_now < 10 && status == 201) {
        status = post_with("/api/live", COOKIE, "{\"protocol\":2}", &a);
        answer_free(&a);
        opened_now += status == 201;
    }
    ck_assert(status == 503 || status == 0); /* 0: the request itself is one too many */
    ck_assert_int_le(opened_now, 6);
    ck_assert_int_eq(recorded.opened, opened_now);
    server_stop();
}
END_TEST

static void *stop(void *arg)
{
    server_stop();
    return arg;
}

START_TEST(draining_says_goodbye_with_1001)
{
    start();
    struct carried all[6];
    struct peer peers[6];
    struct answer a;
    for (int i = 0; i < 6; i++) {
        all[i] = opened();
        begin_next(&peers[i], &all[i], 0);
        ck_assert(quiet(&peers[i], 50));
    }
    pthread_t thread;
    int64_t from = test_now_ms();
    pthread_create(&thread, NULL, stop, NULL);
    for (int i = 0; i < 6; i++) {
        peer_answer(&peers[i], &a);
        ck_assert_str_eq(
            a.body, "{\"answer\":1}\nbye\n{\"close\":{\"code\":1001,\"reason\":\"draining\"}}\n");
        answer_free(&a);
        peer_close(&peers[i]);
    }
    pthread_join(thread, NULL);
    ck_assert_int_lt(test_now_ms() - from, 1500);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("net_carried");
    TCase *t = tcase_create("all");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, only_own_pages_open_it);
    tcase_add_test(t, an_older_page_is_told_to_reload_and_a_newer_one_refused);
    tcase_add_test(t, it_is_of_no_use_without_the_cookie_that_opened_it);
    tcase_add_test(t, commands_arrive_in_order_and_frames_come_back_whole);
    tcase_add_test(t, what_was_lost_on_the_way_comes_again_and_nothing_twice);
    tcase_add_test(t, requests_out_of_order_end_it);
    tcase_add_test(t, a_request_waits_until_there_is_something);
    tcase_add_test(t, a_request_is_answered_in_time_when_there_is_nothing);
    tcase_add_test(t, a_span_ends_at_the_last_request_and_lasts_over_pauses);
    tcase_add_test(t, whoever_says_that_they_go_was_there_until_then);
    tcase_add_test(t, what_is_too_large_or_no_text_closes_it);
    tcase_add_test(t, what_nobody_fetches_closes_it_over_its_bound_and_over_its_age);
    tcase_add_test(t, strangers_of_one_address_open_no_more_than_a_few);
    tcase_add_test(t, draining_says_goodbye_with_1001);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
