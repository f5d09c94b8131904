/* Slides as people see them: moves in, events out, rows in between; decks that change beside. */
#include "integration/slides_talks.h"

static json_t *common(unsigned roles, int person, const char *part)
{
    return json_object_get(json_object_get(stage_snapshot(&stage, roles, person), "common"), part);
}

static int64_t number(const json_t *object, const char *field)
{
    return json_integer_value(json_object_get(object, field));
}

START_TEST(everybody_follows_a_move_and_hcps_get_the_deck_first)
{
    open_stage();
    ck_assert_uint_eq(json_array_size(json_object_get(common(ROLE_HCP, 1, "slides"), "decks")), 0);
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(move(host, 0, TALK, 1), "");
    ck_assert_str_eq(move(host, 1, TALK, 2), "");
    ck_assert_str_eq(move(host, 2, OTHER, 1), "");
    json_t *deck = json_object_get(stage_frame(&stage, ada, "event", "slide.deck", 0), "deck");
    ck_assert_str_eq(json_string_value(json_object_get(deck, "id")), TALK);
    ck_assert_uint_eq(json_array_size(json_object_get(deck, "pages")), 3);
    ck_assert_int_eq(number(stage_frame(&stage, ada, "event", "slide.moved", 2), "version"), 3);
    ck_assert_uint_eq(live_count(stage.live, ada, "event", "slide.deck"), 2);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT string_agg(type, ' ' ORDER BY seq)"
                                       " FROM session_event"),
                     "slide.deck slide.moved slide.moved slide.deck slide.moved");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT deck_id || ' ' || page FROM slide_position"),
                     OTHER " 1");

    stage_restart(&stage, features);
    json_t *seen = common(ROLE_HCP, 2, "slides");
    ck_assert_int_eq(number(json_object_get(seen, "position"), "page"), 1);
    ck_assert_uint_eq(json_array_size(json_object_get(seen, "decks")), 1);
    ck_assert_uint_eq(json_array_size(json_object_get(common(ROLE_HOST, 0, "slides"), "decks")), 2);
    stage_close(&stage);
}
END_TEST

START_TEST(host_commands_and_moves_share_one_version)
{
    open_stage();
    uint64_t host = stage_staff(&stage, ROLE_HOST), speaker = stage_staff(&stage, ROLE_SPEAKER);
    ck_assert_str_eq(move(speaker, 0, TALK, 1), "");
    ck_assert_str_eq(move(host, 0, TALK, 2), "session.version");
    ck_assert_int_eq(number(common(ROLE_HOST, 0, "session"), "version"), 1);
    ck_assert_str_eq(
        stage_code(&stage, host, "session.extend", "{\"version\":1,\"planned_minutes\":90}"), "");
    ck_assert_str_eq(move(speaker, 1, TALK, 2), "session.version");
    ck_assert_str_eq(move(speaker, 2, TALK, 2), "");
    ck_assert_str_eq(stage_code(&stage, host, "session.end", "{\"version\":3}"), "");
    ck_assert_str_eq(move(speaker, 4, TALK, 1), "session.state");
    stage_close(&stage);
}
END_TEST

START_TEST(several_moves_in_a_row_need_no_waiting)
{
    open_stage();
    uint64_t host = stage_staff(&stage, ROLE_HOST);
    int64_t asked[10];
    for (int n = 0; n < 10; n++) {
        char data[128];
        snprintf(data, sizeof data, "{\"version\":%d,\"deck\":\"" TALK "\",\"page\":%d}", n,
                 n % 2 + 1);
        asked[n] = live_command(stage.live, host, "slide.move", data);
    }
    for (int n = 0; n < 10; n++) {
        json_t *answer = live_wait_answer(stage.live, host, asked[n]);
        ck_assert_int_eq(number(json_object_get(answer, "ok"), "version"), n + 1);
    }
    ck_assert_uint_eq(live_count(stage.live, host, "event", "slide.deck"), 1);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT s.version || ' ' || p.page FROM session s,"
                                       " slide_position p WHERE s.id = p.session_id"),
                     "10 2");
    stage_close(&stage);
}
END_TEST

START_TEST(bad_moves_are_refused_with_their_reason)
{
    open_stage();
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(move(ada, 0, TALK, 1), "auth.forbidden");
    ck_assert_str_eq(move(stage_staff(&stage, ROLE_MODERATOR), 0, TALK, 1), "auth.forbidden");
    ck_assert_str_eq(move(host, 0, TALK, 3), "slide.page");
    ck_assert_str_eq(move(host, 0, TALK, 4), "slide.page");
    ck_assert_str_eq(move(host, 0, TALK, 0), "request.invalid");
    ck_assert_str_eq(move(host, -1, TALK, 1), "request.invalid");
    ck_assert_str_eq(move(host, 0, AUDIENCE_SESSION, 1), "not_found");
    ck_assert_str_eq(stage_code(&stage, host, "slide.move", "{\"version\":0,\"page\":1}"),
                     "request.invalid");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM session_event"), "0");
    stage_close(&stage);
}
END_TEST

START_TEST(the_database_has_the_last_word)
{
    open_stage();
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    /* Removed, and moved on by a commit whose outcome this room never learnt. */
    pg_sql(stage.url, "UPDATE deck SET removed_at = '2026-11-01' WHERE id = '" OTHER "'");
    ck_assert_str_eq(move(host, 0, OTHER, 1), "not_found");
    pg_sql(stage.url, "UPDATE session SET version = 1;"
                      "INSERT INTO slide_position SELECT id, organisation_id, '" TALK "', 2, now()"
                      " FROM session;"
                      "SELECT session_append_event(id, 'slide.deck', 1, 31, NULL,"
                      " '{\"deck\":\"" TALK "\"}', now()),"
                      " session_append_event(id, 'slide.moved', 1, 31, NULL,"
                      " '{\"version\":1,\"deck\":\"" TALK "\",\"page\":2}', now()) FROM session");
    ck_assert_str_eq(move(host, 0, TALK, 1), "session.version");
    stage_pass(&stage, 1100);
    stage_frame(&stage, ada, "event", "slide.deck", 0);
    ck_assert_int_eq(number(stage_frame(&stage, ada, "event", "slide.moved", 0), "page"), 2);
    ck_assert_str_eq(move(host, 1, TALK, 1), "");
    ck_assert_uint_eq(live_count(stage.live, ada, "event", "slide.moved"), 2);
    stage_close(&stage);
}
END_TEST

static void finish(const char *deck)
{
    struct change change;
    struct id id = audience_id(deck);
    live_change(stage.live, &change, NULL);
    ck_assert_int_eq(deck_finish(stage.conn, &change, &stage.live->session, &id, NULL), ERR_OK);
}

static void remove_deck(const char *deck)
{
    struct change change;
    struct id id = audience_id(deck);
    stage_change(&stage, &change);
    ck_assert_int_eq(deck_remove(stage.conn, &change, &id), ERR_OK);
}

static void tell_progress(const char *deck)
{
    tell(&stage.live->app, scope_session(&stage.live->session), "deck.progress",
         json_pack("{s:s,s:i,s:i}", "deck", deck, "pages_done", 2, "page_count", 3));
    stage_pass(&stage, 100);
}

START_TEST(rendering_reaches_staff_only_and_ends_with_the_deck)
{
    open_stage();
    pg_sql(stage.url, "UPDATE deck SET state = 'rendering' WHERE id = '" OTHER "'");
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(move(host, 0, OTHER, 3), "slide.page");
    tell_progress(OTHER);
    ck_assert_int_eq(number(stage_frame(&stage, host, "state", "deck.progress", 0), "pages_done"),
                     2);
    finish(OTHER);
    stage_pass(&stage, 100);
    json_t *deck = json_object_get(stage_frame(&stage, host, "event", "deck.changed", 0), "deck");
    ck_assert_str_eq(json_string_value(json_object_get(deck, "state")), "ready");
    ck_assert_str_eq(move(host, 0, OTHER, 1), "");
    remove_deck(TALK);
    stage_pass(&stage, 100);
    deck = json_object_get(stage_frame(&stage, host, "event", "deck.changed", 1), "deck");
    ck_assert(json_is_true(json_object_get(deck, "removed")));
    ck_assert_uint_eq(live_count(stage.live, ada, "event", "deck.changed"), 0);
    tell_progress(OTHER); /* late: it is ready, */
    tell_progress(TALK);  /* and this one is gone */
    ck_assert_uint_eq(live_count(stage.live, host, "state", "deck.progress"), 1);
    ck_assert_uint_eq(live_count(stage.live, ada, "state", "deck.progress"), 0);
    stage_close(&stage);
}
END_TEST

static size_t pages(const json_t *deck)
{
    return json_array_size(json_object_get(deck, "pages"));
}

START_TEST(a_page_is_shown_when_it_is_ready)
{
    open_stage();
    pg_sql(stage.url, "UPDATE deck SET state = 'rendering' WHERE id = '" OTHER "';"
                      "DELETE FROM slide_image WHERE deck_id = '" OTHER "' AND page > 1;"
                      "DELETE FROM slide WHERE deck_id = '" OTHER "' AND page > 1");
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(move(host, 0, OTHER, 2), "slide.page");
    ck_assert_str_eq(move(host, 0, OTHER, 1), "");
    json_t *deck = json_object_get(stage_frame(&stage, ada, "event", "slide.deck", 0), "deck");
    ck_assert_uint_eq(pages(deck), 1);
    pg_sql(stage.url, "INSERT INTO slide VALUES ('" OTHER "', 2, 'ready', NULL, 720, 405, '2')");
    ck_assert_str_eq(move(host, 1, OTHER, 2), ""); /* no event has told the room of it */
    deck = json_object_get(stage_frame(&stage, ada, "event", "slide.deck", 1), "deck");
    ck_assert_uint_eq(pages(deck), 2);
    finish(OTHER);
    stage_pass(&stage, 100);
    stage_frame(&stage, ada, "event", "slide.deck", 2); /* the rest */
    ck_assert_str_eq(move(host, 2, OTHER, 1), "");
    ck_assert_uint_eq(live_count(stage.live, ada, "event", "slide.deck"), 3);
    stage_close(&stage);
}
END_TEST

START_TEST(an_open_console_sees_a_deck_from_its_upload_on)
{
    open_stage();
    uint64_t host = stage_staff(&stage, ROLE_HOST);
    struct deck_upload up = {
        .session = stage.live->session, .file_name = "New.pdf", .pdf = {7}, .bytes = 10};
    struct deck *made = NULL;
    struct change change;
    const char *why = "";
    stage_change(&stage, &change);
    ck_assert_int_eq(deck_create(stage.conn, &change, &up, &made, &why), ERR_OK);
    stage_pass(&stage, 100);
    json_t *deck = json_object_get(stage_frame(&stage, host, "event", "deck.changed", 0), "deck");
    ck_assert_str_eq(json_string_value(json_object_get(deck, "state")), "rendering");
    char id[ID_TEXT_SIZE];
    ck_assert_str_eq(move(host, 0, id_text(&made->id, id), 1), "slide.page");
    struct page_row page = {.deck = made->id, .page = 1, .width = 720, .height = 405, .text = "1"};
    ck_assert_int_eq(deck_add_page(stage.conn, &stage.live->app, &page), ERR_OK);
    live_change(stage.live, &change, NULL);
    ck_assert_int_eq(deck_tell_pages(stage.conn, &change, &stage.live->session, &made->id), ERR_OK);
    stage_pass(&stage, 100);
    deck = json_object_get(stage_frame(&stage, host, "event", "deck.changed", 1), "deck");
    ck_assert_uint_eq(pages(deck), 1);
    ck_assert_str_eq(move(host, 0, id, 1), "");
    deck_free(made);
    stage_close(&stage);
}
END_TEST

/* Who is asked about an image of the session's deck; 0 when it may be seen. */
static enum err page_for(struct db_conn *c, struct identity who, int page)
{
    uint8_t blob[BLOB_HASH_SIZE];
    struct id deck = audience_id(TALK);
    return slide_image_find(c, &who, &deck, page, 960, blob);
}

static enum err image_for(struct db_conn *c, struct identity who)
{
    return page_for(c, who, 1);
}

START_TEST(hcps_see_images_of_their_own_congress_once_it_is_published)
{
    open_stage();
    const char *why;
    struct db_conn *c = db_connect(stage.url, &why);
    ck_assert_ptr_nonnull(c);
    struct identity ada = audience_organiser();
    ada.roles = ROLE_HCP;
    ada.person = audience_person(1);
    ck_assert_int_eq(image_for(c, ada), ERR_NOT_FOUND);
    ck_assert_int_eq(image_for(c, audience_organiser()), ERR_OK);
    ck_assert_str_eq(move(stage_staff(&stage, ROLE_HOST), 0, TALK, 1), "");
    ck_assert_int_eq(image_for(c, ada), ERR_OK);
    ck_assert_int_eq(image_for(c, audience_organiser()), ERR_OK);
    ck_assert_int_eq(image_for(c, audience_stranger()), ERR_NOT_FOUND);
    pg_sql(stage.url, "UPDATE session SET state = 'draft', live_at = NULL");
    ck_assert_int_eq(image_for(c, ada), ERR_NOT_FOUND);
    ck_assert_int_eq(image_for(c, audience_organiser()), ERR_OK);
    pg_sql(stage.url, "UPDATE session SET state = 'lobby';"
                      "UPDATE registration SET state = 'cancelled', cancelled_at = now()");
    ck_assert_int_eq(image_for(c, ada), ERR_NOT_FOUND);
    db_disconnect(c);
    stage_close(&stage);
}
END_TEST

static json_t *page_of(const char *part, int page)
{
    json_t *deck = json_array_get(json_object_get(common(ROLE_HCP, 1, part), "decks"), 0);
    return json_array_get(json_object_get(deck, "pages"), (size_t)page - 1);
}

static void hcps_know_page_2_alone(struct db_conn *c, struct identity ada)
{
    ck_assert(json_is_false(json_object_get(page_of("slides", 1), "shown")));
    ck_assert_str_eq(json_string_value(json_object_get(page_of("slides", 1), "text")), "");
    ck_assert(json_is_true(json_object_get(page_of("slides", 2), "shown")));
    ck_assert_str_eq(json_string_value(json_object_get(page_of("slides", 2), "text")), "Page 2");
    ck_assert_int_eq(page_for(c, ada, 1), ERR_NOT_FOUND);
    ck_assert_int_eq(page_for(c, ada, 2), ERR_OK);
}

static const char *url_of(const json_t *page)
{
    json_t *first = json_array_get(json_object_get(page, "links"), 0);
    return first ? json_string_value(json_object_get(first, "url")) : "";
}

static bool says(const json_t *message, const char *words)
{
    char *text = json_dumps(message, JSON_COMPACT);
    ck_assert_ptr_nonnull(text);
    bool found = strstr(text, words);
    free(text);
    return found;
}

START_TEST(notes_are_for_staff_alone)
{
    open_stage();
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(move(host, 0, TALK, 1), "");
    ck_assert_str_eq(move(host, 1, TALK, 2), "");
    stage_frame(&stage, ada, "event", "slide.moved", 1);
    const json_t *frames = live_conn(stage.live, ada)->frames;
    ck_assert(says(frames, "https://example.org/2"));
    ck_assert(!says(frames, "Note ") && !says(frames, "\"notes"));
    json_t *staff = stage_snapshot(&stage, ROLE_SPEAKER, 0);
    ck_assert(says(staff, "Note 1") && says(staff, "https://example.org/3"));
    json_t *bob = stage_snapshot(&stage, ROLE_HCP, 2);
    ck_assert(says(bob, "https://example.org/1") && says(bob, "https://example.org/2"));
    ck_assert(!says(bob, "https://example.org/3")); /* it was not on */
    ck_assert(!says(bob, "Note ") && !says(bob, "\"notes"));
    stage_close(&stage);
}
END_TEST

START_TEST(what_was_not_shown_is_not_for_hcps)
{
    open_stage();
    const char *why;
    struct db_conn *c = db_connect(stage.url, &why);
    struct identity who = audience_organiser();
    who.roles = ROLE_HCP;
    who.person = audience_person(1);
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(move(host, 0, TALK, 2), "");
    json_t *deck = json_object_get(stage_frame(&stage, ada, "event", "slide.deck", 0), "deck");
    for (size_t i = 0; i < 3; i++)
        ck_assert_str_eq(json_string_value(json_object_get(
                             json_array_get(json_object_get(deck, "pages"), i), "text")),
                         "");
    json_t *moved = stage_frame(&stage, ada, "event", "slide.moved", 0);
    ck_assert_str_eq(json_string_value(json_object_get(moved, "text")), "Page 2");
    ck_assert_str_eq(url_of(moved), "https://example.org/2");
    hcps_know_page_2_alone(c, who);
    ck_assert_str_eq(move(host, 1, OTHER, 1), "");
    ck_assert_int_eq(page_for(c, who, 2), ERR_OK); /* they may look back */
    ck_assert_str_eq(move(host, 2, TALK, 2), "");
    moved = stage_frame(&stage, ada, "event", "slide.moved", 2);
    ck_assert_ptr_null(json_object_get(moved, "text")); /* it is known */
    hcps_know_page_2_alone(c, who);
    pg_sql(stage.url, "INSERT INTO slide_image SELECT deck_id, 3, width, height, blob, bytes"
                      " FROM slide_image WHERE page = 2 AND deck_id = '" TALK "'");
    ck_assert_int_eq(page_for(c, who, 3), ERR_OK); /* that it is there when it comes */
    ck_assert_str_eq(move(host, 3, OTHER, 1), "");
    ck_assert_int_eq(page_for(c, who, 3), ERR_NOT_FOUND);
    ck_assert_str_eq(move(host, 4, TALK, 2), "");
    stage_restart(&stage, features);
    hcps_know_page_2_alone(c, who);
    db_disconnect(c);
    stage_close(&stage);
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests(
        "slides live",
        (const TTest *const[]){
            everybody_follows_a_move_and_hcps_get_the_deck_first,
            host_commands_and_moves_share_one_version, several_moves_in_a_row_need_no_waiting,
            bad_moves_are_refused_with_their_reason, the_database_has_the_last_word,
            rendering_reaches_staff_only_and_ends_with_the_deck, a_page_is_shown_when_it_is_ready,
            an_open_console_sees_a_deck_from_its_upload_on,
            hcps_see_images_of_their_own_congress_once_it_is_published, notes_are_for_staff_alone,
            what_was_not_shown_is_not_for_hcps, NULL});
}
