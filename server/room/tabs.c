/* The connections of one loop: greeting, deadline of the first join, farewell. */
#include "base/mem.h"
#include "room/dispatch_private.h"
#include "room/encode.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define RETRY_LEAST_MS  500
#define RETRY_SPREAD_MS 3000

struct tab *tab_find(const struct dispatch *d, uint64_t handle)
{
    struct id key = conn_key(handle);
    return map_get(&d->conns, &key);
}

void tab_close(struct dispatch *d, struct tab *tab, uint16_t code, const char *reason)
{
    if (tab->close_code)
        return;
    hub_add_own(
        d, tab,
        &(struct out){.kind = OUT_CLOSE, .conn = tab->handle, .code = code, .reason = reason});
}

void tab_send(struct dispatch *d, struct tab *tab, struct payload *frame)
{
    hub_add_own(d, tab,
                &(struct out){
                    .kind = OUT_CONN, .class = FRAME_CONTROL, .conn = tab->handle, .frame = frame});
}

void tab_greeted(struct dispatch *d, struct tab *tab, int64_t join_within)
{
    tab->state = TAB_GREETED;
    tab->deadline = clock_mono_us(d->config.clock) + join_within;
    list_remove(&tab->wait);
    list_append(&d->unjoined, &tab->wait);
}

void tab_check_later(struct dispatch *d, struct tab *tab)
{
    int64_t now = clock_mono_us(d->config.clock);
    int64_t left = tab->until ? tab->until - clock_now_us(d->config.clock) : INT64_MAX;
    bool ends = left < CHECK_AGAIN_US;
    tab->deadline = now + (ends ? left : CHECK_AGAIN_US);
    list_remove(&tab->wait);
    list_append(ends ? &d->ending : &d->members, &tab->wait);
}

static void say_bye(struct dispatch *d, struct tab *tab)
{
    if (tab->close_code)
        return;
    int64_t retry = RETRY_LEAST_MS + (int64_t)(dispatch_random(d) % RETRY_SPREAD_MS);
    tab_send(d, tab, encode_bye("server.draining", retry));
    tab_close(d, tab, CLOSE_GOING_AWAY, "draining");
}

void dispatch_conn_opened(struct dispatch *d, uint64_t handle, bool has_token,
                          const uint8_t token[TOKEN_HASH_SIZE])
{
    struct tab *tab = mem_new(sizeof *tab);
    struct id key = conn_key(handle);
    list_init(&tab->node);
    list_init(&tab->wait);
    list_init(&tab->touched);
    tab->handle = handle;
    tab->room = &d->lobby;
    void *before = map_put(&d->conns, &key, tab);
    assert(!before);
    tab_greeted(d, tab, JOIN_WITHIN_US);
    tab_send(d, tab,
             encode_hello(d->config.build, clock_now_us(d->config.clock), d->config.ping_ms));
    if (d->draining)
        say_bye(d, tab);
    else if (!has_token)
        tab_close(d, tab, CLOSE_NOT_SIGNED_IN, "not signed in");
    else
        memcpy(tab->token, token, TOKEN_HASH_SIZE);
}

void dispatch_conn_message(struct dispatch *d, uint64_t handle, const char *text, size_t len)
{
    struct tab *tab = tab_find(d, handle);
    if (tab && !tab->close_code)
        tab_command(d, tab, text, len);
}

static void tab_free(struct dispatch *d, struct tab *tab)
{
    struct id key = conn_key(tab->handle);
    map_remove(&d->conns, &key);
    list_remove(&tab->wait);
    hub_leave(d, tab);
    free(tab->rates);
    free(tab);
}

void dispatch_conn_closed(struct dispatch *d, uint64_t handle, int64_t last_rx)
{
    struct tab *tab = tab_find(d, handle);
    if (!tab)
        return;
    if (tab->home) {
        struct leave *leave = mem_new(sizeof *leave);
        leave->message.deliver = rooms_leave;
        leave->home = tab->home;
        leave->session = tab->session;
        leave->conn = handle;
        leave->last_rx = last_rx;
        dispatch_post(d, leave->home, &leave->message);
    }
    tab_free(d, tab);
}

/* All at once: nobody keeps a right that has ended. Their checks travel in batches. */
static void tick_ending(struct dispatch *d, int64_t now)
{
    list_for_each_safe(node, &d->ending)
    {
        struct tab *tab = container_of(node, struct tab, wait);
        if (now < tab->deadline)
            continue;
        tab->until = 0;
        tab_check_later(d, tab);
        tab_check_again(d, tab, true);
    }
}

void tabs_tick(struct dispatch *d)
{
    int64_t now = clock_mono_us(d->config.clock);
    list_for_each_safe(node, &d->unjoined)
    {
        struct tab *tab = container_of(node, struct tab, wait);
        if (tab->state == TAB_GREETED && now >= tab->deadline)
            tab_close(d, tab, CLOSE_PROTOCOL, "no session.join");
    }
    for (int i = 0; i < CHECKS_PER_TICK && !list_empty(&d->members); i++) {
        struct tab *tab = container_of(d->members.next, struct tab, wait);
        if (now < tab->deadline)
            break;
        tab_check_later(d, tab);
        tab_check_again(d, tab, false);
    }
    tick_ending(d, now);
}

static void drain_list(struct dispatch *d, struct list *conns)
{
    list_for_each_safe(node, conns) say_bye(d, container_of(node, struct tab, wait));
}

void tabs_drain(struct dispatch *d)
{
    drain_list(d, &d->unjoined);
    drain_list(d, &d->members);
    drain_list(d, &d->ending);
}

void tabs_free(struct dispatch *d)
{
    size_t cursor = 0;
    struct tab *tab;
    while ((tab = map_next(&d->conns, &cursor))) {
        tab_free(d, tab);
        cursor = 0;
    }
    map_release(&d->conns);
}
