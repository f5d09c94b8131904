#include "media/bundle.h"
#include "base/frame.h"
#include "base/mem.h"
#include <assert.h>
#include <stdio.h>

#define FRAMES_MOST 64 /* more than MEDIA_BUNDLE_MOST needs */
#define HEADER_MOST 40

struct frames {
    unsigned char head[MEDIA_FRAME_HEAD + HEADER_MOST], body[MEDIA_FRAME_BYTES];
    size_t head_len, len, total, most;
    struct payload *parts[FRAMES_MOST];
    size_t count;
};

bool media_plan_equal(const struct media_plan *a, const struct media_plan *b)
{
    return a->included == b->included && a->starts == b->starts && a->late == b->late &&
           memcmp(a->from, b->from, sizeof a->from) == 0;
}

static void end_frame(struct frames *f)
{
    if (f->len == 0)
        return;
    assert(f->count < FRAMES_MOST);
    f->parts[f->count++] = frame_binary(f->head, f->head_len, f->body, f->len);
    f->len = 0;
}

/* False: it is enough for this round. */
static bool add(struct frames *f, const struct payload *piece)
{
    size_t room = sizeof f->body - f->head_len - FRAME_HEADER_MAX;
    if (f->total + piece->len > f->most)
        return false;
    if (f->len + piece->len > room)
        end_frame(f);
    memcpy(f->body + f->len, piece->bytes, piece->len);
    f->len += piece->len;
    f->total += piece->len;
    return true;
}

static void add_ring(struct media_bundle *b, struct frames *f, const struct media_ring *ring, int i,
                     uint64_t end)
{
    uint64_t at = b->plan.from[i];
    bool starts = b->plan.starts & 1u << i;
    b->to[i] = at;
    if (at >= end)
        return;
    if (starts && ring->config && !media_ring_at(ring, at)->config && !add(f, ring->config))
        return;
    for (; at < end; at++) {
        const struct media_piece *piece = media_ring_at(ring, at);
        if (b->plan.late && (piece->flags & MEDIA_DISCARDABLE))
            b->dropped++;
        else if (!add(f, piece->bytes))
            break;
    }
    b->to[i] = at;
}

void media_bundle_build(struct media_bundle *b, const struct media_ring *rings,
                        const uint64_t *ends, const char *place)
{
    struct frames f = {.head = {MEDIA_FRAME_KIND, MEDIA_FRAME_VERSION},
                       .most = b->plan.late ? MEDIA_LATE_MOST : MEDIA_BUNDLE_MOST};
    int len = snprintf((char *)f.head + MEDIA_FRAME_HEAD, HEADER_MOST, "{\"place\":\"%s\"}", place);
    f.head[3] = (unsigned char)len;
    f.head_len = MEDIA_FRAME_HEAD + (size_t)len;
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < MEDIA_RINGS; i++)
            if ((b->plan.included & 1u << i) && rings[i].picture == (pass == 1))
                add_ring(b, &f, &rings[i], i, ends[i]);
    end_frame(&f);
    b->frames = f.count ? payload_join(f.parts, f.count) : NULL;
    for (size_t i = 0; i < f.count; i++)
        payload_unref(f.parts[i]);
}
