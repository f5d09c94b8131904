#include "recording/lane.h"
#include "base/clock.h"
#include "base/mem.h"

#define WINDOW_US     (2 * US_PER_S)
#define EARLY_US      (20 * US_PER_MS)  /* the tie moves when records come before their time */
#define LATE_US       (100 * US_PER_MS) /* or all of them after it */
#define BACK_US       (500 * US_PER_MS) /* streams of one clock are no further apart */
#define JUMP_US       (10 * US_PER_S)   /* another clock: the publisher began anew */
#define PICTURES_MOST (32u << 20)       /* bytes that wait for the film */

void lane_begin(struct lane *lane, lane_source *source, void *arg, int number)
{
    *lane = (struct lane){.source = source, .arg = arg, .number = number};
    list_init(&lane->pictures);
    lane->voice = voice_new();
}

void lane_drop_picture(struct lane *lane, struct lane_picture *p)
{
    lane->picture_bytes -= p->bytes->len;
    list_remove(&p->node);
    payload_unref(p->bytes);
    free(p);
}

void lane_end(struct lane *lane)
{
    list_for_each_safe(node, &lane->pictures)
        lane_drop_picture(lane, container_of(node, struct lane_picture, node));
    voice_free(lane->voice);
}

/* --- its records, one after the other --- */

/* What is not whole ends a chunk, not the lane. */
static enum err advance(struct lane *lane)
{
    const void *bytes;
    size_t len;
    lane->begun = true;
    while (lane->reader.left == 0 || chunk_next(&lane->reader, &lane->next) != ERR_OK) {
        enum err err = lane->source(lane->arg, lane->number, &bytes, &len);
        lane->over = err != ERR_OK;
        if (err != ERR_OK)
            return err == ERR_NOT_FOUND ? ERR_OK : err;
        if (chunk_read(&lane->reader, bytes, len) != ERR_OK)
            lane->reader = (struct chunk_reader){0};
    }
    return ERR_OK;
}

int64_t lane_first(struct lane *lane)
{
    if (!lane->begun && advance(lane) != ERR_OK)
        lane->over = true;
    return lane->over ? INT64_MAX : lane->next.at_us;
}

/* --- its clock --- */

static void tie(struct lane *lane, const struct chunk_entry *e)
{
    lane->tied = true;
    lane->clock_us = 0;
    lane->offset_us = e->at_us;
    lane->window_us = e->at_us;
    lane->window_late = INT64_MAX;
}

/* When the record's sound or picture was made, by the server's clock. */
static int64_t made_at(struct lane *lane, const struct chunk_entry *e)
{
    int64_t step = (int32_t)(e->record.timestamp - lane->stamp);
    int64_t step_us = step * 1000 / 48; /* of 1/48,000 s */
    int64_t late = e->at_us - (lane->clock_us + step_us + lane->offset_us);
    if (!lane->tied || step_us < -BACK_US || late > JUMP_US || late < -JUMP_US) {
        tie(lane, e);
        late = step_us = 0;
    }
    lane->stamp = e->record.timestamp;
    lane->clock_us += step_us;
    lane->window_late = late < lane->window_late ? late : lane->window_late;
    if (e->at_us - lane->window_us > WINDOW_US) {
        if (lane->window_late < -EARLY_US || lane->window_late > LATE_US)
            lane->offset_us += lane->window_late;
        lane->window_us = e->at_us;
        lane->window_late = INT64_MAX;
    }
    return lane->clock_us + lane->offset_us;
}

/* --- what the film gets --- */

static void keep_picture(struct lane *lane, const struct media_record *record, int64_t at_us)
{
    struct list *first = NULL;
    while (lane->picture_bytes + record->len > PICTURES_MOST &&
           (first = list_take_first(&lane->pictures)))
        lane_drop_picture(lane, container_of(first, struct lane_picture, node));
    struct lane_picture *p = mem_new(sizeof *p);
    p->at_us = at_us;
    p->screen = record->type == MEDIA_SCREEN;
    p->low = record->flags & MEDIA_LOW;
    p->key = record->flags & MEDIA_KEY;
    p->bytes = payload_copy(record->bytes, record->len);
    lane->picture_bytes += record->len;
    list_append(&lane->pictures, &p->node);
}

static void take_entry(struct lane *lane, int64_t origin_us)
{
    const struct media_record *record = &lane->next.record;
    if (record->type == MEDIA_GAP)
        lane->tied = false; /* what follows may be of another connection */
    if (record->type != MEDIA_VOICE && !media_is_picture(record->type))
        return;
    int64_t at_us = made_at(lane, &lane->next) - origin_us;
    if (at_us < 0)
        at_us = 0;
    if (record->type == MEDIA_VOICE)
        voice_put(lane->voice, at_us * 48 / 1000, record->bytes, record->len);
    else
        keep_picture(lane, record, at_us);
}

enum err lane_take(struct lane *lane, int64_t origin_us, int64_t until_us)
{
    enum err err = lane->begun ? ERR_OK : advance(lane);
    while (err == ERR_OK && !lane->over && lane->next.at_us < until_us) {
        take_entry(lane, origin_us);
        err = advance(lane);
    }
    return err;
}

bool lane_has_more(const struct lane *lane, int64_t at)
{
    return !lane->over || !list_empty(&lane->pictures) || voice_ends(lane->voice) > at;
}
