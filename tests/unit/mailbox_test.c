#include "loop/loop.h"
#include "loop/mailbox.h"
#include "unit/run.h"
#include <stdatomic.h>
#include <stdlib.h>

struct note {
    struct message message;
    int from, n;
    struct mailbox *again; /* posted there when delivered */
};

static int wakes;
static int delivered, last_of[4];

static void count_wake(void *reader)
{
    (void)reader;
    wakes++;
}

static void on_note(struct message *message)
{
    struct note *note = container_of(message, struct note, message);
    ck_assert_int_eq(note->n, last_of[note->from] + 1); /* in order per sender */
    last_of[note->from] = note->n;
    delivered++;
    if (note->again) {
        struct mailbox *again = note->again;
        note->again = NULL;
        note->n++;
        mailbox_post(again, message);
        return;
    }
    free(note);
}

static struct note *note_new(int from, int n)
{
    struct note *note = calloc(1, sizeof *note);
    note->message.deliver = on_note;
    note->from = from;
    note->n = n;
    return note;
}

static void forget(void)
{
    wakes = delivered = 0;
    for (int i = 0; i < 4; i++)
        last_of[i] = 0;
}

START_TEST(the_reader_is_woken_once_per_filling)
{
    forget();
    struct mailbox m;
    mailbox_init(&m, 10, count_wake, NULL);
    for (int i = 1; i <= 3; i++)
        mailbox_post(&m, &note_new(0, i)->message);
    ck_assert_int_eq(wakes, 1);
    ck_assert(mailbox_drain(&m));
    ck_assert_int_eq(delivered, 3);
    ck_assert(!mailbox_drain(&m));
    mailbox_post(&m, &note_new(0, 4)->message);
    ck_assert_int_eq(wakes, 2);
    mailbox_drain(&m);
    mailbox_release(&m);
}
END_TEST

START_TEST(the_limit_bounds_only_those_who_try)
{
    forget();
    struct mailbox m;
    mailbox_init(&m, 2, count_wake, NULL);
    ck_assert_int_eq(mailbox_try_post(&m, &note_new(0, 1)->message), ERR_OK);
    ck_assert_int_eq(mailbox_try_post(&m, &note_new(0, 2)->message), ERR_OK);
    struct note *refused = note_new(0, 3);
    ck_assert_int_eq(mailbox_try_post(&m, &refused->message), ERR_BUSY);
    mailbox_post(&m, &refused->message);
    ck_assert_uint_eq(m.len, 3);
    mailbox_drain(&m);
    ck_assert_int_eq(delivered, 3);
    mailbox_release(&m);
}
END_TEST

START_TEST(what_is_posted_while_draining_waits_for_the_next_drain)
{
    forget();
    struct mailbox m;
    mailbox_init(&m, 2, count_wake, NULL);
    struct note *note = note_new(0, 1);
    note->again = &m;
    mailbox_post(&m, &note->message);
    mailbox_drain(&m);
    ck_assert_int_eq(delivered, 1);
    ck_assert_int_eq(wakes, 2);
    mailbox_drain(&m);
    ck_assert_int_eq(delivered, 2);
    mailbox_release(&m);
}
END_TEST

#define PER_THREAD 5000

static void *post_much(void *arg)
{
    static _Atomic int next;
    int from = atomic_fetch_add(&next, 1) % 4;
    for (int i = 1; i <= PER_THREAD; i++)
        mailbox_post(arg, &note_new(from, i)->message);
    return NULL;
}

static void stop_when_all_came(void *arg)
{
    if (delivered == 4 * PER_THREAD)
        loop_stop(arg);
}

START_TEST(a_loop_thread_gets_everything_of_all_threads)
{
    forget();
    struct clock clock;
    clock_init(&clock);
    struct loop *loop = loop_new(3, &clock);
    loop_set_turn_hook(loop, stop_when_all_came, loop);
    ck_assert_int_eq(loop_run_thread(loop), ERR_OK);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, post_much, loop_mailbox(loop));
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    loop_join(loop);
    ck_assert_int_eq(delivered, 4 * PER_THREAD);
    loop_free(loop);
}
END_TEST

/* --- the order of a turn --- */
static char order[8];
static int steps;
static struct {
    struct message message;
    struct timer timer;
    struct loop *loop;
} turn;

static void note_step(char c)
{
    if (steps < (int)sizeof order - 1)
        order[steps++] = c;
}
static void on_turn_message(struct message *m)
{
    (void)m;
    note_step('m');
}
static void on_turn_timer(struct timer *t)
{
    (void)t;
    note_step('t');
}
static void on_turn_hook(void *arg)
{
    (void)arg;
    note_step('h');
}

START_TEST(a_turn_is_mailbox_then_timers_then_hook)
{
    struct clock clock;
    clock_init_fake(&clock, 0);
    turn.loop = loop_new(0, &clock);
    turn.message.deliver = on_turn_message;
    timer_init(&turn.timer, on_turn_timer);
    wheel_set(loop_wheel(turn.loop), &turn.timer, 100);
    loop_set_turn_hook(turn.loop, on_turn_hook, NULL);
    clock_advance(&clock, 100 * US_PER_MS);
    mailbox_post(loop_mailbox(turn.loop), &turn.message);
    loop_run_once(turn.loop);
    ck_assert_str_eq(order, "mth");
    loop_free(turn.loop);
}
END_TEST

RUN_TESTS("mailbox", the_reader_is_woken_once_per_filling, the_limit_bounds_only_those_who_try,
          what_is_posted_while_draining_waits_for_the_next_drain,
          a_loop_thread_gets_everything_of_all_threads, a_turn_is_mailbox_then_timers_then_hook)
