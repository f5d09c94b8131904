#include "base/csv.h"
#include "unit/run.h"

static struct buf out;

static struct csv fresh(bool bom)
{
    buf_release(&out);
    buf_init(&out, 4096);
    return csv_begin(&out, bom);
}

static const char *one(const char *text)
{
    struct csv c = fresh(false);
    csv_text(&c, text);
    return out.data ? out.data : "";
}

START_TEST(rows_end_with_crlf_and_cells_are_separated_by_commas)
{
    struct csv c = fresh(false);
    csv_text(&c, "a");
    csv_blank(&c);
    csv_int(&c, -3);
    csv_fraction(&c, 1, 3);
    csv_end_row(&c);
    csv_text(&c, "b");
    csv_end_row(&c);
    ck_assert_str_eq(out.data, "a,,-3,0.3333\r\nb\r\n");
}
END_TEST

START_TEST(quotes_commas_and_line_ends_are_quoted)
{
    ck_assert_str_eq(one("plain é"), "plain é");
    ck_assert_str_eq(one("a,b"), "\"a,b\"");
    ck_assert_str_eq(one("say \"hi\""), "\"say \"\"hi\"\"\"");
    ck_assert_str_eq(one("\""), "\"\"\"\"");
    ck_assert_str_eq(one("two\nlines"), "\"two\nlines\"");
    ck_assert_str_eq(one("two\r\nlines"), "\"two\r\nlines\"");
}
END_TEST

START_TEST(text_that_begins_like_a_formula_gets_an_apostrophe)
{
    ck_assert_str_eq(one("=1+1"), "'=1+1");
    ck_assert_str_eq(one("+33 1"), "'+33 1");
    ck_assert_str_eq(one("-x"), "'-x");
    ck_assert_str_eq(one("@sum"), "'@sum");
    ck_assert_str_eq(one("\tx"), "'\tx");
    ck_assert_str_eq(one("\r=x"), "\"'\r=x\"");
    ck_assert_str_eq(one("=HYPERLINK(\"a\",\"b\")"), "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"");
    ck_assert_str_eq(one("a=1"), "a=1");
}
END_TEST

START_TEST(nothing_is_an_empty_cell)
{
    ck_assert_str_eq(one(""), "");
    ck_assert_str_eq(one(NULL), "");
    struct csv c = fresh(false);
    csv_fraction(&c, 0, 0);
    csv_fraction(&c, 0, 5);
    ck_assert_str_eq(out.data, ",0.0000");
}
END_TEST

START_TEST(the_byte_order_mark_comes_first_and_once)
{
    struct csv c = fresh(true);
    csv_header(&c, (const char *const[]){"x", "y", NULL});
    ck_assert_str_eq(out.data, "\xEF\xBB\xBFx,y\r\n");
}
END_TEST

RUN_TESTS("csv", rows_end_with_crlf_and_cells_are_separated_by_commas,
          quotes_commas_and_line_ends_are_quoted,
          text_that_begins_like_a_formula_gets_an_apostrophe, nothing_is_an_empty_cell,
          the_byte_order_mark_comes_first_and_once)
