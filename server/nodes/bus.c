#include "base/bytes.h"
#include "base/list.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "nodes/bus_private.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* On its way to NATS. */
struct parcel {
    struct list node;
    char subject[SUBJECT_SIZE];
    size_t len;
    char data[];
};

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
    bus_register_connections();
}

static natsStatus connect_both(struct bus *bus)
{
    natsStatus s = bus_open_connection(bus, &bus->out);
    if (s == NATS_OK)
        s = bus_open_connection(bus, &bus->in);
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
    bus_say_why(s, why, why_size);
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
