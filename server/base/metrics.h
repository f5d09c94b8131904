/* Counters and gauges of every layer, written as Prometheus text. Each is a static object that its
 * owner registers once at start (METRIC_COUNTER … then metric_register); after that any thread
 * changes it without a lock. Names are amphi_<layer>_<what>[_total]; no value a peer chooses ever
 * becomes a name or a label. */
#ifndef AMPHI_BASE_METRICS_H
#define AMPHI_BASE_METRICS_H

#include "base/buf.h"
#include <stdatomic.h>
#include <stdint.h>

enum metric_kind { METRIC_KIND_COUNTER, METRIC_KIND_GAUGE };

struct metric {
    const char *name, *help;
    enum metric_kind kind;
    _Atomic int64_t value;
    struct metric *next; /* private */
    bool registered;     /* private */
};

#define METRIC_COUNTER(metric_name, metric_help)                                                   \
    {                                                                                              \
        .name = metric_name, .help = metric_help, .kind = METRIC_KIND_COUNTER                      \
    }
#define METRIC_GAUGE(metric_name, metric_help)                                                     \
    {                                                                                              \
        .name = metric_name, .help = metric_help, .kind = METRIC_KIND_GAUGE                        \
    }

/* Registering twice is harmless. Any thread. The metric must live for ever. */
void metric_register(struct metric *m);
static inline void metric_add(struct metric *m, int64_t n)
{
    atomic_fetch_add_explicit(&m->value, n, memory_order_relaxed);
}
static inline void metric_set(struct metric *m, int64_t value)
{
    atomic_store_explicit(&m->value, value, memory_order_relaxed);
}
static inline int64_t metric_get(struct metric *m)
{
    return atomic_load_explicit(&m->value, memory_order_relaxed);
}
/* By name; 0 where nobody registered it. Any thread. */
int64_t metrics_find(const char *name);
/* Everything registered, in the text format of Prometheus, sorted by name. Any thread. */
void metrics_write(struct buf *out);

#endif
