/* The allocator as a whole: told in /metrics, and made to give back. glibc keeps what was freed in
 * the middle of an arena, so a burst, or a room that has emptied, would stay resident. */
#ifndef AMPHI_BASE_HEAP_H
#define AMPHI_BASE_HEAP_H

#include "base/clock.h"

/* To be called every second or so, by one thread that may wait. It locks one arena after the other,
 * for a time that grows with the holes in it: amphi_heap_give_back_us tells how long. */
void heap_tick(const struct clock *clock);

#endif
