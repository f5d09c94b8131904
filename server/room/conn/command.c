/* A frame of a client, checked in this order on the connection's loop: size, parse, sign-in, room,
 * permission, rate. What passes travels to the home loop. */
#include "base/json.h"
#include "base/mem.h"
#include "base/mix.h"
#include "room/conn/clients.h"
#include "room/encode.h"
#include "room/meters.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST_MAX (((int64_t)1 << 53) - 1)
#define NAME_MOST   64

static int by_name(const void *a, const void *b)
{
    const struct command_entry *x = a, *y = b;
    return strcmp(x->command->name, y->command->name);
}

/* Not 0, which is for joining. */
static uint64_t bucket_named(const char *name)
{
    uint64_t bucket = 1;
    for (; *name; name++)
        bucket = mix64(bucket ^ (unsigned char)*name);
    return bucket ? bucket : 1;
}

void commands_load(struct connections *cs)
{
    for (const struct feature *const *f = cs->dispatch->config.features; *f; f++) {
        for (const struct command *c = (*f)->commands; c && c->name; c++)
            cs->command_count++;
    }
    cs->commands = mem_new((cs->command_count + 1) * sizeof *cs->commands);
    size_t n = 0;
    for (const struct feature *const *f = cs->dispatch->config.features; *f; f++) {
        for (const struct command *c = (*f)->commands; c && c->name; c++)
            cs->commands[n++].command = c;
    }
    qsort(cs->commands, n, sizeof *cs->commands, by_name);
    for (size_t i = 0; i < n; i++) {
        cs->commands[i].bucket = bucket_named(cs->commands[i].command->name);
        assert(i == 0 || by_name(&cs->commands[i - 1], &cs->commands[i]) != 0);
    }
}

static const struct command_entry *command_find(const struct connections *cs, const char *name)
{
    struct command wanted = {.name = name};
    struct command_entry key = {.command = &wanted};
    return bsearch(&key, cs->commands, cs->command_count, sizeof *cs->commands, by_name);
}

bool connections_allow(const struct connections *cs, const struct id *person, uint64_t what,
                       const struct rate *rate)
{
    struct rate_table *rates = cs->dispatch->config.rates;
    int retry_s;
    return rate_allow(rates, rate_key(rates, what, person, sizeof *person), rate,
                      connections_mono(cs), &retry_s);
}

static bool rate_allows(const struct connections *cs, const struct client *client,
                        const struct command_entry *entry)
{
    int burst = entry->command->burst ? entry->command->burst : DEFAULT_BURST;
    int per_minute = entry->command->per_minute ? entry->command->per_minute : DEFAULT_PER_MINUTE;
    return connections_allow(cs, &client->who.person, entry->bucket,
                             &(struct rate){.burst = burst, .per_minute = per_minute});
}

/* Moves the declared ids out of data; false after the fault was told. */
static bool take_ids(struct connections *cs, struct client *client, struct call *call,
                     const struct command *command)
{
    for (int i = 0; i < CALL_MAX_IDS && command->ids[i]; i++) {
        const char *name = command->ids[i];
        struct json_reader r = json_reader(call->data);
        if (!command->optional_ids || json_read_has(&r, name))
            call->ids[i] = json_read_id(&r, name);
        if (r.field) {
            client_send(cs, client, encode_field_error(call->request, r.field, r.reason));
            return false;
        }
        json_object_del(call->data, name);
    }
    return true;
}

/* Takes data. */
static void travel(struct connections *cs, struct client *client, const struct command *command,
                   int64_t request, json_t *data)
{
    struct dispatch *d = cs->dispatch;
    struct call_message *own = mem_new(sizeof *own);
    list_init(&own->node);
    list_init(&own->behind);
    own->call = (struct call){.conn = client->handle,
                              .who = client->who,
                              .data = data,
                              .at = clock_now_us(d->config.clock),
                              .request = request};
    own->command = command;
    own->session = client->session;
    own->loop = d->index;
    own->message.deliver = rooms_call;
    own->home = dispatch_home(d->peers, d->loops, &client->session);
    if (!take_ids(cs, client, &own->call, command)) {
        call_free(&own->call);
        return;
    }
    if (dispatch_try_post(d, own->home, &own->message) != ERR_OK) {
        call_free(&own->call);
        metric_add(&meter_busy, 1);
        client_send(cs, client, encode_error(request, err_code(ERR_BUSY)));
    }
}

/* NULL: it may travel. place NULL: the frame named none. */
static const char *refusal_of(struct connections *cs, struct client *client, const char *place,
                              const struct command_entry *entry)
{
    if (!entry || client->publishing)
        return "request.unknown";
    if (!client->home)
        return client->joining == JOIN_NONE ? "session.left" : err_code(ERR_BUSY);
    if (!place || strcmp(place, client->place) != 0)
        return "session.left"; /* of a session that it is not in any more */
    enum err err = identity_may(&client->who, entry->command->roles);
    if (err != ERR_OK)
        return err_code(err);
    return rate_allows(cs, client, entry) ? NULL : err_code(ERR_RATE);
}

struct request {
    int64_t id;
    const char *command, *place; /* place NULL: none was named */
    json_t *data;                /* borrowed */
};

static const struct {
    struct command command; /* its handler is the one below */
    bool publishes;         /* for the door for media, else for the other one */
    void (*handle)(struct connections *cs, struct client *client, int64_t request, json_t *data);
} own_commands[] = {
    {{.name = "session.join",
      .roles = ROLE_ANY,
      .data = "{session: id, person?: id, resume?: {epoch: id, seq: int}}",
      .ok = "{place: text, epoch: id, seq: int, resumed: bool,"
            " snapshot?: {common: object, own: object}}"},
     false,
     client_join_session},
    {{.name = "session.leave", .roles = ROLE_ANY, .data = "{}"}, false, client_leave_session},
    {{.name = "session.publish",
      .roles = ROLE_ANY,
      .what = "On /publish alone: see Publishing",
      .data = "{session: id, person?: id}",
      .ok = "{stream: int, frame_bytes: int}"},
     true,
     client_publish},
    {{.name = "congress.join",
      .roles = ROLE_ANY,
      .data = "{congress: id, person?: id}",
      .ok = "{person: id}"},
     false,
     client_join_congress},
    {{.name = "congress.leave", .roles = ROLE_ANY, .data = "{}"}, false, client_leave_congress},
};

#define OWN_COMMANDS (sizeof own_commands / sizeof *own_commands)

const struct command *connection_command(size_t index)
{
    return index < OWN_COMMANDS ? &own_commands[index].command : NULL;
}

/* What a connection is asked itself, whatever session it is in. */
static bool handle_here(struct connections *cs, struct client *client, const struct request *r)
{
    for (size_t i = 0; i < OWN_COMMANDS; i++) {
        if (strcmp(r->command, own_commands[i].command.name) != 0 ||
            own_commands[i].publishes != (client->publishing != NULL))
            continue;
        own_commands[i].handle(cs, client, r->id, r->data);
        return true;
    }
    return false;
}

static void handle(struct connections *cs, struct client *client, json_t *frame,
                   const struct request *r)
{
    const char *first = client->publishing ? ".publish" : ".join";
    if (client->state == CLIENT_NOWHERE && !client->asked &&
        strcmp(r->command + strcspn(r->command, "."), first) != 0) {
        client_close(cs, client, CLOSE_PROTOCOL, "join or publish first");
        return;
    }
    if (handle_here(cs, client, r))
        return;
    const struct command_entry *entry = command_find(cs, r->command);
    const char *refusal = refusal_of(cs, client, r->place, entry);
    if (refusal) {
        metric_add(&meter_refused, 1);
        client_send(cs, client, encode_error(r->id, refusal));
        return;
    }
    /* Out of the frame: what travels to another thread has one owner. */
    json_incref(r->data);
    json_object_del(frame, "data");
    travel(cs, client, entry->command, r->id, r->data);
}

/* {"id":7,"place":"…","command":"poll.vote","data":{…}}: without a valid id there is nothing to
 * answer. */
static void read_frame(struct connections *cs, struct client *client, json_t *frame)
{
    struct json_reader r = json_reader(frame);
    struct request request = {.id = json_read_int(&r, "id", 1, REQUEST_MAX)};
    if (r.field) {
        client_close(cs, client, CLOSE_PROTOCOL, "no request id");
        return;
    }
    request.command = json_read_string(&r, "command", 1, NAME_MOST);
    request.place = json_read_optional_string(&r, "place", PLACE_SIZE - 1);
    request.data = json_read_object(&r, "data");
    if (json_reader_end(&r))
        handle(cs, client, frame, &request);
    else
        client_send(cs, client, encode_field_error(request.id, r.field, r.reason));
}

void client_command(struct connections *cs, struct client *client, const char *text, size_t len)
{
    if (len > COMMAND_MAX_BYTES) {
        client_close(cs, client, CLOSE_TOO_LARGE, "frame too large");
        return;
    }
    json_t *frame = json_parse(text, len);
    if (json_is_object(frame))
        read_frame(cs, client, frame);
    else
        client_close(cs, client, CLOSE_PROTOCOL, "not a JSON object");
    json_decref(frame);
}
