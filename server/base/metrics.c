#include "base/metrics.h"
#include <inttypes.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct metric *first; /* sorted by name, under lock */

void metric_register(struct metric *m)
{
    pthread_mutex_lock(&lock);
    if (!m->registered) {
        struct metric **at = &first;
        while (*at && strcmp((*at)->name, m->name) < 0)
            at = &(*at)->next;
        m->next = *at;
        *at = m;
        m->registered = true;
    }
    pthread_mutex_unlock(&lock);
}

int64_t metrics_find(const char *name)
{
    pthread_mutex_lock(&lock);
    struct metric *m = first;
    while (m && strcmp(m->name, name) != 0)
        m = m->next;
    int64_t value = m ? metric_get(m) : 0;
    pthread_mutex_unlock(&lock);
    return value;
}

void metrics_write(struct buf *out)
{
    pthread_mutex_lock(&lock);
    for (struct metric *m = first; m; m = m->next) {
        const char *kind = m->kind == METRIC_KIND_COUNTER ? "counter" : "gauge";
        buf_addf(out, "# HELP %s %s\n# TYPE %s %s\n%s %" PRId64 "\n", m->name, m->help, m->name,
                 kind, m->name, metric_get(m));
    }
    pthread_mutex_unlock(&lock);
}
