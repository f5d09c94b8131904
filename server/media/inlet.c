#include "media/inlet.h"
#include "media/config.h"
#include <string.h>

#define MILLION         1000000
#define BURST_S         4 /* of each budget at once */
#define FRAMES_A_SECOND 400
#define TICKS(us)       ((us)*48 / 1000)
#define BEHIND_TICKS    TICKS(10LL * MILLION) /* that streams of one clock are apart */
#define AHEAD_TICKS     TICKS(10LL * MILLION) /* of the time that went by: the first came late */
#define DRIFT           1000                  /* one part of so many: of two clocks, at most */

/* A second's, for all streams and rungs of a publisher together. */
static const struct {
    int records, bytes;
} budgets[MEDIA_TYPES] = {[MEDIA_VOICE] = {120, 16 * 1024},
                          [MEDIA_CAMERA] = {100, 256 * 1024},
                          [MEDIA_SCREEN] = {40, 384 * 1024},
                          [MEDIA_CONFIG] = {8, 8 * 1024},
                          [MEDIA_GAP] = {8, 1},
                          [MEDIA_CLOCK] = {4, 4 * MEDIA_CLOCK_BYTES}};

static bool spend(struct media_budget *b, int64_t n, int64_t a_second, int64_t now_us)
{
    int64_t most = BURST_S * a_second * MILLION;
    b->left += (now_us - b->at_us) * a_second;
    b->at_us = now_us;
    if (b->left > most)
        b->left = most;
    if (b->left < n * MILLION)
        return false;
    b->left -= n * MILLION;
    return true;
}

static void fill(struct media_budget *b, int64_t a_second, int64_t now_us)
{
    *b = (struct media_budget){.left = BURST_S * a_second * MILLION, .at_us = now_us};
}

void media_inlet_begin(struct media_inlet *in, uint16_t first_stream, int64_t now_us)
{
    *in = (struct media_inlet){.first_stream = first_stream};
    fill(&in->frames, FRAMES_A_SECOND, now_us);
    for (int i = 0; i < MEDIA_TYPES; i++) {
        fill(&in->records[i], budgets[i].records, now_us);
        fill(&in->bytes[i], budgets[i].bytes, now_us);
    }
}

static bool is_at_its_stream(const struct media_record *r)
{
    static const int streams[] = {[MEDIA_VOICE] = MEDIA_OWN_VOICE,
                                  [MEDIA_CAMERA] = MEDIA_OWN_CAMERA,
                                  [MEDIA_SCREEN] = MEDIA_OWN_SCREEN};
    return r->stream == streams[r->type];
}

/* A clock that stands still or comes late is a slow line's; one that runs ahead, or that is another
 * for each stream, is none. */
static bool keeps_time(struct media_inlet *in, uint32_t timestamp, int64_t now_us)
{
    if (!in->timed) {
        in->timed = true;
        in->newest = timestamp;
        in->begun_us = now_us;
    }
    int64_t step = (int32_t)(timestamp - in->newest), gone = TICKS(now_us - in->begun_us);
    if (step < -BEHIND_TICKS || in->ticks + step > gone + gone / DRIFT + AHEAD_TICKS)
        return false;
    if (step > 0) {
        in->newest = timestamp;
        in->ticks += step;
    }
    return true;
}

/* Numbers go up by one and times never back, both around their end. */
static enum err follow(struct media_inlet *in, const struct media_record *r, int64_t now_us)
{
    struct media_track *t = &in->tracks[r->stream][(r->flags & MEDIA_LOW) != 0];
    if (r->type == MEDIA_CONFIG)
        return media_config_is_sound(r) ? ERR_OK : ERR_INVALID;
    if (r->type == MEDIA_GAP)
        return ERR_OK;
    if (!keeps_time(in, r->timestamp, now_us))
        return ERR_INVALID;
    if (r->type == MEDIA_CLOCK)
        return ERR_OK;
    if (!is_at_its_stream(r) || (t->used && (r->sequence != (uint16_t)(t->sequence + 1) ||
                                             (int32_t)(r->timestamp - t->timestamp) < 0)))
        return ERR_INVALID;
    if (media_is_picture(r->type) && !t->keyed && !(r->flags & MEDIA_KEY))
        return ERR_INVALID;
    *t = (struct media_track){true, true, r->sequence, r->timestamp};
    return ERR_OK;
}

static enum err check(struct media_inlet *in, const struct media_record *r, int64_t now_us)
{
    enum err err = follow(in, r, now_us);
    if (err != ERR_OK)
        return err;
    bool within = spend(&in->records[r->type], 1, budgets[r->type].records, now_us) &&
                  spend(&in->bytes[r->type], (int64_t)r->len, budgets[r->type].bytes, now_us);
    return within ? ERR_OK : ERR_RATE;
}

static size_t write_record(const struct media_inlet *in, struct media_record r, unsigned char *out)
{
    r.stream = (uint16_t)(r.stream + in->first_stream);
    media_write_head(&r, out);
    if (r.len)
        memcpy(out + MEDIA_RECORD_HEAD, r.bytes, r.len);
    return MEDIA_RECORD_HEAD + r.len;
}

enum err media_inlet_take(struct media_inlet *in, const void *frame, size_t len, int64_t now_us,
                          struct payload **records)
{
    struct media_reader r;
    struct media_record record;
    *records = NULL;
    enum err err = media_read(&r, frame, len);
    if (err != ERR_OK)
        return err;
    if (!spend(&in->frames, 1, FRAMES_A_SECOND, now_us))
        return ERR_RATE;
    struct payload *out = payload_new(r.left);
    size_t used = 0;
    while ((err = media_next(&r, &record)) == ERR_OK) {
        err = check(in, &record, now_us);
        if (err != ERR_OK)
            break;
        used += write_record(in, record, out->bytes + used);
    }
    if (err == ERR_NOT_FOUND && used > 0) {
        *records = out;
        return ERR_OK;
    }
    payload_unref(out);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

struct payload *media_inlet_end(const struct media_inlet *in)
{
    unsigned char out[MEDIA_OWN_STREAMS * 2 * MEDIA_RECORD_HEAD];
    size_t used = 0;
    for (int i = 0; i < MEDIA_OWN_STREAMS * 2; i++) {
        const struct media_track *t = &in->tracks[i / 2][i % 2];
        if (t->used)
            used += write_record(in,
                                 (struct media_record){.type = MEDIA_GAP,
                                                       .flags = i % 2 ? MEDIA_LOW : 0,
                                                       .stream = (uint16_t)(i / 2),
                                                       .sequence = (uint16_t)(t->sequence + 1),
                                                       .timestamp = t->timestamp},
                                 out + used);
    }
    return used ? payload_copy(out, used) : NULL;
}
