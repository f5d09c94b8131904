/* Who publishes live media into a room, and what they send. */
#include "base/mem.h"
#include "room/home/home.h"

void records_free(struct records *own)
{
    payload_unref(own->records);
    free(own);
}

/* Any feature may let somebody in; without one nobody is. */
static bool may_publish(struct room *room, const struct identity *who)
{
    for (const struct feature *const *f = room->own->home->config.features; *f; f++)
        if ((*f)->may_publish && (*f)->may_publish(room, who))
            return true;
    return false;
}

static bool anybody_may(const struct dispatch *d)
{
    for (const struct feature *const *f = d->config.features; *f; f++)
        if ((*f)->may_publish)
            return true;
    return false;
}

static int publisher_of(const struct room *room, uint64_t conn)
{
    for (int i = 0; i < ROOM_PUBLISHERS; i++)
        if (room->own->publishers[i] == conn)
            return i;
    return -1;
}

static enum err admit(struct room *room, struct publish *ask)
{
    int slot = publisher_of(room, 0);
    if (!may_publish(room, &ask->who))
        return ERR_FORBIDDEN;
    if (slot < 0)
        return ERR_BUSY;
    room->own->publishers[slot] = ask->conn;
    ask->first_stream = (uint16_t)(slot * MEDIA_OWN_STREAMS);
    return ERR_OK;
}

void rooms_publish(struct message *message)
{
    struct publish *ask = container_of(message, struct publish, message);
    struct dispatch *d = ask->home;
    struct room *room = map_get(&d->rooms->by_session, &ask->session);
    if (!anybody_may(d))
        ask->err = ERR_FORBIDDEN;
    else if (!room || room->own->phase != ROOM_OPEN || d->draining)
        ask->err = ERR_BUSY;
    else
        ask->err = admit(room, ask);
    ask->message.deliver = ask->answer;
    dispatch_post(d, ask->from, &ask->message);
}

static void room_send_records(struct room *room, struct payload *records)
{
    struct out entry = {.kind = OUT_RECORDS, .class = FRAME_MEDIA, .frame = payload_ref(records)};
    memcpy(entry.place, room->own->place, sizeof entry.place);
    room_out(room, &entry);
}

void rooms_records(struct message *message)
{
    struct records *own = container_of(message, struct records, message);
    struct dispatch *d = own->home;
    struct room *room = map_get(&d->rooms->by_session, &own->session);
    int slot = room && room->own->phase == ROOM_OPEN ? publisher_of(room, own->conn) : -1;
    if (slot >= 0 && own->records)
        room_send_records(room, own->records);
    if (slot >= 0 && own->ends)
        room->own->publishers[slot] = 0;
    if (slot >= 0 || own->ends) {
        records_free(own);
        return;
    }
    own->message.deliver = publisher_over;
    dispatch_post(d, own->from, &own->message);
}
