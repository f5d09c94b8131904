/* What happens to decks and to the page that is on, as the session's log has it. The log names a
 * deck; its content is in tables of its own, and the worker attaches it. */
#include "features/slides/slides_room.h"
#include "room/media.h"

/* --- the deck that an event names --- */

static bool deck_id(const struct event *event, struct id *id)
{
    const char *text = json_string_value(json_object_get(event->payload, "deck"));
    return text && id_parse(text, id);
}

/* Nothing is attached when the deck was removed. */
enum err deck_attach(struct db_conn *c, struct event *event)
{
    struct decks read = {0};
    struct id id;
    if (!deck_id(event, &id))
        return ERR_OK;
    enum err err = decks_read(c, &event->session, &id, &read);
    if (!err && read.n) {
        event->attached = read.items[0];
        read.n = 0;
    }
    decks_release(&read);
    return err;
}

void deck_release(void *attached)
{
    deck_free(attached);
}

/* The room's deck becomes what is attached; a deck that is no more goes. */
void deck_apply(struct room *room, struct event *event)
{
    struct decks *all = &slides_room_of(room)->all;
    struct deck *now = event->attached;
    struct id id;
    if (!deck_id(event, &id))
        return;
    struct deck *known = decks_find(all, &id);
    event->attached = NULL;
    if (now) /* what was read may be ahead of the log */
        deck_shown_as(now, known);
    if (known && now)
        decks_replace(all, known, now);
    else if (now)
        decks_add(all, now);
    else if (known)
        decks_remove(all, known);
}

static const struct deck *deck_of(const struct room *room, const struct event *event)
{
    struct id id;
    return deck_id(event, &id) ? decks_find(&slides_room_of(room)->all, &id) : NULL;
}

/* --- deck.changed: uploaded, rendered, failed, removed --- */

void deck_apply_changed(struct room *room, struct event *event)
{
    deck_apply(room, event);
    const struct deck *d = deck_of(room, event);
    if (!d || d->state != DECK_RENDERING)
        room_drop_state(room, "deck.progress",
                        json_string_value(json_object_get(event->payload, "deck")));
    slides_push_look(&slides_room_of(room)->push);
}

json_t *deck_encode_changed(const struct room *room, const struct event *event)
{
    struct id id = {0};
    deck_id(event, &id);
    return deck_changed_json(&id, deck_of(room, event));
}

/* --- slide.deck: HCPs get the deck that is shown from here on --- */

json_t *deck_encode(const struct room *room, const struct event *event)
{
    const struct deck *d = deck_of(room, event);
    return d ? json_pack("{s:o}", "deck", deck_json(d)) : NULL;
}

/* --- slide.moved: what the page says, and where it leads, comes with its first time --- */

void slide_apply_moved(struct room *room, struct event *event)
{
    struct slide_position to = {
        .page = (int)json_integer_value(json_object_get(event->payload, "page"))};
    if (!deck_id(event, &to.deck))
        return;
    struct slides_room *r = slides_room_of(room);
    const struct deck *d = decks_find(&r->all, &to.deck);
    struct slide *s = d ? deck_page(d, to.page) : NULL;
    r->on = to;
    r->first_time = s && !s->shown;
    if (s)
        s->shown = true;
    room->version = json_integer_value(json_object_get(event->payload, "version"));
    slides_push_look(&slides_room_of(room)->push);
}

/* The speaker's stream has another number at each node; one who sends nothing is not waited for. */
static void number_moment(const struct room *room, const struct event *event, json_t *moved)
{
    const json_t *media = json_object_get(moved, "media");
    uint16_t stream;
    if (!media)
        return;
    if (room_media_stream(room, &event->actor, &stream))
        json_object_set_new(moved, "media",
                            json_pack("{s:i,s:O}", "stream", (int)stream, "timestamp",
                                      json_object_get(media, "timestamp")));
    else
        json_object_del(moved, "media");
}

json_t *slide_encode_moved(const struct room *room, const struct event *event)
{
    const struct slides_room *r = slides_room_of(room);
    const struct deck *d = r->first_time ? decks_find(&r->all, &r->on.deck) : NULL;
    json_t *moved = json_copy(event->payload);
    number_moment(room, event, moved);
    if (d)
        slide_moved_add_content(moved, deck_page(d, r->on.page));
    return moved;
}
