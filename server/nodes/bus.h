/* What carries messages between the nodes of a cluster: core NATS, at most once. Nothing depends on
 * a message: what was lost is noticed by its number (nodes/peers.h) and read from the database. Two
 * connections, one that publishes and one that subscribes, so that a burst of what comes in never
 * holds up what goes out. */
#ifndef AMPHI_NODES_BUS_H
#define AMPHI_NODES_BUS_H

#include "base/id.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BUS_MESSAGE_MOST (512 * 1024) /* bytes; NATS takes 1 MB unless it is told otherwise */
#define BUS_KIND_MOST    16           /* characters of a kind */

struct bus;

struct bus_message {
    struct id from;
    uint64_t number; /* from 1, without a gap, of this node's run */
    const char *kind;
    const char *data;
    size_t len;
};

struct bus_config {
    const char *url; /* nats://host:4222, tls://…, several with commas; may hold name and password
                      */
    const char *ca;  /* PEM file of who may vouch for a tls:// server; "": the machine's */
    struct id cluster, node;
    bool direct;         /* hears what is sent to this node alone, else what is sent to all */
    size_t waiting_most; /* bytes that wait to be sent; more is dropped. 0: a good measure */
    /* On a thread of the bus: one message of another node, and: the subscription is there (again),
     * what was sent meanwhile was not heard (NULL: nobody minds). */
    void (*receive)(void *arg, const struct bus_message *message);
    void (*connected)(void *arg);
    void *arg;
};

/* A NATS that is away is waited for in the background. NULL with one line in why where waiting
 * would not help: a malformed address, refused credentials, TLS. */
struct bus *bus_start(const struct bus_config *config, char *why, size_t why_size);
/* Sends what waits and closes both connections. */
void bus_stop(struct bus *bus);
/* After the last bus has stopped: nothing is received once this returns. */
void bus_library_close(void);
void bus_free(struct bus *bus); /* after that; NULL is allowed */
/* Any thread; never blocks for long. Without NATS the message is lost, and counted: others will see
 * the gap. kind: lower-case letters. */
void bus_publish(struct bus *bus, const char *kind, const char *data, size_t len);
/* The same to one node's direct bus. */
void bus_send(struct bus *bus, const struct id *to, const char *kind, const char *data, size_t len);
/* The same of what is to come: it waits behind as much as what is sent to all. */
void bus_pass(struct bus *bus, const struct id *to, const char *kind, const char *data, size_t len);

/* Whether both connections are there at this moment. */
bool bus_is_connected(const struct bus *bus);
/* Says in the log why a connection is not there. */
void bus_complain(const struct bus *bus);

#endif
