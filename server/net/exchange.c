#include "net/exchange.h"
#include "base/mem.h"
#include "base/metrics.h"
#include "http/path.h"
#include "net/head.h"
#include <strings.h>

#define DISCARD_MAX (4 * 1024 * 1024)
#define REPEATS_MAX 64

struct metric net_requests = METRIC_COUNTER("amphi_net_requests_total", "HTTP requests");

static bool sends_body(const struct exchange *ex)
{
    return strcmp(ex->method, "POST") == 0 || strcmp(ex->method, "PUT") == 0 ||
           strcmp(ex->method, "PATCH") == 0;
}

/* Something may follow that is not a body to us: it is read away before the connection is closed,
 * if lws takes it for a body, so that the reply is not lost in a reset. */
static void unknown_body(struct exchange *ex)
{
    ex->body_size = UINT64_MAX;
    if (!sends_body(ex))
        ex->body_ended = true;
}

/* lws-09: it does not decode chunked bodies and takes any number, or several, for a length. So
 * there is exactly one way to send a body: one Content-Length of decimal digits. */
static bool check_length(struct exchange *ex)
{
    struct lws *wsi = ex->conn->wsi;
    char text[32];
    if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0) {
        unknown_body(ex);
        respond_problem(ex, 411, "request.length", "Send a Content-Length, not chunks.", true);
        return false;
    }
    bool fits = header_copy(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, text, sizeof text);
    if (fits && !text[0]) {
        if (!sends_body(ex))
            return true;
        unknown_body(ex);
        respond_problem(ex, 411, "request.length", "Send a Content-Length.", true);
        return false;
    }
    if (fits && decimal_parse(text, strlen(text), &ex->body_size))
        return true;
    unknown_body(ex);
    respond_problem(ex, 400, "request.length", "The Content-Length is not one number.", true);
    return false;
}

/* lws-14: after a header whose name begins one that it knows ("X: 1", "Con: 1") it takes the next
 * line for a part of it, and misses a length, one of two lengths, or an upgrade. */
static bool check_framing(struct exchange *ex)
{
    bool body = ex->body_size > 0;
    if (gate_body_follows(&ex->conn->gate, body) == body && gate_lets_pass(&ex->conn->gate))
        return true;
    unknown_body(ex);
    respond_problem(ex, 400, "request.length", "The request's headers were not understood.", true);
    return false;
}

/* What of "Connection: close" and HTTP/1.0 concerns us; anything else keeps the connection. */
static void check_keep_alive(struct exchange *ex)
{
    char text[64];
    struct lws *wsi = ex->conn->wsi;
    if (!header_copy(wsi, WSI_TOKEN_CONNECTION, text, sizeof text) ||
        strcasecmp(text, "close") == 0)
        ex->must_close = true;
    if (!header_copy(wsi, WSI_TOKEN_HTTP, text, sizeof text) || strcmp(text, "HTTP/1.1") != 0)
        ex->must_close = true;
}

static bool check_expect(struct exchange *ex)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    char text[32];
    bool fits = header_copy(ex->conn->wsi, WSI_TOKEN_HTTP_EXPECT, text, sizeof text);
    if (fits && !text[0])
        return true;
    if (!fits || strcasecmp(text, "100-continue") != 0) {
        respond_problem(ex, 417, "request.expect", NULL, true);
        return false;
    }
    unsigned char *scratch = ex->conn->loop->scratch;
    memcpy(scratch, go_on, sizeof go_on - 1);
    if (ex->body_size == 0 ||
        lws_write(ex->conn->wsi, scratch, sizeof go_on - 1, LWS_WRITE_HTTP_HEADERS) >= 0)
        return true;
    ex->stage = LINGERING; /* it is gone; what came of the body is nobody's */
    return false;
}

/* --- handing over to a worker --- */

static void on_done(struct http_wire *w)
{
    struct exchange *ex = w->owner;
    if (identity_known(&w->x.who))
        conn_signed_in(ex->conn);
    respond_wire(ex);
}

void exchange_waits(struct exchange *ex)
{
    /* While lws has nothing to do with what comes in, it would call us for it for ever. */
    lws_rx_flow_control(ex->conn->wsi, 0);
    lws_set_timeout(ex->conn->wsi, NO_PENDING_TIMEOUT, 0); /* ours is in exchange_time.c */
    ex->stage = WORKING;
}

static void submit(struct exchange *ex)
{
    exchange_waits(ex);
    ex->wire->mailbox = loop_mailbox(ex->conn->loop->loop);
    ex->wire->owner = ex;
    ex->wire->on_done = on_done;
    if (http_wire_submit(ex->wire) == ERR_OK)
        return;
    http_header(&ex->wire->x, "Retry-After", "2");
    http_problem_err(&ex->wire->x, ERR_BUSY);
    respond_wire(ex);
}

static void on_spooled(void *arg)
{
    struct exchange *ex = arg;
    struct lws *wsi = ex->conn->wsi;
    if (ex->stage != READING || !wsi)
        return;
    if (spool_failed(ex->spool)) {
        respond_problem(ex, 507, "server.storage", "There is no room for the file.", true);
    } else if (ex->body_ended && spool_waiting(ex->spool) == 0) {
        http_wire_spooled(ex->wire, spool_take(ex->spool), (size_t)ex->body_size);
        submit(ex);
    } else if (ex->paused && !ex->body_ended && spool_waiting(ex->spool) < SPOOL_WINDOW / 2) {
        ex->paused = false;
        lws_rx_flow_control(wsi, 1);
    }
    ex->conn->loop->kick = true;
}

static void on_admitted(struct http_wire *w)
{
    struct exchange *ex = w->owner;
    if (ex->stage != ADMITTING)
        return;
    if (identity_known(&w->x.who))
        conn_signed_in(ex->conn);
    if (w->kind != REPLY_NONE) {
        ex->must_close = true; /* the rest of the body is not wanted */
        respond_wire(ex);
        return;
    }
    ex->stage = READING;
    if (ex->body_ended) {
        if (spool_waiting(ex->spool) == 0)
            on_spooled(ex);
        return;
    }
    lws_rx_flow_control(ex->conn->wsi, 1);
    ex->conn->loop->kick = true;
}

/* A file: nothing of it is read before a worker has said that this person may send it. */
static void begin_spool(struct exchange *ex)
{
    struct net_loop *l = ex->conn->loop;
    ex->stage = ADMITTING;
    ex->spool =
        spool_new(loop_uv(l->loop), l->net->config.blobs, (size_t)ex->body_size, on_spooled, ex);
    lws_rx_flow_control(ex->conn->wsi, 0);
    ex->wire->mailbox = loop_mailbox(l->loop);
    ex->wire->owner = ex;
    ex->wire->on_done = on_admitted;
    if (http_wire_admit(ex->wire, (size_t)ex->body_size) == ERR_OK)
        return;
    http_header(&ex->wire->x, "Retry-After", "2");
    http_problem_err(&ex->wire->x, ERR_BUSY);
    on_admitted(ex->wire);
}

static void begin_body(struct exchange *ex, const struct http_route *route)
{
    if (route->spool) {
        begin_spool(ex);
        return;
    }
    ex->stage = READING;
    ex->body = mem_new((size_t)ex->body_size + 1);
}

static void drop_files(struct http_wire *w)
{
    uv_loop_t *uv = loop_uv(w->loop->loop);
    if (w->x.upload)
        spool_discard(uv, w->x.upload);
    if (w->file.fd >= 0)
        file_reader_release(file_reader_new(uv, w->file.fd, 0, 0, NULL, NULL));
}

static void begin_route(struct exchange *ex, const struct head *h)
{
    struct conn *c = ex->conn;
    struct net *net = c->loop->net;
    struct route_hit hit;
    enum route_found found = router_find(http_server_router(net->http), ex->method, h->path, &hit);
    if (found != ROUTE_OK) {
        char allow[ROUTE_ALLOW_SIZE + 16] = "";
        if (found == ROUTE_OTHER_METHOD)
            snprintf(allow, sizeof allow, "Allow: %s\r\n", hit.allow);
        int status = found == ROUTE_OTHER_METHOD ? 405 : 404;
        const char *code = status == 405 ? "request.method" : err_code(ERR_NOT_FOUND);
        ex->must_close |= ex->body_size > 0;
        respond(ex, &(struct reply){.status = status,
                                    .content_type = HTTP_PROBLEM_TYPE,
                                    .headers = allow,
                                    .bytes = http_problem_bytes(status, code, NULL, NULL, NULL)});
        return;
    }
    ex->pattern = hit.route->pattern;
    size_t max = hit.route->max_body ? hit.route->max_body : HTTP_JSON_BODY_MAX;
    if (ex->body_size > max) {
        respond_problem(ex, 413, err_code(ERR_TOO_LARGE), "The body is too large.", true);
        return;
    }
    if (hit.route->spool && ex->body_size == 0) {
        respond_problem(ex, 400, err_code(ERR_INVALID), "The body is empty.", false);
        return;
    }
    struct http_request request = {.method = ex->method,
                                   .path = h->path,
                                   .address = c->address,
                                   .host = h->host,
                                   .content_type = h->content_type,
                                   .accept_language = h->accept_language,
                                   .accept_encoding = h->accept_encoding,
                                   .if_none_match = h->if_none_match,
                                   .idempotency_key = h->idempotency_key,
                                   .origin = h->origin[0] ? h->origin : NULL,
                                   .cookie = h->cookie,
                                   .x_amphi = h->x_amphi,
                                   .person = h->person,
                                   .args = h->args,
                                   .arg_count = h->arg_count};
    ex->wire = http_wire_new(net->http, &hit, &request);
    ex->wire->loop = c->loop;
    ex->wire->drop_files = drop_files;
    memcpy(ex->request_id, ex->wire->request_id, sizeof ex->request_id);
    if (ex->body_size > 0)
        begin_body(ex, hit.route);
    else
        submit(ex);
}

static bool check_host(struct exchange *ex, const struct head *h)
{
    if (strcasecmp(h->host, ex->conn->loop->net->authority) == 0)
        return true;
    respond_problem(ex, 421, "request.host", "This server has another name.", true);
    return false;
}

static bool is_health(const char *path)
{
    return strcmp(path, "/healthz") == 0 || strcmp(path, "/readyz") == 0;
}

/* lws, reading a request with a body out of what it kept back while we answered the one before,
 * takes the request's own head for the body, or never ends. Nothing was received since then: it is
 * such a request. Browsers send none; a client may try again on a new connection. */
static bool is_pipelined_body(struct conn *c, const char *method)
{
    bool body = strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
                strcmp(method, "PATCH") == 0 ||
                lws_hdr_total_length(c->wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) > 0;
    return body && c->read_mark && conn_bytes_read(c) == c->read_mark;
}

static struct exchange *exchange_new(struct conn *c)
{
    struct exchange *ex = mem_new(sizeof *ex);
    struct id id = id_random();
    id_text(&id, ex->request_id);
    ex->conn = c;
    ex->pattern = "";
    ex->began_us = ex->moved_us = net_now(c->loop);
    ex->must_close = net_going(c->loop);
    list_init(&ex->node);
    buf_init(&ex->head, 4096 + HTTP_REPLY_HEAD_MAX);
    c->exchange = ex;
    return ex;
}

int exchange_begin(struct conn *c)
{
    struct head h = {.arg_count = 0};
    char *uri = NULL;
    int uri_len = 0;
    if (c->killed || c->exchange)
        return -1;
    const char *method = head_method(lws_http_get_uri_and_method(c->wsi, &uri, &uri_len));
    if (!method || is_pipelined_body(c, method))
        return -1;
    conn_busy(c);
    metric_add(&net_requests, 1);
    struct exchange *ex = exchange_new(c);
    ex->method = method;
    check_keep_alive(ex);
    if (!check_length(ex) || !check_framing(ex))
        return 0;
    if (!path_valid(uri, (size_t)uri_len) || !head_read(c->wsi, &h)) {
        respond_problem(ex, 400, err_code(ERR_INVALID), "The request is not well formed.", true);
        return 0;
    }
    memcpy(h.path, uri, (size_t)uri_len);
    if (ex->body_size == 0) /* as in exchange_waits() */
        lws_rx_flow_control(c->wsi, 0);
    if (c->metrics) {
        local_metrics(ex, &h);
    } else if (is_health(h.path) || check_host(ex, &h)) {
        if (!local_reply(ex, &h) && check_expect(ex) && !carried_begin(ex, &h))
            begin_route(ex, &h);
    }
    return ex->stage == LINGERING ? -1 : 0;
}

/* --- the body --- */

/* lws 4.3 hands a pipelined request over as a part of the body before it, and never ends that body.
 * This request is answered; those after it are lost, which closing the connection says. */
static int body_overrun(struct exchange *ex)
{
    ex->overrun = ex->must_close = true;
    return exchange_body_end(ex->conn);
}

int exchange_body(struct conn *c, const void *bytes, size_t len)
{
    struct exchange *ex = c->exchange;
    if (!ex || !len)
        return 0;
    if (ex->stage > READING || ex->body_ended) {
        ex->discarded += len;
        return ex->discarded > DISCARD_MAX ? -1 : 0;
    }
    bool overrun = len > ex->body_size - ex->body_have;
    if (overrun)
        len = (size_t)(ex->body_size - ex->body_have);
    if (ex->spool) {
        spool_add(ex->spool, bytes, len);
        if (spool_waiting(ex->spool) >= SPOOL_WINDOW && !ex->paused) {
            ex->paused = true;
            lws_rx_flow_control(c->wsi, 0);
        }
    } else {
        memcpy(ex->body + ex->body_have, bytes, len);
    }
    ex->body_have += len;
    return overrun ? body_overrun(ex) : 0;
}

int exchange_body_end(struct conn *c)
{
    struct exchange *ex = c->exchange;
    if (!ex)
        return 0;
    if (ex->body_ended) /* a next request is there already; it has to wait, and not for long */
        return ++ex->repeats > REPEATS_MAX ? -1 : 0;
    ex->body_ended = true;
    if (ex->stage == LINGERING)
        return -1;
    if (ex->stage != READING || ex->body_have < ex->body_size)
        return 0;
    lws_rx_flow_control(c->wsi, 0);
    if (ex->spool) {
        if (spool_waiting(ex->spool) == 0)
            on_spooled(ex);
    } else if (ex->carried) {
        carried_body(ex);
    } else {
        http_wire_body(ex->wire, ex->body, (size_t)ex->body_have);
        ex->body = NULL;
        submit(ex);
    }
    return 0;
}

void exchange_drop(struct conn *c)
{
    struct exchange *ex = c->exchange;
    if (!ex)
        return;
    c->exchange = NULL;
    list_remove(&ex->node);
    spool_release(ex->spool);
    http_wire_release(ex->wire);
    carried_request_free(ex->carried);
    payload_unref(ex->bytes);
    file_reader_release(ex->file);
    buf_release(&ex->head);
    free(ex->body);
    free(ex);
}
