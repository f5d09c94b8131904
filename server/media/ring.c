#include "media/ring.h"
#include "base/mem.h"
#include "media/limits.h"

static struct media_piece *piece_at(const struct media_ring *ring, uint64_t at)
{
    return &ring->pieces[at & (MEDIA_RING_PIECES - 1)];
}

const struct media_piece *media_ring_at(const struct media_ring *ring, uint64_t at)
{
    return piece_at(ring, at);
}

static int sibling(const struct media_ring *rings, int n, int of)
{
    for (int i = 0; i < n; i++)
        if (i != of && rings[i].used && rings[i].stream == rings[of].stream)
            return i;
    return -1;
}

void media_ring_begin(struct media_ring *rings, int n, int i, uint16_t stream, bool low)
{
    struct media_ring *ring = &rings[i];
    *ring = (struct media_ring){.stream = stream,
                                .low = low,
                                .used = true,
                                .picture = stream % MEDIA_OWN_STREAMS != MEDIA_OWN_VOICE,
                                .shown = MEDIA_NOWHERE,
                                .key = MEDIA_NOWHERE,
                                .pieces = mem_new_array(MEDIA_RING_PIECES, sizeof *ring->pieces)};
    ring->other = sibling(rings, n, i);
    if (ring->other >= 0)
        rings[ring->other].other = i;
}

static void drop_first(struct media_ring *ring)
{
    struct media_piece *piece = piece_at(ring, ring->first);
    if (ring->key == ring->first)
        ring->key = MEDIA_NOWHERE;
    ring->bytes -= piece->bytes->len;
    payload_unref(piece->bytes);
    ring->first++;
}

void media_ring_release(struct media_ring *rings, int n, int i)
{
    struct media_ring *ring = &rings[i];
    int other = ring->used ? sibling(rings, n, i) : -1;
    if (other >= 0)
        rings[other].other = -1;
    while (ring->first < ring->end)
        drop_first(ring);
    payload_unref(ring->config);
    free(ring->pieces);
    *ring = (struct media_ring){0};
}

void media_ring_show(struct media_ring *ring, bool crew)
{
    if (crew)
        ring->shown = MEDIA_NOWHERE;
    else if (ring->shown == MEDIA_NOWHERE)
        ring->shown = ring->end;
}

bool media_ring_fresh(const struct media_ring *ring, const struct clock *clock)
{
    return clock_mono_us(clock) - piece_at(ring, ring->key)->at_us <= MEDIA_FRESH_US;
}

static struct payload *piece_of(const struct media_record *record, size_t offset, size_t len)
{
    struct media_record head = *record;
    head.len = len;
    if (offset + len < record->len)
        head.flags |= MEDIA_MORE;
    struct payload *p = payload_new(MEDIA_RECORD_HEAD + len);
    media_write_head(&head, p->bytes);
    if (len)
        memcpy(p->bytes + MEDIA_RECORD_HEAD, record->bytes + offset, len);
    return p;
}

static void append(struct media_ring *ring, const struct media_piece *piece)
{
    while (ring->end - ring->first >= MEDIA_RING_PIECES ||
           (ring->bytes + piece->bytes->len > MEDIA_RING_BYTES && ring->first < ring->end))
        drop_first(ring);
    *piece_at(ring, ring->end) = *piece;
    if (piece->first && (piece->flags & MEDIA_KEY))
        ring->key = ring->end;
    ring->bytes += piece->bytes->len;
    ring->end++;
}

static void keep_config(struct media_ring *ring, struct payload *config)
{
    payload_unref(ring->config);
    ring->config = payload_ref(config);
}

void media_ring_put(struct media_ring *ring, const struct media_record *record, int64_t now_us)
{
    size_t offset = 0;
    ring->screen |= record->type == MEDIA_SCREEN;
    if (record->type != MEDIA_CONFIG) { /* which may be said again */
        ring->ended = record->type == MEDIA_GAP;
        ring->came_us = now_us;
    }
    do {
        size_t left = record->len - offset, len = left < MEDIA_PIECE ? left : MEDIA_PIECE;
        struct media_piece piece = {.bytes = piece_of(record, offset, len),
                                    .at_us = now_us,
                                    .flags = record->flags,
                                    .first = offset == 0,
                                    .config = record->type == MEDIA_CONFIG};
        if (piece.config)
            keep_config(ring, piece.bytes);
        append(ring, &piece);
        offset += len;
    } while (offset < record->len);
}

/* Only the high one: it is what a publisher leaves out first. */
void media_rings_look(struct media_ring *rings, int n, int64_t now_us)
{
    for (int i = 0; i < n; i++) {
        struct media_ring *ring = &rings[i];
        const struct media_ring *low = ring->used && ring->other >= 0 ? &rings[ring->other] : NULL;
        ring->quiet = low && !ring->low && !low->ended && now_us - ring->came_us > MEDIA_QUIET_US &&
                      now_us - low->came_us <= MEDIA_QUIET_US;
    }
}

void media_ring_trim(struct media_ring *ring, int64_t now_us)
{
    int64_t keep = ring->picture ? MEDIA_PICTURE_US : MEDIA_VOICE_US;
    uint64_t until = ring->picture && ring->key != MEDIA_NOWHERE ? ring->key : ring->end;
    while (ring->first < until && now_us - piece_at(ring, ring->first)->at_us > keep)
        drop_first(ring);
}

int media_ring_find(const struct media_ring *rings, int n, uint16_t stream, bool low)
{
    int unused = -1;
    for (int i = n - 1; i >= 0; i--) {
        if (rings[i].used && rings[i].stream == stream && rings[i].low == low)
            return i;
        if (!rings[i].used)
            unused = i;
    }
    return unused;
}

int media_ring_ended(const struct media_ring *rings, int n)
{
    for (int i = 0; i < n; i++)
        if (rings[i].used && rings[i].ended)
            return i;
    return -1;
}
