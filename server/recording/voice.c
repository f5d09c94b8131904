#include "recording/voice.h"
#include "base/mem.h"
#include <opus/opus.h>

#define RATE      48000
#define KEPT      (8 * RATE) /* samples ahead of what is mixed: more is dropped */
#define PACKET    5760       /* the most of one: 120 ms */
#define LOOSE     480        /* a packet so near to the end of the last one follows it */
#define CONCEALED (3 * VOICE_STEP)

struct voice {
    OpusDecoder *decoder;
    int64_t begin, end; /* of what is kept, in samples of the film */
    float *samples;     /* a ring of KEPT */
};

struct voice *voice_new(void)
{
    int error;
    struct voice *v = mem_new(sizeof *v);
    v->samples = mem_new_array(KEPT, sizeof *v->samples);
    v->decoder = opus_decoder_create(RATE, 1, &error);
    if (error != OPUS_OK)
        abort(); /* out of memory: see base/mem.h */
    return v;
}

void voice_free(struct voice *v)
{
    if (!v)
        return;
    opus_decoder_destroy(v->decoder);
    free(v->samples);
    free(v);
}

static void append(struct voice *v, const float *samples, int n)
{
    for (int i = 0; i < n; i++) {
        v->samples[v->end % KEPT] = samples ? samples[i] : 0;
        v->end++;
    }
    if (v->end - v->begin > KEPT)
        v->begin = v->end - KEPT;
}

/* What is missing before `at`: guessed while it is short. */
static void fill(struct voice *v, int64_t at)
{
    float guess[VOICE_STEP];
    while (at - v->end >= VOICE_STEP - LOOSE && at - v->end <= CONCEALED) {
        int n = opus_decode_float(v->decoder, NULL, 0, guess, VOICE_STEP, 0);
        append(v, n > 0 ? guess : NULL, VOICE_STEP);
    }
    if (at - v->end > KEPT)
        v->begin = v->end = at; /* nothing before it is of use */
    if (at - v->end > LOOSE)
        append(v, NULL, (int)(at - v->end));
}

void voice_put(struct voice *v, int64_t at, const void *packet, size_t len)
{
    float samples[PACKET];
    if (v->end < v->begin || at + LOOSE < v->end)
        return; /* comes too late */
    fill(v, at);
    int n = opus_decode_float(v->decoder, packet, (opus_int32)len, samples, PACKET, 0);
    if (n > 0)
        append(v, samples, n);
}

double voice_mix(struct voice *v, int64_t at, float out[VOICE_STEP])
{
    double sum = 0;
    for (int i = 0; i < VOICE_STEP; i++) {
        int64_t place = at + i;
        if (place < v->begin || place >= v->end)
            continue;
        float sample = v->samples[place % KEPT];
        out[i] += sample;
        sum += (double)sample * sample;
    }
    v->begin = at + VOICE_STEP > v->begin ? at + VOICE_STEP : v->begin;
    v->end = v->end < v->begin ? v->begin : v->end;
    return sum / VOICE_STEP;
}

int64_t voice_ends(const struct voice *v)
{
    return v->end;
}
