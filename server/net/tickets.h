/* The keys that TLS session tickets are sealed with: ours, made at random, shared by the loops so
 * that a session can be resumed on any of them. A new key each day; the one before still opens its
 * tickets for another day and is then forgotten, and with it what was said in those sessions. */
#ifndef AMPHI_NET_TICKETS_H
#define AMPHI_NET_TICKETS_H

#include "base/clock.h"
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define TICKET_KEY_US   (24 * 3600 * US_PER_S)
#define TICKET_KEY_NAME 16

struct ticket_key {
    unsigned char name[TICKET_KEY_NAME], cipher[32], mac[32];
};

struct tickets {
    pthread_mutex_t lock;
    struct ticket_key newest, before;
    int64_t since_us; /* of the newest */
};

void tickets_init(struct tickets *t, int64_t now_us);
void tickets_release(struct tickets *t);
/* Any thread, monotonic time. Each call also makes and forgets what is due. */
void tickets_turn(struct tickets *t, int64_t now_us);
void tickets_newest(struct tickets *t, int64_t now_us, struct ticket_key *out);
/* False: no such key, or no longer. */
bool tickets_find(struct tickets *t, int64_t now_us, const unsigned char name[TICKET_KEY_NAME],
                  struct ticket_key *out);

#endif
