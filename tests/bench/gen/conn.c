/* Sockets and TLS of the clients. Each fifty have a source address of its own in 127/8, so that
 * neither ports nor what a server allows an address run out. */
#include "gen.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define PER_ADDRESS 50
#define READ_SIZE   (256 * 1024)
#define THIN_MS     20   /* between two reads of a thin line */
#define THIN_BUFFER 4096 /* of its receiver in the kernel: what is on such a line at once */

bool target_tls(struct gen *g)
{
    if (!g->tls) {
        g->tls = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_min_proto_version(g->tls, TLS1_3_VERSION);
        SSL_CTX_set_mode(g->tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                     SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSL_CTX_set_session_cache_mode(g->tls, SSL_SESS_CACHE_OFF);
        SSL_CTX_set1_groups_list(g->tls, "X25519");
        SSL_CTX_set_read_ahead(g->tls, 1); /* one recv a record instead of two */
    }
    return g->tls != NULL;
}

bool conns_reserve(struct gen *g, size_t more)
{
    if (g->count + more <= g->cap)
        return true;
    struct conn *grown = realloc(g->conns, (g->count + more) * sizeof *grown);
    if (!grown)
        return false;
    g->conns = grown;
    g->cap = g->count + more;
    return true;
}

static void conn_init(struct gen *g, struct conn *c, uint32_t slot, enum speaks speaks)
{
    memset(c, 0, sizeof *c);
    c->slot = slot;
    c->fd = -1;
    c->speaks = speaks;
    c->port = g->target.port;
    c->next_id = 1;
}

/* After conns_reserve(). */
struct conn *conn_take(struct gen *g, enum speaks speaks)
{
    struct conn *c = &g->conns[g->count];
    conn_init(g, c, (uint32_t)g->count++, speaks);
    return c;
}

void conn_renew(struct gen *g, struct conn *c)
{
    conn_init(g, c, c->slot, g->target.speaks);
}

static void watch(struct gen *g, struct conn *c, int op, bool write)
{
    struct epoll_event e = {.events = (c->rest_until ? 0 : EPOLLIN) | (write ? EPOLLOUT : 0),
                            .data.u64 = c->slot};
    c->want_write = write;
    epoll_ctl(g->epoll, op, c->fd, &e);
}

void conn_close(struct gen *g, struct conn *c)
{
    if (c->state == FREE)
        return;
    if (c->state == READY) {
        g->ready--;
        g->members -= c->member;
    }
    c->state = FREE;
    SSL_free(c->ssl);
    c->ssl = NULL;
    SSL_SESSION_free(c->resume);
    c->resume = NULL;
    if (c->fd >= 0)
        close(c->fd);
    c->fd = -1;
    bytes_free(&c->rx);
    bytes_free(&c->tx);
    free(c->cookie);
    c->cookie = NULL;
}

void conn_fail(struct gen *g, struct conn *c, const char *why)
{
    if (c->state == FREE)
        return;
    gen_fault(g, "connection %u in state %d: %s", c->slot, c->state, why);
    g->closed_by_peer++;
    conn_close(g, c);
    if (g->phase && g->phase->closed)
        g->phase->closed(g, c);
}

void conn_ready(struct gen *g, struct conn *c)
{
    c->state = READY;
    g->ready++;
    g->members += c->member;
    if (g->phase && g->phase->opened)
        g->phase->opened(g, c);
}

void conn_open(struct gen *g, struct conn *c)
{
    uint32_t address = c->slot / PER_ADDRESS;
    struct sockaddr_in from = {.sin_family = AF_INET,
                               .sin_addr.s_addr =
                                   htonl(0x7f010001 + (address / 250 << 8) + address % 250)};
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)c->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1, thin = THIN_BUFFER;
    c->state = CONNECTING;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd >= 0) {
        setsockopt(c->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
        setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (c->rate)
            setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &thin, sizeof thin);
    }
    if (c->fd < 0 || bind(c->fd, (struct sockaddr *)&from, sizeof from) != 0 ||
        (connect(c->fd, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS)) {
        conn_fail(g, c, strerror(errno));
        return;
    }
    watch(g, c, EPOLL_CTL_ADD, true);
}

static void greeted(struct gen *g, struct conn *c)
{
    if (c->want_write)
        watch(g, c, EPOLL_CTL_MOD, false);
    if (c->speaks == BYTES)
        conn_ready(g, c);
    else
        frames_upgrade(g, c);
}

static void handshake(struct gen *g, struct conn *c)
{
    int result = SSL_do_handshake(c->ssl);
    if (result == 1) {
        greeted(g, c);
        return;
    }
    int why = SSL_get_error(c->ssl, result);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) {
        if (c->want_write != (why == SSL_ERROR_WANT_WRITE))
            watch(g, c, EPOLL_CTL_MOD, why == SSL_ERROR_WANT_WRITE);
        return;
    }
    ERR_clear_error();
    conn_fail(g, c, "TLS handshake");
}

static void connected(struct gen *g, struct conn *c)
{
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        conn_fail(g, c, strerror(error));
        return;
    }
    if (!g->target.tls || c->port != g->target.port) { /* another port is a plain one */
        greeted(g, c);
        return;
    }
    c->state = HANDSHAKE;
    c->ssl = SSL_new(g->tls);
    SSL_set_fd(c->ssl, c->fd);
    SSL_set_tlsext_host_name(c->ssl, "localhost");
    SSL_set_connect_state(c->ssl);
    if (c->resume)
        SSL_set_session(c->ssl, c->resume);
    handshake(g, c);
}

/* What was taken; -1: the connection is gone. */
static ssize_t write_some(struct gen *g, struct conn *c, const char *bytes, size_t len)
{
    if (!c->ssl) {
        ssize_t n = send(c->fd, bytes, len, MSG_NOSIGNAL);
        if (n >= 0 || errno == EAGAIN)
            return n < 0 ? 0 : n;
        conn_fail(g, c, strerror(errno));
        return -1;
    }
    int n = SSL_write(c->ssl, bytes, (int)len);
    if (n > 0)
        return n;
    int why = SSL_get_error(c->ssl, n);
    if (why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ)
        return 0;
    ERR_clear_error();
    conn_fail(g, c, "TLS write");
    return -1;
}

void conn_write(struct gen *g, struct conn *c, const void *bytes, size_t len)
{
    const char *at = bytes;
    while (len > 0 && c->tx.len == 0) {
        ssize_t n = write_some(g, c, at, len);
        if (n < 0)
            return;
        if (n == 0)
            break;
        at += n;
        len -= (size_t)n;
    }
    if (len == 0)
        return;
    bytes_add(&c->tx, at, len);
    if (!c->want_write)
        watch(g, c, EPOLL_CTL_MOD, true);
}

static void write_rest(struct gen *g, struct conn *c)
{
    while (c->tx.len > 0) {
        ssize_t n = write_some(g, c, c->tx.at, c->tx.len);
        if (n <= 0)
            return;
        bytes_drop(&c->tx, (size_t)n);
    }
    bytes_free(&c->tx);
    watch(g, c, EPOLL_CTL_MOD, false);
}

/* Bytes; 0: no more for now; -1: gone. */
static ssize_t read_some(struct gen *g, struct conn *c, char *buffer, size_t size)
{
    g->reads++;
    if (!c->ssl) {
        ssize_t n = recv(c->fd, buffer, size, 0);
        if (n > 0 || (n < 0 && errno == EAGAIN))
            return n > 0 ? n : 0;
        conn_fail(g, c, n == 0 ? "closed by the server" : strerror(errno));
        return -1;
    }
    int n = SSL_read(c->ssl, buffer, (int)size);
    if (n > 0)
        return n;
    int why = SSL_get_error(c->ssl, n);
    if (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE)
        return 0;
    ERR_clear_error();
    conn_fail(g, c, why == SSL_ERROR_ZERO_RETURN ? "closed by the server" : "TLS read");
    return -1;
}

/* The line is as slow as its reads are small and rare. Plain connections alone: TLS reads ahead. */
static void rest(struct gen *g, struct conn *c)
{
    c->rest_until = now_us() + THIN_MS * US_PER_MS;
    c->resting = g->resting;
    g->resting = c->slot + 1;
    watch(g, c, EPOLL_CTL_MOD, c->want_write);
}

void conns_rested(struct gen *g)
{
    uint32_t list = g->resting;
    g->resting = 0;
    while (list) {
        struct conn *c = &g->conns[list - 1];
        list = c->resting;
        if (c->state != FREE && now_us() < c->rest_until) {
            gen_wake_at(g, c->rest_until);
            c->resting = g->resting;
            g->resting = c->slot + 1;
        } else if (c->state != FREE) {
            c->rest_until = 0;
            watch(g, c, EPOLL_CTL_MOD, c->want_write);
        }
    }
}

static void read_all(struct gen *g, struct conn *c)
{
    static char buffer[READ_SIZE];
    size_t most = c->rate && c->state == READY ? (size_t)c->rate * THIN_MS / 1000 : sizeof buffer;
    ssize_t n;
    if (most < sizeof buffer)
        rest(g, c);
    do {
        n = read_some(g, c, buffer, most);
        if (n <= 0)
            return;
        if (c->speaks != BYTES)
            frames_received(g, c, buffer, (size_t)n);
        else if (g->phase && g->phase->bytes)
            g->phase->bytes(g, c, buffer, (size_t)n);
    } while (c->state != FREE && c->ssl ? SSL_has_pending(c->ssl) : n == sizeof buffer);
}

void conn_event(struct gen *g, struct conn *c, uint32_t events)
{
    if (c->state == FREE)
        return;
    if (c->state == CONNECTING) {
        connected(g, c);
        return;
    }
    if (c->state == HANDSHAKE) {
        handshake(g, c);
        return;
    }
    if ((events & EPOLLOUT) && c->want_write)
        write_rest(g, c);
    if (c->state != FREE && (events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
        read_all(g, c);
}
