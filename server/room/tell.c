#include "room/tell.h"
#include "base/app.h"
#include "base/clock.h"
#include "base/mem.h"
#include "nodes/node.h"
#include "room/message.h"
#include <stdlib.h>
#include <string.h>

const char *const scope_words[] = {
    [SCOPE_SESSION] = "session", [SCOPE_CONGRESS] = "congress", [SCOPE_PERSON] = "person", NULL};

/* --- to the other nodes, as far.h has it --- */

static struct event *event_of(struct list *node)
{
    return container_of(node, struct event, node);
}

static void publish(struct app *app, const char *kind, json_t *message)
{
    char *text = json_dumps(message, JSON_COMPACT);
    if (text)
        node_publish(app->node_here, kind, text, strlen(text));
    free(text);
    json_decref(message);
}

static void publish_news(struct app *app, const struct scope *scope, const char *topic,
                         json_t *data)
{
    char id[ID_TEXT_SIZE];
    if (node_has_bus(app->node_here))
        publish(app, "news",
                json_pack("{s:s,s:s,s:s,s:O}", "scope", scope_words[scope->kind], "id",
                          id_text(&scope->id, id), "topic", topic, "data", data));
}

/* What an event names has to be read: it stays at home. */
static bool travels(const struct event *event)
{
    return event_is_known(event) && !event->type->attach;
}

static json_t *event_json(const struct event *event)
{
    char actor[ID_TEXT_SIZE];
    return json_pack("[I,I,s,i,i,s,O]", (json_int_t)event->seq, (json_int_t)event->at,
                     event->type->name, event->version, (int)event->audience,
                     id_text(&event->actor, actor), event->payload);
}

static void publish_list(struct app *app, const struct id *session, const struct id *congress,
                         json_t *events, bool look)
{
    char session_text[ID_TEXT_SIZE], congress_text[ID_TEXT_SIZE];
    publish(app, "events",
            json_pack("{s:s,s:s,s:o,s:b}", "session", id_text(session, session_text), "congress",
                      id_text(congress, congress_text), "events", events, "look", look));
}

/* All of one session's; a list nearly always has no others. */
static void publish_session(struct app *app, const struct list *events, const struct event *first,
                            bool unknown)
{
    json_t *list = json_array();
    bool look = unknown;
    list_for_each(node, events)
    {
        const struct event *event = event_of(node);
        if (!id_equal(&event->session, &first->session))
            continue;
        if (!unknown && travels(event) && json_array_size(list) < TELL_EVENTS_MOST)
            json_array_append_new(list, event_json(event));
        else
            look = true;
    }
    publish_list(app, &first->session, &first->congress, list, look);
}

static bool is_first_of_session(const struct list *events, const struct event *event)
{
    list_for_each(node, events)
    {
        if (id_equal(&event_of(node)->session, &event->session))
            return event_of(node) == event;
    }
    return false;
}

static void publish_events(struct app *app, const struct list *events, bool unknown)
{
    if (!app || !node_has_bus(app->node_here))
        return;
    list_for_each(node, events)
    {
        if (is_first_of_session(events, event_of(node)))
            publish_session(app, events, event_of(node), unknown);
    }
}

/* --- news --- */

static void post_news(struct dispatch *to, const struct scope *scope, const char *topic,
                      json_t *data)
{
    struct news *news = mem_new(sizeof *news);
    news->message.deliver = rooms_told;
    news->home = to;
    news->scope = *scope;
    news->topic = mem_strdup(topic);
    news->data = data;
    mailbox_post(to->mailbox, &news->message);
}

void tell_here(struct app *app, struct scope scope, const char *topic, json_t *data)
{
    if (!data)
        data = json_object();
    if (app->dispatchers && scope.kind == SCOPE_SESSION) {
        post_news(dispatch_home(app->dispatchers, app->loops, &scope.id), &scope, topic, data);
        return;
    }
    for (int i = 0; app->dispatchers && i < app->loops; i++) /* a copy for each thread */
        post_news(app->dispatchers[i], &scope, topic, json_deep_copy(data));
    json_decref(data);
}

void tell_others(struct app *app, struct scope scope, const char *topic, json_t *data)
{
    publish_news(app, &scope, topic, data);
    json_decref(data);
}

void tell(struct app *app, struct scope scope, const char *topic, json_t *data)
{
    if (!data)
        data = json_object();
    if (strcmp(topic, "revoked") == 0)
        node_wake(app->node_here);
    else
        publish_news(app, &scope, topic, data);
    tell_here(app, scope, topic, data);
}

void event_notice(struct app *app, const struct event *event)
{
    const struct event_type *type = event->type;
    json_t *data = event_is_known(event) && type->notice ? type->notice(event) : NULL;
    if (!data)
        return;
    char session[ID_TEXT_SIZE], at[TIME_TEXT_SIZE];
    tell_here(app, scope_congress(&event->congress), "notice",
              json_pack("{s:s,s:s,s:I,s:s,s:o}", "notice", type->name, "session",
                        id_text(&event->session, session), "seq", (json_int_t)event->seq, "at",
                        time_text(event->at, at), "data", data));
}

/* --- events --- */

static struct committed *committed_new(struct app *app, const struct id *session, bool unknown)
{
    struct committed *committed = mem_new(sizeof *committed);
    committed->message.deliver = rooms_committed;
    committed->session = *session;
    committed->home = dispatch_home(app->dispatchers, app->loops, session);
    committed->unknown = unknown;
    list_init(&committed->events);
    return committed;
}

/* Takes the events of the first one's session out of the list. */
static struct committed *next_session(struct app *app, struct list *events, bool unknown)
{
    struct committed *committed = committed_new(app, &event_of(events->next)->session, unknown);
    list_for_each_safe(node, events)
    {
        if (!id_equal(&event_of(node)->session, &committed->session))
            continue;
        list_remove(node);
        list_append(&committed->events, node);
    }
    return committed;
}

static void post_events(struct app *app, struct list *events, bool unknown)
{
    while (app->dispatchers && !list_empty(events)) {
        struct committed *committed = next_session(app, events, unknown);
        if (unknown)
            events_free(&committed->events);
        mailbox_post(committed->home->mailbox, &committed->message);
    }
    events_free(events); /* nobody is there yet */
}

void tell_others_committed(struct app *app, const struct list *events)
{
    publish_events(app, events, false);
}

void tell_others_look(struct app *app, const struct id *session)
{
    static const struct id none;
    if (app && node_has_bus(app->node_here))
        publish_list(app, session, &none, json_array(), true);
}

void tell_committed_here(struct app *app, struct list *events)
{
    post_events(app, events, false);
}

void tell_committed(struct app *app, struct list *events)
{
    publish_events(app, events, false);
    post_events(app, events, false);
}

void tell_unknown(struct app *app, struct list *events)
{
    publish_events(app, events, true);
    post_events(app, events, true);
}

void tell_look_here(struct app *app, const struct id *session)
{
    if (!app->dispatchers)
        return;
    struct committed *committed = committed_new(app, session, true);
    mailbox_post(committed->home->mailbox, &committed->message);
}
