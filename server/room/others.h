/* The people of a session whose connections other nodes hold: each node knows all of a session's
 * spans, its own as they happen and those of others as they were written. A span is told when it
 * has begun and when it has ended; what is told twice, or read again, changes nothing. */
#ifndef AMPHI_ROOM_OTHERS_H
#define AMPHI_ROOM_OTHERS_H

#include "base/err.h"
#include "base/id.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct app;
struct db_conn;
struct room;

struct other {
    struct id span, node, person; /* person: the registration, of staff the account */
    bool staff;
    int64_t joined_at;        /* Unix us */
    int64_t left_at, gone_at; /* 0: still there; see struct departure */
    bool on_purpose;
    bool presumed; /* left_at is where its node was heard last: it may be back */
};

#define OTHERS_NODES_MOST 64

/* A span of this node was written: the other nodes are told, at the turn's end. session: the
 * room's, or the one that was left to come here. Home loop. */
void others_tell(struct room *room, const struct id *session, const struct other *span);

/* Whether a connection of the person at another node is in the session. Home loop. */
bool others_have(const struct room *room, const struct id *person);

/* What is to be read: all that are still there on nodes that run and what was known to be gone
 * after `gone`; or, where xid is not 0, only what transactions from it on wrote, and who is on the
 * nodes named. */
struct others_range {
    int64_t gone; /* Unix us */
    int64_t xid;
    struct id nodes[OTHERS_NODES_MOST];
    size_t nodes_n;
};

/* Those of a session, as the database has them. Who is on a node that is away has left it at its
 * lease, as is presumed. Worker. From malloc(). */
enum err others_read(struct db_conn *c, const struct id *session, const struct others_range *range,
                     struct other **rows, size_t *n) MUST_CHECK;

#endif
