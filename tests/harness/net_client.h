/* A raw HTTP and websocket client for tests: it sends exactly the bytes it is told, well formed or
 * not. Everything has a time limit and fails the test with a message when it is passed. */
#ifndef AMPHI_TESTS_NET_CLIENT_H
#define AMPHI_TESTS_NET_CLIENT_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLIENT_LIMIT_MS 5000

struct peer {
    int fd;
    SSL_CTX *ctx;
    SSL *ssl;
    char *in; /* received, not consumed */
    size_t len, cap;
    bool ended; /* the server closed, or reset */
};

struct answer {
    int status;
    char head[16384]; /* status line and headers */
    char *body;       /* NUL-terminated */
    size_t body_len;
    bool whole; /* Content-Length was met, or the last chunk came */
};

void peer_open(struct peer *c, int port, bool tls);
/* alpn in wire form ("\x02h2"), or NULL. False when the handshake fails. */
bool peer_open_tls(struct peer *c, int port, const char *alpn, size_t alpn_len);
/* TLS on a connection that was opened plain, with a context of the caller's and a session to
 * resume, or NULL for both. False when the handshake fails. */
bool peer_begin_tls(struct peer *c, SSL_CTX *ctx, SSL_SESSION *session);
void peer_close(struct peer *c);
void peer_send(struct peer *c, const void *bytes, size_t len);
void peer_sends(struct peer *c, const char *text);
/* Like peer_send, but says false when the server is gone. */
bool peer_try_send(struct peer *c, const void *bytes, size_t len);
/* Receives until something came or the server ended; false at the end. */
bool peer_more(struct peer *c, int limit_ms);
/* True when the server ends within the limit; what it sends meanwhile is dropped. */
bool peer_ends(struct peer *c, int limit_ms);

void peer_answer(struct peer *c, struct answer *a); /* of a GET and the like */
void peer_answer_head(struct peer *c, struct answer *a, bool no_body);
void answer_free(struct answer *a);
/* The value in a static buffer, or NULL. */
const char *answer_header(const struct answer *a, const char *name);
/* One request on a connection of its own. head: everything after the request line, with \r\n each;
 * Host is added. */
void peer_ask(int port, bool tls, const char *line, const char *head, const char *body,
              struct answer *a);

/* --- websocket --- */
enum { WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };
/* Sends the handshake with the given origin and further headers; the answer's status. */
int peer_upgrade(struct peer *c, int port, const char *origin, const char *headers);
/* The same, of another path. */
int peer_upgrade_at(struct peer *c, const char *path, int port, const char *origin,
                    const char *headers);
void ws_send(struct peer *c, int opcode, const void *bytes, size_t len);
void ws_send_raw(struct peer *c, int first_byte, const void *bytes, size_t len, bool masked);
/* The next frame whatever it is; false at the end. Its payload is malloc'd and NUL-terminated. */
bool ws_read(struct peer *c, int *opcode, char **payload, size_t *len, int limit_ms);
/* Skips other frames until a close frame; its code, 1005 without one, 1006 at a bare end. */
int ws_close_code(struct peer *c, int limit_ms);

int64_t test_now_ms(void);
/* An ECDSA P-256 key and a certificate for localhost, written as PEM files. */
void test_certificate(const char *certificate, const char *key);

#endif
