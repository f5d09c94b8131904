/* The local side of fan-out. What rooms sent in this turn is gathered by session; at its end every
 * connection gets one run of frames. Connections of the same roles that got nothing of their own
 * share one run, put together once: eight events in a turn cost one write per connection. */
#include "base/mem.h"
#include "room/dispatch_private.h"
#include "room/encode.h"
#include "room/meters.h"
#include <stdlib.h>
#include <string.h>

struct batch {
    struct message message;
    struct dispatch *to;
    struct id session;
    size_t len;
    struct out entries[];
};

/* What one connection, or all with the same roles, get in this turn. */
struct run {
    bool built;
    size_t frames; /* so far, in dispatch.frames */
    enum frame_class class;
    uint64_t key;
    struct payload *payload; /* a reference; NULL: nothing */
};

static void hub_room_init(struct hub_room *room)
{
    list_init(&room->dirty);
    list_init(&room->conns);
    list_init(&room->touched);
}

void hub_init(struct dispatch *d)
{
    list_init(&d->hub_dirty);
    map_init(&d->hub_rooms);
    hub_room_init(&d->lobby);
}

static void hub_room_release(struct hub_room *room)
{
    list_remove(&room->dirty);
    out_release(&room->shared);
    out_release(&room->own);
}

void hub_free(struct dispatch *d)
{
    size_t cursor = 0;
    struct hub_room *room;
    while ((room = map_next(&d->hub_rooms, &cursor))) {
        hub_room_release(room);
        free(room);
    }
    map_release(&d->hub_rooms);
    hub_room_release(&d->lobby);
    free(d->frames);
}

static void mark_dirty(struct dispatch *d, struct hub_room *room)
{
    if (list_empty(&room->dirty))
        list_append(&d->hub_dirty, &room->dirty);
}

void hub_add_own(struct dispatch *d, struct tab *tab, const struct out *entry)
{
    struct hub_room *room = tab->room;
    if (tab->state == TAB_CLOSING) {
        payload_unref(entry->frame);
        return;
    }
    mark_dirty(d, room);
    if (list_empty(&tab->touched))
        list_append(&room->touched, &tab->touched);
    if (entry->kind == OUT_CLOSE) {
        tab->close_code = entry->code;
        tab->close_reason = entry->reason;
        return;
    }
    struct out own = *entry;
    own.next = 0;
    own.after = room->shared.len;
    out_add(&room->own, &own);
    if (tab->tail)
        room->own.items[tab->tail - 1].next = room->own.len;
    else
        tab->head = room->own.len;
    tab->tail = room->own.len;
}

/* --- putting runs together --- */

static void run_add(struct dispatch *d, struct run *run, const struct out *entry)
{
    if (run->frames == d->frames_cap) {
        d->frames_cap = d->frames_cap ? d->frames_cap * 2 : 64;
        d->frames = mem_resize(d->frames, d->frames_cap * sizeof(struct payload *));
    }
    if (run->frames == 0) {
        run->class = entry->class;
        run->key = entry->key;
    } else if (run->class == FRAME_STATE && entry->class == FRAME_STATE) {
        run->key = run->key * 1099511628211u + entry->key; /* the same states in the same order */
    } else {
        run->class = FRAME_EVENT; /* some of it must arrive */
        run->key = 0;
    }
    d->frames[run->frames++] = entry->frame;
}

static void run_finish(struct dispatch *d, struct run *run)
{
    run->built = true;
    if (run->frames > 0)
        run->payload = payload_join(d->frames, run->frames);
}

/* last: nothing else follows for this one in this turn. */
static void run_send(struct dispatch *d, const struct run *run, uint64_t handle, bool last)
{
    if (!run->payload)
        return;
    metric_add(&meter_runs, 1);
    (last ? d->wire.tell : d->wire.send)(d->wire.net, handle, run->class, run->key, run->payload);
}

/* Pictures are no part of a run: they wait behind it, are sent without a copy, and may be dropped.
 */
static void send_media(struct dispatch *d, const struct hub_room *room, size_t own, uint64_t handle)
{
    for (; own; own = room->own.items[own - 1].next)
        if (room->own.items[own - 1].class == FRAME_MEDIA)
            d->wire.send(d->wire.net, handle, FRAME_MEDIA, 0, room->own.items[own - 1].frame);
}

/* One connection with something of its own. It may be gone when this returns. */
static void serve(struct dispatch *d, struct tab *tab)
{
    struct hub_room *room = tab->room;
    struct run run = {0};
    size_t shared = tab->from, first = tab->head;
    size_t end = tab->state == TAB_MEMBER ? room->shared.len : 0;
    for (size_t own = tab->head; own; own = room->own.items[own - 1].next) {
        const struct out *entry = &room->own.items[own - 1];
        for (; shared < entry->after && shared < end; shared++) {
            if (room->shared.items[shared].audience & tab->who.roles)
                run_add(d, &run, &room->shared.items[shared]);
        }
        if (entry->class != FRAME_MEDIA)
            run_add(d, &run, entry);
    }
    for (; shared < end; shared++) {
        if (room->shared.items[shared].audience & tab->who.roles)
            run_add(d, &run, &room->shared.items[shared]);
    }
    run_finish(d, &run);
    list_remove(&tab->touched);
    tab->head = tab->tail = tab->from = 0;
    tab->turn = d->turn;
    uint64_t handle = tab->handle;
    run_send(d, &run, handle, false);
    payload_unref(run.payload);
    send_media(d, room, first, handle);
    tab = tab_find(d, handle);
    if (tab && tab->close_code && tab->state != TAB_CLOSING) {
        tab->state = TAB_CLOSING;
        d->wire.close(d->wire.net, handle, tab->close_code, tab->close_reason);
    }
}

static void serve_group(struct dispatch *d, struct hub_room *room, struct run *run, unsigned roles)
{
    for (size_t i = 0; i < room->shared.len; i++) {
        if (room->shared.items[i].audience & roles)
            run_add(d, run, &room->shared.items[i]);
    }
    run_finish(d, run);
}

/* Ten thousand members are more than the processor's caches hold: the memory of the next ones is
 * fetched while the kernel works for this one. */
static void look_ahead(struct dispatch *d, const struct hub_room *room, const struct list *node)
{
    const struct list *soon = node->next, *later = soon->next;
    if (!d->wire.expect || soon == &room->conns || later == &room->conns)
        return;
    __builtin_prefetch(later->next);
    d->wire.expect(d->wire.net, container_of(soon, struct tab, node)->handle,
                   container_of(later, struct tab, node)->handle);
}

static void serve_everybody(struct dispatch *d, struct hub_room *room)
{
    struct run groups[ROLE_SETS] = {0};
    list_for_each_safe(node, &room->conns)
    {
        struct tab *tab = container_of(node, struct tab, node);
        if (tab->turn == d->turn || tab->state == TAB_CLOSING)
            continue;
        struct run *run = &groups[tab->who.roles % ROLE_SETS];
        if (!run->built)
            serve_group(d, room, run, tab->who.roles);
        tab->turn = d->turn;
        look_ahead(d, room, node);
        run_send(d, run, tab->handle, true);
    }
    for (int i = 0; i < ROLE_SETS; i++)
        payload_unref(groups[i].payload);
}

static void free_if_empty(struct dispatch *d, struct hub_room *room)
{
    if (room == &d->lobby || room->flushing || !list_empty(&room->conns) ||
        !list_empty(&room->dirty))
        return;
    map_remove(&d->hub_rooms, &room->session);
    hub_room_release(room);
    free(room);
}

static void flush(struct dispatch *d, struct hub_room *room)
{
    room->flushing = true;
    while (!list_empty(&room->touched))
        serve(d, container_of(room->touched.next, struct tab, touched));
    if (room->shared.len > 0)
        serve_everybody(d, room);
    out_clear(&room->shared);
    out_clear(&room->own);
    room->flushing = false;
    free_if_empty(d, room);
}

void hub_turn(struct dispatch *d)
{
    d->turn++;
    struct list *node;
    while ((node = list_take_first(&d->hub_dirty)))
        flush(d, container_of(node, struct hub_room, dirty));
}

void hub_leave(struct dispatch *d, struct tab *tab)
{
    list_remove(&tab->node);
    list_remove(&tab->touched);
    free_if_empty(d, tab->room);
}

/* --- what comes from home loops --- */

static struct hub_room *hub_room_get(struct dispatch *d, const struct id *session)
{
    struct hub_room *room = map_get(&d->hub_rooms, session);
    if (room)
        return room;
    room = mem_new(sizeof *room);
    hub_room_init(room);
    room->session = *session;
    map_put(&d->hub_rooms, session, room);
    return room;
}

/* NULL when it went away on the way. */
static struct tab *become_member(struct dispatch *d, struct tab *tab)
{
    uint64_t handle = tab->handle;
    if (!list_empty(&tab->touched))
        serve(d, tab); /* what it got in the lobby comes first */
    tab = tab_find(d, handle);
    if (!tab)
        return NULL;
    struct hub_room *room = hub_room_get(d, &tab->session);
    tab->room = room;
    tab->state = TAB_MEMBER;
    tab->from = room->shared.len;
    list_append(&room->conns, &tab->node);
    tab_check_later(d, tab);
    return tab;
}

static void take_own(struct dispatch *d, const struct out *entry)
{
    struct tab *tab = tab_find(d, entry->conn);
    if (!tab || tab->close_code) {
        payload_unref(entry->frame);
        return;
    }
    if (entry->kind == OUT_JOINED) {
        tab = become_member(d, tab);
    } else if (entry->kind == OUT_JOIN_FAILED) {
        tab->home = NULL;
        tab_greeted(d, tab, JOIN_AGAIN_US);
    }
    if (tab)
        hub_add_own(d, tab, entry);
    else
        payload_unref(entry->frame);
}

static void take_shared(struct dispatch *d, const struct id *session, const struct out *entry)
{
    struct hub_room *room = map_get(&d->hub_rooms, session);
    if (!room) {
        payload_unref(entry->frame);
        return;
    }
    out_add(&room->shared, entry);
    mark_dirty(d, room);
}

static void take_entries(struct dispatch *d, const struct id *session, const struct out *entries,
                         size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (entries[i].kind == OUT_AUDIENCE)
            take_shared(d, session, &entries[i]);
        else
            take_own(d, &entries[i]);
    }
}

static void batch_arrived(struct message *message)
{
    struct batch *batch = container_of(message, struct batch, message);
    take_entries(batch->to, &batch->session, batch->entries, batch->len);
    free(batch);
}

void hub_post(struct dispatch *home, int loop, const struct id *session, const struct out *entries,
              size_t n)
{
    if (loop == home->index) {
        take_entries(home, session, entries, n);
        return;
    }
    struct batch *batch = mem_new(sizeof *batch + n * sizeof *entries);
    batch->message.deliver = batch_arrived;
    batch->to = home->peers[loop];
    batch->session = *session;
    batch->len = n;
    memcpy(batch->entries, entries, n * sizeof *entries);
    dispatch_post(home, batch->to, &batch->message);
}
