#include "render/client_reader.h"
#include "render/wire.h"
#include "unit/run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct stream {
    uint8_t bytes[4096];
    size_t len;
    int documents, pages; /* what the reader told */
    enum render_code last;
    size_t last_images;
    size_t last_links;
    struct render_link link; /* the last page's first, its address apart */
    char text[64], notes[64], url[64];
};

static void add(struct stream *s, struct render_record r, const char *body)
{
    render_record_encode(&r, s->bytes + s->len);
    s->len += RENDER_HEADER_SIZE;
    if (body)
        memcpy(s->bytes + s->len, body, r.length);
    s->len += r.length;
}

static void add_document(struct stream *s, uint32_t pages)
{
    add(s, (struct render_record){.kind = RENDER_DOCUMENT, .page = pages}, NULL);
}

static void add_part(struct stream *s, enum render_kind kind, uint32_t page, const void *body,
                     size_t len)
{
    add(s, (struct render_record){.kind = kind, .page = page, .length = (uint32_t)len}, body);
}

static void add_text(struct stream *s, uint32_t page, const char *text, size_t len)
{
    add_part(s, RENDER_TEXT, page, text, len);
}

static void add_image(struct stream *s, uint32_t page, int width)
{
    static const char webp[20] = "RIFF\x0c\0\0\0WEBPVP8 ";
    add(s,
        (struct render_record){.kind = RENDER_IMAGE,
                               .page = page,
                               .width = (uint32_t)width,
                               .height = 9,
                               .length = sizeof webp},
        webp);
}

static void add_page(struct stream *s, uint32_t page)
{
    add(s, (struct render_record){.kind = RENDER_PAGE, .page = page, .width = 960, .height = 540},
        NULL);
    add_text(s, page, "Slide", 5);
    add_part(s, RENDER_NOTES, page, "Hello", 5);
    add_part(s, RENDER_LINKS, page, NULL, 0);
    for (int i = 0; i < RENDER_WIDTHS; i++)
        add_image(s, page, render_widths[i]);
}

static void add_end(struct stream *s)
{
    add(s, (struct render_record){.kind = RENDER_END}, NULL);
}

static void on_document(void *arg, int page_count)
{
    (void)page_count;
    ((struct stream *)arg)->documents++;
}

static void on_page(void *arg, const struct render_page *page)
{
    struct stream *s = arg;
    s->pages++;
    s->last = page->error;
    s->last_images = page->image_count;
    s->last_links = page->link_count;
    s->link = page->links[0];
    snprintf(s->text, sizeof s->text, "%s", page->text);
    snprintf(s->notes, sizeof s->notes, "%s", page->notes);
    snprintf(s->url, sizeof s->url, "%.*s", (int)s->link.url_len, s->link.url ? s->link.url : "");
}

/* Fed in pieces; true when all of it was right and the stream has ended. */
static bool read_all(struct stream *s, size_t piece)
{
    struct render_reader r;
    render_reader_init(&r, 1, 0);
    r.on_document = on_document;
    r.on_page = on_page;
    r.arg = s;
    bool ok = true;
    s->documents = s->pages = 0;
    for (size_t at = 0; ok && at < s->len; at += piece)
        ok = render_reader_feed(&r, s->bytes + at, s->len - at < piece ? s->len - at : piece);
    ok = ok && r.state == READER_ENDED;
    render_reader_release(&r);
    return ok;
}

START_TEST(a_record_is_read_as_it_was_written)
{
    struct render_record in = {.kind = RENDER_IMAGE,
                               .page = 500,
                               .width = 1920,
                               .height = 1080,
                               .length = RENDER_MAX_IMAGE_BYTES},
                         out;
    uint8_t bytes[RENDER_HEADER_SIZE];
    render_record_encode(&in, bytes);
    ck_assert(render_record_decode(bytes, &out));
    ck_assert_int_eq(out.kind, in.kind);
    ck_assert_uint_eq(out.page, in.page);
    ck_assert_uint_eq(out.width, in.width);
    ck_assert_uint_eq(out.height, in.height);
    ck_assert_uint_eq(out.length, in.length);
}
END_TEST

START_TEST(a_record_outside_its_limits_is_refused)
{
    static const struct render_record wrong[] = {
        {.kind = RENDER_DOCUMENT},
        {.kind = RENDER_DOCUMENT, .page = RENDER_MAX_PAGES + 1},
        {.kind = RENDER_DOCUMENT, .page = 1, .length = 1},
        {.kind = RENDER_DOCUMENT_FAILED},
        {.kind = RENDER_DOCUMENT_FAILED, .code = RENDER_HELPER_FAILED},
        {.kind = RENDER_PAGE, .page = 1, .width = RENDER_MAX_SIDE + 1, .height = 1},
        {.kind = RENDER_PAGE, .page = 1, .width = 1},
        {.kind = RENDER_TEXT, .page = 1, .length = RENDER_MAX_TEXT_BYTES + 1},
        {.kind = RENDER_NOTES, .page = 1, .length = RENDER_MAX_TEXT_BYTES + 1},
        {.kind = RENDER_LINKS, .page = 1, .length = RENDER_MAX_LINK_BYTES + 1},
        {.kind = RENDER_LINKS, .length = 1},
        {.kind = RENDER_IMAGE, .page = 1, .width = 480, .height = 9},
        {.kind = RENDER_IMAGE, .page = 1, .width = 481, .height = 9, .length = 1},
        {.kind = RENDER_IMAGE, .page = 1, .width = 480, .height = 1921, .length = 1},
        {.kind = RENDER_IMAGE,
         .page = 1,
         .width = 480,
         .height = 9,
         .length = RENDER_MAX_IMAGE_BYTES + 1},
        {.kind = RENDER_PAGE_FAILED, .page = 1, .code = RENDER_PAGE_TIMEOUT},
        {.kind = RENDER_END, .page = 1},
        {.kind = (enum render_kind)(RENDER_END + 1)},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint8_t bytes[RENDER_HEADER_SIZE];
        struct render_record out;
        render_record_encode(&wrong[i], bytes);
        ck_assert_msg(!render_record_decode(bytes, &out), "record %zu", i);
    }
}
END_TEST

START_TEST(pages_are_gathered_from_pieces_of_any_size)
{
    struct stream s = {.len = 0};
    add_document(&s, 2);
    add_page(&s, 1);
    add(&s,
        (struct render_record){
            .kind = RENDER_PAGE_FAILED, .page = 2, .code = RENDER_PAGE_TOO_LARGE},
        NULL);
    add_end(&s);
    for (size_t piece = 1; piece <= s.len; piece++) {
        ck_assert(read_all(&s, piece));
        ck_assert_int_eq(s.documents, 1);
        ck_assert_int_eq(s.pages, 2);
        ck_assert_int_eq(s.last, RENDER_PAGE_TOO_LARGE);
        ck_assert_uint_eq(s.last_images, 0);
    }
}
END_TEST

START_TEST(a_page_without_text_is_a_page)
{
    struct stream s = {.len = 0};
    add_document(&s, 1);
    add(&s, (struct render_record){.kind = RENDER_PAGE, .page = 1, .width = 9, .height = 9}, NULL);
    add_text(&s, 1, "", 0);
    add_part(&s, RENDER_NOTES, 1, NULL, 0);
    add_part(&s, RENDER_LINKS, 1, NULL, 0);
    for (int i = 0; i < RENDER_WIDTHS; i++)
        add_image(&s, 1, render_widths[i]);
    add_end(&s);
    ck_assert(read_all(&s, s.len));
    ck_assert_uint_eq(s.last_images, RENDER_WIDTHS);
}
END_TEST

START_TEST(what_comes_out_of_order_is_refused)
{
    struct stream early_end = {.len = 0}, second = {.len = 0}, twice = {.len = 0},
                  after = {.len = 0}, none = {.len = 0};
    add_document(&early_end, 2);
    add_page(&early_end, 1);
    add_end(&early_end);
    add_document(&second, 2);
    add_page(&second, 2);
    add_document(&twice, 1);
    add_document(&twice, 1);
    add_document(&after, 1);
    add_page(&after, 1);
    add_end(&after);
    add_end(&after);
    add_page(&none, 1);
    ck_assert(!read_all(&early_end, early_end.len));
    ck_assert(!read_all(&second, second.len));
    ck_assert(!read_all(&twice, twice.len));
    ck_assert(!read_all(&after, after.len));
    ck_assert(!read_all(&none, none.len));
}
END_TEST

/* A page of these parts; true when it was taken. */
static bool page_taken(struct stream *s, const char *text, size_t text_len, const char *notes,
                       size_t notes_len, const void *links, size_t links_len)
{
    add_document(s, 1);
    add(s, (struct render_record){.kind = RENDER_PAGE, .page = 1, .width = 9, .height = 9}, NULL);
    add_text(s, 1, text, text_len);
    add_part(s, RENDER_NOTES, 1, notes, notes_len);
    add_part(s, RENDER_LINKS, 1, links, links_len);
    for (int i = 0; i < RENDER_WIDTHS; i++)
        add_image(s, 1, render_widths[i]);
    add_end(s);
    return read_all(s, s->len);
}

static bool text_taken(const char *text, size_t len)
{
    struct stream as_text = {.len = 0}, as_notes = {.len = 0};
    bool taken = page_taken(&as_text, text, len, NULL, 0, NULL, 0);
    ck_assert(page_taken(&as_notes, NULL, 0, text, len, NULL, 0) == taken);
    return taken;
}

static size_t put_link(uint8_t *out, unsigned x, unsigned width, const char *url)
{
    struct render_link link = {
        .x = x, .y = 250, .width = width, .height = 9750, .url = url, .url_len = strlen(url)};
    return render_link_encode(&link, out);
}

static bool link_taken(unsigned x, unsigned width, const char *url)
{
    struct stream s = {.len = 0};
    uint8_t body[RENDER_LINK_SIZE + RENDER_MAX_URL + 1];
    size_t len = put_link(body, x, width, url);
    return page_taken(&s, NULL, 0, NULL, 0, body, len);
}

START_TEST(links_come_with_their_place)
{
    struct stream s = {.len = 0};
    uint8_t body[200];
    size_t len = put_link(body, 9000, 1000, "https://example.org/a?b=c#d");
    len += put_link(body + len, 0, 1, "MAILTO:info@example.org");
    ck_assert(page_taken(&s, NULL, 0, "Note", 4, body, len));
    ck_assert_uint_eq(s.last_links, 2);
    ck_assert_str_eq(s.url, "https://example.org/a?b=c#d");
    ck_assert_str_eq(s.notes, "Note");
    ck_assert_uint_eq(s.link.x, 9000);
    ck_assert_uint_eq(s.link.y, 250);
    ck_assert_uint_eq(s.link.width, 1000);
    ck_assert_uint_eq(s.link.height, 9750);
}
END_TEST

START_TEST(only_links_that_everybody_may_be_offered_are_taken)
{
    static const char *const wrong[] = {"javascript:alert(1)",
                                        "file:///etc/passwd",
                                        "data:text/html,x",
                                        "//example.org",
                                        "http://",
                                        "https://a b",
                                        "https://a\"b",
                                        "https://a\n",
                                        "https://\xc3\xa9.fr",
                                        "httpsx://a",
                                        " http://a",
                                        ""};
    char longest[RENDER_MAX_URL + 2] = "https://";
    memset(longest + 8, 'a', sizeof longest - 9);
    ck_assert(!link_taken(0, 1, longest));
    longest[RENDER_MAX_URL] = '\0';
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        ck_assert_msg(!link_taken(0, 1, wrong[i]), "%s", wrong[i]);
    ck_assert(link_taken(0, RENDER_LINK_WHOLE, "http://a"));
    ck_assert(!link_taken(0, 0, "http://a"));
    ck_assert(!link_taken(1, RENDER_LINK_WHOLE, "http://a"));
}
END_TEST

START_TEST(a_page_has_so_many_links_and_none_is_cut)
{
    struct stream most = {.len = 0}, more = {.len = 0}, cut = {.len = 0};
    uint8_t body[(RENDER_MAX_LINKS + 1) * 20];
    size_t len = 0, one = 0;
    for (int i = 0; i < RENDER_MAX_LINKS; i++)
        len += one = put_link(body + len, 0, 1, "http://a");
    ck_assert(page_taken(&most, NULL, 0, NULL, 0, body, len));
    ck_assert_uint_eq(most.last_links, RENDER_MAX_LINKS);
    ck_assert(!page_taken(&cut, NULL, 0, NULL, 0, body, len - 1));
    len += put_link(body + len, 0, 1, "http://a");
    ck_assert(!page_taken(&more, NULL, 0, NULL, 0, body, len));
}
END_TEST

START_TEST(text_is_utf8_without_control_characters)
{
    ck_assert(text_taken("na\xc3\xafve\nline", 11));
    ck_assert(!text_taken("\xff", 1));
    ck_assert(!text_taken("a\0b", 3));
    ck_assert(!text_taken("\x1b[0m", 4));
}
END_TEST

START_TEST(an_image_keeps_a_sensible_shape)
{
    ck_assert_int_eq(render_image_height(1920, 960, 540), 1080);
    ck_assert_int_eq(render_image_height(480, 14400, 1), 1);
    ck_assert_int_eq(render_image_height(480, 1, 14400), 480 * RENDER_MAX_RATIO);
}
END_TEST

START_TEST(only_a_page_has_warnings_and_only_known_ones)
{
    struct render_record page = {.kind = RENDER_PAGE, .page = 1, .width = 9, .height = 9}, out;
    uint8_t bytes[RENDER_HEADER_SIZE];
    page.warnings = RENDER_FONT_MISSING | RENDER_IMAGE_MISSING;
    render_record_encode(&page, bytes);
    ck_assert(render_record_decode(bytes, &out));
    ck_assert_uint_eq(out.warnings, page.warnings);
    page.warnings = 1u << RENDER_WARNINGS;
    render_record_encode(&page, bytes);
    ck_assert(!render_record_decode(bytes, &out));
    render_record_encode(&(struct render_record){.kind = RENDER_END, .warnings = 1}, bytes);
    ck_assert(!render_record_decode(bytes, &out));
}
END_TEST

START_TEST(every_code_has_a_word_of_its_own)
{
    for (int a = RENDER_OK + 1; a < RENDER_CODES; a++) {
        ck_assert_ptr_nonnull(strchr(render_code_text((enum render_code)a), '.'));
        for (int b = RENDER_OK; b < a; b++)
            ck_assert_str_ne(render_code_text((enum render_code)a),
                             render_code_text((enum render_code)b));
    }
}
END_TEST

RUN_TESTS("render_wire", a_record_is_read_as_it_was_written, a_record_outside_its_limits_is_refused,
          pages_are_gathered_from_pieces_of_any_size, a_page_without_text_is_a_page,
          what_comes_out_of_order_is_refused, text_is_utf8_without_control_characters,
          links_come_with_their_place, only_links_that_everybody_may_be_offered_are_taken,
          a_page_has_so_many_links_and_none_is_cut, an_image_keeps_a_sensible_shape,
          only_a_page_has_warnings_and_only_known_ones, every_code_has_a_word_of_its_own)
