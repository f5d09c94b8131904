/* Who speaks: how loud each voice is by the levels of its records, the loudest three of those that
 * are heard together, and the one who speaks. Pure; the clock is passed in. */
#ifndef AMPHI_MEDIA_VOICES_H
#define AMPHI_MEDIA_VOICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEDIA_VOICES 3 /* that are passed on at once */

struct media_voice {
    int group;        /* those of one group are heard together; 0: it is in none */
    double loud;      /* smoothed; 0 silence to 127 */
    int64_t heard_us; /* when its newest record came; 0: never */
    bool passed;      /* that record was passed on */
};

struct media_speaker {
    int who; /* index of a voice; -1: nobody spoke yet */
    int64_t since_us;
};

/* A record of voice i of n came: whether it is one of the loudest of its group. */
bool media_voice_passes(struct media_voice *voices, int n, int i, uint8_t level, int64_t now_us);
/* Whoever speaks in the group now, or spoke there last. */
void media_voices_speaker(const struct media_voice *voices, int n, int group, int64_t now_us,
                          struct media_speaker *speaker);

#endif
