/* What waits to be sent on one live connection. Bounded in bytes; media give way first, a state is
 * replaced by a newer one of the same key. Media are sent when nothing else waits. Pure. */
#ifndef AMPHI_NET_OUTQ_H
#define AMPHI_NET_OUTQ_H

#include "base/list.h"
#include "base/payload.h"
#include "room/dispatch.h"
#include <stdbool.h>
#include <stdint.h>

struct outq {
    struct list frames; /* control, event and state, in order */
    struct list media;
    size_t bytes, count;
};

void outq_init(struct outq *q);
void outq_release(struct outq *q);
/* Takes a reference of its own. False: over max, the connection must be closed. key 0: none. */
bool outq_push(struct outq *q, enum frame_class class, uint64_t key, struct payload *frame,
               size_t max, int64_t now_us);
bool outq_empty(const struct outq *q);
/* The caller owns the reference; NULL when empty. */
struct payload *outq_take(struct outq *q);
/* Size of what outq_take() would give; 0 when empty. */
size_t outq_next_size(const struct outq *q);
/* When the one that waits longest (media apart) was pushed; INT64_MAX when none does. */
int64_t outq_oldest(const struct outq *q);

#endif
