#include "nodes/bus.h"
#include "base/bytes.h"
#include "base/list.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/metrics.h"
#include <nats/nats.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS     2000
#define RECONNECT_MS   250
#define JITTER_MS      500
#define PING_MS        5000
#define WRITE_MS       2000
#define URLS_MOST      16
#define OUT_BYTES      (16 * 1024 * 1024) /* waiting to be sent; more is dropped */
#define WAITING_MOST   65536
#define WAITING_BYTES  (64 * 1024 * 1024)
#define HEADER         8 /* the number, most significant byte first */
#define SUBJECT_SIZE   200
#define ALL            "all" /* instead of a node */
#define WAIT_CLOSED_MS 2000

static struct metric meter_sent =
    METRIC_COUNTER("amphi_bus_sent_total", "Messages to the other nodes");
static struct metric meter_received =
    METRIC_COUNTER("amphi_bus_received_total", "Messages from other nodes");
static struct metric meter_unsent =
    METRIC_COUNTER("amphi_bus_unsent_total", "Messages that NATS did not take");
static struct metric meter_foreign =
    METRIC_COUNTER("amphi_bus_foreign_total", "Messages on our subjects that are not ours");
static struct metric meter_connected =
    METRIC_GAUGE("amphi_bus_connected", "Connections to NATS: 4 when all is well");

/* On its way to NATS. */
struct parcel {
    struct list node;
    char subject[SUBJECT_SIZE];
    size_t len;
    char data[];
};

struct bus {
    struct bus_config config;
    char prefix[64]; /* "amphi.<cluster>" */
    char node[ID_TEXT_SIZE];
    natsConnection *out, *in;
    natsSubscription *subscription;
    /* A thread hands over to NATS what anybody publishes, since a socket that is full blocks. */
    pthread_t sender;
    bool running;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t some;
    struct list parcels;
    size_t waiting; /* bytes in parcels */
    uint64_t number;
    bool stopping;
};

/* --- connections --- */

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

/* Where waiting will not help: what the operator wrote is wrong. */
static bool is_final(natsStatus s)
{
    return s == NATS_INVALID_ARG || s == NATS_CONNECTION_AUTH_FAILED || s == NATS_SSL_ERROR ||
           s == NATS_SECURE_CONNECTION_REQUIRED || s == NATS_SECURE_CONNECTION_WANTED ||
           s == NATS_PROTOCOL_ERROR;
}

/* Now, or, where nobody is there, in the background. */
static natsStatus open_connection(struct bus *bus, natsConnection **out)
{
    natsOptions *options = NULL;
    natsStatus s = natsOptions_Create(&options);
    if (s == NATS_OK)
        s = set_options(options, bus);
    if (s == NATS_OK)
        s = natsConnection_Connect(out, options);
    if (s == NATS_OK) {
        metric_add(&meter_connected, 1);
    } else if (!is_final(s)) {
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

/* --- what comes --- */

/* amphi.<cluster>.<to>.<kind>.<node>; false: not one of ours. */
static bool read_subject(const struct bus *bus, const char *subject, char kind[BUS_KIND_MOST + 1],
                         struct id *from)
{
    size_t prefix = strlen(bus->prefix);
    if (strncmp(subject, bus->prefix, prefix) != 0 || subject[prefix] != '.')
        return false;
    const char *to = strchr(subject + prefix + 1, '.');
    const char *name = to ? to + 1 : "", *dot = strchr(name, '.');
    if (!dot || dot - name > BUS_KIND_MOST || !id_parse(dot + 1, from))
        return false;
    memcpy(kind, name, (size_t)(dot - name));
    kind[dot - name] = '\0';
    return true;
}

static void on_message(natsConnection *nc, natsSubscription *sub, natsMsg *msg, void *arg)
{
    (void)nc, (void)sub;
    struct bus *bus = arg;
    char kind[BUS_KIND_MOST + 1];
    const char *data = natsMsg_GetData(msg);
    size_t len = (size_t)natsMsg_GetDataLength(msg);
    struct bus_message m = {.kind = kind};
    if (len < HEADER || len > HEADER + BUS_MESSAGE_MOST ||
        !read_subject(bus, natsMsg_GetSubject(msg), kind, &m.from)) {
        metric_add(&meter_foreign, 1);
    } else if (!id_equal(&m.from, &bus->config.node)) {
        m.number = bytes_get(data, HEADER);
        m.data = data + HEADER;
        m.len = len - HEADER;
        metric_add(&meter_received, 1);
        bus->config.receive(bus->config.arg, &m);
    }
    natsMsg_Destroy(msg);
}

static natsStatus subscribe(struct bus *bus)
{
    char subject[SUBJECT_SIZE];
    snprintf(subject, sizeof subject, "%s.%s.*.*", bus->prefix,
             bus->config.direct ? bus->node : ALL);
    natsStatus s = natsConnection_Subscribe(&bus->subscription, bus->in, subject, on_message, bus);
    if (s == NATS_OK)
        s = natsSubscription_SetPendingLimits(bus->subscription, WAITING_MOST, WAITING_BYTES);
    return s;
}

/* --- what goes --- */

static void send_parcel(struct bus *bus, struct parcel *parcel)
{
    natsStatus s =
        natsConnection_Publish(bus->out, parcel->subject, parcel->data, (int)parcel->len);
    metric_add(s == NATS_OK ? &meter_sent : &meter_unsent, 1);
    free(parcel);
}

static void *send_all(void *arg)
{
    struct bus *bus = arg;
    pthread_mutex_lock(&bus->lock);
    while (!bus->stopping || !list_empty(&bus->parcels)) {
        struct list *node = list_take_first(&bus->parcels);
        if (!node) {
            pthread_cond_wait(&bus->some, &bus->lock);
            continue;
        }
        struct parcel *parcel = container_of(node, struct parcel, node);
        bus->waiting -= parcel->len;
        pthread_mutex_unlock(&bus->lock);
        send_parcel(bus, parcel);
        pthread_mutex_lock(&bus->lock);
    }
    pthread_mutex_unlock(&bus->lock);
    return NULL;
}

static struct parcel *parcel_new(const struct bus *bus, const char *to, const char *kind,
                                 const char *data, size_t len)
{
    struct parcel *parcel = mem_new(sizeof *parcel + HEADER + len);
    snprintf(parcel->subject, sizeof parcel->subject, "%s.%s.%.*s.%s", bus->prefix, to,
             BUS_KIND_MOST, kind, bus->node);
    parcel->len = HEADER + len;
    memcpy(parcel->data + HEADER, data, len);
    return parcel;
}

/* Takes parcel; NULL: it was too large. */
static void queue(struct bus *bus, struct parcel *parcel, size_t most)
{
    pthread_mutex_lock(&bus->lock);
    uint64_t number = ++bus->number; /* also of what is dropped: others see that it is missing */
    bool taken = parcel && bus->waiting + parcel->len <= most;
    if (taken) {
        bytes_put(parcel->data, number, HEADER);
        bus->waiting += parcel->len;
        list_append(&bus->parcels, &parcel->node);
        pthread_cond_signal(&bus->some);
    }
    pthread_mutex_unlock(&bus->lock);
    if (!taken) {
        metric_add(&meter_unsent, 1);
        free(parcel);
    }
}

static size_t waiting_most(const struct bus *bus)
{
    return bus->config.waiting_most ? bus->config.waiting_most : OUT_BYTES;
}

void bus_publish(struct bus *bus, const char *kind, const char *data, size_t len)
{
    queue(bus, len <= BUS_MESSAGE_MOST ? parcel_new(bus, ALL, kind, data, len) : NULL,
          waiting_most(bus));
}

static struct parcel *parcel_to(const struct bus *bus, const struct id *to, const char *kind,
                                const char *data, size_t len)
{
    char node[ID_TEXT_SIZE];
    id_text(to, node);
    return len <= BUS_MESSAGE_MOST ? parcel_new(bus, node, kind, data, len) : NULL;
}

void bus_send(struct bus *bus, const struct id *to, const char *kind, const char *data, size_t len)
{
    queue(bus, parcel_to(bus, to, kind, data, len), waiting_most(bus));
}

void bus_pass(struct bus *bus, const struct id *to, const char *kind, const char *data, size_t len)
{
    queue(bus, parcel_to(bus, to, kind, data, len), OUT_BYTES);
}

/* --- the whole --- */

static void register_meters(void)
{
    metric_register(&meter_sent);
    metric_register(&meter_received);
    metric_register(&meter_unsent);
    metric_register(&meter_foreign);
    metric_register(&meter_connected);
}

static natsStatus connect_both(struct bus *bus)
{
    natsStatus s = open_connection(bus, &bus->out);
    if (s == NATS_OK)
        s = open_connection(bus, &bus->in);
    return s == NATS_OK ? subscribe(bus) : s;
}

struct bus *bus_start(const struct bus_config *config, char *why, size_t why_size)
{
    struct bus *bus = mem_new(sizeof *bus);
    char cluster[ID_TEXT_SIZE];
    register_meters();
    bus->config = *config;
    list_init(&bus->parcels);
    pthread_mutex_init(&bus->lock, NULL);
    pthread_cond_init(&bus->some, NULL);
    snprintf(bus->prefix, sizeof bus->prefix, "amphi.%s", id_text(&config->cluster, cluster));
    id_text(&config->node, bus->node);
    natsStatus s = connect_both(bus);
    bus->running = s == NATS_OK && pthread_create(&bus->sender, NULL, send_all, bus) == 0;
    if (bus->running)
        return bus;
    snprintf(why, why_size, "nats_url: %s", /* the address may hold a password */
             s == NATS_OK ? "no thread" : natsStatus_GetText(s));
    bus_stop(bus);
    bus_library_close();
    bus_free(bus);
    return NULL;
}

static void stop_sender(struct bus *bus)
{
    pthread_mutex_lock(&bus->lock);
    bus->stopping = true;
    pthread_cond_signal(&bus->some);
    pthread_mutex_unlock(&bus->lock);
    if (bus->running)
        pthread_join(bus->sender, NULL);
}

void bus_stop(struct bus *bus)
{
    natsConnection_Close(bus->in);
    stop_sender(bus);
    if (bus->out)
        natsConnection_FlushTimeout(bus->out, WAIT_CLOSED_MS);
    natsConnection_Close(bus->out);
    natsSubscription_Destroy(bus->subscription);
    natsConnection_Destroy(bus->in);
    natsConnection_Destroy(bus->out);
}

void bus_library_close(void)
{
    nats_CloseAndWait(WAIT_CLOSED_MS); /* its threads have called us for the last time */
}

void bus_free(struct bus *bus)
{
    if (!bus)
        return;
    pthread_cond_destroy(&bus->some);
    pthread_mutex_destroy(&bus->lock);
    free(bus);
}
