/* The sound of one publisher, from its Opus packets: decoded samples at 48 kHz, mono, on the film's
 * time line. Lost packets are concealed up to 60 ms, longer gaps are silence. Pure; one thread. */
#ifndef AMPHI_RECORDING_VOICE_H
#define AMPHI_RECORDING_VOICE_H

#include <stddef.h>
#include <stdint.h>

#define VOICE_STEP 960 /* samples of 20 ms */

struct voice;

struct voice *voice_new(void);
void voice_free(struct voice *v); /* NULL is allowed */
/* A packet whose sound begins at sample `at` of the film. Damaged ones are silence. */
void voice_put(struct voice *v, int64_t at, const void *packet, size_t len);
/* Adds the samples from `at` on to out[VOICE_STEP]; at never goes back. How loud they are: the mean
 * of their squares. */
double voice_mix(struct voice *v, int64_t at, float out[VOICE_STEP]);

/* The sample after the last one that is known. */
int64_t voice_ends(const struct voice *v);

#endif
