/* The slides' rules, and that what is written is what PROTOCOL.md says (golden files). */
#include "base/identity.h"
#include "base/mem.h"
#include "features/slides/slides.h"
#include "harness/golden.h"
#include "unit/run.h"
#include <string.h>

#define GOLDEN_AT 1795284450000000LL /* 2026-11-21T18:07:30Z */
#define TALK      "8a1b6f2e-0d4c-4b7a-9e21-3c5d7f9a1b01"
#define SECRET    "8a1b6f2e-0d4c-4b7a-9e21-3c5d7f9a1b02"

static struct id id_of(const char *text)
{
    struct id id;
    ck_assert(id_parse(text, &id));
    return id;
}

static struct deck *talk(void)
{
    struct deck *d = deck_new();
    d->id = id_of(TALK);
    d->file_name = mem_strdup("Insuffisance cardiaque.pdf");
    d->state = DECK_READY;
    d->bytes = 184311;
    d->created_at = GOLDEN_AT - 149750000;
    d->page_count = 2;
    struct slide *s = deck_add_slide(d, 1);
    s->ready = s->shown = true;
    s->width = 720;
    s->height = 405;
    deck_set_text(d, s, "Insuffisance cardiaque\n2026", false);
    static const struct slide_image images[] = {
        {480, 270, 9120}, {960, 540, 23870}, {1920, 1080, 61044}};
    memcpy(s->images, images, sizeof images);
    s->image_count = 3;
    s->warnings = json_pack("[s]", "font.missing");
    deck_set_notes(d, s, "Saluer les participants", false);
    deck_set_links(d, s,
                   json_pack("[{s:i,s:i,s:i,s:i,s:s}]", "x", 500, "y", 8800, "width", 2400,
                             "height", 450, "url", "https://www.escardio.org/guidelines"));
    deck_add_slide(d, 2)->error = mem_strdup("page.timeout");
    return d;
}

static struct deck *secret(void)
{
    struct deck *d = deck_new();
    d->id = id_of(SECRET);
    d->file_name = mem_strdup("secret.pdf");
    d->state = DECK_FAILED;
    d->error = mem_strdup("pdf.encrypted");
    d->bytes = 5120;
    d->created_at = GOLDEN_AT;
    return d;
}

START_TEST(only_a_page_that_is_ready_can_be_shown)
{
    struct deck *d = talk();
    ck_assert_ptr_null(slide_refused(d, 1, SESSION_LIVE));
    ck_assert_ptr_null(slide_refused(d, 1, SESSION_LOBBY));
    ck_assert_str_eq(slide_refused(d, 2, SESSION_LIVE), "slide.page"); /* failed */
    ck_assert_str_eq(slide_refused(d, 3, SESSION_LIVE), "slide.page");
    ck_assert_str_eq(slide_refused(d, 0, SESSION_LIVE), "slide.page");
    ck_assert_str_eq(slide_refused(NULL, 1, SESSION_LIVE), "not_found");
    d->state = DECK_FAILED;
    ck_assert_str_eq(slide_refused(d, 1, SESSION_LIVE), "slide.page");
    d->state = DECK_RENDERING;
    ck_assert_ptr_null(slide_refused(d, 1, SESSION_LIVE));
    ck_assert_str_eq(slide_refused(d, 2, SESSION_LIVE), "slide.page");
    ck_assert_ptr_null(slide_refused(d, 3, SESSION_LIVE)); /* the database knows */
    deck_free(d);
}
END_TEST

START_TEST(slides_move_in_lobby_and_live_only)
{
    struct deck *d = talk();
    ck_assert_str_eq(slide_refused(d, 1, SESSION_DRAFT), "session.state");
    ck_assert_str_eq(slide_refused(d, 1, SESSION_ENDED), "session.state");
    ck_assert_str_eq(slide_refused(d, 1, SESSION_CANCELLED), "session.state");
    deck_free(d);
}
END_TEST

START_TEST(text_of_a_deck_is_bounded)
{
    struct deck *d = deck_new();
    char *text = mem_new(DECK_TEXT_BYTES / 2 + 1);
    memset(text, 'x', DECK_TEXT_BYTES / 2);
    for (int page = 1; page <= 3; page++)
        deck_set_text(d, deck_add_slide(d, page), text, false);
    deck_set_text(d, deck_add_slide(d, 4), "", true);
    ck_assert_uint_eq(d->text_bytes, DECK_TEXT_BYTES);
    ck_assert_str_eq(d->slides[1].text, text);
    ck_assert_str_eq(d->slides[2].text, "");
    ck_assert(!d->slides[1].text_cut && d->slides[2].text_cut && d->slides[3].text_cut);
    free(text);
    deck_free(d);
}
END_TEST

START_TEST(notes_and_links_of_a_deck_are_bounded)
{
    struct deck *d = deck_new();
    char *notes = mem_new(DECK_NOTES_BYTES + 2);
    memset(notes, 'x', DECK_NOTES_BYTES + 1);
    deck_set_notes(d, deck_add_slide(d, 1), notes, false);
    deck_set_notes(d, deck_add_slide(d, 2), "short", false);
    ck_assert(d->slides[0].notes_cut && !d->slides[1].notes_cut);
    ck_assert_str_eq(d->slides[0].notes, "");
    ck_assert_str_eq(d->slides[1].notes, "short");
    json_t *link = json_pack("[{s:s%}]", "url", notes, (size_t)2000);
    for (size_t i = 0; i < 64; i++)
        deck_set_links(d, &d->slides[i % 2], json_incref(link));
    ck_assert_uint_le(d->link_bytes, DECK_LINK_BYTES);
    ck_assert_ptr_null(d->slides[0].links);
    json_decref(link);
    free(notes);
    deck_free(d);
}
END_TEST

START_TEST(decks_are_kept_oldest_first)
{
    struct decks all = {0};
    decks_add(&all, secret());
    decks_add(&all, talk());
    struct id first = id_of(TALK), second = id_of(SECRET);
    ck_assert(id_equal(&all.items[0]->id, &first));
    struct deck *newer = secret();
    decks_replace(&all, decks_find(&all, &second), newer);
    ck_assert_ptr_eq(all.items[1], newer);
    decks_remove(&all, decks_find(&all, &first));
    ck_assert_ptr_null(decks_find(&all, &first));
    ck_assert_uint_eq(all.n, 1);
    decks_release(&all);
}
END_TEST

START_TEST(what_is_written_is_what_the_golden_files_say)
{
    struct decks all = {0};
    decks_add(&all, talk());
    decks_add(&all, secret());
    struct slide_position on = {.deck = id_of(TALK), .page = 1};
    struct id gone = id_of(SECRET);
    ck_assert(
        golden_is("slides", "snapshot.hcp", "common.slides", slides_json(&all, &on, ROLE_HCP)));
    ck_assert(golden_is("slides", "snapshot.staff", "common.slides",
                        slides_json(&all, &on, ROLE_SPEAKER)));
    json_t *moved = slide_moved_json(5, &on, &(struct slide_moment){true, 4, 4800000});
    slide_moved_add_content(moved, &all.items[0]->slides[0]);
    ck_assert(golden_is("slides", "slide.moved", "data", moved));
    ck_assert(golden_is("slides", "slide.deck", "data.deck", deck_json(all.items[0])));
    ck_assert(golden_is("slides", "deck.changed", "data", deck_changed_json(&gone, all.items[1])));
    ck_assert(golden_is("slides", "deck.removed", "data", deck_changed_json(&gone, NULL)));
    ck_assert(golden_is("slides", "deck.progress", "data", deck_progress_json(1, 2)));
    decks_release(&all);
}
END_TEST

START_TEST(what_was_not_shown_says_nothing)
{
    struct deck *d = talk(), *newer = talk();
    deck_shown_as(newer, NULL); /* whatever was read of it */
    json_t *deck = deck_json(newer);
    json_t *page = json_array_get(json_object_get(deck, "pages"), 0);
    ck_assert(json_is_false(json_object_get(page, "shown")));
    ck_assert_str_eq(json_string_value(json_object_get(page, "text")), "");
    ck_assert_uint_eq(json_array_size(json_object_get(page, "images")), 3);
    ck_assert_uint_eq(json_array_size(json_object_get(page, "links")), 0);
    ck_assert_ptr_null(json_object_get(page, "notes"));
    json_decref(deck);
    deck = deck_staff_json(newer);
    page = json_array_get(json_object_get(deck, "pages"), 0);
    ck_assert_str_ne(json_string_value(json_object_get(page, "text")), "");
    ck_assert_uint_eq(json_array_size(json_object_get(page, "links")), 1);
    json_decref(deck);
    deck_shown_as(newer, d);
    deck = deck_json(newer);
    page = json_array_get(json_object_get(deck, "pages"), 0);
    ck_assert_uint_eq(json_array_size(json_object_get(page, "links")), 1);
    ck_assert_ptr_null(json_object_get(page, "notes")); /* they stay with staff */
    json_decref(deck);
    ck_assert(newer->slides[0].shown && !newer->slides[1].shown);
    deck_free(d);
    deck_free(newer);
}
END_TEST

START_TEST(before_the_first_move_hcps_see_no_deck)
{
    struct decks all = {0};
    struct slide_position on = {0};
    decks_add(&all, talk());
    json_t *seen = slides_json(&all, &on, ROLE_HCP);
    ck_assert(json_is_null(json_object_get(seen, "position")));
    ck_assert_uint_eq(json_array_size(json_object_get(seen, "decks")), 0);
    json_decref(seen);
    decks_release(&all);
}
END_TEST

RUN_TESTS("slides", only_a_page_that_is_ready_can_be_shown, slides_move_in_lobby_and_live_only,
          text_of_a_deck_is_bounded, notes_and_links_of_a_deck_are_bounded,
          decks_are_kept_oldest_first, what_is_written_is_what_the_golden_files_say,
          what_was_not_shown_says_nothing, before_the_first_move_hcps_see_no_deck)
