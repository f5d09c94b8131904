/* The server's clock is the only clock. Wall time is read once at start and advanced by the
 * monotonic clock, so stepping the machine's clock changes nothing; clock_set_floor() keeps it from
 * starting before the last lease of an earlier run. Tests inject their own. Any thread. */
#ifndef AMPHI_BASE_CLOCK_H
#define AMPHI_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
    int64_t wall_at_start_us; /* Unix time, microseconds */
    int64_t mono_at_start_us;
    bool fake;
    _Atomic int64_t fake_now_us;
};

void clock_init(struct clock *c);                       /* the machine's clocks */
void clock_init_fake(struct clock *c, int64_t wall_us); /* stands still until advanced */
void clock_advance(struct clock *c, int64_t us);        /* fake clocks only */
/* Before threads start: never tell a time before wall_us. */
void clock_set_floor(struct clock *c, int64_t wall_us);

int64_t clock_now_us(const struct clock *c);  /* wall time, Unix microseconds, never steps back */
int64_t clock_mono_us(const struct clock *c); /* for timeouts and ages */

#define US_PER_MS      1000LL
#define US_PER_S       1000000LL
#define TIME_TEXT_SIZE 32
/* ISO 8601 in UTC with milliseconds: 2026-11-21T20:30:00.123Z. Returns text. */
const char *time_text(int64_t wall_us, char text[static TIME_TEXT_SIZE]);
/* ISO 8601 with an offset or Z, of the years 1900 to 9998; false when malformed. */
bool time_parse(const char *text, int64_t *wall_us);
/* A day of the calendar from 1900 on, "2026-02-28". */
bool day_valid(const char *text);

#endif
