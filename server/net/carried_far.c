/* Binary, the most significant byte first, as written below. */
#include "base/app.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "net/carried.h"
#include "net/passed_on.h"

#define ASK         "ask"
#define ANSWER      "answer"
#define CHECK_MS    500
#define WAIT_MOST   5000              /* ms that a request for frames waits there */
#define LATE_US     (4 * US_PER_S)    /* beyond that an answer is not waited for */
#define NEW_US      (2 * US_PER_S)    /* after that every node knows of one that has begun */
#define BODY_MOST   (64 * 1024)       /* of a request */
#define ANSWER_MOST (4 * 1024 * 1024) /* bytes of a whole answer */
#define PART_MOST   (256 * 1024)      /* of one message */
#define MARK        1                 /* where an id says which node's it is */

/* u8 loop, id request: who asks; id connection, u8 kind, u64 number, u32 wait_ms, u8 held,
 * SIDES × token; then the frames. */
#define ASK_HEAD (1 + 16 + 16 + 1 + 8 + 4 + 1 + SIDES * TOKEN_HASH_SIZE)
/* u8 loop, id request, u16 status, u8 code, u8 signed in, u32 where this part begins, u32 bytes of
 * the whole; then the part. */
#define ANSWER_HEAD (1 + 16 + 2 + 1 + 1 + 4 + 4)

static const char *const codes[] = {NULL, "live.unknown", "live.replaced"};
#define CODES (sizeof codes / sizeof *codes)

struct answer {
    struct message message;
    struct net_loop *loop;
    struct id request;
    int status;
    const char *code;
    bool signed_in;
    size_t at, size, len;
    char part[];
};

static const struct net_others *others_of(const struct net_loop *l)
{
    return l->net->config.others;
}

static struct app *app_of(const struct net_loop *l)
{
    return l->net->config.http.app;
}

/* --- whose a connection is --- */

void carried_mark(const struct net_loop *l, struct id *connection)
{
    connection->bytes[0] = (uint8_t)l->index;
    if (app_of(l))
        memcpy(connection->bytes + MARK, app_of(l)->node.bytes, NET_NODE_MARK);
}

bool carried_is_here(const struct net_loop *l, const struct id *connection)
{
    return !app_of(l) ||
           memcmp(connection->bytes + MARK, app_of(l)->node.bytes, NET_NODE_MARK) == 0;
}

static bool find_owner(const struct net_loop *l, const struct id *connection, struct id *node)
{
    return others_of(l) && others_of(l)->find(app_of(l), connection->bytes + MARK, node);
}

/* --- asking: the exchange's loop --- */

static unsigned char *put(unsigned char *at, uint64_t value, size_t n)
{
    bytes_put(at, value, n);
    return at + n;
}

static unsigned char *put_bytes(unsigned char *at, const void *bytes, size_t n)
{
    memcpy(at, bytes, n);
    return at + n;
}

static void send_ask(const struct carried_request *r, const struct id *node)
{
    const struct net_loop *l = r->from;
    size_t len = ASK_HEAD + r->parcel.left;
    unsigned char *data = mem_new(len), *at = put(data, (uint64_t)l->index, 1);
    at = put_bytes(at, r->request.bytes, sizeof r->request.bytes);
    at = put_bytes(at, r->connection.bytes, sizeof r->connection.bytes);
    at = put(at, r->kind, 1);
    at = put(at, (uint64_t)r->parcel.number, 8);
    at = put(at, (uint64_t)r->parcel.wait_ms, 4);
    at = put(at, r->sign_ins.held[SIDE_STAFF] | r->sign_ins.held[SIDE_HCP] << 1, 1);
    for (int side = 0; side < SIDES; side++)
        at = put_bytes(at, r->sign_ins.token[side], TOKEN_HASH_SIZE);
    if (r->parcel.left)
        memcpy(at, r->parcel.next, r->parcel.left);
    others_of(l)->send(app_of(l), node, ASK, (char *)data, len);
    free(data);
}

static void finish(struct carried_request *r, int status, const char *code)
{
    struct net_loop *l = r->from;
    map_remove(&l->carried_far, &r->request);
    wheel_cancel(loop_wheel(l->loop), &r->timer);
    r->to = l;
    carried_reply(r, status, code);
}

static void ask(struct carried_request *r, const struct id *node)
{
    bool waits = r->kind == CARRIED_NEXT;
    r->asked = true;
    r->until_us = net_now(r->from) + LATE_US + (waits ? r->parcel.wait_ms * US_PER_MS : 0);
    send_ask(r, node);
}

/* Its node died, or never was: the client begins anew, on any. Nothing came: it asks again. */
static void on_check(struct timer *timer)
{
    struct carried_request *r = container_of(timer, struct carried_request, timer);
    struct id node;
    bool late = net_now(r->from) > r->until_us;
    bool found = find_owner(r->from, &r->connection, &node);
    if (!found && (r->asked || late)) {
        finish(r, 404, codes[1]);
        return;
    }
    if (r->asked && late) {
        finish(r, 503, err_code(ERR_BUSY));
        return;
    }
    if (found && !r->asked)
        ask(r, &node);
    wheel_set(loop_wheel(r->from->loop), &r->timer, CHECK_MS);
}

/* A node that has just begun may have given out ids before it is listed here. */
void carried_pass_on(struct carried_request *r)
{
    struct net_loop *l = r->from;
    r->to = l;
    if (!others_of(l) || !id_parse(r->request_id, &r->request)) {
        carried_reply(r, 404, codes[1]);
        return;
    }
    if (r->kind == CARRIED_NEXT && (!r->parcel.wait_ms || r->parcel.wait_ms > WAIT_MOST))
        r->parcel.wait_ms = WAIT_MOST;
    r->until_us = net_now(l) + NEW_US;
    map_put(&l->carried_far, &r->request, r);
    timer_init(&r->timer, on_check);
    on_check(&r->timer);
}

void carried_forget_far(struct net_loop *l)
{
    size_t cursor = 0;
    struct carried_request *r;
    while ((r = map_next(&l->carried_far, &cursor))) {
        wheel_cancel(loop_wheel(l->loop), &r->timer);
        carried_request_free(r);
    }
    map_release(&l->carried_far);
}

/* Parts come in order; when one was lost nothing more is taken. */
static void take_part(struct carried_request *r, const struct answer *a)
{
    if (a->at != r->come.len || a->size > ANSWER_MOST || a->at + a->len > a->size)
        return;
    if (a->at == 0)
        buf_init(&r->come, a->size);
    buf_add(&r->come, a->part, a->len);
    if (r->come.len < a->size)
        return;
    if (a->size)
        r->bytes = payload_copy(r->come.data, r->come.len);
    r->signed_in = a->signed_in;
    finish(r, a->status, a->code);
}

static void on_answer(struct message *message)
{
    struct answer *a = container_of(message, struct answer, message);
    struct carried_request *r =
        a->loop->destroying ? NULL : map_get(&a->loop->carried_far, &a->request);
    if (r)
        take_part(r, a);
    free(a);
}

/* --- answering: the connection's loop --- */

static void send_part(const struct carried_request *r, uint64_t code, size_t begin, size_t size)
{
    const struct net_loop *l = r->to;
    size_t len = size - begin < PART_MOST ? size - begin : PART_MOST;
    unsigned char *data = mem_new(ANSWER_HEAD + len), *at = put(data, r->asker_loop, 1);
    at = put_bytes(at, r->request.bytes, sizeof r->request.bytes);
    at = put(at, (uint64_t)r->status, 2);
    at = put(at, code, 1);
    at = put(at, r->signed_in, 1);
    at = put(at, begin, 4);
    at = put(at, size, 4);
    if (len)
        memcpy(at, r->bytes->bytes + begin, len);
    others_of(l)->send(app_of(l), &r->asker, ANSWER, (char *)data, ANSWER_HEAD + len);
    free(data);
}

void carried_answer_far(struct carried_request *r)
{
    size_t size = r->bytes ? r->bytes->len : 0, begin = 0, code = 0;
    for (size_t i = 1; r->code && i < CODES; i++)
        if (strcmp(codes[i], r->code) == 0)
            code = i;
    do
        send_part(r, code, begin, size);
    while ((begin += PART_MOST) < size);
    carried_request_free(r);
}

/* --- messages of other nodes: a thread of the bus --- */

static const unsigned char *take_id(const unsigned char *at, struct id *id)
{
    memcpy(id->bytes, at, sizeof id->bytes);
    return at + sizeof id->bytes;
}

static struct carried_request *read_ask(const unsigned char *at, size_t len)
{
    struct carried_request *r = mem_new(sizeof *r);
    r->far = true;
    r->asker_loop = at[0];
    at = take_id(take_id(at + 1, &r->request), &r->connection);
    r->kind = (enum carried_kind)at[0];
    r->parcel.number = (int64_t)bytes_get(at + 1, 8);
    r->parcel.wait_ms = (int64_t)bytes_get(at + 9, 4);
    r->sign_ins.held[SIDE_STAFF] = at[13] & 1;
    r->sign_ins.held[SIDE_HCP] = (at[13] & 2) != 0;
    memcpy(r->sign_ins.token, at + 14, sizeof r->sign_ins.token);
    r->parcel.left = len - ASK_HEAD;
    r->body = mem_new(r->parcel.left + 1);
    memcpy(r->body, at + 14 + sizeof r->sign_ins.token, r->parcel.left);
    r->parcel.next = r->body;
    return r;
}

static bool hear_ask(struct net *net, const struct id *from, const unsigned char *data, size_t len)
{
    if (!net->config.others || len < ASK_HEAD || len > ASK_HEAD + BODY_MOST)
        return false;
    struct carried_request *r = read_ask(data, len);
    int loop = r->connection.bytes[0];
    if (loop >= net->config.loop_count || r->kind < CARRIED_NEXT || r->kind > CARRIED_CLOSE ||
        r->parcel.number < 0) {
        carried_request_free(r);
        return false;
    }
    r->asker = *from;
    r->from = r->to = &net->loops[loop];
    carried_post(r);
    return true;
}

static bool hear_answer(struct net *net, const unsigned char *at, size_t len)
{
    if (len < ANSWER_HEAD || at[0] >= net->config.loop_count || at[19] >= CODES)
        return false;
    struct answer *a = mem_new(sizeof *a + len - ANSWER_HEAD);
    a->loop = &net->loops[at[0]];
    take_id(at + 1, &a->request);
    a->status = (int)bytes_get(at + 17, 2);
    a->code = codes[at[19]];
    a->signed_in = at[20];
    a->at = bytes_get(at + 21, 4);
    a->size = bytes_get(at + 25, 4);
    a->len = len - ANSWER_HEAD;
    memcpy(a->part, at + ANSWER_HEAD, a->len);
    a->message.deliver = on_answer;
    mailbox_post(loop_mailbox(a->loop->loop), &a->message);
    return true;
}

bool net_passed_on(struct net *net, const struct id *from, const char *kind, const char *data,
                   size_t len, bool *good)
{
    bool ask = strcmp(kind, ASK) == 0;
    if (!ask && strcmp(kind, ANSWER) != 0)
        return false;
    const unsigned char *bytes = (const unsigned char *)data;
    *good = ask ? hear_ask(net, from, bytes, len) : hear_answer(net, bytes, len);
    return true;
}
