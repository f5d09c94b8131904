#include "base/rate.h"
#include "base/mem.h"
#include "base/mix.h"
#include <arpa/inet.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define SETS 16384 /* a power of two */
#define WAYS 4

struct bucket {
    uint64_t key; /* 0: free */
    int64_t at_us;
    double tokens;
    int untold; /* taken here since it was last told; below 0: given back */
};

struct rate_table {
    pthread_mutex_t lock;
    uint64_t secret;
    int portions; /* 0: one server alone */
    size_t news_count;
    struct rate_news news[RATE_NEWS_MOST];
    struct bucket buckets[SETS][WAYS];
};

struct rate_table *rate_table_new(void)
{
    struct rate_table *t = mem_new(sizeof *t);
    pthread_mutex_init(&t->lock, NULL);
    if (getrandom(&t->secret, sizeof t->secret, 0) != sizeof t->secret)
        abort();
    return t;
}

void rate_table_free(struct rate_table *t)
{
    if (!t)
        return;
    pthread_mutex_destroy(&t->lock);
    free(t);
}

uint64_t rate_key(const struct rate_table *t, uint64_t key, const void *bytes, size_t len)
{
    const unsigned char *b = bytes;
    uint64_t h = mix64(key ^ t->secret);
    for (size_t i = 0; i < len; i++)
        h = mix64(h ^ b[i]);
    return h ? h : 1;
}

/* The address as 16 bytes, IPv4 as mapped; false: it is none. */
static bool read_address(const char *address, struct in6_addr *out)
{
    struct in_addr v4;
    if (inet_pton(AF_INET6, address, out) == 1)
        return true;
    if (inet_pton(AF_INET, address, &v4) != 1)
        return false;
    memset(out, 0, 10);
    memset(out->s6_addr + 10, 0xff, 2);
    memcpy(out->s6_addr + 12, &v4, 4);
    return true;
}

static uint64_t key_of_network(const struct rate_table *t, uint64_t key, const char *address,
                               size_t v6_bytes, size_t v4_bytes)
{
    struct in6_addr a;
    if (!read_address(address, &a))
        return rate_key(t, key, address, strlen(address));
    return rate_key(t, key, &a, IN6_IS_ADDR_V4MAPPED(&a) ? 12 + v4_bytes : v6_bytes);
}

uint64_t rate_key_network(const struct rate_table *t, uint64_t key, const char *address)
{
    return key_of_network(t, key, address, 6, 3);
}

uint64_t rate_key_address(const struct rate_table *t, uint64_t key, const char *address)
{
    return key_of_network(t, key, address, 8, 4);
}

static struct bucket *bucket_of(struct rate_table *t, uint64_t key, double burst, int64_t now_us)
{
    struct bucket *set = t->buckets[key & (SETS - 1)];
    struct bucket *oldest = &set[0];
    for (int i = 0; i < WAYS; i++) {
        if (set[i].key == key)
            return &set[i];
        if (set[i].at_us < oldest->at_us || (set[i].key == 0 && oldest->key != 0))
            oldest = &set[i];
    }
    *oldest = (struct bucket){.key = key, .at_us = now_us, .tokens = burst};
    return oldest;
}

static double burst_of(const struct rate *rate)
{
    return rate->burst > 0 ? rate->burst : 1;
}

/* Under the lock: for the other nodes. What does not fit is told with what is taken next. */
static void count(struct rate_table *t, struct bucket *b, const struct rate *rate, int taken)
{
    if (!t->portions)
        return;
    b->untold += taken;
    if (abs(b->untold) * (double)t->portions < burst_of(rate) || t->news_count == RATE_NEWS_MOST)
        return;
    t->news[t->news_count++] = (struct rate_news){b->key, *rate, b->untold};
    b->untold = 0;
}

/* Under the lock: the bucket, refilled. */
static struct bucket *refilled(struct rate_table *t, uint64_t key, const struct rate *rate,
                               int64_t now_us)
{
    double burst = burst_of(rate);
    struct bucket *b = bucket_of(t, key, burst, now_us);
    if (now_us > b->at_us)
        b->tokens += (double)(now_us - b->at_us) * (rate->per_minute / 60e6);
    if (b->tokens > burst)
        b->tokens = burst;
    b->at_us = now_us;
    return b;
}

static bool ask(struct rate_table *t, uint64_t key, const struct rate *rate, int64_t now_us,
                int *retry_s, int takes)
{
    if (rate->per_minute <= 0)
        return true;
    pthread_mutex_lock(&t->lock);
    struct bucket *b = refilled(t, key, rate, now_us);
    bool allowed = b->tokens >= 1;
    if (allowed) {
        b->tokens -= takes;
        count(t, b, rate, takes);
    } else {
        *retry_s = (int)((1 - b->tokens) * 60 / rate->per_minute) + 1;
    }
    pthread_mutex_unlock(&t->lock);
    return allowed;
}

bool rate_allow(struct rate_table *t, uint64_t key, const struct rate *rate, int64_t now_us,
                int *retry_s)
{
    return ask(t, key, rate, now_us, retry_s, 1);
}

bool rate_would_allow(struct rate_table *t, uint64_t key, const struct rate *rate, int64_t now_us,
                      int *retry_s)
{
    return ask(t, key, rate, now_us, retry_s, 0);
}

void rate_give_back(struct rate_table *t, uint64_t key, const struct rate *rate, int64_t now_us)
{
    if (rate->per_minute <= 0)
        return;
    pthread_mutex_lock(&t->lock);
    struct bucket *b = refilled(t, key, rate, now_us);
    b->tokens = b->tokens + 1 < rate->burst ? b->tokens + 1 : rate->burst;
    count(t, b, rate, -1);
    pthread_mutex_unlock(&t->lock);
}

/* --- several nodes --- */

void rate_table_share(struct rate_table *t, uint64_t secret, int portions)
{
    t->secret = secret;
    t->portions = portions;
}

size_t rate_news_take(struct rate_table *t, struct rate_news *out, size_t most)
{
    pthread_mutex_lock(&t->lock);
    size_t n = t->news_count < most ? t->news_count : most;
    t->news_count -= n;
    memcpy(out, t->news + t->news_count, n * sizeof *out);
    pthread_mutex_unlock(&t->lock);
    return n;
}

void rate_news_apply(struct rate_table *t, const struct rate_news *news, int64_t now_us)
{
    if (news->rate.per_minute <= 0 || !t->portions)
        return;
    double burst = burst_of(&news->rate);
    pthread_mutex_lock(&t->lock);
    struct bucket *b = refilled(t, news->key, &news->rate, now_us);
    b->tokens = fmin(burst, fmax(-burst, b->tokens - news->taken));
    pthread_mutex_unlock(&t->lock);
}
