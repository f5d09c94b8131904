/* Which of the connections that could not write can write again. lws does not tell while their
 * input is paused (respond.c), and asking each of them in each turn would cost all loops the more,
 * the more people read slowly. So the loop has an epoll of its own for them, which libuv watches.
 */
#include "net/exchange.h"
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

#define EVENTS_PER_WAKE 64 /* the rest comes in the next turn */

static void on_writable(uv_poll_t *poll, int status, int events)
{
    struct net_loop *l = poll->data;
    struct epoll_event ready[EVENTS_PER_WAKE];
    (void)status;
    (void)events;
    int n = epoll_wait(l->writable_fd, ready, EVENTS_PER_WAKE, 0);
    for (int i = 0; i < n; i++) {
        struct conn *c = conn_find(l, ready[i].data.u64);
        if (c && c->exchange && c->exchange->stage == SENDING)
            respond_wake(c->exchange);
    }
}

bool writable_start(struct net_loop *l)
{
    l->writable_fd = epoll_create1(EPOLL_CLOEXEC);
    if (l->writable_fd < 0)
        return false;
    l->writable.data = l;
    if (uv_poll_init(loop_uv(l->loop), &l->writable, l->writable_fd) == 0 &&
        uv_poll_start(&l->writable, UV_READABLE, on_writable) == 0)
        return true;
    close(l->writable_fd);
    l->writable_fd = -1;
    return false;
}

static void closed(uv_handle_t *handle)
{
    struct net_loop *l = handle->data;
    close(l->writable_fd);
    l->writable_fd = -1;
}

void writable_stop(struct net_loop *l)
{
    if (l->writable_fd >= 0)
        uv_close((uv_handle_t *)&l->writable, closed);
}

/* The kernel forgets the descriptor when lws closes it. */
void writable_wait(struct conn *c)
{
    struct net_loop *l = c->loop;
    int fd = lws_get_socket_fd(c->wsi);
    struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT, .data.u64 = conn_handle(c)};
    if (epoll_ctl(l->writable_fd, EPOLL_CTL_MOD, fd, &event) == 0)
        return;
    if (errno != ENOENT || epoll_ctl(l->writable_fd, EPOLL_CTL_ADD, fd, &event) != 0)
        conn_kill(c); /* out of memory */
}
