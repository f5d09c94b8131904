/* NATS in this process's memory: what the bus calls of libnats, without sockets. Each publish hands
 * the message to every subscription that wants it, on the publisher's thread, and counts. */
#ifndef AMPHI_BENCH_NODES_SIM_NATS_H
#define AMPHI_BENCH_NODES_SIM_NATS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Of the protocol: "MSG subject sid size\r\n…\r\n". */
#define SIM_FRAME_BYTES 20

struct sim_count {
    _Atomic uint64_t messages, bytes;
};

extern struct sim_count sim_published, sim_delivered; /* of all nodes */
/* Of each publish: whether the n-th subscription gets it. NULL: all do. */
extern bool (*sim_lose)(int subscription);

#endif
