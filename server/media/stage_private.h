/* What a stage is made of. Private to stage.c and plan.c. */
#ifndef AMPHI_MEDIA_STAGE_PRIVATE_H
#define AMPHI_MEDIA_STAGE_PRIVATE_H

#include "base/list.h"
#include "media/bundle.h"
#include "media/stage.h"

#define BUNDLES    8 /* of one round, for viewers who are equally far */
#define PLACE_MOST 16

enum { ROUND, AT_ONCE, WALKS }; /* how viewers are served: the two lists of them, and walks */

struct media_viewer {
    struct list node; /* in stage.viewers */
    uint64_t conn;
    bool crew;
    enum media_rung rung, most;   /* most: that it chose */
    int64_t behind_us;            /* since when it is not at the end; 0: it is */
    int64_t lost_us;              /* when it lost a rung last; 0: never */
    int64_t climb_us, backoff_us; /* when it gets one back; how long that takes */
    uint32_t closed;   /* a bit a ring: begins with a key frame at its cursor or after it */
    uint32_t starting; /* its config goes before the next piece */
    uint32_t asks;     /* of those that are closed: a key frame is asked for */
    uint64_t cursor[MEDIA_RINGS];
};

struct media_stage {
    const struct clock *clock;
    char place[PLACE_MOST];
    struct media_ring rings[MEDIA_RINGS];
    uint16_t focus;             /* the first of the streams of whoever is large */
    struct list viewers[WALKS]; /* in rounds; at once */
    struct list *at[WALKS];     /* the next to be served; NULL: nobody walks */
    uint64_t ends[MEDIA_RINGS]; /* how far this round goes */
    uint32_t live[2];           /* a bit a ring that this round has: the high ones, the low ones */
    struct media_bundle bundles[BUNDLES];
    int bundle_count;
    bool came, wanted; /* something new since the last walk; somebody is not at the end */
    int64_t due_us;
    struct media_losses losses;
};

/* Its rings as it gets them now. */
struct media_plan media_plan_of(struct media_stage *s, struct media_viewer *v);
/* It cannot keep up: no picture until the next key frame, and a rung lower for a while. */
void media_lose(struct media_stage *s, struct media_viewer *v, int64_t now);
/* A rung higher, when it is time. */
void media_climb(struct media_viewer *v, int64_t now);

#endif
