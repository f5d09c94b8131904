#include "net/budget.h"
#include <stdint.h>

#define HTTP_SHARE(max)  ((max) - (max) / 4 > 0 ? (max) - (max) / 4 : 1)
#define SCARCE(max_http) ((max_http) - (max_http) / 8)

void budget_init(struct budget *b, int max, int max_anonymous)
{
    pthread_mutex_init(&b->lock, NULL);
    b->max = max;
    b->max_http = HTTP_SHARE(max);
    b->max_anonymous = max_anonymous;
    b->http = b->live = 0;
    map_init(&b->anonymous);
}

void budget_release(struct budget *b)
{
    map_release(&b->anonymous);
    pthread_mutex_destroy(&b->lock);
}

static intptr_t count_of(struct budget *b, const struct id *address)
{
    return (intptr_t)map_get(&b->anonymous, address);
}

static void set_count(struct budget *b, const struct id *address, intptr_t n)
{
    if (n > 0)
        map_put(&b->anonymous, address, (void *)n);
    else
        map_remove(&b->anonymous, address);
}

enum admission budget_admit(struct budget *b, const struct id *address)
{
    pthread_mutex_lock(&b->lock);
    enum admission answer = ADMIT;
    intptr_t n = count_of(b, address);
    if (b->http >= b->max_http || b->http + b->live >= b->max)
        answer = REFUSE_FULL;
    else if (n >= b->max_anonymous)
        answer = REFUSE_ADDRESS;
    if (answer == ADMIT) {
        b->http++;
        set_count(b, address, n + 1);
    }
    pthread_mutex_unlock(&b->lock);
    return answer;
}

void budget_forget_address(struct budget *b, const struct id *address)
{
    pthread_mutex_lock(&b->lock);
    set_count(b, address, count_of(b, address) - 1);
    pthread_mutex_unlock(&b->lock);
}

void budget_to_live(struct budget *b)
{
    pthread_mutex_lock(&b->lock);
    b->http--;
    b->live++;
    pthread_mutex_unlock(&b->lock);
}

void budget_leave(struct budget *b, bool live)
{
    pthread_mutex_lock(&b->lock);
    if (live)
        b->live--;
    else
        b->http--;
    pthread_mutex_unlock(&b->lock);
}

bool budget_scarce(struct budget *b)
{
    pthread_mutex_lock(&b->lock);
    bool scarce = b->http >= SCARCE(b->max_http) || b->http + b->live >= SCARCE(b->max);
    pthread_mutex_unlock(&b->lock);
    return scarce;
}
