#include "features/slides/slides_room.h"
#include "base/json.h"
#include "base/mem.h"
#include "features/slides/slides_render.h"
#include "features/slides/slides_routes.h"
#include "room/load.h"

#define RETRY_US US_PER_S

struct slides_room *slides_room_of(const struct room *room)
{
    return room_get(room, &slides_feature);
}

/* --- what was committed --- */

void slides_publish_deck(struct room *room, int64_t seq, int64_t at, const struct id *deck)
{
    struct slides_room *s = slides_room_of(room);
    const struct deck *d = decks_find(&s->all, deck);
    s->known_seq = seq;
    if (d)
        room_publish(room, seq, at, "slide.deck", ROLE_ANY,
                     json_pack("{s:o}", "deck", deck_json(d)));
}

void slides_publish_move(struct room *room, int64_t seq, int64_t at, int64_t version,
                         const struct slide_position *to)
{
    struct slides_room *s = slides_room_of(room);
    s->known_seq = seq;
    s->on = *to;
    if (room->version < version)
        room->version = version;
    room_publish(room, seq, at, "slide.moved", ROLE_ANY, slide_moved_json(version, to));
    slides_push_look(room);
}

static void read_again(struct slides_room *s, const struct id *deck)
{
    for (size_t i = 0; i < s->pending_count; i++)
        if (id_equal(&s->pending[i], deck))
            return;
    /* Bounded by what people do over HTTP: decks uploaded or removed until the next tick. */
    s->pending = mem_resize(s->pending, (s->pending_count + 1) * sizeof *s->pending);
    s->pending[s->pending_count++] = *deck;
}

static void push_progress(struct room *room, const struct id *deck, int done, int count)
{
    char key[ID_TEXT_SIZE];
    room_push_state(room, "deck.progress", id_text(deck, key), ROLE_STAFF,
                    deck_progress_json(done, count));
}

/* --- decks, read again --- */

static void take_refreshed(struct room *room, struct deck_refresh_item *refresh, size_t i)
{
    char key[ID_TEXT_SIZE];
    struct decks *all = &slides_room_of(room)->all;
    const struct id *id = &refresh->ids[i];
    struct deck *known = decks_find(all, id), *now = NULL;
    if (refresh->read[i].n) {
        now = refresh->read[i].items[0];
        refresh->read[i].n = 0; /* the deck is ours */
    }
    if (known && now)
        decks_replace(all, known, now);
    else if (now)
        decks_add(all, now);
    else if (known)
        decks_remove(all, known);
    if (!now || now->state != DECK_RENDERING)
        room_drop_state(room, "deck.progress", id_text(id, key));
    room_publish(room, refresh->seqs[i], refresh->at, "deck.changed", ROLE_STAFF,
                 deck_changed_json(id, now));
}

static void on_refresh_done(struct lane_item *item)
{
    struct deck_refresh_item *refresh = container_of(item, struct deck_refresh_item, item);
    struct room *room = refresh->room;
    struct slides_room *s = slides_room_of(room);
    s->reading = false;
    for (size_t i = 0; i < refresh->n; i++) {
        if (item->err)
            read_again(s, &refresh->ids[i]);
        else
            take_refreshed(room, refresh, i);
        decks_release(&refresh->read[i]);
    }
    if (item->err)
        s->retry_at = room_now(room) + RETRY_US;
    free(refresh);
    room_let_go(room);
}

static void submit_refresh(struct room *room, struct slides_room *s)
{
    struct deck_refresh_item *refresh = mem_new(sizeof *refresh);
    refresh->item.kind = &deck_refresh_kind;
    refresh->item.done = on_refresh_done;
    refresh->room = room;
    refresh->session = room->session;
    refresh->at = room_now(room);
    refresh->n = s->pending_count < DECKS_MAX ? s->pending_count : DECKS_MAX;
    memcpy(refresh->ids, s->pending, refresh->n * sizeof *s->pending);
    if (lane_submit(room->lane, &refresh->item) != ERR_OK) {
        free(refresh);
        return; /* the next tick tries again */
    }
    s->pending_count -= refresh->n;
    memmove(s->pending, s->pending + refresh->n, s->pending_count * sizeof *s->pending);
    s->reading = true;
    room_hold(room);
}

/* --- the position, read again --- */

static void publish_missed(struct room *room, const struct slides_reread_item *again)
{
    struct slides_room *s = slides_room_of(room);
    size_t i;
    json_t *event;
    json_array_foreach(again->missed, i, event)
    {
        int64_t seq = json_integer_value(json_object_get(event, "seq"));
        int64_t at = json_integer_value(json_object_get(event, "at"));
        const json_t *data = json_object_get(event, "data");
        const char *deck = json_string_value(json_object_get(data, "deck"));
        struct slide_position to = {.page = (int)json_integer_value(json_object_get(data, "page"))};
        if (seq <= s->known_seq || !deck || !id_parse(deck, &to.deck))
            continue;
        if (to.page)
            slides_publish_move(room, seq, at, json_integer_value(json_object_get(data, "version")),
                                &to);
        else
            slides_publish_deck(room, seq, at, &to.deck);
    }
}

static void on_reread_done(struct lane_item *item)
{
    struct slides_reread_item *again = container_of(item, struct slides_reread_item, item);
    struct room *room = again->room;
    struct slides_room *s = slides_room_of(room);
    s->reading = false;
    if (item->err) {
        s->reread = true;
        s->retry_at = room_now(room) + RETRY_US;
    } else {
        publish_missed(room, again);
        s->on = again->on;
        slides_push_look(room);
        if (room->version < again->version)
            room->version = again->version;
        room_touch(room);
    }
    json_decref(again->missed);
    free(again);
    room_let_go(room);
}

static void submit_reread(struct room *room, struct slides_room *s)
{
    struct slides_reread_item *again = mem_new(sizeof *again);
    again->item.kind = &slides_reread_kind;
    again->item.done = on_reread_done;
    again->room = room;
    again->session = room->session;
    again->known_seq = s->known_seq;
    if (lane_submit(room->lane, &again->item) != ERR_OK) {
        free(again);
        return;
    }
    s->reread = false;
    s->reading = true;
    room_hold(room);
}

/* --- the room's life --- */

struct opening {
    struct room_load load;
    struct decks all;
    struct slide_position on;
    int64_t seq;
};

static enum err read_all(struct room_load *load, struct db_conn *c)
{
    struct opening *o = container_of(load, struct opening, load);
    return slides_load(c, &load->session, &o->all, &o->on, &o->seq);
}

static void take_all(struct room_load *load, enum err err)
{
    struct opening *o = container_of(load, struct opening, load);
    struct slides_room *s = slides_room_of(load->room);
    if (err) {
        decks_release(&o->all);
        return;
    }
    s->all = o->all;
    s->on = o->on;
    s->known_seq = o->seq;
    for (size_t i = 0; i < s->all.n; i++) {
        const struct deck *d = s->all.items[i];
        if (d->state == DECK_RENDERING && d->page_count)
            push_progress(load->room, &d->id, (int)d->slide_count, d->page_count);
    }
}

static void on_room_open(struct room *room)
{
    struct slides_room *s = mem_new(sizeof *s);
    slides_push_init(&s->push);
    room_set(room, &slides_feature, s);
    struct opening *o = mem_new(sizeof *o);
    o->load.read = read_all;
    o->load.take = take_all;
    room_load(room, &o->load);
}

static void on_room_close(struct room *room)
{
    struct slides_room *s = slides_room_of(room);
    decks_release(&s->all);
    free(s->pending);
    slides_push_release(&s->push);
    free(s);
    room_set(room, &slides_feature, NULL);
}

static void on_room_tick(struct room *room)
{
    struct slides_room *s = slides_room_of(room);
    if (!s)
        return;
    slides_push_tick(room);
    if (s->reading || room_now(room) < s->retry_at)
        return;
    if (s->pending_count)
        submit_refresh(room, s);
    else if (s->reread)
        submit_reread(room, s);
}

static void on_member_leave(struct room *room, struct member *member, int64_t last_rx)
{
    (void)last_rx;
    if (slides_room_of(room))
        slides_push_remove(room, member->conn);
}

static void on_changed(struct room *room, const char *topic, const json_t *data)
{
    struct id deck;
    const char *text = json_string_value(json_object_get(data, "deck"));
    if (!slides_room_of(room) || !text || !id_parse(text, &deck))
        return;
    if (strcmp(topic, "deck") == 0)
        read_again(slides_room_of(room), &deck);
    else if (strcmp(topic, "deck.progress") == 0)
        push_progress(room, &deck, (int)json_integer_value(json_object_get(data, "pages_done")),
                      (int)json_integer_value(json_object_get(data, "page_count")));
}

static void on_snapshot(struct room *room, unsigned audience, json_t *common)
{
    const struct slides_room *s = slides_room_of(room);
    json_object_set_new(common, "slides", slides_json(&s->all, &s->on, audience));
}

const struct feature slides_feature = {
    .name = "slides",
    .routes = slides_routes,
    .commands = slides_commands,
    .jobs = slides_jobs,
    .room_open = on_room_open,
    .room_close = on_room_close,
    .room_tick = on_room_tick,
    .member_leave = on_member_leave,
    .snapshot = on_snapshot,
    .changed = on_changed,
};
