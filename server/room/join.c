/* session.join on the connection's loop: read, ask who it is, ask the home loop. */
#include "base/json.h"
#include "room/dispatch_private.h"
#include "room/encode.h"
#include <stdlib.h>
#include <string.h>

#define SEQ_MAX ((int64_t)1 << 53)

static void join_failed(struct dispatch *d, struct conn *conn, int64_t request)
{
    conn_greeted(d, conn, JOIN_AGAIN_US);
    conn_send(d, conn, encode_error(request, err_code(ERR_BUSY)));
}

static void ask_home(struct dispatch *d, struct conn *conn, struct join *join)
{
    conn->who = join->check.who;
    conn->state = CONN_JOINING;
    join->message.deliver = rooms_join;
    join->home = dispatch_home(d, &join->check.session);
    int64_t request = join->request;
    conn->home = join->home;
    if (dispatch_try_post(d, join->home, &join->message) == ERR_OK)
        return;
    conn->home = NULL;
    free(join);
    join_failed(d, conn, request);
}

static void on_checked(struct dispatch *d, struct conn *conn, struct join *join)
{
    enum err err = join->check.err;
    if (err == ERR_OK && join->check.who.roles == 0)
        err = ERR_UNAUTHENTICATED;
    if (err == ERR_OK && !join->again) {
        ask_home(d, conn, join);
        return;
    }
    if (err == ERR_OK && join->check.who.roles != conn->who.roles)
        conn_close(d, conn, CLOSE_GOING_AWAY, "roles changed"); /* joins again with the new ones */
    else if (err == ERR_UNAUTHENTICATED)
        conn_close(d, conn, CLOSE_NOT_SIGNED_IN, "not signed in");
    else if (err == ERR_NOT_FOUND || err == ERR_FORBIDDEN)
        conn_close(d, conn, CLOSE_NO_SUCH_SESSION, "no such session");
    else if (err != ERR_OK && !join->again)
        join_failed(d, conn, join->request);
    free(join);
}

static void on_answer(struct message *message)
{
    struct sign_in_check *check = container_of(message, struct sign_in_check, message);
    struct join *join = container_of(check, struct join, check);
    struct conn *conn = conn_find(join->from, join->conn);
    if (!conn || conn->state != (join->again ? CONN_MEMBER : CONN_CHECKING)) {
        free(join);
        return;
    }
    on_checked(join->from, conn, join);
}

static struct join *join_new(struct dispatch *d, const struct conn *conn)
{
    struct join *join = room_alloc(sizeof *join);
    join->from = d;
    join->conn = conn->handle;
    join->check.message.deliver = on_answer;
    join->check.reply_to = d->mailbox;
    join->check.session = conn->session;
    memcpy(join->check.token, conn->token, TOKEN_HASH_SIZE);
    return join;
}

void conn_check_again(struct dispatch *d, struct conn *conn)
{
    struct join *join = join_new(d, conn);
    join->again = true;
    d->config.lookup(d->config.app, &join->check);
}

/* The optional "resume":{"epoch","seq"}; a fault is told through the outer reader. */
static void read_resume(struct json_reader *r, struct join *join)
{
    if (!json_read_has(r, "resume"))
        return;
    json_t *object = json_read_object(r, "resume");
    if (!object)
        return;
    struct json_reader inner = json_reader(object);
    const char *epoch = json_read_string(&inner, "epoch", 1, sizeof join->epoch - 1);
    join->seq = json_read_int(&inner, "seq", 0, SEQ_MAX);
    if (!json_reader_end(&inner)) {
        json_reader_fault(r, inner.field, inner.reason);
        return;
    }
    join->resume = strlen(epoch) < sizeof join->epoch;
    if (join->resume)
        memcpy(join->epoch, epoch, strlen(epoch) + 1);
}

void conn_join(struct dispatch *d, struct conn *conn, int64_t request, json_t *data)
{
    if (conn->state != CONN_GREETED) {
        conn_close(d, conn, CLOSE_PROTOCOL, "second join");
        return;
    }
    struct join *join = join_new(d, conn);
    join->request = request;
    struct json_reader r = json_reader(data);
    join->check.session = json_read_id(&r, "session");
    read_resume(&r, join);
    if (!json_reader_end(&r)) {
        conn_send(d, conn, encode_field_error(request, r.field, r.reason));
        free(join);
        return;
    }
    if (d->draining) {
        free(join);
        join_failed(d, conn, request);
        return;
    }
    conn->asked = true;
    conn->session = join->check.session;
    conn->state = CONN_CHECKING;
    d->config.lookup(d->config.app, &join->check);
}
