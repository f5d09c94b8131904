/* The connections of one loop: greeting, deadline of the first join, farewell. */
#include "base/mem.h"
#include "room/dispatch_private.h"
#include "room/encode.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_LEAST_MS  500
#define RETRY_SPREAD_MS 3000

struct client *client_find(const struct dispatch *d, uint64_t handle)
{
    struct id key = conn_key(handle);
    return map_get(&d->conns, &key);
}

void client_close(struct dispatch *d, struct client *client, uint16_t code, const char *reason)
{
    if (client->close_code)
        return;
    hub_add_own(
        d, client,
        &(struct out){.kind = OUT_CLOSE, .conn = client->handle, .code = code, .reason = reason});
}

void client_send(struct dispatch *d, struct client *client, struct payload *frame)
{
    hub_add_own(
        d, client,
        &(struct out){
            .kind = OUT_CONN, .class = FRAME_CONTROL, .conn = client->handle, .frame = frame});
}

void client_greeted(struct dispatch *d, struct client *client, int64_t join_within)
{
    client->state = CLIENT_GREETED;
    client->deadline = clock_mono_us(d->config.clock) + join_within;
    list_remove(&client->wait);
    list_append(&d->unjoined, &client->wait);
}

static void say_bye(struct dispatch *d, struct client *client)
{
    if (client->close_code)
        return;
    int64_t retry = RETRY_LEAST_MS + (int64_t)(dispatch_random(d) % RETRY_SPREAD_MS);
    client_send(d, client, encode_bye("server.draining", retry));
    client_close(d, client, CLOSE_GOING_AWAY, "draining");
}

void dispatch_conn_opened(struct dispatch *d, uint64_t handle, bool has_token,
                          const uint8_t token[TOKEN_HASH_SIZE])
{
    struct client *client = mem_new(sizeof *client);
    struct id key = conn_key(handle);
    list_init(&client->node);
    list_init(&client->wait);
    list_init(&client->touched);
    client->handle = handle;
    client->room = &d->lobby;
    void *before = map_put(&d->conns, &key, client);
    assert(!before);
    client_greeted(d, client, JOIN_WITHIN_US);
    client_send(d, client,
                encode_hello(d->config.build, clock_now_us(d->config.clock), d->config.ping_ms));
    if (d->draining)
        say_bye(d, client);
    else if (!has_token)
        client_close(d, client, CLOSE_NOT_SIGNED_IN, "not signed in");
    else
        memcpy(client->token, token, TOKEN_HASH_SIZE);
}

void dispatch_conn_message(struct dispatch *d, uint64_t handle, const char *text, size_t len)
{
    struct client *client = client_find(d, handle);
    if (client && !client->close_code)
        client_command(d, client, text, len);
}

static void client_free(struct dispatch *d, struct client *client)
{
    struct id key = conn_key(client->handle);
    map_remove(&d->conns, &key);
    list_remove(&client->wait);
    hub_leave(d, client);
    free(client->rates);
    free(client);
}

void dispatch_conn_closed(struct dispatch *d, uint64_t handle, int64_t last_rx)
{
    struct client *client = client_find(d, handle);
    if (!client)
        return;
    if (client->home) {
        struct leave *leave = mem_new(sizeof *leave);
        leave->message.deliver = rooms_leave;
        leave->home = client->home;
        leave->session = client->session;
        leave->conn = handle;
        leave->last_rx = last_rx;
        dispatch_post(d, leave->home, &leave->message);
    }
    client_free(d, client);
}

void clients_tick(struct dispatch *d)
{
    int64_t now = clock_mono_us(d->config.clock);
    list_for_each_safe(node, &d->unjoined)
    {
        struct client *client = container_of(node, struct client, wait);
        if (client->state == CLIENT_GREETED && now >= client->deadline)
            client_close(d, client, CLOSE_PROTOCOL, "no session.join");
    }
    for (int i = 0; i < CHECKS_PER_TICK && !list_empty(&d->members); i++) {
        struct client *client = container_of(d->members.next, struct client, wait);
        if (now < client->deadline)
            break;
        client->deadline = now + CHECK_AGAIN_US;
        list_remove(&client->wait);
        list_append(&d->members, &client->wait);
        client_check_again(d, client);
    }
}

static void drain_list(struct dispatch *d, struct list *conns)
{
    list_for_each_safe(node, conns) say_bye(d, container_of(node, struct client, wait));
}

void clients_drain(struct dispatch *d)
{
    drain_list(d, &d->unjoined);
    drain_list(d, &d->members);
}

void clients_free(struct dispatch *d)
{
    size_t cursor = 0;
    struct client *client;
    while ((client = map_next(&d->conns, &cursor))) {
        client_free(d, client);
        cursor = 0;
    }
    map_release(&d->conns);
}
