/* How often a password may be tried, and a link asked for, at one address. A stranger's tries close
 * nothing for its owner: tries count by address and network (/24, of IPv6 /48), and a browser that
 * signed in to the address before has a budget of its own, known by a signed cookie. Over all
 * networks together strangers have about 100 tries an hour at one address; when these are spent, an
 * owner who is at a new browser signs in by a link. In memory, by addresses as typed, so that
 * nothing tells whether there is such an account. Any thread; nothing blocks. */
#ifndef AMPHI_FEATURES_ACCOUNTS_GUARD_H
#define AMPHI_FEATURES_ACCOUNTS_GUARD_H

#include "base/address.h"
#include "base/rate.h"
#include "http/http.h"

enum guarded { GUARD_PASSWORD, GUARD_LINK };

struct guard {
    enum guarded what;
    bool device;     /* the browser signed in to this address before */
    uint64_t own;    /* its key, else that of the address and the network */
    uint64_t shared; /* of the address over all networks; not of a device */
};
/* email in its normal form. */
struct guard guard_of(struct http_exchange *x, enum guarded what, const char *email);
/* Whether one more try is allowed, without taking it; false after having replied 429. */
bool guard_allows(struct http_exchange *x, const struct guard *g);
/* Takes one; false after having replied 429. */
bool guard_take(struct http_exchange *x, const struct guard *g);
/* It did not count after all: it was the right password. */
void guard_give_back(struct http_exchange *x, const struct guard *g);

/* Whether this browser signed in to the address before. */
bool guard_knows_device(struct http_exchange *x, const char *email);
/* For routes whose body has an `email`: a browser that signed in to it before is limited by itself,
 * so that whoever tries from the same network takes nothing from it. */
bool guard_holder(struct http_exchange *x, struct id *out);
/* The reply makes this browser known for the address. */
void guard_know_device(struct http_exchange *x, const char *email);

#endif
