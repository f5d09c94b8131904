/* A live connection that is carried by HTTP requests, for networks that refuse websockets
 * (PROTOCOL.md "Where websockets are refused"). To the rooms it is one like any other. What is for
 * it waits until it is asked for, with a request that is held until there is something: each answer
 * is whole and has its length, so that nothing on the way has a reason to keep it.
 *
 * It belongs to the loop that opened it, which its id names, with its node (carried_far.c);
 * requests come to any and travel there and back. carried.c is the connection, carried_http.c its
 * requests. */
#ifndef AMPHI_NET_CARRIED_H
#define AMPHI_NET_CARRIED_H

#include "net/exchange.h"
#include "net/head.h"
#include "net/parcel.h"

enum carried_kind { CARRIED_OPEN, CARRIED_NEXT, CARRIED_SEND, CARRIED_CLOSE };

/* Owned by its exchange until its body is there, then by whoever it was handed to. */
struct carried_request {
    struct message message;
    struct net_loop *from, *to; /* of the exchange; of the connection */
    uint64_t conn;              /* the exchange's */
    char request_id[ID_TEXT_SIZE];
    enum carried_kind kind;
    struct id connection;
    struct sign_ins sign_ins;
    char *body;
    struct parcel parcel; /* in body */
    /* passed on between nodes: carried_far.c */
    struct id request; /* the one that waits for an answer, and where */
    struct timer timer;
    int64_t until_us;
    bool asked;      /* its node was known */
    struct buf come; /* of the answer */
    bool far;        /* another node's, and whose: */
    struct id asker;
    uint8_t asker_loop;
    /* the reply */
    int status;
    const char *code; /* of a problem; NULL: none */
    bool signed_in;   /* not a stranger's */
    struct payload *bytes;
};

/* --- carried.c, on the loop of the connection --- */
static inline bool carried_is(uint64_t handle)
{
    return handle & HANDLE_CARRIED;
}
void carried_send(struct net_loop *l, uint64_t handle, enum frame_class class, uint64_t key,
                  struct payload *frame);
void carried_shut(struct net_loop *l, uint64_t handle, uint16_t code, const char *reason);
bool carried_signed_in(struct net_loop *l, uint64_t handle, const struct id *person);
/* For a request from this loop: its id. False: there are as many as may be. */
bool carried_open(struct net_loop *l, const struct id *address, const struct greeting *greeting,
                  struct id *id);
/* Takes the request, whose connection is on this loop, and replies: at once, or later. */
void carried_take(struct carried_request *r);
void carried_flush(struct net_loop *l);
void carried_end_all(struct net_loop *l);

/* --- carried_http.c; what exchanges call is in exchange.h --- */
void carried_reply(struct carried_request *r, int status, const char *code); /* takes it */
void carried_post(struct carried_request *r); /* to its loop, from any thread; takes it */

/* --- carried_far.c: requests that came to another node than their connection's. They are passed on
 * to it, and its answer comes back; nothing of the connection is kept. A message that is lost costs
 * time alone: the client repeats its request, which bears a number. --- */
/* The connection's loop is byte 0 of its id, its node those after it. */
bool carried_is_here(const struct net_loop *l, const struct id *connection);
void carried_mark(const struct net_loop *l, struct id *connection);
/* Loop of the exchange, which waits: takes r, whose connection is on another node. */
void carried_pass_on(struct carried_request *r);
/* Loop of the connection: what a request that another node passed on is answered. Takes it. */
void carried_answer_far(struct carried_request *r);
void carried_forget_far(struct net_loop *l); /* those that wait, at the end */

#endif
