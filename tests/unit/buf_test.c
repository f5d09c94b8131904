#include "base/buf.h"
#include "base/payload.h"
#include "unit/run.h"
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

START_TEST(it_grows_to_its_maximum_and_not_beyond)
{
    struct buf b;
    buf_init(&b, 1000);
    for (int i = 0; i < 1000; i++)
        buf_add(&b, "x", 1);
    ck_assert(!buf_failed(&b));
    ck_assert_uint_eq(b.len, 1000);
    ck_assert_int_eq(b.data[1000], '\0');
    buf_add(&b, "y", 1);
    ck_assert(buf_failed(&b));
    ck_assert_uint_eq(b.len, 1000);
    buf_release(&b);
}
END_TEST

START_TEST(failure_is_sticky_until_cleared)
{
    struct buf b;
    buf_init(&b, 4);
    buf_adds(&b, "hello");
    buf_adds(&b, "x");
    buf_addf(&b, "%d", 1);
    ck_assert(buf_failed(&b));
    ck_assert_uint_eq(b.len, 0);
    buf_clear(&b);
    buf_addf(&b, "%s-%d", "a", 12);
    ck_assert(!buf_failed(&b));
    ck_assert_str_eq(b.data, "a-12");
    buf_addf(&b, "%d", 5);
    ck_assert(buf_failed(&b));
    buf_release(&b);
}
END_TEST

START_TEST(detached_bytes_belong_to_the_caller)
{
    struct buf b;
    size_t len;
    buf_init(&b, 10);
    char *empty = buf_detach(&b, &len);
    ck_assert_str_eq(empty, "");
    ck_assert_uint_eq(len, 0);
    buf_adds(&b, "abc");
    char *abc = buf_detach(&b, &len);
    ck_assert_str_eq(abc, "abc");
    ck_assert_uint_eq(len, 3);
    ck_assert_uint_eq(b.len, 0);
    free(empty);
    free(abc);
    buf_release(&b);
}
END_TEST

START_TEST(a_payload_lives_as_long_as_its_last_owner)
{
    struct payload *p = payload_copy("abc", 3);
    ck_assert_ptr_eq(payload_ref(p), p);
    payload_unref(p);
    ck_assert_uint_eq(p->len, 3);
    ck_assert_mem_eq(p->bytes, "abc", 3);
    payload_unref(p);
    payload_unref(NULL);
}
END_TEST

RUN_TESTS("buf", it_grows_to_its_maximum_and_not_beyond, failure_is_sticky_until_cleared,
          detached_bytes_belong_to_the_caller, a_payload_lives_as_long_as_its_last_owner)
