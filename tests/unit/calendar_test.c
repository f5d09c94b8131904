/* Calendar files, as calendar programs read them. */
#include "mail/mail.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct calendar_event webinar = {
    .uid = {{1, 2, 3}},
    .sequence = 2,
    .starts_at = 1795293000000000, /* 2026-11-21T20:30:00Z */
    .ends_at = 1795296600000000,
    .now = 1795200000000000,
    .title = "Asthme; sévère, et après",
    .description = "Ligne 1\nLigne 2",
    .listen_at = "https://example.org/call",
    .listen_label = "Pour écouter",
    .url = "https://amphi.example/join#abc",
    .organizer_name = "Agence \"X\"",
    .organizer_address = "contact@example.org",
    .attendee_address = "hcp@example.org",
};

/* The calendar with its folded lines joined. */
static char *unfolded(const struct calendar_event *event)
{
    char *text = calendar_text(event, 1), *out = text;
    for (const char *at = text; *at; at++) {
        if (at[0] == '\r' && at[1] == '\n' && (at[2] == ' ' || at[2] == '\t'))
            at += 2;
        else
            *out++ = *at;
    }
    *out = 0;
    return text;
}

static bool has_line(const char *text, const char *line)
{
    char wanted[512];
    snprintf(wanted, sizeof wanted, "\r\n%s\r\n", line);
    return strstr(text, wanted) != NULL;
}

START_TEST(a_calendar_says_what_when_and_who)
{
    char *text = unfolded(&webinar);
    static const char *const lines[] = {"METHOD:REQUEST",
                                        "UID:01020300-0000-0000-0000-000000000000@amphi",
                                        "DTSTART:20261121T203000Z",
                                        "DTEND:20261121T213000Z",
                                        "DTSTAMP:20261120T184000Z",
                                        "SEQUENCE:2",
                                        "SUMMARY:Asthme\\; sévère\\, et après",
                                        ("DESCRIPTION:Ligne 1\\nLigne 2\\n\\nPour écouter\\n"
                                         "https://example.org/call"),
                                        "LOCATION:https://amphi.example/join#abc",
                                        "URL:https://amphi.example/join#abc",
                                        "STATUS:CONFIRMED"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        ck_assert_msg(has_line(text, lines[i]), "%s is not in\n%s", lines[i], text);
    ck_assert_ptr_nonnull(strstr(text, "ORGANIZER;CN="));
    ck_assert_ptr_nonnull(strstr(text, ":mailto:contact@example.org\r\n"));
    ck_assert_ptr_nonnull(strstr(text, ":mailto:hcp@example.org\r\n"));
    free(text);
}
END_TEST

START_TEST(a_calendar_says_the_link_where_people_look)
{
    struct calendar_event event = webinar;
    event.url_label = "Rejoindre";
    event.listen_at = NULL;
    char *text = unfolded(&event);
    ck_assert(has_line(text, "DESCRIPTION:Ligne 1\\nLigne 2\\n\\nRejoindre\\n"
                             "https://amphi.example/join#abc"));
    free(text);
    event.programme_label = "Programme:";
    event.programme = "20:30 – One\n21:00 – Two";
    text = unfolded(&event);
    ck_assert(has_line(text, "DESCRIPTION:Ligne 1\\nLigne 2\\n\\nProgramme:\\n20:30 – One\\n"
                             "21:00 – Two\\n\\nRejoindre\\nhttps://amphi.example/join#abc"));
    free(text);
    event.programme = event.description = "";
    text = unfolded(&event);
    ck_assert(has_line(text, "DESCRIPTION:Rejoindre\\nhttps://amphi.example/join#abc"));
    free(text);
}
END_TEST

START_TEST(a_cancelled_session_is_a_cancel)
{
    struct calendar_event event = webinar;
    event.cancelled = true;
    event.url = NULL;
    char *text = unfolded(&event);
    ck_assert(has_line(text, "METHOD:CANCEL"));
    ck_assert(has_line(text, "STATUS:CANCELLED"));
    ck_assert(has_line(text, "UID:01020300-0000-0000-0000-000000000000@amphi"));
    ck_assert_ptr_null(strstr(text, "\r\nURL"));
    free(text);
}
END_TEST

/* A text may hold them as they are, a parameter cannot (RFC 5545 3.2). */
START_TEST(quotes_in_a_calendar_stay_quotes)
{
    struct calendar_event event = webinar;
    event.title = "L'essai \"EMPA-KIDNEY\": l’après";
    event.description = "\"a\"";
    event.listen_at = NULL;
    event.url = NULL;
    char *text = unfolded(&event);
    ck_assert_msg(has_line(text, "SUMMARY:L'essai \"EMPA-KIDNEY\": l’après"), "%s", text);
    ck_assert_msg(has_line(text, "DESCRIPTION:\"a\""), "%s", text);
    ck_assert_ptr_nonnull(strstr(text, "Agence “X”"));
    ck_assert_ptr_null(strstr(text, "Agence \"X"));
    free(text);
}
END_TEST

START_TEST(a_calendar_takes_no_line_from_people)
{
    struct calendar_event event = webinar;
    event.title = "T\r\nATTACH:http://evil.example/x";
    event.listen_at = "L\nX-EVIL:1";
    event.url = "https://a.example/\r\nX-EVIL:2";
    event.description = "D\r\nX-EVIL:3\rX-EVIL:4";
    event.organizer_name = "O\";X-P=1:mailto:evil@example.org\r\nX-EVIL:5";
    event.attendee_address = "a@b.org\r\nX-EVIL:6";
    char *text = unfolded(&event);
    ck_assert_ptr_null(strstr(text, "\nX-EVIL"));
    ck_assert_ptr_null(strstr(text, "\rX-EVIL"));
    ck_assert_ptr_null(strstr(text, "\nATTACH"));
    ck_assert_ptr_null(strstr(text, "\r\nATTENDEE"));
    free(text);
}
END_TEST

START_TEST(several_events_are_published_to_nobody_in_particular)
{
    struct calendar_event both[] = {webinar, webinar};
    both[1].uid.bytes[0] = 9;
    both[1].cancelled = true;
    char *text = calendar_text(both, 2);
    ck_assert_str_eq(calendar_method(both, 2), "PUBLISH");
    ck_assert(has_line(text, "METHOD:PUBLISH"));
    ck_assert_ptr_nonnull(strstr(text, "ORGANIZER;CN="));
    ck_assert_ptr_null(strstr(text, "ATTENDEE"));
    const char *second = strstr(text, "UID:09020300");
    ck_assert(second > strstr(text, "UID:01020300") && strstr(text, "STATUS:CONFIRMED") < second);
    ck_assert_ptr_nonnull(strstr(second, "STATUS:CANCELLED"));
    ck_assert_ptr_null(strstr(second, "METHOD"));
    free(text);
    ck_assert_str_eq(calendar_method(both, 1), "REQUEST");
    ck_assert_str_eq(calendar_method(both + 1, 1), "CANCEL");
}
END_TEST

/* libical ends a line with CR CR LF blank LF when its text fills the last folded line. */
START_TEST(a_calendar_s_lines_are_whole_whatever_their_length)
{
    struct calendar_event event = webinar;
    char title[241];
    for (size_t n = 1; n < sizeof title; n++) {
        memset(title, 'a' + (int)(n % 26), n);
        title[n] = '\0';
        event.title = event.description = title;
        char *text = calendar_text(&event, 1);
        for (char *at = text, *end; *at; at = end + 2) {
            end = strstr(at, "\r\n");
            ck_assert_msg(end && end - at <= 75 && !memchr(at, '\r', (size_t)(end - at)) &&
                              !memchr(at, '\n', (size_t)(end - at)),
                          "%zu: %s", n, text);
            ck_assert_msg(end - at > 1, "%zu: an empty line in %s", n, text);
        }
        free(text);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("calendar");
    TCase *tcase = tcase_create("calendar");
    tcase_add_test(tcase, a_calendar_says_what_when_and_who);
    tcase_add_test(tcase, a_calendar_says_the_link_where_people_look);
    tcase_add_test(tcase, a_cancelled_session_is_a_cancel);
    tcase_add_test(tcase, quotes_in_a_calendar_stay_quotes);
    tcase_add_test(tcase, a_calendar_takes_no_line_from_people);
    tcase_add_test(tcase, several_events_are_published_to_nobody_in_particular);
    tcase_add_test(tcase, a_calendar_s_lines_are_whole_whatever_their_length);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
