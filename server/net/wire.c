/* What the rooms do to connections (struct wire in room/dispatch.h). */
#include "net/carried.h"
#include "net/live.h"
#include "net/net.h"

static void wire_send(void *arg, uint64_t handle, enum frame_class class, uint64_t coalesce_key,
                      struct payload *frame)
{
    struct conn *c = net_live_find(arg, handle);
    if (carried_is(handle))
        carried_send(arg, handle, class, coalesce_key, frame);
    else if (c)
        net_live_send(c, class, coalesce_key, frame);
}

static void wire_tell(void *arg, uint64_t handle, enum frame_class class, uint64_t coalesce_key,
                      struct payload *frame)
{
    struct conn *c = net_live_find(arg, handle);
    if (carried_is(handle))
        carried_send(arg, handle, class, coalesce_key, frame);
    else if (c)
        net_live_tell(c, class, coalesce_key, frame);
}

static bool wire_open(void *arg, uint64_t handle)
{
    struct conn *c = net_live_find(arg, handle);
    return c && net_live_open(c);
}

static void wire_expect(void *arg, uint64_t soon, uint64_t later)
{
    const struct conn *c = conn_find(arg, soon);
    if (c) {
        __builtin_prefetch(c->live);
        __builtin_prefetch(c->wsi);
    }
    __builtin_prefetch(conn_find(arg, later));
}

static void wire_close(void *arg, uint64_t handle, uint16_t code, const char *reason)
{
    struct conn *c = net_live_find(arg, handle);
    if (carried_is(handle))
        carried_shut(arg, handle, code, reason);
    else if (c)
        net_live_close(c, code, reason);
}

static bool wire_signed_in(void *arg, uint64_t handle, const struct id *person)
{
    struct conn *c = net_live_find(arg, handle);
    if (carried_is(handle))
        return carried_signed_in(arg, handle, person);
    if (!c || c->live->entered)
        return true;
    if (!budget_enter(&c->loop->net->budget, person))
        return false;
    c->live->entered = true;
    c->live->person = *person;
    conn_signed_in(c);
    return true;
}

static void wire_publishes(void *arg, uint64_t handle)
{
    struct conn *c = net_live_find(arg, handle);
    if (c)
        c->live->admitted = c->live->publishes;
}

struct wire net_wire(struct net *net, int loop)
{
    return (struct wire){.send = wire_send,
                         .tell = wire_tell,
                         .open = wire_open,
                         .close = wire_close,
                         .signed_in = wire_signed_in,
                         .publishes = wire_publishes,
                         .expect = wire_expect,
                         .net = &net->loops[loop]};
}
