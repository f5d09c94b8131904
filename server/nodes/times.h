/* After how long a node is taken for what. */
#ifndef AMPHI_NODES_TIMES_H
#define AMPHI_NODES_TIMES_H

#include "base/clock.h"
#include <stdbool.h>
#include <stdint.h>

#define NODE_BEAT_US   US_PER_S
#define NODE_SILENT_US (2500 * US_PER_MS) /* without a beat for so long: it is not heard */
#define NODE_AWAY_US   (2500 * US_PER_MS) /* a lease older than that: what it has is not counted */
#define NODE_APART_US  (10 * US_PER_S)   /* lives, has NATS, and is not heard: of another cluster */
#define NODE_DEAD_US   (10 * US_PER_S)   /* likewise: another node ends the run */
#define NODE_SKEW_US   (500 * US_PER_MS) /* between a node's clock and the database's, at most */

static inline bool node_clocks_agree(int64_t skew_us)
{
    return skew_us <= NODE_SKEW_US && skew_us >= -NODE_SKEW_US;
}

#endif
