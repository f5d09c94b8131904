#include "base/csv.h"
#include "unit/run.h"

static struct buf out;

static struct csv fresh(enum csv_dialect dialect)
{
    buf_release(&out);
    buf_init(&out, 4096);
    struct csv c = csv_begin(&out, dialect);
    buf_clear(&out);
    return c;
}

static const char *in(enum csv_dialect dialect, const char *text)
{
    struct csv c = fresh(dialect);
    csv_text(&c, text);
    return out.data ? out.data : "";
}

#define exact(text) in(CSV_MACHINE, text)
#define safe(text)  in(CSV_EXCEL_FR, text)

static void row(enum csv_dialect dialect)
{
    struct csv c = fresh(dialect);
    csv_text(&c, "a");
    csv_blank(&c);
    csv_int(&c, -3);
    csv_share(&c, 1, 3);
    csv_yes(&c, true);
    csv_end_row(&c);
    csv_text(&c, "b");
    csv_end_row(&c);
}

START_TEST(each_dialect_has_its_separator_decimal_sign_and_words)
{
    row(CSV_MACHINE);
    ck_assert_str_eq(out.data, "a,,-3,0.3333,yes\r\nb\r\n");
    row(CSV_EXCEL_EN);
    ck_assert_str_eq(out.data, "a,,-3,0.3333,yes\r\nb\r\n");
    row(CSV_EXCEL_FR);
    ck_assert_str_eq(out.data, "a;;-3;0,3333;oui\r\nb\r\n");
}
END_TEST

START_TEST(a_dialect_is_known_by_its_name)
{
    enum csv_dialect dialect = CSV_MACHINE;
    ck_assert(csv_dialect_parse("excel-fr", &dialect));
    ck_assert_int_eq(dialect, CSV_EXCEL_FR);
    ck_assert(csv_dialect_parse("excel-en", &dialect));
    ck_assert_int_eq(dialect, CSV_EXCEL_EN);
    ck_assert(csv_dialect_parse("machine", &dialect));
    ck_assert_int_eq(dialect, CSV_MACHINE);
    ck_assert(!csv_dialect_parse("Excel-fr", &dialect));
    ck_assert(!csv_dialect_parse("", &dialect));
}
END_TEST

START_TEST(quotes_separators_and_line_ends_are_quoted)
{
    ck_assert_str_eq(exact("plain é"), "plain é");
    ck_assert_str_eq(exact("a,b"), "\"a,b\"");
    ck_assert_str_eq(exact("a;b\tc"), "a;b\tc");
    ck_assert_str_eq(exact("say \"hi\""), "\"say \"\"hi\"\"\"");
    ck_assert_str_eq(exact("\""), "\"\"\"\"");
    ck_assert_str_eq(exact("two\r\nlines"), "\"two\r\nlines\"");
    ck_assert_str_eq(safe("a,b"), "\"a,b\"");
    ck_assert_str_eq(safe("a;b"), "\"a;b\"");
    ck_assert_str_eq(safe("two\nlines"), "\"two\nlines\"");
    ck_assert_str_eq(safe("say \"hi\""), "\"say \"\"hi\"\"\"");
}
END_TEST

START_TEST(machines_get_every_text_as_it_was_typed)
{
    static const char *const typed[] = {
        "+anne@example.org", "=1+1", "-x",   "@sum", "\tx",   "0123",  "1e5",
        "12 mars",           "＝1",  "a;=1", "TRUE", " =1+1", "＋33 1"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++)
        ck_assert_str_eq(exact(typed[i]), typed[i]);
}
END_TEST

START_TEST(what_a_spreadsheet_would_run_gets_an_apostrophe)
{
    ck_assert_str_eq(safe("=1+1"), "'=1+1");
    ck_assert_str_eq(safe("+33 1"), "'+33 1");
    ck_assert_str_eq(safe("-x"), "'-x");
    ck_assert_str_eq(safe("@sum"), "'@sum");
    ck_assert_str_eq(safe("＝1"), "'＝1");
    ck_assert_str_eq(safe("＋1"), "'＋1");
    ck_assert_str_eq(safe("－1"), "'－1");
    ck_assert_str_eq(safe("＠sum"), "'＠sum");
    ck_assert_str_eq(safe("\tx"), "\"'\tx\"");
    ck_assert_str_eq(safe("\r=x"), "\"'\r'=x\"");
    ck_assert_str_eq(safe("  =1+1"), "  '=1+1");
    ck_assert_str_eq(safe("=HYPERLINK(\"a\",\"b\")"), "\"'=HYPERLINK(\"\"a\"\",\"\"b\"\")\"");
    ck_assert_str_eq(safe("a=1"), "a=1");
    ck_assert_str_eq(in(CSV_EXCEL_EN, "=1+1"), "'=1+1");
}
END_TEST

/* A file with semicolons, opened by an Excel that splits at commas, and the other way round. */
START_TEST(a_formula_behind_any_separator_gets_an_apostrophe)
{
    for (enum csv_dialect d = CSV_EXCEL_EN; d <= CSV_EXCEL_FR; d++) {
        ck_assert_str_eq(in(d, "x,=cmd"), "\"x,'=cmd\"");
        ck_assert_str_eq(in(d, "x;=cmd"), "\"x;'=cmd\"");
        ck_assert_str_eq(in(d, "x\t=cmd"), "\"x\t'=cmd\"");
        ck_assert_str_eq(in(d, "x\n+cmd"), "\"x\n'+cmd\"");
        ck_assert_str_eq(in(d, "x; ＝cmd"), "\"x; '＝cmd\"");
        ck_assert_str_eq(in(d, "x, y"), "\"x, y\"");
    }
}
END_TEST

START_TEST(what_a_spreadsheet_would_convert_stays_text)
{
    ck_assert_str_eq(safe("0123"), "\"=\"\"0123\"\"\"");
    ck_assert_str_eq(safe("12 mars"), "\"=\"\"12 mars\"\"\"");
    ck_assert_str_eq(safe("1e5"), "\"=\"\"1e5\"\"\"");
    ck_assert_str_eq(in(CSV_EXCEL_EN, "MARCH1"), "\"=\"\"MARCH1\"\"\"");
    static const char *const values[] = {
        "1/2",  "3-4",  "12:30", "50 %", "1 000,5", "10",          "1.5", "12-août-26", "9 PM",
        "１２", "TRUE", "faux",  "(12)", "déc. 24", "10003461033", "$5",  "12 märz"};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        ck_assert_msg(strncmp(safe(values[i]), "\"=\"\"", 4) == 0, "%s", values[i]);
    static const char *const texts[] = {"Anne",         "45_54", "p1@example.org",
                                        "Marie-Claire", "Mars",  "Hall 2, porte 3, étage 4"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        ck_assert_msg(!strstr(safe(texts[i]), "="), "%s", texts[i]);
    ck_assert_str_eq(safe("-12"), "'-12");
    ck_assert_str_eq(safe("1,-2"), "\"1,'-2\"");
}
END_TEST

START_TEST(a_share_is_cut_and_never_rounded_up)
{
    struct csv c = fresh(CSV_MACHINE);
    csv_share(&c, 0, 0);
    csv_share(&c, 0, 5);
    csv_share(&c, 7499999, 10000000);
    csv_share(&c, 7500000, 10000000);
    csv_share(&c, 9999999, 10000000);
    csv_share(&c, 10, 10);
    csv_share(&c, 1, 160);
    ck_assert_str_eq(out.data, ",0.0000,0.7499,0.7500,0.9999,1.0000,0.0062");
}
END_TEST

START_TEST(nothing_is_an_empty_cell)
{
    ck_assert_str_eq(exact(""), "");
    ck_assert_str_eq(safe(NULL), "");
}
END_TEST

static const char *header(enum csv_dialect dialect)
{
    buf_release(&out);
    buf_init(&out, 4096);
    struct csv c = csv_begin(&out, dialect);
    csv_header(&c, (const struct csv_words[]){{"last_name", "Last name", "Nom"}, {"x", "X", "É"}},
               2);
    return out.data;
}

START_TEST(spreadsheets_get_a_byte_order_mark_and_headers_in_their_language)
{
    ck_assert_str_eq(header(CSV_MACHINE), "last_name,x\r\n");
    ck_assert_str_eq(header(CSV_EXCEL_EN), "\xEF\xBB\xBFLast name,X\r\n");
    ck_assert_str_eq(header(CSV_EXCEL_FR), "\xEF\xBB\xBFNom;É\r\n");
}
END_TEST

RUN_TESTS("csv", each_dialect_has_its_separator_decimal_sign_and_words,
          a_dialect_is_known_by_its_name, quotes_separators_and_line_ends_are_quoted,
          machines_get_every_text_as_it_was_typed, what_a_spreadsheet_would_run_gets_an_apostrophe,
          a_formula_behind_any_separator_gets_an_apostrophe,
          what_a_spreadsheet_would_convert_stays_text, a_share_is_cut_and_never_rounded_up,
          nothing_is_an_empty_cell,
          spreadsheets_get_a_byte_order_mark_and_headers_in_their_language)
