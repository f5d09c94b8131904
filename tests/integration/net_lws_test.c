/* The traps of libwebsockets 4.1.6 that need a server to be seen (the others: net_live_test,
 * net_http_test, http_test; the list is in tests/README-lws.md), and what stands at the door:
 * TLS, PROXY protocol, caps, idle connections, metrics. */
#include "base/metrics.h"
#include "integration/net_server.h"
#include <dlfcn.h>
#include <glob.h>
#include <libwebsockets.h>
#include <sys/socket.h>

/* --- looking over lws's shoulder: these come before the libraries' own --- */

static atomic_long sends, largest_send, sorted_inserts;

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
    real(d, own, compare);
}

/* --- routes --- */

static void handle_address(struct http_exchange *x)
{
    http_reply_json(x, 200, json_pack("{s:s}", "address", x->address));
}

static void handle_length(struct http_exchange *x)
{
    http_reply_json(x, 200, json_pack("{s:I}", "bytes", (json_int_t)x->body_len));
}

static atomic_int stream_result;

static void handle_endless(struct http_exchange *x)
{
    char bytes[10000];
    memset(bytes, 'x', sizeof bytes);
    http_stream_begin(x, "text/plain", "");
    while (http_stream_write(x, bytes, sizeof bytes) == ERR_OK)
        ;
    stream_result = 2;
    http_stream_end(x, true);
}

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/api/address", .handle = handle_address},
    {.method = "POST", .pattern = "/api/length", .handle = handle_length},
    {.method = "GET", .pattern = "/api/endless", .handle = handle_endless, .pool = DB_LONG},
    {.method = NULL}};
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
        struct client c;
        struct answer a;
        char text[17000];
        client_open(&c, server.port, true);
        int n = snprintf(text, sizeof text,
                         "POST /api/length HTTP/1.1\r\nHost: localhost:%d\r\nX-Amphi: 1\r\n"
                         "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n",
                         server.port, size);
        client_send(&c, text, (size_t)n);
        memset(text, ' ', sizeof text);
        client_send(&c, text, (size_t)size); /* one SSL_write, one record */
        client_answer(&c, &a);
        ck_assert_int_eq(a.status, 200);
        answer_free(&a);
        client_close(&c);
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
    struct client c;
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
    client_close(&c);
    server_stop();
}
END_TEST

/* Each pong would re-arm a timer in a list that is searched from its head. */
START_TEST(lws_06_a_pong_sets_no_timer_of_lws)
{
    struct net_config config = config_for(false);
    config.ping_ms = 200;
    server_run(&config);
    struct client clients[10];
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
        client_close(&clients[i]);
    server_stop();
}
END_TEST

START_TEST(lws_08_http_2_is_never_spoken)
{
    start(true);
    struct client c;
    const unsigned char *chosen;
    unsigned len;
    ck_assert(client_open_tls(&c, server.port, "\x02h2\x08http/1.1", 12));
    SSL_get0_alpn_selected(c.ssl, &chosen, &len);
    ck_assert_uint_eq(len, 8);
    ck_assert_mem_eq(chosen, "http/1.1", 8);
    client_close(&c);
    if (client_open_tls(&c, server.port, "\x02h2", 3)) {
        SSL_get0_alpn_selected(c.ssl, &chosen, &len);
        ck_assert_uint_eq(len, 0);
        client_sends(&c, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        while (!c.ended)
            client_more(&c, 5000);
        ck_assert(c.len < 9 || c.in[3] != 4); /* no SETTINGS */
    }
    client_close(&c);
    struct answer a;
    ask("GET /api/address",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
        "", &a);
    ck_assert_int_ne(a.status, 101);
    answer_free(&a);
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

/* --- TLS --- */

START_TEST(old_tls_is_refused_and_sessions_resume_on_every_loop)
{
    start(true);
    struct client c;
    SSL_SESSION *session = NULL;
    client_open(&c, server.port, false);
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(ctx, TLS1_1_VERSION);
    SSL_CTX_set_security_level(ctx, 0);
    SSL *old = SSL_new(ctx);
    SSL_set_fd(old, c.fd);
    ck_assert_int_ne(SSL_connect(old), 1);
    SSL_free(old);
    SSL_CTX_free(ctx);
    client_close(&c);
    ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT);
    int resumed = 0;
    for (int i = 0; i < 12; i++) {
        char text[128];
        client_open(&c, server.port, false);
        SSL *ssl = SSL_new(ctx);
        SSL_set_fd(ssl, c.fd);
        if (session)
            SSL_set_session(ssl, session);
        ck_assert_int_eq(SSL_connect(ssl), 1);
        resumed += SSL_session_reused(ssl);
        snprintf(text, sizeof text, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        ck_assert_int_gt(SSL_write(ssl, text, (int)strlen(text)), 0);
        ck_assert_int_gt(SSL_read(ssl, text, sizeof text), 0); /* the ticket comes first */
        SSL_SESSION_free(session);
        session = SSL_get1_session(ssl);
        SSL_shutdown(ssl); /* else it forgets the session */
        SSL_free(ssl);
        client_close(&c);
    }
    ck_assert_int_eq(resumed, 11);
    SSL_SESSION_free(session);
    SSL_CTX_free(ctx);
    server_stop();
}
END_TEST

static long serial_now(void)
{
    struct client c;
    client_open(&c, server.port, true);
    X509 *x = SSL_get1_peer_certificate(c.ssl);
    long hash = (long)X509_NAME_hash_ex(X509_get_subject_name(x), NULL, NULL, NULL);
    unsigned char md[32];
    unsigned n = sizeof md;
    X509_digest(x, EVP_sha256(), md, &n);
    memcpy(&hash, md, sizeof hash);
    X509_free(x);
    client_close(&c);
    return hash;
}

START_TEST(reload_takes_a_good_pair_and_leaves_a_bad_one)
{
    start(true);
    char why[256] = "", other[128];
    long first = serial_now();
    test_certificate(server.certificate, server.key);
    ck_assert_int_eq(net_reload(server.net, why, sizeof why), ERR_OK);
    long second = serial_now();
    ck_assert_int_ne(first, second);
    snprintf(other, sizeof other, "%s/other.pem", server.folder);
    test_certificate(server.certificate, other); /* the key is not this certificate's */
    ck_assert_int_ne(net_reload(server.net, why, sizeof why), ERR_OK);
    ck_assert_str_ne(why, "");
    for (int i = 0; i < 8; i++)
        ck_assert_int_eq(serial_now(), second);
    server_stop();
}
END_TEST

START_TEST(a_broken_pair_stops_the_start_with_a_line)
{
    struct net_config config = config_for(true);
    char why[256] = "";
    config.key = config.certificate;
    ck_assert_ptr_null(net_new(&config, why, sizeof why));
    ck_assert_ptr_nonnull(strstr(why, config.certificate));
    for (int i = 0; i < TEST_LOOPS; i++)
        loop_free(server.loops[i]);
}
END_TEST

/* --- at the door --- */

static void proxy_header(unsigned char out[28])
{
    static const unsigned char head[] = {'\r', '\n', '\r', '\n', 0,    '\r', '\n', 'Q', 'U', 'I',
                                         'T',  '\n', 0x21, 0x11, 0,    12,   192,  0,   2,   7,
                                         127,  0,    0,    1,    0x30, 0x39, 0x01, 0xbb};
    memcpy(out, head, sizeof head);
}

START_TEST(a_trusted_proxy_tells_the_address)
{
    for (int tls = 0; tls < 2; tls++) {
        struct net_config config = config_for(tls);
        config.trusted_proxies = "10.0.0.1, 127.0.0.1";
        server_run(&config);
        struct client c;
        struct answer a;
        unsigned char head[28];
        char text[256];
        proxy_header(head);
        client_open(&c, server.port, false);
        for (size_t i = 0; i < sizeof head; i++) /* byte by byte */
            client_send(&c, head + i, 1);
        if (tls) {
            c.ctx = SSL_CTX_new(TLS_client_method());
            c.ssl = SSL_new(c.ctx);
            SSL_set_fd(c.ssl, c.fd);
            ck_assert_int_eq(SSL_connect(c.ssl), 1);
        }
        snprintf(text, sizeof text, "GET /api/address HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
                 server.port);
        client_sends(&c, text);
        client_answer(&c, &a);
        ck_assert_int_eq(a.status, 200);
        ck_assert_str_eq(a.body, "{\"address\":\"192.0.2.7\"}");
        answer_free(&a);
        client_close(&c);
        client_open(&c, server.port, false);
        client_sends(&c, "GET / HTTP/1.1\r\n\r\n"); /* no header: not from the proxy's program */
        ck_assert(client_ends(&c, 3000));
        client_close(&c);
        server_stop();
    }
}
END_TEST

START_TEST(connections_that_are_not_signed_in_are_capped_per_address)
{
    struct net_config config = config_for(false);
    config.anonymous_per_address = 3;
    server_run(&config);
    struct client c[4], more;
    struct answer a;
    char text[512];
    for (int i = 0; i < 3; i++) {
        client_open(&c[i], server.port, false);
        snprintf(text, sizeof text, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        client_sends(&c[i], text);
        client_answer(&c[i], &a);
        answer_free(&a);
    }
    client_open(&more, server.port, false);
    ck_assert(client_ends(&more, 3000));
    client_close(&more);
    snprintf(text, sizeof text,
             "GET /api/address HTTP/1.1\r\nHost: localhost:%d\r\nCookie: __Host-amphi=" TEST_TOKEN
             "\r\n\r\n",
             server.port);
    client_sends(&c[0], text); /* this one signs in */
    client_answer(&c[0], &a);
    ck_assert_int_eq(a.status, 200);
    answer_free(&a);
    client_open(&c[3], server.port, false);
    client_sends(&c[3], "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    client_answer(&c[3], &a);
    ck_assert_int_eq(a.status, 200);
    answer_free(&a);
    for (int i = 0; i < 4; i++)
        client_close(&c[i]);
    server_stop();
}
END_TEST

START_TEST(idle_connections_end_and_go_first_when_room_is_scarce)
{
    struct net_config config = config_for(false);
    config.max_connections = 32;
    config.idle_ms = 1500;
    server_run(&config);
    struct client c[60];
    struct answer a;
    int served = 0;
    for (int i = 0; i < 60; i++) {
        client_open(&c[i], server.port, false);
        client_try_send(&c[i], "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 36);
        client_answer(&c[i], &a);
        served += a.status == 200;
        answer_free(&a);
    }
    ck_assert_int_eq(served, 60);
    ck_assert(client_ends(&c[0], 500)); /* was idle longest */
    int64_t from = test_now_ms();
    ck_assert(client_ends(&c[59], 4000));
    ck_assert_int_lt(test_now_ms() - from, 3000);
    for (int i = 0; i < 60; i++)
        client_close(&c[i]);
    server_stop();
}
END_TEST

START_TEST(a_half_request_does_not_stay)
{
    struct net_config config = config_for(false);
    config.idle_ms = 500;
    server_run(&config);
    struct client c;
    client_open(&c, server.port, false);
    client_sends(&c, "GET /api/address HTTP/1.1\r\nHo");
    ck_assert(client_ends(&c, 3000));
    client_close(&c);
    server_stop();
}
END_TEST

START_TEST(a_reply_that_nobody_reads_is_cut)
{
    struct net_config config = config_for(false);
    config.stall_ms = 1000;
    server_run(&config);
    struct client c;
    char text[256];
    stream_result = 0;
    client_open(&c, server.port, false);
    snprintf(text, sizeof text, "GET /api/endless HTTP/1.1\r\nHost: localhost:%d\r\n\r\nGET / HTT",
             server.port); /* and something it sent on */
    client_sends(&c, text);
    WAIT_FOR(stream_result == 2);
    client_close(&c);
    server_stop();
}
END_TEST

START_TEST(metrics_have_a_listener_of_their_own)
{
    struct net_config config = config_for(true);
    config.metrics_port = 0;
    server_run(&config);
    struct answer a;
    ask("GET /healthz", "", "", &a);
    answer_free(&a);
    client_ask(net_metrics_port(server.net), false, "GET /metrics", "", "", &a);
    ck_assert_int_eq(a.status, 200);
    ck_assert_ptr_nonnull(strstr(a.body, "# TYPE amphi_net_requests_total counter\n"));
    answer_free(&a);
    client_ask(net_metrics_port(server.net), false, "GET /api/address", "", "", &a);
    ck_assert_int_eq(a.status, 404);
    answer_free(&a);
    ask("GET /metrics", "", "", &a);
    ck_assert(a.status != 200 || !strstr(a.body, "amphi_net"));
    answer_free(&a);
    server_stop();
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
    tcase_add_test(t, lws_08_http_2_is_never_spoken);
    tcase_add_test(t, lws_12_and_others_calls_that_must_not_come_back);
    tcase_add_test(t, old_tls_is_refused_and_sessions_resume_on_every_loop);
    tcase_add_test(t, reload_takes_a_good_pair_and_leaves_a_bad_one);
    tcase_add_test(t, a_broken_pair_stops_the_start_with_a_line);
    tcase_add_test(t, a_trusted_proxy_tells_the_address);
    tcase_add_test(t, connections_that_are_not_signed_in_are_capped_per_address);
    tcase_add_test(t, idle_connections_end_and_go_first_when_room_is_scarce);
    tcase_add_test(t, a_half_request_does_not_stay);
    tcase_add_test(t, a_reply_that_nobody_reads_is_cut);
    tcase_add_test(t, metrics_have_a_listener_of_their_own);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
