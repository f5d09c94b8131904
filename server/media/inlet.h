/* What comes from one publisher: checked, held to its budgets, and given the session's numbers.
 * Pure; one thread. */
#ifndef AMPHI_MEDIA_INLET_H
#define AMPHI_MEDIA_INLET_H

#include "base/payload.h"
#include "media/record.h"

/* What is left of a budget, in millionths; fills up as time goes by. */
struct media_budget {
    int64_t left, at_us;
};

struct media_track {
    bool used, keyed;  /* a record came; a key frame did */
    uint16_t sequence; /* of the newest */
    uint32_t timestamp;
};

struct media_inlet {
    uint16_t first_stream; /* the session's number of the publisher's stream 0 */
    struct media_track tracks[MEDIA_OWN_STREAMS][2]; /* by stream and rung */
    /* its clock, one for all its streams */
    bool timed;
    uint32_t newest;  /* timestamp */
    int64_t ticks;    /* from the first one to it */
    int64_t begun_us; /* when the first one came */
    struct media_budget frames, records[MEDIA_TYPES], bytes[MEDIA_TYPES];
};

void media_inlet_begin(struct media_inlet *in, uint16_t first_stream, int64_t now_us);
/* One frame. On ERR_OK *records is its records with the session's numbers, one after the other;
 * NULL when it held none. ERR_TOO_LARGE; ERR_INVALID: a forged header, a record out of order, a
 * picture that begins without a key frame, a clock that jumps, a codec that nobody plays; ERR_RATE:
 * over a budget. */
enum err media_inlet_take(struct media_inlet *in, const void *frame, size_t len, int64_t now_us,
                          struct payload **records) MUST_CHECK;
/* The end of every stream that began: gap records; NULL: none did. */
struct payload *media_inlet_end(const struct media_inlet *in);

#endif
