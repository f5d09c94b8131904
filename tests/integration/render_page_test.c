/* What is drawn of a page, and what is said when something could not be: make_page.py. */
#include "integration/render_trial.h"

#define RED   0xff0000u
#define WHITE 0xffffffu

static void draw_with(struct trial *t, const char *trait, int memory_mb)
{
    struct render_config config = config_of(NULL, 60);
    config.memory_mb = memory_mb;
    run_with(&config, t, make_by("make_page.py", trait), 1);
    ck_assert_int_eq(t->outcome, RENDER_FINISHED);
    ck_assert_int_eq(t->reported, 1);
    ck_assert_int_eq(t->errors[1], RENDER_OK);
    ck_assert(t->images_right);
}

static void draw_page(struct trial *t, const char *trait)
{
    draw_with(t, trait, 1024);
}

static int dark_pixels(const struct trial *t)
{
    int n = 0;
    for (int y = 0; y < t->height; y++)
        for (int x = 0; x < 960; x++)
            n += (pixel(t, x, y) & 0xff) < 0x80;
    return n;
}

START_TEST(a_font_that_is_not_embedded_is_drawn_by_its_character_map)
{
    static const struct {
        const char *trait, *text;
    } pages[] = {{"chinese", "心血管疾病"},
                 {"japanese", "心臓血管病"},
                 {"korean", "심혈관질환"},
                 {"taiwanese", "心血管疾病"}};
    TRIAL t = {0};
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        draw_page(&t, pages[i].trait);
        ck_assert_str_eq(t.text, pages[i].text);
        ck_assert_uint_eq(t.warnings[1], 0);
        ck_assert_int_gt(dark_pixels(&t), 1500);
    }
}
END_TEST

START_TEST(a_page_says_that_a_font_could_not_be_used)
{
    TRIAL t = {0};
    draw_page(&t, "unknown-collection");
    ck_assert_uint_eq(t.warnings[1], RENDER_FONT_MISSING);
    draw_page(&t, "broken-font");
    ck_assert_uint_eq(t.warnings[1], RENDER_FONT_MISSING);
    draw_page(&t, "plain");
    ck_assert_uint_eq(t.warnings[1], 0);
}
END_TEST

START_TEST(a_picture_larger_than_the_memory_is_drawn_smaller)
{
    TRIAL t = {0};
    draw_with(&t, "picture", 420);
    ck_assert(near(pixel(&t, 480, 270), RED));
    ck_assert(near(pixel(&t, 20, 520), RED));
    ck_assert_uint_eq(t.warnings[1], 0);
}
END_TEST

START_TEST(a_page_says_that_a_picture_is_missing)
{
    TRIAL t = {0};
    draw_page(&t, "mask");
    ck_assert_uint_eq(t.warnings[1], RENDER_IMAGE_MISSING);
    draw_page(&t, "jpeg");
    ck_assert_uint_eq(t.warnings[1], RENDER_IMAGE_MISSING);
}
END_TEST

START_TEST(a_page_blends_with_itself_and_lies_on_white)
{
    TRIAL t = {0};
    draw_page(&t, "screen");
    ck_assert(near(pixel(&t, 480, 270), 0xcc1a33));
    ck_assert(near(pixel(&t, 20, 20), WHITE));
    draw_page(&t, "multiply");
    ck_assert(near(pixel(&t, 480, 270), 0x000000));
    ck_assert(near(pixel(&t, 20, 20), RED));
}
END_TEST

START_TEST(cells_of_a_table_stand_apart_in_the_text)
{
    TRIAL t = {0};
    draw_page(&t, "table");
    ck_assert_str_eq(t.text, "Results\n"
                             "Arm   n   HR\n"
                             "A   120   0.71\n"
                             "B   118   1.00\n"
                             "Two words");
}
END_TEST

START_TEST(icons_of_notes_and_attachments_are_not_drawn)
{
    TRIAL t = {0};
    draw_page(&t, "note");
    ck_assert(near(pixel(&t, 480, 270), RED));
    for (int y = 60; y < 160; y++)
        for (int x = 40; x < 120; x++)
            ck_assert(near(pixel(&t, x, y), WHITE));
}
END_TEST

START_TEST(notes_are_told_apart_from_the_text)
{
    TRIAL t = {0};
    draw_page(&t, "note");
    ck_assert_str_eq(t.notes, "For the speaker only");
    ck_assert_str_eq(t.text, "");
    draw_page(&t, "plain");
    ck_assert_str_eq(t.notes, "");
}
END_TEST

START_TEST(links_are_told_with_their_place)
{
    TRIAL t = {0};
    draw_page(&t, "links");
    ck_assert_str_eq(t.links, "0,9000 1000x1000 https://example.org/%E9tude?a=%3Cb%3E\n"
                              "5000,4000 5000x1000 mailto:info@example.org\n");
    draw_page(&t, "links-turned");
    ck_assert_str_eq(t.links, "0,0 1000x1000 https://example.org/%E9tude?a=%3Cb%3E\n"
                              "5000,5000 1000x5000 mailto:info@example.org\n");
    draw_page(&t, "plain");
    ck_assert_str_eq(t.links, "");
}
END_TEST

START_TEST(a_crop_box_without_area_does_not_count)
{
    TRIAL t = {0};
    draw_page(&t, "empty-crop");
    ck_assert_int_eq(t.widths[1], 960);
    ck_assert_int_eq(t.heights[1], 540);
    ck_assert(near(pixel(&t, 480, 270), RED));
    ck_assert(near(pixel(&t, 20, 20), WHITE));
}
END_TEST

START_TEST(a_document_may_begin_a_little_later)
{
    TRIAL t = {0};
    draw_page(&t, "junk");
    ck_assert(near(pixel(&t, 480, 270), RED));
}
END_TEST

RUN_TESTS("render_page", a_font_that_is_not_embedded_is_drawn_by_its_character_map,
          a_page_says_that_a_font_could_not_be_used,
          a_picture_larger_than_the_memory_is_drawn_smaller, a_page_says_that_a_picture_is_missing,
          a_page_blends_with_itself_and_lies_on_white, cells_of_a_table_stand_apart_in_the_text,
          icons_of_notes_and_attachments_are_not_drawn, notes_are_told_apart_from_the_text,
          links_are_told_with_their_place, a_crop_box_without_area_does_not_count,
          a_document_may_begin_a_little_later)
