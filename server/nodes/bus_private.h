/* What the files of the bus share: what is sent and received (bus.c), the connections to NATS
 * (bus_connect.c). */
#ifndef AMPHI_NODES_BUS_PRIVATE_H
#define AMPHI_NODES_BUS_PRIVATE_H

#include "base/list.h"
#include "nodes/bus.h"
#include <nats/nats.h>
#include <pthread.h>

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

/* bus_connect.c: opens one connection now, or, where nobody is there, in the background. What
 * waiting would not help is an error. */
natsStatus bus_open_connection(struct bus *bus, natsConnection **out);
/* The line for the operator. s NATS_OK: there was no thread. */
void bus_say_why(natsStatus s, char *why, size_t why_size);
void bus_register_connections(void);

#endif
