#include "features/slides/slides.h"
#include "base/mem.h"

const char *const deck_state_words[] = {"rendering", "ready", "failed", NULL};

enum deck_state deck_state_parse(const char *word)
{
    for (int i = 0; deck_state_words[i]; i++)
        if (strcmp(deck_state_words[i], word) == 0)
            return (enum deck_state)i;
    return DECK_FAILED;
}

struct deck *deck_new(void)
{
    return mem_new(sizeof(struct deck));
}

static void free_slides(struct deck *d)
{
    for (size_t i = 0; i < d->slide_count; i++) {
        free(d->slides[i].error);
        json_decref(d->slides[i].warnings);
        json_decref(d->slides[i].links);
        free(d->slides[i].text);
        free(d->slides[i].notes);
    }
    free(d->slides);
}

void deck_free(struct deck *d)
{
    if (!d)
        return;
    free_slides(d);
    free(d->file_name);
    free(d->error);
    free(d);
}

struct slide *deck_add_slide(struct deck *d, int page)
{
    if ((d->slide_count & (d->slide_count - 1)) == 0) /* doubles at each power of two */
        d->slides =
            mem_resize(d->slides, (d->slide_count ? 2 * d->slide_count : 1) * sizeof *d->slides);
    struct slide *s = &d->slides[d->slide_count++];
    *s = (struct slide){.page = page};
    return s;
}

/* Takes its part of what a deck has room for. */
static bool room_for(size_t *used, size_t most, size_t bytes)
{
    bool room = *used + bytes <= most;
    *used += room ? bytes : 0;
    return room;
}

void deck_set_text(struct deck *d, struct slide *s, const char *text, bool cut)
{
    bool room = room_for(&d->text_bytes, DECK_TEXT_BYTES, strlen(text));
    s->text_cut = cut || !room;
    free(s->text);
    s->text = mem_strdup(room ? text : "");
}

void deck_set_notes(struct deck *d, struct slide *s, const char *notes, bool cut)
{
    bool room = room_for(&d->notes_bytes, DECK_NOTES_BYTES, strlen(notes));
    s->notes_cut = cut || !room;
    free(s->notes);
    s->notes = mem_strdup(room ? notes : "");
}

#define LINK_BYTES 64 /* of a link in JSON, its address apart */

void deck_set_links(struct deck *d, struct slide *s, json_t *links)
{
    size_t i, bytes = 0;
    json_t *link;
    json_array_foreach(links, i, link)
    {
        bytes += LINK_BYTES + json_string_length(json_object_get(link, "url"));
    }
    json_decref(s->links);
    s->links = room_for(&d->link_bytes, DECK_LINK_BYTES, bytes) ? json_incref(links) : NULL;
    json_decref(links);
}

struct slide *deck_page(const struct deck *d, int page)
{
    for (size_t i = 0; i < d->slide_count; i++)
        if (d->slides[i].page == page)
            return &d->slides[i];
    return NULL;
}

void deck_shown_as(struct deck *d, const struct deck *known)
{
    for (size_t i = 0; i < d->slide_count; i++) {
        const struct slide *s = known ? deck_page(known, d->slides[i].page) : NULL;
        d->slides[i].shown = s && s->shown;
    }
}

struct deck *decks_find(const struct decks *all, const struct id *id)
{
    for (size_t i = 0; i < all->n; i++)
        if (id_equal(&all->items[i]->id, id))
            return all->items[i];
    return NULL;
}

void decks_add(struct decks *all, struct deck *d)
{
    all->items = mem_resize(all->items, (all->n + 1) * sizeof(struct deck *));
    size_t i = all->n++;
    for (; i > 0 && all->items[i - 1]->created_at > d->created_at; i--)
        all->items[i] = all->items[i - 1];
    all->items[i] = d;
}

void decks_remove(struct decks *all, struct deck *d)
{
    size_t kept = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i] != d)
            all->items[kept++] = all->items[i];
    all->n = kept;
    deck_free(d);
}

void decks_replace(struct decks *all, struct deck *known, struct deck *newer)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i] == known)
            all->items[i] = newer;
    deck_free(known);
}

void decks_release(struct decks *all)
{
    for (size_t i = 0; i < all->n; i++)
        deck_free(all->items[i]);
    free(all->items);
    *all = (struct decks){0};
}

bool slide_session_allows(enum session_state session)
{
    return session == SESSION_LOBBY || session == SESSION_LIVE;
}

const char *slide_refused(const struct deck *deck, int64_t page, enum session_state session)
{
    if (!deck)
        return "not_found";
    if (!slide_session_allows(session))
        return "session.state";
    if (deck->state == DECK_FAILED)
        return "slide.page";
    const struct slide *s = page <= DECK_PAGES_MAX ? deck_page(deck, (int)page) : NULL;
    if (s)
        return s->ready ? NULL : "slide.page";
    /* of a deck that is rendering the database knows more pages than the room */
    return deck->state == DECK_RENDERING && page > 0 ? NULL : "slide.page";
}
