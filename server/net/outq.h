/* What waits to be sent on one live connection. Bounded in bytes: when it is full, bulk is dropped
 * first, then media and bulk that come are left out, and what must arrive closes the connection. A
 * state is replaced by a newer one of the same key. Media are sent when nothing waits that must
 * arrive, bulk when nothing else does, both one frame of their payload at a time, so that nothing
 * waits behind more than one of them. A frame of which a part was sent is sent to its end, whatever
 * comes; it counts neither as waiting nor against the bound. Pure. */
#ifndef AMPHI_NET_OUTQ_H
#define AMPHI_NET_OUTQ_H

#include "base/frame.h"
#include "base/list.h"
#include "base/payload.h"
#include <stdbool.h>
#include <stdint.h>

struct outq_item;

struct outq {
    struct list frames; /* control, event and state, in order */
    struct list media, bulk;
    struct outq_item *begun; /* a frame of it is sent in part; in none of the lists */
    size_t sent;             /* bytes of begun */
    size_t bytes, count;     /* of the lists */
};

void outq_init(struct outq *q);
void outq_release(struct outq *q);
/* Takes a reference of its own. False: over max, the connection must be closed. key 0: none. */
bool outq_push(struct outq *q, enum frame_class class, uint64_t key, struct payload *frame,
               size_t max, int64_t now_us);
bool outq_empty(const struct outq *q);
/* All that waits, if anything does, is media and bulk, and none of it is sent in part. */
bool outq_may_wait(const struct outq *q);
/* The same, and there are no media among it. */
bool outq_takes_media(const struct outq *q);
/* Sent in part: what follows now would be taken for the rest of it. */
bool outq_mid_frame(const struct outq *q);
/* The next bytes to send, at most max; 0 when empty. They lie in their frame when that has enough
 * of them or nothing follows; else they are gathered in scratch, which holds max. */
size_t outq_peek(const struct outq *q, unsigned char *scratch, size_t max,
                 const unsigned char **bytes);
/* n bytes of these were sent. How many frames (of media and bulk: payloads) that ended. */
int outq_sent(struct outq *q, size_t n);
/* When the one that waits longest (media and bulk apart) was pushed; INT64_MAX when none does. */
int64_t outq_oldest(const struct outq *q);

#endif
