/* Which other nodes are heard, and whether all that they sent came. Messages of each node are
 * numbered, and each says something once a second at least (NODE_BEAT_US), so a lost one is noticed
 * by the next. Plain memory, the clock passed in; one owner at a time. */
#ifndef AMPHI_NODES_PEERS_H
#define AMPHI_NODES_PEERS_H

#include "base/clock.h"
#include "base/id.h"
#include "base/map.h"
#include "nodes/times.h"
#include <stdbool.h>
#include <stdint.h>

#define NODES_MOST 256

/* What a node says of its connections to NATS. */
enum peer_bus { PEER_BUS_UNSAID, PEER_BUS_NONE, PEER_BUS_BROKEN, PEER_BUS_WHOLE };

struct peer {
    struct id id;
    uint64_t last;     /* number of its last message; 0: none yet */
    int64_t heard_at;  /* monotonic us; 0: never */
    int64_t leased_at; /* monotonic us when its lease was last renewed, as the database says */
    int64_t lease;     /* that lease itself: its own wall clock, Unix us */
    int64_t since;     /* monotonic us when it was first listed */
    enum peer_bus bus; /* as it says itself, in its row */
    bool listed;       /* the database has it running */
    bool away;         /* was said to be away */
};

/* A node as the database lists it. */
struct peer_row {
    struct id id;
    int64_t lease, age; /* age: us since the lease was renewed */
    enum peer_bus bus;
    bool older; /* it began before this run */
};

struct peers {
    struct map by_id; /* → struct peer */
    bool lost;        /* something was missed since it was last asked */
};

void peers_init(struct peers *peers);
void peers_release(struct peers *peers);
/* A message came. False: it came before, or after others that were sent later: pass it over. */
bool peers_heard(struct peers *peers, const struct id *from, uint64_t number, int64_t now);
/* The database lists the nodes that run: begin, each, end. What is not listed any more is
 * forgotten; gone (may be NULL) is told of it, and of those that are away, at each listing. */
typedef void peer_gone(void *arg, const struct id *node, int64_t lease);
void peers_list_begin(struct peers *peers);
void peers_list(struct peers *peers, const struct peer_row *row, int64_t now);
void peers_list_end(struct peers *peers, int64_t now, peer_gone *gone, void *arg);
/* True when something may have been missed since this was last asked: a gap in the numbers, or a
 * node that lives and is not heard. */
bool peers_missed(struct peers *peers, int64_t now);
/* How many live as another cluster would: on this database, and not heard for 10 s. connected: this
 * node has its connections to NATS, and hears who has theirs; without a NATS it hears nobody. */
size_t peers_apart(const struct peers *peers, bool with_bus, bool connected, int64_t now);
bool peers_is_heard(const struct peers *peers, const struct id *id); /* it ever was */
/* One that lives, and whose id begins so. */
bool peers_find(const struct peers *peers, const uint8_t *mark, size_t size, struct id *out);
size_t peers_count(const struct peers *peers); /* that live */

#endif
