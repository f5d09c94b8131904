#include "loop/wheel.h"
#include "unit/run.h"
#include <stdlib.h>

#define MS 1000LL

struct probe {
    struct timer timer;
    int64_t set_at, ms, fired_at; /* fired_at -1: not yet */
};

static struct wheel wheel;
static int fired;

static void on_fire(struct timer *timer)
{
    struct probe *p = container_of(timer, struct probe, timer);
    p->fired_at = wheel.now_us;
    fired++;
}

static void probe_set(struct probe *p, int64_t ms)
{
    p->set_at = wheel.now_us;
    p->ms = ms;
    p->fired_at = -1;
    wheel_set(&wheel, &p->timer, ms);
}

START_TEST(timers_fire_never_early_and_at_most_a_tick_late)
{
    struct probe probes[500];
    unsigned seed = 7;
    fired = 0;
    wheel_init(&wheel, 123456789);
    for (int i = 0; i < 500; i++) {
        timer_init(&probes[i].timer, on_fire);
        probe_set(&probes[i], rand_r(&seed) % 90000); /* up to several rounds */
        wheel_advance(&wheel, wheel.now_us + rand_r(&seed) % (20 * MS));
    }
    for (int i = 0; i < 10000; i++)
        wheel_advance(&wheel, wheel.now_us + 10 * MS);
    ck_assert_int_eq(fired, 500);
    for (int i = 0; i < 500; i++) {
        int64_t due = probes[i].set_at + probes[i].ms * MS;
        ck_assert_int_ge(probes[i].fired_at, due);
        ck_assert_int_le(probes[i].fired_at, due + (WHEEL_TICK_MS + 21) * MS);
    }
}
END_TEST

START_TEST(a_cancelled_timer_does_not_fire_and_a_moved_one_fires_once)
{
    struct probe a, b;
    fired = 0;
    wheel_init(&wheel, 0);
    timer_init(&a.timer, on_fire);
    timer_init(&b.timer, on_fire);
    wheel_cancel(&wheel, &a.timer); /* not set: harmless */
    probe_set(&a, 100);
    probe_set(&b, 100);
    ck_assert(timer_is_set(&a.timer));
    wheel_cancel(&wheel, &a.timer);
    ck_assert(!timer_is_set(&a.timer));
    probe_set(&b, 300);
    ck_assert(!wheel_advance(&wheel, 250 * MS));
    ck_assert(wheel_advance(&wheel, 300 * MS));
    ck_assert(!wheel_advance(&wheel, 60000 * MS));
    ck_assert_int_eq(fired, 1);
    ck_assert_int_eq(b.fired_at, 300 * MS);
}
END_TEST

START_TEST(a_long_standstill_fires_what_is_due_and_keeps_the_rest)
{
    struct probe soon, late;
    fired = 0;
    wheel_init(&wheel, 0);
    timer_init(&soon.timer, on_fire);
    timer_init(&late.timer, on_fire);
    probe_set(&soon, 10);
    probe_set(&late, 2 * 3600 * 1000);
    wheel_advance(&wheel, 3600 * 1000 * MS);
    ck_assert_int_eq(fired, 1);
    wheel_advance(&wheel, 10); /* time does not run backwards */
    ck_assert_int_eq(fired, 1);
    wheel_advance(&wheel, 3 * 3600 * 1000 * MS);
    ck_assert_int_eq(fired, 2);
}
END_TEST

static struct probe first, second;

static void set_again(struct timer *timer)
{
    on_fire(timer);
    wheel_set(&wheel, timer, 0);
}
static void cancel_second(struct timer *timer)
{
    on_fire(timer);
    wheel_cancel(&wheel, &second.timer);
}

START_TEST(a_callback_may_set_itself_and_cancel_others)
{
    fired = 0;
    wheel_init(&wheel, 0);
    timer_init(&first.timer, set_again);
    wheel_set(&wheel, &first.timer, 0);
    for (int tick = 1; tick <= 3; tick++) {
        wheel_advance(&wheel, tick * WHEEL_TICK_MS * MS);
        ck_assert_int_eq(fired, tick); /* once per advance, although due at once */
    }
    fired = 0;
    timer_init(&first.timer, cancel_second);
    wheel_init(&wheel, 0);
    timer_init(&second.timer, on_fire);
    wheel_set(&wheel, &first.timer, 50);
    wheel_set(&wheel, &second.timer, 50);
    wheel_advance(&wheel, 100 * MS);
    ck_assert_int_eq(fired, 1);
}
END_TEST

RUN_TESTS("wheel", timers_fire_never_early_and_at_most_a_tick_late,
          a_cancelled_timer_does_not_fire_and_a_moved_one_fires_once,
          a_long_standstill_fires_what_is_due_and_keeps_the_rest,
          a_callback_may_set_itself_and_cancel_others)
