/* One stream of one rung, as it is kept for an audience: its newest pieces, at positions that only
 * grow. Of a picture, from the newest key frame on, and a second before it for whoever is just
 * behind; of a voice, four seconds. Bounded in bytes and pieces whatever comes. Pure; one thread.
 */
#ifndef AMPHI_MEDIA_RING_H
#define AMPHI_MEDIA_RING_H

#include "base/payload.h"
#include "media/record.h"

#define MEDIA_PIECE       4000 /* bytes of a piece of a record, without its head: two fit a frame */
#define MEDIA_RING_PIECES 1024 /* a power of two */
#define MEDIA_RING_BYTES  (2 * 1024 * 1024)
#define MEDIA_VOICE_US    (4 * 1000000LL)
#define MEDIA_PICTURE_US  (1 * 1000000LL)
#define MEDIA_NOWHERE     UINT64_MAX

struct media_piece {
    struct payload *bytes; /* head and bytes */
    int64_t at_us;
    uint8_t flags; /* of the record */
    bool first;    /* of its record */
    bool config;
};

struct media_ring {
    uint16_t stream;
    bool low, picture, used;
    uint64_t first, end; /* positions: of the oldest piece, and after the newest */
    uint64_t key;        /* of the newest key frame's first piece; MEDIA_NOWHERE: there is none */
    size_t bytes;
    struct payload *config; /* the newest; NULL: none came */
    struct media_piece *pieces;
};

/* Of n rings: that of the stream and rung, else an unused one; -1: there is none. */
int media_ring_find(const struct media_ring *rings, int n, uint16_t stream, bool low);
/* The other rung of a ring's stream; -1: it has none. */
int media_ring_sibling(const struct media_ring *rings, int n, int of);
/* Makes an unused ring the stream's. */
void media_ring_begin(struct media_ring *ring, uint16_t stream, bool low);
void media_ring_release(struct media_ring *ring); /* unused again */
/* Copies the record, cut into pieces of at most MEDIA_PIECE bytes. */
void media_ring_put(struct media_ring *ring, const struct media_record *record, int64_t now_us);
/* Lets go of what nobody may be sent any more. */
void media_ring_trim(struct media_ring *ring, int64_t now_us);
/* first <= at < end. */
const struct media_piece *media_ring_at(const struct media_ring *ring, uint64_t at);

#endif
