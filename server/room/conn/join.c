/* session.join and congress.join on the connection's loop: read, ask who it is and whether they
 * may; for a session, ask its home loop. Where the connection was, it stays until it is let in. */
#include "base/json.h"
#include "base/mem.h"
#include "room/conn/clients.h"
#include "room/encode.h"
#include "room/meters.h"
#include <stdlib.h>
#include <string.h>

#define SEQ_MAX ((int64_t)1 << 53)

static const struct id nothing;

void join_free(struct join *join)
{
    free(join->check.name);
    free(join);
}

static void refuse(struct connections *cs, struct client *client, int64_t request, const char *code)
{
    client->joining = JOIN_NONE;
    client_settle(cs, client);
    client_send(cs, client, encode_error(request, code));
}

static void refuse_busy(struct connections *cs, struct client *client, int64_t request)
{
    metric_add(&meter_busy, 1);
    refuse(cs, client, request, err_code(ERR_BUSY));
}

/* Each join writes a span: one person may not fill the database by coming and going. */
static bool comes_too_often(struct connections *cs, const struct id *person)
{
    return !connections_allow(cs, person, 0,
                              &(struct rate){.burst = JOIN_BURST, .per_minute = JOIN_PER_MINUTE});
}

/* --- let in by the look-up --- */

static void enter_congress(struct connections *cs, struct client *client, const struct join *join)
{
    char person[ID_TEXT_SIZE];
    client->congress = join->check.congress;
    client->congress_until = join->check.until;
    client->joining = JOIN_NONE;
    client_settle(cs, client);
    client_send(cs, client,
                encode_ok(join->request,
                          json_pack("{s:s}", "person", id_text(&client->who.person, person))));
}

/* Takes join. */
static void ask_home(struct connections *cs, struct client *client, struct join *join)
{
    struct dispatch *d = cs->dispatch;
    join->message.deliver = rooms_join;
    join->home = dispatch_home(d->peers, d->loops, &join->check.session);
    join->moves = client->home != NULL;
    client->joining = JOIN_ASKING;
    client->joining_home = join->home;
    client->joining_roles = join->check.who.roles;
    client->joining_until = join->check.until;
    int64_t request = join->request;
    if (dispatch_try_post(d, join->home, &join->message) == ERR_OK)
        return;
    join_free(join);
    refuse_busy(cs, client, request);
}

/* A connection is one person's from its first place on: what it takes along when it moves is
 * theirs. */
static void keep_sign_in(struct client *client, enum side side)
{
    for (int other = 0; other < SIDES; other++)
        client->sign_ins.held[other] &= other == (int)side;
}

/* Takes join. */
static void let_in(struct connections *cs, struct client *client, struct join *join)
{
    const struct id *person = &join->check.who.person;
    if (comes_too_often(cs, person)) {
        refuse_busy(cs, client, join->request);
        join_free(join);
        return;
    }
    if (cs->wire.signed_in && !cs->wire.signed_in(cs->wire.net, client->handle, person)) {
        client_close(cs, client, CLOSE_PROTOCOL, "too many connections");
        join_free(join);
        return;
    }
    unsigned roles = client->home ? client->who.roles : join->check.who.roles;
    keep_sign_in(client, join->side);
    client->who = join->check.who;
    client->who.roles = roles; /* where it is, until it is in */
    if (join->publishes) {
        publisher_checked(cs, client, join);
    } else if (id_equal(&join->check.session, &nothing)) {
        enter_congress(cs, client, join);
        join_free(join);
    } else {
        ask_home(cs, client, join);
    }
}

/* --- the answer of the look-up --- */

/* Whether a repeated look-up is about where the client still is. */
static bool is_about(const struct sign_in_check *check, const struct client *client)
{
    if (id_equal(&check->session, &nothing))
        return id_equal(&check->congress, &client->congress);
    return client->home && id_equal(&check->session, &client->session);
}

static void stays(struct connections *cs, struct client *client, const struct sign_in_check *check)
{
    if (id_equal(&check->session, &nothing))
        client->congress_until = check->until;
    else
        client->until = check->until;
    client_settle(cs, client);
}

/* Takes join: a look-up that is repeated for whoever is here already. */
static void on_checked_again(struct connections *cs, struct client *client, struct join *join)
{
    const struct sign_in_check *check = &join->check;
    bool session = !id_equal(&check->session, &nothing);
    enum err err = check->err;
    if (!is_about(check, client))
        ; /* it moved meanwhile */
    else if (err == ERR_UNAUTHENTICATED)
        client_close(cs, client, CLOSE_NOT_SIGNED_IN, "not signed in");
    else if (err == ERR_NOT_FOUND || err == ERR_FORBIDDEN)
        client_close(cs, client, CLOSE_GOING_AWAY, "no access any more");
    else if (err != ERR_OK ? join->ended : session && check->who.roles != client->who.roles)
        client_close(cs, client, CLOSE_GOING_AWAY, "roles changed"); /* joins again with these */
    else if (err == ERR_OK)
        stays(cs, client, check);
    join_free(join);
}

static void look_up(struct connections *cs, const struct client *client, struct join *join,
                    enum side side)
{
    join->side = side;
    memcpy(join->check.token, client->sign_ins.token[side], TOKEN_HASH_SIZE);
    cs->dispatch->config.lookup(cs->dispatch->config.app, &join->check);
}

/* Whether the sign-in is not of the person whom the page shows, whose cookie it once was. */
static bool is_anothers(const struct join *join)
{
    const struct sign_in_check *check = &join->check;
    bool known = check->err == ERR_OK || check->err == ERR_NOT_FOUND;
    return known && !id_equal(&join->person, &nothing) &&
           !id_equal(&join->person, &check->who.person);
}

/* Takes join, if there is another sign-in that may be of the person asked for. */
static bool tries_the_other(struct connections *cs, struct client *client, struct join *join)
{
    bool anothers = is_anothers(join);
    if (!anothers && join->check.err != ERR_UNAUTHENTICATED)
        return false;
    join->others |= anothers;
    if (join->side == SIDE_HCP || !client->sign_ins.held[SIDE_HCP])
        return false;
    free(join->check.name);
    join->check.name = NULL;
    look_up(cs, client, join, SIDE_HCP);
    return true;
}

/* Takes join. */
static void on_checked(struct connections *cs, struct client *client, struct join *join)
{
    enum err err = join->check.err;
    if (tries_the_other(cs, client, join))
        return;
    bool anothers = is_anothers(join) || (err == ERR_UNAUTHENTICATED && join->others);
    if (err == ERR_OK && !anothers) {
        let_in(cs, client, join);
        return;
    }
    if (anothers)
        refuse(cs, client, join->request, "auth.other_person");
    else if (err == ERR_UNAUTHENTICATED)
        client_close(cs, client, CLOSE_NOT_SIGNED_IN, "not signed in");
    else if (err == ERR_NOT_FOUND || err == ERR_FORBIDDEN)
        refuse(cs, client, join->request, err_code(ERR_NOT_FOUND));
    else
        refuse_busy(cs, client, join->request);
    join_free(join);
}

static void on_answer(struct message *message)
{
    struct sign_in_check *check = container_of(message, struct sign_in_check, message);
    struct join *join = container_of(check, struct join, check);
    struct connections *cs = join->from->connections;
    struct client *client = client_find(cs, join->conn);
    if (check->err == ERR_OK && check->who.roles == 0)
        check->err = ERR_UNAUTHENTICATED;
    if (!client || client->close_code || (!join->again && client->joining != JOIN_CHECKING)) {
        join_free(join);
    } else if (client->check_again) { /* what was read may be older than what changed */
        client->check_again = false;
        free(check->name);
        check->name = NULL;
        cs->dispatch->config.lookup(cs->dispatch->config.app, check);
    } else if (join->again) {
        on_checked_again(cs, client, join);
    } else {
        on_checked(cs, client, join);
    }
}

/* --- the commands --- */

static enum side first_side(const struct client *client)
{
    return client->sign_ins.held[SIDE_STAFF] ? SIDE_STAFF : SIDE_HCP;
}

static struct join *join_new(struct connections *cs, const struct client *client)
{
    struct join *join = mem_new(sizeof *join);
    join->from = cs->dispatch;
    join->conn = client->handle;
    join->publishes = client->publishing != NULL;
    join->check.message.deliver = on_answer;
    join->check.reply_to = cs->dispatch->mailbox;
    return join;
}

/* session or congress; *until: of its rights there, forgotten when it has come. */
static void check_place(struct connections *cs, struct client *client, const struct id *session,
                        const struct id *congress, int64_t *until)
{
    struct join *join = join_new(cs, client);
    join->again = true;
    join->ended = *until && *until <= clock_now_us(cs->dispatch->config.clock);
    if (join->ended)
        *until = 0;
    join->check.session = *session;
    join->check.congress = *congress;
    look_up(cs, client, join, first_side(client));
}

void client_check_again(struct connections *cs, struct client *client)
{
    if (client->home)
        check_place(cs, client, &client->session, &nothing, &client->until);
    if (!id_equal(&client->congress, &nothing))
        check_place(cs, client, &nothing, &client->congress, &client->congress_until);
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

/* Takes join, whose fields r has read. */
static void begin(struct connections *cs, struct client *client, struct join *join,
                  struct json_reader *r)
{
    if (json_read_has(r, "person") || sign_ins_count(&client->sign_ins) > 1)
        join->person = json_read_id(r, "person"); /* with two sign-ins it must be said */
    if (!json_reader_end(r)) {
        client_send(cs, client, encode_field_error(join->request, r->field, r->reason));
        join_free(join);
        return;
    }
    client->asked = true;
    if (cs->dispatch->draining || client->joining != JOIN_NONE) {
        metric_add(&meter_busy, 1);
        client_send(cs, client, encode_error(join->request, err_code(ERR_BUSY)));
        join_free(join);
        return;
    }
    client->joining = JOIN_CHECKING;
    client->joining_session = join->check.session;
    look_up(cs, client, join, first_side(client));
}

void client_join_session(struct connections *cs, struct client *client, int64_t request,
                         json_t *data)
{
    struct join *join = join_new(cs, client);
    struct json_reader r = json_reader(data);
    join->request = request;
    join->check.session = json_read_id(&r, "session");
    if (!join->publishes)
        read_resume(&r, join);
    begin(cs, client, join, &r);
}

void client_join_congress(struct connections *cs, struct client *client, int64_t request,
                          json_t *data)
{
    struct join *join = join_new(cs, client);
    struct json_reader r = json_reader(data);
    join->request = request;
    join->check.congress = json_read_id(&r, "congress");
    begin(cs, client, join, &r);
}
