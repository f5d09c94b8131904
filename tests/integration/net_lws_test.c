/* The traps of libwebsockets 4.1.6 that need a server to be seen (the others: net_live_test,
 * net_http_test, http_test; the list is in tests/README-lws.md), and what stands at the door:
 * TLS, PROXY protocol, caps, idle connections, metrics. */
#include "integration/net_server.h"
#include <dlfcn.h>
#include <glob.h>
#include <libwebsockets.h>
#include <sys/socket.h>

/* --- looking over lws's shoulder: these come before the libraries' own --- */

static atomic_long sends, largest_send, sorted_inserts;
static _Atomic uint32_t longest_list; /* that was inserted into */

ssize_t send(int fd, const void *bytes, size_t len, int flags)
{
    static ssize_t (*_Atomic real)(int, const void *, size_t, int);
    if (!real)
        real = (ssize_t(*)(int, const void *, size_t, int))dlsym(RTLD_NEXT, "send");
    sends++;
    if ((long)len > largest_send)
        largest_send = (long)len;
    return real(fd, bytes, len, flags);
}

void lws_dll2_add_sorted(lws_dll2_t *d, lws_dll2_owner_t *own,
                         int (*compare)(const lws_dll2_t *d, const lws_dll2_t *i))
{
    typedef void function(lws_dll2_t *, lws_dll2_owner_t *,
                          int (*)(const lws_dll2_t *, const lws_dll2_t *));
    static function *_Atomic real;
    if (!real)
        real = (function *)dlsym(RTLD_NEXT, "lws_dll2_add_sorted");
    sorted_inserts++;
    if (own->count > longest_list)
        longest_list = own->count;
    real(d, own, compare);
}

/* --- routes --- */

static void handle_length(struct http_exchange *x)
{
    http_reply_json(x, 200, json_pack("{s:I}", "bytes", (json_int_t)x->body_len));
}

static const struct http_route routes[] = {
    {.method = "POST", .pattern = "/api/length", .handle = handle_length}, {.method = NULL}};
static const struct http_route *const tables[] = {routes, NULL};

static struct net_config config_for(bool tls)
{
    test_tables = tables;
    return server_config(tls);
}

static void start(bool tls)
{
    struct net_config config = config_for(tls);
    server_run(&config);
}

/* --- lws --- */

/* poll() instead of libuv costs twenty times as much with ten thousand connections. */
START_TEST(lws_01_the_libuv_plugin_drives_the_loops)
{
    start(false);
    char line[1024];
    bool loaded = false;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps && fgets(line, sizeof line, maps))
        loaded |= strstr(line, "evlib_uv") != NULL;
    fclose(maps);
    ck_assert(loaded);
    struct answer a;
    ask("GET /healthz", "", "", &a);
    ck_assert_int_eq(a.status, 200);
    answer_free(&a);
    server_stop();
}
END_TEST

/* A record that does not fit one read leaves bytes in OpenSSL that no descriptor tells of. */
START_TEST(lws_02_a_body_in_one_tls_record_arrives)
{
    start(true);
    for (int size = 4000; size <= 16000; size += 4000) {
        struct peer c;
        struct answer a;
        char text[17000];
        peer_open(&c, server.port, true);
        int n = snprintf(text, sizeof text,
                         "POST /api/length HTTP/1.1\r\nHost: localhost:%d\r\nX-Amphi: 1\r\n"
                         "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n",
                         server.port, size);
        peer_send(&c, text, (size_t)n);
        memset(text, ' ', sizeof text);
        peer_send(&c, text, (size_t)size); /* one SSL_write, one record */
        peer_answer(&c, &a);
        ck_assert_int_eq(a.status, 200);
        answer_free(&a);
        peer_close(&c);
    }
    server_stop();
}
END_TEST

/* Without tx_packet_size a frame leaves in pieces of 4 KB, each with a copy of the rest. */
START_TEST(lws_03_a_frame_of_60_kb_leaves_in_one_write)
{
    start(false);
    recorded.burst_frames = 1;
    recorded.burst_size = 60000;
    struct peer c;
    live_open(&c);
    ck_assert_int_gt(sends, 0); /* we do see the writes of lws */
    largest_send = 0;
    ws_send(&c, WS_TEXT, "burst", 5);
    int opcode;
    char *payload;
    size_t len;
    ck_assert(ws_read(&c, &opcode, &payload, &len, 5000));
    ck_assert_uint_eq(len, 60000);
    free(payload);
    ck_assert_int_eq(largest_send, 60004);
    /* frames of one turn leave together */
    recorded.burst_frames = 50;
    recorded.burst_size = 100;
    long before = sends;
    ws_send(&c, WS_TEXT, "burst", 5);
    for (int i = 0; i < 50; i++) {
        ck_assert(ws_read(&c, &opcode, &payload, &len, 5000));
        free(payload);
    }
    ck_assert_int_eq(sends - before, 2); /* the command, and one for all of them */
    peer_close(&c);
    server_stop();
}
END_TEST

/* Each pong would re-arm a timer in a list that is searched from its head. */
START_TEST(lws_06_a_pong_sets_no_timer_of_lws)
{
    struct net_config config = config_for(false);
    config.ping_ms = 200;
    server_run(&config);
    struct peer clients[10];
    int opcode;
    char *payload;
    size_t len;
    for (int i = 0; i < 10; i++)
        live_open(&clients[i]);
    ck_assert_int_gt(sorted_inserts, 0); /* we do see the timers of lws */
    long before = 0;
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 10; i++) {
            ck_assert(ws_read(&clients[i], &opcode, &payload, &len, 3000));
            ck_assert_int_eq(opcode, WS_PING);
            ws_send(&clients[i], WS_PONG, payload, len);
            free(payload);
        }
        if (round == 0)
            before = sorted_inserts;
    }
    ck_assert_int_eq(sorted_inserts - before, 0);
    for (int i = 0; i < 10; i++)
        peer_close(&clients[i]);
    server_stop();
}
END_TEST

/* Nor do connections that wait for their next request: every new timer would walk past theirs. */
START_TEST(lws_06_idle_connections_are_in_no_list_of_lws)
{
    enum { IDLE = 30, SOME = 10 };
    struct peer clients[IDLE];
    struct answer a;
    start(false);
    longest_list = 0;
    for (int i = 0; i < IDLE; i++) {
        peer_open(&clients[i], server.port, false);
        char text[80];
        snprintf(text, sizeof text, "GET /nothing HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
                 server.port);
        peer_sends(&clients[i], text);
        peer_answer(&clients[i], &a);
        ck_assert_int_eq(a.status, 404);
        answer_free(&a);
    }
    ck_assert_uint_lt(longest_list, SOME);
    for (int i = 0; i < IDLE; i++)
        peer_close(&clients[i]);
    server_stop();
}
END_TEST

START_TEST(lws_08_http_2_is_never_spoken)
{
    start(true);
    struct peer c;
    const unsigned char *chosen;
    unsigned len;
    ck_assert(peer_open_tls(&c, server.port, "\x02h2\x08http/1.1", 12));
    SSL_get0_alpn_selected(c.ssl, &chosen, &len);
    ck_assert_uint_eq(len, 8);
    ck_assert_mem_eq(chosen, "http/1.1", 8);
    peer_close(&c);
    if (peer_open_tls(&c, server.port, "\x02h2", 3)) {
        SSL_get0_alpn_selected(c.ssl, &chosen, &len);
        ck_assert_uint_eq(len, 0);
        peer_sends(&c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        while (!c.ended)
            peer_more(&c, 5000);
        ck_assert(c.len < 9 || c.in[3] != 4); /* no SETTINGS */
    }
    peer_close(&c);
    struct answer a;
    ask("GET /healthz",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
        "", &a);
    ck_assert_int_ne(a.status, 101);
    answer_free(&a);
    server_stop();
}
END_TEST

#define PROTOCOL "Sec-WebSocket-Protocol: amphi.2\r\n"

/* A key that is too long fails after the protocol was bound: lws says CLOSED without ESTABLISHED.
 */
START_TEST(lws_10_a_connection_that_never_opened_is_not_closed_to_rooms)
{
    start(false);
    struct peer c;
    struct answer a;
    char text[2048], key[201];
    memset(key, 'A', 200);
    key[200] = '\0';
    peer_open(&c, server.port, server.tls);
    snprintf(text, sizeof text,
             "GET /live HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\n"
             "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nOrigin: %s\r\n"
             "Sec-WebSocket-Key: %s\r\n" PROTOCOL "\r\n",
             server.port, server_origin(), key);
    peer_sends(&c, text);
    peer_answer(&c, &a);
    ck_assert_int_ne(a.status, 101);
    answer_free(&a);
    ck_assert(peer_ends(&c, 5000));
    peer_close(&c);
    server_stop(); /* compares opened with closed, and closed with what was known */
    ck_assert_int_eq(recorded.opened, 0);
    ck_assert_int_eq(recorded.closed, 0);
}
END_TEST

/* lws frees the request's headers before it asks about an Upgrade that it does not know. The freed
 * bytes are read only by a careless guard; run this under ASan or valgrind. */
START_TEST(lws_07_an_unknown_upgrade_is_refused_without_reading_freed_headers)
{
    start(false);
    static const char *const upgrades[] = {"foobar", "h2c", "websocket2", "WEBSOCKE", ""};
    for (size_t i = 0; i < sizeof upgrades / sizeof *upgrades; i++) {
        struct peer c;
        struct answer a;
        char text[512];
        peer_open(&c, server.port, server.tls);
        snprintf(text, sizeof text, "GET /healthz HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
                 server.port);
        peer_sends(&c, text);
        peer_answer(&c, &a);
        ck_assert_int_eq(a.status, 200);
        answer_free(&a);
        snprintf(
            text, sizeof text,
            "GET /healthz HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: %s\r\n"
            "Connection: keep-alive, Upgrade\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n",
            server.port, upgrades[i]);
        peer_sends(&c, text);
        peer_answer(&c, &a);
        ck_assert_int_ne(a.status, 101);
        answer_free(&a);
        peer_close(&c);
    }
    server_stop();
}
END_TEST

START_TEST(lws_05_each_loop_has_a_listener_and_a_second_server_is_told)
{
    struct net_config config = config_for(false);
    server_run(&config);
    struct peer clients[64];
    for (int i = 0; i < 64; i++)
        live_open(&clients[i]);
    WAIT_FOR(recorded.opened == 64);
    ck_assert_int_gt(recorded.opened_on[0], 0);
    ck_assert_int_gt(recorded.opened_on[1], 0);
    char why[256] = "";
    config.port = server.port;
    ck_assert_ptr_null(net_new(&config, why, sizeof why));
    ck_assert_ptr_nonnull(strstr(why, "in use"));
    for (int i = 0; i < 64; i++)
        peer_close(&clients[i]);
    WAIT_FOR(recorded.closed == 64);
    server_stop();
}
END_TEST

static bool code_has(const char *text, const char *word)
{
    for (const char *at = text; (at = strstr(at, word)); at++) {
        const char *line = at;
        while (line > text && line[-1] != '\n')
            line--;
        bool comment =
            strspn(line, " ") < strlen(line) &&
            (strncmp(line + strspn(line, " "), "/*", 2) == 0 || line[strspn(line, " ")] == '*');
        if (!comment &&
            (at[strlen(word)] == ' ' || at[strlen(word)] == '(' || at[strlen(word)] == ';'))
            return true;
    }
    return false;
}

/* What no running server shows: options that must stay away from the code. Run from the top. */
START_TEST(lws_12_and_others_calls_that_must_not_come_back)
{
    static const char *const banned[] = {
        ".fd_limit_per_thread",
        "->fd_limit_per_thread",                /* lws-12: a linear search per event */
        "lws_http_cookie_get",                  /* lws-11 */
        "LWS_SERVER_OPTION_ALLOW_LISTEN_SHARE", /* lws-05: does nothing here */
        "lws_set_timer_usecs",
        "lws_sul_schedule", /* lws-06 */
        "info->extensions",
        "lws_extension_callback_pm_deflate",
    };
    glob_t files;
    ck_assert_msg(glob("server/net/*.c", 0, NULL, &files) == 0, "run this from the top folder");
    for (size_t i = 0; i < files.gl_pathc; i++) {
        static char text[200000];
        FILE *f = fopen(files.gl_pathv[i], "r");
        text[fread(text, 1, sizeof text - 1, f)] = '\0';
        fclose(f);
        for (size_t k = 0; k < sizeof banned / sizeof *banned; k++)
            ck_assert_msg(!code_has(text, banned[k]), "%s: %s", files.gl_pathv[i], banned[k]);
    }
    globfree(&files);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("net_lws");
    TCase *t = tcase_create("all");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, lws_01_the_libuv_plugin_drives_the_loops);
    tcase_add_test(t, lws_02_a_body_in_one_tls_record_arrives);
    tcase_add_test(t, lws_03_a_frame_of_60_kb_leaves_in_one_write);
    tcase_add_test(t, lws_06_a_pong_sets_no_timer_of_lws);
    tcase_add_test(t, lws_06_idle_connections_are_in_no_list_of_lws);
    tcase_add_test(t, lws_08_http_2_is_never_spoken);
    tcase_add_test(t, lws_12_and_others_calls_that_must_not_come_back);
    tcase_add_test(t, lws_10_a_connection_that_never_opened_is_not_closed_to_rooms);
    tcase_add_test(t, lws_07_an_unknown_upgrade_is_refused_without_reading_freed_headers);
    tcase_add_test(t, lws_05_each_loop_has_a_listener_and_a_second_server_is_told);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
