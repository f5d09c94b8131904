/* What other nodes pass on to a live connection that requests carry: its bounds. */
#include "integration/net_server.h"
#include "net/passed_on.h"

static const struct http_route routes[] = {{.method = NULL}};
static const struct http_route *const tables[] = {routes, NULL};

static _Atomic int told; /* other nodes */

static bool find_nobody(struct app *app, const uint8_t mark[static NET_NODE_MARK], struct id *node)
{
    (void)app, (void)mark, (void)node;
    return false;
}

static void count_told(struct app *app, const struct id *node, const char *kind, const char *data,
                       size_t len)
{
    (void)app, (void)node, (void)kind, (void)data, (void)len;
    told++;
}

static bool is_good(const char *kind, const char *data, size_t len)
{
    struct id from = {{1}};
    bool good = true;
    ck_assert(net_passed_on(server.net, &from, kind, data, len, &good));
    return good;
}

START_TEST(what_another_node_passes_on_is_checked)
{
    static const struct net_others others = {.find = find_nobody, .send = count_told};
    char ask[111] = {0}, answer[29] = {0};
    struct id from = {{1}};
    bool good;
    test_tables = tables;
    struct net_config config = server_config(false);
    config.others = &others;
    server_run(&config);
    ck_assert(!net_passed_on(server.net, &from, "records", ask, sizeof ask, &good));
    ask[33] = 1; /* asks for frames, of a connection that is not there */
    ck_assert(is_good("ask", ask, sizeof ask));
    ck_assert(!is_good("ask", ask, sizeof ask - 1));
    ck_assert(!is_good("ask", ask, 0));
    ask[33] = 0; /* opens one */
    ck_assert(!is_good("ask", ask, sizeof ask));
    ask[33] = 4;
    ck_assert(!is_good("ask", ask, sizeof ask));
    ask[33] = 1;
    ask[17] = 100; /* no such loop */
    ck_assert(!is_good("ask", ask, sizeof ask));
    ck_assert(is_good("answer", answer, sizeof answer)); /* nobody waits for it */
    ck_assert(!is_good("answer", answer, sizeof answer - 1));
    answer[19] = 3; /* no such code */
    ck_assert(!is_good("answer", answer, sizeof answer));
    for (int64_t until = test_now_ms() + 5000; told == 0 && test_now_ms() < until;)
        usleep(1000);
    ck_assert_int_eq(told, 1);
    server_stop();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("net_passed_on");
    TCase *t = tcase_create("all");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, what_another_node_passes_on_is_checked);
    suite_add_tcase(s, t);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
