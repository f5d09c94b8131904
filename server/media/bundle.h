/* What one round gives a viewer: pieces of some rings as frames, shared by all viewers who are
 * equally far. Private to stage.c. */
#ifndef AMPHI_MEDIA_BUNDLE_H
#define AMPHI_MEDIA_BUNDLE_H

#include "media/limits.h"
#include "media/ring.h"

struct media_plan {
    uint32_t included;          /* a bit a ring */
    uint32_t starts;            /* of them: the stream's config comes first */
    bool late;                  /* less at once, and nothing that can be left out */
    uint64_t from[MEDIA_RINGS]; /* 0 where not included */
};

struct media_bundle {
    struct media_plan plan;
    uint64_t to[MEDIA_RINGS];
    struct payload *frames; /* NULL: nothing fits, or there is nothing */
    uint64_t dropped;       /* pieces that were left out */
};

/* Up to these ends; voice before picture. */
void media_bundle_build(struct media_bundle *b, const struct media_ring *rings,
                        const uint64_t *ends, const char *place);
bool media_plan_equal(const struct media_plan *a, const struct media_plan *b);

#endif
