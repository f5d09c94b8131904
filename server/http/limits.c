#include "http/limits.h"
#include "base/mem.h"
#include <pthread.h>
#include <string.h>

#define SETS 4096 /* a power of two */
#define WAYS 4

/* A token that was good once, and whose it is for ever: what a sign-in may do is looked up again
 * with each request. */
struct known {
    uint8_t token[TOKEN_HASH_SIZE];
    struct id person; /* all-zero: free */
};

struct limits {
    struct rate_table *rates;
    bool own; /* they are */
    pthread_mutex_t lock;
    struct known known[SETS][WAYS];
    unsigned char next[SETS]; /* which way is taken by the next one */
};

struct limits *limits_new(struct rate_table *rates)
{
    struct limits *l = mem_new(sizeof *l);
    l->own = !rates;
    l->rates = rates ? rates : rate_table_new();
    pthread_mutex_init(&l->lock, NULL);
    return l;
}

void limits_free(struct limits *l)
{
    if (!l)
        return;
    if (l->own)
        rate_table_free(l->rates);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

static size_t set_of(const struct limits *l, const uint8_t *token)
{
    return rate_key(l->rates, 0, token, TOKEN_HASH_SIZE) & (SETS - 1);
}

/* Under the lock. NULL: not known. */
static struct known *find(struct limits *l, const uint8_t *token)
{
    static const struct id nobody;
    struct known *set = l->known[set_of(l, token)];
    for (int i = 0; i < WAYS; i++)
        if (!id_equal(&set[i].person, &nobody) && memcmp(set[i].token, token, TOKEN_HASH_SIZE) == 0)
            return &set[i];
    return NULL;
}

static bool is_known(struct limits *l, const uint8_t *token, struct id *person)
{
    pthread_mutex_lock(&l->lock);
    const struct known *k = find(l, token);
    if (k)
        *person = k->person;
    pthread_mutex_unlock(&l->lock);
    return k != NULL;
}

static void remember(struct limits *l, const uint8_t *token, const struct id *person)
{
    pthread_mutex_lock(&l->lock);
    if (!find(l, token)) {
        size_t set = set_of(l, token);
        struct known *k = &l->known[set][l->next[set]];
        l->next[set] = (unsigned char)((l->next[set] + 1) % WAYS);
        memcpy(k->token, token, TOKEN_HASH_SIZE);
        k->person = *person;
    }
    pthread_mutex_unlock(&l->lock);
}

static bool take(struct limits *l, const struct limited *r, uint64_t key, int *retry_s)
{
    return rate_allow(l->rates, key, r->rate, r->now_us, retry_s);
}

static uint64_t key_of_person(const struct limits *l, const struct limited *r,
                              const struct id *person)
{
    return rate_key(l->rates, r->what, person, sizeof *person);
}

bool limits_admit(struct limits *l, struct limited *r, int *retry_s)
{
    struct id person;
    r->address_key = 0;
    r->returning = r->holder != NULL;
    if (r->holder)
        return take(l, r, key_of_person(l, r, r->holder), retry_s);
    for (int side = 0; side < SIDES && !r->returning; side++)
        r->returning = r->sign_ins.held[side] && is_known(l, r->sign_ins.token[side], &person);
    if (r->returning)
        return take(l, r, key_of_person(l, r, &person), retry_s);
    bool claims = sign_ins_count(&r->sign_ins) > 0;
    uint64_t key = rate_key_address(l->rates, claims ? ~r->what : r->what, r->address);
    bool allowed = take(l, r, key, retry_s);
    r->address_key = allowed ? key : 0;
    return allowed;
}

bool limits_vouch(struct limits *l, struct limited *r, const struct id *holder, int64_t now_us,
                  int *retry_s)
{
    if (!r->address_key)
        return true;
    rate_give_back(l->rates, r->address_key, r->rate, now_us);
    r->address_key = 0;
    r->now_us = now_us;
    return !holder || take(l, r, key_of_person(l, r, holder), retry_s);
}

bool limits_found(struct limits *l, struct limited *r, enum side side, const struct id *person,
                  int64_t now_us, int *retry_s)
{
    if (!r->address_key)
        return true;
    remember(l, r->sign_ins.token[side], person);
    return limits_vouch(l, r, person, now_us, retry_s);
}
