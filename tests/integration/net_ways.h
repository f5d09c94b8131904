/* One test in three ways: plain, over TLS, and behind a trusted proxy. Included by one test program
 * each; it names the routes with test_tables before start(). */
#ifndef AMPHI_TESTS_NET_WAYS_H
#define AMPHI_TESTS_NET_WAYS_H

#include "integration/net_server.h"

static bool use_tls, use_proxy;

static void start(void)
{
    struct net_config config = server_config(use_tls);
    config.trusted_proxies = use_proxy ? "127.0.0.1" : NULL;
    server_run(&config);
}

static void open_peer(struct peer *c)
{
    static const unsigned char proxied[28] = {
        0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, 0x21, 0x11,
        0x00, 0x0c, 198,  51,   100,  7,    203,  0,    113,  1,    0x30, 0x39, 0x01, 0xbb};
    peer_open(c, server.port, server.tls);
    if (use_proxy)
        peer_send(c, proxied, sizeof proxied);
}

/* Sent whole, or byte by byte. */
static void send_as(struct peer *c, const char *bytes, size_t len, bool slowly)
{
    for (size_t i = 0; slowly && i < len; i++)
        if (!peer_try_send(c, bytes + i, 1))
            return;
    if (!slowly)
        peer_send(c, bytes, len);
}

static void plain(void)
{
    use_tls = use_proxy = false;
}

static void over_tls(void)
{
    use_tls = true;
    use_proxy = false;
}

static void behind_a_proxy(void)
{
    use_tls = false;
    use_proxy = true;
}

static int run_ways(const char *name, void (*add_tests)(TCase *t))
{
    static const struct {
        const char *name;
        void (*set)(void);
    } all[] = {{"plain", plain}, {"tls", over_tls}, {"proxied", behind_a_proxy}};
    Suite *s = suite_create(name);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        TCase *t = tcase_create(all[i].name);
        tcase_add_checked_fixture(t, all[i].set, NULL);
        tcase_set_timeout(t, 120);
        add_tests(t);
        suite_add_tcase(s, t);
    }
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}

#endif
