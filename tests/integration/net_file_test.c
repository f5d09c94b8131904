/* Replies that are files, sent by the loop: whole or visibly broken, and cut when they are read too
 * slowly. */
#include "integration/net_server.h"
#include <sys/mman.h>
#include <sys/socket.h>

#define FILE_NAME  "amphi-reply"
#define FILE_BYTES 2000000
#define HUGE_BYTES (1LL << 30)

static int files_open(void)
{
    return descriptors_of(FILE_NAME);
}

/* Byte i is i * 7 >> 3. ?mode=short: half of what is announced; huge: a gigabyte; middle: a part.
 */
static void handle_file(struct http_exchange *x)
{
    const char *mode = http_query(x, "mode") ? http_query(x, "mode") : "";
    bool huge = strcmp(mode, "huge") == 0, middle = strcmp(mode, "middle") == 0;
    int fd = memfd_create(FILE_NAME, MFD_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    unsigned char *bytes = malloc(FILE_BYTES);
    for (size_t i = 0; i < FILE_BYTES; i++)
        bytes[i] = (unsigned char)(i * 7 >> 3);
    size_t len = strcmp(mode, "short") == 0 ? FILE_BYTES / 2 : FILE_BYTES;
    ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
    free(bytes);
    if (huge)
        ck_assert_int_eq(ftruncate(fd, HUGE_BYTES), 0);
    http_reply_file(x, &(struct http_file){.fd = fd,
                                           .offset = middle ? 1000 : 0,
                                           .len = huge     ? HUGE_BYTES
                                                  : middle ? 500
                                                           : FILE_BYTES,
                                           .content_type = "text/csv; charset=utf-8",
                                           .etag = middle ? "abc" : NULL,
                                           .max_age = middle ? 60 : 0,
                                           .filename = middle ? NULL : "a.csv"});
}

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/api/file", .handle = handle_file, .pool = DB_LONG},
    {.method = NULL}};
static const struct http_route *const tables[] = {routes, NULL};

static size_t wrong_bytes(const struct answer *a, size_t offset)
{
    size_t wrong = 0;
    for (size_t i = 0; i < a->body_len; i++)
        wrong += (unsigned char)a->body[i] != (unsigned char)((offset + i) * 7 >> 3);
    return wrong;
}

START_TEST(a_file_is_whole_or_visibly_broken)
{
    struct answer a;
    ask("GET /api/file", "", "", &a);
    ck_assert_int_eq(a.status, 200);
    ck_assert(a.whole);
    ck_assert_uint_eq(a.body_len, FILE_BYTES);
    ck_assert_uint_eq(wrong_bytes(&a, 0), 0);
    ck_assert_str_eq(answer_header(&a, "Content-Disposition"),
                     "attachment; filename=\"a.csv\"; filename*=UTF-8''a.csv");
    ck_assert_str_eq(answer_header(&a, "Cache-Control"), "no-store");
    answer_free(&a);
    ask("GET /api/file?mode=short", "", "", &a);
    ck_assert_int_eq(a.status, 200);
    ck_assert(!a.whole);
    answer_free(&a);
    WAIT_FOR(files_open() == 0);
}
END_TEST

START_TEST(a_part_of_a_file_is_sent_and_cached)
{
    struct answer a;
    ask("GET /api/file?mode=middle", "", "", &a);
    ck_assert(a.whole);
    ck_assert_uint_eq(a.body_len, 500);
    ck_assert_uint_eq(wrong_bytes(&a, 1000), 0);
    ck_assert_ptr_null(answer_header(&a, "Content-Disposition"));
    ck_assert_str_eq(answer_header(&a, "Cache-Control"), "private, max-age=60");
    answer_free(&a);
    ask("HEAD /api/file?mode=middle", "", "", &a);
    ck_assert_int_eq(a.status, 200);
    ck_assert_str_eq(answer_header(&a, "Content-Length"), "500");
    answer_free(&a);
    ask("GET /api/file?mode=middle", "If-None-Match: \"abc\"\r\n", "", &a);
    ck_assert_int_eq(a.status, 304);
    answer_free(&a);
    WAIT_FOR(files_open() == 0);
}
END_TEST

START_TEST(a_file_is_closed_when_its_client_goes)
{
    struct peer c;
    char text[256];
    peer_open(&c, server.port, server.tls);
    snprintf(text, sizeof text, "GET /api/file?mode=huge HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
             server.port);
    peer_sends(&c, text);
    peer_more(&c, 5000);
    ck_assert_int_eq(files_open(), 1);
    peer_close(&c);
    WAIT_FOR(files_open() == 0);
}
END_TEST

/* Reads `piece` bytes of a large file every 50 ms until the server has cut it, for at most `ms`. */
static void read_slowly(bool tls, size_t piece, int ms, struct peer *c)
{
    struct net_config config = server_config(tls);
    char text[256], bytes[65536];
    config.stall_ms = 1000;
    server_run(&config);
    peer_open(c, server.port, tls);
    snprintf(text, sizeof text, "GET /api/file?mode=huge HTTP/1.1\r\nHost: localhost:%d\r\n\r\n",
             server.port);
    peer_sends(c, text);
    WAIT_FOR(files_open() == 1);
    for (int64_t until = test_now_ms() + ms; files_open() && test_now_ms() < until; usleep(50000))
        if (tls)
            SSL_read(c->ssl, bytes, (int)piece);
        else
            recv(c->fd, bytes, piece, 0);
}

START_TEST(a_download_slower_than_its_rate_is_cut)
{
    struct peer c;
    test_tables = tables;
    read_slowly(_i, 100, 10000, &c); /* 2 KB/s, for ever */
    ck_assert_int_eq(files_open(), 0);
    peer_close(&c);
    server_stop();
}
END_TEST

START_TEST(a_download_that_keeps_its_rate_goes_on)
{
    struct peer c;
    test_tables = tables;
    read_slowly(_i, 65536, 4000, &c); /* a megabyte a second */
    ck_assert_int_eq(files_open(), 1);
    peer_close(&c);
    WAIT_FOR(files_open() == 0);
    server_stop();
}
END_TEST

static void start_plain(void)
{
    test_tables = tables;
    server_start(false);
}

static void start_tls(void)
{
    test_tables = tables;
    server_start(true);
}

static void add_tests(TCase *t)
{
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_file_is_whole_or_visibly_broken);
    tcase_add_test(t, a_part_of_a_file_is_sent_and_cached);
    tcase_add_test(t, a_file_is_closed_when_its_client_goes);
}

int main(void)
{
    Suite *s = suite_create("net_file");
    TCase *plain = tcase_create("plain"), *tls = tcase_create("tls"), *slow = tcase_create("slow");
    tcase_add_checked_fixture(plain, start_plain, server_stop);
    tcase_add_checked_fixture(tls, start_tls, server_stop);
    add_tests(plain);
    add_tests(tls);
    tcase_set_timeout(slow, 90);
    tcase_add_loop_test(slow, a_download_slower_than_its_rate_is_cut, 0, 2);
    tcase_add_loop_test(slow, a_download_that_keeps_its_rate_goes_on, 0, 2);
    suite_add_tcase(s, plain);
    suite_add_tcase(s, tls);
    suite_add_tcase(s, slow);
    SRunner *runner = srunner_create(s);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
