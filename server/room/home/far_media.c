/* Live streams between nodes. Each room with members says each two seconds that it is there; a room
 * sends what its publishers send, after its own rules, to the nodes that said so. There the streams
 * get numbers of that room and are treated as those of a publisher of its own, but for recording,
 * which the publisher's node does. Nothing is repeated: after a gap the picture waits for a key
 * frame, which is asked for. */
#include "base/bytes.h"
#include "base/mem.h"
#include "room/home/home.h"
#include <stdlib.h>
#include <string.h>

#define HERE_US   (2 * US_PER_S)
#define WANTED_US (6 * US_PER_S)                 /* without being said again */
#define SILENT_US (10 * US_PER_S)                /* a publisher of another node is gone */
#define CONN_BASE (UINT64_MAX - ROOM_PUBLISHERS) /* handles that no connection has */
/* session, congress, person, roles, since, stream, ends */
#define HEAD (16 * 3 + 4 + 8 + 2 + 1)

/* --- bytes --- */

struct head {
    struct id session, congress, person;
    unsigned roles;
    int64_t since;         /* Unix us: when it began to publish */
    uint16_t first_stream; /* of its own node's numbers */
    bool ends;
};

static void write_head(const struct head *h, unsigned char out[HEAD])
{
    memcpy(out, h->session.bytes, 16);
    memcpy(out + 16, h->congress.bytes, 16);
    memcpy(out + 32, h->person.bytes, 16);
    bytes_put(out + 48, h->roles, 4);
    bytes_put(out + 52, (uint64_t)h->since, 8);
    bytes_put(out + 60, h->first_stream, 2);
    out[62] = h->ends;
}

static bool read_head(const unsigned char *bytes, size_t len, struct head *h)
{
    if (len < HEAD)
        return false;
    memcpy(h->session.bytes, bytes, 16);
    memcpy(h->congress.bytes, bytes + 16, 16);
    memcpy(h->person.bytes, bytes + 32, 16);
    h->roles = (unsigned)bytes_get(bytes + 48, 4);
    h->since = (int64_t)bytes_get(bytes + 52, 8);
    h->first_stream = (uint16_t)bytes_get(bytes + 60, 2);
    h->ends = bytes[62] != 0;
    return true;
}

/* --- what is sent --- */

static struct head head_of(const struct room *room, int slot)
{
    const struct publisher *p = &room->own->publishers[slot];
    return (struct head){.session = room->session,
                         .congress = room->congress,
                         .person = p->who.person,
                         .roles = p->who.roles,
                         .since = p->since,
                         .first_stream = (uint16_t)(slot * MEDIA_OWN_STREAMS)};
}

/* Records travel with the publisher's own numbers. */
static void send_to(struct room *room, const struct id *node, const struct head *h,
                    const struct payload *records)
{
    size_t len = records ? records->len : 0, size;
    unsigned char *message = mem_new(HEAD + len);
    struct media_record r;
    write_head(h, message);
    if (len > 0)
        memcpy(message + HEAD, records->bytes, len);
    for (size_t at = 0; (size = media_own(message + HEAD + at, len - at, &r)) > 0; at += size)
        bytes_put(message + HEAD + at + 2, r.stream % MEDIA_OWN_STREAMS, 2);
    node_send(room->app->node_here, node, "records", (const char *)message, HEAD + len);
    free(message);
}

void far_media_send(struct room *room, int slot, const struct payload *records)
{
    struct room_private *own = room->own;
    struct head h = head_of(room, slot);
    h.ends = records == NULL;
    for (int i = 0; i < own->far_n; i++)
        send_to(room, &own->far[i].node, &h, records);
}

/* What its streams begin with, and then key frames. */
static void begin_to_send(struct room *room, const struct id *node)
{
    for (int slot = 0; slot < ROOM_PUBLISHERS; slot++) {
        struct publisher *p = &room->own->publishers[slot];
        if (!p->conn || p->far || p->closing)
            continue;
        struct head h = head_of(room, slot);
        struct payload *configs = configs_all(p);
        send_to(room, node, &h, configs);
        payload_unref(configs);
        p->key_wanted[0] |= p->rights.camera;
        p->key_wanted[1] |= p->rights.screen;
    }
}

void far_media_here(struct room *room, const json_t *data)
{
    struct room_private *own = room->own;
    const char *text = json_string_value(json_object_get(data, "node"));
    struct id node;
    int64_t until = home_mono(own->home) + WANTED_US;
    if (!text || !id_parse(text, &node))
        return;
    for (int i = 0; i < own->far_n; i++) {
        if (id_equal(&own->far[i].node, &node)) {
            own->far[i].until = until;
            return;
        }
    }
    if (own->far_n == ROOM_NODES)
        return;
    own->far[own->far_n++] = (struct far_node){node, until};
    begin_to_send(room, &node);
}

bool far_media_publishes(const struct room *room)
{
    for (int slot = 0; room->own->far_n > 0 && slot < ROOM_PUBLISHERS; slot++)
        if (room->own->publishers[slot].conn && !room->own->publishers[slot].far)
            return true;
    return false;
}

/* --- what comes --- */

struct far_media {
    struct message message;
    struct dispatch *home;
    struct id node;
    struct head head;
    bool key; /* a key frame is wanted of the person: of its screen, else of its camera */
    bool screen;
    struct payload *records;
};

static void far_media_free(struct far_media *m)
{
    payload_unref(m->records);
    free(m);
}

/* The slot of the person's streams of that node, which begin here if they are the newest. -1: they
 * are not, or there is no room. */
static int slot_of(struct room *room, const struct far_media *m)
{
    struct publisher *all = room->own->publishers;
    int slot = 0;
    while (slot < ROOM_PUBLISHERS &&
           !(all[slot].conn && id_equal(&all[slot].who.person, &m->head.person)))
        slot++;
    if (slot < ROOM_PUBLISHERS && all[slot].far && id_equal(&all[slot].node, &m->node) &&
        all[slot].since == m->head.since)
        return slot;
    if (slot < ROOM_PUBLISHERS && all[slot].since >= m->head.since)
        return -1;
    return m->head.ends
               ? -1
               : publisher_far(room, slot,
                               &(struct publisher){.conn = CONN_BASE,
                                                   .loop = -1,
                                                   .far = true,
                                                   .node = m->node,
                                                   .since = m->head.since,
                                                   .origin_stream = m->head.first_stream,
                                                   .who = {.roles = m->head.roles,
                                                           .organisation = room->organisation,
                                                           .person = m->head.person,
                                                           .congress = m->head.congress}});
}

static bool is_of_its_stream(const struct media_record *r)
{
    static const int streams[MEDIA_TYPES] = {
        [MEDIA_CAMERA] = MEDIA_OWN_CAMERA, [MEDIA_SCREEN] = MEDIA_OWN_SCREEN};
    return r->type == MEDIA_CONFIG || r->type == MEDIA_GAP || r->stream == streams[r->type];
}

/* Of a picture after a gap nothing is passed on before a key frame. */
static void note_gap(struct publisher *p, const struct media_record *r)
{
    bool low = (r->flags & MEDIA_LOW) != 0;
    uint16_t *last = &p->sequence[r->stream][low];
    if (media_is_picture(r->type) && r->sequence != (uint16_t)(*last + 1))
        p->broken[r->stream - MEDIA_OWN_CAMERA][low] = true;
    if (r->type != MEDIA_CONFIG && r->type != MEDIA_CLOCK)
        *last = r->sequence;
}

/* Gives the records this room's numbers. False: they are not sound, what follows is unknown. */
static bool renumber(struct publisher *p, int slot, struct payload *records)
{
    struct media_reader reader = {.at = records->bytes, .left = records->len};
    struct media_record r;
    enum err err;
    size_t at = 0;
    while ((err = media_next(&reader, &r)) == ERR_OK && is_of_its_stream(&r)) {
        note_gap(p, &r);
        bytes_put(records->bytes + at + 2, (uint64_t)slot * MEDIA_OWN_STREAMS + r.stream, 2);
        at = records->len - reader.left;
    }
    return err == ERR_NOT_FOUND;
}

static void take_records(struct room *room, struct far_media *m)
{
    int slot = slot_of(room, m);
    if (slot < 0)
        return;
    struct publisher *p = &room->own->publishers[slot];
    p->last_us = home_mono(room->own->home);
    if (m->head.ends)
        publisher_end(room, slot);
    else if (m->records && renumber(p, slot, m->records))
        publisher_records(room, slot, m->records);
}

static void take_key(struct room *room, const struct far_media *m)
{
    for (int slot = 0; slot < ROOM_PUBLISHERS; slot++) {
        struct publisher *p = &room->own->publishers[slot];
        if (p->conn && !p->far && id_equal(&p->who.person, &m->head.person))
            p->key_wanted[m->screen] |= m->screen ? p->rights.screen : p->rights.camera;
    }
}

static void deliver(struct message *message)
{
    struct far_media *m = container_of(message, struct far_media, message);
    struct room *room = map_get(&m->home->rooms->by_session, &m->head.session);
    if (room && room->own->phase == ROOM_OPEN && id_equal(&room->congress, &m->head.congress)) {
        if (m->key)
            take_key(room, m);
        else
            take_records(room, m);
    }
    far_media_free(m);
}

bool far_media_receive(struct dispatch *const *dispatchers, int loops, const struct id *from,
                       const char *kind, const void *data, size_t len)
{
    bool key = strcmp(kind, "key") == 0;
    struct head head;
    if ((!key && strcmp(kind, "records") != 0) || !read_head(data, len, &head))
        return false;
    struct far_media *m = mem_new(sizeof *m);
    m->message.deliver = deliver;
    m->home = dispatch_home(dispatchers, loops, &head.session);
    m->node = *from;
    m->head = head;
    m->key = key;
    m->screen = head.first_stream % MEDIA_OWN_STREAMS == MEDIA_OWN_SCREEN;
    if (len > HEAD)
        m->records = payload_copy((const char *)data + HEAD, len - HEAD);
    if (mailbox_try_post(m->home->mailbox, &m->message) != ERR_OK)
        far_media_free(m); /* the home loop is behind: viewers see a gap */
    return true;
}

/* --- time --- */

void far_media_ask_key(struct room *room, int slot, int own)
{
    const struct publisher *p = &room->own->publishers[slot];
    struct head h = head_of(room, slot);
    h.first_stream = (uint16_t)(p->origin_stream + MEDIA_OWN_CAMERA + own);
    unsigned char message[HEAD];
    write_head(&h, message);
    node_send(room->app->node_here, &p->node, "key", (const char *)message, HEAD);
}

static void forget_nodes(struct room_private *own, int64_t now)
{
    int kept = 0;
    for (int i = 0; i < own->far_n; i++)
        if (own->far[i].until > now)
            own->far[kept++] = own->far[i];
    own->far_n = kept;
}

void far_media_tick(struct room *room)
{
    struct room_private *own = room->own;
    int64_t now = home_mono(own->home);
    if (!home_has_others(own->home))
        return;
    forget_nodes(own, now);
    for (int slot = 0; slot < ROOM_PUBLISHERS; slot++)
        if (own->publishers[slot].far && now - own->publishers[slot].last_us > SILENT_US)
            publisher_end(room, slot);
    if (room->member_count == 0 || now < own->here_at)
        return;
    own->here_at = now + HERE_US;
    tell_others(room->app, scope_session(&room->session), FAR_HERE, json_object());
}

void far_media_node_gone(struct room *room, const struct id *node)
{
    for (int slot = 0; slot < ROOM_PUBLISHERS; slot++)
        if (room->own->publishers[slot].far && id_equal(&room->own->publishers[slot].node, node))
            publisher_end(room, slot);
}
