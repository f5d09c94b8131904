/* Makes one film of a recording: one mixed voice track, one picture track that follows the screen,
 * else whoever speaks, cut at key frames. Reads each chunk once, and keeps a few seconds of them.
 * Takes processor time: for jobs. */
#ifndef AMPHI_RECORDING_FILM_H
#define AMPHI_RECORDING_FILM_H

#include "recording/lane.h"
#include "recording/webm.h"

#define FILM_LANES   64
#define FILM_MOST_MS (12LL * 3600 * 1000)

struct film_config {
    int lanes;           /* at most FILM_LANES */
    lane_source *source; /* gives their chunks */
    void *arg;
    int width, height; /* of the largest picture; 0: there is none */
    struct webm_sink sink;
};

struct film;

/* ERR_NOT_FOUND: there is nothing in it. */
enum err film_begin(const struct film_config *config, struct film **out) MUST_CHECK;
/* Makes the next `ms` of it. ERR_NOT_FOUND: that was all. */
enum err film_go_on(struct film *f, int64_t ms) MUST_CHECK;
/* Finishes the file, or gives it up. Frees f. */
enum err film_end(struct film *f, int64_t *duration_ms) MUST_CHECK;

#endif
