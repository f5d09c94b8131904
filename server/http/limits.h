/* How much one client may ask for, decided on the loop, before any worker or the database is
 * troubled. Whose bucket a request takes from: the person's, once a worker has found that the
 * sign-in cookie is good (that is remembered, in a table of fixed size); before that its address's,
 * with a bucket for requests that claim to be signed in and one for those that do not. What was
 * taken from the address is given back when the cookie turns out to be good. Any thread. */
#ifndef AMPHI_HTTP_LIMITS_H
#define AMPHI_HTTP_LIMITS_H

#include "base/identity.h"
#include "base/rate.h"

struct limits;

struct limits *limits_new(void);
void limits_free(struct limits *l);

/* One request. */
struct limited {
    uint64_t what; /* requests with the same one share buckets */
    const struct rate *rate;
    int64_t now_us; /* monotonic */
    const char *address;
    bool claims; /* there is a cookie of the form of a sign-in, and */
    uint8_t token[TOKEN_HASH_SIZE];
    bool returning;       /* answer: the token was good before */
    uint64_t address_key; /* limits': what was taken from, 0: nothing to give back */
};
/* Loop. False, with the seconds until it may come again. */
bool limits_admit(struct limits *l, struct limited *request, int *retry_s);
/* Worker: the token is good, and this person's. False as above. */
bool limits_found(struct limits *l, struct limited *request, const struct id *person,
                  int64_t now_us, int *retry_s);

#endif
