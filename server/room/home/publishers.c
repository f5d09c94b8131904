/* Who publishes live media into a room, and what they send. */
#include "base/mem.h"
#include "room/encode.h"
#include "room/home/home.h"
#include <stdlib.h>

#define SILENT_US (4 * US_PER_S) /* a publisher sends its clock each second */
#define KEY_US    US_PER_S       /* between two key frames that are asked for */
#define TICKS     48             /* of a publisher's clock, in a millisecond */

void records_free(struct records *own)
{
    payload_unref(own->records);
    free(own);
}

void publishers_free(struct room *room)
{
    for (int i = 0; i < ROOM_PUBLISHERS; i++)
        configs_drop(&room->own->publishers[i]);
}

void publishers_init(struct room *room)
{
    room->own->speaker.who = -1;
    room->own->focus = MEDIA_NO_FOCUS;
}

/* One feature says it; without one nobody publishes. */
struct media_rights room_rights(struct room *room, const struct identity *who)
{
    for (const struct feature *const *f = room->own->home->config.features; *f; f++)
        if ((*f)->media_rights)
            return (*f)->media_rights(room, who);
    return (struct media_rights){.crew = (who->roles & ROLE_STAFF) != 0};
}

static bool anybody_may(const struct dispatch *d)
{
    for (const struct feature *const *f = d->config.features; *f; f++)
        if ((*f)->media_rights)
            return true;
    return false;
}

static int publisher_of(const struct room *room, uint64_t conn)
{
    for (int i = 0; i < ROOM_PUBLISHERS; i++)
        if (room->own->publishers[i].conn == conn)
            return i;
    return -1;
}

static void say_publishes(struct room *room, const struct id *person, int stream)
{
    for (const struct feature *const *f = room->own->home->config.features; *f; f++)
        if ((*f)->publishing)
            (*f)->publishing(room, person, stream);
}

static int first_stream(int slot)
{
    return slot * MEDIA_OWN_STREAMS;
}

/* At once, before anything else that its loop may hear of it. */
static void close_publisher(struct room *room, const struct publisher *p, uint16_t code,
                            const char *reason)
{
    if (p->far)
        return; /* its own node does */
    struct out entry = {
        .kind = OUT_CLOSE, .loop = p->loop, .conn = p->conn, .code = code, .reason = reason};
    connections_post(room->own->home, p->loop, &room->session, &entry, 1);
}

/* --- what they may --- */

/* What goes on from here on needs a key frame: of what was held back, and for who sees it only now.
 */
static void take_rights(struct room *room, int slot, const struct media_rights *rights)
{
    struct publisher *p = &room->own->publishers[slot];
    const struct media_rights *was = &p->rights;
    bool wider = rights->scope > was->scope;
    p->key_wanted[0] |= rights->camera && (wider || !was->camera);
    p->key_wanted[1] |= rights->screen && (wider || !was->screen);
    p->rights = *rights;
    if (rights->scope != MEDIA_TO_NOBODY)
        p->scope = rights->scope;
    room->own->voices[slot].group = p->closing ? 0 : (int)rights->scope;
    if (rights->scope != MEDIA_TO_NOBODY || p->closing)
        return;
    p->closing = true; /* its slot is free when it is gone: its streams end first */
    close_publisher(room, p, CLOSE_NOT_ON_STAGE, "not on the stage");
}

static void look_again(struct room *room, struct member_own *own)
{
    bool crew = room_rights(room, &own->member.who).crew;
    if (crew == own->crew)
        return;
    own->crew = crew;
    room_watch(room, &own->member, own->rung);
}

void room_media_changed(struct room *room, const struct id *person)
{
    for (int i = 0; i < ROOM_PUBLISHERS; i++) {
        struct publisher *p = &room->own->publishers[i];
        if (!p->conn)
            continue;
        struct media_rights rights = room_rights(room, &p->who);
        take_rights(room, i, &rights);
    }
    if (!person)
        return;
    list_for_each(node, &room->members)
    {
        struct member_own *own = container_of(node, struct member_own, member.node);
        if (id_equal(&own->member.who.person, person))
            look_again(room, own);
    }
}

void room_watch(struct room *room, const struct member *member, int rung)
{
    struct member_own *own = container_of(member, struct member_own, member);
    own->rung = (uint8_t)rung;
    room_out(room, &(struct out){.kind = OUT_WATCH,
                                 .loop = own->loop,
                                 .conn = member->conn,
                                 .crew = own->crew,
                                 .rung = own->rung});
}

bool room_media_clock(const struct room *room, const struct id *person, uint16_t *stream,
                      uint32_t *timestamp)
{
    for (int i = 0; i < ROOM_PUBLISHERS; i++) {
        const struct publisher *p = &room->own->publishers[i];
        if (!p->conn || p->closing || !id_equal(&p->who.person, person))
            continue;
        int64_t since = home_mono(room->own->home) - p->last_us;
        *stream = p->far ? p->origin_stream : (uint16_t)first_stream(i);
        *timestamp = p->timestamp + (uint32_t)(since / US_PER_MS * TICKS);
        return true;
    }
    return false;
}

bool room_media_stream(const struct room *room, const struct id *person, uint16_t *stream)
{
    for (int i = 0; i < ROOM_PUBLISHERS; i++) {
        const struct publisher *p = &room->own->publishers[i];
        if (!p->conn || !id_equal(&p->who.person, person))
            continue;
        *stream = (uint16_t)first_stream(i);
        return true;
    }
    return false;
}

/* --- coming and going --- */

/* Somebody who publishes already does so here from now on: the connection before may be dead. */
static int slot_for(struct room *room, const struct identity *who)
{
    for (int i = 0; i < ROOM_PUBLISHERS; i++) {
        const struct publisher *p = &room->own->publishers[i];
        if (!p->conn || !id_equal(&p->who.person, &who->person))
            continue;
        if (!p->closing)
            close_publisher(room, p, CLOSE_REPLACED, "published elsewhere");
        return i;
    }
    return publisher_of(room, 0);
}

static void take_slot(struct room *room, int slot, const struct publisher *fresh,
                      const struct media_rights *rights)
{
    struct publisher *p = &room->own->publishers[slot];
    configs_drop(p);
    *p = *fresh;
    p->last_us = home_mono(room->own->home);
    room->own->voices[slot] = (struct media_voice){0};
    take_rights(room, slot, rights);
    p->key_wanted[0] = p->key_wanted[1] = false; /* it begins with key frames */
    say_publishes(room, &p->who.person, first_stream(slot));
}

/* slot: where the person published before, a free one otherwise. -1: there is none, or nobody is to
 * hear it. */
int publisher_far(struct room *room, int slot, const struct publisher *far)
{
    struct media_rights rights = room_rights(room, &far->who);
    if (slot == ROOM_PUBLISHERS)
        slot = publisher_of(room, 0);
    if (slot < 0 || rights.scope == MEDIA_TO_NOBODY)
        return -1;
    const struct publisher *before = &room->own->publishers[slot];
    if (before->conn && !before->closing)
        close_publisher(room, before, CLOSE_REPLACED, "published elsewhere");
    struct publisher fresh = *far;
    fresh.conn += (uint64_t)slot;
    take_slot(room, slot, &fresh, &rights);
    room->own->publishers[slot].broken[0][0] = room->own->publishers[slot].broken[0][1] = true;
    room->own->publishers[slot].broken[1][0] = room->own->publishers[slot].broken[1][1] = true;
    return slot;
}

static enum err admit(struct room *room, struct publish *ask)
{
    struct media_rights rights = room_rights(room, &ask->who);
    if (rights.scope == MEDIA_TO_NOBODY)
        return ERR_FORBIDDEN;
    int slot = slot_for(room, &ask->who);
    if (slot < 0)
        return ERR_BUSY;
    ask->first_stream = (uint16_t)first_stream(slot);
    struct publisher fresh = {
        .conn = ask->conn, .loop = ask->from->index, .who = ask->who, .since = room_now(room)};
    take_slot(room, slot, &fresh, &rights);
    return ERR_OK;
}

void rooms_publish(struct message *message)
{
    struct publish *ask = container_of(message, struct publish, message);
    struct dispatch *d = ask->home;
    struct room *room = map_get(&d->rooms->by_session, &ask->session);
    if (!room && !d->draining && home_has_others(d))
        room_want(d, &ask->session); /* those who are to hear it are at other nodes */
    if (!anybody_may(d))
        ask->err = ERR_FORBIDDEN;
    else if (!room || room->own->phase != ROOM_OPEN || d->draining)
        ask->err = ERR_BUSY; /* it asks again */
    else
        ask->err = admit(room, ask);
    ask->message.deliver = ask->answer;
    dispatch_post(d, ask->from, &ask->message);
}

void publisher_end(struct room *room, int slot)
{
    struct publisher p = room->own->publishers[slot];
    if (!p.far)
        far_media_send(room, slot, NULL);
    configs_drop(&room->own->publishers[slot]);
    room->own->publishers[slot] = (struct publisher){0};
    room->own->voices[slot] = (struct media_voice){0};
    if (!p.silent && !p.closing)
        say_publishes(room, &p.who.person, -1);
}

/* --- what they send --- */

static void show_records(struct room *room, const struct identity *who, struct payload *records)
{
    for (const struct feature *const *f = room->own->home->config.features; *f; f++)
        if ((*f)->records)
            (*f)->records(room, who, records);
}

/* What streams begin with may have come when not everybody was given it, or nobody kept it. */
static void show_all(struct room *room, struct publisher *p, struct payload *passed)
{
    struct payload *configs = p->told ? NULL : configs_all(p);
    if (configs)
        show_records(room, &p->who, configs);
    payload_unref(configs);
    p->told = true;
    show_records(room, &p->who, passed);
}

void room_media_anew(struct room *room, const struct id *person)
{
    for (int i = 0; i < ROOM_PUBLISHERS; i++) {
        struct publisher *p = &room->own->publishers[i];
        if (!p->conn || (person && !id_equal(&p->who.person, person)))
            continue;
        p->told = false;
        p->key_wanted[0] |= p->rights.camera;
        p->key_wanted[1] |= p->rights.screen;
    }
}

void publisher_out(struct room *room, const struct publisher *p, struct payload *records)
{
    struct out entry = {.kind = OUT_RECORDS,
                        .class = FRAME_MEDIA,
                        .crew = p->scope != MEDIA_TO_ALL,
                        .focus = room->own->focus,
                        .frame = records};
    memcpy(entry.place, room->own->place, sizeof entry.place);
    room_out(room, &entry);
}

void publisher_records(struct room *room, int slot, const struct payload *records)
{
    struct publisher *p = &room->own->publishers[slot];
    p->last_us = home_mono(room->own->home);
    if (p->silent && !p->closing)
        say_publishes(room, &p->who.person, first_stream(slot));
    p->silent = p->silent && p->closing;
    struct payload *passed = records_filter(room, slot, records, p->last_us);
    if (!passed)
        return;
    configs_keep(p, passed);
    if (!p->far)
        far_media_send(room, slot, passed);
    if (p->scope == MEDIA_TO_ALL && !p->far) /* its own node keeps what it sends */
        show_all(room, p, passed);
    else
        p->told = false;
    publisher_out(room, p, passed);
}

void rooms_records(struct message *message)
{
    struct records *own = container_of(message, struct records, message);
    struct dispatch *d = own->home;
    struct room *room = map_get(&d->rooms->by_session, &own->session);
    int slot = room && room->own->phase == ROOM_OPEN ? publisher_of(room, own->conn) : -1;
    if (slot >= 0 && own->records)
        publisher_records(room, slot, own->records);
    if (slot >= 0 && own->ends)
        publisher_end(room, slot);
    if (slot >= 0 || own->ends) {
        records_free(own);
        return;
    }
    own->message.deliver = publisher_over;
    dispatch_post(d, own->from, &own->message);
}

/* --- key frames --- */

static void ask_for_key(struct room *room, struct publisher *p, int own, int64_t now)
{
    int slot = (int)(p - room->own->publishers);
    if (!p->key_wanted[own] || p->closing || (p->key_us[own] && now - p->key_us[own] < KEY_US))
        return;
    p->key_wanted[own] = false;
    p->key_us[own] = now;
    if (p->far) {
        far_media_ask_key(room, slot, own);
        return;
    }
    room_out(room, &(struct out){.kind = OUT_CONN,
                                 .class = FRAME_CONTROL,
                                 .loop = p->loop,
                                 .conn = p->conn,
                                 .frame = encode_keyframe(own + MEDIA_OWN_CAMERA)});
}

void rooms_key(struct message *message)
{
    struct key_ask *ask = container_of(message, struct key_ask, message);
    struct room *room = map_get(&ask->home->rooms->by_session, &ask->session);
    int slot = ask->stream / MEDIA_OWN_STREAMS;
    int own = ask->stream % MEDIA_OWN_STREAMS - MEDIA_OWN_CAMERA;
    if (room && slot < ROOM_PUBLISHERS && (own == 0 || own == 1)) {
        struct publisher *p = &room->own->publishers[slot];
        p->key_wanted[own] = own ? p->rights.screen : p->rights.camera;
        if (p->conn)
            ask_for_key(room, p, own, home_mono(room->own->home));
    }
    free(ask);
}

void publishers_tick(struct room *room)
{
    int64_t now = home_mono(room->own->home);
    for (int i = 0; i < ROOM_PUBLISHERS; i++) {
        struct publisher *p = &room->own->publishers[i];
        if (!p->conn)
            continue;
        for (int own = 0; own < 2; own++)
            ask_for_key(room, p, own, now);
        if (p->silent || p->closing || now - p->last_us < SILENT_US)
            continue;
        p->silent = true;
        say_publishes(room, &p->who.person, -1);
    }
    far_media_tick(room);
    speaking_tick(room);
}
