#include "recording/film.h"
#include "base/clock.h"
#include "base/mem.h"
#include <opus/opus.h>

#define STEP_US     (20 * US_PER_MS)
#define AHEAD_US    (2 * US_PER_S) /* what comes so late still finds its place */
#define VOICE_BITS  48000
#define PACKET_MOST 1500
#define SMOOTHED    15             /* steps over which loudness is smoothed: 300 ms */
#define QUIET       1e-6           /* nobody speaks: -60 dB */
#define HELD_STEPS  50             /* who was chosen stays for a second */
#define SHOWN_US    (3 * US_PER_S) /* a picture without news is not shown any more */

/* What is shown: of a lane, its screen or its camera. */
struct shot {
    int lane; /* -1: nothing */
    bool screen, low;
};

struct film {
    struct film_config config;
    struct lane lanes[FILM_LANES];
    double loud[FILM_LANES];
    int64_t seen_us[FILM_LANES][2]; /* the last camera and screen picture; -SHOWN_US: none */
    OpusEncoder *encoder;
    struct webm *webm;
    int64_t origin_us, at; /* Unix us; steps that are made */
    int64_t picture_ms;    /* of the last one that is in it */
    int speaker, held;
    struct shot shot;
};

/* --- the beginning --- */

static enum err begin_encoder(struct film *f, struct webm_tracks *tracks)
{
    int error;
    opus_int32 ahead = 0;
    f->encoder = opus_encoder_create(48000, 1, OPUS_APPLICATION_AUDIO, &error);
    if (error != OPUS_OK)
        return ERR_INTERNAL;
    opus_encoder_ctl(f->encoder, OPUS_SET_BITRATE(VOICE_BITS));
    opus_encoder_ctl(f->encoder, OPUS_GET_LOOKAHEAD(&ahead));
    tracks->preskip = ahead;
    return ERR_OK;
}

static void film_free(struct film *f)
{
    for (int i = 0; i < f->config.lanes; i++)
        lane_end(&f->lanes[i]);
    if (f->encoder)
        opus_encoder_destroy(f->encoder);
    free(f);
}

enum err film_begin(const struct film_config *config, struct film **out)
{
    struct webm_tracks tracks = {.width = config->width, .height = config->height};
    struct film *f = mem_new(sizeof *f);
    f->config = *config;
    f->origin_us = INT64_MAX;
    f->speaker = f->shot.lane = -1;
    for (int i = 0; i < config->lanes; i++) {
        lane_begin(&f->lanes[i], config->source, config->arg, i);
        f->seen_us[i][0] = f->seen_us[i][1] = -SHOWN_US;
        int64_t first = lane_first(&f->lanes[i]);
        f->origin_us = first < f->origin_us ? first : f->origin_us;
    }
    enum err err = f->origin_us == INT64_MAX ? ERR_NOT_FOUND : begin_encoder(f, &tracks);
    if (err == ERR_OK)
        f->webm = webm_new(&config->sink, &tracks);
    else
        film_free(f);
    *out = err == ERR_OK ? f : NULL;
    return err;
}

/* --- sound --- */

static void choose_speaker(struct film *f)
{
    int loudest = -1;
    for (int i = 0; i < f->config.lanes; i++)
        if (f->loud[i] > QUIET && (loudest < 0 || f->loud[i] > f->loud[loudest]))
            loudest = i;
    f->held -= f->held > 0;
    if (loudest < 0 || loudest == f->speaker || f->held > 0)
        return;
    f->speaker = loudest;
    f->held = HELD_STEPS;
}

static enum err add_sound(struct film *f)
{
    float mixed[VOICE_STEP] = {0};
    unsigned char packet[PACKET_MOST];
    for (int i = 0; i < f->config.lanes; i++) {
        double loud = voice_mix(f->lanes[i].voice, f->at * VOICE_STEP, mixed);
        f->loud[i] += (loud - f->loud[i]) / SMOOTHED;
    }
    for (int i = 0; i < VOICE_STEP; i++)
        mixed[i] = mixed[i] > 1 ? 1 : mixed[i] < -1 ? -1 : mixed[i];
    int n = opus_encode_float(f->encoder, mixed, VOICE_STEP, packet, sizeof packet);
    if (n < 0)
        return ERR_INTERNAL;
    webm_put(f->webm, WEBM_VOICE, f->at * 20, true, packet, (size_t)n);
    return ERR_OK;
}

/* --- picture --- */

static bool shows(const struct film *f, int lane, bool screen)
{
    return lane >= 0 && f->at * STEP_US - f->seen_us[lane][screen] < SHOWN_US;
}

/* A screen, else the speaker, else what is shown, else anybody. */
static struct shot choose_shot(const struct film *f)
{
    for (int i = 0; i < f->config.lanes; i++)
        if (shows(f, i, true))
            return (struct shot){i, true, false};
    if (shows(f, f->speaker, false))
        return (struct shot){f->speaker, false, false};
    if (shows(f, f->shot.lane, f->shot.screen))
        return f->shot;
    for (int i = 0; i < f->config.lanes; i++)
        if (shows(f, i, false))
            return (struct shot){i, false, false};
    return (struct shot){-1, false, false};
}

static bool is_of(const struct shot *shot, int lane, const struct lane_picture *p)
{
    return shot->lane == lane && shot->screen == p->screen && shot->low == p->low;
}

/* At a key frame of what is wanted the film cuts to it; of two rungs the high one is. */
static bool cuts_to(const struct film *f, const struct shot *wanted, int lane,
                    const struct lane_picture *p)
{
    bool same = f->shot.lane == lane && f->shot.screen == p->screen;
    return p->key && wanted->lane == lane && wanted->screen == p->screen &&
           (!same || !p->low || f->shot.low);
}

static void show(struct film *f, const struct shot *wanted, int lane, const struct lane_picture *p)
{
    int64_t at_ms = p->at_us / US_PER_MS, floor = f->at * 20;
    if (cuts_to(f, wanted, lane, p))
        f->shot = (struct shot){lane, p->screen, p->low};
    if (!is_of(&f->shot, lane, p))
        return;
    at_ms = at_ms < floor ? floor : at_ms;
    at_ms = at_ms <= f->picture_ms ? f->picture_ms + 1 : at_ms;
    f->picture_ms = at_ms;
    webm_put(f->webm, WEBM_PICTURE, at_ms, p->key, p->bytes->bytes, p->bytes->len);
}

/* The next picture of a lane that is made before `until`; NULL: there is none. */
static struct lane_picture *picture_before(const struct lane *lane, int64_t until)
{
    list_for_each(node, &lane->pictures)
    {
        struct lane_picture *p = container_of(node, struct lane_picture, node);
        if (p->at_us < until)
            return p;
    }
    return NULL;
}

static void look_at_pictures(struct film *f, int64_t until)
{
    for (int i = 0; i < f->config.lanes; i++)
        list_for_each(node, &f->lanes[i].pictures)
        {
            const struct lane_picture *p = container_of(node, struct lane_picture, node);
            if (p->at_us < until)
                f->seen_us[i][p->screen] = p->at_us;
        }
}

static void add_pictures(struct film *f)
{
    int64_t until = (f->at + 1) * STEP_US;
    look_at_pictures(f, until);
    struct shot wanted = choose_shot(f);
    for (int i = 0; i < f->config.lanes; i++) {
        struct lane_picture *p;
        while ((p = picture_before(&f->lanes[i], until))) {
            if (f->config.width)
                show(f, &wanted, i, p);
            lane_drop_picture(&f->lanes[i], p);
        }
    }
}

/* --- steps --- */

static enum err step(struct film *f)
{
    bool more = false;
    int64_t until = f->origin_us + (f->at + 1) * STEP_US + AHEAD_US;
    enum err err = ERR_OK;
    for (int i = 0; i < f->config.lanes && err == ERR_OK; i++) {
        err = lane_take(&f->lanes[i], f->origin_us, until);
        more = more || lane_has_more(&f->lanes[i], f->at * VOICE_STEP);
    }
    if (err != ERR_OK || !more || f->at * 20 >= FILM_MOST_MS)
        return err != ERR_OK ? err : ERR_NOT_FOUND;
    err = add_sound(f);
    choose_speaker(f);
    add_pictures(f);
    f->at++;
    return err;
}

enum err film_go_on(struct film *f, int64_t ms)
{
    enum err err = ERR_OK;
    for (; ms > 0 && err == ERR_OK; ms -= 20)
        err = step(f);
    return err;
}

enum err film_end(struct film *f, int64_t *duration_ms)
{
    *duration_ms = f->at * 20;
    enum err err = webm_end(f->webm, *duration_ms);
    film_free(f);
    return err;
}
