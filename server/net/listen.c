/* Listening sockets. Each loop has one of its own on the same port (SO_REUSEPORT), made by us and
 * handed to libwebsockets, which cannot do it (lws-05). Because SO_REUSEPORT would let a second
 * server share the port in silence, the port is first tried without it, under a lock. */
#include "base/mem.h"
#include "net/internal.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#define BACKLOG 4096
#define SEND_BUFFER                                                                                \
    (256 * 1024) /* per connection, inherited: a slow reader chokes at a known size */

static bool parse_address(const char *text, int port, struct sockaddr_storage *out, socklen_t *len)
{
    memset(out, 0, sizeof *out);
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;
    if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)port);
        *len = sizeof *v4;
        return true;
    }
    if (inet_pton(AF_INET6, text, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        *len = sizeof *v6;
        return true;
    }
    return false;
}

/* -1 with errno. */
static int bound_socket(const struct sockaddr_storage *at, socklen_t len, bool share)
{
    int fd = socket(at->ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    int on = 1, size = SEND_BUFFER;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    if (share)
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (bind(fd, (const struct sockaddr *)at, len) == 0)
        return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

/* The port is at the same place for both families. */
static int port_of(int fd)
{
    struct sockaddr_in6 at = {0};
    socklen_t len = sizeof at;
    return getsockname(fd, (struct sockaddr *)&at, &len) == 0 ? ntohs(at.sin6_port) : 0;
}

static void set_port(struct sockaddr_storage *at, int port)
{
    if (at->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)at)->sin6_port = htons((uint16_t)port);
    else
        ((struct sockaddr_in *)at)->sin_port = htons((uint16_t)port);
}

static enum err port_taken(int port, char *why, size_t why_size)
{
    snprintf(why, why_size, "port %d is in use%s", port,
             errno == EACCES ? " or reserved for root" : "; is another amphi running?");
    return ERR_CONFLICT;
}

/* Held until listen_close(): two servers that start at once cannot both find the port free. */
static int lock_port(const struct net *net, int port)
{
    const char *folder = net->config.lock_folder ? net->config.lock_folder : "/tmp";
    char path[512];
    snprintf(path, sizeof path, "%s/.amphi-port-%d.lock", folder, port);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return -1;
    }
    return fd < 0 ? -2 : fd; /* a folder that cannot be written: the probe alone must do */
}

/* The port is free if it can be had alone: bound, without SO_REUSEPORT, and listening. */
static enum err probe_port(struct net *net, struct sockaddr_storage *at, socklen_t len, char *why,
                           size_t why_size)
{
    int fd = bound_socket(at, len, false);
    if (fd < 0 || listen(fd, 1) != 0) {
        if (fd >= 0)
            close(fd);
        return port_taken(net->config.port, why, why_size);
    }
    net->port = port_of(fd);
    close(fd);
    set_port(at, net->port);
    return ERR_OK;
}

static enum err open_loops(struct net *net, const struct sockaddr_storage *at, socklen_t len,
                           char *why, size_t why_size)
{
    for (int i = 0; i < net->config.loop_count; i++) {
        struct listener *li = &net->loops[i].listener;
        li->fd = bound_socket(at, len, true);
        if (li->fd < 0 || listen(li->fd, BACKLOG) != 0)
            return port_taken(net->port, why, why_size);
    }
    return ERR_OK;
}

static enum err open_metrics(struct net *net, char *why, size_t why_size)
{
    net->metrics_port = -1;
    if (net->config.metrics_port < 0)
        return ERR_OK;
    struct sockaddr_storage at;
    socklen_t len = 0;
    parse_address("127.0.0.1", net->config.metrics_port, &at, &len);
    struct listener *li = &net->loops[0].metrics_listener;
    li->fd = bound_socket(&at, len, false);
    if (li->fd < 0 || listen(li->fd, 16) != 0) {
        port_taken(net->config.metrics_port, why, why_size);
        return ERR_CONFLICT;
    }
    net->metrics_port = port_of(li->fd);
    return ERR_OK;
}

enum err listen_open(struct net *net, char *why, size_t why_size)
{
    struct sockaddr_storage at;
    socklen_t len;
    if (!parse_address(net->config.address, net->config.port, &at, &len)) {
        snprintf(why, why_size, "address %.64s is not an IP address", net->config.address);
        return ERR_INVALID;
    }
    if (net->config.port > 0) {
        net->lock_fd = lock_port(net, net->config.port);
        if (net->lock_fd == -1) {
            errno = EADDRINUSE;
            return port_taken(net->config.port, why, why_size);
        }
    }
    enum err err = probe_port(net, &at, len, why, why_size);
    if (err == ERR_OK)
        err = open_loops(net, &at, len, why, why_size);
    if (err == ERR_OK)
        err = open_metrics(net, why, why_size);
    if (err != ERR_OK)
        listen_close(net);
    return err;
}

static void close_listener(struct listener *li)
{
    if (li->fd >= 0 && !li->adopted)
        close(li->fd);
    li->fd = -1;
}

void listen_close(struct net *net)
{
    for (int i = 0; i < net->config.loop_count; i++) {
        close_listener(&net->loops[i].listener);
        close_listener(&net->loops[i].metrics_listener);
    }
    if (net->lock_fd >= 0)
        close(net->lock_fd);
    net->lock_fd = -1;
}
