/* What a publisher's streams begin with. Viewers are sent it again by the rings of their loop,
 * which ask for it when they begin (rooms_stage_begun()); a feature that keeps what is sent may
 * begin at any time, too. */
#include "base/mem.h"
#include "room/home/home.h"
#include "room/message.h"
#include <string.h>

static void keep(struct payload **kept, const void *record, size_t size)
{
    payload_unref(*kept);
    *kept = payload_new(size);
    memcpy((*kept)->bytes, record, size);
}

void configs_keep(struct publisher *p, const struct payload *passed)
{
    struct media_record r;
    size_t size;
    for (size_t at = 0; (size = media_own(passed->bytes + at, passed->len - at, &r)) > 0;
         at += size)
        if (r.type == MEDIA_CONFIG && r.len > 0)
            keep(&p->configs[r.stream % MEDIA_OWN_STREAMS][(r.flags & MEDIA_LOW) != 0],
                 passed->bytes + at, size);
}

struct payload *configs_all(const struct publisher *p)
{
    size_t len = 0;
    for (int i = 0; i < MEDIA_OWN_STREAMS * 2; i++)
        len += p->configs[i / 2][i % 2] ? p->configs[i / 2][i % 2]->len : 0;
    if (len == 0)
        return NULL;
    struct payload *all = payload_new(len);
    size_t at = 0;
    for (int i = 0; i < MEDIA_OWN_STREAMS * 2; i++) {
        const struct payload *one = p->configs[i / 2][i % 2];
        if (!one)
            continue;
        memcpy(all->bytes + at, one->bytes, one->len);
        at += one->len;
    }
    return all;
}

void configs_drop(struct publisher *p)
{
    for (int i = 0; i < MEDIA_OWN_STREAMS * 2; i++) {
        payload_unref(p->configs[i / 2][i % 2]);
        p->configs[i / 2][i % 2] = NULL;
    }
}

void rooms_stage_begun(struct message *message)
{
    struct stage_begun *begun = container_of(message, struct stage_begun, message);
    struct room *room = map_get(&begun->home->rooms->by_session, &begun->session);
    for (int i = 0; room && room->own->phase == ROOM_OPEN && i < ROOM_PUBLISHERS; i++) {
        const struct publisher *p = &room->own->publishers[i];
        struct payload *configs = p->conn && p->scope != MEDIA_TO_NOBODY ? configs_all(p) : NULL;
        if (configs)
            publisher_out(room, p, configs);
    }
    free(begun);
}
