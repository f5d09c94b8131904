/* The images of the next page, which come ahead over the websocket. */
#include "base/config.h"
#include "base/mem.h"
#include "blob/blob.h"
#include "integration/slides_talks.h"
#include <stdlib.h>

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
        "slides ahead",
        (const TTest *const[]){the_next_page_reaches_who_asked_for_it_in_their_width,
                               a_large_image_comes_in_pieces_between_which_other_frames_fit,
                               members_get_the_next_page_one_after_the_other,
                               without_push_browsers_are_told_to_fetch, NULL});
}
