/* One HTTP/1.1 exchange after the other on a BYTES connection. Replies have a Content-Length and
 * are thrown away as they come. */
#ifndef AMPHI_BENCH_HTTP_H
#define AMPHI_BENCH_HTTP_H

#include "gen.h"

struct exchange {
    char head[2048];             /* of the reply */
    size_t head_len, left, body; /* body: its length */
    int status;                  /* 0: the head is not whole yet */
};

/* Sends GET path with the cookie of the connection, if it has one. */
void http_get(struct gen *g, struct conn *c, struct exchange *x, const char *path);
/* Takes what came. True: the reply is whole, its status tells how it went. */
bool http_received(struct exchange *x, const char *bytes, size_t len);

#endif
