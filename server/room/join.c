/* session.join on the connection's loop: read, ask who it is, ask the home loop. */
#include "base/json.h"
#include "base/mem.h"
#include "room/dispatch_private.h"
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

static void join_failed(struct dispatch *d, struct tab *tab, int64_t request)
{
    metric_add(&meter_busy, 1);
    tab_greeted(d, tab, JOIN_AGAIN_US);
    tab_send(d, tab, encode_error(request, err_code(ERR_BUSY)));
}

/* Each join writes a span: one person may not fill the database by coming and going. */
static bool comes_too_often(struct dispatch *d, const struct id *person)
{
    int64_t *bucket = &d->joins[id_hash(person) % JOIN_BUCKETS];
    return !bucket_take(bucket, clock_mono_us(d->config.clock), JOIN_BURST, JOIN_PER_MINUTE);
}

static void ask_home(struct dispatch *d, struct tab *tab, struct join *join)
{
    if (comes_too_often(d, &join->check.who.person)) {
        join_failed(d, tab, join->request);
        join_free(join);
        return;
    }
    if (d->wire.signed_in &&
        !d->wire.signed_in(d->wire.net, tab->handle, &join->check.who.person)) {
        tab_close(d, tab, CLOSE_PROTOCOL, "too many connections");
        join_free(join);
        return;
    }
    tab->who = join->check.who;
    tab->until = join->check.until;
    tab->state = TAB_JOINING;
    join->message.deliver = rooms_join;
    join->home = dispatch_home(d, &join->check.session);
    int64_t request = join->request;
    tab->home = join->home;
    if (dispatch_try_post(d, join->home, &join->message) == ERR_OK)
        return;
    tab->home = NULL;
    join_free(join);
    join_failed(d, tab, request);
}

static void on_checked_again(struct dispatch *d, struct tab *tab, const struct join *join)
{
    bool unknown = join->check.err != ERR_OK;
    if (unknown ? join->ended : join->check.who.roles != tab->who.roles) {
        tab_close(d, tab, CLOSE_GOING_AWAY, "roles changed"); /* joins again with the new ones */
    } else if (!unknown) {
        tab->until = join->check.until;
        tab_check_later(d, tab);
    }
}

static void on_checked(struct dispatch *d, struct tab *tab, struct join *join)
{
    enum err err = join->check.err;
    if (err == ERR_OK && join->check.who.roles == 0)
        err = ERR_UNAUTHENTICATED;
    if (err == ERR_OK && !join->again) {
        ask_home(d, tab, join);
        return;
    }
    if (err == ERR_UNAUTHENTICATED)
        tab_close(d, tab, CLOSE_NOT_SIGNED_IN, "not signed in");
    else if (err == ERR_NOT_FOUND || err == ERR_FORBIDDEN)
        tab_close(d, tab, CLOSE_NO_SUCH_SESSION, "no such session");
    else if (join->again)
        on_checked_again(d, tab, join);
    else
        join_failed(d, tab, join->request);
    join_free(join);
}

static void on_answer(struct message *message)
{
    struct sign_in_check *check = container_of(message, struct sign_in_check, message);
    struct join *join = container_of(check, struct join, check);
    struct tab *tab = tab_find(join->from, join->conn);
    if (!tab || tab->state != (join->again ? TAB_MEMBER : TAB_CHECKING)) {
        join_free(join);
        return;
    }
    on_checked(join->from, tab, join);
}

static struct join *join_new(struct dispatch *d, const struct tab *tab)
{
    struct join *join = mem_new(sizeof *join);
    join->from = d;
    join->conn = tab->handle;
    join->asked_at = clock_mono_us(d->config.clock);
    join->check.message.deliver = on_answer;
    join->check.reply_to = d->mailbox;
    join->check.session = tab->session;
    memcpy(join->check.token, tab->token, TOKEN_HASH_SIZE);
    return join;
}

void tab_check_again(struct dispatch *d, struct tab *tab, bool ended)
{
    struct join *join = join_new(d, tab);
    join->again = true;
    join->ended = ended;
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

void tab_join(struct dispatch *d, struct tab *tab, int64_t request, json_t *data)
{
    if (tab->state != TAB_GREETED) {
        tab_close(d, tab, CLOSE_PROTOCOL, "second join");
        return;
    }
    struct join *join = join_new(d, tab);
    join->request = request;
    struct json_reader r = json_reader(data);
    join->check.session = json_read_id(&r, "session");
    read_resume(&r, join);
    if (!json_reader_end(&r)) {
        tab_send(d, tab, encode_field_error(request, r.field, r.reason));
        join_free(join);
        return;
    }
    if (d->draining) {
        join_free(join);
        join_failed(d, tab, request);
        return;
    }
    tab->asked = true;
    tab->session = join->check.session;
    tab->state = TAB_CHECKING;
    d->config.lookup(d->config.app, &join->check);
}
