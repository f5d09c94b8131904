#include "nodes/limits.h"
#include "base/bytes.h"
#include "base/metrics.h"
#include "base/rate.h"

#define ENTRY       20  /* u64 key, u32 burst, u32 per_minute, i32 taken */
#define ENTRIES     512 /* of a message */
#define NUMBER_MOST 1000000
#define TABLES      3

static struct metric meter_heard = METRIC_COUNTER(
    "amphi_nodes_limits_heard_total", "Times that another node told what one client took there");

/* Told in quarters of a bucket: few messages for those who behave. Each try of a password counts.
 */
static const int portions[TABLES] = {4, 4, NUMBER_MOST};

static struct rate_table *table(const struct app *app, size_t i)
{
    struct rate_table *const tables[TABLES] = {app->request_rates, app->command_rates,
                                               app->sign_in_rates};
    return i < TABLES ? tables[i] : NULL;
}

void limits_share(const struct app *app, const uint8_t secret[static sizeof(uint64_t)])
{
    metric_register(&meter_heard);
    for (size_t i = 0; i < TABLES; i++)
        rate_table_share(table(app, i), bytes_get(secret, sizeof(uint64_t)), portions[i]);
}

static char *put(char *at, uint64_t value, size_t n)
{
    bytes_put(at, value, n);
    return at + n;
}

static void tell(struct bus *bus, size_t i, const struct rate_news *news, size_t n)
{
    char data[1 + ENTRIES * ENTRY], *at = put(data, i, 1);
    for (size_t k = 0; k < n; k++) {
        at = put(at, news[k].key, 8);
        at = put(at, (uint32_t)news[k].rate.burst, 4);
        at = put(at, (uint32_t)news[k].rate.per_minute, 4);
        at = put(at, (uint32_t)news[k].taken, 4);
    }
    bus_publish(bus, LIMITS_KIND, data, (size_t)(at - data));
}

void limits_tell(const struct app *app, struct bus *bus)
{
    struct rate_news news[ENTRIES];
    for (size_t i = 0; i < TABLES; i++)
        for (size_t n; table(app, i) && (n = rate_news_take(table(app, i), news, ENTRIES)) > 0;)
            tell(bus, i, news, n);
}

static bool is_sound(const struct rate_news *n)
{
    return n->rate.burst >= 0 && n->rate.burst <= NUMBER_MOST && n->rate.per_minute > 0 &&
           n->rate.per_minute <= NUMBER_MOST && n->taken >= -NUMBER_MOST && n->taken <= NUMBER_MOST;
}

bool limits_hear(const struct app *app, const char *data, size_t len)
{
    struct rate_table *t = len > 0 ? table(app, (unsigned char)data[0]) : NULL;
    if (!t || (len - 1) % ENTRY != 0 || len > 1 + ENTRIES * ENTRY)
        return false;
    for (const char *at = data + 1; at < data + len; at += ENTRY) {
        struct rate_news n = {.key = bytes_get(at, 8),
                              .rate = {.burst = (int32_t)bytes_get(at + 8, 4),
                                       .per_minute = (int32_t)bytes_get(at + 12, 4)},
                              .taken = (int32_t)bytes_get(at + 16, 4)};
        if (!n.key || !is_sound(&n))
            return false;
        rate_news_apply(t, &n, clock_mono_us(app->clock));
        metric_add(&meter_heard, 1);
    }
    return true;
}
