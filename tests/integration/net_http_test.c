/* HTTP requests over the real socket: what they may look like, and the checks before a handler. */
#include "integration/net_server.h"

static void handle_echo(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (body)
        http_reply_json(x, 200, json_incref(body));
}

static void handle_who(struct http_exchange *x)
{
    const char *q = http_query(x, "q");
    http_reply_json(x, 200,
                    json_pack("{s:i,s:s,s:s?,s:s,s:i}", "roles", (int)x->who.roles, "name",
                              http_path_text(x, "name"), "q", q, "address", x->address, "limit",
                              http_query_limit(x)));
}

static void handle_id(struct http_exchange *x)
{
    struct id id;
    if (http_path_id(x, "id", &id))
        http_reply_empty(x, 204);
}

static const struct http_route routes[] = {
    {.method = "POST", .pattern = "/api/echo", .handle = handle_echo},
    {.method = "PUT", .pattern = "/api/echo", .handle = handle_echo},
    {.method = "GET", .pattern = "/api/who/{name}", .handle = handle_who},
    {.method = "GET",
     .pattern = "/api/staff/{name}",
     .handle = handle_who,
     .roles = ROLE_ORGANISER},
    {.method = "GET", .pattern = "/api/things/{id}", .handle = handle_id},
    {.method = "GET", .pattern = "/api/rare/{name}", .handle = handle_who, .rate = {2, 1}},
    {.method = NULL}};
static const struct http_route *const tables[] = {routes, NULL};

#define SAFE "X-Amphi: 1\r\nContent-Type: application/json\r\n"

static void expect(const char *line, const char *head, const char *body, int status,
                   const char *code)
{
    struct answer a;
    ask(line, head, body, &a);
    ck_assert_msg(a.status == status, "%s: %d, not %d: %s", line, a.status, status,
                  a.body ? a.body : "");
    ck_assert(a.whole);
    if (code) {
        ck_assert_str_eq(answer_header(&a, "Content-Type"), "application/problem+json");
        char want[100];
        snprintf(want, sizeof want, "\"code\":\"%s\"", code);
        ck_assert_msg(strstr(a.body, want), "%s: %s", line, a.body);
    }
    answer_free(&a);
}

START_TEST(a_json_body_comes_back)
{
    struct answer a;
    ask("POST /api/echo", SAFE "Content-Length: 9\r\n", "{\"a\":\"b\"}", &a);
    ck_assert_int_eq(a.status, 200);
    ck_assert_str_eq(a.body, "{\"a\":\"b\"}");
    ck_assert_str_eq(answer_header(&a, "Content-Type"), "application/json");
    ck_assert_str_eq(answer_header(&a, "X-Content-Type-Options"), "nosniff");
    ck_assert_ptr_nonnull(
        strstr(answer_header(&a, "Content-Security-Policy"), "default-src 'none'"));
    /* The stage asks for them. */
    ck_assert_ptr_nonnull(strstr(answer_header(&a, "Permissions-Policy"),
                                 "camera=(self), microphone=(self), display-capture=(self)"));
    ck_assert_ptr_nonnull(answer_header(&a, "X-Request-Id"));
    ck_assert_str_eq(answer_header(&a, "Cache-Control"), "no-store");
    answer_free(&a);
}
END_TEST

START_TEST(parameters_are_decoded_and_unknown_paths_are_404)
{
    struct answer a;
    ask("GET /api/who/J%C3%BCrg?q=a%26b&limit=500", "", "", &a);
    ck_assert_int_eq(a.status, 200);
    ck_assert_ptr_nonnull(strstr(a.body, "\"name\":\"J\xc3\xbcrg\""));
    ck_assert_ptr_nonnull(strstr(a.body, "\"q\":\"a&b\""));
    ck_assert_ptr_nonnull(strstr(a.body, "\"address\":\"127.0.0.1\""));
    ck_assert_ptr_nonnull(strstr(a.body, "\"limit\":200"));
    answer_free(&a);
    expect("GET /api/nothing", "", "", 404, "not_found");
    expect("GET /api/things/x", "", "", 404, "not_found");
    expect("GET /api/things/6a2f41a3-c54c-4ce9-8f1c-2f6e6b0cd2a1", "", "", 204, NULL);
}
END_TEST

START_TEST(another_method_is_405_with_allow)
{
    struct answer a;
    ask("DELETE /api/echo", "X-Amphi: 1\r\n", "", &a);
    ck_assert_int_eq(a.status, 405);
    ck_assert_str_eq(answer_header(&a, "Allow"), "POST, PUT");
    answer_free(&a);
    ask("OPTIONS /api/who/x", "", "", &a);
    ck_assert_int_eq(a.status, 405);
    ck_assert_str_eq(answer_header(&a, "Allow"), "GET, HEAD");
    answer_free(&a);
}
END_TEST

START_TEST(roles_rates_and_csrf_are_checked_in_order)
{
    expect("GET /api/staff/x", "", "", 401, "auth.required");
    expect("GET /api/staff/x",
           "Cookie: __Host-amphi=h"
           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n",
           "", 403, "auth.forbidden");
    expect("GET /api/staff/x",
           "Cookie: __Host-amphi=x"
           "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n",
           "", 401, "auth.required");
    expect("GET /api/staff/x", "Cookie: a=b; __Host-amphi=" TEST_TOKEN "\r\n", "", 200, NULL);
    expect("POST /api/echo", "Content-Type: application/json\r\nContent-Length: 2\r\n", "{}", 403,
           "auth.csrf");
    expect("POST /api/echo", SAFE "Origin: https://evil.example\r\nContent-Length: 2\r\n", "{}",
           403, "auth.csrf");
    char head[256];
    snprintf(head, sizeof head, SAFE "Origin: %s\r\nContent-Length: 2\r\n", server_origin());
    expect("POST /api/echo", head, "{}", 200, NULL);
    expect("GET /api/rare/x", "", "", 200, NULL);
    expect("GET /api/rare/x", "", "", 200, NULL);
    expect("GET /api/rare/x", "", "", 429, "rate.limited");
}
END_TEST

START_TEST(malformed_requests_are_refused)
{
    expect("POST /api/echo", SAFE, "", 411, "request.length");
    expect("POST /api/echo", SAFE "Content-Length: -1\r\n", "", 400, "request.length");
    expect("POST /api/echo", SAFE "Content-Length: 2, 2\r\n", "{}", 400, "request.length");
    expect("POST /api/echo", SAFE "Content-Length: 2\r\nContent-Length: 2\r\n", "{}", 400,
           "request.length");
    expect("POST /api/echo", SAFE "Content-Length: 0x2\r\n", "{}", 400, "request.length");
    expect("POST /api/echo", SAFE "Content-Length: 100000\r\n", "", 413, "request.too_large");
    expect("POST /api/echo", "X-Amphi: 1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n",
           "{}", 415, "request.content_type");
    expect("POST /api/echo", SAFE "Content-Length: 2\r\n", "{,", 400, "request.invalid");
    expect("GET /api/who/a%01b", "", "", 400, "request.invalid");
    expect("GET /api/who/a%5Cb", "", "", 400, "request.invalid");
    expect("GET /api/who/a%FFb", "", "", 400, "request.invalid");
    expect("POST /api/echo", SAFE "Expect: magic\r\nContent-Length: 2\r\n", "{}", 417,
           "request.expect");
    struct peer c;
    peer_open(&c, server.port, server.tls);
    peer_sends(&c, "GET /api/who/a HTTP/1.1\r\nHost: other\r\n\r\n");
    struct answer a;
    peer_answer(&c, &a);
    ck_assert_int_eq(a.status, 421);
    answer_free(&a);
    peer_close(&c);
    /* a NUL in a path, a header block over 16 KB, and things that are not HTTP: no answer is due */
    const char *odd[] = {"GET /api/who/a%00b HTTP/1.1\r\nHost: x\r\n\r\n",
                         "BREW /pot HTCPCP/1.0\r\n\r\n", "\x16\x03\x01\x02\x00\x01\xfc\x03\x03",
                         "GET\r\n\r\n"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        peer_open(&c, server.port, server.tls);
        peer_sends(&c, odd[i]);
        peer_sends(&c, "\r\n\r\n");
        peer_answer(&c, &a);
        ck_assert_int_ne(a.status, 200);
        answer_free(&a);
        peer_close(&c);
    }
    peer_open(&c, server.port, server.tls);
    peer_sends(&c, "GET /api/who/a HTTP/1.1\r\nX-Long: ");
    for (int i = 0; i < 200; i++)
        peer_try_send(&c,
                      "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
                      "yyyyyyyyyyyyyyyyyyyyyyyyyy",
                      100);
    peer_try_send(&c, "\r\n\r\n", 4);
    peer_answer(&c, &a);
    ck_assert_int_ne(a.status, 200);
    answer_free(&a);
    peer_close(&c);
    expect("GET /healthz", "", "", 200, NULL);
}
END_TEST

/* lws 4.1.6 hands chunks over undecoded and never ends the body. */
START_TEST(lws_09_chunked_bodies_are_refused)
{
    int64_t from = test_now_ms();
    expect("POST /api/echo", SAFE "Transfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n", 411,
           "request.length");
    expect("POST /api/echo", SAFE "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", "{}", 400,
           NULL);
    expect("GET /api/who/x", "Transfer-Encoding: chunked\r\n", "", 411, "request.length");
    ck_assert_int_lt(test_now_ms() - from, 3000);
}
END_TEST

START_TEST(one_connection_serves_many_requests)
{
    struct peer c;
    struct answer a;
    char text[2048];
    peer_open(&c, server.port, server.tls);
    for (int i = 0; i < 5; i++) {
        const char *want = i % 2 ? "\"name\":\"a\"" : "{\"n\":1}";
        snprintf(text, sizeof text,
                 i % 2 ? "GET /api/who/a HTTP/1.1\r\nHost: localhost:%d\r\n\r\n"
                       : "POST /api/echo HTTP/1.1\r\nHost: localhost:%d\r\n" SAFE
                         "Content-Length: 7\r\n\r\n{\"n\":1}",
                 server.port);
        peer_sends(&c, text);
        peer_answer(&c, &a);
        ck_assert_int_eq(a.status, 200);
        ck_assert_ptr_nonnull(strstr(a.body, want));
        answer_free(&a);
    }
    snprintf(text, sizeof text,
             "GET /api/who/z HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n\r\n",
             server.port);
    peer_sends(&c, text);
    peer_answer(&c, &a);
    ck_assert_int_eq(a.status, 200);
    ck_assert_str_eq(answer_header(&a, "Connection"), "close");
    answer_free(&a);
    ck_assert(peer_ends(&c, 3000));
    peer_close(&c);
}
END_TEST

START_TEST(pipelined_requests_are_answered_in_order)
{
    struct peer c;
    struct answer a;
    char text[2048];
    peer_open(&c, server.port, server.tls);
    snprintf(text, sizeof text,
             "GET /api/who/a HTTP/1.1\r\nHost: localhost:%d\r\n\r\n"
             "GET /api/who/b HTTP/1.1\r\nHost: localhost:%d\r\n\r\n"
             "GET /api/who/c HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
             server.port, server.port, server.port);
    peer_sends(&c, text);
    const char *want[] = {"\"name\":\"a\"", "\"name\":\"b\"", "\"name\":\"c\""};
    for (int k = 0; k < 3; k++) {
        peer_answer(&c, &a);
        ck_assert_int_eq(a.status, 200);
        ck_assert_ptr_nonnull(strstr(a.body, want[k]));
        answer_free(&a);
    }
    peer_close(&c);
}
END_TEST

/* lws 4.3 takes what follows a body for more of it: the request is answered, and those after it
 * either are too, in order, or the reply says that the connection is closed. */
START_TEST(requests_pipelined_after_a_body_are_answered_or_told_to_come_again)
{
    struct peer c;
    struct answer a;
    char text[2048];
    peer_open(&c, server.port, server.tls);
    snprintf(text, sizeof text,
             "POST /api/echo HTTP/1.1\r\nHost: localhost:%d\r\n" SAFE "Content-Length: 2\r\n\r\n{}"
             "GET /api/who/a HTTP/1.1\r\nHost: localhost:%d\r\n\r\n"
             "GET /api/who/b HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
             server.port, server.port, server.port);
    peer_sends(&c, text);
    const char *want[] = {"{}", "\"name\":\"a\"", "\"name\":\"b\""};
    bool closes = false;
    for (int k = 0; k < 3 && !closes; k++) {
        peer_answer(&c, &a);
        ck_assert_int_eq(a.status, 200);
        ck_assert_ptr_nonnull(strstr(a.body, want[k]));
        closes = answer_header(&a, "Connection") != NULL;
        answer_free(&a);
    }
    if (closes)
        ck_assert(peer_ends(&c, 5000));
    peer_close(&c);
}
END_TEST

/* lws takes the head of such a request for its body, or never returns: closed before it can. */
START_TEST(a_body_that_is_pipelined_closes_the_connection)
{
    struct peer c;
    struct answer a;
    char text[2048];
    peer_open(&c, server.port, server.tls);
    snprintf(text, sizeof text,
             "GET /api/who/a HTTP/1.1\r\nHost: localhost:%d\r\n\r\n"
             "POST /api/echo HTTP/1.1\r\nHost: localhost:%d\r\n" SAFE "Content-Length: 2\r\n\r\n{}"
             "GET /api/who/b HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
             server.port, server.port, server.port);
    peer_sends(&c, text);
    peer_answer(&c, &a);
    ck_assert_int_eq(a.status, 200);
    answer_free(&a);
    ck_assert(peer_ends(&c, 3000));
    peer_close(&c);
    expect("GET /healthz", "", "", 200, NULL);
}
END_TEST

START_TEST(expect_100_is_answered)
{
    struct peer c;
    struct answer a;
    char text[512];
    peer_open(&c, server.port, server.tls);
    snprintf(text, sizeof text,
             "POST /api/echo HTTP/1.1\r\nHost: localhost:%d\r\n" SAFE
             "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n",
             server.port);
    peer_sends(&c, text);
    peer_answer(&c, &a);
    ck_assert_int_eq(a.status, 100);
    answer_free(&a);
    peer_sends(&c, "{}");
    peer_answer(&c, &a);
    ck_assert_int_eq(a.status, 200);
    answer_free(&a);
    peer_close(&c);
}
END_TEST

static void prepare(bool tls)
{
    test_tables = tables;
    server_start(tls);
}

static void start_plain(void)
{
    prepare(false);
}

static void start_tls(void)
{
    prepare(true);
}

static void add_tests(TCase *t)
{
    tcase_add_test(t, a_json_body_comes_back);
    tcase_add_test(t, parameters_are_decoded_and_unknown_paths_are_404);
    tcase_add_test(t, another_method_is_405_with_allow);
    tcase_add_test(t, roles_rates_and_csrf_are_checked_in_order);
    tcase_add_test(t, malformed_requests_are_refused);
    tcase_add_test(t, lws_09_chunked_bodies_are_refused);
    tcase_add_test(t, one_connection_serves_many_requests);
    tcase_add_test(t, pipelined_requests_are_answered_in_order);
    tcase_add_test(t, requests_pipelined_after_a_body_are_answered_or_told_to_come_again);
    tcase_add_test(t, a_body_that_is_pipelined_closes_the_connection);
    tcase_add_test(t, expect_100_is_answered);
}

int main(void)
{
    Suite *s = suite_create("net_http");
    TCase *plain = tcase_create("plain"), *tls = tcase_create("tls");
    tcase_add_checked_fixture(plain, start_plain, server_stop);
    tcase_add_checked_fixture(tls, start_tls, server_stop);
    tcase_set_timeout(plain, 60);
    tcase_set_timeout(tls, 60);
    add_tests(plain);
    add_tests(tls);
    suite_add_tcase(s, plain);
    suite_add_tcase(s, tls);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
