/* One person's part of a recording, as a film takes it: chunks in order of time become sound and
 * pictures on the film's time line. A publisher's clock is tied to the server's by the earliest
 * arrival of two seconds. Pure; one thread. */
#ifndef AMPHI_RECORDING_LANE_H
#define AMPHI_RECORDING_LANE_H

#include "base/list.h"
#include "base/payload.h"
#include "recording/chunk.h"
#include "recording/voice.h"

/* Gives the person's next chunk; the bytes are borrowed until the next call. ERR_NOT_FOUND: there
 * is none. */
typedef enum err lane_source(void *arg, int lane, const void **bytes, size_t *len);

struct lane_picture {
    struct list node;
    int64_t at_us; /* since the film began */
    bool screen, low, key;
    struct payload *bytes;
};

struct lane {
    lane_source *source;
    void *arg;
    int number;
    struct chunk_reader reader;
    struct chunk_entry next; /* valid unless over */
    bool begun, over;
    struct voice *voice;
    struct list pictures;
    size_t picture_bytes;
    /* the publisher's clock */
    bool tied;
    uint32_t stamp;                 /* of the last record */
    int64_t clock_us, offset_us;    /* the same, unwrapped; added to it: server time */
    int64_t window_us, window_late; /* since when the smallest delay is looked for; that delay */
};

void lane_begin(struct lane *lane, lane_source *source, void *arg, int number);
void lane_end(struct lane *lane);
/* When its first record came, Unix us; INT64_MAX: it has none. */
int64_t lane_first(struct lane *lane);
/* Takes what came until then (Unix us); origin: when the film begins. */
enum err lane_take(struct lane *lane, int64_t origin_us, int64_t until_us) MUST_CHECK;
/* Whether there is sound from the sample `at` on, or a picture, or anything that was not taken. */
bool lane_has_more(const struct lane *lane, int64_t at);
void lane_drop_picture(struct lane *lane, struct lane_picture *p);

#endif
