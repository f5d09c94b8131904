/* A frame of a client, checked in this order on the connection's loop: size, parse, sign-in, room,
 * permission, rate. What passes travels to the home loop. */
#include "base/json.h"
#include "base/mem.h"
#include "room/dispatch_private.h"
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

void commands_load(struct dispatch *d)
{
    for (const struct feature *const *f = d->config.features; *f; f++) {
        d->feature_count++;
        for (const struct command *c = (*f)->commands; c && c->name; c++)
            d->command_count++;
    }
    d->commands = mem_new((d->command_count + 1) * sizeof *d->commands);
    size_t n = 0;
    for (const struct feature *const *f = d->config.features; *f; f++) {
        for (const struct command *c = (*f)->commands; c && c->name; c++)
            d->commands[n++].command = c;
    }
    qsort(d->commands, n, sizeof *d->commands, by_name);
    for (size_t i = 0; i < n; i++) {
        d->commands[i].index = i;
        assert(i == 0 || by_name(&d->commands[i - 1], &d->commands[i]) != 0);
    }
}

static const struct command_entry *command_find(const struct dispatch *d, const char *name)
{
    struct command wanted = {.name = name};
    struct command_entry key = {.command = &wanted};
    return bsearch(&key, d->commands, d->command_count, sizeof *d->commands, by_name);
}

static bool rate_allows(struct dispatch *d, struct tab *tab, const struct command_entry *entry)
{
    int burst = entry->command->burst ? entry->command->burst : DEFAULT_BURST;
    int per_minute = entry->command->per_minute ? entry->command->per_minute : DEFAULT_PER_MINUTE;
    if (!tab->rates)
        tab->rates = mem_new(d->command_count * sizeof *tab->rates);
    return bucket_take(&tab->rates[entry->index], clock_mono_us(d->config.clock), burst,
                       per_minute);
}

/* Moves the declared ids out of data; false after the fault was told. */
static bool take_ids(struct dispatch *d, struct tab *tab, struct call *call,
                     const struct command *command)
{
    for (int i = 0; i < CALL_MAX_IDS && command->ids[i]; i++) {
        const char *name = command->ids[i];
        struct json_reader r = json_reader(call->data);
        if (!command->optional_ids || json_read_has(&r, name))
            call->ids[i] = json_read_id(&r, name);
        if (r.field) {
            tab_send(d, tab, encode_field_error(call->request, r.field, r.reason));
            return false;
        }
        json_object_del(call->data, name);
    }
    return true;
}

/* Takes data. */
static void travel(struct dispatch *d, struct tab *tab, const struct command *command,
                   int64_t request, json_t *data)
{
    struct call_own *own = mem_new(sizeof *own);
    own->call = (struct call){.conn = tab->handle,
                              .who = tab->who,
                              .data = data,
                              .at = clock_now_us(d->config.clock),
                              .request = request};
    own->command = command;
    own->session = tab->session;
    own->loop = d->index;
    own->message.deliver = call_arrived;
    own->home = dispatch_home(d, &tab->session);
    if (!take_ids(d, tab, &own->call, command)) {
        call_free(&own->call);
        return;
    }
    if (dispatch_try_post(d, own->home, &own->message) != ERR_OK) {
        call_free(&own->call);
        metric_add(&meter_busy, 1);
        tab_send(d, tab, encode_error(request, err_code(ERR_BUSY)));
    }
}

/* NULL: it may travel. */
static const char *refusal_of(struct dispatch *d, struct tab *tab,
                              const struct command_entry *entry)
{
    if (!entry)
        return "request.unknown";
    enum err err = identity_may(&tab->who, entry->command->roles);
    if (err != ERR_OK)
        return err_code(err);
    return rate_allows(d, tab, entry) ? NULL : err_code(ERR_RATE);
}

/* Takes data. */
static void run(struct dispatch *d, struct tab *tab, const char *name, int64_t request,
                json_t *data)
{
    const struct command_entry *entry = command_find(d, name);
    const char *refusal = tab->state == TAB_MEMBER ? refusal_of(d, tab, entry) : err_code(ERR_BUSY);
    if (!refusal) {
        travel(d, tab, entry->command, request, data);
        return;
    }
    metric_add(&meter_refused, 1);
    tab_send(d, tab, encode_error(request, refusal));
    json_decref(data);
}

/* {"id":7,"command":"poll.vote","data":{…}}: without a valid id there is nothing to answer. */
static void read_frame(struct dispatch *d, struct tab *tab, json_t *frame)
{
    struct json_reader r = json_reader(frame);
    int64_t request = json_read_int(&r, "id", 1, REQUEST_MAX);
    if (r.field) {
        tab_close(d, tab, CLOSE_PROTOCOL, "no request id");
        return;
    }
    const char *name = json_read_string(&r, "command", 1, NAME_MOST);
    json_t *data = json_read_object(&r, "data");
    if (!json_reader_end(&r)) {
        tab_send(d, tab, encode_field_error(request, r.field, r.reason));
        return;
    }
    if (strcmp(name, "session.join") == 0) {
        tab_join(d, tab, request, data);
    } else if (tab->state == TAB_GREETED && !tab->asked) {
        tab_close(d, tab, CLOSE_PROTOCOL, "join first");
    } else {
        /* Out of the frame: what travels to another thread has one owner. */
        json_incref(data);
        json_object_del(frame, "data");
        run(d, tab, name, request, data);
    }
}

void tab_command(struct dispatch *d, struct tab *tab, const char *text, size_t len)
{
    if (len > COMMAND_MAX_BYTES) {
        tab_close(d, tab, CLOSE_TOO_LARGE, "frame too large");
        return;
    }
    json_t *frame = json_parse(text, len);
    if (json_is_object(frame))
        read_frame(d, tab, frame);
    else
        tab_close(d, tab, CLOSE_PROTOCOL, "not a JSON object");
    json_decref(frame);
}
