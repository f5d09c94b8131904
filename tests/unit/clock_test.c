#include "base/clock.h"
#include "unit/run.h"

START_TEST(time_text_and_time_parse_agree)
{
    static const struct {
        const char *text;
        int64_t us;
        const char *again;
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00.000Z"},
        {"2026-11-21T20:30:00.123Z", 1795293000123000, "2026-11-21T20:30:00.123Z"},
        {"2026-11-21T21:30:00+01:00", 1795293000000000, "2026-11-21T20:30:00.000Z"},
        {"2026-11-21T15:00:00.5-05:30", 1795293000500000, "2026-11-21T20:30:00.500Z"},
        {"2024-02-29T00:00:00.123456789Z", 1709164800123456, "2024-02-29T00:00:00.123Z"},
        {"1969-12-31T23:59:59.999Z", -1000, "1969-12-31T23:59:59.999Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t us;
        char text[TIME_TEXT_SIZE];
        ck_assert_msg(time_parse(cases[i].text, &us), "%s", cases[i].text);
        ck_assert_int_eq(us, cases[i].us);
        ck_assert_str_eq(time_text(us, text), cases[i].again);
    }
}
END_TEST

START_TEST(malformed_times_are_refused)
{
    static const char *const texts[] = {
        "",
        "2026-11-21",
        "2026-11-21T20:30Z",
        "2026-11-21 20:30:00Z",
        "2026-11-21T20:30:00",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-11-31T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2026-11-21T24:00:00Z",
        "2026-11-21T20:60:00Z",
        "2026-11-21T20:30:60Z",
        "2026-11-21T20:30:00.Z",
        "2026-11-21T20:30:00+1:00",
        "2026-11-21T20:30:00+24:00",
        "2026-11-21T20:30:00Zx",
        "+026-11-21T20:30:00Z",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        int64_t us;
        ck_assert_msg(!time_parse(texts[i], &us), "%s", texts[i]);
    }
}
END_TEST

START_TEST(it_starts_at_the_floor_and_never_steps_back)
{
    struct clock c;
    clock_init(&c);
    int64_t now = clock_now_us(&c);
    clock_set_floor(&c, now - US_PER_S);
    ck_assert_int_lt(clock_now_us(&c) - now, 60 * US_PER_S);
    clock_set_floor(&c, now + 3600 * US_PER_S);
    int64_t before = clock_now_us(&c);
    ck_assert_int_ge(before, now + 3600 * US_PER_S);
    for (int i = 0; i < 10000; i++) {
        int64_t next = clock_now_us(&c);
        ck_assert_int_ge(next, before);
        before = next;
    }
}
END_TEST

START_TEST(a_fake_clock_moves_only_when_told)
{
    struct clock c;
    clock_init_fake(&c, 1000);
    ck_assert_int_eq(clock_now_us(&c), 1000);
    ck_assert_int_eq(clock_mono_us(&c), 1000);
    clock_advance(&c, 5);
    ck_assert_int_eq(clock_now_us(&c), 1005);
    clock_set_floor(&c, 900);
    ck_assert_int_eq(clock_now_us(&c), 1005);
    clock_set_floor(&c, 2000);
    ck_assert_int_eq(clock_now_us(&c), 2000);
}
END_TEST

RUN_TESTS("clock", time_text_and_time_parse_agree, malformed_times_are_refused,
          it_starts_at_the_floor_and_never_steps_back, a_fake_clock_moves_only_when_told)
