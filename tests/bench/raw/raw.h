/* The limit: what the kernel and OpenSSL allow a websocket server that does nothing else. One epoll
 * loop; an event is framed once and goes out with one send() or SSL_write() a client. TLS as amphi
 * has it: 1.3, X25519, AES-128-GCM first, one ticket, RELEASE_BUFFERS.
 *
 * A text or binary frame on /pub is sent to every client on /live. A text {"id":N,…} on /live is
 * answered {"id":N,"ok":{}}. With --ping-ms each client on /live is pinged once a period, spread
 * over it, as amphi does. */
#ifndef AMPHI_BENCH_RAW_H
#define AMPHI_BENCH_RAW_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum stage { CLOSED, TLS, HEAD, MEMBER, PUBLISHER };

struct peer {
    int fd;
    SSL *ssl;
    enum stage stage;
    bool armed;             /* EPOLLOUT */
    unsigned char *rx, *tx; /* only while a frame is incomplete, or the kernel took a part */
    size_t rx_len, tx_len;
};

struct raw {
    int epoll, listener, port, ping_ms;
    const char *certificate, *key; /* NULL: plain */
    SSL_CTX *tls;
    struct peer *clients; /* by descriptor */
    int highest;
    int pinged; /* the descriptor up to which this round of pings has come */
    int64_t round_us;
};

/* --- raw.c --- */
void peer_close(struct raw *r, struct peer *c);
void peer_send(struct raw *r, struct peer *c, const void *bytes, size_t len);
/* --- wire.c --- */
/* Takes what can be taken from the bytes; how many were used. The client may be closed afterwards.
 */
size_t wire_received(struct raw *r, struct peer *c, unsigned char *bytes, size_t len);
size_t wire_frame(unsigned char *out, int op, const void *body, size_t len); /* 14 + len bytes */

#endif
