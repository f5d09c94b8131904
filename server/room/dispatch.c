/* One per loop: the two halves, and the way between loops. */
#include "base/mem.h"
#include "base/mix.h"
#include "room/message.h"
#include "room/meters.h"
#include <stdlib.h>
#include <string.h>

/* A member whose write fails leaves within the turn, which gives rooms something to send again: so
 * often in one turn, the rest in the next. */
#define PASSES_MOST 4

struct id conn_key(uint64_t conn)
{
    struct id key;
    uint64_t high = mix64(conn), low = mix64(high);
    memcpy(key.bytes, &high, sizeof high);
    memcpy(key.bytes + sizeof high, &low, sizeof low);
    return key;
}

struct dispatch *dispatch_home(struct dispatch *const *peers, int loops, const struct id *session)
{
    return peers[mix64(id_hash(session)) % (uint64_t)loops];
}

uint64_t dispatch_random(struct dispatch *d)
{
    d->random += 0x9e3779b97f4a7c15u; /* splitmix64: jitter, no secret */
    return mix64(d->random);
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
    struct id seed = id_random();
    memcpy(&d->random, seed.bytes, sizeof d->random);
    meters_register();
    d->connections = connections_new(d, wire);
    d->rooms = rooms_new(d);
    return d;
}

void dispatch_bind(struct dispatch *d)
{
    d->thread = pthread_self();
    d->bound = true;
}

void dispatch_free(struct dispatch *d)
{
    if (!d)
        return;
    dispatch_bind(d); /* its loop has ended */
    rooms_free(d);
    connections_free(d);
    free(d);
}

void dispatch_turn(struct dispatch *d)
{
    if (!d->bound)
        dispatch_bind(d);
    ASSERT_LOOP(d);
    for (int i = 0; i < PASSES_MOST; i++) {
        rooms_turn(d);
        connections_turn(d);
        if (!rooms_busy(d) && !connections_busy(d))
            return;
    }
}

void dispatch_tick(struct dispatch *d)
{
    ASSERT_LOOP(d);
    connections_tick(d);
    rooms_tick(d);
}

void dispatch_leave(struct dispatch *d, int64_t first, int64_t spread)
{
    ASSERT_LOOP(d);
    connections_leave(d, first, spread);
}

bool dispatch_left(const struct dispatch *d)
{
    return connections_count(d) == 0;
}

void dispatch_drain(struct dispatch *d)
{
    d->draining = true;
    connections_drain(d);
}

bool dispatch_drained(const struct dispatch *d)
{
    return d->draining && connections_count(d) == 0 && rooms_count(d) == 0;
}
