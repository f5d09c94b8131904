/* What stands at the door: TLS, PROXY protocol, caps, idle connections, time limits, metrics. */
#include "integration/net_server.h"
#include "net/tickets.h"
#include <sys/mman.h>

static void handle_address(struct http_exchange *x)
{
    http_reply_json(x, 200, json_pack("{s:s}", "address", x->address));
}

/* Every byte of a sparse file. */
static void handle_endless(struct http_exchange *x)
{
    int fd = memfd_create("endless", MFD_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(ftruncate(fd, 1LL << 40), 0);
    http_reply_file(x,
                    &(struct http_file){.fd = fd, .len = 1ULL << 40, .content_type = "text/plain"});
}

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/api/address", .handle = handle_address},
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

/* --- TLS --- */

/* Whether browsers are told to come by https alone. */
static bool demands_https(const char *base_url, const char *host)
{
    struct net_config config = config_for(false);
    struct answer a;
    config.base_url = base_url;
    server_run(&config);
    struct peer c;
    peer_open(&c, server.port, false);
    char text[256];
    snprintf(text, sizeof text, "GET /api/address HTTP/1.1\r\nHost: %s\r\n\r\n", host);
    peer_sends(&c, text);
    peer_answer(&c, &a);
    ck_assert_int_eq(a.status, 200);
    bool demanded = answer_header(&a, "Strict-Transport-Security") != NULL;
    answer_free(&a);
    peer_close(&c);
    server_stop();
    return demanded;
}

START_TEST(browsers_are_bound_to_https_by_the_base_url)
{
    ck_assert(demands_https("https://amphi.example", "amphi.example"));
    ck_assert(!demands_https("http://amphi.example", "amphi.example"));
    ck_assert(!demands_https("https://localhost:8443", "localhost:8443"));
}
END_TEST

START_TEST(old_tls_is_refused)
{
    start(true);
    struct peer c;
    peer_open(&c, server.port, false);
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION);
    SSL_CTX_set_max_proto_version(ctx, TLS1_1_VERSION);
    SSL_CTX_set_security_level(ctx, 0);
    ck_assert(!peer_begin_tls(&c, ctx, NULL));
    SSL_CTX_free(ctx);
    peer_close(&c);
    server_stop();
}
END_TEST

/* One connection with the ticket of the one before, which is replaced by its own. */
static bool resumes(SSL_CTX *ctx, SSL_SESSION **session)
{
    struct peer c;
    struct answer a;
    peer_open(&c, server.port, false);
    ck_assert(peer_begin_tls(&c, ctx, *session));
    bool resumed = SSL_session_reused(c.ssl);
    peer_sends(&c, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    peer_answer(&c, &a); /* the ticket comes first */
    answer_free(&a);
    SSL_SESSION_free(*session);
    *session = SSL_get1_session(c.ssl);
    SSL_shutdown(c.ssl); /* else it forgets the session */
    peer_close(&c);
    return resumed;
}

static SSL_CTX *client_with_sessions(int version)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT);
    SSL_CTX_set_max_proto_version(ctx, version);
    return ctx;
}

START_TEST(sessions_resume_on_every_loop)
{
    start(true);
    SSL_SESSION *session = NULL;
    SSL_CTX *ctx = client_with_sessions(TLS1_3_VERSION);
    ck_assert(!resumes(ctx, &session));
    for (int i = 0; i < 11; i++)
        ck_assert(resumes(ctx, &session));
    SSL_SESSION_free(session);
    SSL_CTX_free(ctx);
    server_stop();
}
END_TEST

static atomic_int turns[TEST_LOOPS];

static void count_turn(struct test_room *d)
{
    turns[d->index]++;
}

/* Each loop has seen the new time before anybody comes: else the newcomer is late by a day. */
static void let_a_day_pass(void)
{
    clock_advance(&server.clock, TICKET_KEY_US);
    turns[0] = turns[1] = 0;
    WAIT_FOR(turns[0] >= 2 && turns[1] >= 2);
}

START_TEST(a_ticket_outlives_one_change_of_keys_and_not_two)
{
    struct net_config config = config_for(true);
    clock_init_fake(&server.clock, 1800000000 * US_PER_S);
    server_run(&config);
    on_room_turn = count_turn;
    let_a_day_pass(); /* the loops began by the machine's clock */
    static const int versions[] = {TLS1_3_VERSION, TLS1_2_VERSION};
    for (size_t i = 0; i < 2; i++) {
        SSL_SESSION *session = NULL;
        SSL_CTX *ctx = client_with_sessions(versions[i]);
        ck_assert(!resumes(ctx, &session));
        let_a_day_pass();
        SSL_SESSION *of_yesterday = session;
        SSL_SESSION_up_ref(of_yesterday);
        ck_assert(resumes(ctx, &session));
        SSL_SESSION_free(session);
        let_a_day_pass();
        session = of_yesterday;
        ck_assert(!resumes(ctx, &session));
        ck_assert(resumes(ctx, &session)); /* with the ticket of just now */
        SSL_SESSION_free(session);
        SSL_CTX_free(ctx);
    }
    server_stop_after(100); /* with a clock that stands still nobody is late */
}
END_TEST

static long serial_now(void)
{
    struct peer c;
    peer_open(&c, server.port, true);
    X509 *x = SSL_get1_peer_certificate(c.ssl);
    long hash = (long)X509_NAME_hash_ex(X509_get_subject_name(x), NULL, NULL, NULL);
    unsigned char md[32];
    unsigned n = sizeof md;
    X509_digest(x, EVP_sha256(), md, &n);
    memcpy(&hash, md, sizeof hash);
    X509_free(x);
    peer_close(&c);
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
    test_certificate(server.certificate, server.key); /* for the tests that share the folder */
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
        struct peer c;
        struct answer a;
        unsigned char head[28];
        char text[256];
        proxy_header(head);
        peer_open(&c, server.port, false);
        for (size_t i = 0; i < sizeof head; i++) /* byte by byte */
            peer_send(&c, head + i, 1);
        if (tls)
            ck_assert(peer_begin_tls(&c, NULL, NULL));
        snprintf(text, sizeof text, "GET /api/address HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
                 server.port);
        peer_sends(&c, text);
        peer_answer(&c, &a);
        ck_assert_int_eq(a.status, 200);
        ck_assert_str_eq(a.body, "{\"address\":\"192.0.2.7\"}");
        answer_free(&a);
        peer_close(&c);
        peer_open(&c, server.port, false);
        peer_sends(&c, "GET / HTTP/1.1\r\n\r\n"); /* no header: not from the proxy's program */
        ck_assert(peer_ends(&c, 3000));
        peer_close(&c);
        server_stop();
    }
}
END_TEST

/* The answer to a request for the address after these bytes, in two segments that are cut at
 * `first`; NULL: the connection was ended. */
static const char *address_after(const unsigned char *head, size_t len, size_t first)
{
    static char body[128];
    char text[512];
    struct peer c;
    struct answer a;
    peer_open(&c, server.port, false);
    memcpy(text, head, len);
    int n = snprintf(text + len, sizeof text - len,
                     "GET /api/address HTTP/1.1\r\nHost: localhost:%d\r\n\r\n", server.port);
    peer_send(&c, text, first);
    peer_send(&c, text + first, len + (size_t)n - first);
    bool ended = len < 28 ? peer_ends(&c, 3000) : false;
    body[0] = '\0';
    if (!ended) {
        peer_answer(&c, &a);
        snprintf(body, sizeof body, "%d %s", a.status, a.status == 200 ? a.body : "");
        answer_free(&a);
    }
    peer_close(&c);
    return ended ? NULL : body;
}

START_TEST(a_proxy_header_in_two_segments_ends_where_it_says)
{
    unsigned char head[28];
    struct net_config config = config_for(false);
    config.trusted_proxies = "127.0.0.1";
    server_run(&config);
    proxy_header(head);
    for (size_t first = 1; first < sizeof head + 20; first += 3)
        ck_assert_str_eq(address_after(head, sizeof head, first),
                         "200 {\"address\":\"192.0.2.7\"}");
    head[12] = 0x20; /* LOCAL: the proxy itself */
    ck_assert_str_eq(address_after(head, sizeof head, 20), "200 {\"address\":\"127.0.0.1\"}");
    head[12] = 0x11; /* another version */
    ck_assert_ptr_null(address_after(head, 27, 10));
    server_stop();
}
END_TEST

START_TEST(a_proxy_header_from_anybody_else_is_not_believed)
{
    unsigned char head[28];
    struct net_config config = config_for(false);
    config.trusted_proxies = "10.0.0.1";
    server_run(&config);
    proxy_header(head);
    ck_assert_str_eq(address_after(head, sizeof head, 20), "400 ");
    server_stop();
}
END_TEST

START_TEST(connections_that_are_not_signed_in_are_capped_per_address)
{
    struct net_config config = config_for(false);
    config.anonymous_per_address = 3;
    server_run(&config);
    struct peer c[4], more;
    struct answer a;
    char text[512];
    for (int i = 0; i < 3; i++) {
        peer_open(&c[i], server.port, false);
        snprintf(text, sizeof text, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
        peer_sends(&c[i], text);
        peer_answer(&c[i], &a);
        answer_free(&a);
    }
    peer_open(&more, server.port, false);
    ck_assert(peer_ends(&more, 3000));
    peer_close(&more);
    snprintf(text, sizeof text,
             "GET /api/address HTTP/1.1\r\nHost: localhost:%d\r\nCookie: __Host-amphi=" TEST_TOKEN
             "\r\n\r\n",
             server.port);
    peer_sends(&c[0], text); /* this one signs in */
    peer_answer(&c[0], &a);
    ck_assert_int_eq(a.status, 200);
    answer_free(&a);
    peer_open(&c[3], server.port, false);
    peer_sends(&c[3], "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    peer_answer(&c[3], &a);
    ck_assert_int_eq(a.status, 200);
    answer_free(&a);
    for (int i = 0; i < 4; i++)
        peer_close(&c[i]);
    server_stop();
}
END_TEST

START_TEST(idle_connections_end_and_go_first_when_room_is_scarce)
{
    struct net_config config = config_for(false);
    config.max_connections = 32;
    config.idle_ms = 1500;
    server_run(&config);
    struct peer c[60];
    struct answer a;
    int served = 0;
    for (int i = 0; i < 60; i++) {
        peer_open(&c[i], server.port, false);
        peer_try_send(&c[i], "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 34);
        peer_answer(&c[i], &a);
        served += a.status == 200;
        answer_free(&a);
    }
    ck_assert_int_eq(served, 60);
    ck_assert(peer_ends(&c[0], 500)); /* was idle longest */
    int64_t from = test_now_ms();
    ck_assert(peer_ends(&c[59], 4000));
    ck_assert_int_lt(test_now_ms() - from, 3000);
    for (int i = 0; i < 60; i++)
        peer_close(&c[i]);
    server_stop();
}
END_TEST

START_TEST(those_who_arrive_together_do_not_close_each_other)
{
    struct net_config config = config_for(false);
    config.max_connections = 32; /* 24 of them for HTTP; scarce from 21 on */
    server_run(&config);
    struct peer c[24];
    struct answer a;
    for (int i = 0; i < 24; i++)
        peer_open(&c[i], server.port, false);
    for (int i = 23; i >= 0; i--) {
        peer_send(&c[i], "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", 34);
        peer_answer(&c[i], &a);
        ck_assert_int_eq(a.status, 200);
        answer_free(&a);
    }
    for (int i = 0; i < 24; i++)
        peer_close(&c[i]);
    server_stop();
}
END_TEST

START_TEST(a_half_request_does_not_stay)
{
    struct net_config config = config_for(false);
    config.idle_ms = 500;
    server_run(&config);
    struct peer c;
    peer_open(&c, server.port, false);
    peer_sends(&c, "GET /api/address HTTP/1.1\r\nHo");
    ck_assert(peer_ends(&c, 3000));
    peer_close(&c);
    server_stop();
}
END_TEST

START_TEST(a_reply_that_nobody_reads_is_cut)
{
    struct net_config config = config_for(false);
    config.stall_ms = 1000;
    server_run(&config);
    struct peer c;
    char text[256];
    peer_open(&c, server.port, false);
    snprintf(text, sizeof text, "GET /api/endless HTTP/1.1\r\nHost: localhost:%d\r\n\r\nGET / HTT",
             server.port); /* and something it sent on */
    peer_sends(&c, text);
    WAIT_FOR(descriptors_of("endless") == 1);
    WAIT_FOR(descriptors_of("endless") == 0);
    peer_close(&c);
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
    peer_ask(net_metrics_port(server.net), false, "GET /metrics", "", "", &a);
    ck_assert_int_eq(a.status, 200);
    ck_assert_ptr_nonnull(strstr(a.body, "# TYPE amphi_net_requests_total counter\n"));
    answer_free(&a);
    peer_ask(net_metrics_port(server.net), false, "GET /api/address", "", "", &a);
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
    Suite *s = suite_create("net_door");
    TCase *t = tcase_create("all");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, old_tls_is_refused);
    tcase_add_test(t, browsers_are_bound_to_https_by_the_base_url);
    tcase_add_test(t, sessions_resume_on_every_loop);
    tcase_add_test(t, a_ticket_outlives_one_change_of_keys_and_not_two);
    tcase_add_test(t, reload_takes_a_good_pair_and_leaves_a_bad_one);
    tcase_add_test(t, a_broken_pair_stops_the_start_with_a_line);
    tcase_add_test(t, a_trusted_proxy_tells_the_address);
    tcase_add_test(t, a_proxy_header_in_two_segments_ends_where_it_says);
    tcase_add_test(t, a_proxy_header_from_anybody_else_is_not_believed);
    tcase_add_test(t, connections_that_are_not_signed_in_are_capped_per_address);
    tcase_add_test(t, idle_connections_end_and_go_first_when_room_is_scarce);
    tcase_add_test(t, those_who_arrive_together_do_not_close_each_other);
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
