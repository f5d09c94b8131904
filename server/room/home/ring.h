/* The recent events of a room, framed, so that a client that was away for a moment gets what it
 * missed and nothing else. Bounded in count and in bytes; what falls out is only in the log. */
#ifndef AMPHI_ROOM_RING_H
#define AMPHI_ROOM_RING_H

#include "base/id.h"
#include "base/identity.h"
#include "base/payload.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RING_EVENTS 512
#define RING_BYTES  (256 * 1024)

struct ring_event {
    int64_t seq;
    unsigned audience;
    bool personal; /* also for `person` */
    struct id person;
    struct payload *frame;
};

struct ring {
    struct ring_event *events; /* RING_EVENTS, allocated with the first */
    size_t first, len, bytes;
    int64_t base; /* every event after this seq is here */
};

void ring_init(struct ring *r, int64_t seq); /* seq: of the last event before */
void ring_release(struct ring *r);
void ring_add(struct ring *r, const struct ring_event *e); /* takes its own reference */
/* Whether everything after seq is here. */
bool ring_covers(const struct ring *r, int64_t seq, int64_t newest);
/* Iterates the events after seq that `who` may see: start with *cursor = 0; NULL at the end. */
const struct ring_event *ring_next(const struct ring *r, int64_t seq, const struct identity *who,
                                   size_t *cursor);

#endif
