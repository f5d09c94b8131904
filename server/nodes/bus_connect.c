/* The connections of the bus: where to, how they are secured, and how long one waits for them. */
#include "base/log.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "nodes/bus_private.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS   2000
#define RECONNECT_MS 250
#define JITTER_MS    500
#define PING_MS      5000
#define WRITE_MS     2000
#define URLS_MOST    16

static struct metric meter_connected =
    METRIC_GAUGE("amphi_bus_connected", "Connections to NATS: 4 when all is well");

void bus_register_connections(void)
{
    metric_register(&meter_connected);
}

static void on_lost(natsConnection *nc, void *arg)
{
    (void)nc, (void)arg;
    metric_add(&meter_connected, -1);
    log_warn("bus.lost", "{}");
}

static void on_connected(natsConnection *nc, void *arg)
{
    struct bus *bus = arg;
    metric_add(&meter_connected, 1);
    log_info("bus.connected", "{}");
    if (nc == bus->in && bus->config.connected)
        bus->config.connected(bus->config.arg);
}

/* A slow reader above all: messages were dropped, which their numbers tell. */
static void on_error(natsConnection *nc, natsSubscription *sub, natsStatus status, void *arg)
{
    (void)nc, (void)sub, (void)arg;
    log_warn("bus.error", "{s:s}", "what", natsStatus_GetText(status));
}

/* nats://host or tls://host, with what else an address may have. */
static bool is_address(const char *url)
{
    const char *host = strstr(url, "://");
    bool known = strncmp(url, "nats://", 7) == 0 || strncmp(url, "tls://", 6) == 0;
    return known && host[3] && !strpbrk(host + 3, " /");
}

static natsStatus add_servers(natsOptions *options, const char *url)
{
    char *text = mem_strdup(url), *rest = text;
    const char *urls[URLS_MOST];
    int n = 0;
    for (char *one; n < URLS_MOST && (one = strsep(&rest, ","));)
        urls[n++] = one;
    bool good = n > 0 && !rest;
    for (int i = 0; i < n; i++)
        good &= is_address(urls[i]);
    natsStatus s = good ? natsOptions_SetServers(options, urls, n) : NATS_INVALID_ARG;
    free(text);
    return s;
}

static natsStatus set_tls(natsOptions *options, const struct bus_config *config)
{
    if (!strstr(config->url, "tls://"))
        return NATS_OK;
    natsStatus s = natsOptions_SetSecure(options, true);
    if (s == NATS_OK && config->ca && *config->ca)
        s = natsOptions_LoadCATrustedCertificates(options, config->ca);
    return s;
}

static natsStatus set_options(natsOptions *options, struct bus *bus)
{
    natsStatus s = add_servers(options, bus->config.url);
    if (s == NATS_OK)
        s = set_tls(options, &bus->config);
    if (s == NATS_OK)
        s = natsOptions_SetName(options, "amphi");
    if (s == NATS_OK)
        s = natsOptions_SetTimeout(options, CONNECT_MS);
    if (s == NATS_OK)
        s = natsOptions_SetMaxReconnect(options, -1);
    if (s == NATS_OK)
        s = natsOptions_SetReconnectWait(options, RECONNECT_MS);
    if (s == NATS_OK)
        s = natsOptions_SetReconnectJitter(options, JITTER_MS, JITTER_MS);
    if (s == NATS_OK)
        s = natsOptions_SetReconnectBufSize(options, BUS_MESSAGE_MOST);
    if (s == NATS_OK)
        s = natsOptions_SetPingInterval(options, PING_MS);
    if (s == NATS_OK)
        s = natsOptions_SetMaxPingsOut(options, 2);
    if (s == NATS_OK)
        s = natsOptions_SetWriteDeadline(options, WRITE_MS);
    if (s == NATS_OK)
        s = natsOptions_SetDisconnectedCB(options, on_lost, bus);
    if (s == NATS_OK)
        s = natsOptions_SetReconnectedCB(options, on_connected, bus);
    return s == NATS_OK ? natsOptions_SetErrorHandler(options, on_error, bus) : s;
}

/* Nobody is there, or not yet. Where somebody is who does not speak as NATS, or does not let us in,
 * waiting will not help. */
static bool is_away(natsStatus s)
{
    return s == NATS_NO_SERVER || s == NATS_TIMEOUT || s == NATS_IO_ERROR ||
           s == NATS_CONNECTION_CLOSED || s == NATS_CONNECTION_DISCONNECTED ||
           s == NATS_STALE_CONNECTION;
}

natsStatus bus_open_connection(struct bus *bus, natsConnection **out)
{
    natsOptions *options = NULL;
    natsStatus s = natsOptions_Create(&options);
    if (s == NATS_OK)
        s = set_options(options, bus);
    if (s == NATS_OK)
        s = natsConnection_Connect(out, options);
    if (s == NATS_OK) {
        metric_add(&meter_connected, 1);
    } else if (is_away(s)) {
        log_warn("bus.away", "{s:s}", "what", natsStatus_GetText(s));
        s = natsOptions_SetRetryOnFailedConnect(options, true, on_connected, bus);
        if (s == NATS_OK)
            s = natsConnection_Connect(out, options);
        if (s == NATS_NOT_YET_CONNECTED)
            s = NATS_OK;
    }
    natsOptions_Destroy(options);
    return s;
}

/* What libnats says of its last error tells an authority from a name; it has no address in it,
 * which may hold a password. */
void bus_say_why(natsStatus s, char *why, size_t why_size)
{
    const char *more = s == NATS_OK ? NULL : nats_GetLastError(NULL);
    snprintf(why, why_size, "nats_url: %s%s%s", s == NATS_OK ? "no thread" : natsStatus_GetText(s),
             more && *more ? ": " : "", more ? more : "");
}

bool bus_is_connected(const struct bus *bus)
{
    return natsConnection_Status(bus->in) == NATS_CONN_STATUS_CONNECTED &&
           natsConnection_Status(bus->out) == NATS_CONN_STATUS_CONNECTED;
}

static void complain(natsConnection *nc)
{
    const char *what = "";
    if (natsConnection_Status(nc) == NATS_CONN_STATUS_CONNECTED)
        return;
    natsStatus s = natsConnection_GetLastError(nc, &what);
    log_error("bus.away", "{s:s,s:s}", "what", natsStatus_GetText(s), "more", what ? what : "");
}

void bus_complain(const struct bus *bus)
{
    complain(bus->in);
    complain(bus->out);
}
