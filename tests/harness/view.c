#include "harness/view.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void view_init(struct view *v, bool staff)
{
    *v = (struct view){.staff = staff, .tallies = json_object(), .seq = -1};
}

void view_release(struct view *v)
{
    json_decref(v->common);
    json_decref(v->own);
    json_decref(v->tallies);
    *v = (struct view){0};
}

static const char *text(const json_t *object, const char *field)
{
    const char *value = json_string_value(json_object_get(object, field));
    return value ? value : "";
}

static bool is(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}

/* --- lists of things that have an id --- */

static json_t *find(json_t *list, const char *id)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (is(text(item, "id"), id))
            return item;
    }
    return NULL;
}

static void drop(json_t *list, const char *id)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (is(text(json_array_get(list, i), "id"), id)) {
            json_array_remove(list, i);
            return;
        }
    }
}

static void put(json_t *list, json_t *item)
{
    drop(list, text(item, "id"));
    json_array_append_new(list, json_deep_copy(item));
}

static void set(json_t *item, const char *field, json_t *value)
{
    if (item)
        json_object_set_new(item, field, json_deep_copy(value));
}

static void merge(json_t *item, const json_t *data)
{
    json_t *copy = json_deep_copy(data);
    if (item)
        json_object_update(item, copy);
    json_decref(copy);
}

/* --- by feature --- */

static void session_event(struct view *v, const char *type, const json_t *data)
{
    json_t *session = json_object_get(v->common, "session");
    merge(session, data);
    if (is(type, "session.started"))
        json_object_set_new(session, "state", json_string("live"));
    if (is(type, "session.ended"))
        json_object_set_new(session, "state", json_string("ended"));
}

/* What it says comes with its first time; staff know it before. */
static void page_moved_to(json_t *deck, const json_t *data)
{
    size_t i;
    json_t *page;
    json_array_foreach(json_object_get(deck, "pages"), i, page)
    {
        if (!json_equal(json_object_get(page, "page"), json_object_get(data, "page")))
            continue;
        json_object_set_new(page, "shown", json_true());
        if (json_object_get(data, "text")) {
            set(page, "text", json_object_get(data, "text"));
            set(page, "text_cut", json_object_get(data, "text_cut"));
            set(page, "links", json_object_get(data, "links"));
        }
    }
}

static void slides_event(struct view *v, const char *type, const json_t *data)
{
    json_t *slides = json_object_get(v->common, "slides");
    json_t *decks = json_object_get(slides, "decks");
    json_t *deck = json_object_get(data, "deck");
    if (is(type, "slide.moved")) {
        page_moved_to(find(decks, json_string_value(deck)), data);
        set(json_object_get(v->common, "session"), "version", json_object_get(data, "version"));
        json_object_set_new(
            slides, "position",
            json_pack("{s:O,s:O}", "deck", deck, "page", json_object_get(data, "page")));
    } else if (is(type, "slide.deck") && !v->staff) {
        json_array_clear(decks); /* HCPs have the deck that is on */
        put(decks, deck);
    } else if (is(type, "deck.changed")) {
        if (json_is_true(json_object_get(deck, "removed")))
            drop(decks, text(deck, "id"));
        else
            put(decks, deck);
    }
}

static void polls_event(struct view *v, const char *type, const json_t *data)
{
    json_t *polls = json_object_get(v->common, "polls");
    json_t *poll = find(polls, text(data, "id"));
    if (is(type, "poll.opened") || (is(type, "poll.changed") && json_object_get(data, "poll")))
        put(polls, json_object_get(data, "poll"));
    else if (is(type, "poll.changed"))
        drop(polls, text(data, "id"));
    else if (is(type, "poll.closed") && poll) {
        json_object_set_new(poll, "state", json_string("closed"));
        set(poll, "closed_at", json_object_get(data, "closed_at"));
    } else if (poll) {
        json_object_set_new(poll, "results_shown", json_boolean(is(type, "poll.results_shown")));
        if (!v->staff && is(type, "poll.results_hidden"))
            json_object_del(v->tallies, text(data, "id"));
    }
}

static json_t *asked_by_me(const json_t *question)
{
    return json_pack("{s:O,s:O,s:O,s:O,s:O}", "id", json_object_get(question, "id"), "text",
                     json_object_get(question, "text"), "state", json_object_get(question, "state"),
                     "asked_at", json_object_get(question, "asked_at"), "votes",
                     json_object_get(question, "votes"));
}

static void question_changed(struct view *v, const json_t *data)
{
    json_t *mine = json_object_get(json_object_get(v->own, "questions"), "asked");
    merge(find(json_object_get(v->common, "questions"), text(data, "id")), data);
    merge(find(mine, text(data, "id")), data);
}

static void questions_event(struct view *v, const char *type, const json_t *data)
{
    json_t *all = json_object_get(v->common, "questions");
    json_t *mine = json_object_get(json_object_get(v->own, "questions"), "asked");
    json_t *question = json_object_get(data, "question");
    if (is(type, "question.asked") && !v->staff) {
        json_t *own = asked_by_me(question);
        put(mine, own);
        json_decref(own);
    } else if (is(type, "question.asked") || is(type, "question.shown")) {
        put(all, question);
    } else if (is(type, "question.hidden")) {
        drop(all, text(data, "id"));
    } else if (is(type, "question.author")) {
        size_t i;
        json_t *id;
        json_array_foreach(json_object_get(data, "questions"), i, id)
            set(find(all, json_string_value(id)), "author", json_object_get(data, "author"));
    } else {
        question_changed(v, data);
    }
}

/* --- frames --- */

static void take_event(struct view *v, const json_t *frame)
{
    const char *type = text(frame, "event");
    const json_t *data = json_object_get(frame, "data");
    long long seq = json_integer_value(json_object_get(frame, "seq"));
    assert(seq > v->seq);
    v->seq = seq;
    if (strncmp(type, "session.", 8) == 0)
        session_event(v, type, data);
    else if (strncmp(type, "slide.", 6) == 0 || strncmp(type, "deck.", 5) == 0)
        slides_event(v, type, data);
    else if (strncmp(type, "poll.", 5) == 0)
        polls_event(v, type, data);
    else if (strncmp(type, "question.", 9) == 0)
        questions_event(v, type, data);
}

static void take_state(struct view *v, const json_t *frame)
{
    const char *type = text(frame, "state"), *key = text(frame, "key");
    json_t *data = json_object_get(frame, "data");
    if (is(type, "poll.tally")) {
        json_object_set_new(v->tallies, key, json_deep_copy(data));
    } else if (is(type, "question.votes")) {
        json_t *mine = json_object_get(json_object_get(v->own, "questions"), "asked");
        json_t *votes = json_object_get(data, "votes");
        set(find(json_object_get(v->common, "questions"), key), "votes", votes);
        set(find(mine, key), "votes", votes);
    }
}

void view_take(struct view *v, const json_t *frame)
{
    const json_t *ok = json_object_get(frame, "ok");
    const json_t *snapshot = json_object_get(ok, "snapshot");
    if (snapshot) {
        json_decref(v->common);
        json_decref(v->own);
        v->common = json_deep_copy(json_object_get(snapshot, "common"));
        v->own = json_deep_copy(json_object_get(snapshot, "own"));
        json_object_clear(v->tallies);
        v->seq = json_integer_value(json_object_get(ok, "seq"));
    } else if (json_object_get(frame, "event")) {
        take_event(v, frame);
    } else if (json_object_get(frame, "state")) {
        take_state(v, frame);
    }
}

/* --- comparing --- */

static int by_id(const void *a, const void *b)
{
    return strcmp(text(*(json_t *const *)a, "id"), text(*(json_t *const *)b, "id"));
}

/* In the order of ids: clients order lists themselves. */
static json_t *sorted(json_t *list)
{
    size_t n = json_array_size(list);
    json_t **items = malloc((n + 1) * sizeof(json_t *));
    for (size_t i = 0; i < n; i++)
        items[i] = json_array_get(list, i);
    qsort(items, n, sizeof(json_t *), by_id);
    json_t *result = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append(result, items[i]);
    free(items);
    return result;
}

static json_t *normal(const struct view *v)
{
    json_t *slides = json_object_get(v->common, "slides");
    json_t *mine = json_object_get(json_object_get(v->own, "questions"), "asked");
    return json_pack("{s:O,s:O*,s:o,s:o,s:o,s:o,s:O}", "session",
                     json_object_get(v->common, "session"), "position",
                     json_object_get(slides, "position"), "decks",
                     sorted(json_object_get(slides, "decks")), "polls",
                     sorted(json_object_get(v->common, "polls")), "questions",
                     sorted(json_object_get(v->common, "questions")), "asked", sorted(mine),
                     "tallies", v->tallies);
}

char *view_difference(const struct view *v, const struct view *fresh)
{
    json_t *have = normal(v), *want = normal(fresh);
    char *message = NULL;
    if (!json_equal(have, want)) {
        char *a = json_dumps(have, JSON_SORT_KEYS | JSON_INDENT(1));
        char *b = json_dumps(want, JSON_SORT_KEYS | JSON_INDENT(1));
        size_t size = strlen(a) + strlen(b) + 40;
        message = malloc(size);
        snprintf(message, size, "have\n%s\nfresh\n%s", a, b);
        free(a);
        free(b);
    }
    json_decref(have);
    json_decref(want);
    return message;
}
