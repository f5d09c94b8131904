/* The live streams of one session and who watches them on one loop. Nothing is queued for a viewer:
 * each has a cursor in each stream's ring, and rounds hand what is new to whoever can take it,
 * built once for all who are equally far. A slow viewer loses picture, from one key frame to the
 * next, and a rung for a while; of voice, what is older than four seconds. Pure; one thread; the
 * clock is passed in. */
#ifndef AMPHI_MEDIA_STAGE_H
#define AMPHI_MEDIA_STAGE_H

#include "base/clock.h"
#include "base/payload.h"
#include "media/limits.h"
#include "media/record.h"

enum media_rung { MEDIA_RUNG_VOICE, MEDIA_RUNG_LOW, MEDIA_RUNG_HIGH };

#define MEDIA_NO_FOCUS UINT16_MAX /* all cameras are large */

struct media_stage;
struct media_viewer;

/* How viewers are reached. */
struct media_wire {
    /* Nothing waits for it, and its kernel has sent nearly everything. */
    bool (*open)(void *arg, uint64_t conn);
    /* frames: websocket frames, joined; takes a reference of its own. */
    void (*send)(void *arg, uint64_t conn, struct payload *frames);
    /* A prefetch hint: `soon` is next, `later` the one after it. NULL: not used. */
    void (*expect)(void *arg, uint64_t soon, uint64_t later);
    void *arg;
};

/* place: named by each frame. */
struct media_stage *media_stage_new(const struct clock *clock, const char *place);
void media_stage_free(struct media_stage *s); /* NULL is allowed; viewers are freed with it */
/* A record with its stream's number in the session. Its bytes are copied once, for everybody.
 * crew: only for those behind the scenes; the others begin where that ends. */
void media_put(struct media_stage *s, const struct media_record *record, bool crew);
/* Records one after the other, heads included, as media_inlet_take() gives them. */
void media_put_all(struct media_stage *s, const struct payload *records, bool crew);
/* The first of the streams of whoever is large: other cameras come at most at the low rung. */
void media_focus(struct media_stage *s, uint16_t first_stream);
/* crew: sees what is behind the scenes, and is served whenever something came, not in rounds. most:
 * it is sent no more than this. */
struct media_viewer *media_join(struct media_stage *s, uint64_t conn, bool crew,
                                enum media_rung most);
void media_watch(struct media_stage *s, struct media_viewer *v, bool crew, enum media_rung most);
void media_leave(struct media_stage *s, struct media_viewer *v);
/* Serves who is due until the clock says `until`; viewers: of all stages of the loop. True:
 * somebody is due still. send() may make viewers leave. */
bool media_serve(struct media_stage *s, const struct media_wire *wire, size_t viewers,
                 int64_t until);
/* When the next round is due; INT64_MAX: there is nothing to send. */
int64_t media_due(const struct media_stage *s);
/* A stream of which viewers wait for a key frame, asked for at most once a second. Call it until it
 * is false. */
bool media_key_wanted(struct media_stage *s, uint16_t *stream);
const char *media_place(const struct media_stage *s);

/* What the counters of the server say: records that viewers were not given, and rungs they lost. */
struct media_losses {
    uint64_t dropped, lowered;
};
struct media_losses media_losses(const struct media_stage *s);

#endif
