#include "http/rate.h"
#include "base/mem.h"
#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>
#include <sys/random.h>

#define SETS 16384 /* a power of two */
#define WAYS 4

struct bucket {
    uint64_t key; /* 0: free */
    int64_t at_us;
    double tokens;
};

struct rate_table {
    pthread_mutex_t lock;
    uint64_t secret;
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

static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= 0xbf58476d1ce4e5b9ULL;
    x ^= x >> 27;
    x *= 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

uint64_t rate_key(const struct rate_table *t, uint64_t key, const void *bytes, size_t len)
{
    const unsigned char *b = bytes;
    uint64_t h = mix(key ^ t->secret);
    for (size_t i = 0; i < len; i++)
        h = mix(h ^ b[i]);
    return h ? h : 1;
}

uint64_t rate_key_address(const struct rate_table *t, uint64_t key, const char *address)
{
    struct in6_addr v6;
    if (inet_pton(AF_INET6, address, &v6) == 1)
        return rate_key(t, key, &v6, 8);
    return rate_key(t, key, address, strlen(address));
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
    *oldest = (struct bucket){key, now_us, burst};
    return oldest;
}

bool rate_allow(struct rate_table *t, uint64_t key, const struct http_rate *rate, int64_t now_us,
                int *retry_s)
{
    if (rate->per_minute <= 0)
        return true;
    double burst = rate->burst > 0 ? rate->burst : 1;
    double per_us = rate->per_minute / 60e6;
    pthread_mutex_lock(&t->lock);
    struct bucket *b = bucket_of(t, key, burst, now_us);
    if (now_us > b->at_us)
        b->tokens += (double)(now_us - b->at_us) * per_us;
    if (b->tokens > burst)
        b->tokens = burst;
    b->at_us = now_us;
    bool allowed = b->tokens >= 1;
    if (allowed)
        b->tokens -= 1;
    else
        *retry_s = (int)((1 - b->tokens) / per_us / 1e6) + 1;
    pthread_mutex_unlock(&t->lock);
    return allowed;
}
