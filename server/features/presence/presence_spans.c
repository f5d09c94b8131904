#include "features/presence/presence_spans.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "room/feature.h"

#define RETRY_US US_PER_S

struct span {
    struct list node; /* in spans.unwritten */
    struct spans *spans;
    struct span_write write; /* what is in the lane, when `writing` */
    bool writing;
    bool held;                     /* the room is kept open until memory and database agree */
    int64_t left_at;               /* DB_NULL_TIME: still there */
    struct call *asked, *answered; /* wait for the next write, for the one under way */
    struct tab *tab;               /* whose `ending` this is, or NULL */
};

/* One connection: its own span and, while the tab is visible, another. */
struct tab {
    struct span *connected, *attentive;
    struct span *ending; /* the last attentive one, until its end is written */
};

void spans_init(struct spans *s, struct room *room)
{
    *s = (struct spans){.room = room};
    list_init(&s->unwritten);
    map_init(&s->tabs);
}

void spans_release(struct spans *s)
{
    size_t cursor = 0;
    struct tab *tab;
    while ((tab = map_next(&s->tabs, &cursor))) {
        free(tab->connected);
        free(tab->attentive);
        free(tab);
    }
    map_release(&s->tabs);
}

/* What the database does not take for a reason of its own is not tried again. */
static bool is_settled(const struct span *span, enum err err)
{
    if (err == ERR_BUSY)
        return false;
    if (err != ERR_OK) {
        char text[ID_TEXT_SIZE];
        log_error("presence.span_refused", "{s:s,s:s}", "span", id_text(&span->write.id, text),
                  "code", err_code(err));
    }
    return span->write.left_at == span->left_at;
}

static void answer(struct span *span, enum err err)
{
    struct call *call = span->answered;
    span->answered = NULL;
    if (call && err == ERR_OK)
        call_ok(call, NULL);
    else if (call)
        call_fail_err(call, err);
}

/* Nobody can repeat the command that ended it any more, or it is written. */
static void unlink_ending(struct span *span)
{
    if (span && span->tab)
        span->tab->ending = NULL;
    if (span)
        span->tab = NULL;
}

static void settle(struct span *span, enum err err)
{
    unlink_ending(span);
    if (span->asked) { /* for what was just written already */
        span->answered = span->asked;
        span->asked = NULL;
        answer(span, err);
    }
    room_let_go(span->spans->room);
    span->held = false;
    if (span->left_at != DB_NULL_TIME)
        free(span);
}

static void on_written(struct lane_item *item)
{
    struct span_write *write = container_of(item, struct span_write, item);
    struct span *span = container_of(write, struct span, write);
    struct spans *s = span->spans;
    span->writing = false;
    answer(span, item->err);
    if (item->err == ERR_BUSY) { /* nor shall who came meanwhile wait for another try */
        span->answered = span->asked;
        span->asked = NULL;
        answer(span, ERR_BUSY);
    }
    if (is_settled(span, item->err)) {
        settle(span, item->err);
        return;
    }
    if (item->err == ERR_BUSY)
        s->retry_at = room_now(s->room) + RETRY_US;
    list_append(&s->unwritten, &span->node);
    spans_tick(s);
}

static void submit(struct span *span)
{
    struct spans *s = span->spans;
    span->write.left_at = span->left_at;
    if (lane_submit(s->room->lane, &span->write.item) != ERR_OK) {
        s->retry_at = room_now(s->room) + RETRY_US;
        list_append(&s->unwritten, &span->node);
        return;
    }
    span->writing = true;
    if (!span->answered) {
        span->answered = span->asked;
        span->asked = NULL;
    }
}

void spans_tick(struct spans *s)
{
    struct list now;
    list_init(&now);
    if (room_now(s->room) < s->retry_at)
        return;
    list_splice(&now, &s->unwritten);
    struct list *node;
    while ((node = list_take_first(&now)))
        submit(container_of(node, struct span, node));
}

/* The span in memory says something new: write it now, or after the write under way. */
static void want_written(struct span *span)
{
    if (span->held)
        return;
    room_hold(span->spans->room);
    span->held = true;
    list_append(&span->spans->unwritten, &span->node);
    spans_tick(span->spans);
}

static struct span *span_new(struct spans *s, const struct member *member, const struct id *id,
                             bool attentive, int64_t joined_at)
{
    struct span *span = mem_new(sizeof *span);
    list_init(&span->node);
    span->spans = s;
    span->left_at = DB_NULL_TIME;
    span->write = (struct span_write){
        .item = {.kind = &span_write_kind, .done = on_written},
        .context = &s->context,
        .id = *id,
        .connection = member->span,
        .person = member->who.person,
        .staff = !(member->who.roles & ROLE_HCP),
        .attentive = attentive,
        .joined_at = joined_at,
    };
    return span;
}

/* Belongs to itself from here on: freed when its end is written. */
static void span_end(struct span *span, int64_t at)
{
    span->left_at = at > span->write.joined_at ? at : span->write.joined_at;
    want_written(span);
}

void spans_join(struct spans *s, const struct member *member)
{
    if (!s->begun) /* workers read it from the first write on */
        s->context = (struct span_context){.organisation = s->room->organisation,
                                           .session = s->room->session,
                                           .node = s->room->app->node};
    s->begun = true;
    struct tab *tab = mem_new(sizeof *tab);
    tab->connected = span_new(s, member, &member->span, false, member->joined_at);
    map_put(&s->tabs, &member->span, tab);
    want_written(tab->connected);
}

void spans_leave(struct spans *s, const struct member *member, int64_t last_rx)
{
    struct tab *tab = map_remove(&s->tabs, &member->span);
    if (!tab)
        return;
    if (tab->attentive)
        span_end(tab->attentive, last_rx);
    span_end(tab->connected, last_rx);
    unlink_ending(tab->ending);
    free(tab);
}

/* The state is known already, but perhaps not written yet. */
static void repeated(struct span *span, struct call *call)
{
    if (!span || !span->held)
        call_ok(call, NULL);
    else if (span->asked)
        call_fail_err(call, ERR_BUSY);
    else
        span->asked = call;
}

void spans_visible(struct spans *s, const struct member *member, bool visible, struct call *call)
{
    struct tab *tab = map_get(&s->tabs, &member->span);
    if (visible == (tab->attentive != NULL)) {
        repeated(visible ? tab->attentive : tab->ending, call);
        return;
    }
    struct span *span = tab->attentive;
    if (visible) {
        struct id id = id_random();
        span = tab->attentive = span_new(s, member, &id, true, call->at);
        span->asked = call;
        want_written(span);
    } else {
        tab->attentive = NULL;
        unlink_ending(tab->ending);
        tab->ending = span;
        span->tab = tab;
        if (!span->answered)
            span->answered = span->asked; /* its opening was not written yet */
        else if (span->asked)
            call_fail_err(span->asked, ERR_BUSY);
        span->asked = call;
        span_end(span, call->at);
    }
}
