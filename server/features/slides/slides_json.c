#include "base/clock.h"
#include "base/identity.h"
#include "features/slides/slides.h"

static json_t *id_json(const struct id *id)
{
    char text[ID_TEXT_SIZE];
    return json_string(id_text(id, text));
}

static json_t *known_int(int value)
{
    return value ? json_integer(value) : json_null();
}

static json_t *text_or_null(const char *text)
{
    return text ? json_string(text) : json_null();
}

static json_t *links_json(const struct slide *s)
{
    return s->links ? json_incref(s->links) : json_array();
}

/* What a page says is for the audience once it was shown; its shape is no secret, so that room can
 * be made for it. */
static json_t *slide_json(const struct slide *s, bool staff)
{
    bool told = staff || s->shown;
    json_t *images = json_array();
    for (int i = 0; i < s->image_count; i++)
        json_array_append_new(images, json_pack("{s:i,s:i,s:I}", "width", s->images[i].width,
                                                "height", s->images[i].height, "bytes",
                                                (json_int_t)s->images[i].bytes));
    return json_pack("{s:i,s:s,s:b,s:o,s:o,s:s,s:b,s:o,s:o}", "page", s->page, "state",
                     s->ready ? "ready" : "failed", "shown", s->shown, "width", known_int(s->width),
                     "height", known_int(s->height), "text", told && s->text ? s->text : "",
                     "text_cut", told && s->text_cut, "links", told ? links_json(s) : json_array(),
                     "images", images);
}

static json_t *deck_with_pages(const struct deck *d, bool staff)
{
    json_t *pages = json_array();
    for (size_t i = 0; i < d->slide_count; i++)
        json_array_append_new(pages, slide_json(&d->slides[i], staff));
    return json_pack("{s:o,s:s,s:o,s:o}", "id", id_json(&d->id), "file_name", d->file_name,
                     "page_count", known_int(d->page_count), "pages", pages);
}

json_t *deck_json(const struct deck *d)
{
    return deck_with_pages(d, false);
}

json_t *deck_staff_json(const struct deck *d)
{
    char at[TIME_TEXT_SIZE];
    json_t *deck = deck_with_pages(d, true), *pages = json_object_get(deck, "pages");
    for (size_t i = 0; i < d->slide_count; i++) {
        const struct slide *s = &d->slides[i];
        json_t *page = json_array_get(pages, i);
        json_object_set_new(page, "error", text_or_null(s->error));
        json_object_set_new(page, "warnings",
                            s->warnings ? json_incref(s->warnings) : json_array());
        json_object_set_new(page, "notes", json_string(s->notes ? s->notes : ""));
        json_object_set_new(page, "notes_cut", json_boolean(s->notes_cut));
    }
    json_object_set_new(deck, "state", json_string(deck_state_words[d->state]));
    json_object_set_new(deck, "error", text_or_null(d->error));
    json_object_set_new(deck, "created_at", json_string(time_text(d->created_at, at)));
    json_object_set_new(deck, "bytes", json_integer(d->bytes));
    return deck;
}

json_t *decks_json(const struct decks *all)
{
    json_t *list = json_array();
    for (size_t i = 0; i < all->n; i++)
        json_array_append_new(list, deck_staff_json(all->items[i]));
    return list;
}

json_t *slides_json(const struct decks *all, const struct slide_position *on, unsigned roles)
{
    json_t *position = on->page
                           ? json_pack("{s:o,s:i}", "deck", id_json(&on->deck), "page", on->page)
                           : json_null();
    json_t *decks = roles & ROLE_STAFF ? decks_json(all) : json_array();
    const struct deck *shown = on->page ? decks_find(all, &on->deck) : NULL;
    if (!(roles & ROLE_STAFF) && shown)
        json_array_append_new(decks, deck_json(shown));
    return json_pack("{s:o,s:o}", "position", position, "decks", decks);
}

json_t *slide_moved_json(int64_t version, const struct slide_position *on,
                         const struct slide_moment *heard)
{
    json_t *moved = json_pack("{s:I,s:o,s:i}", "version", (json_int_t)version, "deck",
                              id_json(&on->deck), "page", on->page);
    if (heard->set)
        json_object_set_new(moved, "media",
                            json_pack("{s:I,s:I}", "stream", (json_int_t)heard->stream, "timestamp",
                                      (json_int_t)heard->timestamp));
    return moved;
}

void slide_moved_add_content(json_t *moved, const struct slide *s)
{
    json_object_set_new(moved, "text", json_string(s->text ? s->text : ""));
    json_object_set_new(moved, "text_cut", json_boolean(s->text_cut));
    json_object_set_new(moved, "links", links_json(s));
}

json_t *deck_changed_json(const struct id *id, const struct deck *d)
{
    if (d)
        return json_pack("{s:o}", "deck", deck_staff_json(d));
    return json_pack("{s:{s:o,s:b}}", "deck", "id", id_json(id), "removed", 1);
}

json_t *deck_progress_json(int pages_done, int page_count)
{
    return json_pack("{s:i,s:o}", "pages_done", pages_done, "page_count", known_int(page_count));
}
