/* How much one client may ask for, decided on the loop, before any worker or the database is
 * troubled. Whose bucket a request takes from: the person's, once a worker has found that the
 * sign-in cookie is good (that is remembered, in a table of fixed size); before that its address's,
 * with a bucket for requests that claim to be signed in and one for those that do not. What was
 * taken from the address is given back when the cookie, or a secret in the request itself, turns
 * out to be good. Any thread. */
#ifndef AMPHI_HTTP_LIMITS_H
#define AMPHI_HTTP_LIMITS_H

#include "base/identity.h"
#include "base/rate.h"

struct limits;

/* rates: not its own, NULL: its own. */
struct limits *limits_new(struct rate_table *rates);
void limits_free(struct limits *l);

/* One request. */
struct limited {
    uint64_t what; /* requests with the same one share buckets; the same on each node */
    const struct rate *rate;
    int64_t now_us; /* monotonic */
    const char *address;
    struct sign_ins sign_ins; /* what it says to be signed in with */
    const struct id *holder;  /* whose it is, if the request shows that itself; else NULL */
    bool returning;           /* answer: one of these was good before */
    uint64_t address_key;     /* limits': what was taken from, 0: nothing to give back */
};
/* Loop. False, with the seconds until it may come again. */
bool limits_admit(struct limits *l, struct limited *request, int *retry_s);
/* Worker: the sign-in of this side is good, and this person's. False as above. */
bool limits_found(struct limits *l, struct limited *request, enum side side,
                  const struct id *person, int64_t now_us, int *retry_s);
/* Worker: a secret in the request is good, and this one's, whose bucket it takes from. NULL: nobody
 * can use it twice. False as above. */
bool limits_vouch(struct limits *l, struct limited *request, const struct id *holder,
                  int64_t now_us, int *retry_s);

#endif
