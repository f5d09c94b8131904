/* Requests of carried connections, and their answers, between nodes (carried.h). */
#ifndef AMPHI_NET_PASSED_ON_H
#define AMPHI_NET_PASSED_ON_H

#include "base/id.h"
#include <stdbool.h>
#include <stddef.h>

struct net;

/* Another node sent this one alone something: true when it is one of these. *good: whether it could
 * be read. A thread of the bus. */
bool net_passed_on(struct net *net, const struct id *from, const char *kind, const char *data,
                   size_t len, bool *good);

#endif
