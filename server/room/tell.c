#include "room/tell.h"
#include "base/app.h"
#include "base/clock.h"
#include "base/mem.h"
#include "room/message.h"

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

void tell(struct app *app, struct scope scope, const char *topic, json_t *data)
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

void event_notice(struct app *app, const struct event *event)
{
    const struct event_type *type = event->type;
    json_t *data = event_is_known(event) && type->notice ? type->notice(event) : NULL;
    if (!data)
        return;
    char session[ID_TEXT_SIZE], at[TIME_TEXT_SIZE];
    tell(app, scope_congress(&event->congress), "notice",
         json_pack("{s:s,s:s,s:I,s:s,s:o}", "notice", type->name, "session",
                   id_text(&event->session, session), "seq", (json_int_t)event->seq, "at",
                   time_text(event->at, at), "data", data));
}

/* --- events --- */

static struct event *event_of(struct list *node)
{
    return container_of(node, struct event, node);
}

/* Takes the events of the first one's session out of the list. */
static struct committed *next_session(struct app *app, struct list *events)
{
    struct committed *committed = mem_new(sizeof *committed);
    committed->message.deliver = rooms_committed;
    committed->session = event_of(events->next)->session;
    committed->home = dispatch_home(app->dispatchers, app->loops, &committed->session);
    list_init(&committed->events);
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
        struct committed *committed = next_session(app, events);
        committed->unknown = unknown;
        if (unknown)
            events_free(&committed->events);
        mailbox_post(committed->home->mailbox, &committed->message);
    }
    events_free(events); /* nobody is there yet */
}

void tell_committed(struct app *app, struct list *events)
{
    post_events(app, events, false);
}

void tell_unknown(struct app *app, struct list *events)
{
    post_events(app, events, true);
}
