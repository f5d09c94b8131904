#include "room/home/ring.h"
#include "base/mem.h"
#include <assert.h>
#include <stdlib.h>

void ring_init(struct ring *r, int64_t seq)
{
    *r = (struct ring){.base = seq};
}

static void drop_oldest(struct ring *r)
{
    struct ring_event *oldest = &r->events[r->first];
    assert(oldest->frame);
    if (oldest->seq > r->base)
        r->base = oldest->seq;
    r->bytes -= oldest->frame->len;
    payload_unref(oldest->frame);
    r->first = (r->first + 1) % RING_EVENTS;
    r->len--;
}

void ring_release(struct ring *r)
{
    while (r->len > 0)
        drop_oldest(r);
    free(r->events);
    r->events = NULL;
}

void ring_add(struct ring *r, const struct ring_event *e)
{
    if (!r->events)
        r->events = mem_new(RING_EVENTS * sizeof *r->events);
    while (r->len > 0 && (r->len == RING_EVENTS || r->bytes + e->frame->len > RING_BYTES))
        drop_oldest(r);
    struct ring_event *slot = &r->events[(r->first + r->len) % RING_EVENTS];
    *slot = *e;
    payload_ref(slot->frame);
    r->len++;
    r->bytes += e->frame->len;
    if (r->bytes > RING_BYTES)
        drop_oldest(r); /* larger than the whole ring by itself */
}

bool ring_covers(const struct ring *r, int64_t seq, int64_t newest)
{
    return seq >= r->base && seq <= newest;
}

const struct ring_event *ring_next(const struct ring *r, int64_t seq, const struct identity *who,
                                   size_t *cursor)
{
    while (*cursor < r->len) {
        const struct ring_event *e = &r->events[(r->first + (*cursor)++) % RING_EVENTS];
        if (e->seq <= seq)
            continue;
        if ((e->audience & who->roles) || (e->personal && id_equal(&e->person, &who->person)))
            return e;
    }
    return NULL;
}
