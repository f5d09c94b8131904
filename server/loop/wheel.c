#include "loop/wheel.h"

#define TICK_US (WHEEL_TICK_MS * 1000LL)

void timer_init(struct timer *timer, void (*fire)(struct timer *))
{
    list_init(&timer->node);
    timer->due_tick = 0;
    timer->fire = fire;
}

bool timer_is_set(const struct timer *timer)
{
    return !list_empty(&timer->node);
}

void wheel_init(struct wheel *w, int64_t now_us)
{
    w->now_us = now_us;
    w->tick = now_us / TICK_US;
    for (int i = 0; i < WHEEL_SLOTS; i++)
        list_init(&w->slots[i]);
}

void wheel_set(struct wheel *w, struct timer *timer, int64_t ms)
{
    list_remove(&timer->node);
    /* Rounded up, so that it never fires early; never the present tick, which was visited. */
    timer->due_tick = (w->now_us + (ms > 0 ? ms : 0) * 1000 + TICK_US - 1) / TICK_US;
    if (timer->due_tick <= w->tick)
        timer->due_tick = w->tick + 1;
    list_append(&w->slots[timer->due_tick % WHEEL_SLOTS], &timer->node);
}

void wheel_cancel(struct wheel *w, struct timer *timer)
{
    (void)w;
    list_remove(&timer->node);
}

bool wheel_advance(struct wheel *w, int64_t now_us)
{
    if (now_us <= w->now_us)
        return false;
    w->now_us = now_us;
    int64_t from = w->tick, to = now_us / TICK_US;
    w->tick = to;
    if (to - from > WHEEL_SLOTS) /* stood still for longer than a round: each slot once */
        from = to - WHEEL_SLOTS;

    /* Taken out before any fires: a callback may set and cancel any timer. */
    struct list due, *node;
    list_init(&due);
    for (int64_t tick = from + 1; tick <= to; tick++)
        list_splice(&due, &w->slots[tick % WHEEL_SLOTS]);
    bool any = false;
    while ((node = list_take_first(&due))) {
        struct timer *timer = container_of(node, struct timer, node);
        __builtin_prefetch(due.next->next); /* while this one fires */
        if (timer->due_tick > to) {         /* in a later round */
            list_append(&w->slots[timer->due_tick % WHEEL_SLOTS], node);
            continue;
        }
        any = true;
        timer->fire(timer);
    }
    return any;
}
