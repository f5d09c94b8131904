/* A connection from accept to close, and the handles that stand for it in other threads' memory. */
#include "base/mem.h"
#include "base/metrics.h"
#include "net/internal.h"
#include "net/net.h"
#include "net/received.h"
#include <arpa/inet.h>
#include <assert.h>

struct metric net_accepted = METRIC_COUNTER("amphi_net_accepted_total", "Connections accepted");
struct metric net_refused = METRIC_COUNTER("amphi_net_refused_total",
                                           "Connections refused for want of room or per address");
struct metric net_open_http = METRIC_GAUGE("amphi_net_http_connections", "Open HTTP connections");
struct metric net_open_live = METRIC_GAUGE("amphi_net_live_connections", "Open live websockets");

#define ARRIVAL_US (2 * US_PER_S)

/* An address as a key: IPv4 as it is, IPv6 by its /64, which is what one customer has. */
void address_key(const struct sockaddr_storage *from, struct id *key, char *text, size_t size)
{
    memset(key, 0, sizeof *key);
    snprintf(text, size, "unknown");
    if (from->ss_family == AF_INET) {
        const struct in_addr *a = &((const struct sockaddr_in *)from)->sin_addr;
        key->bytes[10] = key->bytes[11] = 0xff;
        memcpy(key->bytes + 12, a, 4);
        inet_ntop(AF_INET, a, text, (socklen_t)size);
    } else if (from->ss_family == AF_INET6) {
        const struct in6_addr *a = &((const struct sockaddr_in6 *)from)->sin6_addr;
        bool mapped = IN6_IS_ADDR_V4MAPPED(a);
        memcpy(key->bytes, a, mapped ? 16 : 8);
        if (mapped)
            inet_ntop(AF_INET, (const char *)a + 12, text, (socklen_t)size);
        else
            inet_ntop(AF_INET6, a, text, (socklen_t)size);
    }
}

static uint32_t take_slot(struct net_loop *l)
{
    if (l->free_count)
        return l->free_slots[--l->free_count];
    if (l->slot_count == l->slot_cap) {
        l->slot_cap = l->slot_cap ? 2 * l->slot_cap : 256;
        l->slots = mem_resize(l->slots, l->slot_cap * sizeof *l->slots);
        l->free_slots = mem_resize(l->free_slots, l->slot_cap * sizeof *l->free_slots);
    }
    assert(l->slot_count < 1u << HANDLE_SLOT_BITS);
    l->slots[l->slot_count] = (struct slot){NULL, 1};
    return l->slot_count++;
}

static void give_slot(struct conn *c)
{
    struct net_loop *l = c->loop;
    l->slots[c->slot].conn = NULL;
    l->slots[c->slot].generation++;
    l->free_slots[l->free_count++] = c->slot;
}

uint64_t conn_handle(const struct conn *c)
{
    return (uint64_t)c->loop->index << 56 | (uint64_t)c->slot << 32 |
           c->loop->slots[c->slot].generation;
}

struct conn *conn_find(struct net_loop *l, uint64_t handle)
{
    uint32_t slot = (uint32_t)(handle >> 32) & ((1u << HANDLE_SLOT_BITS) - 1);
    if (NET_HANDLE_LOOP(handle) != l->index || slot >= l->slot_count ||
        l->slots[slot].generation != (uint32_t)handle)
        return NULL;
    return l->slots[slot].conn;
}

static void on_timer(struct timer *timer)
{
    struct conn *c = container_of(timer, struct conn, timer);
    if (c->phase == CONN_LIVE)
        net_live_timer(c);
    else if (c->phase == CONN_BUSY)
        exchange_timer(c);
    else
        conn_kill(c);
}

struct conn *conn_new(struct net_loop *l, const struct sockaddr_storage *from, bool metrics)
{
    struct conn *c = mem_new(sizeof *c);
    c->subject = SUBJECT_CONN;
    c->loop = l;
    c->metrics = metrics;
    c->anonymous = !metrics;
    c->slot = take_slot(l);
    l->slots[c->slot].conn = c;
    address_key(from, &c->address_key, c->address, sizeof c->address);
    list_init(&c->node);
    list_init(&c->dirty);
    timer_init(&c->timer, on_timer);
    l->open += !metrics;
    metric_add(&net_accepted, 1);
    metric_add(&net_open_http, 1);
    conn_idle(c);
    return c;
}

/* Called for each way a connection can end, and only the first time does anything. */
void conn_closed(struct conn *c)
{
    struct net_loop *l = c->loop;
    if (l->slots[c->slot].conn != c)
        return;
    bool by_peer = !c->killed;
    tap_remove(c);
    c->wsi = NULL;
    c->killed = true;
    wheel_cancel(loop_wheel(l->loop), &c->timer);
    list_remove(&c->node);
    list_remove(&c->dirty);
    exchange_drop(c);
    bool live = c->phase == CONN_LIVE;
    if (c->live)
        net_live_drop(c, by_peer);
    conn_signed_in(c);
    if (!c->metrics)
        budget_leave(&l->net->budget, live);
    metric_add(live ? &net_open_live : &net_open_http, -1);
    give_slot(c);
    l->open -= !c->metrics;
}

void conn_free(struct conn *c)
{
    conn_closed(c);
    free(c);
}

/* The kill comes when lws looks at its timers, which it does only after an event of its own. */
void conn_kill(struct conn *c)
{
    if (c->killed || !c->wsi)
        return;
    c->killed = true;
    lws_set_timeout(c->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
    c->loop->kick = true;
}

void conn_idle(struct conn *c)
{
    struct net_loop *l = c->loop;
    c->phase = CONN_IDLE;
    c->idle_us = net_now(l);
    list_remove(&c->node);
    list_append(&l->idle, &c->node);
    wheel_set(loop_wheel(l->loop), &c->timer, l->net->config.idle_ms);
}

void conn_busy(struct conn *c)
{
    c->phase = CONN_BUSY;
    list_remove(&c->node);
    wheel_set(loop_wheel(c->loop->loop), &c->timer, 1000);
}

/* One that has just come may be shaking hands: when thousands come at once, each would close others
 * that came a moment before. Those behind it in the list are younger. */
static bool arriving(const struct conn *c)
{
    return c->read_mark == 0 && net_now(c->loop) - c->idle_us < ARRIVAL_US;
}

void conn_shed(struct net_loop *l, int n, bool arriving_too)
{
    list_for_each(node, &l->idle)
    {
        struct conn *c = container_of(node, struct conn, node);
        if (c->killed || c->metrics)
            continue;
        if (!arriving_too && arriving(c))
            break;
        if (n-- <= 0)
            break;
        conn_kill(c);
    }
}

uint64_t conn_bytes_read(struct conn *c)
{
    return received_bytes(lws_get_ssl(c->wsi), lws_get_socket_fd(c->wsi));
}

/* From here on it does not count against its address. */
void conn_signed_in(struct conn *c)
{
    if (!c->anonymous)
        return;
    c->anonymous = false;
    budget_forget_address(&c->loop->net->budget, &c->address_key);
}
