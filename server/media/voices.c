#include "media/voices.h"

#define SILENT   127.0   /* level of silence: loudness is this minus the level */
#define SMOOTHED 15.0    /* records: 300 ms of 20 ms each */
#define OVER_US  500000  /* without a record: it is silent */
#define HELD_US  1000000 /* for so long nobody takes the word from who got it */
#define SPEECH   72.0    /* quieter is no speech: -55 dBov */
#define LOUDER   3.0     /* to take the word */
#define STAYS    6.0     /* who is passed on stays against who is only a little louder */

static double loudness(const struct media_voice *v, int64_t now_us)
{
    return v->heard_us && now_us - v->heard_us <= OVER_US ? v->loud : 0;
}

static double rank(const struct media_voice *v, int64_t now_us)
{
    double loud = loudness(v, now_us);
    return loud > 0 && v->passed ? loud + STAYS : loud;
}

bool media_voice_passes(struct media_voice *voices, int n, int i, uint8_t level, int64_t now_us)
{
    struct media_voice *v = &voices[i];
    int before = 0;
    v->loud += (SILENT - level - v->loud) / SMOOTHED;
    v->heard_us = now_us;
    double own = rank(v, now_us);
    for (int k = 0; k < n; k++)
        if (k != i && voices[k].group == v->group) {
            double other = rank(&voices[k], now_us);
            before += other > own || (other == own && other > 0 && k < i);
        }
    v->passed = before < MEDIA_VOICES;
    return v->passed;
}

void media_voices_speaker(const struct media_voice *voices, int n, int group, int64_t now_us,
                          struct media_speaker *speaker)
{
    int loudest = -1;
    if (speaker->who >= 0 && voices[speaker->who].group != group)
        speaker->who = -1;
    for (int i = 0; i < n; i++)
        if (voices[i].group == group && loudness(&voices[i], now_us) >= SPEECH &&
            (loudest < 0 || loudness(&voices[i], now_us) > loudness(&voices[loudest], now_us)))
            loudest = i;
    if (loudest < 0 || loudest == speaker->who)
        return;
    if (speaker->who >= 0 &&
        (now_us - speaker->since_us < HELD_US ||
         loudness(&voices[loudest], now_us) < loudness(&voices[speaker->who], now_us) + LOUDER))
        return;
    *speaker = (struct media_speaker){loudest, now_us};
}
