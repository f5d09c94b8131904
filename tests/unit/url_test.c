#include "base/url.h"
#include "unit/run.h"
#include <stdio.h>
#include <string.h>

static const char *escaped(const char *text, const char *kept)
{
    static char out[200];
    struct buf b;
    buf_init(&b, sizeof out - 1);
    url_escape(&b, text, kept);
    ck_assert(!buf_failed(&b));
    snprintf(out, sizeof out, "%s", b.data ? b.data : "");
    buf_release(&b);
    return out;
}

START_TEST(what_is_not_kept_is_escaped_byte_by_byte)
{
    ck_assert_str_eq(escaped("", URL_UNRESERVED), "");
    ck_assert_str_eq(escaped("aZ09-._~", URL_UNRESERVED), "aZ09-._~");
    ck_assert_str_eq(escaped("a b&c=d/\"é<", URL_UNRESERVED), "a%20b%26c%3Dd%2F%22%C3%A9%3C");
    ck_assert_str_eq(escaped("/run/a b", "/-_."), "/run/a%20b");
}
END_TEST

START_TEST(a_name_that_begins_like_this_machine_is_another)
{
    static const char *const here[] = {"localhost",      "LocalHost:80/x", "127.0.0.1",
                                       "127.0.0.1:9000", "[::1]",          "[::1]:9000?a"};
    static const char *const there[] = {"",          "localhost.evil.org", "127.0.0.1.evil.org",
                                        "127.evil",  "[::1].evil.org",     "example.org/localhost",
                                        "localhostx"};
    for (size_t i = 0; i < sizeof here / sizeof *here; i++)
        ck_assert_msg(url_host_is_here(here[i]), "%s", here[i]);
    for (size_t i = 0; i < sizeof there / sizeof *there; i++)
        ck_assert_msg(!url_host_is_here(there[i]), "%s", there[i]);
}
END_TEST

int main(void)
{
    return run_tests("url",
                     (const TTest *const[]){what_is_not_kept_is_escaped_byte_by_byte,
                                            a_name_that_begins_like_this_machine_is_another, NULL});
}
