/* What people type for others to read: names, titles, labels. */
#include "base/person_name.h"
#include "base/text.h"
#include "unit/run.h"
#include <check.h>
#include <stdlib.h>

#define LRM  "\u200e"
#define ZWSP "\u200b"
#define ZWJ  "\u200d"
#define ZWNJ "\u200c"

/* Names that people have. NULL: kept as typed. */
static const struct {
    const char *typed, *kept;
} names[] = {
    {"Anne", NULL},
    {"Zoé", NULL},
    {"Zoe\u0301", "Zoé"},
    {" Anne", "Anne"},
    {"Anne\t", "Anne"},
    {"\u00a0Anne\u3000", "Anne"},
    {"\nAnne\n", "Anne"},
    {"Jean  Marc", "Jean Marc"},
    {"Jean\u00a0Marc", "Jean Marc"},
    {"O", NULL},
    {"Ö", NULL},
    {"E", NULL},
    {"李", NULL},
    {"O'Brien", NULL},
    {"O’Brien-D'Arc Jr.", NULL},
    {"d`Arc", NULL},
    {"d´Arc", NULL},
    {"N'Diaye", NULL},
    {"'t Hooft", NULL},
    {"’s-Gravesande", NULL},
    {"ʻAkaʻula", NULL},
    {"van der Berg", NULL},
    {"de La Fontaine", NULL},
    {"Jean-François", NULL},
    {"Dupont–Moretti", NULL},
    {"Saint-Exupéry (de)", NULL},
    {"King, Jr.", NULL},
    {"J.-P.", NULL},
    {"J.P. Martin", NULL},
    {"J.P.Martin", "J.P. Martin"},
    {"M.Dupont", "M. Dupont"},
    {"M.DUPONT", "M. DUPONT"},
    {"St.John", "St. John"},
    {"О.Иванов", "О. Иванов"},
    {"Dr.", NULL},
    {"María José", NULL},
    {"Mª José", NULL},
    {"Gal·la", NULL},
    {"Ravi s/o Kumar", NULL},
    {"Muthu A/L Raju", NULL},
    {"Henry VIII", NULL},
    {"X Æ A-12", NULL},
    {"12 mars", NULL},
    {"0123", NULL},
    {"1e5", NULL},
    {"Nguyễn Thị", NULL},
    {"Łukasz", NULL},
    {"İpek Yıldız", NULL},
    {"Þórunn", NULL},
    {"Ωμέγα", NULL},
    {"Алёна", NULL},
    {"אברהם", NULL},
    {"ד״ר לוי", NULL},
    {"محمد", NULL},
    {"علی" ZWNJ "رضا", NULL},
    {"प्रिया", NULL},
    {"ශ්" ZWJ "රී", NULL},
    {"สมชาย", NULL},
    {"བསྟན་འཛིན", NULL},
    {"葛\U000e0100城", NULL},
    {"山田　太郎", "山田 太郎"},
    {"ジョン・スミス", NULL},
    {"김민준", NULL},
    {"ǃGaisa", NULL},
    {"𠮷田", NULL},
};

START_TEST(names_that_people_have_pass)
{
    const char *fault = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *kept = person_name(names[i].typed, &fault);
        ck_assert_msg(kept != NULL, "%s: %s", names[i].typed, fault);
        ck_assert_str_eq(kept, names[i].kept ? names[i].kept : names[i].typed);
        char *again = person_name(kept, &fault);
        ck_assert_msg(again && strcmp(again, kept) == 0, "%s again: %s", kept, fault);
        free(again);
        free(kept);
    }
}
END_TEST

static const struct {
    const char *typed, *fault;
} refused[] = {
    {"", "too short"},
    {"  \t\n", "too short"},
    {"\u00a0", "too short"},
    {"\u3000", "too short"},
    {"-", "not a name"},
    {"...", "not a name"},
    {"\u0301", "too short"},
    {"a\nb", "line break"},
    {ZWSP, "invisible character"},
    {"An" ZWSP "ne", "invisible character"},
    {"\u00ad", "invisible character"},
    {"\u034f", "invisible character"},
    {"\u061c", "invisible character"},
    {"\u115f", "invisible character"},
    {"\u1160", "invisible character"},
    {"\u17b4", "invisible character"},
    {"\u180e", "invisible character"},
    {ZWNJ, "invisible character"},
    {"Anne" ZWJ "Marie", "invisible character"},
    {"Anne" LRM, "invisible character"},
    {"\u200fAnne", "invisible character"},
    {"a\u202eb", "invisible character"},
    {"\u2060", "invisible character"},
    {"a\u2066b", "invisible character"},
    {"\u2800", "invisible character"},
    {"\u3164", "invisible character"},
    {"A\ufe0f", "invisible character"},
    {"\ufeff", "invisible character"},
    {"\uffa0", "invisible character"},
    {"\U000e0041", "invisible character"},
    {"\ue000", "invisible character"},
    {"\uffff", "invisible character"},
    {"An\x7fne", "control character"},
    {"An\xc2\x85ne", "control character"},
    {"An\u2028ne", "control character"},
    {"\u2029Anne", "control character"},
    {"http://x", "link"},
    {"www.x.fr", "link"},
    {"WWW.CASINO", "link"},
    {"ｗｗｗ．casino", "link"},
    {"casino-bonus.com", "link"},
    {"Casino Bonus.COM", "link"},
    {"casino。com", "link"},
    {"casino．com", "link"},
    {"bit.ly", "link"},
    {"пример.рф", "link"},
    {"例え.テスト", "link"},
    {"a@b", "link"},
    {"a＠b", "link"},
    {"http：／／x", "link"},
    {"a／b／c", "not a name"},
    {"a/b/c", "not a name"},
    {"a⁄b", "not a name"},
    {"a∕b", "not a name"},
    {"<b>", "not a name"},
    {"＜b＞", "not a name"},
    {"50% off", "not a name"},
    {"Anne & Paul", "not a name"},
    {"call 01 23 45 67", "not a name"},
    {"Anne 💊", "not a name"},
    {"€uro", "not a name"},
    {"Z\u0301\u0301\u0301\u0301\u0301\u0301\u0301algo", "not a name"},
};

START_TEST(what_is_no_name_says_why)
{
    const char *fault = NULL;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        char *kept = person_name(refused[i].typed, &fault);
        ck_assert_msg(kept == NULL, "%s: %s", refused[i].typed, kept);
        ck_assert_msg(strcmp(fault, refused[i].fault) == 0, "%s: %s", refused[i].typed, fault);
    }
}
END_TEST

START_TEST(a_line_keeps_what_can_be_seen)
{
    static const struct {
        const char *typed, *kept;
    } lines[] = {
        {" Cœur\u00a0: bilan ", "Cœur\u00a0: bilan"},
        {"a \u00a0 b", "a b"},
        {"Vol. 2: node.js & <more>", NULL},
        {"H₂O > 50 %", NULL},
        {"👩" ZWJ "⚕️ \"quoted\"", NULL},
        {"e\u0301", "é"},
        {"", NULL},
        {"   ", ""},
    };
    const char *fault = NULL;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char *kept = text_line(lines[i].typed, &fault);
        ck_assert_msg(kept != NULL, "%s: %s", lines[i].typed, fault);
        ck_assert_str_eq(kept, lines[i].kept ? lines[i].kept : lines[i].typed);
        free(kept);
    }
}
END_TEST

START_TEST(links_are_what_mail_programs_make_links_of)
{
    static const char *const links[] = {"see www.labo.fr", "Labo.com",   "contact@labo",
                                        "ftp://x",         "labo.co.uk", "pharma.xn--p1ai"};
    static const char *const none[] = {"Labo S.A.R.L.", "Version 2.10", "Labo & Fils, depuis 1900",
                                       "Dr. Reddy’s",   "C. difficile", "Merci..."};
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        ck_assert_msg(text_links(links[i]), "%s", links[i]);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ck_assert_msg(!text_links(none[i]), "%s", none[i]);
}
END_TEST

START_TEST(fields_are_kept_as_they_are_read)
{
    json_t *form = json_pack("{s:s,s:s,s:s,s:s,s:s}", "title", "  Cœur \n", "text", "\n a\n\n b \n",
                             "blank", " \u200b ", "name", " M.Dupont ", "organisation", "labo.com");
    struct json_reader r = json_reader(form);
    ck_assert_str_eq(read_line(&r, "title", 1, 4), "Cœur");
    ck_assert_str_eq(json_string_value(json_object_get(form, "title")), "Cœur");
    ck_assert_str_eq(read_text(&r, "text", 1, 10), "a\n\n b");
    ck_assert_str_eq(read_person_name(&r, "name", 9), "M. Dupont");
    ck_assert_ptr_null(r.reason);
    read_text(&r, "blank", 1, 10);
    ck_assert_str_eq(r.field, "blank");
    ck_assert_str_eq(r.reason, "too short");
    r = json_reader(form);
    read_signature(&r, "organisation", 1, 200);
    ck_assert_str_eq(r.reason, "link");
    r = json_reader(form);
    read_line(&r, "title", 1, 3);
    ck_assert_str_eq(r.reason, "too long");
    json_decref(form);
}
END_TEST

RUN_TESTS("text", names_that_people_have_pass, what_is_no_name_says_why,
          a_line_keeps_what_can_be_seen, links_are_what_mail_programs_make_links_of,
          fields_are_kept_as_they_are_read)
