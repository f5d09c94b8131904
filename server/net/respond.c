#include "base/log.h"
#include "base/metrics.h"
#include "net/exchange.h"
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define LINGER_MS       2000
#define PIECES_PER_TURN 2 /* a small reply, and its end */

struct metric net_bytes_sent =
    METRIC_COUNTER("amphi_net_http_bytes_sent_total", "Bytes of HTTP replies given to the kernel");

/* What a browser heeds of a document only: scripts and styles, of which a page loads a dozen, go
 * without. */
static const char document_headers[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' blob: data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n"
    "Permissions-Policy: camera=(self), microphone=(self), display-capture=(self), "
    "geolocation=(), payment=(), usb=()\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n";

static const char security_headers[] = "X-Content-Type-Options: nosniff\r\n"
                                       "Referrer-Policy: no-referrer\r\n"
                                       "Cross-Origin-Resource-Policy: same-origin\r\n";

static void add_date(struct buf *b, int64_t wall_us)
{
    char text[64];
    time_t now = (time_t)(wall_us / US_PER_S);
    struct tm tm;
    gmtime_r(&now, &tm);
    strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &tm);
    buf_addf(b, "Date: %s\r\n", text);
}

static uint64_t length_of(const struct reply *r)
{
    return r->file ? file_reader_left(r->file) : r->bytes ? r->bytes->len : 0;
}

static bool is_part_of_a_page(const char *content_type)
{
    return content_type && (strncmp(content_type, "text/javascript", 15) == 0 ||
                            strncmp(content_type, "text/css", 8) == 0);
}

static void write_head(struct exchange *ex, const struct reply *r)
{
    struct net *net = ex->conn->loop->net;
    struct buf *b = &ex->head;
    bool bodiless = r->status == 204 || r->status == 304;
    buf_addf(b, "HTTP/1.1 %d %s\r\n", r->status, http_status_text(r->status));
    add_date(b, clock_now_us(net->config.http.clock));
    if (r->content_type && r->content_type[0])
        buf_addf(b, "Content-Type: %s\r\n", r->content_type);
    if (!bodiless)
        buf_addf(b, "Content-Length: %" PRIu64 "\r\n", length_of(r));
    buf_addf(b, "Cache-Control: %s\r\n", r->cache_control ? r->cache_control : "no-store");
    if (r->etag && r->etag[0])
        buf_addf(b, "ETag: %s\r\n", r->etag);
    buf_addf(b, "X-Request-Id: %s\r\n", ex->request_id);
    if (!is_part_of_a_page(r->content_type))
        buf_adds(b, document_headers);
    buf_adds(b, security_headers);
    if (net->only_https)
        buf_adds(b, "Strict-Transport-Security: max-age=31536000\r\n");
    if (ex->must_close)
        buf_adds(b, "Connection: close\r\n");
    if (r->headers)
        buf_adds(b, r->headers);
    buf_adds(b, "\r\n");
}

void respond(struct exchange *ex, const struct reply *r)
{
    struct conn *c = ex->conn;
    write_head(ex, r);
    if (buf_failed(&ex->head)) { /* cannot be: the handler's headers are bounded below it */
        payload_unref(r->bytes);
        file_reader_release(r->file);
        conn_kill(c);
        return;
    }
    ex->status = r->status;
    ex->stage = SENDING;
    ex->moved_us = ex->window_us = net_now(c->loop);
    if (strcmp(ex->method, "HEAD") == 0 || r->status == 304) {
        payload_unref(r->bytes);
        file_reader_release(r->file);
    } else {
        ex->bytes = r->bytes;
        ex->file = r->file;
    }
    lws_rx_flow_control(c->wsi, 0); /* see pump() */
    lws_set_timeout(c->wsi, NO_PENDING_TIMEOUT, 0);
    respond_wake(ex);
}

void respond_wake(struct exchange *ex)
{
    list_remove(&ex->node);
    list_append(&ex->conn->loop->sending, &ex->node);
}

void respond_problem(struct exchange *ex, int status, const char *code, const char *detail,
                     bool close)
{
    ex->must_close |= close;
    respond(ex, &(struct reply){.status = status,
                                .content_type = HTTP_PROBLEM_TYPE,
                                .bytes = http_problem_bytes(status, code, detail, NULL, NULL)});
}

static void on_disk(void *arg)
{
    struct exchange *ex = arg;
    ex->waits_for_disk = false;
    respond_wake(ex);
}

static struct file_reader *take_file(struct exchange *ex)
{
    struct http_part *file = &ex->wire->file;
    if (file->fd < 0)
        return NULL;
    int fd = file->fd;
    file->fd = -1;
    return file_reader_new(loop_uv(ex->conn->loop->loop), fd, file->offset, file->len, on_disk, ex);
}

void respond_wire(struct exchange *ex)
{
    struct http_wire *w = ex->wire;
    struct payload *bytes = w->bytes;
    w->bytes = NULL;
    ex->must_close |= net_going(ex->conn->loop);
    respond(ex, &(struct reply){.status = w->status,
                                .content_type = w->content_type,
                                .cache_control = w->cache_control,
                                .etag = w->etag,
                                .headers = w->headers.data,
                                .bytes = bytes,
                                .file = take_file(ex)});
}

/* --- writing: one lws_write a callback (lws-04) --- */

/* Who asks too often does not fill the disk by it: of these refusals one a second is logged. */
static bool passed_over(struct net_loop *l, int status)
{
    int64_t now = net_now(l);
    if (status != 429)
        return false;
    if (l->refusal_logged && now - l->refusal_logged < US_PER_S) {
        l->refusals++;
        return true;
    }
    if (l->refusals)
        log_info("http.refused", "{s:I}", "not_logged", (json_int_t)l->refusals);
    l->refusal_logged = now;
    l->refusals = 0;
    return false;
}

static void log_reply(const struct exchange *ex)
{
    json_int_t ms = (net_now(ex->conn->loop) - ex->began_us) / US_PER_MS;
    if (ex->unlogged || passed_over(ex->conn->loop, ex->status))
        return;
    log_info("http.reply", "{s:s,s:s,s:s,s:i,s:I}", "request", ex->request_id, "method", ex->method,
             "route", ex->pattern, "status", ex->status, "ms", ms);
}

/* The reply is with the kernel, all of it. */
static int finish(struct exchange *ex)
{
    struct conn *c = ex->conn;
    bool unread = ex->overrun || (!ex->body_ended && ex->body_size > ex->body_have);
    bool must_close = ex->must_close || unread;
    log_reply(ex);
    if (must_close && unread) {
        /* Closing now, with input unread, would reset the connection and the reply with it. */
        ex->stage = LINGERING;
        shutdown(lws_get_socket_fd(c->wsi), SHUT_WR);
        wheel_set(loop_wheel(c->loop->loop), &c->timer, LINGER_MS);
        return 0;
    }
    if (must_close)
        return -1;
    exchange_drop(c);
    c->read_mark = conn_bytes_read(c);
    conn_idle(c);
    lws_rx_flow_control(c->wsi, 1);
    if (lws_http_transaction_completed(c->wsi))
        return -1;
    /* conn_idle() waits; theirs is a sorted list, which all that is idle would make long. */
    lws_set_timeout(c->wsi, NO_PENDING_TIMEOUT, 0);
    return 0;
}

static size_t add_bytes(struct exchange *ex, unsigned char *out, size_t room)
{
    size_t left = ex->bytes ? ex->bytes->len - ex->sent : 0;
    size_t n = left < room ? left : room;
    if (n)
        memcpy(out, ex->bytes->bytes + ex->sent, n);
    ex->sent += n;
    ex->finished = n == left;
    return n;
}

/* False: cut it off, so that nobody takes what came for the whole. */
static bool add_file(struct exchange *ex, unsigned char *out, size_t room, size_t *n)
{
    ssize_t got = file_reader_left(ex->file) > 0 ? file_reader_take(ex->file, out, room) : 0;
    if (got < 0)
        return false;
    *n = (size_t)got;
    ex->finished = file_reader_left(ex->file) == 0;
    ex->waits_for_disk = got == 0 && !ex->finished;
    return true;
}

int exchange_writeable(struct conn *c)
{
    struct exchange *ex = c->exchange;
    if (!ex || ex->stage != SENDING || c->killed || lws_partial_buffered(c->wsi))
        return 0;
    ex->moved_us = net_now(c->loop);
    if (ex->finished)
        return finish(ex);
    if (ex->waits_for_disk)
        return 0;
    unsigned char *out = c->loop->scratch;
    size_t used = 0, n = 0;
    if (!ex->head_sent) {
        memcpy(out, ex->head.data, ex->head.len);
        used = ex->head.len;
        ex->head_sent = true;
    }
    if (!ex->file)
        n = add_bytes(ex, out + used, WRITE_MAX - used);
    else if (!add_file(ex, out + used, WRITE_MAX - used, &n))
        return -1;
    size_t total = used + n;
    if (total == 0)
        return 0;
    if (lws_write(c->wsi, out, total, LWS_WRITE_HTTP) < 0)
        return -1;
    ex->given += total;
    metric_add(&net_bytes_sent, (int64_t)total);
    return 0;
}

/* --- when to write --- */

enum pumped { PUMPED_PIECE, PUMPED_NONE, PUMPED_LAST }; /* last: the exchange may be gone */

/* lws looks for input before it looks whether it can write. What it reads while a reply is on its
 * way it takes in 4.3 for a broken state, and closes, or for more of the body; in 4.1 it calls
 * itself in a circle. But while its input is paused it does not write either. So input stays paused
 * from the request's end to the reply's, and for each piece lws is told, by us, that it can write
 * and that nothing came. */
static enum pumped pump(struct exchange *ex)
{
    struct conn *c = ex->conn;
    struct net_loop *l = c->loop;
    uint64_t handle = conn_handle(c);
    struct pollfd ready = {.fd = lws_get_socket_fd(c->wsi), .events = POLLOUT};
    if (poll(&ready, 1, 0) < 1)
        return PUMPED_NONE;
    struct lws_pollfd can_write = {
        .fd = ready.fd, .events = LWS_POLLOUT, .revents = LWS_POLLOUT | (ready.revents & POLLHUP)};
    lws_rx_flow_control(c->wsi, 1);
    lws_service_fd(l->context, &can_write);
    if (conn_find(l, handle) != c || !c->wsi || c->exchange != ex || ex->stage != SENDING)
        return PUMPED_LAST;
    lws_rx_flow_control(c->wsi, 0);
    return PUMPED_PIECE;
}

static bool has_more(const struct exchange *ex)
{
    return !ex->waits_for_disk || lws_partial_buffered(ex->conn->wsi);
}

static void pump_some(struct exchange *ex)
{
    for (int pieces = 0; pieces < PIECES_PER_TURN && has_more(ex); pieces++) {
        enum pumped pumped = pump(ex);
        if (pumped == PUMPED_LAST)
            return;
        if (pumped == PUMPED_NONE)
            break;
    }
    if (has_more(ex))
        writable_wait(ex->conn); /* also when it can write: others come first */
}

void respond_flush(struct net_loop *l)
{
    struct list now;
    if (!l->context || l->destroying)
        return;
    list_init(&now);
    list_splice(&now, &l->sending);
    while (!list_empty(&now)) {
        struct exchange *ex = container_of(list_take_first(&now), struct exchange, node);
        if (ex->conn->wsi && !ex->conn->killed)
            pump_some(ex);
    }
}
