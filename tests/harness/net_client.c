#include "harness/net_client.h"
#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

int64_t test_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void open_tcp(struct peer *c, int port)
{
    *c = (struct peer){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ck_assert_msg(connect(c->fd, (struct sockaddr *)&at, sizeof at) == 0, "connect: %s",
                  strerror(errno));
    struct timeval limit = {.tv_sec = CLIENT_LIMIT_MS / 1000};
    setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
}

/* A newer libuv gives its loops io_uring. The ring belongs to the thread that made the loop, which
 * here is the test's own, and interrupts that one's calls; with a time limit set on the socket the
 * kernel does not resume them. */
static bool interrupted(ssize_t result)
{
    return result <= 0 && errno == EINTR;
}

static bool handshake(struct peer *c)
{
    int rc;
    do {
        errno = 0;
        rc = SSL_connect(c->ssl);
    } while (interrupted(rc));
    return rc == 1;
}

static void prepare_tls(struct peer *c, SSL_CTX *ctx)
{
    if (ctx)
        SSL_CTX_up_ref(ctx);
    c->ctx = ctx ? ctx : SSL_CTX_new(TLS_client_method());
    c->ssl = SSL_new(c->ctx);
    SSL_set_fd(c->ssl, c->fd);
}

bool peer_begin_tls(struct peer *c, SSL_CTX *ctx, SSL_SESSION *session)
{
    prepare_tls(c, ctx);
    if (session)
        SSL_set_session(c->ssl, session);
    return handshake(c);
}

bool peer_open_tls(struct peer *c, int port, const char *alpn, size_t alpn_len)
{
    open_tcp(c, port);
    prepare_tls(c, NULL);
    if (alpn)
        SSL_set_alpn_protos(c->ssl, (const unsigned char *)alpn, (unsigned)alpn_len);
    return handshake(c);
}

void peer_open(struct peer *c, int port, bool tls)
{
    if (tls)
        ck_assert_msg(peer_open_tls(c, port, NULL, 0), "TLS handshake failed");
    else
        open_tcp(c, port);
}

void peer_close(struct peer *c)
{
    SSL_free(c->ssl);
    SSL_CTX_free(c->ctx);
    if (c->fd >= 0)
        close(c->fd);
    free(c->in);
    *c = (struct peer){.fd = -1};
}

bool peer_try_send(struct peer *c, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len) {
        errno = 0;
        ssize_t n = c->ssl ? SSL_write(c->ssl, at, (int)len) : send(c->fd, at, len, MSG_NOSIGNAL);
        if (interrupted(n))
            continue;
        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

void peer_send(struct peer *c, const void *bytes, size_t len)
{
    ck_assert_msg(peer_try_send(c, bytes, len), "send: %s", strerror(errno));
}

void peer_sends(struct peer *c, const char *text)
{
    peer_send(c, text, strlen(text));
}

bool peer_more(struct peer *c, int limit_ms)
{
    if (c->ended)
        return false;
    if (c->cap - c->len < 65536) {
        c->cap = c->cap ? 2 * c->cap : 131072;
        c->in = realloc(c->in, c->cap);
    }
    if (!c->ssl || !SSL_pending(c->ssl)) {
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        int n;
        do
            n = poll(&p, 1, limit_ms);
        while (n < 0 && errno == EINTR);
        ck_assert_msg(n > 0, "nothing came within %d ms", limit_ms);
    }
    ssize_t n;
    do {
        errno = 0;
        n = c->ssl ? SSL_read(c->ssl, c->in + c->len, 65536)
                   : recv(c->fd, c->in + c->len, 65536, 0);
    } while (interrupted(n));
    if (n <= 0) {
        c->ended = true;
        return false;
    }
    c->len += (size_t)n;
    return true;
}

bool peer_ends(struct peer *c, int limit_ms)
{
    int64_t until = test_now_ms() + limit_ms;
    while (!c->ended) {
        int64_t left = until - test_now_ms();
        struct pollfd p = {.fd = c->fd, .events = POLLIN};
        if (left <= 0 || poll(&p, 1, (int)left) == 0)
            return false;
        peer_more(c, (int)left);
        c->len = 0;
    }
    return true;
}

static void consume(struct peer *c, size_t n)
{
    memmove(c->in, c->in + n, c->len - n);
    c->len -= n;
}

const char *answer_header(const struct answer *a, const char *name)
{
    static char value[8192];
    char want[256];
    snprintf(want, sizeof want, "\r\n%s:", name);
    const char *at = strcasestr(a->head, want);
    if (!at)
        return NULL;
    at += strlen(want);
    at += strspn(at, " ");
    size_t len = strcspn(at, "\r");
    snprintf(value, sizeof value, "%.*s", (int)len, at);
    return value;
}

static void read_length(struct peer *c, struct answer *a, size_t length)
{
    while (c->len < length && peer_more(c, CLIENT_LIMIT_MS))
        ;
    a->body_len = c->len < length ? c->len : length;
    a->whole = a->body_len == length;
    a->body = malloc(a->body_len + 1);
    memcpy(a->body, c->in, a->body_len);
    a->body[a->body_len] = '\0';
    consume(c, a->body_len);
}

static bool read_line(struct peer *c, char *out, size_t size)
{
    char *end;
    while (!(end = c->len ? memmem(c->in, c->len, "\r\n", 2) : NULL))
        if (!peer_more(c, CLIENT_LIMIT_MS))
            return false;
    snprintf(out, size, "%.*s", (int)(end - c->in), c->in);
    consume(c, (size_t)(end - c->in) + 2);
    return true;
}

static void read_chunks(struct peer *c, struct answer *a)
{
    char line[64];
    a->body = calloc(1, 1);
    while (read_line(c, line, sizeof line)) {
        size_t n = strtoul(line, NULL, 16);
        while (c->len < n + 2)
            if (!peer_more(c, CLIENT_LIMIT_MS))
                return;
        ck_assert(memcmp(c->in + n, "\r\n", 2) == 0);
        a->body = realloc(a->body, a->body_len + n + 1);
        memcpy(a->body + a->body_len, c->in, n);
        a->body_len += n;
        a->body[a->body_len] = '\0';
        consume(c, n + 2);
        if (n == 0) {
            a->whole = true;
            return;
        }
    }
}

void peer_answer_head(struct peer *c, struct answer *a, bool no_body)
{
    memset(a, 0, sizeof *a);
    char *end;
    while (!(end = c->len ? memmem(c->in, c->len, "\r\n\r\n", 4) : NULL))
        if (!peer_more(c, CLIENT_LIMIT_MS))
            return; /* status 0: closed without an answer */
    size_t len = (size_t)(end - c->in) + 4;
    ck_assert_uint_lt(len, sizeof a->head);
    memcpy(a->head, c->in, len);
    consume(c, len);
    ck_assert_int_eq(sscanf(a->head, "HTTP/1.%*d %d", &a->status), 1);
    const char *length = answer_header(a, "Content-Length");
    if (no_body || a->status == 204 || a->status == 304 || a->status < 200)
        a->whole = true;
    else if (length)
        read_length(c, a, strtoul(length, NULL, 10));
    else if (answer_header(a, "Transfer-Encoding"))
        read_chunks(c, a);
}

void peer_answer(struct peer *c, struct answer *a)
{
    peer_answer_head(c, a, false);
}

void answer_free(struct answer *a)
{
    free(a->body);
    a->body = NULL;
}

void peer_ask(int port, bool tls, const char *line, const char *head, const char *body,
              struct answer *a)
{
    struct peer c;
    char text[32768];
    peer_open(&c, port, tls);
    snprintf(text, sizeof text, "%s HTTP/1.1\r\nHost: localhost:%d\r\n%s\r\n%s", line, port, head,
             body);
    peer_sends(&c, text);
    peer_answer_head(&c, a, strncmp(line, "HEAD", 4) == 0);
    peer_close(&c);
}

int peer_upgrade(struct peer *c, int port, const char *origin, const char *headers)
{
    return peer_upgrade_at(c, "/live", port, origin, headers);
}

int peer_upgrade_at(struct peer *c, const char *path, int port, const char *origin,
                    const char *headers)
{
    char text[16384];
    struct answer a;
    snprintf(text, sizeof text,
             "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\n"
             "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s%s\r\n",
             path, port, origin ? "Origin: " : "", origin ? origin : "", origin ? "\r\n" : "",
             headers);
    peer_sends(c, text);
    peer_answer(c, &a);
    if (a.status == 101)
        ck_assert_str_eq(answer_header(&a, "Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    answer_free(&a);
    return a.status;
}

void ws_send_raw(struct peer *c, int first_byte, const void *bytes, size_t len, bool masked)
{
    static const unsigned char mask[4] = {0x12, 0x34, 0x56, 0x78};
    unsigned char *out = malloc(len + 14);
    size_t n = 0, mask_bit = masked ? 0x80 : 0;
    out[n++] = (unsigned char)first_byte;
    if (len < 126) {
        out[n++] = (unsigned char)(mask_bit | len);
    } else if (len < 65536) {
        out[n++] = (unsigned char)(mask_bit | 126);
        out[n++] = (unsigned char)(len >> 8);
        out[n++] = (unsigned char)len;
    } else {
        out[n++] = (unsigned char)(mask_bit | 127);
        for (int shift = 56; shift >= 0; shift -= 8)
            out[n++] = (unsigned char)((uint64_t)len >> shift);
    }
    if (masked) {
        memcpy(out + n, mask, 4);
        n += 4;
    }
    for (size_t i = 0; i < len; i++)
        out[n++] = ((const unsigned char *)bytes)[i] ^ (masked ? mask[i % 4] : 0);
    peer_try_send(c, out, n);
    free(out);
}

void ws_send(struct peer *c, int opcode, const void *bytes, size_t len)
{
    ws_send_raw(c, 0x80 | opcode, bytes, len, true);
}

static bool have(struct peer *c, size_t n, int limit_ms)
{
    while (c->len < n)
        if (!peer_more(c, limit_ms))
            return false;
    return true;
}

bool ws_read(struct peer *c, int *opcode, char **payload, size_t *len, int limit_ms)
{
    if (!have(c, 2, limit_ms))
        return false;
    const unsigned char *b = (const unsigned char *)c->in;
    size_t n = b[1] & 0x7f, head = n < 126 ? 2 : n == 126 ? 4 : 10;
    ck_assert_msg((b[0] & 0x70) == 0 && !(b[1] & 0x80), "broken framing: %02x %02x", b[0], b[1]);
    if (!have(c, head, limit_ms))
        return false;
    b = (const unsigned char *)c->in;
    if (head > 2) {
        n = 0;
        for (size_t i = 2; i < head; i++)
            n = n << 8 | b[i];
    }
    ck_assert_msg(n < 64 * 1024 * 1024, "broken framing: a frame of %zu bytes", n);
    *opcode = b[0] & 0xf;
    if (!have(c, head + n, limit_ms))
        return false;
    *payload = malloc(n + 1);
    memcpy(*payload, c->in + head, n);
    (*payload)[n] = '\0';
    *len = n;
    consume(c, head + n);
    return true;
}

int ws_close_code(struct peer *c, int limit_ms)
{
    int opcode = 0, code = 1006;
    char *payload;
    size_t len;
    while (opcode != WS_CLOSE && ws_read(c, &opcode, &payload, &len, limit_ms)) {
        if (opcode == WS_CLOSE)
            code = len < 2 ? 1005 : (unsigned char)payload[0] << 8 | (unsigned char)payload[1];
        free(payload);
    }
    return code;
}

static void set_names(X509 *x)
{
    X509_NAME *name = X509_get_subject_name(x);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1,
                               0);
    X509_set_issuer_name(x, name);
    X509_EXTENSION *san = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:localhost");
    X509_add_ext(x, san, -1);
    X509_EXTENSION_free(san);
}

void test_certificate(const char *certificate, const char *key)
{
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), (long)time(NULL));
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 86400);
    X509_set_pubkey(x, pair);
    set_names(x);
    ck_assert(X509_sign(x, pair, EVP_sha256()) > 0);
    FILE *f = fopen(certificate, "w");
    ck_assert_ptr_nonnull(f);
    PEM_write_X509(f, x);
    fclose(f);
    f = fopen(key, "w");
    ck_assert_ptr_nonnull(f);
    PEM_write_PrivateKey(f, pair, NULL, NULL, 0, NULL, NULL);
    fclose(f);
    X509_free(x);
    EVP_PKEY_free(pair);
}
