/* A raw HTTP and websocket client for tests: it sends exactly the bytes it is told, well formed or
 * not. Everything has a time limit and fails the test with a message when it is passed. */
#ifndef AMPHI_TESTS_NET_CLIENT_H
#define AMPHI_TESTS_NET_CLIENT_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLIENT_LIMIT_MS 5000

struct client {
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

void client_open(struct client *c, int port, bool tls);
/* alpn in wire form ("\x02h2"), or NULL. False when the handshake fails. */
bool client_open_tls(struct client *c, int port, const char *alpn, size_t alpn_len);
/* TLS on a connection that was opened plain, with a context of the caller's and a session to
 * resume, or NULL for both. False when the handshake fails. */
bool client_begin_tls(struct client *c, SSL_CTX *ctx, SSL_SESSION *session);
void client_close(struct client *c);
void client_send(struct client *c, const void *bytes, size_t len);
void client_sends(struct client *c, const char *text);
/* Like client_send, but says false when the server is gone. */
bool client_try_send(struct client *c, const void *bytes, size_t len);
/* Receives until something came or the server ended; false at the end. */
bool client_more(struct client *c, int limit_ms);
/* True when the server ends within the limit; what it sends meanwhile is dropped. */
bool client_ends(struct client *c, int limit_ms);

void client_answer(struct client *c, struct answer *a); /* of a GET and the like */
void client_answer_head(struct client *c, struct answer *a, bool no_body);
void answer_free(struct answer *a);
/* The value in a static buffer, or NULL. */
const char *answer_header(const struct answer *a, const char *name);
/* One request on a connection of its own. head: everything after the request line, with \r\n each;
 * Host is added. */
void client_ask(int port, bool tls, const char *line, const char *head, const char *body,
                struct answer *a);

/* --- websocket --- */
enum { WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };
/* Sends the handshake with the given origin and further headers; the answer's status. */
int client_upgrade(struct client *c, int port, const char *origin, const char *headers);
void ws_send(struct client *c, int opcode, const void *bytes, size_t len);
void ws_send_raw(struct client *c, int first_byte, const void *bytes, size_t len, bool masked);
/* The next frame whatever it is; false at the end. Its payload is malloc'd and NUL-terminated. */
bool ws_read(struct client *c, int *opcode, char **payload, size_t *len, int limit_ms);
/* Skips other frames until a close frame; its code, 1005 without one, 1006 at a bare end. */
int ws_close_code(struct client *c, int limit_ms);

int64_t test_now_ms(void);
/* An ECDSA P-256 key and a certificate for localhost, written as PEM files. */
void test_certificate(const char *certificate, const char *key);

#endif
