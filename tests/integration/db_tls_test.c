/* A database that is not on this machine is spoken to by verified TLS, or not at all. No server is
 * needed: what is too weak is refused before anything is sent. */
#include "db/db.h"
#include "unit/run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *refusal(const char *url)
{
    const char *why = "";
    struct db_conn *conn = db_connect(url, &why);
    ck_assert_ptr_null(conn);
    return why;
}

static bool is_refused(const char *url)
{
    return strstr(refusal(url), "that it needs") != NULL;
}

START_TEST(a_weaker_wish_for_another_machine_is_refused_by_name)
{
    static const char *const modes[] = {"disable", "allow", "prefer", "require", "verify-ca"};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        char url[128], wish[32];
        snprintf(url, sizeof url, "postgresql://db.example.test/x?sslmode=%s", modes[i]);
        snprintf(wish, sizeof wish, "sslmode=%s ", modes[i]);
        const char *why = refusal(url);
        ck_assert_msg(strstr(why, "db.example.test") && strstr(why, wish), "%s", why);
        ck_assert_msg(strstr(why, "that it needs"), "%s", why);
    }
    ck_assert(is_refused("host=192.0.2.1 sslmode=require"));
    ck_assert(is_refused("host=127.example.test sslmode=require"));
    ck_assert(is_refused("host=localhost hostaddr=192.0.2.1 sslmode=require"));
    ck_assert(is_refused("host=/tmp,db.example.test sslmode=require"));
    ck_assert(is_refused("host=a.example.test,b.example.test hostaddr=127.0.0.1, sslmode=require"));
    ck_assert(is_refused("postgresql://[2001:db8::1]/x?sslmode=disable"));
}
END_TEST

START_TEST(a_wish_in_the_environment_is_one_too)
{
    setenv("PGSSLMODE", "prefer", 1);
    ck_assert(is_refused("host=192.0.2.1"));
    setenv("PGSSLMODE", "require", 1);
    ck_assert(is_refused("host=192.0.2.1"));
    setenv("PGHOST", "192.0.2.1", 1);
    ck_assert(is_refused("dbname=x"));
    unsetenv("PGSSLMODE");
    ck_assert(is_refused("sslmode=allow"));
    unsetenv("PGHOST");
}
END_TEST

START_TEST(this_machine_needs_no_tls)
{
    static const char *const local[] = {
        "host=/nonexistent sslmode=disable",
        "host=@nonexistent sslmode=disable",
        "host=127.0.0.1 port=1 sslmode=disable",
        "host=127.3.2.1 port=1 sslmode=prefer",
        "host=localhost port=1 sslmode=require",
        "host=::1 port=1 sslmode=disable",
        "host=db.example.test hostaddr=127.0.0.1 port=1 sslmode=disable", /* a tunnel's end */
        "host=/nonexistent,127.0.0.1 port=1 sslmode=disable",
    };
    for (size_t i = 0; i < sizeof local / sizeof *local; i++)
        ck_assert_msg(!is_refused(local[i]), "%s", local[i]);
}
END_TEST

RUN_TESTS("db_tls", a_weaker_wish_for_another_machine_is_refused_by_name,
          a_wish_in_the_environment_is_one_too, this_machine_needs_no_tls)
