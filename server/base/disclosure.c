#include "base/disclosure.h"

#define FURTHER 16 /* one in so many secret numbers is a step larger */

static struct disclosed choose(const struct disclosure *how, int64_t count)
{
    int64_t least = count - how->secret(how->arg, how->step);
    return (struct disclosed){
        .shown = least > 0 ? least - least % how->step : 0,
        .mark = count,
        .wait = how->step + how->secret(how->arg, how->step),
    };
}

struct disclosed disclosure_first(const struct disclosure *how, int64_t count)
{
    return choose(how, count);
}

bool disclosure_move(const struct disclosure *how, struct disclosed *d, int64_t count)
{
    int64_t grown = count - d->mark;
    if (grown < d->wait && -grown < d->wait)
        return false;
    struct disclosed next = choose(how, count);
    if (grown > 0 ? next.shown < d->shown : next.shown > d->shown)
        next.shown = d->shown;
    *d = next;
    return true;
}

int64_t disclosure_secret(int64_t step, uint32_t (*below)(uint32_t n))
{
    int64_t secret = below((uint32_t)step);
    while (below(FURTHER) == 0)
        secret += step;
    return secret;
}
