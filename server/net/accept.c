/* Accepts connections, a bounded number each time, within the budget, and gives them to lws. */
#include "base/metrics.h"
#include "net/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <unistd.h>

#define SHED_AT_ONCE 4

/* lws owns fd from here on; on failure it has closed it. */
void accept_adopt(struct net_loop *l, struct conn *c, int fd)
{
    lws_adopt_desc_t info = {
        .vh = c->metrics ? l->metrics_vhost : l->vhost,
        .type = LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | (c->metrics ? 0 : LWS_ADOPT_ALLOW_SSL),
        .fd = {.sockfd = fd},
        .opaque = c,
    };
    tap_add(l, c, fd);
    l->adopting = c;
    l->adopting_created = false;
    struct lws *wsi = lws_adopt_descriptor_vhost_via_info(&info);
    l->adopting = NULL;
    if (wsi)
        c->wsi = wsi;
    else if (!l->adopting_created)
        conn_free(c); /* else WSI_DESTROY frees it */
}

static void set_options(int fd)
{
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void accepted(struct listener *li, int fd, const struct sockaddr_storage *from)
{
    struct net_loop *l = li->loop;
    struct net *net = l->net;
    set_options(fd);
    if (li->metrics) {
        accept_adopt(l, conn_new(l, from, true), fd);
        return;
    }
    if (proxied_trusts(net, from)) {
        proxied_begin(l, fd, from);
        return;
    }
    struct id key;
    char text[INET6_ADDRSTRLEN];
    address_key(from, &key, text, sizeof text);
    if (budget_scarce(&net->budget))
        conn_shed(l, SHED_AT_ONCE, false);
    if (budget_admit(&net->budget, &key) != ADMIT) {
        metric_add(&net_refused, 1);
        close(fd);
        return;
    }
    accept_adopt(l, conn_new(l, from, false), fd);
}

/* Without a descriptor the waiting connection could neither be accepted nor refused, and the
 * listener would call us for ever: the spare one is given up for a moment to refuse it. */
static void refuse_one(struct listener *li)
{
    struct net_loop *l = li->loop;
    if (l->spare_fd >= 0) {
        close(l->spare_fd);
        int fd = accept4(li->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            close(fd);
    }
    l->spare_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    metric_add(&net_refused, 1);
    conn_shed(l, SHED_AT_ONCE, true);
}

void accept_some(struct listener *li)
{
    for (int i = 0; i < ACCEPTS_PER_WAKE; i++) {
        struct sockaddr_storage from = {0};
        socklen_t len = sizeof from;
        int fd = accept4(li->fd, (struct sockaddr *)&from, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0) {
            accepted(li, fd, &from);
            continue;
        }
        if (errno == EMFILE || errno == ENFILE)
            refuse_one(li);
        if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}
