/* The live websocket over the real socket: who may open it, commands in, frames out, limits. */
#include "integration/net_server.h"

static const struct http_route routes[] = {{.method = NULL}};
static const struct http_route *const tables[] = {routes, NULL};

#define PROTOCOL "Sec-WebSocket-Protocol: amphi.2\r\n"

static bool use_tls;

static struct net_config config_of_test(void)
{
    test_tables = tables;
    return server_config(use_tls);
}

static void start(void)
{
    struct net_config config = config_of_test();
    server_run(&config);
}

static int upgrade_status(const char *origin, const char *headers)
{
    struct peer c;
    peer_open(&c, server.port, server.tls);
    int status = peer_upgrade(&c, server.port, origin, headers);
    peer_close(&c);
    return status;
}

static void expect_text(struct peer *c, const char *want)
{
    int opcode = WS_PING;
    char *text = NULL;
    size_t len;
    while (opcode == WS_PING) {
        free(text);
        ck_assert(ws_read(c, &opcode, &text, &len, 5000));
    }
    ck_assert_int_eq(opcode, WS_TEXT);
    ck_assert_str_eq(text, want);
    free(text);
}

START_TEST(only_own_pages_open_it)
{
    start();
    const char *own = server_origin();
    ck_assert_int_eq(upgrade_status(own, PROTOCOL), 101);
    ck_assert_int_eq(upgrade_status(NULL, PROTOCOL), 403);
    ck_assert_int_eq(upgrade_status("https://evil.example", PROTOCOL), 403);
    char prefix[256];
    snprintf(prefix, sizeof prefix, "%s.evil.example", own);
    ck_assert_int_eq(upgrade_status(prefix, PROTOCOL), 403);
    ck_assert_int_eq(upgrade_status("null", PROTOCOL), 403);
    ck_assert_int_eq(upgrade_status(own, ""), 400);
    ck_assert_int_eq(upgrade_status(own, "Sec-WebSocket-Protocol: http\r\n"), 400);
    ck_assert_int_eq(upgrade_status(own, PROTOCOL "Cookie: __Host-amphi=a; __Host-amphi=b\r\n"),
                     400);
    struct peer c;
    struct answer a;
    peer_open(&c, server.port, server.tls);
    peer_sends(&c, "GET /live HTTP/1.1\r\nHost: other.example\r\nUpgrade: websocket\r\n"
                   "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" PROTOCOL "\r\n");
    peer_answer(&c, &a);
    ck_assert_int_eq(a.status, 421);
    answer_free(&a);
    peer_close(&c);
    server_stop();
}
END_TEST

START_TEST(a_client_of_the_first_protocol_is_let_in_to_be_told_to_reload)
{
    start();
    ck_assert_int_eq(upgrade_status(server_origin(), PROTOCOL), 101);
    ck_assert_int_eq(recorded.outdated, 0);
    ck_assert_int_eq(upgrade_status(server_origin(), "Sec-WebSocket-Protocol: amphi.1\r\n"), 101);
    WAIT_FOR(recorded.outdated == 1);
    ck_assert_int_eq(upgrade_status(server_origin(), "Sec-WebSocket-Protocol: amphi.3\r\n"), 400);
    server_stop();
}
END_TEST

START_TEST(the_cookie_is_read_by_its_exact_name)
{
    start();
    struct peer c;
    peer_open(&c, server.port, server.tls);
    ck_assert_int_eq(peer_upgrade(&c, server.port, server_origin(),
                                  PROTOCOL "Cookie: x__Host-amphi=" TEST_TOKEN "\r\n"),
                     101);
    WAIT_FOR(recorded.opened == 1);
    ck_assert_int_eq(recorded.with_token, 0); /* lws-11: lws itself would have found it */
    peer_close(&c);
    live_open(&c);
    WAIT_FOR(recorded.opened == 2);
    ck_assert_int_eq(recorded.with_token, 1);
    peer_close(&c);
    WAIT_FOR(recorded.closed == 2);
    server_stop();
}
END_TEST

START_TEST(commands_arrive_whole_and_answers_come_back)
{
    start();
    struct peer c;
    live_open(&c);
    ws_send(&c, WS_TEXT, "echo:one", 8);
    expect_text(&c, "echo:one");
    /* in three fragments with a ping between */
    ws_send_raw(&c, WS_TEXT, "echo:", 5, true);
    ws_send_raw(&c, 0x80 | WS_PING, "p", 1, true);
    ws_send_raw(&c, 0, "tw", 2, true);
    ws_send_raw(&c, 0x80, "o", 1, true);
    int opcode;
    char *payload;
    size_t len;
    ck_assert(ws_read(&c, &opcode, &payload, &len, 5000));
    if (opcode == WS_PONG) {
        free(payload);
        expect_text(&c, "echo:two");
    } else {
        ck_assert_str_eq(payload, "echo:two");
        free(payload);
    }
    /* larger than the receive buffer of lws, up to the very limit */
    char big[COMMAND_MAX_BYTES + 1];
    memset(big, 'z', sizeof big);
    memcpy(big, "echo:", 5);
    big[COMMAND_MAX_BYTES] = '\0';
    ws_send(&c, WS_TEXT, big, COMMAND_MAX_BYTES);
    int pong = 0;
    for (;;) {
        ck_assert(ws_read(&c, &opcode, &payload, &len, 5000));
        pong = opcode == WS_PONG;
        if (!pong)
            break;
        free(payload);
    }
    ck_assert_str_eq(payload, big);
    free(payload);
    peer_close(&c);
    WAIT_FOR(recorded.closed == 1);
    server_stop();
}
END_TEST

static int code_after(int first_byte, const void *bytes, size_t len)
{
    struct peer c;
    live_open(&c);
    ws_send_raw(&c, first_byte, bytes, len, true);
    int code = ws_close_code(&c, 5000);
    peer_close(&c);
    return code;
}

START_TEST(broken_frames_close_with_the_right_code)
{
    start();
    char big[COMMAND_MAX_BYTES + 1];
    memset(big, 'a', sizeof big);
    ck_assert_int_eq(code_after(0x80 | WS_BINARY, "x", 1), 1003);
    ck_assert_int_eq(code_after(0x80 | WS_TEXT, big, sizeof big), 1009);
    ck_assert_int_eq(code_after(0x80 | WS_TEXT, "\xff\xfe", 2), 1007);
    ck_assert_int_eq(code_after(0x80 | WS_TEXT, "\xed\xa0\x80", 3), 1007);
    ck_assert_int_eq(code_after(0x80 | 3, "x", 1), 1002);
    ck_assert_int_eq(code_after(0x80 | WS_TEXT, "close", 5), 4401);
    struct peer c;
    live_open(&c);
    static const unsigned char huge[] = {0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff,
                                         0xff, 0xff, 1,    2,    3,    4,    5};
    peer_send(&c, huge, sizeof huge); /* claims 2^63 - 1 bytes */
    ck_assert_int_eq(ws_close_code(&c, 5000), 1009);
    peer_close(&c);
    live_open(&c);
    ws_send(&c, WS_CLOSE, "\x03\xe8", 2);
    ck_assert_int_eq(ws_close_code(&c, 5000), 1000);
    peer_close(&c);
    WAIT_FOR(recorded.closed == recorded.opened);
    server_stop();
}
END_TEST

START_TEST(a_silent_peer_is_noticed_and_a_live_one_is_pinged)
{
    struct net_config config = config_of_test();
    config.ping_ms = 300;
    server_run(&config);
    struct peer c;
    live_open(&c);
    int opcode;
    char *payload;
    size_t len;
    int64_t from = test_now_ms();
    while (test_now_ms() - from < 5500) { /* longer than two periods and the slack */
        ck_assert(ws_read(&c, &opcode, &payload, &len, 2000));
        ck_assert_int_eq(opcode, WS_PING);
        ck_assert_uint_eq(len, 5); /* of an empty pong lws says nothing */
        ws_send(&c, WS_PONG, payload, len);
        free(payload);
    }
    ck_assert_int_eq(recorded.closed, 0);
    int64_t before = clock_now_us(&server.clock);
    from = test_now_ms();
    while (ws_read(&c, &opcode, &payload, &len, 8000))
        free(payload);
    ck_assert_int_lt(test_now_ms() - from, 6500);
    WAIT_FOR(recorded.closed == 1);
    ck_assert(recorded.last_rx <= before + US_PER_S); /* the span ends when the last byte came */
    ck_assert(recorded.gone > recorded.last_rx);      /* the first ping after it was in vain */
    ck_assert(recorded.gone <= recorded.last_rx + 400 * US_PER_MS);
    peer_close(&c);
    server_stop();
}
END_TEST

/* lws writes the next frame without its header when something of the one before is still held. */
START_TEST(lws_04_a_slow_reader_gets_whole_frames_in_order)
{
    struct net_config config = config_of_test();
    config.queue_bytes = 64 * 1024 * 1024;
    server_run(&config);
    recorded.burst_frames = 40;
    recorded.burst_size = 400000;
    struct peer c;
    live_open(&c);
    ws_send(&c, WS_TEXT, "burst", 5);
    WAIT_FOR(recorded.messages == 1);
    ws_send(&c, WS_TEXT, "burst", 5); /* while the first one is stuck */
    WAIT_FOR(recorded.messages == 2);
    int opcode;
    char *payload;
    size_t len;
    for (int i = 0; i < 80; i++) {
        ck_assert(ws_read(&c, &opcode, &payload, &len, 5000));
        ck_assert_int_eq(opcode, WS_TEXT);
        ck_assert_uint_eq(len, 400000);
        ck_assert_int_eq(payload[0], 'a' + i % 40 % 26);
        ck_assert_int_eq(payload[len - 1], 'a' + i % 40 % 26);
        free(payload);
    }
    peer_close(&c);
    WAIT_FOR(recorded.closed == 1);
    server_stop();
}
END_TEST

#define TOLD      240
#define TOLD_SIZE 60000
static atomic_int told, asked_to_tell;

/* At the end of a turn, as rooms do: what is sent and what is told, in turns of each. */
static void tell_numbers(struct test_room *d)
{
    static char text[TOLD_SIZE];
    for (int i = 0; i < 20 && d->count > 0 && told < asked_to_tell; i++) {
        snprintf(text, sizeof text, "%06d", (int)told);
        struct payload *p = frame_text(text, sizeof text);
        (told % 7 == 3 ? d->wire.send : d->wire.tell)(d->wire.net, d->conns[0], FRAME_EVENT, 0, p);
        payload_unref(p);
        told++;
    }
}

START_TEST(what_is_told_at_once_keeps_its_place_behind_what_waits)
{
    struct net_config config = config_of_test();
    config.queue_bytes = 64 * 1024 * 1024;
    server_run(&config);
    struct peer c;
    live_open(&c);
    told = 0;
    asked_to_tell = TOLD;
    on_room_turn = tell_numbers;
    WAIT_FOR(told == TOLD); /* far more than the kernel takes */
    for (int i = 0; i < TOLD; i++) {
        int opcode;
        char *payload;
        size_t len;
        ck_assert(ws_read(&c, &opcode, &payload, &len, 5000));
        ck_assert_uint_eq(len, TOLD_SIZE);
        ck_assert_int_eq(atoi(payload), i);
        free(payload);
    }
    on_room_turn = NULL;
    peer_close(&c);
    WAIT_FOR(recorded.closed == 1);
    server_stop();
}
END_TEST

/* While lws holds a part of a frame, everything waits in our own queue, where the bound is. */
START_TEST(lws_04_nothing_is_given_to_lws_while_it_holds_something)
{
    struct net_config config = config_of_test();
    config.queue_bytes = 300000;
    server_run(&config);
    recorded.burst_frames = 1;
    recorded.burst_size = 100000;
    struct peer c;
    live_open(&c);
    for (int i = 0; i < 300 && recorded.closed == 0; i++) {
        int before = recorded.messages;
        ws_send(&c, WS_TEXT, "burst", 5);
        WAIT_FOR(recorded.messages > before || recorded.closed);
    }
    ck_assert_int_eq(recorded.closed, 1);
    peer_close(&c);
    server_stop();
}
END_TEST

START_TEST(a_reader_over_its_bound_is_closed)
{
    struct net_config config = config_of_test();
    config.queue_bytes = 200000;
    server_run(&config);
    recorded.burst_frames = 100;
    recorded.burst_size = 100000;
    struct peer c;
    live_open(&c);
    ws_send(&c, WS_TEXT, "burst", 5);
    WAIT_FOR(recorded.messages == 1);
    int code = ws_close_code(&c, 5000);
    ck_assert(code == 1013 || code == 1006);
    peer_close(&c);
    WAIT_FOR(recorded.closed == 1);
    server_stop();
}
END_TEST

START_TEST(a_reader_that_stops_is_closed_after_the_age_limit)
{
    struct net_config config = config_of_test();
    config.queue_bytes = 100 * 1024 * 1024;
    config.queue_age_ms = 1000;
    server_run(&config);
    recorded.burst_frames = 60;
    recorded.burst_size = 1000000;
    struct peer c;
    live_open(&c);
    ws_send(&c, WS_TEXT, "burst", 5);
    int64_t from = test_now_ms();
    WAIT_FOR(recorded.closed == 1);
    ck_assert_int_ge(test_now_ms() - from, 900);
    peer_close(&c);
    server_stop();
}
END_TEST

/* The span of somebody who watched in silence lasts until the server's own farewell. */
START_TEST(the_answer_to_our_close_is_the_last_byte)
{
    start();
    struct peer c;
    live_open(&c);
    ws_send(&c, WS_TEXT, "close", 5);
    ck_assert_int_eq(ws_close_code(&c, 5000), 4401);
    int64_t there = clock_now_us(&server.clock);
    ws_send(&c, WS_CLOSE, "\x11\x31", 2);
    WAIT_FOR(recorded.closed == 1);
    ck_assert(recorded.last_rx >= there);
    peer_close(&c);
    server_stop();
}
END_TEST

START_TEST(draining_says_goodbye_with_1001)
{
    start();
    struct peer clients[8];
    for (int i = 0; i < 8; i++)
        live_open(&clients[i]);
    WAIT_FOR(recorded.opened == 8);
    pthread_t thread;
    pthread_create(&thread, NULL, (void *(*)(void *))(void (*)(void))server_stop, NULL);
    for (int i = 0; i < 8; i++) {
        expect_text(&clients[i], "bye");
        ck_assert_int_eq(ws_close_code(&clients[i], 5000), 1001);
        ws_send(&clients[i], WS_CLOSE, "\x03\xe9", 2);
        peer_close(&clients[i]);
    }
    pthread_join(thread, NULL);
}
END_TEST

START_TEST(draining_cuts_those_who_do_not_answer)
{
    start();
    struct peer c;
    live_open(&c);
    WAIT_FOR(recorded.opened == 1);
    int64_t from = test_now_ms();
    server_stop_after(300);
    ck_assert_int_lt(test_now_ms() - from, 4000);
    ck_assert_int_eq(recorded.closed, 1);
    peer_close(&c);
}
END_TEST

static void plain(void)
{
    use_tls = false;
}

static void over_tls(void)
{
    use_tls = true;
}

static void add_tests(TCase *t)
{
    tcase_set_timeout(t, 60);
    tcase_add_test(t, only_own_pages_open_it);
    tcase_add_test(t, a_client_of_the_first_protocol_is_let_in_to_be_told_to_reload);
    tcase_add_test(t, the_cookie_is_read_by_its_exact_name);
    tcase_add_test(t, commands_arrive_whole_and_answers_come_back);
    tcase_add_test(t, broken_frames_close_with_the_right_code);
    tcase_add_test(t, a_silent_peer_is_noticed_and_a_live_one_is_pinged);
    tcase_add_test(t, lws_04_a_slow_reader_gets_whole_frames_in_order);
    tcase_add_test(t, what_is_told_at_once_keeps_its_place_behind_what_waits);
    tcase_add_test(t, lws_04_nothing_is_given_to_lws_while_it_holds_something);
    tcase_add_test(t, a_reader_over_its_bound_is_closed);
    tcase_add_test(t, a_reader_that_stops_is_closed_after_the_age_limit);
    tcase_add_test(t, the_answer_to_our_close_is_the_last_byte);
    tcase_add_test(t, draining_says_goodbye_with_1001);
    tcase_add_test(t, draining_cuts_those_who_do_not_answer);
}

int main(void)
{
    Suite *s = suite_create("net_live");
    TCase *bare = tcase_create("plain"), *tls = tcase_create("tls");
    tcase_add_checked_fixture(bare, plain, NULL);
    tcase_add_checked_fixture(tls, over_tls, NULL);
    add_tests(bare);
    add_tests(tls);
    suite_add_tcase(s, bare);
    suite_add_tcase(s, tls);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
