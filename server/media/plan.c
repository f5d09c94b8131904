/* What a viewer is given: which rungs of which streams, and where it goes on. Decided for each
 * ring, never for a record, so that viewers who are equally far share what is built. */
#include "media/stage_private.h"

/* The picture's gate: closed until a key frame that is yet to come. */
static void close_gate(struct media_viewer *v, const struct media_ring *ring, int i)
{
    v->cursor[i] = ring->end;
    v->closed |= 1u << i;
    v->starting |= 1u << i;
}

void media_lose(struct media_stage *s, struct media_viewer *v, int64_t now)
{
    for (int i = 0; i < MEDIA_RINGS; i++) {
        struct media_ring *ring = &s->rings[i];
        if (!ring->used || !ring->picture)
            continue;
        if (!(v->closed & 1u << i))
            s->losses.dropped += ring->end - v->cursor[i];
        close_gate(v, ring, i);
    }
    v->asks = 0; /* it would not be helped, and everybody would pay */
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

void media_climb(struct media_viewer *v, int64_t now)
{
    if (v->rung >= v->most || v->behind_us || now < v->climb_us)
        return;
    v->rung++;
    v->climb_us = now + v->backoff_us;
}

/* A screen is always large. */
static bool is_large(const struct media_stage *s, const struct media_ring *ring)
{
    return s->focus == MEDIA_NO_FOCUS || ring->screen ||
           ring->stream / MEDIA_OWN_STREAMS == s->focus / MEDIA_OWN_STREAMS;
}

static bool is_gone(const struct media_ring *ring)
{
    return ring->ended || ring->quiet;
}

/* Of two rungs it gets one; the low one also until the high one's key frame comes, and while
 * nothing comes of the high one. */
static bool wants(const struct media_stage *s, const struct media_viewer *v, int i)
{
    const struct media_ring *ring = &s->rings[i];
    if (!v->crew && ring->shown == MEDIA_NOWHERE)
        return false;
    if (!ring->picture)
        return true;
    bool alone = ring->other < 0 || s->rings[ring->other].ended;
    if (v->rung == MEDIA_RUNG_VOICE || alone)
        return v->rung != MEDIA_RUNG_VOICE;
    bool high = v->rung == MEDIA_RUNG_HIGH && is_large(s, ring);
    if (!ring->low) /* nobody waits, and asks, for what does not come */
        return high && !(is_gone(ring) && (v->closed & 1u << i));
    return !high || is_gone(&s->rings[ring->other]) || (v->closed & 1u << ring->other);
}

/* Opens the gate if a key frame is there; for whoever may ask for one, a fresh one. */
static bool is_open(struct media_stage *s, struct media_viewer *v, int i)
{
    struct media_ring *ring = &s->rings[i];
    uint32_t bit = 1u << i;
    if (!(v->closed & bit))
        return true;
    if (ring->picture) {
        bool there = ring->key != MEDIA_NOWHERE && ring->key >= v->cursor[i];
        bool stale = (v->asks & bit) && (!there || !media_ring_fresh(ring, s->clock));
        ring->key_wanted |= stale && ring->came_us;
        if (stale || !there || ring->key >= s->ends[i])
            return false;
        v->cursor[i] = ring->key;
    }
    v->closed &= ~bit;
    v->asks &= ~bit;
    return true;
}

/* Those who are not behind the scenes begin where it became theirs to see. */
static void come_in(struct media_viewer *v, const struct media_ring *ring, int i)
{
    if (v->crew || v->cursor[i] >= ring->shown)
        return;
    v->cursor[i] = ring->shown;
    v->closed |= 1u << i;
    v->starting |= 1u << i;
}

static void plan_ring(struct media_stage *s, struct media_viewer *v, struct media_plan *plan, int i)
{
    struct media_ring *ring = &s->rings[i];
    if (!wants(s, v, i)) {
        close_gate(v, ring, i);
        if (v->rung == v->most)
            v->asks |= 1u << i;
        return;
    }
    come_in(v, ring, i);
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

/* The high ones first: whether a low one is wanted depends on them. */
struct media_plan media_plan_of(struct media_stage *s, struct media_viewer *v)
{
    struct media_plan plan = {.late = v->behind_us != 0};
    for (int low = 0; low < 2; low++)
        for (uint32_t left = s->live[low]; left; left &= left - 1)
            if (s->rings[__builtin_ctz(left)].used) /* it may have gone since the round began */
                plan_ring(s, v, &plan, __builtin_ctz(left));
    plan.starts = plan.included & v->starting;
    return plan;
}
