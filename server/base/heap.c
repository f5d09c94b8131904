#include "base/heap.h"
#include "base/metrics.h"
#include <malloc.h>

#define LOOK_US      (10 * US_PER_S)
#define GIVE_BACK_US (60 * US_PER_S)

static struct metric in_use =
    METRIC_GAUGE("amphi_heap_in_use_bytes", "Memory allocated, with what threads keep at hand");
static struct metric mapped =
    METRIC_GAUGE("amphi_heap_mapped_bytes",
                 "Address space of the allocator; what was given back is not resident");
static struct metric give_back_us =
    METRIC_GAUGE("amphi_heap_give_back_us", "How long giving back took, the last time");

static void look(void)
{
    struct mallinfo2 m = mallinfo2(); /* of all arenas together */
    metric_set(&in_use, (int64_t)(m.uordblks + m.hblkhd));
    metric_set(&mapped, (int64_t)(m.arena + m.hblkhd));
}

void heap_tick(const struct clock *clock)
{
    static int64_t look_at, give_back_at;
    int64_t now = clock_mono_us(clock);
    if (look_at == 0) {
        metric_register(&in_use);
        metric_register(&mapped);
        metric_register(&give_back_us);
    }
    if (now >= give_back_at) {
        malloc_trim(0);
        metric_set(&give_back_us, clock_mono_us(clock) - now);
        give_back_at = now + GIVE_BACK_US;
    }
    if (now >= look_at) {
        look();
        look_at = now + LOOK_US;
    }
}
