#include "base/clock.h"
#include <assert.h>
#include <ctype.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t read_us(clockid_t which)
{
    struct timespec t;
    if (clock_gettime(which, &t) != 0)
        abort();
    return (int64_t)t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

void clock_init(struct clock *c)
{
    /* BOOTTIME also counts while a laptop sleeps, so wall time stays true after it wakes. */
    *c = (struct clock){.wall_at_start_us = read_us(CLOCK_REALTIME),
                        .mono_at_start_us = read_us(CLOCK_BOOTTIME)};
}

void clock_init_fake(struct clock *c, int64_t wall_us)
{
    *c = (struct clock){.wall_at_start_us = wall_us, .fake = true, .fake_now_us = wall_us};
}

void clock_advance(struct clock *c, int64_t us)
{
    assert(c->fake && us >= 0);
    atomic_fetch_add(&c->fake_now_us, us);
}

void clock_set_floor(struct clock *c, int64_t wall_us)
{
    int64_t now = clock_now_us(c);
    if (wall_us <= now)
        return;
    if (c->fake)
        atomic_store(&c->fake_now_us, wall_us);
    else
        c->wall_at_start_us += wall_us - now;
}

int64_t clock_now_us(const struct clock *c)
{
    if (c->fake)
        return atomic_load(&c->fake_now_us);
    return c->wall_at_start_us + (read_us(CLOCK_BOOTTIME) - c->mono_at_start_us);
}

int64_t clock_mono_us(const struct clock *c)
{
    return c->fake ? atomic_load(&c->fake_now_us) : read_us(CLOCK_BOOTTIME);
}

const char *time_text(int64_t wall_us, char text[static TIME_TEXT_SIZE])
{
    int64_t seconds = wall_us / US_PER_S, rest = wall_us % US_PER_S;
    if (rest < 0) {
        rest += US_PER_S;
        seconds--;
    }
    time_t t = (time_t)seconds;
    struct tm tm;
    if (!gmtime_r(&t, &tm) || tm.tm_year > 9999 - 1900 || tm.tm_year < -1900)
        tm = (struct tm){.tm_mday = 1, .tm_year = -1900};
    size_t len = strftime(text, TIME_TEXT_SIZE, "%Y-%m-%dT%H:%M:%S", &tm);
    /* %Y does not pad years below 1000; nobody has those, the length is bounded all the same. */
    snprintf(text + len, TIME_TEXT_SIZE - len, ".%03dZ", (int)(rest / US_PER_MS));
    return text;
}

/* Exactly n digits, moving *p past them; -1 when there are not. */
static int digits(const char **p, int n)
{
    int value = 0;
    for (int i = 0; i < n; i++, (*p)++) {
        if (**p < '0' || **p > '9')
            return -1;
        value = value * 10 + (**p - '0');
    }
    return value;
}

static bool literal(const char **p, char c)
{
    if (**p != c)
        return false;
    (*p)++;
    return true;
}

static bool parse_date_time(const char **p, struct tm *tm)
{
    int year = digits(p, 4);
    if (year < 1900 || year > 9998 || !literal(p, '-')) /* time_text() can write all of them */
        return false;
    int month = digits(p, 2);
    if (month < 1 || month > 12 || !literal(p, '-'))
        return false;
    int day = digits(p, 2);
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day < 1 || day > days[month - 1] + (month == 2 && leap) || !literal(p, 'T'))
        return false;
    int hour = digits(p, 2);
    if (hour < 0 || hour > 23 || !literal(p, ':'))
        return false;
    int minute = digits(p, 2);
    if (minute < 0 || minute > 59 || !literal(p, ':'))
        return false;
    int second = digits(p, 2);
    if (second < 0 || second > 59)
        return false;
    *tm = (struct tm){.tm_year = year - 1900,
                      .tm_mon = month - 1,
                      .tm_mday = day,
                      .tm_hour = hour,
                      .tm_min = minute,
                      .tm_sec = second};
    return true;
}

/* ".123456", at most nine digits; what is finer than a microsecond is cut. Nothing is 0. */
static bool parse_fraction(const char **p, int64_t *us)
{
    *us = 0;
    if (!literal(p, '.'))
        return true;
    int n = 0;
    for (; **p >= '0' && **p <= '9' && n < 9; n++, (*p)++)
        if (n < 6)
            *us = *us * 10 + (**p - '0');
    for (int i = n; i < 6; i++)
        *us *= 10;
    return n > 0;
}

static bool parse_offset(const char **p, int64_t *seconds)
{
    *seconds = 0;
    if (literal(p, 'Z'))
        return true;
    int sign = literal(p, '+') ? 1 : literal(p, '-') ? -1 : 0;
    if (!sign)
        return false;
    int hour = digits(p, 2);
    if (hour < 0 || hour > 23 || !literal(p, ':'))
        return false;
    int minute = digits(p, 2);
    if (minute < 0 || minute > 59)
        return false;
    *seconds = sign * (hour * 3600 + minute * 60);
    return true;
}

bool time_parse(const char *text, int64_t *wall_us)
{
    struct tm tm;
    int64_t us, offset;
    if (!parse_date_time(&text, &tm) || !parse_fraction(&text, &us) ||
        !parse_offset(&text, &offset) || *text)
        return false;
    *wall_us = ((int64_t)timegm(&tm) - offset) * US_PER_S + us;
    return true;
}

bool day_valid(const char *text)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    static const char form[] = "0000-00-00";
    if (strlen(text) != sizeof form - 1)
        return false;
    for (size_t i = 0; form[i]; i++)
        if (form[i] == '0' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
            return false;
    long year = strtol(text, NULL, 10), month = strtol(text + 5, NULL, 10);
    long day = strtol(text + 8, NULL, 10);
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return year >= 1900 && month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] &&
           (month != 2 || day < 29 || leap);
}
