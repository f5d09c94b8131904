/* What a connection of the fake wire got: text frames whole, of media the records. */
#include "harness/live.h"
#include "harness/payload.h"
#include "media/record.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

/* What a join's answer says tags the commands from here on, as in a browser. */
static void keep_place(struct live_conn *c, const json_t *frame)
{
    const char *place = json_string_value(json_object_get(json_object_get(frame, "ok"), "place"));
    if (place)
        snprintf(c->place, sizeof c->place, "%s", place);
}

/* Splits a payload into its frames: unmasked, whole, text. */
static void keep_frames(struct live_conn *c, const struct payload *p)
{
    size_t at = 0;
    unsigned char *bytes = payload_whole(p);
    while (at < p->len) {
        const unsigned char *b = bytes + at;
        assert(b[0] == 0x81 && !(b[1] & 0x80));
        size_t len = b[1], head = 2;
        if (len == 126) {
            len = (size_t)b[2] << 8 | b[3];
            head = 4;
        } else if (len == 127) {
            len = 0;
            for (int i = 0; i < 8; i++)
                len = len << 8 | b[2 + i];
            head = 10;
        }
        json_t *frame = json_loadb((const char *)b + head, len, JSON_REJECT_DUPLICATES, NULL);
        assert(frame);
        keep_place(c, frame);
        json_array_append_new(c->frames, frame);
        at += head + len;
    }
    assert(at == p->len);
    free(bytes);
}

static void count_record(struct live_conn *c, const struct media_record *r)
{
    bool live = r->type != MEDIA_CONFIG && r->type != MEDIA_GAP;
    c->configured[r->stream] |= r->type == MEDIA_CONFIG;
    c->records[r->stream] += live;
    c->bare[r->stream] += live && !c->configured[r->stream];
}

static void count_records(struct live_conn *c, const struct payload *frames)
{
    unsigned char *bytes = payload_whole(frames);
    for (size_t at = 0; at < frames->len;) {
        const unsigned char *b = bytes + at;
        size_t head = b[1] < 126 ? 2 : 4, len = head == 2 ? b[1] : (size_t)(b[2] << 8 | b[3]);
        struct media_record r;
        size_t end = at + head + len, size;
        at += head + MEDIA_FRAME_HEAD + b[head + 3];
        for (; at < end && (size = media_own(bytes + at, end - at, &r)) > 0; at += size)
            if (r.stream < LIVE_STREAMS)
                count_record(c, &r);
    }
    free(bytes);
}

void live_keep(struct live_conn *c, enum frame_class class, const struct payload *frame)
{
    c->media += class == FRAME_BULK || class == FRAME_MEDIA;
    if (class == FRAME_MEDIA)
        count_records(c, frame);
    else if (class != FRAME_BULK)
        keep_frames(c, frame);
}
