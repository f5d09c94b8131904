/* What the process holds of the machine's memory, told in /metrics and given back. glibc keeps what
 * was freed in the middle of an arena, so a burst, or a room that has emptied, would stay resident.
 */
#ifndef AMPHI_BASE_MEMORY_H
#define AMPHI_BASE_MEMORY_H

#include <stdint.h>

/* To be called every second or so, by one thread. now_us: monotonic. It locks one arena at a time,
 * each for some hundred microseconds. */
void memory_tick(int64_t now_us);

#endif
