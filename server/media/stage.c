#include "media/stage.h"
#include "base/list.h"
#include "base/mem.h"
#include "media/bundle.h"
#include <stdio.h>

#define BUNDLES    8 /* of one round, for viewers who are equally far */
#define PLACE_MOST 16

enum { ROUND, AT_ONCE, WALKS }; /* how viewers are served: the two lists of them, and walks */

struct media_viewer {
    struct list node; /* in stage.viewers */
    uint64_t conn;
    bool at_once;
    enum media_rung rung;
    int64_t behind_us;            /* since when it is not at the end; 0: it is */
    int64_t lost_us;              /* when it lost a rung last; 0: never */
    int64_t climb_us, backoff_us; /* when it gets one back; how long that takes */
    uint32_t closed;   /* a bit a ring: begins with a key frame at its cursor or after it */
    uint32_t starting; /* its config goes before the next piece */
    uint64_t cursor[MEDIA_RINGS];
};

struct media_stage {
    const struct clock *clock;
    char place[PLACE_MOST];
    struct media_ring rings[MEDIA_RINGS];
    struct list viewers[WALKS]; /* in rounds; at once */
    struct list *at[WALKS];     /* the next to be served; NULL: nobody walks */
    uint64_t ends[MEDIA_RINGS]; /* how far this round goes */
    struct media_bundle bundles[BUNDLES];
    int bundle_count;
    bool came, wanted; /* something new since the last walk; somebody is not at the end */
    int64_t due_us;
    struct media_losses losses;
};

struct media_stage *media_stage_new(const struct clock *clock, const char *place)
{
    struct media_stage *s = mem_new(sizeof *s);
    s->clock = clock;
    snprintf(s->place, sizeof s->place, "%s", place);
    for (int i = 0; i < WALKS; i++)
        list_init(&s->viewers[i]);
    return s;
}

static void forget_bundles(struct media_stage *s)
{
    for (int i = 0; i < s->bundle_count; i++)
        payload_unref(s->bundles[i].frames);
    s->bundle_count = 0;
}

void media_stage_free(struct media_stage *s)
{
    if (!s)
        return;
    for (int i = 0; i < WALKS; i++)
        list_for_each_safe(node, &s->viewers[i])
            media_leave(s, container_of(node, struct media_viewer, node));
    for (int i = 0; i < MEDIA_RINGS; i++)
        media_ring_release(&s->rings[i]);
    forget_bundles(s);
    free(s);
}

const char *media_place(const struct media_stage *s)
{
    return s->place;
}

struct media_losses media_losses(const struct media_stage *s)
{
    return s->losses;
}

/* --- what comes --- */

static void viewers_begin_ring(struct media_stage *s, int i)
{
    for (int walk = 0; walk < WALKS; walk++)
        list_for_each(node, &s->viewers[walk])
        {
            struct media_viewer *v = container_of(node, struct media_viewer, node);
            v->cursor[i] = 0;
            v->closed |= 1u << i;
            v->starting |= 1u << i;
        }
}

/* NULL: there are too many. */
static struct media_ring *ring_of(struct media_stage *s, const struct media_record *record)
{
    bool low = record->flags & MEDIA_LOW;
    int i = media_ring_find(s->rings, MEDIA_RINGS, record->stream, low);
    if (i >= 0 && !s->rings[i].used) {
        media_ring_begin(&s->rings[i], record->stream, low);
        viewers_begin_ring(s, i);
    }
    return i < 0 ? NULL : &s->rings[i];
}

void media_put(struct media_stage *s, const struct media_record *record)
{
    struct media_ring *ring = ring_of(s, record);
    if (!ring) {
        s->losses.dropped++;
        return;
    }
    media_ring_put(ring, record, clock_mono_us(s->clock));
    s->came = !list_empty(&s->viewers[AT_ONCE]);
    s->wanted = true;
}

void media_put_all(struct media_stage *s, const struct payload *records)
{
    struct media_record record;
    size_t size;
    for (size_t at = 0; (size = media_own(records->bytes + at, records->len - at, &record)) > 0;
         at += size)
        media_put(s, &record);
}

/* --- who watches --- */

struct media_viewer *media_join(struct media_stage *s, uint64_t conn, bool at_once)
{
    struct media_viewer *v = mem_new(sizeof *v);
    v->conn = conn;
    v->at_once = at_once;
    v->rung = MEDIA_RUNG_HIGH;
    v->closed = v->starting = UINT32_MAX;
    for (int i = 0; i < MEDIA_RINGS; i++)
        v->cursor[i] = s->rings[i].picture ? 0 : s->rings[i].end; /* voice: as it is now */
    list_append(&s->viewers[at_once], &v->node);
    s->came = s->came || at_once;
    s->wanted = true;
    return v;
}

void media_leave(struct media_stage *s, struct media_viewer *v)
{
    for (int walk = 0; walk < WALKS; walk++)
        if (s->at[walk] == &v->node)
            s->at[walk] = v->node.next;
    list_remove(&v->node);
    free(v);
}

/* --- what a viewer is given --- */

/* The picture's gate: closed until a key frame that is yet to come. */
static void close_gate(struct media_viewer *v, const struct media_ring *ring, int i)
{
    v->cursor[i] = ring->end;
    v->closed |= 1u << i;
    v->starting |= 1u << i;
}

/* It cannot keep up: no picture until the next key frame, and a rung lower for a while. */
static void lose(struct media_stage *s, struct media_viewer *v, int64_t now)
{
    for (int i = 0; i < MEDIA_RINGS; i++) {
        struct media_ring *ring = &s->rings[i];
        if (!ring->used || !ring->picture)
            continue;
        if (!(v->closed & 1u << i))
            s->losses.dropped += ring->end - v->cursor[i];
        close_gate(v, ring, i);
    }
    bool steady = !v->lost_us || now - v->lost_us > MEDIA_STEADY_US;
    v->backoff_us = steady ? MEDIA_BACKOFF_US : 2 * v->backoff_us;
    if (v->backoff_us > MEDIA_BACKOFF_MOST)
        v->backoff_us = MEDIA_BACKOFF_MOST;
    v->lost_us = now;
    v->climb_us = now + v->backoff_us;
    v->behind_us = now;
    if (v->rung > MEDIA_RUNG_VOICE) {
        v->rung--;
        s->losses.lowered++;
    }
}

/* Of two rungs it gets one; the low one also until the high one's key frame comes. */
static bool wants(const struct media_stage *s, const struct media_viewer *v, int i)
{
    const struct media_ring *ring = &s->rings[i];
    int other = media_ring_sibling(s->rings, MEDIA_RINGS, i);
    if (!ring->picture)
        return true;
    if (v->rung == MEDIA_RUNG_VOICE || other < 0)
        return v->rung != MEDIA_RUNG_VOICE;
    if (!ring->low)
        return v->rung == MEDIA_RUNG_HIGH;
    return v->rung == MEDIA_RUNG_LOW || (v->closed & 1u << other);
}

/* Opens the gate if a key frame is there. */
static bool is_open(const struct media_stage *s, struct media_viewer *v, int i)
{
    const struct media_ring *ring = &s->rings[i];
    if (!(v->closed & 1u << i))
        return true;
    if (ring->picture) {
        if (ring->key == MEDIA_NOWHERE || ring->key < v->cursor[i] || ring->key >= s->ends[i])
            return false;
        v->cursor[i] = ring->key;
    }
    v->closed &= ~(1u << i);
    return true;
}

static void plan_ring(struct media_stage *s, struct media_viewer *v, struct media_plan *plan, int i)
{
    struct media_ring *ring = &s->rings[i];
    if (!wants(s, v, i)) {
        close_gate(v, ring, i);
        return;
    }
    if (v->cursor[i] < ring->first) { /* what it would go on with is gone */
        if (ring->picture && !(v->closed & 1u << i))
            close_gate(v, ring, i);
        else
            v->cursor[i] = ring->first;
    }
    if (!is_open(s, v, i) || v->cursor[i] >= s->ends[i])
        return;
    plan->included |= 1u << i;
    plan->from[i] = v->cursor[i];
}

/* Its rings, the high ones first: whether a low one is wanted depends on them. */
static struct media_plan plan_of(struct media_stage *s, struct media_viewer *v)
{
    struct media_plan plan = {.late = v->behind_us != 0};
    for (int low = 0; low < 2; low++)
        for (int i = 0; i < MEDIA_RINGS; i++)
            if (s->rings[i].used && s->rings[i].low == (low == 1))
                plan_ring(s, v, &plan, i);
    plan.starts = plan.included & v->starting;
    return plan;
}

/* NULL: there is nothing. In `own` when there is no place for it among those that are shared. */
static const struct media_bundle *bundle_for(struct media_stage *s, const struct media_plan *plan,
                                             struct media_bundle *own)
{
    for (int i = 0; i < s->bundle_count; i++)
        if (media_plan_equal(&s->bundles[i].plan, plan))
            return &s->bundles[i];
    bool shared = s->bundle_count < BUNDLES;
    struct media_bundle *b = shared ? &s->bundles[s->bundle_count++] : own;
    *b = (struct media_bundle){.plan = *plan};
    media_bundle_build(b, s->rings, s->ends, s->place);
    return b;
}

static void note_given(struct media_stage *s, struct media_viewer *v, const struct media_bundle *b,
                       int64_t now)
{
    bool all = true;
    for (int i = 0; i < MEDIA_RINGS; i++) {
        if (!(b->plan.included & 1u << i))
            continue;
        if (b->to[i] > b->plan.from[i])
            v->starting &= ~(1u << i);
        v->cursor[i] = b->to[i];
        all = all && b->to[i] == s->ends[i];
    }
    s->losses.dropped += b->dropped;
    v->behind_us = all ? 0 : v->behind_us ? v->behind_us : now;
    s->wanted = s->wanted || !all;
}

static void climb(struct media_viewer *v, int64_t now)
{
    if (v->rung == MEDIA_RUNG_HIGH || v->behind_us || now < v->climb_us)
        return;
    v->rung++;
    v->climb_us = now + v->backoff_us;
}

/* The viewer may be gone when this returns. */
static void serve(struct media_stage *s, const struct media_wire *wire, struct media_viewer *v)
{
    int64_t now = clock_mono_us(s->clock);
    if (!wire->open(wire->arg, v->conn)) {
        if (!v->behind_us)
            v->behind_us = now;
        s->wanted = true;
        return;
    }
    if (v->behind_us && now - v->behind_us > MEDIA_LATE_US)
        lose(s, v, now);
    climb(v, now);
    struct media_plan plan = plan_of(s, v);
    if (!plan.included) {
        v->behind_us = 0;
        return;
    }
    struct media_bundle own = {0};
    const struct media_bundle *b = bundle_for(s, &plan, &own);
    struct payload *frames = b->frames;
    note_given(s, v, b, now);
    if (frames)
        wire->send(wire->arg, v->conn, frames);
    if (b == &own)
        payload_unref(frames);
}

/* --- rounds --- */

static void look_at_ends(struct media_stage *s)
{
    int64_t now = clock_mono_us(s->clock);
    for (int i = 0; i < MEDIA_RINGS; i++) {
        if (s->rings[i].used)
            media_ring_trim(&s->rings[i], now);
        s->ends[i] = s->rings[i].end;
    }
    forget_bundles(s);
}

/* Viewers are more than the processor's caches hold: see look_ahead() in room/conn/hub.c. */
static void look_ahead(const struct media_wire *wire, const struct list *soon,
                       const struct list *end)
{
    const struct list *later = soon->next;
    if (!wire->expect || soon == end || later == end)
        return;
    __builtin_prefetch(later->next);
    __builtin_prefetch(&container_of(later, struct media_viewer, node)->closed);
    wire->expect(wire->arg, container_of(soon, struct media_viewer, node)->conn,
                 container_of(later, struct media_viewer, node)->conn);
}

static bool walk(struct media_stage *s, const struct media_wire *wire, int which, int64_t until)
{
    if (!s->at[which])
        s->at[which] = s->viewers[which].next;
    while (s->at[which] != &s->viewers[which]) {
        struct media_viewer *v = container_of(s->at[which], struct media_viewer, node);
        s->at[which] = s->at[which]->next;
        look_ahead(wire, s->at[which], &s->viewers[which]);
        serve(s, wire, v);
        if (clock_mono_us(s->clock) >= until && s->at[which] != &s->viewers[which])
            return true;
    }
    s->at[which] = NULL;
    return false;
}

/* In the middle of a round its ends stay as they are. */
static void serve_at_once(struct media_stage *s, const struct media_wire *wire)
{
    uint64_t ends[MEDIA_RINGS];
    s->came = false;
    memcpy(ends, s->ends, sizeof ends);
    look_at_ends(s);
    walk(s, wire, AT_ONCE, INT64_MAX);
    forget_bundles(s);
    if (s->at[ROUND])
        memcpy(s->ends, ends, sizeof ends);
}

static void begin_round(struct media_stage *s, size_t viewers)
{
    int64_t tick = (int64_t)viewers * MEDIA_US_A_VIEWER;
    s->due_us = clock_mono_us(s->clock) + (tick > MEDIA_TICK_US ? tick : MEDIA_TICK_US);
    s->wanted = false;
    look_at_ends(s);
}

bool media_serve(struct media_stage *s, const struct media_wire *wire, size_t viewers,
                 int64_t until)
{
    if (s->came)
        serve_at_once(s, wire);
    if (!s->at[ROUND]) {
        if (!s->wanted || clock_mono_us(s->clock) < s->due_us)
            return false;
        begin_round(s, viewers);
        s->came = !list_empty(&s->viewers[AT_ONCE]);
        if (s->came)
            serve_at_once(s, wire);
    }
    bool more = walk(s, wire, ROUND, until);
    if (!more)
        forget_bundles(s);
    return more;
}

int64_t media_due(const struct media_stage *s)
{
    return s->at[ROUND] || s->came ? 0 : s->wanted ? s->due_us : INT64_MAX;
}
