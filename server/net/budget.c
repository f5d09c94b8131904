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
    map_init(&b->people);
}

void budget_release(struct budget *b)
{
    map_release(&b->anonymous);
    map_release(&b->people);
    pthread_mutex_destroy(&b->lock);
}

static intptr_t count_of(const struct map *counts, const struct id *of)
{
    return (intptr_t)map_get(counts, of);
}

static void set_count(struct map *counts, const struct id *of, intptr_t n)
{
    if (n > 0)
        map_put(counts, of, (void *)n);
    else
        map_remove(counts, of);
}

enum admission budget_admit(struct budget *b, const struct id *address)
{
    pthread_mutex_lock(&b->lock);
    enum admission answer = ADMIT;
    intptr_t n = count_of(&b->anonymous, address);
    if (b->http >= b->max_http || b->http + b->live >= b->max)
        answer = REFUSE_FULL;
    else if (n >= b->max_anonymous)
        answer = REFUSE_ADDRESS;
    if (answer == ADMIT) {
        b->http++;
        set_count(&b->anonymous, address, n + 1);
    }
    pthread_mutex_unlock(&b->lock);
    return answer;
}

void budget_forget_address(struct budget *b, const struct id *address)
{
    pthread_mutex_lock(&b->lock);
    set_count(&b->anonymous, address, count_of(&b->anonymous, address) - 1);
    pthread_mutex_unlock(&b->lock);
}

void budget_to_live(struct budget *b)
{
    pthread_mutex_lock(&b->lock);
    b->http--;
    b->live++;
    pthread_mutex_unlock(&b->lock);
}

bool budget_enter(struct budget *b, const struct id *person)
{
    pthread_mutex_lock(&b->lock);
    intptr_t n = count_of(&b->people, person);
    bool enters = n < LIVE_PER_PERSON;
    if (enters)
        set_count(&b->people, person, n + 1);
    pthread_mutex_unlock(&b->lock);
    return enters;
}

void budget_exit(struct budget *b, const struct id *person)
{
    pthread_mutex_lock(&b->lock);
    set_count(&b->people, person, count_of(&b->people, person) - 1);
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
