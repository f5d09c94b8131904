/* Which transactions' news was surely heard, after something was missed: what had committed some
 * seconds before a loss was noticed, as each loss is noticed within fewer (NODE_SILENT_US). A
 * horizon is a transaction id: all before it had ended when it was read. Plain memory, the clock
 * passed in; one owner. */
#ifndef AMPHI_NODES_HORIZONS_H
#define AMPHI_NODES_HORIZONS_H

#include "base/clock.h"

#define HORIZONS_KEPT 16
#define HORIZON_US    (10 * US_PER_S) /* what committed before was told, or its loss noticed */

struct horizons {
    struct {
        int64_t at, horizon; /* at: monotonic us */
    } kept[HORIZONS_KEPT];   /* in a circle, one a second at most */
    unsigned n;              /* ever kept */
};

void horizons_keep(struct horizons *h, int64_t horizon, int64_t now);
/* The newest that is old enough; 0: there is none. */
int64_t horizons_heard(const struct horizons *h, int64_t now);

#endif
