#include "features/polls/polls_room.h"
#include "base/clock.h"
#include "base/mem.h"
#include "db/lane.h"
#include "features/polls/polls_routes.h"
#include "room/load.h"

#define RETRY_US (1000 * 1000)

struct polls_room *polls_room_of(const struct room *room)
{
    return room_get(room, &polls_feature);
}

static void push_tally(struct room *room, struct poll *p)
{
    char key[ID_TEXT_SIZE];
    p->tally_changed = false;
    p->tally_at = room_now(room);
    room_push_state(room, "poll.tally", id_text(&p->id, key), poll_tally_audience(p),
                    poll_tally_json(p));
}

/* The tally's audience may have changed: what was pushed for the other one must not stay. */
void poll_push_tally_afresh(struct room *room, struct poll *p)
{
    char key[ID_TEXT_SIZE];
    room_drop_state(room, "poll.tally", id_text(&p->id, key));
    push_tally(room, p);
}

void polls_read_again(struct polls_room *s, const struct id *poll)
{
    for (size_t i = 0; i < s->pending.n; i++)
        if (id_equal(&s->pending.ids[i], poll))
            return;
    if (s->pending.n < POLLS_MAX)
        s->pending.ids[s->pending.n++] = *poll;
    else
        s->recount = true; /* reads all of them */
}

/* --- reading again --- */

/* What nobody was told because the outcome was not known is told now, as what it was. */
static void publish_difference(struct room *room, const struct poll *before, struct poll *p,
                               int64_t seq, int64_t at)
{
    enum poll_op op;
    if (before->state != p->state)
        op = p->state == POLL_OPEN ? POLL_OP_OPEN : POLL_OP_CLOSE;
    else if (before->results_shown != p->results_shown)
        op = p->results_shown ? POLL_OP_SHOW : POLL_OP_HIDE;
    else {
        room_publish(room, seq, at, "poll.changed", ROLE_STAFF, poll_changed_json(&p->id, p));
        return;
    }
    room_publish(room, seq, at, poll_event_type(op), ROLE_ANY, poll_event_json(p, op));
    poll_push_tally_afresh(room, p);
}

static void take_refreshed(struct room *room, struct poll_refresh_item *refresh, size_t i)
{
    struct polls *all = &polls_room_of(room)->all;
    struct poll *known = polls_find(all, &refresh->ids[i]), *now = refresh->polls[i];
    refresh->polls[i] = NULL;
    if (known && now) {
        struct poll before = *known; /* only its state is looked at */
        poll_update(known, now);
        polls_sort(all);
        publish_difference(room, &before, known, refresh->seqs[i], refresh->at);
        return;
    }
    if (now)
        polls_add(all, now);
    else if (known)
        polls_remove(all, known);
    room_publish(room, refresh->seqs[i], refresh->at, "poll.changed", ROLE_STAFF,
                 poll_changed_json(&refresh->ids[i], now));
}

static void on_refresh_done(struct lane_item *item)
{
    struct poll_refresh_item *refresh = container_of(item, struct poll_refresh_item, item);
    struct room *room = refresh->room;
    struct polls_room *s = polls_room_of(room);
    s->reading = false;
    for (size_t i = 0; i < refresh->n; i++) {
        if (item->err)
            polls_read_again(s, &refresh->ids[i]);
        else
            take_refreshed(room, refresh, i);
        poll_free(refresh->polls[i]);
    }
    if (item->err)
        s->retry_at = room_now(room) + RETRY_US;
    free(refresh);
    room_let_go(room);
}

static void submit_refresh(struct room *room, struct polls_room *s)
{
    struct poll_refresh_item *refresh = mem_new(sizeof *refresh);
    refresh->item.kind = &poll_refresh_kind;
    refresh->item.done = on_refresh_done;
    refresh->room = room;
    refresh->session = room->session;
    refresh->at = room_now(room);
    refresh->n = s->pending.n;
    memcpy(refresh->ids, s->pending.ids, sizeof refresh->ids);
    if (lane_submit(room->lane, &refresh->item) != ERR_OK) {
        free(refresh);
        return; /* the next tick tries again */
    }
    s->pending.n = 0;
    s->reading = true;
    room_hold(room);
}

static void on_recount_done(struct lane_item *item)
{
    struct poll_recount_item *recount = container_of(item, struct poll_recount_item, item);
    struct room *room = recount->room;
    struct polls_room *s = polls_room_of(room);
    s->reading = false;
    if (item->err) {
        s->recount = true;
        s->retry_at = room_now(room) + RETRY_US;
        polls_release(&recount->polls);
    } else {
        polls_release(&s->all);
        s->all = recount->polls;
        for (size_t i = 0; i < s->all.n; i++)
            s->all.items[i]->tally_changed = s->all.items[i]->state != POLL_DRAFT;
        room_touch(room);
    }
    free(recount);
    room_let_go(room);
}

static void submit_recount(struct room *room, struct polls_room *s)
{
    struct poll_recount_item *recount = mem_new(sizeof *recount);
    recount->item.kind = &poll_recount_kind;
    recount->item.done = on_recount_done;
    recount->room = room;
    recount->session = room->session;
    if (lane_submit(room->lane, &recount->item) != ERR_OK) {
        free(recount);
        return;
    }
    s->recount = false;
    s->reading = true;
    room_hold(room);
}

/* --- the room's life --- */

struct opening {
    struct room_load load;
    struct polls all;
};

static enum err read_all(struct room_load *load, struct db_conn *c)
{
    struct opening *o = container_of(load, struct opening, load);
    return polls_load(c, &load->session, &o->all);
}

static void take_all(struct room_load *load, enum err err)
{
    struct opening *o = container_of(load, struct opening, load);
    struct polls_room *s = polls_room_of(load->room);
    if (err) {
        polls_release(&o->all);
        return;
    }
    s->all = o->all;
    for (size_t i = 0; i < s->all.n; i++)
        if (s->all.items[i]->state != POLL_DRAFT)
            push_tally(load->room, s->all.items[i]);
}

static void on_room_open(struct room *room)
{
    room_set(room, &polls_feature, mem_new(sizeof(struct polls_room)));
    struct opening *o = mem_new(sizeof *o);
    o->load.read = read_all;
    o->load.take = take_all;
    room_load(room, &o->load);
}

static void on_room_close(struct room *room)
{
    struct polls_room *s = polls_room_of(room);
    polls_release(&s->all);
    free(s);
    room_set(room, &polls_feature, NULL);
}

static void on_room_tick(struct room *room)
{
    struct polls_room *s = polls_room_of(room);
    if (!s)
        return;
    int64_t now = room_now(room);
    for (size_t i = 0; i < s->all.n; i++)
        if (poll_tally_due(s->all.items[i], now))
            push_tally(room, s->all.items[i]);
    if (s->reading || now < s->retry_at)
        return;
    if (s->pending.n)
        submit_refresh(room, s);
    else if (s->recount)
        submit_recount(room, s);
}

static void on_changed(struct room *room, const char *topic, const json_t *data)
{
    struct id poll;
    const char *text = json_string_value(json_object_get(data, "poll"));
    if (strcmp(topic, "poll") == 0 && text && id_parse(text, &poll))
        polls_read_again(polls_room_of(room), &poll);
}

/* A poll that is closed by the end of its session. Where the outcome of that was not known, the end
 * alone is told, and the polls are read again. */
static void on_event(struct room *room, const char *type, const json_t *data)
{
    struct polls_room *s = polls_room_of(room);
    const char *id = json_string_value(json_object_get(data, "id"));
    const char *at = json_string_value(json_object_get(data, "closed_at"));
    struct id poll;
    bool ended = strcmp(type, "session.ended") == 0;
    if (strcmp(type, "poll.closed") == 0 && id && at && id_parse(id, &poll)) {
        struct poll *p = polls_find(&s->all, &poll);
        if (p && p->state == POLL_OPEN && time_parse(at, &p->closed_at))
            p->state = POLL_CLOSED;
    }
    for (size_t i = 0; ended && i < s->all.n; i++)
        if (s->all.items[i]->state == POLL_OPEN)
            polls_read_again(s, &s->all.items[i]->id);
}

static void on_snapshot(struct room *room, unsigned audience, json_t *common)
{
    json_object_set_new(common, "polls", polls_json(&polls_room_of(room)->all, audience));
}

static void on_snapshot_own(struct room *room, const struct member *member, json_t *own)
{
    json_object_set_new(own, "polls",
                        polls_own_json(&polls_room_of(room)->all, &member->who.person));
}

const struct feature polls_feature = {
    .name = "polls",
    .routes = polls_routes,
    .commands = polls_commands,
    .room_open = on_room_open,
    .room_close = on_room_close,
    .room_tick = on_room_tick,
    .snapshot = on_snapshot,
    .snapshot_own = on_snapshot_own,
    .event = on_event,
    .changed = on_changed,
};
