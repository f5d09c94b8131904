#include "base/mem.h"
#include "room/dispatch_private.h"
#include "room/meters.h"
#include <stdlib.h>
#include <string.h>

#define TURNS_MOST 4 /* passes of one turn: a write that fails makes its member leave */

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

struct id conn_key(uint64_t conn)
{
    struct id key;
    uint64_t high = mix(conn), low = mix(high);
    memcpy(key.bytes, &high, sizeof high);
    memcpy(key.bytes + sizeof high, &low, sizeof low);
    return key;
}

static int home_index(const struct id *session, int loops)
{
    return (int)(mix(id_hash(session)) % (uint64_t)loops);
}

struct dispatch *dispatch_home(const struct dispatch *d, const struct id *session)
{
    return d->peers[home_index(session, d->loops)];
}

uint64_t dispatch_random(struct dispatch *d)
{
    d->random += 0x9e3779b97f4a7c15u; /* splitmix64: jitter, no secret */
    return mix(d->random);
}

void dispatch_post(struct dispatch *from, struct dispatch *to, struct message *message)
{
    if (from == to)
        message->deliver(message);
    else
        mailbox_post(to->mailbox, message);
}

enum err dispatch_try_post(struct dispatch *from, struct dispatch *to, struct message *message)
{
    if (from != to)
        return mailbox_try_post(to->mailbox, message);
    message->deliver(message);
    return ERR_OK;
}

struct dispatch *dispatch_new(const struct dispatch_config *config, struct dispatch **peers,
                              int loops, int index, struct mailbox *mailbox,
                              const struct wire *wire)
{
    struct dispatch *d = mem_new(sizeof *d);
    d->config = *config;
    d->peers = peers;
    d->loops = loops;
    d->index = index;
    d->mailbox = mailbox;
    d->wire = *wire;
    struct id seed = id_random();
    memcpy(&d->random, seed.bytes, sizeof d->random);
    map_init(&d->conns);
    map_init(&d->rooms);
    d->joins = mem_new(JOIN_BUCKETS * sizeof *d->joins);
    list_init(&d->unjoined);
    list_init(&d->members);
    list_init(&d->ending);
    list_init(&d->all_rooms);
    list_init(&d->dirty_rooms);
    map_init(&d->revoked);
    list_init(&d->revocations);
    meters_register();
    hub_init(d);
    commands_load(d);
    return d;
}

void dispatch_free(struct dispatch *d)
{
    if (!d)
        return;
    rooms_free(d);
    revoked_free(d);
    tabs_free(d);
    hub_free(d);
    free(d->commands);
    free(d->joins);
    free(d);
}

void dispatch_turn(struct dispatch *d)
{
    for (int i = 0; i < TURNS_MOST; i++) {
        rooms_turn(d);
        hub_turn(d);
        if (list_empty(&d->dirty_rooms) && list_empty(&d->hub_dirty))
            return;
    }
}

void dispatch_tick(struct dispatch *d)
{
    tabs_tick(d);
    rooms_tick(d);
    revoked_tick(d);
}

void dispatch_drain(struct dispatch *d)
{
    d->draining = true;
    tabs_drain(d);
}

bool dispatch_drained(const struct dispatch *d)
{
    return d->draining && d->conns.len == 0 && d->rooms.len == 0;
}

static void post_change(struct dispatch *to, const struct id *session, const char *topic,
                        json_t *data)
{
    struct change *change = mem_new(sizeof *change);
    change->message.deliver = rooms_change;
    change->home = to;
    change->everywhere = !session;
    if (session)
        change->session = *session;
    change->topic = mem_strdup(topic);
    change->data = data;
    mailbox_post(to->mailbox, &change->message);
}

void dispatch_changed(struct dispatch *const *peers, int loops, const struct id *session,
                      const char *topic, json_t *data)
{
    if (!data)
        data = json_object();
    if (session) {
        post_change(peers[home_index(session, loops)], session, topic, data);
        return;
    }
    for (int i = 0; i < loops; i++)
        post_change(peers[i], NULL, topic, json_deep_copy(data));
    json_decref(data);
}
