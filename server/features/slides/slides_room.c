#include "features/slides/slides_room.h"
#include "base/mem.h"
#include <string.h>

struct slides_room *slides_room_of(const struct room *room)
{
    return room_get(room, &slides_feature);
}

static void push_progress(struct room *room, const struct id *deck, int done, int count)
{
    char key[ID_TEXT_SIZE];
    room_push_state(room, "deck.progress", id_text(deck, key), ROLE_STAFF,
                    deck_progress_json(done, count));
}

/* --- opening --- */

struct opening {
    struct decks all;
    struct slide_position on;
};

void slides_drop(void *loaded)
{
    struct opening *o = loaded;
    decks_release(&o->all);
    free(o);
}

enum err slides_load(struct db_conn *c, const struct id *session, void **loaded)
{
    struct opening *o = mem_new(sizeof *o);
    enum err err = decks_read(c, session, NULL, &o->all);
    if (!err)
        err = slide_position_read(c, session, &o->on);
    if (err)
        slides_drop(o);
    else
        *loaded = o;
    return err;
}

void slides_take(struct room *room, void *loaded)
{
    struct slides_room *s = mem_new(sizeof *s);
    struct opening *o = loaded;
    slides_push_init(&s->push, room, &s->all, &s->on);
    room_set(room, &slides_feature, s);
    if (!o)
        return;
    s->all = o->all;
    s->on = o->on;
    free(o);
    for (size_t i = 0; i < s->all.n; i++) {
        struct deck *d = s->all.items[i];
        if (d->state == DECK_RENDERING && d->page_count)
            push_progress(room, &d->id, (int)d->slide_count, d->page_count);
    }
}

/* --- the room's life --- */

void slides_close(struct room *room)
{
    struct slides_room *s = slides_room_of(room);
    decks_release(&s->all);
    slides_push_release(&s->push);
    free(s);
}

void slides_tick(struct room *room)
{
    slides_push_tick(&slides_room_of(room)->push);
}

void slides_leave(struct room *room, struct member *member, struct departure *departure)
{
    (void)departure;
    slides_push_remove(&slides_room_of(room)->push, member->conn);
}

/* Progress that comes late is of no use: while a room opens, news waits longer than events, and the
 * deck may be ready, or gone, before. Nothing would drop the state then. */
void slides_told(struct room *room, const char *topic, const json_t *data)
{
    struct id id;
    const char *text = json_string_value(json_object_get(data, "deck"));
    if (strcmp(topic, "deck.progress") != 0 || !text || !id_parse(text, &id))
        return;
    const struct deck *deck = decks_find(&slides_room_of(room)->all, &id);
    if (deck && deck->state == DECK_RENDERING)
        push_progress(room, &id, (int)json_integer_value(json_object_get(data, "pages_done")),
                      (int)json_integer_value(json_object_get(data, "page_count")));
}

void slides_snapshot(struct room *room, unsigned audience, json_t *common)
{
    const struct slides_room *s = slides_room_of(room);
    json_object_set_new(common, "slides", slides_json(&s->all, &s->on, audience));
}
