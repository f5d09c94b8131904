/* How many connections there may be: in all, of HTTP (the rest is reserved for websockets), per
 * address for those that are not signed in, and live ones per person. Any thread. */
#ifndef AMPHI_NET_BUDGET_H
#define AMPHI_NET_BUDGET_H

#include "base/map.h"
#include <pthread.h>
#include <stdbool.h>

#define LIVE_PER_PERSON 64

struct budget {
    pthread_mutex_t lock;
    int max, max_http, max_anonymous;
    int http, live;
    struct map anonymous; /* address → count */
    struct map people;    /* person → count of live connections */
};

enum admission { ADMIT, REFUSE_FULL, REFUSE_ADDRESS };

void budget_init(struct budget *b, int max, int max_anonymous);
void budget_release(struct budget *b);
/* A new connection: it counts as HTTP, and against its address, until told otherwise. */
enum admission budget_admit(struct budget *b, const struct id *address);
void budget_forget_address(struct budget *b,
                           const struct id *address); /* it signed in, or closed */
void budget_to_live(struct budget *b);
/* One more live connection of this person; false: there are enough. */
bool budget_enter(struct budget *b, const struct id *person);
void budget_exit(struct budget *b, const struct id *person);
void budget_leave(struct budget *b, bool live);
/* Few are left: idle connections should go. */
bool budget_scarce(struct budget *b);

#endif
