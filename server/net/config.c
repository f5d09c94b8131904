#include "net/config.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const struct net_rooms dispatch_rooms = {
    .opened = dispatch_conn_opened,
    .message = dispatch_conn_message,
    .media = dispatch_conn_media,
    .closed = dispatch_conn_closed,
    .turn = dispatch_turn,
    .serve_media = dispatch_media,
    .tick = dispatch_tick,
    .leave = dispatch_leave,
    .left = dispatch_left,
    .drain = dispatch_drain,
    .drained = dispatch_drained,
};

static int or_default(int value, int fallback)
{
    return value > 0 ? value : fallback;
}

void net_config_defaults(struct net_config *c)
{
    c->reserved_descriptors = or_default(c->reserved_descriptors, 500);
    c->anonymous_per_address = or_default(c->anonymous_per_address, 1000);
    c->ping_ms = or_default(c->ping_ms, 20000);
    c->queue_bytes = or_default(c->queue_bytes, 1024 * 1024);
    c->queue_age_ms = or_default(c->queue_age_ms, 10000);
    c->idle_ms = or_default(c->idle_ms, 10000);
    c->stall_ms = or_default(c->stall_ms, 30000);
    if (!c->rooms)
        c->rooms = &dispatch_rooms;
}

enum err trusted_parse(const char *addresses, struct trusted *out, char *why, size_t why_size)
{
    const char *at = addresses ? addresses : "";
    while (*at) {
        char text[INET6_ADDRSTRLEN + 8] = "";
        size_t len = strcspn(at, ", ");
        struct in6_addr *next = &out->addresses[out->count];
        if (len == 0) {
            at++;
            continue;
        }
        bool fits = len < INET6_ADDRSTRLEN && out->count < TRUSTED_MOST;
        snprintf(text, sizeof text, "%s%.*s",
                 memchr(at, ':', len) ? "" : "::ffff:", fits ? (int)len : 0, at);
        if (!fits || inet_pton(AF_INET6, text, next) != 1) {
            snprintf(why, why_size, "trusted_proxies: not an address: %.*s", (int)len, at);
            return ERR_INVALID;
        }
        out->count++;
        at += len;
    }
    return ERR_OK;
}
