/* What is logged of those who ask too often: enough to see it, too little to fill a disk. */
#include "base/log.h"
#include "integration/net_server.h"
#include <sys/mman.h>

static void handle_empty(struct http_exchange *x)
{
    http_reply_empty(x, 204);
}

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/api/empty", .handle = handle_empty}, {.method = NULL}};
static const struct http_route *const tables[] = {routes, NULL};

/* Lines of the log with this text in them. */
static int lines_with(int log, const char *text)
{
    static char all[1 << 20];
    ssize_t len = pread(log, all, sizeof all - 1, 0);
    int n = 0;
    ck_assert_int_ge(len, 0);
    all[len] = '\0';
    for (char *at = all; (at = strstr(at, text)); at++)
        n++;
    return n;
}

/* On one connection, so on one loop. */
static void ask_for(struct peer *c, int status)
{
    char text[128];
    struct answer a;
    snprintf(text, sizeof text, "GET /api/empty HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
             server.port);
    peer_sends(c, text);
    peer_answer(c, &a);
    ck_assert_int_eq(a.status, status);
    answer_free(&a);
}

START_TEST(refusals_are_logged_once_a_second_and_counted)
{
    int log = memfd_create("log", MFD_CLOEXEC);
    test_tables = tables;
    struct net_config config = server_config(false);
    config.http.default_rate = (struct rate){3, 1};
    log_set_fd(log);
    server_run(&config);
    struct peer c;
    peer_open(&c, server.port, false);
    int64_t began = test_now_ms();
    for (int i = 0; i < 300; i++)
        ask_for(&c, i < 3 ? 204 : 429);
    int64_t seconds = (test_now_ms() - began) / 1000 + 1;
    ck_assert_int_eq(lines_with(log, "\"status\":204"), 3);
    ck_assert_int_ge(lines_with(log, "\"status\":429"), 1);
    ck_assert_int_le(lines_with(log, "\"status\":429"), (int)seconds + 1);
    while (lines_with(log, "\"not_logged\":") == 0 && test_now_ms() - began < 10000)
        ask_for(&c, 429); /* the next second says how many it was */
    ck_assert_int_eq(lines_with(log, "\"not_logged\":") > 0, 1);
    peer_close(&c);
    server_stop();
    log_set_fd(1);
    close(log);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("net_log");
    TCase *t = tcase_create("net_log");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, refusals_are_logged_once_a_second_and_counted);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
