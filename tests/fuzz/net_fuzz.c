/* A server in this process, over real sockets: libwebsockets and everything of ours around it. The
 * first byte says how one talks to it, the second how large the pieces are. Whatever comes, the
 * connection ends once its peer has ended, and the server answers the next one. */
#include "base/log.h"
#include "fuzz/fuzz.h"
#include "integration/net_server.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>

/* What libcheck would do, outside of a suite. */
void _mark_point(const char *file, int line)
{
    (void)file, (void)line;
}

void _ck_assert_failed(const char *file, int line, const char *expr, const char *msg, ...)
{
    fprintf(stderr, "%s:%d: %s %s\n", file, line, expr, msg ? msg : "");
    abort();
}

#define LIVE                                                                                       \
    "Sec-WebSocket-Protocol: amphi.2\r\nCookie: __Host-amphi=" TEST_TOKEN                          \
    "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define HEAD_MAX 2048

enum way { RAW, TO_API, WEBSOCKET, WEBSOCKET_SCRIPT, WAYS };

static void handle_echo(struct http_exchange *x)
{
    http_reply_json(x, 200, json_pack("{s:I}", "bytes", (json_int_t)x->body_len));
}

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/api/echo", .handle = handle_echo},
    {.method = "POST", .pattern = "/api/echo", .handle = handle_echo},
    {.method = "PUT",
     .pattern = "/api/files/{file}",
     .handle = handle_echo,
     .max_body = 65536,
     .spool = true},
    {.method = NULL}};
static const struct http_route *const tables[] = {routes, NULL};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    log_set_fd(open("/dev/null", O_WRONLY | O_CLOEXEC));
    test_tables = tables;
    struct net_config config = server_config(false);
    config.http.default_rate = (struct rate){1000000, 1000};
    server_run(&config);
    recorded.burst_frames = 40;
    recorded.burst_size = 3000;
    return 0;
}

/* The connections of the last minute may have all ports: waits for one of them. */
static void open_some_port(struct peer *c)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server.port)};
    struct timeval limit = {.tv_sec = 5};
    int on = 1, tries = 0;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *c = (struct peer){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(c->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(c->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    while (connect(c->fd, (struct sockaddr *)&at, sizeof at) != 0) {
        MUST((errno == EADDRNOTAVAIL || errno == EINTR) && tries++ < 150);
        usleep(100000);
    }
}

static void say(struct peer *c, const void *bytes, size_t len, size_t piece)
{
    for (size_t at = 0; at < len; at += piece)
        if (!peer_try_send(c, (const char *)bytes + at, len - at < piece ? len - at : piece))
            return;
}

/* PORT in what was recorded is this server's. */
static void say_raw(struct peer *c, const uint8_t *data, size_t size, size_t piece)
{
    char *text = malloc(size * 2 + 8);
    size_t used = 0;
    MUST(text);
    for (size_t i = 0; i < size;) {
        if (size - i >= 4 && memcmp(data + i, "PORT", 4) == 0) {
            used += (size_t)sprintf(text + used, "%d", server.port);
            i += 4;
        } else {
            text[used++] = (char)data[i++];
        }
    }
    say(c, text, used, piece);
    free(text);
}

/* A head that is right but for what the input adds to it. */
static void say_head(struct peer *c, const char *line, const char *more)
{
    char head[HEAD_MAX];
    int n = snprintf(head, sizeof head, "%s HTTP/1.1\r\nHost: localhost:%d\r\nOrigin: %s\r\n%s",
                     line, server.port, server_origin(), more);
    MUST(n > 0 && (size_t)n < sizeof head);
    say(c, head, (size_t)n, (size_t)n);
}

static bool say_upgrade(struct peer *c, uint8_t door)
{
    struct answer a;
    say_head(c, door & 1 ? "GET /publish" : "GET /live",
             door & 1 ? "Sec-WebSocket-Protocol: amphi-media.1\r\nUpgrade: websocket\r\n"
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n"
                      : LIVE "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Version: 13\r\n\r\n");
    peer_answer(c, &a);
    answer_free(&a);
    return a.status == 101;
}

/* Frames that are well formed: first byte, length, payload, again and again. */
static void say_script(struct peer *c, const uint8_t *data, size_t size)
{
    for (size_t at = 0; at + 2 <= size;) {
        size_t len = data[at + 1], here = size - at - 2;
        unsigned char frame[6 + 125 + 8] = {data[at], 0x80, 1, 2, 3, 4};
        len = len % 126 < here ? len % 126 : here;
        frame[1] |= (unsigned char)len;
        for (size_t i = 0; i < len; i++)
            frame[6 + i] = data[at + 2 + i] ^ frame[2 + i % 4];
        if (!peer_try_send(c, frame, 6 + len))
            return;
        at += 2 + len;
    }
}

static void talk(struct peer *c, const uint8_t *data, size_t size)
{
    enum way way = data[0] % WAYS;
    size_t piece = data[1] ? data[1] : 20000;
    bool live = way == WEBSOCKET || way == WEBSOCKET_SCRIPT;
    if (way == TO_API)
        say_head(c, data[0] & 0x80 ? "POST /api/echo" : "PUT /api/files/1", "X-Amphi: 1\r\n");
    if (live && !say_upgrade(c, data[0] >> 7))
        return;
    if (way == WEBSOCKET_SCRIPT)
        say_script(c, data + 2, size - 2);
    else
        say_raw(c, data + 2, size - 2, piece);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct peer c;
    if (size < 2)
        return 0;
    open_some_port(&c);
    talk(&c, data, size);
    shutdown(c.fd, SHUT_WR);
    MUST(peer_ends(&c, 10000));
    peer_close(&c);
    return 0;
}
