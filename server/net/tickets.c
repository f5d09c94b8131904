#include "net/tickets.h"
#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

static void make(struct ticket_key *key)
{
    if (RAND_bytes((unsigned char *)key, sizeof *key) != 1)
        abort();
}

void tickets_init(struct tickets *t, int64_t now_us)
{
    pthread_mutex_init(&t->lock, NULL);
    make(&t->newest);
    make(&t->before);
    t->since_us = now_us;
}

void tickets_release(struct tickets *t)
{
    explicit_bzero(&t->newest, sizeof t->newest);
    explicit_bzero(&t->before, sizeof t->before);
    pthread_mutex_destroy(&t->lock);
}

/* Under the lock. Two when nobody asked for two days. */
static void turn(struct tickets *t, int64_t now_us)
{
    for (int i = 0; i < 2 && now_us - t->since_us >= TICKET_KEY_US; i++) {
        t->before = t->newest;
        make(&t->newest);
        t->since_us += TICKET_KEY_US;
    }
    if (now_us - t->since_us >= TICKET_KEY_US)
        t->since_us = now_us;
}

void tickets_turn(struct tickets *t, int64_t now_us)
{
    pthread_mutex_lock(&t->lock);
    turn(t, now_us);
    pthread_mutex_unlock(&t->lock);
}

void tickets_newest(struct tickets *t, int64_t now_us, struct ticket_key *out)
{
    pthread_mutex_lock(&t->lock);
    turn(t, now_us);
    *out = t->newest;
    pthread_mutex_unlock(&t->lock);
}

bool tickets_find(struct tickets *t, int64_t now_us, const unsigned char name[TICKET_KEY_NAME],
                  struct ticket_key *out)
{
    pthread_mutex_lock(&t->lock);
    turn(t, now_us);
    bool newest = memcmp(name, t->newest.name, TICKET_KEY_NAME) == 0;
    bool found = newest || memcmp(name, t->before.name, TICKET_KEY_NAME) == 0;
    if (found)
        *out = newest ? t->newest : t->before;
    pthread_mutex_unlock(&t->lock);
    return found;
}
