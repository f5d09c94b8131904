/* What of a publisher's records is passed on: what it may send now, the loudest voices, and of a
 * picture that was held back, nothing before a key frame. What it says of the time is bounded. */
#include "base/mem.h"
#include "room/home/home.h"
#include <string.h>

/* Of what was left out viewers have no reference: a key frame is asked for when it may go on. */
static bool picture_passes(struct publisher *p, const struct media_record *r, bool may)
{
    int own = r->stream % MEDIA_OWN_STREAMS - MEDIA_OWN_CAMERA;
    bool *broken = &p->broken[own][(r->flags & MEDIA_LOW) != 0];
    if (!may)
        *broken = true;
    else if (r->flags & MEDIA_KEY)
        *broken = false;
    else if (*broken)
        p->key_wanted[own] = true;
    return !*broken;
}

static bool voice_passes(struct room *room, int slot, const struct media_record *r, int64_t now)
{
    const struct publisher *p = &room->own->publishers[slot];
    bool may = p->rights.voice && !(r->flags & MEDIA_MUTED);
    struct media_voice *voice = &room->own->voices[slot];
    if (!may) {
        *voice = (struct media_voice){.group = voice->group};
        return false;
    }
    return media_voice_passes(room->own->voices, ROOM_PUBLISHERS, slot, r->level, now);
}

static bool passes(struct room *room, int slot, const struct media_record *r, int64_t now)
{
    struct publisher *p = &room->own->publishers[slot];
    switch (r->type) {
    case MEDIA_VOICE:
        return voice_passes(room, slot, r, now);
    case MEDIA_CAMERA:
        return picture_passes(p, r, p->rights.camera);
    case MEDIA_SCREEN:
        return picture_passes(p, r, p->rights.screen);
    case MEDIA_GAP:
        return true;
    default:
        return !p->closing;
    }
}

static void note_time(struct publisher *p, const struct media_record *r)
{
    if (r->type != MEDIA_CONFIG && r->type != MEDIA_GAP)
        p->timestamp = r->timestamp;
}

struct payload *records_filter(struct room *room, int slot, const struct payload *records,
                               int64_t now)
{
    struct payload *passed = payload_new(records->len);
    struct media_record r;
    size_t used = 0, size;
    for (size_t at = 0; (size = media_own(records->bytes + at, records->len - at, &r)) > 0;
         at += size) {
        note_time(&room->own->publishers[slot], &r);
        if (!passes(room, slot, &r, now))
            continue;
        memcpy(passed->bytes + used, records->bytes + at, size);
        if (r.type == MEDIA_CLOCK)
            media_clock_bound(passed->bytes + used + MEDIA_RECORD_HEAD, room_now(room) / US_PER_MS);
        used += size;
    }
    passed->len = used;
    if (used > 0)
        return passed;
    payload_unref(passed);
    return NULL;
}
