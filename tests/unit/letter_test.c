#include "mail/letter.h"
#include "unit/run.h"
#include <stdlib.h>
#include <string.h>

START_TEST(dates_read_as_people_say_them)
{
    char out[DATE_TEXT_SIZE];
    ck_assert_str_eq(date_text(out, "2026-12-01T19:30", "fr", "Europe/Paris"),
                     "mardi 1er décembre 2026 à 19:30 (heure de Paris)");
    ck_assert_str_eq(date_text(out, "2026-12-02T09:05", "fr", "Europe/Paris"),
                     "mercredi 2 décembre 2026 à 09:05 (heure de Paris)");
    ck_assert_str_eq(date_text(out, "2026-12-01T19:30", "en", "Europe/London"),
                     "Tuesday 1 December 2026 at 19:30 (London time)");
    static const char *const zones[][3] = {{"Europe/London", "fr", "heure de Londres"},
                                           {"Europe/Athens", "fr", "heure d’Athènes"},
                                           {"Africa/Cairo", "fr", "heure du Caire"},
                                           {"America/New_York", "en", "New York time"},
                                           {"UTC", "fr", "UTC"}};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        ck_assert_ptr_nonnull(
            strstr(date_text(out, "2026-12-02T09:05", zones[i][1], zones[i][0]), zones[i][2]));
    ck_assert_str_eq(date_text(out, "tomorrow", "en", "UTC"), "");
}
END_TEST

START_TEST(durations_read_as_people_say_them)
{
    char out[DURATION_TEXT_SIZE];
    ck_assert_str_eq(duration_text(out, 45, "fr"), "45 minutes");
    ck_assert_str_eq(duration_text(out, 60, "en"), "1 h");
    ck_assert_str_eq(duration_text(out, 90, "fr"), "1 h 30");
    ck_assert_str_eq(duration_text(out, 90, "en"), "1 h 30 min");
}
END_TEST

START_TEST(what_people_typed_is_escaped_in_html_only)
{
    struct letter l;
    letter_init(&l, "fr", "A & B", &(struct letter_sender){"<Org>", ""});
    letter_paragraph(&l, "Bonjour %s,", "<b>\"A\" & B</b>");
    letter_action(&l, "Go", "https://amphi.test/join#a\"b");
    letter_facts(&l, (struct letter_fact[]){{"Date", "x<y"}, {"Empty", ""}}, 2);
    letter_end(&l, "%s", "Bye");
    ck_assert(letter_ok(&l));
    ck_assert_ptr_nonnull(strstr(l.text.data, "Bonjour <b>\"A\" & B</b>,"));
    ck_assert_ptr_nonnull(strstr(l.html.data, "&lt;b&gt;&quot;A&quot; &amp; B&lt;/b&gt;"));
    ck_assert_ptr_nonnull(strstr(l.html.data, "href=\"https://amphi.test/join#a&quot;b\""));
    ck_assert_ptr_null(strstr(l.html.data, "<b>"));
    ck_assert_ptr_nonnull(strstr(l.html.data, "<html lang=\"fr\">"));
    ck_assert_ptr_nonnull(strstr(l.html.data, "<title>A &amp; B</title>"));
    ck_assert_ptr_nonnull(strstr(l.html.data, "&lt;Org&gt;"));
    ck_assert_ptr_nonnull(strstr(l.html.data, "x&lt;y"));
    ck_assert_ptr_null(strstr(l.text.data, "Empty"));
    letter_release(&l);
}
END_TEST

START_TEST(the_colour_of_the_sender_is_readable)
{
    char out[ACCENT_SIZE];
    ck_assert_str_eq(accent_text(out, "#0b5d59"), "#0b5d59");
    static const char *const none[] = {NULL, "", "teal", "#12345", "#1234567", "#12345g"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ck_assert_str_eq(accent_text(out, none[i]), "#0b5d59");
    static const char *const pale[] = {"#ffffff", "#ffd400", "#00ff00", "#7f7f7f", "#fffffe"};
    for (size_t i = 0; i < sizeof pale / sizeof *pale; i++)
        ck_assert_double_ge(colour_contrast(accent_text(out, pale[i]), "#ffffff"), 4.5);
    ck_assert_double_eq_tol(colour_contrast("#000000", "#ffffff"), 21, 1e-9);
    struct letter l;
    letter_init(&l, "fr", "A", &(struct letter_sender){"Org", "#8a1538"});
    letter_action(&l, "Go", "https://amphi.test/");
    letter_end(&l, "%s", "Bye");
    ck_assert_ptr_nonnull(strstr(l.html.data, "background:#8a1538;color:#ffffff"));
    ck_assert_ptr_null(strstr(l.html.data, "#0b5d59"));
    ck_assert_ptr_null(strstr(l.html.data, "<img"));
    letter_release(&l);
}
END_TEST

RUN_TESTS("letter", the_colour_of_the_sender_is_readable, dates_read_as_people_say_them,
          durations_read_as_people_say_them, what_people_typed_is_escaped_in_html_only)
