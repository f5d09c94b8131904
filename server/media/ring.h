/* One stream of one rung, as it is kept for an audience: its newest pieces, at positions that only
 * grow. Of a picture, from the newest key frame on, and a second before it for whoever is just
 * behind; of a voice, four seconds. Bounded in bytes and pieces whatever comes. Pure; one thread.
 */
#ifndef AMPHI_MEDIA_RING_H
#define AMPHI_MEDIA_RING_H

#include "base/clock.h"
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
    bool low, picture, screen, used;
    bool ended;      /* the newest record says so */
    bool quiet;      /* nothing comes, and its other rung goes on: the publisher's line is thin */
    int64_t came_us; /* when its newest record but a config came; 0: none did */
    bool key_wanted; /* a viewer waits for a key frame */
    int64_t ask_us;  /* not before then */
    int other;       /* the other rung of its stream; -1: it has none */
    uint64_t shown;  /* from here on everybody may see it; MEDIA_NOWHERE: not now */
    uint64_t first, end; /* positions: of the oldest piece, and after the newest */
    uint64_t key;        /* of the newest key frame's first piece; MEDIA_NOWHERE: there is none */
    size_t bytes;
    struct payload *config; /* the newest; NULL: none came */
    struct media_piece *pieces;
};

/* Of n rings: that of the stream and rung, else an unused one; -1: there is none. */
int media_ring_find(const struct media_ring *rings, int n, uint16_t stream, bool low);
/* One whose stream ended; -1: there is none. */
int media_ring_ended(const struct media_ring *rings, int n);
/* Makes an unused one of n rings the stream's; makes it unused again. */
void media_ring_begin(struct media_ring *rings, int n, int i, uint16_t stream, bool low);
void media_ring_release(struct media_ring *rings, int n, int i);
/* What is put from here on is for those behind the scenes alone, or for everybody. */
void media_ring_show(struct media_ring *ring, bool crew);
/* Whether its newest key frame is young enough to begin with; it has one. */
bool media_ring_fresh(const struct media_ring *ring, const struct clock *clock);
/* Copies the record, cut into pieces of at most MEDIA_PIECE bytes. */
void media_ring_put(struct media_ring *ring, const struct media_record *record, int64_t now_us);
/* Of n rings, which go on without a rung that is quiet. */
void media_rings_look(struct media_ring *rings, int n, int64_t now_us);
/* Lets go of what nobody may be sent any more. */
void media_ring_trim(struct media_ring *ring, int64_t now_us);
/* first <= at < end. */
const struct media_piece *media_ring_at(const struct media_ring *ring, uint64_t at);

#endif
