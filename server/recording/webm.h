/* Writes a WebM file (Matroska, RFC 9559; VP8 and Opus as webmproject.org's container guidelines
 * have them): one voice track and, where there is any, one picture track. Clusters have known
 * sizes and begin with key frames; cues and duration are filled in at the end, so the file seeks in
 * every player. Pure: the bytes leave through a sink. */
#ifndef AMPHI_RECORDING_WEBM_H
#define AMPHI_RECORDING_WEBM_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum webm_track { WEBM_VOICE = 1, WEBM_PICTURE = 2 };

struct webm_sink {
    enum err (*add)(void *arg, const void *bytes, size_t len);
    enum err (*patch)(void *arg, uint64_t at, const void *bytes, size_t len);
    void *arg;
};

struct webm_tracks {
    int width, height; /* of the picture; 0: there is none */
    int preskip;       /* samples at 48 kHz that a decoder drops: of the Opus encoder */
};

struct webm;

struct webm *webm_new(const struct webm_sink *sink, const struct webm_tracks *tracks);
/* at_ms never goes back. */
void webm_put(struct webm *w, enum webm_track track, int64_t at_ms, bool key, const void *bytes,
              size_t len);
/* Finishes the file, which lasts so long. Frees w. The first error of the sink, if there was one.
 */
enum err webm_end(struct webm *w, int64_t duration_ms) MUST_CHECK;

#endif
