/* lws-13: libwebsockets reads from its sockets in a loop thread by recv() and SSL_read(); these
 * here come before the libraries' own, and show each connection's bytes to its gate before lws has
 * them. Other threads, and other descriptors, are passed through. */
#include "base/mem.h"
#include "net/internal.h"
#include <dlfcn.h>
#include <openssl/ssl.h>

static _Thread_local struct net_loop *tapped; /* of this thread */

void tap_add(struct net_loop *l, struct conn *c, int fd)
{
    tapped = l;
    while ((size_t)fd >= l->by_fd_cap) {
        size_t cap = l->by_fd_cap ? 2 * l->by_fd_cap : 256;
        l->by_fd = mem_resize(l->by_fd, cap * sizeof *l->by_fd);
        memset(l->by_fd + l->by_fd_cap, 0, (cap - l->by_fd_cap) * sizeof *l->by_fd);
        l->by_fd_cap = cap;
    }
    l->by_fd[fd] = c;
    c->fd = fd;
}

void tap_remove(struct conn *c)
{
    struct net_loop *l = c->loop;
    if ((size_t)c->fd < l->by_fd_cap && l->by_fd[c->fd] == c)
        l->by_fd[c->fd] = NULL;
}

static struct conn *tapped_conn(int fd)
{
    return tapped && fd >= 0 && (size_t)fd < tapped->by_fd_cap ? tapped->by_fd[fd] : NULL;
}

/* Whoever sent such a request may be two people behind one proxy: nothing of it is carried out, and
 * nothing more is read. */
static void refuse(struct conn *c, SSL *ssl)
{
    static const char text[] = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n"
                               "Cache-Control: no-store\r\nConnection: close\r\n\r\n";
    if (c->exchange) /* its reply is under way */
        return;
    if (ssl)
        SSL_write(ssl, text, sizeof text - 1);
    else
        send(c->fd, text, sizeof text - 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* False: lws is to think that the peer has gone. */
static bool show(struct conn *c, SSL *ssl, const void *bytes, size_t len)
{
    size_t used = 0;
    if (!gate_http(&c->gate, bytes, len, &used)) {
        refuse(c, ssl);
        return false;
    }
    if (c->gate.at != GATE_FRAMES || used == len)
        return true;
    if (!c->live) { /* frames before the upgrade was answered, or no websocket was asked for */
        refuse(c, ssl);
        return false;
    }
    struct gate_seen seen = {0};
    uint16_t code = gate_frames(&c->gate, (const unsigned char *)bytes + used, len - used, &seen);
    return net_live_framed(c, code, &seen);
}

ssize_t recv(int fd, void *bytes, size_t len, int flags)
{
    static ssize_t (*_Atomic real)(int, void *, size_t, int);
    if (!real)
        real = (ssize_t(*)(int, void *, size_t, int))dlsym(RTLD_NEXT, "recv");
    ssize_t n = real(fd, bytes, len, flags);
    struct conn *c = n > 0 && !(flags & MSG_PEEK) ? tapped_conn(fd) : NULL;
    bool plain = c && (c->metrics || !c->loop->net->config.tls);
    return !plain || show(c, NULL, bytes, (size_t)n) ? n : 0;
}

int SSL_read(SSL *ssl, void *bytes, int len)
{
    static int (*_Atomic real)(SSL *, void *, int);
    if (!real)
        real = (int (*)(SSL *, void *, int))dlsym(RTLD_NEXT, "SSL_read");
    int n = real(ssl, bytes, len);
    struct conn *c = n > 0 ? tapped_conn(SSL_get_fd(ssl)) : NULL;
    return !c || show(c, ssl, bytes, (size_t)n) ? n : 0;
}
