/* Slides as people see them: moves in, events out, rows in between; decks that change beside. */
#include "base/config.h"
#include "base/mem.h"
#include "blob/blob.h"
#include "features/sessions/sessions.h"
#include "features/slides/slides_store.h"
#include "harness/pg.h"
#include "harness/stage.h"
#include "unit/run.h"
#include <stdio.h>
#include <stdlib.h>

#define TALK  "8a1b6f2e-0d4c-4b7a-9e21-3c5d7f9a1b01"
#define OTHER "8a1b6f2e-0d4c-4b7a-9e21-3c5d7f9a1b02"

static const struct feature *const features[] = {&sessions_feature, &slides_feature, NULL};
static struct stage stage;

/* Three pages, the third failed. */
static void add_deck(const char *id, const char *state)
{
    char sql[2048];
    snprintf(sql, sizeof sql,
             "INSERT INTO deck (id, organisation_id, session_id, file_name, pdf, bytes, state,"
             " page_count, created_at, created_by) VALUES ('%s', '" AUDIENCE_ORG
             "', '" AUDIENCE_SESSION "', 'Talk.pdf', decode(repeat('ab', 32), 'hex'), 1000, '%s',"
             " 3, '2026-11-01', '" AUDIENCE_STAFF "');"
             "INSERT INTO slide (deck_id, page, state, error, width, height, text)"
             " SELECT '%s', n, CASE n WHEN 3 THEN 'failed' ELSE 'ready' END,"
             "  CASE n WHEN 3 THEN 'page.broken' END, 720, 405, 'Page ' || n"
             "  FROM generate_series(1, 3) n;"
             "INSERT INTO slide_image (deck_id, page, width, height, blob, bytes)"
             " SELECT '%s', n, w, w * 9 / 16, decode(repeat('cd', 32), 'hex'), 100"
             "  FROM generate_series(1, 2) n, unnest(ARRAY[480, 960, 1920]) w",
             id, state, id, id);
    pg_sql(stage.url, sql);
}

static void open_stage(void)
{
    stage_open(&stage, features);
    add_deck(TALK, "ready");
    add_deck(OTHER, "ready");
    pg_sql(stage.url, "UPDATE session SET version = 0");
}

static const char *move(uint64_t conn, int version, const char *deck, int page)
{
    char data[128];
    snprintf(data, sizeof data, "{\"version\":%d,\"deck\":\"%s\",\"page\":%d}", version, deck,
             page);
    return stage_code(&stage, conn, "slide.move", data);
}

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

START_TEST(rendering_and_removal_reach_staff_only)
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
    ck_assert_uint_eq(live_count(stage.live, ada, "state", "deck.progress"), 0);
    stage_close(&stage);
}
END_TEST

START_TEST(progress_that_comes_after_the_end_is_passed_over)
{
    open_stage();
    pg_sql(stage.url, "UPDATE deck SET state = 'rendering' WHERE id = '" OTHER "'");
    uint64_t host = stage_staff(&stage, ROLE_HOST);
    finish(OTHER);
    remove_deck(TALK);
    stage_pass(&stage, 100);
    tell_progress(OTHER);
    tell_progress(TALK);
    ck_assert_uint_eq(live_count(stage.live, host, "event", "deck.changed"), 2);
    ck_assert_uint_eq(live_count(stage.live, host, "state", "deck.progress"), 0);
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
    ck_assert_int_eq(deck_add_page(stage.conn, &page), ERR_OK);
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
static enum err image_for(struct db_conn *c, struct identity who)
{
    uint8_t blob[BLOB_HASH_SIZE];
    struct id deck = audience_id(TALK);
    return slide_image_find(c, &who, &deck, 1, 960, blob);
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

/* --- the image of what comes next, ahead --- */

#define SPREAD_MS 1000

static struct config config;
static char folder[] = "/tmp/amphi-slides-XXXXXX";

static void put_image(const char *width, const void *bytes, size_t len)
{
    uint8_t hash[BLOB_HASH_SIZE];
    char text[BLOB_HASH_TEXT], sql[256];
    ck_assert_int_eq(blob_put(stage.live->app.blobs, bytes, len, hash), ERR_OK);
    blob_hash_text(hash, text);
    snprintf(sql, sizeof sql,
             "UPDATE slide_image SET blob = '\\x%s' WHERE deck_id = '" TALK
             "' AND page = 2 AND width = %s",
             text, width);
    pg_sql(stage.url, sql);
}

/* Page 2 of the talk has images whose bytes say their width. */
static void open_with_images(bool push)
{
    open_stage();
    config = (struct config){.slide_push = push, .slide_spread_ms = SPREAD_MS};
    ck_assert_ptr_nonnull(mkdtemp(folder));
    stage.live->app.config = &config;
    stage.live->app.blobs = blob_store_open(folder, 1 << 20);
    static const char *const images[] = {"480", "960", "1920"};
    for (int i = 0; i < 3; i++)
        put_image(images[i], images[i], strlen(images[i]));
}

static void close_with_images(void)
{
    char command[64];
    blob_store_close(stage.live->app.blobs);
    stage_close(&stage);
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
    strcpy(folder, "/tmp/amphi-slides-XXXXXX");
}

static const char *receive(uint64_t conn, const char *data)
{
    return json_string_value(json_object_get(stage_ok(&stage, conn, "slide.receive", data), "by"));
}

static bool has_media(struct live *live, void *arg)
{
    clock_advance(live->clock, SPREAD_MS * US_PER_MS / 100);
    dispatch_tick(live->loop[0].d);
    return live_conn(live, *(uint64_t *)arg)->media > 0;
}

/* A media frame of page 2 whose image says `width`. */
static void check_image(uint64_t conn, const char *width)
{
    char header[192];
    const struct live_conn *c = live_conn(stage.live, conn);
    int len = snprintf(header, sizeof header,
                       "{\"place\":\"%s\",\"deck\":\"" TALK "\",\"page\":2,\"width\":%s,"
                       "\"offset\":0,\"total\":%zu}",
                       c->place, width, strlen(width));
    const unsigned char *b = c->last->bytes;
    ck_assert_int_eq(c->last_class, FRAME_BULK);
    ck_assert_uint_eq(c->last->len, 2 + 4 + (size_t)len + strlen(width));
    ck_assert_int_eq(b[0], 0x82);
    ck_assert_int_eq(b[2], 1); /* a slide image, version 2 */
    ck_assert_int_eq(b[3], 2);
    ck_assert_int_eq(b[4] << 8 | b[5], len);
    ck_assert_int_eq(memcmp(b + 6, header, (size_t)len), 0);
    ck_assert_int_eq(memcmp(b + 6 + len, width, strlen(width)), 0);
}

START_TEST(the_next_page_reaches_who_asked_for_it_in_their_width)
{
    open_with_images(true);
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1),
             bob = stage_hcp(&stage, 2), eve = stage_hcp(&stage, 3);
    ck_assert_str_eq(receive(ada, "{\"width\":481}"), "websocket");
    ck_assert_str_eq(receive(bob, "{\"width\":9999}"), "websocket");
    ck_assert_str_eq(move(host, 0, TALK, 1), "");
    ck_assert(live_until(stage.live, has_media, &ada));
    stage_pass(&stage, 2 * SPREAD_MS);
    check_image(ada, "960");
    check_image(bob, "1920");
    ck_assert_int_eq(live_conn(stage.live, ada)->media, 1);
    ck_assert_int_eq(live_conn(stage.live, eve)->media, 0);

    ck_assert_str_eq(receive(eve, "{\"width\":100}"), "websocket"); /* came late */
    stage_pass(&stage, 2 * SPREAD_MS);
    stage_pass(&stage, 2 * SPREAD_MS);
    check_image(eve, "480");
    ck_assert_str_eq(move(host, 1, TALK, 2), ""); /* page 3 has no image */
    stage_pass(&stage, 2 * SPREAD_MS);
    ck_assert_int_eq(live_conn(stage.live, ada)->media, 1);
    live_close(stage.live, bob, 0);
    stage_pass(&stage, 2 * SPREAD_MS);
    close_with_images();
}
END_TEST

/* The piece of page 2 at the beginning of these bytes, which is of an image of `total` bytes:
 * checks its header and answers with its whole size. */
static size_t check_piece(const unsigned char *b, size_t offset, size_t total, size_t *bytes)
{
    char text[80];
    size_t head = b[1] < 126 ? 2 : 4, len = head == 2 ? b[1] : (size_t)(b[2] << 8 | b[3]);
    size_t header = (size_t)(b[head + 2] << 8 | b[head + 3]);
    int n = snprintf(text, sizeof text, "\"offset\":%zu,\"total\":%zu}", offset, total);
    ck_assert_uint_le(head + len, 8192);
    ck_assert_mem_eq(b + head + 4 + header - n, text, (size_t)n);
    *bytes = len - 4 - header;
    for (size_t i = 0; i < *bytes; i++)
        ck_assert_int_eq(b[head + 4 + header + i], (int)((offset + i) % 251));
    return head + len;
}

START_TEST(a_large_image_comes_in_pieces_between_which_other_frames_fit)
{
    enum { IMAGE = 200000 };
    unsigned char *image = mem_new(IMAGE);
    for (size_t i = 0; i < IMAGE; i++)
        image[i] = (unsigned char)(i % 251);
    open_with_images(true);
    put_image("960", image, IMAGE);
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(receive(ada, "{\"width\":960}"), "websocket");
    ck_assert_str_eq(move(host, 0, TALK, 1), "");
    ck_assert(live_until(stage.live, has_media, &ada));
    const struct live_conn *c = live_conn(stage.live, ada);
    size_t at = 0, offset = 0, bytes;
    const unsigned char *piece;
    for (size_t n; (n = payload_at(c->last, at, &piece)) > 0; at += n, offset += bytes)
        ck_assert_uint_eq(check_piece(piece, offset, IMAGE, &bytes), n); /* each lies alone */
    ck_assert_uint_eq(offset, IMAGE);
    close_with_images();
    free(image);
}
END_TEST

START_TEST(members_get_the_next_page_one_after_the_other)
{
    open_with_images(true);
    uint64_t host = stage_staff(&stage, ROLE_HOST), people[10];
    for (int i = 0; i < 10; i++) {
        people[i] = stage_hcp(&stage, i + 1);
        ck_assert_str_eq(receive(people[i], "{\"width\":960}"), "websocket");
    }
    ck_assert_str_eq(move(host, 0, TALK, 1), "");
    stage_pass(&stage, 1);
    for (int had = 0; had < 10;) {
        stage_pass(&stage, SPREAD_MS / 10);
        int have = 0;
        for (int i = 0; i < 10; i++)
            have += live_conn(stage.live, people[i])->media;
        ck_assert_int_le(have, had + 1);
        had = have;
    }
    close_with_images();
}
END_TEST

START_TEST(without_push_browsers_are_told_to_fetch)
{
    open_with_images(false);
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(receive(ada, "{\"width\":960}"), "http");
    ck_assert_str_eq(stage_code(&stage, ada, "slide.receive", "{\"width\":0}"), "request.invalid");
    ck_assert_str_eq(move(host, 0, TALK, 1), "");
    stage_pass(&stage, 2 * SPREAD_MS);
    ck_assert_int_eq(live_conn(stage.live, ada)->media, 0);
    close_with_images();
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
            rendering_and_removal_reach_staff_only,
            progress_that_comes_after_the_end_is_passed_over, a_page_is_shown_when_it_is_ready,
            an_open_console_sees_a_deck_from_its_upload_on,
            hcps_see_images_of_their_own_congress_once_it_is_published,
            the_next_page_reaches_who_asked_for_it_in_their_width,
            a_large_image_comes_in_pieces_between_which_other_frames_fit,
            members_get_the_next_page_one_after_the_other, without_push_browsers_are_told_to_fetch,
            NULL});
}
