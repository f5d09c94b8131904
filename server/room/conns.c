/* The connections of one loop: greeting, deadline of the first join, farewell. */
#include "room/dispatch_private.h"
#include "room/encode.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_LEAST_MS  500
#define RETRY_SPREAD_MS 3000

struct conn *conn_find(const struct dispatch *d, uint64_t handle)
{
    struct id key = conn_key(handle);
    return map_get(&d->conns, &key);
}

void conn_close(struct dispatch *d, struct conn *conn, uint16_t code, const char *reason)
{
    if (conn->close_code)
        return;
    hub_add_own(
        d, conn,
        &(struct out){.kind = OUT_CLOSE, .conn = conn->handle, .code = code, .reason = reason});
}

void conn_send(struct dispatch *d, struct conn *conn, struct payload *frame)
{
    hub_add_own(
        d, conn,
        &(struct out){
            .kind = OUT_CONN, .class = FRAME_CONTROL, .conn = conn->handle, .frame = frame});
}

void conn_greeted(struct dispatch *d, struct conn *conn, int64_t join_within)
{
    conn->state = CONN_GREETED;
    conn->deadline = clock_mono_us(d->config.clock) + join_within;
    list_remove(&conn->wait);
    list_append(&d->unjoined, &conn->wait);
}

static void say_bye(struct dispatch *d, struct conn *conn)
{
    if (conn->close_code)
        return;
    int64_t retry = RETRY_LEAST_MS + (int64_t)(dispatch_random(d) % RETRY_SPREAD_MS);
    conn_send(d, conn, encode_bye("server.draining", retry));
    conn_close(d, conn, CLOSE_GOING_AWAY, "draining");
}

void dispatch_conn_opened(struct dispatch *d, uint64_t handle, bool has_token,
                          const uint8_t token[TOKEN_HASH_SIZE])
{
    struct conn *conn = room_alloc(sizeof *conn);
    struct id key = conn_key(handle);
    list_init(&conn->node);
    list_init(&conn->wait);
    list_init(&conn->touched);
    conn->handle = handle;
    conn->room = &d->lobby;
    void *before = map_put(&d->conns, &key, conn);
    assert(!before);
    conn_greeted(d, conn, JOIN_WITHIN_US);
    conn_send(d, conn,
              encode_hello(d->config.build, clock_now_us(d->config.clock), d->config.ping_ms));
    if (d->draining)
        say_bye(d, conn);
    else if (!has_token)
        conn_close(d, conn, CLOSE_NOT_SIGNED_IN, "not signed in");
    else
        memcpy(conn->token, token, TOKEN_HASH_SIZE);
}

void dispatch_conn_message(struct dispatch *d, uint64_t handle, const char *text, size_t len)
{
    struct conn *conn = conn_find(d, handle);
    if (conn && !conn->close_code)
        conn_command(d, conn, text, len);
}

static void conn_free(struct dispatch *d, struct conn *conn)
{
    struct id key = conn_key(conn->handle);
    map_remove(&d->conns, &key);
    list_remove(&conn->wait);
    hub_leave(d, conn);
    free(conn->rates);
    free(conn);
}

void dispatch_conn_closed(struct dispatch *d, uint64_t handle, int64_t last_rx)
{
    struct conn *conn = conn_find(d, handle);
    if (!conn)
        return;
    if (conn->home) {
        struct leave *leave = room_alloc(sizeof *leave);
        leave->message.deliver = rooms_leave;
        leave->home = conn->home;
        leave->session = conn->session;
        leave->conn = handle;
        leave->last_rx = last_rx;
        dispatch_post(d, leave->home, &leave->message);
    }
    conn_free(d, conn);
}

void conns_tick(struct dispatch *d)
{
    int64_t now = clock_mono_us(d->config.clock);
    list_for_each_safe(node, &d->unjoined)
    {
        struct conn *conn = container_of(node, struct conn, wait);
        if (conn->state == CONN_GREETED && now >= conn->deadline)
            conn_close(d, conn, CLOSE_PROTOCOL, "no session.join");
    }
    for (int i = 0; i < CHECKS_PER_TICK && !list_empty(&d->members); i++) {
        struct conn *conn = container_of(d->members.next, struct conn, wait);
        if (now < conn->deadline)
            break;
        conn->deadline = now + CHECK_AGAIN_US;
        list_remove(&conn->wait);
        list_append(&d->members, &conn->wait);
        conn_check_again(d, conn);
    }
}

static void drain_list(struct dispatch *d, struct list *conns)
{
    list_for_each_safe(node, conns) say_bye(d, container_of(node, struct conn, wait));
}

void conns_drain(struct dispatch *d)
{
    drain_list(d, &d->unjoined);
    drain_list(d, &d->members);
}

void conns_free(struct dispatch *d)
{
    size_t cursor = 0;
    struct conn *conn;
    while ((conn = map_next(&d->conns, &cursor))) {
        conn_free(d, conn);
        cursor = 0;
    }
    map_release(&d->conns);
}
