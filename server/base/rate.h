/* Token buckets for requests and commands, in a table of fixed size: when a set of the table is
 * full, the bucket that was used longest ago is forgotten. Several nodes count together: each tells
 * the others what was taken there, who take the same from their bucket, into debt if need be. So
 * over time they give what one would; at once each gives at most what it has not heard of. Any
 * thread. */
#ifndef AMPHI_BASE_RATE_H
#define AMPHI_BASE_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rate {
    int burst;      /* at once */
    int per_minute; /* refill; 0: no limit */
};

struct rate_table;

struct rate_table *rate_table_new(void);
void rate_table_free(struct rate_table *t);
/* Takes one token; when there is none false, with the seconds until there will be one. The key
 * must already depend on who and on what. now_us: monotonic. */
bool rate_allow(struct rate_table *t, uint64_t key, const struct rate *rate, int64_t now_us,
                int *retry_s);
/* The same without taking it. */
bool rate_would_allow(struct rate_table *t, uint64_t key, const struct rate *rate, int64_t now_us,
                      int *retry_s);
/* What was taken did not count after all. */
void rate_give_back(struct rate_table *t, uint64_t key, const struct rate *rate, int64_t now_us);

/* What was taken (less what was given back) and is to be told to other nodes. */
struct rate_news {
    uint64_t key;
    struct rate rate;
    int taken;
};
#define RATE_NEWS_MOST 4096 /* that wait; the rest is told with what is taken next */
/* Before anything is counted: this is one node of several. secret: theirs, of keys. portions: a
 * bucket is told of each time such a part of its burst was taken. */
void rate_table_share(struct rate_table *t, uint64_t secret, int portions);
/* Moves up to `most` of what is to be told to out; how many. */
size_t rate_news_take(struct rate_table *t, struct rate_news *out, size_t most);
/* Another node told it. */
void rate_news_apply(struct rate_table *t, const struct rate_news *news, int64_t now_us);

/* Mixes bytes into a key with a secret of this process, or of its cluster, so that nobody can aim
 * at a bucket. */
uint64_t rate_key(const struct rate_table *t, uint64_t key, const void *bytes, size_t len);
/* The same of a client's address; of IPv6 its /64 counts, which is what one customer has. */
uint64_t rate_key_address(const struct rate_table *t, uint64_t key, const char *address);
/* The same of the network around it: /24, of IPv6 /48, which is what one site has. */
uint64_t rate_key_network(const struct rate_table *t, uint64_t key, const char *address);

#endif
