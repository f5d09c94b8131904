/* http/ without a socket: route table, cookie and header parsers, rates. */
#include "base/rate.h"
#include "http/cookie.h"
#include "http/disposition.h"
#include "http/gzip.h"
#include "http/path.h"
#include "http/router.h"
#include "run.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void handle(struct http_exchange *x)
{
    (void)x;
}

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/api/sessions/{session}/polls/{poll}", .handle = handle},
    {.method = "PUT", .pattern = "/api/sessions/{session}/polls/order", .handle = handle},
    {.method = "GET", .pattern = "/api/sessions/{session}/polls/order", .handle = handle},
    {.method = "DELETE", .pattern = "/api/sessions/{session}", .handle = handle},
    {.method = NULL}};
static const struct http_route more[] = {{.method = "GET", .pattern = "/api/me", .handle = handle},
                                         {.method = NULL}};
static const struct http_route *const tables[] = {routes, more, NULL};

START_TEST(a_literal_segment_wins_over_a_parameter)
{
    struct router *r = router_new(tables);
    struct route_hit hit;
    ck_assert_int_eq(router_find(r, "GET", "/api/sessions/a/polls/order", &hit), ROUTE_OK);
    ck_assert_str_eq(hit.route->pattern, "/api/sessions/{session}/polls/order");
    ck_assert_int_eq(router_find(r, "GET", "/api/sessions/a/polls/b", &hit), ROUTE_OK);
    ck_assert_uint_eq(hit.param_count, 2);
    ck_assert(hit.params[1].name_len == 4 && memcmp(hit.params[1].name, "poll", 4) == 0);
    ck_assert(hit.params[1].value_len == 1 && *hit.params[1].value == 'b');
    router_free(r);
}
END_TEST

START_TEST(what_does_not_match_is_told_apart)
{
    struct router *r = router_new(tables);
    struct route_hit hit;
    ck_assert_int_eq(router_find(r, "GET", "/api/me", &hit), ROUTE_OK);
    ck_assert_int_eq(router_find(r, "HEAD", "/api/me", &hit), ROUTE_OK);
    ck_assert_int_eq(router_find(r, "GET", "/api/me/", &hit), ROUTE_NONE);
    ck_assert_int_eq(router_find(r, "GET", "/api/sessions//polls/order", &hit), ROUTE_NONE);
    ck_assert_int_eq(router_find(r, "GET", "/", &hit), ROUTE_NONE);
    ck_assert_int_eq(router_find(r, "GET", "/a/b/c/d/e/f/g/h/i/j/k/l/m", &hit), ROUTE_NONE);
    ck_assert_int_eq(router_find(r, "GET", "/api/sessions/a", &hit), ROUTE_OTHER_METHOD);
    ck_assert_str_eq(hit.allow, "DELETE");
    router_free(r);
}
END_TEST

START_TEST(lws_11_a_cookie_is_found_by_its_exact_name_once)
{
    char out[16];
    ck_assert_int_eq(cookie_find("a=1; sid=2", "sid", out, sizeof out), ERR_OK);
    ck_assert_str_eq(out, "2");
    ck_assert_int_eq(cookie_find("xsid=1", "sid", out, sizeof out), ERR_NOT_FOUND);
    ck_assert_int_eq(cookie_find("sidx=1; SID=2; x=sid=3", "sid", out, sizeof out), ERR_NOT_FOUND);
    ck_assert_int_eq(cookie_find("sid=1; sid=1", "sid", out, sizeof out), ERR_INVALID);
    ck_assert_int_eq(cookie_find(" sid = \"q\" ;", "sid", out, sizeof out), ERR_OK);
    ck_assert_str_eq(out, "q");
    ck_assert_int_eq(cookie_find("sid=0123456789abcdef", "sid", out, sizeof out), ERR_TOO_LARGE);
    ck_assert_int_eq(cookie_find("sid=; ;;=;", "sid", out, sizeof out), ERR_OK);
    ck_assert_str_eq(out, "");
    ck_assert_int_eq(cookie_find("", "sid", out, sizeof out), ERR_NOT_FOUND);
    ck_assert_int_eq(cookie_find(NULL, "sid", out, sizeof out), ERR_NOT_FOUND);
}
END_TEST

#define VALID(text) path_valid(text, sizeof text - 1)

START_TEST(paths_that_hide_something_are_refused)
{
    ck_assert(VALID("/"));
    ck_assert(VALID("/api/x/"));
    ck_assert(VALID("/api/J\xc3\xbcrg"));
    ck_assert(VALID("/..a/b.."));
    ck_assert(!VALID(""));
    ck_assert(!VALID("api"));
    ck_assert(!VALID("/a\0b"));
    ck_assert(!VALID("/a//b"));
    ck_assert(!VALID("/a/../b"));
    ck_assert(!VALID("/a/."));
    ck_assert(!VALID("/a\\b"));
    ck_assert(!VALID("/a\nb"));
    ck_assert(!VALID("/a\x7f"));
    ck_assert(!VALID("/\xff"));
    char longest[PATH_MAX_BYTES + 1];
    memset(longest, 'a', sizeof longest);
    longest[0] = '/';
    ck_assert(path_valid(longest, PATH_MAX_BYTES));
    ck_assert(!path_valid(longest, PATH_MAX_BYTES + 1));
}
END_TEST

START_TEST(a_length_is_one_decimal_number)
{
    uint64_t n;
    ck_assert(decimal_parse("0", 1, &n) && n == 0);
    ck_assert(decimal_parse("209715200", 9, &n) && n == 209715200);
    const char *bad[] = {"", "-1", "+1", " 1", "1 ", "0x1", "1,1", "1e3", "1234567890123456789"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!decimal_parse(bad[i], strlen(bad[i]), &n), "%s", bad[i]);
}
END_TEST

START_TEST(entity_tags_and_codings_are_matched)
{
    ck_assert(etag_matches("\"a\"", "\"a\""));
    ck_assert(etag_matches("W/\"x\", W/\"a\"", "\"a\""));
    ck_assert(etag_matches("*", "\"a\""));
    ck_assert(!etag_matches("\"ab\"", "\"a\""));
    ck_assert(!etag_matches("a", "\"a\""));
    ck_assert(!etag_matches("", "\"a\""));
    ck_assert(!etag_matches("*", ""));
    ck_assert(encoding_accepted("gzip, deflate, br", "br"));
    ck_assert(encoding_accepted("GZIP;q=0.5", "gzip"));
    ck_assert(!encoding_accepted("gzip;q=0, br", "gzip"));
    ck_assert(!encoding_accepted("brotli", "br"));
    ck_assert(!encoding_accepted("", "br"));
}
END_TEST

static const char *disposition(const char *filename)
{
    static struct buf out;
    buf_release(&out);
    buf_init(&out, 4096);
    disposition_add(&out, filename);
    return out.data;
}

START_TEST(what_is_compressed_is_shorter_and_comes_back_whole)
{
    struct payload *parts[2] = {payload_new(50000), payload_new(3)};
    memset(parts[0]->bytes, 'a', parts[0]->len);
    memcpy(parts[1]->bytes, "end", 3);
    struct payload *packed = gzip_payload(payload_join(parts, 2));
    ck_assert_uint_lt(packed->len, 1000);
    static char back[60000];
    z_stream z = {.next_in = packed->bytes,
                  .avail_in = (uInt)packed->len,
                  .next_out = (unsigned char *)back,
                  .avail_out = sizeof back};
    ck_assert_int_eq(inflateInit2(&z, 15 + 16), Z_OK);
    ck_assert_int_eq(inflate(&z, Z_FINISH), Z_STREAM_END);
    ck_assert_uint_eq(z.total_out, 50003);
    ck_assert_int_eq(memcmp(back + 49999, "aend", 4), 0);
    inflateEnd(&z);
    payload_unref(packed);
    payload_unref(parts[0]);
    payload_unref(parts[1]);
}
END_TEST

START_TEST(what_does_not_shrink_is_sent_as_it_is)
{
    struct payload *noise = payload_new(4000), *little = payload_copy("{}", 2);
    uint64_t state = 1;
    for (size_t i = 0; i < noise->len; i++)
        noise->bytes[i] = (unsigned char)((state = state * 6364136223846793005u + 1) >> 33);
    ck_assert_ptr_eq(gzip_payload(noise), noise);
    ck_assert_ptr_eq(gzip_payload(little), little);
    payload_unref(noise);
    payload_unref(little);
}
END_TEST

START_TEST(a_file_name_is_exact_for_who_knows_rfc_8187_and_ascii_for_others)
{
    ck_assert_str_eq(disposition("a b.csv"),
                     "attachment; filename=\"a b.csv\"; filename*=UTF-8''a%20b.csv");
    ck_assert_str_eq(disposition("Présence 50%.csv"), "attachment; filename=\"Pr_sence 50_.csv\"; "
                                                      "filename*=UTF-8''Pr%C3%A9sence%2050%25.csv");
    ck_assert_str_eq(disposition("心臓.csv"), "attachment; filename=\"__.csv\"; "
                                              "filename*=UTF-8''%E5%BF%83%E8%87%93.csv");
}
END_TEST

START_TEST(a_file_name_holds_nothing_that_a_file_system_or_a_header_takes_amiss)
{
    ck_assert_str_eq(disposition("..\\../etc/\"x\": <y>?*|\r\nSet-Cookie: a\t"),
                     "attachment; filename=\"-..-etc-x- y-Set-Cookie- a\"; "
                     "filename*=UTF-8''-..-etc-x-%20y-Set-Cookie-%20a");
    ck_assert_str_eq(disposition("gp\u202Evsc.exe\u200B\u2066.csv"),
                     "attachment; filename=\"gpvsc.exe.csv\"; filename*=UTF-8''gpvsc.exe.csv");
    ck_assert_str_eq(disposition(" . "),
                     "attachment; filename=\"download\"; filename*=UTF-8''download");
}
END_TEST

START_TEST(a_long_title_is_cut_between_characters)
{
    struct buf out;
    buf_init(&out, 64);
    filename_add(&out, "ééé é", 5);
    ck_assert_str_eq(out.data, "éé");
    buf_clear(&out);
    filename_add(&out, "ab  c d", 5);
    ck_assert_str_eq(out.data, "ab c");
    buf_release(&out);
}
END_TEST

static const char *language_of(const char *accept)
{
    struct http_exchange x = {.accept_language = accept};
    return http_language(&x);
}

START_TEST(the_readers_language_is_the_first_of_ours_that_the_browser_names)
{
    ck_assert_str_eq(language_of("fr-FR,fr;q=0.9,en;q=0.8"), "fr");
    ck_assert_str_eq(language_of("de, en-GB;q=0.7, fr"), "en");
    ck_assert_str_eq(language_of("fro,frm;q=1, FR"), "fr");
    ck_assert_str_eq(language_of("de"), "en");
    ck_assert_str_eq(language_of(""), "en");
    ck_assert_str_eq(language_of(","), "en");
}
END_TEST

START_TEST(a_bucket_empties_and_fills_again)
{
    struct rate_table *t = rate_table_new();
    struct rate rate = {3, 60};
    uint64_t key = rate_key(t, 1, "abc", 3);
    int retry = 0;
    for (int i = 0; i < 3; i++)
        ck_assert(rate_allow(t, key, &rate, 1000, &retry));
    ck_assert(!rate_allow(t, key, &rate, 1000, &retry));
    ck_assert_int_ge(retry, 1);
    ck_assert(rate_allow(t, rate_key(t, 2, "abc", 3), &rate, 1000, &retry));
    ck_assert(rate_allow(t, key, &rate, 1000 + US_PER_S, &retry));
    ck_assert(!rate_allow(t, key, &rate, 1000 + US_PER_S, &retry));
    /* many others do not make the table grow, nor forget who came just now */
    for (uint64_t i = 0; i < 300000; i++)
        rate_allow(t, rate_key(t, 3, &i, sizeof i), &rate, 2000 + (int64_t)i, &retry);
    rate_table_free(t);
}
END_TEST

START_TEST(what_was_given_back_counts_as_not_taken)
{
    struct rate_table *t = rate_table_new();
    struct rate rate = {1, 1};
    uint64_t key = rate_key(t, 1, "abc", 3);
    int retry = 0;
    ck_assert(rate_would_allow(t, key, &rate, 1000, &retry));
    ck_assert(rate_allow(t, key, &rate, 1000, &retry));
    ck_assert(!rate_would_allow(t, key, &rate, 1000, &retry));
    rate_give_back(t, key, &rate, 1000);
    rate_give_back(t, key, &rate, 1000);
    ck_assert(rate_allow(t, key, &rate, 1000, &retry));
    ck_assert(!rate_allow(t, key, &rate, 1000, &retry));
    rate_table_free(t);
}
END_TEST

/* Two nodes of one secret, who hear of each other's takings each `every` tries. */
static struct rate_table *nodes[2];
static void open_nodes(int portions)
{
    for (int i = 0; i < 2; i++) {
        nodes[i] = rate_table_new();
        rate_table_share(nodes[i], 7, portions);
    }
}

static void hear(int64_t now)
{
    struct rate_news news[RATE_NEWS_MOST];
    for (int from = 0; from < 2; from++) {
        size_t n = rate_news_take(nodes[from], news, RATE_NEWS_MOST);
        for (size_t i = 0; i < n; i++)
            rate_news_apply(nodes[1 - from], &news[i], now);
    }
}

static int spent(int tries, int every, const struct rate *rate, int64_t step)
{
    int given = 0, retry;
    for (int i = 0; i < tries; i++) {
        struct rate_table *t = nodes[i % 2];
        given += rate_allow(t, rate_key(t, 1, "abc", 3), rate, i * step, &retry);
        if (i % every == every - 1)
            hear(i * step);
    }
    return given;
}

static void close_nodes(void)
{
    for (int i = 0; i < 2; i++)
        rate_table_free(nodes[i]);
}

START_TEST(who_asks_at_two_nodes_gets_what_one_gives)
{
    struct rate rate = {20, 60};
    open_nodes(4);
    int given = spent(200, 1, &rate, 0); /* and a quarter of what one gives at once */
    ck_assert_int_ge(given, 20);
    ck_assert_int_le(given, 25);
    close_nodes();
    open_nodes(1000);
    ck_assert_int_eq(spent(200, 1, &rate, 0), 20); /* each one is told */
    close_nodes();
}
END_TEST

START_TEST(what_was_heard_too_late_is_owed)
{
    struct rate rate = {20, 60};
    open_nodes(4);
    int given = spent(40000, 400, &rate, 10 * US_PER_MS); /* 400 s, and 4 s each time */
    ck_assert_int_ge(given, 400);
    ck_assert_int_le(given, 20 + 400 + 25);
    close_nodes();
}
END_TEST

START_TEST(what_is_given_back_is_not_owed_elsewhere)
{
    struct rate rate = {4, 1};
    int retry;
    open_nodes(4);
    uint64_t key = rate_key(nodes[0], 1, "abc", 3);
    for (int i = 0; i < 40; i++) { /* a hospital behind one address */
        ck_assert(rate_allow(nodes[i % 2], key, &rate, 0, &retry));
        hear(0);
        rate_give_back(nodes[i % 2], key, &rate, 0);
        hear(0);
    }
    ck_assert_int_eq(spent(20, 1, &rate, 0), 4);
    close_nodes();
}
END_TEST

START_TEST(what_is_to_be_told_has_a_bound_and_is_not_forgotten)
{
    struct rate rate = {4, 1};
    struct rate_news news[RATE_NEWS_MOST];
    int retry;
    open_nodes(4);
    uint64_t last = rate_key(nodes[0], 2, "abc", 3);
    for (uint64_t i = 0; i < RATE_NEWS_MOST; i++)
        rate_allow(nodes[0], rate_key(nodes[0], 1, &i, sizeof i), &rate, 0, &retry);
    rate_allow(nodes[0], last, &rate, 1, &retry);
    ck_assert_uint_eq(rate_news_take(nodes[0], news, RATE_NEWS_MOST), RATE_NEWS_MOST);
    rate_allow(nodes[0], last, &rate, 1, &retry);
    ck_assert_uint_eq(rate_news_take(nodes[0], news, RATE_NEWS_MOST), 1);
    ck_assert(news[0].key == last);
    ck_assert_int_eq(news[0].taken, 2);
    close_nodes();
}
END_TEST

START_TEST(addresses_of_one_site_share_a_network)
{
    struct rate_table *t = rate_table_new();
    ck_assert(rate_key_network(t, 1, "192.0.2.1") == rate_key_network(t, 1, "192.0.2.200"));
    ck_assert(rate_key_network(t, 1, "192.0.2.1") != rate_key_network(t, 1, "192.0.3.1"));
    ck_assert(rate_key_network(t, 1, "::ffff:192.0.2.1") == rate_key_network(t, 1, "192.0.2.9"));
    ck_assert(rate_key_network(t, 1, "2001:db8:7::1") == rate_key_network(t, 1, "2001:db8:7:9::1"));
    ck_assert(rate_key_network(t, 1, "2001:db8:7::1") != rate_key_network(t, 1, "2001:db8:8::1"));
    rate_table_free(t);
}
END_TEST

START_TEST(addresses_of_one_ipv6_customer_share_a_bucket)
{
    struct rate_table *t = rate_table_new();
    uint64_t key = rate_key_address(t, 1, "2001:db8:0:7::1");
    ck_assert(key == rate_key_address(t, 1, "2001:db8:0:7:ffff::9"));
    ck_assert(key != rate_key_address(t, 1, "2001:db8:0:8::1"));
    ck_assert(rate_key_address(t, 1, "192.0.2.1") != rate_key_address(t, 1, "192.0.2.2"));
    rate_table_free(t);
}
END_TEST

RUN_TESTS("http", what_is_compressed_is_shorter_and_comes_back_whole,
          what_does_not_shrink_is_sent_as_it_is, a_literal_segment_wins_over_a_parameter,
          what_does_not_match_is_told_apart, lws_11_a_cookie_is_found_by_its_exact_name_once,
          paths_that_hide_something_are_refused, a_length_is_one_decimal_number,
          entity_tags_and_codings_are_matched,
          a_file_name_is_exact_for_who_knows_rfc_8187_and_ascii_for_others,
          a_file_name_holds_nothing_that_a_file_system_or_a_header_takes_amiss,
          a_long_title_is_cut_between_characters,
          the_readers_language_is_the_first_of_ours_that_the_browser_names,
          a_bucket_empties_and_fills_again, what_was_given_back_counts_as_not_taken,
          who_asks_at_two_nodes_gets_what_one_gives, what_was_heard_too_late_is_owed,
          what_is_given_back_is_not_owed_elsewhere,
          what_is_to_be_told_has_a_bound_and_is_not_forgotten,
          addresses_of_one_site_share_a_network, addresses_of_one_ipv6_customer_share_a_bucket)
