#include "media/stage.h"
#include "base/mem.h"
#include "media/stage_private.h"
#include <stdio.h>

struct media_stage *media_stage_new(const struct clock *clock, const char *place)
{
    struct media_stage *s = mem_new(sizeof *s);
    s->clock = clock;
    s->focus = MEDIA_NO_FOCUS;
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
        media_ring_release(s->rings, MEDIA_RINGS, i);
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
            v->asks |= 1u << i;
        }
}

/* That of a stream that ended. What is under way of it ends, too. -1: there is none. */
static int free_ring(struct media_stage *s)
{
    int i = media_ring_ended(s->rings, MEDIA_RINGS);
    if (i < 0)
        return -1;
    media_ring_release(s->rings, MEDIA_RINGS, i);
    s->ends[i] = 0;
    forget_bundles(s);
    return i;
}

/* NULL: there are too many. */
static struct media_ring *ring_of(struct media_stage *s, const struct media_record *record)
{
    bool low = record->flags & MEDIA_LOW;
    int i = media_ring_find(s->rings, MEDIA_RINGS, record->stream, low);
    if (i < 0 && record->type != MEDIA_GAP)
        i = free_ring(s);
    if (i >= 0 && !s->rings[i].used) {
        media_ring_begin(s->rings, MEDIA_RINGS, i, record->stream, low);
        viewers_begin_ring(s, i);
    }
    return i < 0 ? NULL : &s->rings[i];
}

void media_put(struct media_stage *s, const struct media_record *record, bool crew)
{
    struct media_ring *ring = ring_of(s, record);
    if (!ring) {
        s->losses.dropped++;
        return;
    }
    bool late = record->type == MEDIA_CONFIG && !ring->config && ring->key != MEDIA_NOWHERE;
    media_ring_show(ring, crew);
    media_ring_put(ring, record, clock_mono_us(s->clock));
    if (late) /* they were given pictures that they could not show */
        viewers_begin_ring(s, (int)(ring - s->rings));
    s->came = !list_empty(&s->viewers[AT_ONCE]);
    s->wanted = true;
}

void media_put_all(struct media_stage *s, const struct payload *records, bool crew)
{
    struct media_record record;
    size_t size;
    for (size_t at = 0; (size = media_own(records->bytes + at, records->len - at, &record)) > 0;
         at += size)
        media_put(s, &record, crew);
}

/* --- who watches --- */

struct media_viewer *media_join(struct media_stage *s, uint64_t conn, bool crew,
                                enum media_rung most)
{
    struct media_viewer *v = mem_new(sizeof *v);
    v->conn = conn;
    v->crew = crew;
    v->rung = v->most = most;
    v->closed = v->starting = v->asks = UINT32_MAX;
    for (int i = 0; i < MEDIA_RINGS; i++)
        v->cursor[i] = s->rings[i].picture ? 0 : s->rings[i].end; /* voice: as it is now */
    list_append(&s->viewers[crew], &v->node);
    s->came = s->came || crew;
    s->wanted = true;
    return v;
}

/* Whoever walks goes on with the next one. */
static void take_out(struct media_stage *s, struct media_viewer *v)
{
    for (int walk = 0; walk < WALKS; walk++)
        if (s->at[walk] == &v->node)
            s->at[walk] = v->node.next;
    list_remove(&v->node);
}

void media_leave(struct media_stage *s, struct media_viewer *v)
{
    take_out(s, v);
    free(v);
}

void media_watch(struct media_stage *s, struct media_viewer *v, bool crew, enum media_rung most)
{
    if (v->crew != crew) {
        take_out(s, v);
        v->crew = crew;
        list_append(&s->viewers[crew], &v->node);
    }
    v->most = most;
    if (v->rung > most || clock_mono_us(s->clock) >= v->climb_us)
        v->rung = most;
    s->came = s->came || crew;
    s->wanted = true;
}

void media_focus(struct media_stage *s, uint16_t first_stream)
{
    s->focus = first_stream;
}

bool media_key_wanted(struct media_stage *s, uint16_t *stream)
{
    int64_t now = clock_mono_us(s->clock);
    for (int i = 0; i < MEDIA_RINGS; i++) {
        struct media_ring *ring = &s->rings[i];
        if (!ring->used || !ring->key_wanted)
            continue;
        ring->key_wanted = false;
        if (now < ring->ask_us)
            continue;
        ring->ask_us = now + MEDIA_FRESH_US;
        if (ring->other >= 0) /* it comes with a key frame of both rungs */
            s->rings[ring->other].ask_us = ring->ask_us;
        *stream = ring->stream;
        return true;
    }
    return false;
}

/* --- what a viewer is given --- */

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
    for (uint32_t left = b->plan.included; left; left &= left - 1) {
        int i = __builtin_ctz(left);
        if (b->to[i] > b->plan.from[i])
            v->starting &= ~(1u << i);
        v->cursor[i] = b->to[i];
        all = all && b->to[i] == s->ends[i];
    }
    s->losses.dropped += b->dropped;
    v->behind_us = all ? 0 : v->behind_us ? v->behind_us : now;
    s->wanted = s->wanted || !all;
}

/* The viewer may be gone when this returns. */
static void serve(struct media_stage *s, const struct media_wire *wire, struct media_viewer *v,
                  int64_t now)
{
    if (!wire->open(wire->arg, v->conn)) {
        if (!v->behind_us)
            v->behind_us = now;
        s->wanted = true;
        return;
    }
    if (v->behind_us && now - v->behind_us > MEDIA_LATE_US)
        media_lose(s, v, now);
    media_climb(v, now);
    struct media_plan plan = media_plan_of(s, v);
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
    media_rings_look(s->rings, MEDIA_RINGS, now);
    s->live[0] = s->live[1] = 0;
    for (int i = 0; i < MEDIA_RINGS; i++) {
        if (s->rings[i].used) {
            media_ring_trim(&s->rings[i], now);
            s->live[s->rings[i].low] |= 1u << i;
        }
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
    int64_t now = clock_mono_us(s->clock);
    if (!s->at[which])
        s->at[which] = s->viewers[which].next;
    while (s->at[which] != &s->viewers[which]) {
        struct media_viewer *v = container_of(s->at[which], struct media_viewer, node);
        s->at[which] = s->at[which]->next;
        look_ahead(wire, s->at[which], &s->viewers[which]);
        serve(s, wire, v, now);
        now = clock_mono_us(s->clock);
        if (now >= until && s->at[which] != &s->viewers[which])
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
