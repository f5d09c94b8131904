/* session.join on the connection's loop: read, ask who it is, ask the home loop. */
#include "base/json.h"
#include "base/mem.h"
#include "room/conn/clients.h"
#include "room/encode.h"
#include "room/meters.h"
#include <stdlib.h>
#include <string.h>

#define SEQ_MAX ((int64_t)1 << 53)

void join_free(struct join *join)
{
    free(join->check.name);
    free(join);
}

static void join_failed(struct connections *cs, struct client *client, int64_t request)
{
    metric_add(&meter_busy, 1);
    client_become(cs, client, CLIENT_GREETED, JOIN_AGAIN_US);
    client_send(cs, client, encode_error(request, err_code(ERR_BUSY)));
}

/* Each join writes a span: one person may not fill the database by coming and going. */
static bool comes_too_often(struct connections *cs, const struct id *person)
{
    int64_t *bucket = &cs->joins[id_hash(person) % JOIN_BUCKETS];
    return !bucket_take(bucket, connections_mono(cs), JOIN_BURST, JOIN_PER_MINUTE);
}

static void ask_home(struct connections *cs, struct client *client, struct join *join)
{
    if (comes_too_often(cs, &join->check.who.person)) {
        join_failed(cs, client, join->request);
        join_free(join);
        return;
    }
    if (cs->wire.signed_in &&
        !cs->wire.signed_in(cs->wire.net, client->handle, &join->check.who.person)) {
        client_close(cs, client, CLOSE_PROTOCOL, "too many connections");
        join_free(join);
        return;
    }
    struct dispatch *d = cs->dispatch;
    client->who = join->check.who;
    client->until = join->check.until;
    client_become(cs, client, CLIENT_JOINING, 0);
    join->message.deliver = rooms_join;
    join->home = dispatch_home(d->peers, d->loops, &join->check.session);
    int64_t request = join->request;
    client->home = join->home;
    if (dispatch_try_post(d, join->home, &join->message) == ERR_OK)
        return;
    client->home = NULL;
    join_free(join);
    join_failed(cs, client, request);
}

static void on_checked_again(struct connections *cs, struct client *client, const struct join *join)
{
    bool unknown = join->check.err != ERR_OK;
    if (unknown ? join->ended : join->check.who.roles != client->who.roles) {
        client_close(cs, client, CLOSE_GOING_AWAY,
                     "roles changed"); /* joins again with the new ones */
    } else if (!unknown) {
        client->until = join->check.until;
        client_become(cs, client, CLIENT_MEMBER, CHECK_AGAIN_US);
    }
}

static void on_checked(struct connections *cs, struct client *client, struct join *join)
{
    enum err err = join->check.err;
    if (err == ERR_OK && join->check.who.roles == 0)
        err = ERR_UNAUTHENTICATED;
    if (err == ERR_OK && !join->again) {
        ask_home(cs, client, join);
        return;
    }
    if (err == ERR_UNAUTHENTICATED)
        client_close(cs, client, CLOSE_NOT_SIGNED_IN, "not signed in");
    else if (err == ERR_NOT_FOUND || err == ERR_FORBIDDEN)
        client_close(cs, client, CLOSE_NO_SUCH_SESSION, "no such session");
    else if (join->again)
        on_checked_again(cs, client, join);
    else
        join_failed(cs, client, join->request);
    join_free(join);
}

static void on_answer(struct message *message)
{
    struct sign_in_check *check = container_of(message, struct sign_in_check, message);
    struct join *join = container_of(check, struct join, check);
    struct client *client = client_find(join->from->connections, join->conn);
    if (!client || client->state != (join->again ? CLIENT_MEMBER : CLIENT_CHECKING)) {
        join_free(join);
        return;
    }
    on_checked(join->from->connections, client, join);
}

static struct join *join_new(struct connections *cs, const struct client *client)
{
    struct join *join = mem_new(sizeof *join);
    join->from = cs->dispatch;
    join->conn = client->handle;
    join->asked_at = connections_mono(cs);
    join->check.message.deliver = on_answer;
    join->check.reply_to = cs->dispatch->mailbox;
    join->check.session = client->session;
    memcpy(join->check.token, client->token, TOKEN_HASH_SIZE);
    return join;
}

void client_check_again(struct connections *cs, struct client *client, bool ended)
{
    struct join *join = join_new(cs, client);
    join->again = true;
    join->ended = ended;
    cs->dispatch->config.lookup(cs->dispatch->config.app, &join->check);
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

void client_join(struct connections *cs, struct client *client, int64_t request, json_t *data)
{
    if (client->state != CLIENT_GREETED) {
        client_close(cs, client, CLOSE_PROTOCOL, "second join");
        return;
    }
    struct join *join = join_new(cs, client);
    join->request = request;
    struct json_reader r = json_reader(data);
    join->check.session = json_read_id(&r, "session");
    read_resume(&r, join);
    if (!json_reader_end(&r)) {
        client_send(cs, client, encode_field_error(request, r.field, r.reason));
        join_free(join);
        return;
    }
    if (cs->dispatch->draining) {
        join_free(join);
        join_failed(cs, client, request);
        return;
    }
    client->asked = true;
    client->session = join->check.session;
    client_become(cs, client, CLIENT_CHECKING, 0);
    cs->dispatch->config.lookup(cs->dispatch->config.app, &join->check);
}
