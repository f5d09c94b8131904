#include "raw.h"
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define EVENTS      512
#define READ_SIZE   (128 * 1024)
#define ACCEPTS     64 /* a wake, as amphi */
#define SEND_BUFFER (256 * 1024)
#define TICK_MS     100

static void arm(struct raw *r, struct peer *c, int op, bool write)
{
    struct epoll_event e = {.events = EPOLLIN | (write ? EPOLLOUT : 0), .data.fd = c->fd};
    c->armed = write;
    epoll_ctl(r->epoll, op, c->fd, &e);
}

void peer_close(struct raw *r, struct peer *c)
{
    (void)r;
    if (c->stage == CLOSED)
        return;
    SSL_free(c->ssl);
    free(c->rx);
    free(c->tx);
    close(c->fd);
    memset(c, 0, sizeof *c);
}

static bool again(struct peer *c, int n)
{
    int why = c->ssl ? SSL_get_error(c->ssl, n) : 0;
    bool later = c->ssl ? why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE
                        : n < 0 && errno == EAGAIN;
    ERR_clear_error();
    return later;
}

/* How much was taken; closes on failure. */
static size_t write_some(struct raw *r, struct peer *c, const unsigned char *bytes, size_t len)
{
    int n =
        c->ssl ? SSL_write(c->ssl, bytes, (int)len) : (int)send(c->fd, bytes, len, MSG_NOSIGNAL);
    if (n > 0)
        return (size_t)n;
    if (!again(c, n))
        peer_close(r, c);
    return 0;
}

void peer_send(struct raw *r, struct peer *c, const void *bytes, size_t len)
{
    size_t n = c->tx_len ? 0 : write_some(r, c, bytes, len);
    if (n == len || c->stage == CLOSED)
        return;
    c->tx = realloc(c->tx, c->tx_len + len - n);
    memcpy(c->tx + c->tx_len, (const char *)bytes + n, len - n);
    c->tx_len += len - n;
    if (!c->armed)
        arm(r, c, EPOLL_CTL_MOD, true);
}

static void send_rest(struct raw *r, struct peer *c)
{
    size_t n = write_some(r, c, c->tx, c->tx_len);
    if (n == 0)
        return;
    c->tx_len -= n;
    memmove(c->tx, c->tx + n, c->tx_len);
    if (c->tx_len > 0)
        return;
    free(c->tx);
    c->tx = NULL;
    arm(r, c, EPOLL_CTL_MOD, false);
}

static void received(struct raw *r, struct peer *c, unsigned char *bytes, size_t len)
{
    size_t used;
    if (c->rx_len == 0) {
        used = wire_received(r, c, bytes, len);
        if (c->stage == CLOSED || used == len)
            return;
        c->rx_len = len - used;
        c->rx = malloc(c->rx_len);
        memcpy(c->rx, bytes + used, c->rx_len);
        return;
    }
    c->rx = realloc(c->rx, c->rx_len + len);
    memcpy(c->rx + c->rx_len, bytes, len);
    c->rx_len += len;
    used = wire_received(r, c, c->rx, c->rx_len);
    if (c->stage == CLOSED)
        return;
    c->rx_len -= used;
    memmove(c->rx, c->rx + used, c->rx_len);
    if (c->rx_len == 0) {
        free(c->rx);
        c->rx = NULL;
    }
}

static void readable(struct raw *r, struct peer *c)
{
    static unsigned char buffer[READ_SIZE];
    bool more;
    do {
        int n = c->ssl ? SSL_read(c->ssl, buffer, sizeof buffer)
                       : (int)recv(c->fd, buffer, sizeof buffer, 0);
        if (n <= 0) {
            if (!again(c, n))
                peer_close(r, c);
            return;
        }
        received(r, c, buffer, (size_t)n);
        more = c->stage != CLOSED && (c->ssl ? SSL_pending(c->ssl) > 0 : n == READ_SIZE);
    } while (more);
}

static void handshake(struct raw *r, struct peer *c)
{
    int n = SSL_accept(c->ssl);
    if (n == 1)
        c->stage = HEAD;
    else if (!again(c, n))
        peer_close(r, c);
}

static void accept_some(struct raw *r)
{
    for (int i = 0; i < ACCEPTS; i++) {
        int on = 1, fd = accept4(r->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct peer *c = &r->clients[fd];
        *c = (struct peer){.fd = fd, .stage = r->tls ? TLS : HEAD};
        if (fd > r->highest)
            r->highest = fd;
        if (r->tls) {
            c->ssl = SSL_new(r->tls);
            SSL_set_fd(c->ssl, fd);
        }
        arm(r, c, EPOLL_CTL_ADD, false);
    }
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The part of the members whose turn has come since the last tick. */
static void ping_some(struct raw *r)
{
    int64_t period = (int64_t)r->ping_ms * 1000, now = now_us();
    if (now - r->round_us >= period) {
        r->round_us += period;
        r->pinged = 0;
    }
    int until = (int)((now - r->round_us) * (r->highest + 1) / period);
    for (; r->pinged <= until && r->pinged <= r->highest; r->pinged++) {
        struct peer *c = &r->clients[r->pinged];
        unsigned char frame[16];
        if (c->stage == MEMBER)
            peer_send(r, c, frame, wire_frame(frame, 9, &now, sizeof now));
    }
}

static void loop(struct raw *r)
{
    struct epoll_event events[EVENTS];
    int64_t tick = now_us();
    r->round_us = tick;
    for (;;) {
        int n = epoll_wait(r->epoll, events, EVENTS, r->ping_ms ? TICK_MS : -1);
        for (int i = 0; i < n; i++) {
            int fd = events[i].data.fd;
            struct peer *c = &r->clients[fd];
            if (fd == r->listener) {
                accept_some(r);
                continue;
            }
            if (c->stage == TLS)
                handshake(r, c);
            if ((events[i].events & EPOLLOUT) && c->armed)
                send_rest(r, c);
            if (c->stage > TLS && (events[i].events & ~(uint32_t)EPOLLOUT))
                readable(r, c);
        }
        if (r->ping_ms && now_us() - tick >= TICK_MS * 1000) {
            tick = now_us();
            ping_some(r);
        }
    }
}

static bool prepare_tls(struct raw *r)
{
    if (!r->certificate)
        return true;
    r->tls = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_min_proto_version(r->tls, TLS1_3_VERSION);
    SSL_CTX_set_mode(r->tls, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                 SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_options(r->tls, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_ciphersuites(
        r->tls, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256");
    SSL_CTX_set1_groups_list(r->tls, "X25519:P-256");
    SSL_CTX_set_num_tickets(r->tls, 1);
    return SSL_CTX_use_certificate_chain_file(r->tls, r->certificate) == 1 &&
           SSL_CTX_use_PrivateKey_file(r->tls, r->key, SSL_FILETYPE_PEM) == 1;
}

static bool prepare(struct raw *r)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    signal(SIGPIPE, SIG_IGN);
    r->clients = calloc(limit.rlim_cur, sizeof *r->clients);
    r->epoll = epoll_create1(EPOLL_CLOEXEC);
    r->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1, size = SEND_BUFFER;
    setsockopt(r->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(r->listener, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)r->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof at;
    struct epoll_event e = {.events = EPOLLIN, .data.fd = r->listener};
    if (!r->clients || bind(r->listener, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(r->listener, 4096) != 0 || epoll_ctl(r->epoll, EPOLL_CTL_ADD, r->listener, &e) != 0)
        return false;
    getsockname(r->listener, (struct sockaddr *)&at, &len);
    r->port = ntohs(at.sin_port);
    return prepare_tls(r);
}

int main(int argc, char **argv)
{
    static struct raw r;
    static const struct option options[] = {{"port", 1, NULL, 'p'},
                                            {"ping-ms", 1, NULL, 'i'},
                                            {"certificate", 1, NULL, 'c'},
                                            {"key", 1, NULL, 'k'},
                                            {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'p')
            r.port = atoi(optarg);
        else if (option == 'i')
            r.ping_ms = atoi(optarg);
        else if (option == 'c')
            r.certificate = optarg;
        else if (option == 'k')
            r.key = optarg;
        else
            return 2;
    }
    if (!prepare(&r)) {
        perror("raw");
        return 1;
    }
    printf("{\"port\":%d}\n", r.port);
    fflush(stdout);
    loop(&r);
}
