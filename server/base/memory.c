#include "base/memory.h"
#include "base/clock.h"
#include "base/metrics.h"
#include <malloc.h>

#define LOOK_US      (10 * US_PER_S)
#define GIVE_BACK_US (60 * US_PER_S)

static struct metric in_use =
    METRIC_GAUGE("amphi_memory_in_use_bytes", "Memory allocated, with what threads keep at hand");
static struct metric held =
    METRIC_GAUGE("amphi_memory_held_bytes", "Memory that the allocator has from the kernel");

static void look(void)
{
    struct mallinfo2 m = mallinfo2(); /* of all arenas together */
    metric_set(&in_use, (int64_t)(m.uordblks + m.hblkhd));
    metric_set(&held, (int64_t)(m.arena + m.hblkhd));
}

void memory_tick(int64_t now_us)
{
    static int64_t look_at, give_back_at;
    if (now_us >= look_at) {
        metric_register(&in_use);
        metric_register(&held);
        look();
        look_at = now_us + LOOK_US;
    }
    if (now_us >= give_back_at) {
        malloc_trim(0);
        give_back_at = now_us + GIVE_BACK_US;
    }
}
