#include "http/cursor.h"
#include "unit/run.h"
#include <string.h>

START_TEST(a_cursor_comes_back_as_it_went)
{
    const int64_t numbers[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1795293000123456};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        struct cursor in = {.number = numbers[i], .id = {{1, 2, 255, 0, 9}}}, out;
        char text[CURSOR_TEXT_SIZE];
        ck_assert(cursor_parse(cursor_text(&in, text), &out));
        ck_assert(out.number == in.number);
        ck_assert(id_equal(&out.id, &in.id));
        ck_assert_uint_eq(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-_"),
                          strlen(text));
    }
}
END_TEST

START_TEST(what_is_no_cursor_is_refused)
{
    struct cursor in = {.number = 5}, out;
    char text[CURSOR_TEXT_SIZE];
    cursor_text(&in, text);
    const char *bad[] = {"",     "x",
                         "====", "not a cursor",
                         "AAAA", "AQAAAAAAAAAFAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!cursor_parse(bad[i], &out), "%s", bad[i]);
    text[0] = 'Z'; /* another version */
    ck_assert(!cursor_parse(text, &out));
}
END_TEST

RUN_TESTS("cursor", a_cursor_comes_back_as_it_went, what_is_no_cursor_is_refused)
