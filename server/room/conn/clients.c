/* The connections of one loop: greeting, deadline of the first join, farewell. */
#include "room/conn/clients.h"
#include "base/mem.h"
#include "room/encode.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* When members come back whose server ends: a thousand a second, within bounds. */
#define RETRY_LEAST_MS  500
#define RETRY_SPREAD_MS 3000
#define RETRY_MOST_MS   15000
/* Members that are sent elsewhere go one each slot, or closer together when they are many. */
#define LEAVE_SLOT_US  (100 * US_PER_MS)
#define LEAVE_AHEAD_US (100 * US_PER_MS) /* a tick */
#define LEAVE_AFTER_MS 100

struct client *client_find(const struct connections *cs, uint64_t handle)
{
    ASSERT_LOOP(cs->dispatch);
    struct id key = conn_key(handle);
    return map_get(&cs->clients, &key);
}

/* How long all that it may do where it is lasts, us. */
static int64_t rights_last(const struct connections *cs, const struct client *client)
{
    int64_t ends = INT64_MAX, now = clock_now_us(cs->dispatch->config.clock);
    if (client->home && client->until)
        ends = client->until;
    if (client->congress_until && client->congress_until < ends)
        ends = client->congress_until;
    return ends == INT64_MAX ? ends : ends - now;
}

void client_become(struct connections *cs, struct client *client, enum client_state state,
                   int64_t within)
{
    ASSERT_LOOP(cs->dispatch);
    int64_t left = state == CLIENT_PLACED ? rights_last(cs, client) : INT64_MAX;
    client->state = state;
    client->deadline = connections_mono(cs) + (left < within ? left : within);
    list_remove(&client->wait);
    if (state == CLIENT_PLACED)
        list_append(left < within ? &cs->ending : &cs->placed, &client->wait);
    else if (state == CLIENT_NOWHERE)
        list_append(&cs->nowhere, &client->wait);
}

void client_settle(struct connections *cs, struct client *client)
{
    static const struct id nothing;
    bool placed = client->home || !id_equal(&client->congress, &nothing);
    client_become(cs, client, placed ? CLIENT_PLACED : CLIENT_NOWHERE,
                  placed ? CHECK_AGAIN_US : JOIN_AGAIN_US);
}

void client_close(struct connections *cs, struct client *client, uint16_t code, const char *reason)
{
    if (client->close_code)
        return;
    hub_add_own(
        cs, client,
        &(struct out){.kind = OUT_CLOSE, .conn = client->handle, .code = code, .reason = reason});
}

void client_send(struct connections *cs, struct client *client, struct payload *frame)
{
    hub_add_own(
        cs, client,
        &(struct out){
            .kind = OUT_CONN, .class = FRAME_CONTROL, .conn = client->handle, .frame = frame});
}

/* How long it takes until this server's members are back. */
static uint64_t retry_spread(const struct connections *cs)
{
    uint64_t ms = connections_count(cs->dispatch) * (uint64_t)cs->dispatch->loops;
    return ms < RETRY_SPREAD_MS ? RETRY_SPREAD_MS : ms < RETRY_MOST_MS ? ms : RETRY_MOST_MS;
}

static void say_bye(struct connections *cs, struct client *client, int64_t retry)
{
    if (client->close_code)
        return;
    client_send(cs, client, encode_bye("server.draining", retry));
    client_close(cs, client, CLOSE_GOING_AWAY, "draining");
}

static struct client *client_new(struct connections *cs, uint64_t handle)
{
    struct client *client = mem_new(sizeof *client);
    struct id key = conn_key(handle);
    list_init(&client->node);
    list_init(&client->wait);
    list_init(&client->touched);
    client->handle = handle;
    client->audience = &cs->lobby;
    client->first = client->last = OUT_NONE;
    void *before = map_put(&cs->clients, &key, client);
    assert(!before);
    return client;
}

void dispatch_conn_opened(struct dispatch *d, uint64_t handle, const struct greeting *greeting)
{
    struct connections *cs = d->connections;
    struct client *client = client_new(cs, handle);
    if (greeting->publishes)
        publisher_new(client);
    client_become(cs, client, CLIENT_NOWHERE, JOIN_WITHIN_US);
    client_send(cs, client,
                encode_hello(d->config.build, clock_now_us(d->config.clock), d->config.ping_ms));
    if (greeting->outdated)
        client_close(cs, client, CLOSE_GOING_AWAY, "reload");
    else if (d->draining)
        say_bye(cs, client, RETRY_LEAST_MS);
    else if (sign_ins_count(greeting->sign_ins) == 0)
        client_close(cs, client, CLOSE_NOT_SIGNED_IN, "not signed in");
    else
        client->sign_ins = *greeting->sign_ins;
}

void dispatch_conn_message(struct dispatch *d, uint64_t handle, const char *text, size_t len)
{
    struct client *client = client_find(d->connections, handle);
    if (client && !client->close_code)
        client_command(d->connections, client, text, len);
}

static void client_free(struct connections *cs, struct client *client)
{
    struct id key = conn_key(client->handle);
    map_remove(&cs->clients, &key);
    list_remove(&client->wait);
    hub_leave(cs, client);
    free(client->publishing);
    free(client);
}

void dispatch_conn_closed(struct dispatch *d, uint64_t handle, int64_t last_rx, int64_t gone)
{
    struct client *client = client_find(d->connections, handle);
    if (!client)
        return;
    client_gone(d->connections, client, last_rx, gone);
    client_free(d->connections, client);
}

/* --- the half as a whole --- */

struct connections *connections_new(struct dispatch *d, const struct wire *wire)
{
    struct connections *cs = mem_new(sizeof *cs);
    cs->dispatch = d;
    cs->wire = *wire;
    map_init(&cs->clients);
    map_init(&cs->audiences);
    list_init(&cs->nowhere);
    list_init(&cs->placed);
    list_init(&cs->ending);
    list_init(&cs->dirty);
    list_init(&cs->staged);
    audience_init(&cs->lobby);
    commands_load(cs);
    return cs;
}

void connections_free(struct dispatch *d)
{
    struct connections *cs = d->connections;
    size_t cursor = 0;
    struct client *client;
    while ((client = map_next(&cs->clients, &cursor))) {
        client_free(cs, client);
        cursor = 0;
    }
    map_release(&cs->clients);
    hub_free(cs);
    free(cs->commands);
    free(cs);
}

void connections_turn(struct dispatch *d)
{
    hub_turn(d->connections);
}

bool connections_busy(const struct dispatch *d)
{
    return !list_empty(&d->connections->dirty);
}

size_t connections_count(const struct dispatch *d)
{
    return d->connections->clients.len;
}

/* All at once: nobody keeps a right that has ended. Their checks travel in batches. */
static void tick_ending(struct connections *cs, int64_t now)
{
    list_for_each_safe(node, &cs->ending)
    {
        struct client *client = container_of(node, struct client, wait);
        if (now < client->deadline)
            continue;
        client_check_again(cs, client);
        client_become(cs, client, CLIENT_PLACED, CHECK_AGAIN_US);
    }
}

static struct client *first_to_go(struct list *clients)
{
    list_for_each(node, clients)
    {
        struct client *client = container_of(node, struct client, wait);
        if (!client->close_code)
            return client;
    }
    return NULL;
}

/* Told a tick ahead at most, with the wait that is left until its slot: so they come to the other
 * server in the order and the distance that were meant for them. */
static void tick_leaving(struct connections *cs, int64_t now)
{
    while (cs->leave_at && cs->leave_at < now + LEAVE_AHEAD_US) {
        struct client *client = first_to_go(&cs->placed);
        client = client ? client : first_to_go(&cs->ending);
        client = client ? client : first_to_go(&cs->nowhere);
        if (!client)
            return;
        int64_t wait = cs->leave_at > now ? cs->leave_at - now : 0;
        say_bye(cs, client, LEAVE_AFTER_MS + wait / US_PER_MS);
        cs->leave_at += cs->leave_step;
    }
}

void connections_leave(struct dispatch *d, int64_t first, int64_t spread)
{
    struct connections *cs = d->connections;
    int64_t n = (int64_t)connections_count(d), widest = LEAVE_SLOT_US * d->loops;
    cs->leave_step = n * widest > spread ? spread / n : widest;
    cs->leave_at = first + cs->leave_step * d->index / d->loops; /* between those of other loops */
}

void connections_tick(struct dispatch *d)
{
    struct connections *cs = d->connections;
    int64_t now = connections_mono(cs);
    list_for_each_safe(node, &cs->nowhere)
    {
        struct client *client = container_of(node, struct client, wait);
        if (client->joining == JOIN_NONE && now >= client->deadline)
            client_close(cs, client, CLOSE_PROTOCOL, "no join");
    }
    for (int i = 0; i < CHECKS_PER_TICK && !list_empty(&cs->placed); i++) {
        struct client *client = container_of(cs->placed.next, struct client, wait);
        if (now < client->deadline)
            break;
        client_become(cs, client, CLIENT_PLACED, CHECK_AGAIN_US);
        client_check_again(cs, client);
    }
    tick_ending(cs, now);
    tick_leaving(cs, now);
    watch_tick(cs);
}

static void drain_list(struct connections *cs, struct list *clients)
{
    uint64_t spread = retry_spread(cs);
    list_for_each_safe(node, clients)
    {
        int64_t retry = RETRY_LEAST_MS + (int64_t)(dispatch_random(cs->dispatch) % spread);
        say_bye(cs, container_of(node, struct client, wait), retry);
    }
}

void connections_drain(struct dispatch *d)
{
    drain_list(d->connections, &d->connections->nowhere);
    drain_list(d->connections, &d->connections->placed);
    drain_list(d->connections, &d->connections->ending);
}
