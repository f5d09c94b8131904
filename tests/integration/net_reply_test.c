/* HTTP replies over the real socket: large and cached ones, spooled bodies, web pages. */
#include "integration/net_server.h"
#include <dlfcn.h>
#include <errno.h>
#include <sys/socket.h>

#define SLOW_S 7 /* more than libwebsockets gives where idle_ms is 500 */

static atomic_bool continue_fails;

/* Before libc's: the peer may be gone when it is told to go on. */
ssize_t send(int fd, const void *bytes, size_t len, int flags)
{
    static ssize_t (*_Atomic real)(int, const void *, size_t, int);
    if (!real)
        real = (ssize_t(*)(int, const void *, size_t, int))dlsym(RTLD_NEXT, "send");
    if (continue_fails && len > 12 && memcmp(bytes, "HTTP/1.1 100", 12) == 0) {
        continue_fails = false;
        errno = EPIPE;
        return -1;
    }
    return real(fd, bytes, len, flags);
}

static void handle_slow(struct http_exchange *x)
{
    sleep(SLOW_S);
    http_reply_json(x, 200, json_object());
}

static void handle_small(struct http_exchange *x)
{
    http_reply_json(x, 200, json_object());
}

static void handle_spool(struct http_exchange *x)
{
    static unsigned char bytes[50000000];
    size_t sum = 0;
    ck_assert_ptr_nonnull(x->upload);
    size_t n = blob_peek(x->upload, bytes, sizeof bytes);
    for (size_t i = 0; i < n; i++)
        sum += bytes[i];
    http_reply_json(x, 201, json_pack("{s:I,s:I}", "bytes", (json_int_t)n, "sum", (json_int_t)sum));
}

static bool admit_small(struct http_exchange *x)
{
    if (x->body_len <= 1000)
        return true;
    http_problem(x, 413, "request.too_large", "too large");
    return false;
}

static void handle_big(struct http_exchange *x)
{
    struct payload *p = payload_new(3000000);
    for (size_t i = 0; i < p->len; i++)
        p->bytes[i] = (unsigned char)(i * 7 >> 3);
    http_reply_payload(x, p, "image/webp", "abc", 60);
}

static void handle_cookie(struct http_exchange *x)
{
    http_set_sign_in(x, SIDE_STAFF, "T", 60);
    http_header(x, "Location", "/api/there");
    http_reply_json(x, 201, json_object());
}

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/api/small", .handle = handle_small},
    {.method = "GET", .pattern = "/api/slow", .handle = handle_slow},
    {.method = "POST", .pattern = "/api/slow", .handle = handle_slow},
    {.method = "POST",
     .pattern = "/api/spool",
     .handle = handle_spool,
     .spool = true,
     .max_body = 50000000},
    {.method = "POST",
     .pattern = "/api/staff-file",
     .roles = ROLE_STAFF,
     .handle = handle_spool,
     .spool = true,
     .max_body = 50000000},
    {.method = "POST",
     .pattern = "/api/small-file",
     .handle = handle_spool,
     .spool = true,
     .admit = admit_small,
     .max_body = 50000000},
    {.method = "GET", .pattern = "/api/big", .handle = handle_big},
    {.method = "POST", .pattern = "/api/cookie", .handle = handle_cookie},
    {.method = NULL}};
static const struct http_route *const tables[] = {routes, NULL};

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

static void write_file(const char *name, const char *text)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", server.web, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

START_TEST(a_long_body_is_spooled)
{
    struct peer c;
    struct answer a;
    char head[512], want[64];
    size_t size = 20000000, sum = 0;
    unsigned char *body = malloc(size);
    for (size_t i = 0; i < size; i++)
        sum += body[i] = (unsigned char)(i >> 5);
    peer_open(&c, server.port, server.tls);
    snprintf(head, sizeof head,
             "POST /api/spool HTTP/1.1\r\nHost: localhost:%d\r\nX-Amphi: 1\r\n"
             "Content-Type: application/pdf\r\nContent-Length: %zu\r\n\r\n",
             server.port, size);
    peer_sends(&c, head);
    peer_send(&c, body, size);
    peer_answer(&c, &a);
    ck_assert_int_eq(a.status, 201);
    snprintf(want, sizeof want, "{\"bytes\":%zu,\"sum\":%zu}", size, sum);
    ck_assert_str_eq(a.body, want);
    answer_free(&a);
    free(body);
    peer_close(&c);
    expect("POST /api/spool", "X-Amphi: 1\r\nContent-Length: 50000001\r\n", "", 413,
           "request.too_large");
}
END_TEST

/* Only the head is sent: an answer that waits for the body would never come. */
START_TEST(a_file_is_refused_before_it_is_sent)
{
    expect("POST /api/staff-file", "X-Amphi: 1\r\nContent-Length: 40000000\r\n", "", 401,
           "auth.required");
    expect("POST /api/small-file", "Content-Length: 400\r\n", "", 403, "auth.csrf");
    expect("POST /api/small-file", "X-Amphi: 1\r\nContent-Length: 1001\r\n", "", 413,
           "request.too_large");
    expect("POST /api/small-file", "X-Amphi: 1\r\nContent-Length: 3\r\n", "abc", 201, NULL);
}
END_TEST

START_TEST(a_large_reply_arrives_whole_and_is_cached)
{
    struct answer a;
    ask("GET /api/big", "", "", &a);
    ck_assert_int_eq(a.status, 200);
    ck_assert_uint_eq(a.body_len, 3000000);
    size_t wrong = 0;
    for (size_t i = 0; i < a.body_len; i++)
        wrong += (unsigned char)a.body[i] != (unsigned char)(i * 7 >> 3);
    ck_assert_uint_eq(wrong, 0);
    ck_assert_str_eq(answer_header(&a, "Cache-Control"), "private, max-age=60");
    ck_assert_str_eq(answer_header(&a, "ETag"), "\"abc\"");
    answer_free(&a);
    expect("GET /api/big", "If-None-Match: W/\"x\", \"abc\"\r\n", "", 304, NULL);
    ask("HEAD /api/big", "", "", &a);
    ck_assert_int_eq(a.status, 200);
    ck_assert_str_eq(answer_header(&a, "Content-Length"), "3000000");
    answer_free(&a);
    ask("POST /api/cookie", "X-Amphi: 1\r\nContent-Length: 0\r\n", "", &a);
    ck_assert_str_eq(answer_header(&a, "Set-Cookie"),
                     "__Host-amphi=T; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Strict");
    ck_assert_str_eq(answer_header(&a, "Location"), "/api/there");
    answer_free(&a);
}
END_TEST

START_TEST(a_database_that_is_away_is_503)
{
    struct answer a;
    recorded.away = true;
    ask("GET /api/small", "", "", &a);
    recorded.away = false;
    ck_assert_int_eq(a.status, 503);
    ck_assert_ptr_nonnull(answer_header(&a, "Retry-After"));
    ck_assert_ptr_nonnull(strstr(a.body, "\"code\":\"server.busy\""));
    answer_free(&a);
    expect("GET /healthz", "", "", 200, NULL);
    expect("GET /readyz", "", "", 200, NULL);
}
END_TEST

START_TEST(pages_are_served_from_memory)
{
    struct answer a;
    ask("GET /", "", "", &a);
    ck_assert_int_eq(a.status, 200);
    ck_assert_str_eq(a.body, "<!doctype html>");
    ck_assert_str_eq(answer_header(&a, "Cache-Control"), "no-cache");
    answer_free(&a);
    ask("GET /congress/some/where", "", "", &a);
    ck_assert_str_eq(a.body, "<!doctype html>");
    ck_assert_ptr_nonnull(answer_header(&a, "Content-Security-Policy"));
    answer_free(&a);
    ask("GET /app-1A2B3C4D.js", "Accept-Encoding: gzip, br;q=0\r\n", "", &a);
    ck_assert_str_eq(a.body, "GZ");
    ck_assert_str_eq(answer_header(&a, "Content-Encoding"), "gzip");
    ck_assert_str_eq(answer_header(&a, "X-Content-Type-Options"), "nosniff");
    ck_assert_ptr_null(answer_header(&a, "Content-Security-Policy")); /* the document's holds */
    ck_assert_str_eq(answer_header(&a, "Vary"), "Accept-Encoding");
    ck_assert_str_eq(answer_header(&a, "Cache-Control"), "public, max-age=31536000, immutable");
    char head[128];
    snprintf(head, sizeof head, "Accept-Encoding: gzip\r\nIf-None-Match: %s\r\n",
             answer_header(&a, "ETag"));
    answer_free(&a);
    expect("GET /app-1A2B3C4D.js", head, "", 304, NULL);
    expect("GET /missing.js", "", "", 404, "not_found");
    expect("GET /api", "", "", 404, "not_found");
    expect("GET /live", "", "", 426, "request.upgrade");
    expect("GET /../../../etc/passwd", "", "", 200, NULL); /* a page of the application */
}
END_TEST

/* It wants to be told to go on, sends the body all the same, and is gone before it is told: there
 * is a body then, and nobody who asked for it. */
START_TEST(a_client_that_is_gone_before_100_continue)
{
    struct peer c;
    char text[512];
    test_tables = tables;
    server_start(false);
    peer_open(&c, server.port, false);
    snprintf(text, sizeof text,
             "POST /api/cookie HTTP/1.1\r\nHost: localhost:%d\r\nX-Amphi: 1\r\n"
             "Expect: 100-continue\r\nContent-Length: 100\r\n\r\n{\"a\":1}",
             server.port);
    continue_fails = true;
    peer_sends(&c, text);
    ck_assert(peer_ends(&c, 5000));
    ck_assert(!continue_fails);
    peer_close(&c);
    expect("GET /api/small", "", "", 200, NULL);
    server_stop();
}
END_TEST

/* libwebsockets has limits in time of its own, which are longer than idle_ms and would cut what a
 * handler takes long for. */
START_TEST(a_handler_may_take_longer_than_a_request)
{
    static const char *const heads[] = {"GET", "POST"};
    static const char *const bodies[] = {"", "X-Amphi: 1\r\nContent-Length: 2\r\n"};
    struct peer c[2];
    char text[256];
    test_tables = tables;
    struct net_config config = server_config(false);
    config.idle_ms = 500;
    server_run(&config);
    for (int i = 0; i < 2; i++) {
        peer_open(&c[i], server.port, false);
        snprintf(text, sizeof text, "%s /api/slow HTTP/1.1\r\nHost: localhost:%d\r\n%s\r\n%s",
                 heads[i], server.port, bodies[i], i ? "{}" : "");
        peer_sends(&c[i], text);
    }
    for (int i = 0; i < 2; i++) {
        struct answer a;
        peer_more(&c[i], 2000 * SLOW_S);
        peer_answer(&c[i], &a);
        ck_assert_int_eq(a.status, 200);
        answer_free(&a);
        peer_close(&c[i]);
    }
    server_stop();
}
END_TEST

START_TEST(a_body_that_comes_too_slowly_is_408)
{
    test_tables = tables;
    struct net_config config = server_config(_i);
    struct peer c;
    struct answer a;
    char text[256];
    config.idle_ms = 500;
    server_run(&config);
    peer_open(&c, server.port, _i);
    snprintf(text, sizeof text,
             "POST /api/cookie HTTP/1.1\r\nHost: localhost:%d\r\nX-Amphi: 1\r\n"
             "Content-Length: 5000\r\n\r\n{\"a\"",
             server.port);
    peer_sends(&c, text);
    peer_answer(&c, &a);
    ck_assert_int_eq(a.status, 408);
    ck_assert_ptr_nonnull(strstr(a.body, "\"code\":\"request.timeout\""));
    ck_assert(peer_ends(&c, 5000));
    answer_free(&a);
    peer_close(&c);
    server_stop();
}
END_TEST

static void prepare(bool tls)
{
    test_tables = tables;
    server_folder();
    write_file("index.html", "<!doctype html>");
    write_file("app-1A2B3C4D.js", "console.log(1)");
    write_file("app-1A2B3C4D.js.gz", "GZ");
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
    tcase_add_test(t, a_long_body_is_spooled);
    tcase_add_test(t, a_file_is_refused_before_it_is_sent);
    tcase_add_test(t, a_large_reply_arrives_whole_and_is_cached);
    tcase_add_test(t, a_database_that_is_away_is_503);
    tcase_add_test(t, pages_are_served_from_memory);
}

int main(void)
{
    Suite *s = suite_create("net_reply");
    TCase *plain = tcase_create("plain"), *tls = tcase_create("tls");
    tcase_add_checked_fixture(plain, start_plain, server_stop);
    tcase_add_checked_fixture(tls, start_tls, server_stop);
    tcase_set_timeout(plain, 60);
    tcase_set_timeout(tls, 60);
    add_tests(plain);
    add_tests(tls);
    suite_add_tcase(s, plain);
    suite_add_tcase(s, tls);
    TCase *time = tcase_create("time");
    tcase_set_timeout(time, 60);
    tcase_add_loop_test(time, a_body_that_comes_too_slowly_is_408, 0, 2);
    tcase_add_test(time, a_handler_may_take_longer_than_a_request);
    tcase_add_test(time, a_client_that_is_gone_before_100_continue);
    suite_add_tcase(s, time);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
