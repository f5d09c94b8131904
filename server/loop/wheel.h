/* A hashed timer wheel: setting and cancelling cost the same whatever the number of timers, so each
 * connection may have its own. Resolution is one tick; a timer never fires early and at most one
 * tick plus one loop turn late. Time is passed in. One thread. */
#ifndef AMPHI_LOOP_WHEEL_H
#define AMPHI_LOOP_WHEEL_H

#include "base/list.h"
#include <stdbool.h>
#include <stdint.h>

#define WHEEL_TICK_MS 50
#define WHEEL_SLOTS   512 /* one round is 25.6 s; later timers stay in their slot for more rounds */

/* Inside its owner; timer_init() once. The owner cancels it before it is freed. */
struct timer {
    struct list node;
    int64_t due_tick;
    void (*fire)(struct timer *); /* no longer set when called; may set itself again */
};

struct wheel {
    int64_t tick;   /* the last one that was advanced to */
    int64_t now_us; /* of the last advance */
    struct list slots[WHEEL_SLOTS];
};

void timer_init(struct timer *timer, void (*fire)(struct timer *));
bool timer_is_set(const struct timer *timer);

void wheel_init(struct wheel *w, int64_t now_us);
/* Fires ms from the wheel's now at the earliest. A timer that is set is moved. */
void wheel_set(struct wheel *w, struct timer *timer, int64_t ms);
void wheel_cancel(struct wheel *w, struct timer *timer); /* harmless when not set */
/* Fires what is due; true when there was anything. */
bool wheel_advance(struct wheel *w, int64_t now_us);

#endif
