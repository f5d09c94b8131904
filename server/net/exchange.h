/* One HTTP request on its way in and its reply on its way out. exchange.c reads, respond.c writes.
 * Private to those two and routes of its own in local.c. */
#ifndef AMPHI_NET_EXCHANGE_H
#define AMPHI_NET_EXCHANGE_H

#include "net/file_reader.h"
#include "net/internal.h"

/* ADMITTING: a worker decides whether the body is wanted; what came of it already is kept. */
enum stage { ADMITTING, READING, WORKING, SENDING, LINGERING };

struct exchange {
    struct conn *conn;
    enum stage stage;
    const char *method, *pattern; /* for the log; never the path itself */
    char request_id[ID_TEXT_SIZE];
    int64_t began_us;
    bool must_close;
    bool body_ended;
    bool unlogged;
    bool overrun; /* more than the body came for it: see exchange_body() */

    /* the body */
    uint64_t body_size, body_have, discarded;
    char *body;
    struct spool *spool;
    bool paused;
    int repeats; /* of the body's end, by lws, when more follows it */

    struct http_wire *wire;
    struct carried_request *carried; /* until its body is there: carried.h */

    /* the reply */
    int status;
    struct buf head;
    bool head_sent, finished;
    struct payload *bytes;    /* NULL: none, or a file */
    size_t sent;              /* of them */
    struct file_reader *file; /* NULL: none */
    bool waits_for_disk;
    struct list node; /* loop's sending list */
    int64_t moved_us;
    uint64_t given; /* bytes of the reply that lws took; and, of a window of stall_ms, its begin: */
    int64_t window_us;
    uint64_t window_had;
};

struct reply {
    int status;
    const char *content_type;  /* NULL: none */
    const char *cache_control; /* NULL: no-store */
    const char *etag;          /* NULL or "": none */
    const char *headers;       /* more of them, each with \r\n; NULL: none */
    struct payload *bytes;     /* taken; NULL: none */
    struct file_reader *file;  /* taken; NULL: none */
};

void respond(struct exchange *ex, const struct reply *reply);
/* A problem found before any handler. close: the rest of the request is not wanted. */
void respond_problem(struct exchange *ex, int status, const char *code, const char *detail,
                     bool close);
void respond_wire(struct exchange *ex);
/* The reply can go on being written. */
void respond_wake(struct exchange *ex);
/* Its request is there: it waits for whoever replies. */
void exchange_waits(struct exchange *ex);
/* Requests that no handler is needed for: health, metrics, web pages. False: not one of them. */
struct head;
bool local_reply(struct exchange *ex, const struct head *h);
void local_metrics(struct exchange *ex, const struct head *h);
/* Requests that carry a live connection (carried.h). False: not one of them. */
bool carried_begin(struct exchange *ex, const struct head *h);
void carried_body(struct exchange *ex); /* it is there */
void carried_request_free(struct carried_request *r);

static inline bool is_get(const struct exchange *ex)
{
    return strcmp(ex->method, "GET") == 0 || strcmp(ex->method, "HEAD") == 0;
}

#endif
