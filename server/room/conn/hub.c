/* Fan-out on one loop. What rooms sent in this turn is gathered by session; at its end every
 * connection gets one run of frames. Connections of the same roles that got nothing of their own
 * share one run, put together once: eight events in a turn cost one write per connection. */
#include "base/mem.h"
#include "room/conn/clients.h"
#include "room/meters.h"
#include <stdlib.h>

#define KEY_PRIME 1099511628211u /* odd and large: mixes the keys of a run's states */

/* What one connection, or all with the same roles, get in this turn. */
struct run {
    bool built;
    size_t frames; /* so far, in connections.frames */
    enum frame_class class;
    uint64_t key;
    struct payload *payload; /* a reference; NULL: nothing */
};

void audience_init(struct audience *audience)
{
    list_init(&audience->dirty);
    list_init(&audience->staged);
    list_init(&audience->clients);
    list_init(&audience->touched);
}

static void audience_release(struct audience *audience)
{
    list_remove(&audience->dirty);
    out_release(&audience->shared);
    out_release(&audience->own);
}

void hub_free(struct connections *cs)
{
    size_t cursor = 0;
    struct audience *audience;
    while ((audience = map_next(&cs->audiences, &cursor))) {
        watch_free(cs, audience);
        audience_release(audience);
        free(audience);
    }
    map_release(&cs->audiences);
    audience_release(&cs->lobby);
    free(cs->frames);
}

static void mark_dirty(struct connections *cs, struct audience *audience)
{
    if (list_empty(&audience->dirty))
        list_append(&cs->dirty, &audience->dirty);
}

/* --- gathering --- */

void hub_add_shared(struct connections *cs, struct audience *audience, const struct out *entry)
{
    ASSERT_LOOP(cs->dispatch);
    out_add(&audience->shared, entry);
    mark_dirty(cs, audience);
}

/* Appends to the client's own entries, which are chained through the audience's list. */
static void chain(struct client *client, const struct out *entry)
{
    struct out_list *own = &client->audience->own;
    struct out link = *entry;
    link.next = OUT_NONE;
    link.after = client->audience->shared.len;
    out_add(own, &link);
    if (client->first == OUT_NONE)
        client->first = own->len - 1;
    else
        own->items[client->last].next = own->len - 1;
    client->last = own->len - 1;
}

void hub_add_own(struct connections *cs, struct client *client, const struct out *entry)
{
    ASSERT_LOOP(cs->dispatch);
    if (client->state == CLIENT_CLOSING) {
        payload_unref(entry->frame);
        return;
    }
    mark_dirty(cs, client->audience);
    if (list_empty(&client->touched))
        list_append(&client->audience->touched, &client->touched);
    if (entry->kind != OUT_CLOSE) {
        chain(client, entry);
        return;
    }
    client->close_code = entry->code;
    client->close_reason = entry->reason;
}

/* --- putting runs together --- */

static void run_add(struct connections *cs, struct run *run, const struct out *entry)
{
    if (run->frames == cs->frames_cap) {
        cs->frames_cap = cs->frames_cap ? cs->frames_cap * 2 : 64;
        cs->frames = mem_resize(cs->frames, cs->frames_cap * sizeof(struct payload *));
    }
    if (run->frames == 0) {
        run->class = entry->class;
        run->key = entry->key;
    } else if (run->class == FRAME_STATE && entry->class == FRAME_STATE) {
        /* Replaced by a later run of the same states in the same order, and by no other. */
        run->key = run->key * KEY_PRIME + entry->key;
    } else {
        run->class = FRAME_EVENT; /* some of it must arrive */
        run->key = 0;
    }
    cs->frames[run->frames++] = entry->frame;
}

/* The shared entries [*from, to) that these roles may see. */
static void run_add_shared(struct connections *cs, struct run *run, const struct audience *audience,
                           unsigned roles, size_t *from, size_t to)
{
    for (; *from < to; ++*from) {
        const struct out *entry = &audience->shared.items[*from];
        if (entry->audience & roles)
            run_add(cs, run, entry);
    }
}

static void run_finish(struct connections *cs, struct run *run)
{
    run->built = true;
    if (run->frames > 0)
        run->payload = payload_join(cs->frames, run->frames);
}

/* last: nothing else follows for this one in this turn. */
static void run_send(struct connections *cs, const struct run *run, uint64_t handle, bool last)
{
    if (!run->payload)
        return;
    metric_add(&meter_runs, 1);
    (last ? cs->wire.tell : cs->wire.send)(cs->wire.net, handle, run->class, run->key,
                                           run->payload);
}

/* Its own frames between the shared ones, in the order in which they came. */
static struct run run_of_client(struct connections *cs, const struct client *client)
{
    const struct audience *audience = client->audience;
    struct run run = {0};
    size_t shared = client->from;
    size_t end = audience == &cs->lobby ? 0 : audience->shared.len;
    for (size_t i = client->first; i != OUT_NONE; i = audience->own.items[i].next) {
        const struct out *entry = &audience->own.items[i];
        run_add_shared(cs, &run, audience, client->who.roles, &shared,
                       entry->after < end ? entry->after : end);
        if (entry->class != FRAME_BULK)
            run_add(cs, &run, entry);
    }
    run_add_shared(cs, &run, audience, client->who.roles, &shared, end);
    run_finish(cs, &run);
    return run;
}

/* Bulk is no part of a run: it waits behind it, is sent without a copy, and may be dropped. */
static void send_bulk(struct connections *cs, const struct audience *audience, size_t first,
                      uint64_t handle)
{
    for (size_t i = first; i != OUT_NONE; i = audience->own.items[i].next)
        if (audience->own.items[i].class == FRAME_BULK)
            cs->wire.send(cs->wire.net, handle, FRAME_BULK, 0, audience->own.items[i].frame);
}

void hub_serve(struct connections *cs, struct client *client)
{
    struct run run = run_of_client(cs, client);
    const struct audience *audience = client->audience;
    size_t first = client->first;
    uint64_t handle = client->handle;
    list_remove(&client->touched);
    client->first = client->last = OUT_NONE;
    client->from = 0;
    client->turn = cs->turn;
    run_send(cs, &run, handle, false);
    payload_unref(run.payload);
    send_bulk(cs, audience, first, handle);
    client = client_find(cs, handle); /* a write that fails makes it leave */
    if (client && client->close_code && client->state != CLIENT_CLOSING) {
        client_become(cs, client, CLIENT_CLOSING, 0);
        cs->wire.close(cs->wire.net, handle, client->close_code, client->close_reason);
    }
}

/* Ten thousand members are more than the processor's caches hold: the memory of the next ones is
 * fetched while the kernel works for this one. */
static void look_ahead(const struct connections *cs, const struct audience *audience,
                       const struct list *node)
{
    const struct list *soon = node->next, *later = soon->next;
    if (!cs->wire.expect || soon == &audience->clients || later == &audience->clients)
        return;
    __builtin_prefetch(later->next);
    cs->wire.expect(cs->wire.net, container_of(soon, struct client, node)->handle,
                    container_of(later, struct client, node)->handle);
}

static void serve_everybody(struct connections *cs, struct audience *audience)
{
    struct run groups[ROLE_SETS] = {0};
    list_for_each_safe(node, &audience->clients)
    {
        struct client *client = container_of(node, struct client, node);
        if (client->turn == cs->turn || client->state == CLIENT_CLOSING)
            continue;
        struct run *run = &groups[client->who.roles & ROLE_ANY];
        size_t from = 0;
        if (!run->built) {
            run_add_shared(cs, run, audience, client->who.roles, &from, audience->shared.len);
            run_finish(cs, run);
        }
        client->turn = cs->turn;
        look_ahead(cs, audience, node);
        run_send(cs, run, client->handle, true);
    }
    for (int i = 0; i < ROLE_SETS; i++)
        payload_unref(groups[i].payload);
}

void hub_free_if_empty(struct connections *cs, struct audience *audience)
{
    if (audience == &cs->lobby || audience->serving || !list_empty(&audience->clients) ||
        !list_empty(&audience->dirty))
        return;
    map_remove(&cs->audiences, &audience->session);
    watch_free(cs, audience);
    audience_release(audience);
    free(audience);
}

static void flush(struct connections *cs, struct audience *audience)
{
    audience->serving = true;
    while (!list_empty(&audience->touched))
        hub_serve(cs, container_of(audience->touched.next, struct client, touched));
    if (audience->shared.len > 0)
        serve_everybody(cs, audience);
    out_clear(&audience->shared);
    out_clear(&audience->own);
    audience->serving = false;
    hub_free_if_empty(cs, audience);
}

void hub_turn(struct connections *cs)
{
    cs->turn++;
    struct list *node;
    while ((node = list_take_first(&cs->dirty)))
        flush(cs, container_of(node, struct audience, dirty));
}

struct client *hub_move(struct connections *cs, struct client *client, struct audience *to)
{
    uint64_t handle = client->handle;
    if (!list_empty(&client->touched))
        hub_serve(cs, client); /* what it got where it was comes first */
    client = client_find(cs, handle);
    if (!client) {
        hub_free_if_empty(cs, to);
        return NULL;
    }
    struct audience *from = client->audience;
    watch_leave(cs, client);
    list_remove(&client->node);
    hub_free_if_empty(cs, from);
    client->audience = to;
    client->from = to->shared.len;
    if (to != &cs->lobby)
        list_append(&to->clients, &client->node);
    return client;
}

void hub_leave(struct connections *cs, struct client *client)
{
    watch_leave(cs, client);
    list_remove(&client->node);
    list_remove(&client->touched);
    hub_free_if_empty(cs, client->audience);
}
