#include "room/far.h"
#include "base/app.h"
#include "base/json.h"
#include "base/log.h"
#include "base/mem.h"
#include "room/event.h"
#include "room/message.h"
#include <stdlib.h>
#include <string.h>

#define TOPIC_MOST 64
#define TYPE_MOST  64

/* NULL: it is not one. */
static struct event *read_event(const struct app *app, const json_t *json)
{
    struct event *event = mem_new(sizeof *event);
    json_int_t seq, at;
    const char *type, *actor;
    int version, audience;
    json_t *payload;
    list_init(&event->node);
    if (json_unpack((json_t *)json, "[I,I,s,i,i,s,o!]", &seq, &at, &type, &version, &audience,
                    &actor, &payload) ||
        strlen(type) > TYPE_MOST || seq < 1 || !json_is_object(payload) ||
        !id_parse(actor, &event->actor)) {
        event_free(event);
        return NULL;
    }
    event->seq = seq;
    event->at = at;
    event->type = event_type_find(app->events, type);
    event->version = version;
    event->audience = (unsigned)audience;
    event->payload = json_incref(payload);
    return event;
}

static bool receive_events(struct app *app, json_t *message)
{
    struct json_reader r = json_reader(message);
    struct id session = json_read_id(&r, "session"), congress = json_read_id(&r, "congress");
    const json_t *all = json_read_array(&r, "events", TELL_EVENTS_MOST), *one;
    bool look = json_read_bool(&r, "look");
    if (!json_reader_end(&r))
        return false;
    struct list events;
    size_t i;
    list_init(&events);
    json_array_foreach(all, i, one)
    {
        struct event *event = read_event(app, one);
        if (!event) { /* of a newer node, perhaps: the log has it */
            look = true;
            continue;
        }
        event->session = session;
        event->congress = congress;
        list_append(&events, &event->node);
    }
    if (!list_empty(&events))
        tell_committed_here(app, &events);
    if (look)
        tell_look_here(app, &session);
    return true;
}

static bool receive_news(struct app *app, const struct id *from, json_t *message)
{
    struct json_reader r = json_reader(message);
    int kind = json_read_word(&r, "scope", scope_words);
    struct id id = json_read_id(&r, "id");
    const char *topic = json_read_string(&r, "topic", 1, TOPIC_MOST);
    json_t *data = json_read_object(&r, "data");
    if (!json_reader_end(&r))
        return false;
    char node[ID_TEXT_SIZE];
    json_t *copy = json_deep_copy(data);
    json_object_set_new(copy, "node", json_string(id_text(from, node)));
    tell_here(app, (struct scope){(enum scope_kind)kind, id}, topic, copy);
    return true;
}

bool far_receive(struct app *app, const struct id *from, const char *kind, const char *data,
                 size_t len)
{
    bool events = strcmp(kind, "events") == 0, news = strcmp(kind, "news") == 0;
    if (!events && !news)
        return strcmp(kind, "beat") == 0 || strcmp(kind, "control") == 0;
    json_t *message = json_parse(data, len);
    bool good = json_is_object(message) &&
                (events ? receive_events(app, message) : receive_news(app, from, message));
    json_decref(message);
    return good;
}

static void on_message(struct app *app, const struct bus_message *m)
{
    if (!far_receive(app, &m->from, m->kind, m->data, m->len))
        log_warn("nodes.unreadable", "{}");
}

static void on_streams(struct app *app, const struct bus_message *m)
{
    if (app->dispatchers &&
        !far_media_receive(app->dispatchers, app->loops, &m->from, m->kind, m->data, m->len))
        log_warn("nodes.unreadable", "{}");
}

/* --- what happens to nodes and people --- */

static void tell_everybody(struct app *app, const char *topic, json_t *data)
{
    tell_here(app, (struct scope){.kind = SCOPE_ALL}, topic, data);
}

static void on_missed(struct app *app, int64_t from)
{
    tell_everybody(app, "nodes.missed", json_pack("{s:I}", "from", (json_int_t)from));
}

static void on_gone(struct app *app, const struct id *node, int64_t lease)
{
    char text[ID_TEXT_SIZE];
    tell_everybody(app, "nodes.gone",
                   json_pack("{s:s,s:I}", "node", id_text(node, text), "lease", (json_int_t)lease));
}

static void revoke(struct app *app, const char *name, const struct id *id)
{
    char text[ID_TEXT_SIZE];
    tell_here(app, scope_person(id), "revoked", json_pack("{s:s}", name, id_text(id, text)));
}

static void on_sign_in_ended(struct app *app, const struct id *sign_in)
{
    revoke(app, "sign_in", sign_in);
}

static void on_shut_out(struct app *app, const struct id *person)
{
    revoke(app, "person", person);
}

static void on_roles_changed(struct app *app, const struct id *person, int64_t xid)
{
    char text[ID_TEXT_SIZE];
    tell_here(app, scope_person(person), "revoked",
              json_pack("{s:s,s:b,s:I}", "person", id_text(person, text), "again", 1, "xid",
                        (json_int_t)xid));
}

const struct node_hooks far_hooks = {.message = on_message,
                                     .streams = on_streams,
                                     .missed = on_missed,
                                     .gone = on_gone,
                                     .sign_in_ended = on_sign_in_ended,
                                     .shut_out = on_shut_out,
                                     .roles_changed = on_roles_changed};
