/* Connections from a trusted proxy begin with a PROXY protocol header, which is read here, byte for
 * byte no further than it goes, before the rest (the TLS handshake) is left to lws. */
#include "base/mem.h"
#include "base/metrics.h"
#include "net/internal.h"
#include "net/proxy.h"
#include <arpa/inet.h>
#include <errno.h>
#include <unistd.h>

#define HEADER_MS 5000

struct proxied {
    struct list node;
    struct net_loop *loop;
    uv_poll_t poll;
    struct timer timer;
    int fd; /* -1: given away or closed */
    struct sockaddr_storage from;
    unsigned char bytes[PROXY_MAX_SIZE];
    size_t len;
};

static void to_v6(const struct sockaddr_storage *from, struct in6_addr *out)
{
    memset(out, 0, sizeof *out);
    if (from->ss_family == AF_INET6) {
        *out = ((const struct sockaddr_in6 *)from)->sin6_addr;
    } else {
        out->s6_addr[10] = out->s6_addr[11] = 0xff;
        memcpy(out->s6_addr + 12, &((const struct sockaddr_in *)from)->sin_addr, 4);
    }
}

bool proxied_trusts(const struct net *net, const struct sockaddr_storage *from)
{
    struct in6_addr address;
    to_v6(from, &address);
    for (size_t i = 0; i < net->trusted.count; i++)
        if (memcmp(&address, &net->trusted.addresses[i], sizeof address) == 0)
            return true;
    return false;
}

/* The poll handle must be closed before lws may watch the same descriptor. */
static void on_closed(uv_handle_t *handle)
{
    struct proxied *p = container_of((uv_poll_t *)handle, struct proxied, poll);
    struct net_loop *l = p->loop;
    struct id key;
    char text[INET6_ADDRSTRLEN];
    list_remove(&p->node);
    l->open--;
    if (p->fd >= 0) {
        address_key(&p->from, &key, text, sizeof text);
        if (l->draining || budget_admit(&l->net->budget, &key) != ADMIT) {
            metric_add(&net_refused, 1);
            close(p->fd);
        } else {
            accept_adopt(l, conn_new(l, &p->from, false), p->fd);
            l->kick = true; /* lws has set timers outside its own callbacks */
        }
    }
    free(p);
}

static void finish(struct proxied *p, bool good)
{
    if (uv_is_closing((uv_handle_t *)&p->poll))
        return;
    uv_poll_stop(&p->poll);
    wheel_cancel(loop_wheel(p->loop->loop), &p->timer);
    if (!good) {
        close(p->fd);
        p->fd = -1;
    }
    uv_close((uv_handle_t *)&p->poll, on_closed);
}

static void on_late(struct timer *timer)
{
    finish(container_of(timer, struct proxied, timer), false);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct proxied *p = container_of(poll, struct proxied, poll);
    (void)events;
    size_t need;
    bool has_client;
    struct sockaddr_storage client;
    for (;;) {
        switch (proxy_decode(p->bytes, p->len, &need, &has_client, &client)) {
        case PROXY_BAD:
            finish(p, false);
            return;
        case PROXY_OK:
            if (has_client)
                p->from = client;
            finish(p, true);
            return;
        case PROXY_MORE:
            break;
        }
        ssize_t n = status < 0 ? 0 : recv(p->fd, p->bytes + p->len, need - p->len, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
            return; /* more later, or the time limit */
        if (n <= 0) {
            finish(p, false);
            return;
        }
        p->len += (size_t)n;
    }
}

void proxied_begin(struct net_loop *l, int fd, const struct sockaddr_storage *from)
{
    struct proxied *p = mem_new(sizeof *p);
    p->loop = l;
    p->fd = fd;
    p->from = *from;
    timer_init(&p->timer, on_late);
    if (uv_poll_init(loop_uv(l->loop), &p->poll, fd) != 0) {
        close(fd);
        free(p);
        return;
    }
    list_append(&l->proxied, &p->node);
    l->open++;
    wheel_set(loop_wheel(l->loop), &p->timer, HEADER_MS);
    uv_poll_start(&p->poll, UV_READABLE, on_readable);
}

void proxied_abort(struct net_loop *l)
{
    list_for_each(node, &l->proxied) finish(container_of(node, struct proxied, node), false);
}
