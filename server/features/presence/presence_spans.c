#include "features/presence/presence_spans.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "features/presence/presence.h"
#include "room/others.h"
#include <stdlib.h>

#define RETRY_US US_PER_S

/* Where a span stands between memory and the database:
 *
 *   SAVED    the database has it as it is; one that has ended is freed
 *   WANTED   memory says something new; in spans.wanted until it is submitted
 *   WRITING  in the lane; when memory changes meanwhile it becomes WANTED again afterwards
 *
 * It leaves SAVED by span_want(), WANTED by submit(), WRITING by on_written(). While it is not
 * SAVED it holds the room open. */
enum span_state { SPAN_SAVED, SPAN_WANTED, SPAN_WRITING };

struct span {
    struct list node; /* in spans.wanted */
    struct spans *spans;
    struct visit *visit; /* NULL: the visit is over, or another attentive span began */
    enum span_state state;
    bool changed;            /* WRITING: memory says something else than what is written */
    bool packed;             /* went along to another session: nothing more is written here */
    struct span_row row;     /* as it is in memory */
    struct span_row left[2]; /* of the session that was left: written with the first write */
    int left_n;
    struct list waiting, told; /* struct answer: for the next write; for the one under way */
    struct span_write write;
};

struct answer {
    struct list node;
    struct call *call;
};

/* One member's stay. */
struct visit {
    struct span *connected;
    struct span *attentive; /* while its tab is visible; NULL: it is not */
    struct span *ending;    /* the last attentive one until its end is saved; else NULL */
};

/* What goes along with a member that moves. */
struct packed {
    struct span_row rows[2];
    int n;
    bool visible;
};

void spans_init(struct spans *s, struct room *room)
{
    *s = (struct spans){.room = room};
    list_init(&s->wanted);
    map_init(&s->visits);
}

void spans_release(struct spans *s)
{
    size_t cursor = 0;
    struct visit *visit;
    while ((visit = map_next(&s->visits, &cursor))) {
        free(visit->connected);
        free(visit->attentive);
        free(visit);
    }
    map_release(&s->visits);
}

/* --- answers --- */

static void answer_all(struct list *answers, enum err err)
{
    struct list *node;
    while ((node = list_take_first(answers))) {
        struct answer *answer = container_of(node, struct answer, node);
        if (err == ERR_OK)
            call_ok(answer->call, NULL);
        else
            call_fail_err(answer->call, err);
        free(answer);
    }
}

/* The call is answered when what memory says now is saved. */
static void answer_when_saved(struct span *span, struct call *call)
{
    struct answer *answer = mem_new(sizeof *answer);
    answer->call = call;
    list_append(&span->waiting, &answer->node);
}

/* --- writing --- */

static void span_free(struct span *span)
{
    if (span->visit && span->visit->ending == span)
        span->visit->ending = NULL;
    free(span);
}

static void saved(struct span *span, enum err err)
{
    answer_all(&span->waiting, err); /* for what was just written already */
    span->state = SPAN_SAVED;
    span->left_n = 0;
    room_let_go(span->spans->room);
    if (span->packed || span->row.left_at != DB_NULL_TIME)
        span_free(span);
}

static void want(struct span *span)
{
    span->state = SPAN_WANTED;
    list_append(&span->spans->wanted, &span->node);
}

/* The other nodes hear of stays once they are written. */
static void tell_others_of(const struct span_write *write, struct room *room)
{
    for (int i = 0; i < write->n; i++) {
        const struct span_row *row = &write->rows[i];
        bool there = row->left_at == DB_NULL_TIME;
        if (row->attentive)
            continue;
        others_tell(room, &row->session,
                    &(struct other){.span = row->id,
                                    .node = row->node,
                                    .person = row->person,
                                    .joined_at = row->joined_at,
                                    .left_at = there ? 0 : row->left_at,
                                    .gone_at = there ? 0 : row->gone_at,
                                    .on_purpose = row->on_purpose,
                                    .staff = row->staff});
    }
}

static void on_written(struct lane_item *item)
{
    struct span_write *write = container_of(item, struct span_write, item);
    struct span *span = container_of(write, struct span, write);
    struct spans *s = span->spans;
    /* In conflict with the other lane, when people move to and fro: each tries again. */
    bool busy = item->err == ERR_BUSY || item->err == ERR_RETRY;
    bool again = busy || span->changed;
    answer_all(&span->told, busy ? ERR_BUSY : item->err);
    if (item->err == ERR_OK)
        tell_others_of(write, s->room);
    if (busy) { /* later callers fail, too: they do not wait for the retry */
        answer_all(&span->waiting, ERR_BUSY);
        s->retry_at = room_now(s->room) + RETRY_US;
    } else if (item->err != ERR_OK) { /* a refusal of this row: trying again would not help */
        char text[ID_TEXT_SIZE];
        log_error("presence.span_refused", "{s:s,s:s}", "span", id_text(&span->row.id, text),
                  "code", err_code(item->err));
    }
    if (span->packed || !again) {
        saved(span, item->err);
        return;
    }
    want(span);
    spans_tick(s);
}

/* Not ERR_OK: the lane is full. */
static enum err submit(struct span *span)
{
    span->write = (struct span_write){
        .item = {.kind = &span_write_kind, .done = on_written}, .rows = {span->row}, .n = 1};
    for (int i = 0; i < span->left_n; i++)
        span->write.rows[span->write.n++] = span->left[i];
    enum err err = lane_submit(span->spans->room->lane, &span->write.item);
    if (err)
        return err;
    span->state = SPAN_WRITING;
    span->changed = false;
    list_splice(&span->told, &span->waiting);
    return ERR_OK;
}

void spans_tick(struct spans *s)
{
    while (!list_empty(&s->wanted) && room_now(s->room) >= s->retry_at) {
        struct span *span = container_of(s->wanted.next, struct span, node);
        list_remove(&span->node);
        if (submit(span) == ERR_OK)
            continue;
        want(span);
        s->retry_at = room_now(s->room) + RETRY_US;
    }
}

/* Memory says something new: it is written now, or after the write under way. */
static void span_want(struct span *span)
{
    span->changed = true;
    if (span->state != SPAN_SAVED)
        return;
    room_hold(span->spans->room);
    want(span);
    spans_tick(span->spans);
}

/* --- beginning and ending --- */

static struct span *span_new(struct spans *s, const struct member *member, const struct id *id,
                             bool attentive, int64_t joined_at)
{
    struct span *span = mem_new(sizeof *span);
    list_init(&span->node);
    list_init(&span->waiting);
    list_init(&span->told);
    span->spans = s;
    span->row = (struct span_row){.id = *id,
                                  .organisation = s->room->organisation,
                                  .session = s->room->session,
                                  .node = s->room->app->node,
                                  .connection = member->span,
                                  .person = member->who.person,
                                  .staff = !(member->who.roles & ROLE_HCP),
                                  .attentive = attentive,
                                  .joined_at = joined_at,
                                  .left_at = DB_NULL_TIME,
                                  .gone_at = DB_NULL_TIME};
    return span;
}

/* It is freed when its end is saved. */
static void span_end(struct span *span, int64_t at, int64_t gone, bool on_purpose)
{
    span->row.left_at = at > span->row.joined_at ? at : span->row.joined_at;
    span->row.gone_at = gone > span->row.left_at ? gone : span->row.left_at;
    span->row.on_purpose = on_purpose;
    span_want(span);
}

static struct visit *begin(struct spans *s, const struct member *member, struct span *connected)
{
    struct visit *visit = mem_new(sizeof *visit);
    visit->connected = connected;
    connected->visit = visit;
    map_put(&s->visits, &member->span, visit);
    return visit;
}

static void begin_attentive(struct spans *s, const struct member *member, struct visit *visit,
                            int64_t at, struct call *call)
{
    struct id id = id_random();
    visit->attentive = span_new(s, member, &id, true, at);
    visit->attentive->visit = visit;
    if (call)
        answer_when_saved(visit->attentive, call);
    span_want(visit->attentive);
}

void spans_begin(struct spans *s, const struct member *member, int64_t at)
{
    struct span *connected = span_new(s, member, &member->span, false, at);
    begin(s, member, connected);
    span_want(connected);
}

/* --- moving --- */

/* The row as it ends here; the span itself is done: whoever takes the row writes all of it. */
static void pack_span(struct packed *packed, struct span *span, const struct departure *departure)
{
    struct span_row *row = &packed->rows[packed->n++];
    *row = span->row;
    row->left_at = departure->at > row->joined_at ? departure->at : row->joined_at;
    row->gone_at = row->left_at;
    row->on_purpose = true;
    span->packed = true;
    if (span->state == SPAN_WRITING)
        return; /* freed when that is done */
    list_remove(&span->node);
    if (span->state == SPAN_WANTED)
        saved(span, ERR_OK);
    else
        span_free(span);
}

static void pack(struct visit *visit, struct departure *departure)
{
    struct packed *packed = mem_new(sizeof *packed);
    packed->visible = visit->attentive != NULL;
    pack_span(packed, visit->connected, departure);
    if (visit->attentive)
        pack_span(packed, visit->attentive, departure);
    departure->packed = packed;
}

void spans_arrive(struct spans *s, struct member *member, struct departure *departure)
{
    struct packed *packed = departure->packed;
    struct span *first;
    if (!member && !packed)
        return;
    if (member) {
        first = span_new(s, member, &member->span, false, departure->at);
    } else { /* gone again: what it left ends all the same */
        first = span_new(s, &(struct member){0}, &packed->rows[0].id, false, departure->at);
        first->row = packed->rows[--packed->n];
    }
    for (int i = 0; packed && i < packed->n; i++)
        first->left[first->left_n++] = packed->rows[i];
    struct visit *visit = member ? begin(s, member, first) : NULL;
    span_want(first);
    if (member && packed && packed->visible) {
        member->visible = true;
        begin_attentive(s, member, visit, departure->at, NULL);
    }
    free(packed);
    departure->packed = NULL;
}

void spans_end(struct spans *s, const struct member *member, struct departure *departure)
{
    struct visit *visit = map_remove(&s->visits, &member->span);
    if (!visit)
        return; /* it moved here and is gone before it arrived */
    if (visit->ending)
        visit->ending->visit = NULL;
    visit->connected->visit = NULL;
    if (visit->attentive)
        visit->attentive->visit = NULL;
    if (departure->moves) {
        pack(visit, departure);
    } else {
        if (visit->attentive)
            span_end(visit->attentive, departure->at, departure->gone, departure->on_purpose);
        span_end(visit->connected, departure->at, departure->gone, departure->on_purpose);
    }
    free(visit);
}

/* --- the tab is visible, or not --- */

/* What the call says is known already, but perhaps not saved yet. */
static void repeated(struct span *span, struct call *call)
{
    if (span && span->state != SPAN_SAVED)
        answer_when_saved(span, call);
    else
        call_ok(call, NULL);
}

void spans_visible(struct spans *s, const struct member *member, bool visible, struct call *call)
{
    struct visit *visit = map_get(&s->visits, &member->span);
    if (!visit) {
        call_fail_err(call, ERR_BUSY); /* it is just arriving */
    } else if (visible == (visit->attentive != NULL)) {
        repeated(visible ? visit->attentive : visit->ending, call);
    } else if (visible) {
        begin_attentive(s, member, visit, call->at, call);
    } else {
        struct span *span = visit->attentive;
        visit->attentive = NULL;
        if (visit->ending)
            visit->ending->visit = NULL;
        visit->ending = span;
        answer_when_saved(span, call);
        span_end(span, call->at, call->at, false);
    }
}
