/* The requests of carried connections: whose they are, where they go, what they are answered. */
#include "base/mem.h"
#include "http/cookie.h"
#include "net/carried.h"
#include "net/head.h"

#define PATH     "/api/live"
#define BODY_MAX (64 * 1024)

static const struct {
    const char *action, *pattern;
    const char *number; /* of its first line; NULL: its body says nothing */
} kinds[] = {
    [CARRIED_OPEN] = {"", PATH, "protocol"},
    [CARRIED_NEXT] = {"/next", PATH "/{connection}/next", "ack"},
    [CARRIED_SEND] = {"/commands", PATH "/{connection}/commands", "number"},
    [CARRIED_CLOSE] = {"/close", PATH "/{connection}/close", NULL},
};

#define KINDS (sizeof kinds / sizeof *kinds)

/* "/api/live", or "/api/live/{connection}" and what is asked of it. */
static bool read_path(const char *path, enum carried_kind *kind, struct id *connection)
{
    char text[ID_TEXT_SIZE];
    path += strlen(PATH);
    *kind = CARRIED_OPEN;
    if (!*path)
        return true;
    if (strlen(path) <= ID_TEXT_SIZE)
        return false;
    memcpy(text, path + 1, ID_TEXT_SIZE - 1);
    text[ID_TEXT_SIZE - 1] = '\0';
    for (size_t i = CARRIED_NEXT; i < KINDS; i++) {
        if (strcmp(path + ID_TEXT_SIZE, kinds[i].action) != 0)
            continue;
        *kind = (enum carried_kind)i;
        return id_parse(text, connection);
    }
    return false;
}

/* 0, or the status to refuse with: where it comes from is compared exactly, as for websockets. */
static int status_for(const struct exchange *ex, const struct head *h)
{
    struct net_loop *l = ex->conn->loop;
    if (strcmp(ex->method, "POST") != 0)
        return 405;
    if (strcmp(h->x_amphi, "1") != 0 || strcmp(h->origin, l->net->base_url) != 0)
        return 403;
    return ex->body_size > BODY_MAX ? 413 : 0;
}

static void refuse(struct exchange *ex, int status, const char *code)
{
    const char *headers = status == 405   ? "Allow: POST\r\n"
                          : status == 503 ? "Retry-After: 2\r\n"
                                          : NULL;
    ex->must_close |= ex->body_size > ex->body_have;
    respond(ex, &(struct reply){.status = status,
                                .content_type = HTTP_PROBLEM_TYPE,
                                .headers = headers,
                                .bytes = http_problem_bytes(status, code, NULL, NULL, NULL)});
}

static const char *code_for(int status)
{
    return status == 400   ? err_code(ERR_INVALID)
           : status == 405 ? "request.method"
           : status == 403 ? "auth.csrf"
           : status == 413 ? err_code(ERR_TOO_LARGE)
                           : err_code(ERR_NOT_FOUND);
}

void carried_request_free(struct carried_request *r)
{
    if (!r)
        return;
    payload_unref(r->bytes);
    buf_release(&r->come);
    free(r->body);
    free(r);
}

static struct carried_request *request_new(struct exchange *ex, enum carried_kind kind)
{
    struct carried_request *r = mem_new(sizeof *r);
    r->from = ex->conn->loop;
    r->conn = conn_handle(ex->conn);
    r->kind = kind;
    memcpy(r->request_id, ex->request_id, sizeof r->request_id);
    return r;
}

bool carried_begin(struct exchange *ex, const struct head *h)
{
    enum carried_kind kind;
    struct sign_ins sign_ins;
    struct id connection = {0};
    size_t len = strlen(PATH);
    if (strncmp(h->path, PATH, len) != 0 || (h->path[len] && h->path[len] != '/'))
        return false;
    int status = read_path(h->path, &kind, &connection) ? status_for(ex, h) : 404;
    ex->pattern = status == 404 ? "" : kinds[kind].pattern;
    if (!cookie_sign_ins(h->cookie, ex->conn->loop->net->config.http.token_hash, &sign_ins) &&
        !status)
        status = 400;
    if (status) {
        refuse(ex, status, code_for(status));
        return true;
    }
    struct carried_request *r = ex->carried = request_new(ex, kind);
    r->connection = connection;
    r->sign_ins = sign_ins;
    ex->stage = READING;
    ex->body = mem_new((size_t)ex->body_size + 1);
    if (ex->body_size == 0)
        carried_body(ex);
    return true;
}

/* --- its body is there --- */

static void open_here(struct exchange *ex, struct carried_request *r)
{
    struct net_loop *l = ex->conn->loop;
    bool outdated = r->parcel.number < PROTOCOL_VERSION;
    char text[ID_TEXT_SIZE], body[96];
    if (r->parcel.number > PROTOCOL_VERSION) {
        refuse(ex, 400, err_code(ERR_INVALID));
        return;
    }
    if (net_going(l) ||
        !carried_open(l, &ex->conn->address_key,
                      &(struct greeting){.outdated = outdated, .sign_ins = &r->sign_ins},
                      &r->connection)) {
        refuse(ex, 503, err_code(ERR_BUSY));
        return;
    }
    int len = snprintf(body, sizeof body, "{\"connection\":\"%s\"}", id_text(&r->connection, text));
    respond(ex, &(struct reply){.status = 201,
                                .content_type = "application/json",
                                .bytes = payload_copy(body, (size_t)len)});
}

static void on_request(struct message *message)
{
    struct carried_request *r = container_of(message, struct carried_request, message);
    if (r->to->destroying) /* nobody waits for the reply any more */
        carried_request_free(r);
    else
        carried_take(r);
}

/* Takes r. */
static void hand_over(struct exchange *ex, struct carried_request *r)
{
    struct net *net = ex->conn->loop->net;
    int to = r->connection.bytes[0];
    if (!carried_is_here(r->from, &r->connection)) {
        exchange_waits(ex);
        carried_pass_on(r);
        return;
    }
    if (to >= net->config.loop_count) {
        refuse(ex, 404, "live.unknown");
        carried_request_free(r);
        return;
    }
    r->to = &net->loops[to];
    r->message.deliver = on_request;
    exchange_waits(ex);
    if (r->to == r->from) {
        on_request(&r->message);
    } else if (mailbox_try_post(loop_mailbox(r->to->loop), &r->message) != ERR_OK) {
        refuse(ex, 503, err_code(ERR_BUSY));
        carried_request_free(r);
    }
}

void carried_body(struct exchange *ex)
{
    struct carried_request *r = ex->carried;
    const char *number = kinds[r->kind].number;
    ex->carried = NULL;
    r->body = ex->body;
    ex->body = NULL;
    if (number &&
        !parcel_read(r->body, (size_t)ex->body_have, number, r->kind == CARRIED_NEXT, &r->parcel))
        refuse(ex, 400, err_code(ERR_INVALID));
    else if (r->kind == CARRIED_OPEN)
        open_here(ex, r);
    else {
        hand_over(ex, r);
        return;
    }
    carried_request_free(r);
}

/* --- the reply --- */

static void respond_with(struct exchange *ex, struct carried_request *r)
{
    if (r->signed_in)
        conn_signed_in(ex->conn);
    ex->must_close |= net_going(ex->conn->loop);
    if (r->code) {
        refuse(ex, r->status, r->code);
        return;
    }
    ex->unlogged = true; /* one for each thing that happens, for each client */
    respond(ex, &(struct reply){.status = r->status,
                                .content_type = r->bytes ? "text/plain; charset=utf-8" : NULL,
                                .bytes = r->bytes});
    r->bytes = NULL;
}

static void on_reply(struct message *message)
{
    struct carried_request *r = container_of(message, struct carried_request, message);
    struct conn *c = conn_find(r->from, r->conn);
    struct exchange *ex = c && c->wsi && !c->killed ? c->exchange : NULL;
    if (ex && ex->stage == WORKING && strcmp(ex->request_id, r->request_id) == 0)
        respond_with(ex, r);
    carried_request_free(r);
}

void carried_post(struct carried_request *r)
{
    r->message.deliver = on_request;
    if (mailbox_try_post(loop_mailbox(r->to->loop), &r->message) != ERR_OK)
        carried_request_free(r); /* its client repeats it */
}

void carried_reply(struct carried_request *r, int status, const char *code)
{
    r->status = status;
    r->code = code;
    if (r->far) {
        carried_answer_far(r);
        return;
    }
    r->message.deliver = on_reply;
    if (r->to == r->from)
        on_reply(&r->message);
    else
        mailbox_post(loop_mailbox(r->from->loop), &r->message);
}
