/* Rules of an invitation's texts: which can be sent, and what of them stands in the mail. */
#include "features/invitations/invitations.h"
#include <check.h>
#include <string.h>

static const struct invitation_words words = {.first_name = "Anne",
                                              .last_name = "{last_name}",
                                              .congress = "Cœur",
                                              .organisation = "Labo",
                                              .date = "1 December"};

static void fills(const char *text, const char *expected)
{
    struct buf b;
    buf_init(&b, 1000);
    invitation_fill(&b, text, strlen(text), &words);
    buf_add(&b, "", 1);
    ck_assert(!buf_failed(&b));
    ck_assert_str_eq(b.data, expected);
    buf_release(&b);
}

START_TEST(a_placeholder_stands_for_its_word_once)
{
    fills("{first_name} {last_name}, {congress}: {organisation}, {date}",
          "Anne {last_name}, Cœur: Labo, 1 December");
    fills("{first_name}{first_name}", "AnneAnne");
    fills("{First_name} {first_name {} {1}", "{First_name} {first_name {} {1}");
    fills("", "");
}
END_TEST

START_TEST(a_text_with_an_unknown_placeholder_is_refused)
{
    static const char *const good[] = {"",      "Hello", "{first_name}",     "{}",
                                       "{1}",   "{a b}", "A\n\n{link}\n\nB", "  {link}  ",
                                       "{link}"};
    static const char *const bad[] = {"{name}",       "x {firstname} y",  "See {link}",
                                      "{link}\nhere", "{link}\n\n{link}", "A\n\n{nom}"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(!invitation_text_fault(good[i], false), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(invitation_text_fault(bad[i], false) != NULL, "%s", bad[i]);
}
END_TEST

START_TEST(a_subject_has_no_link_and_one_line)
{
    ck_assert_ptr_null(invitation_text_fault("{first_name}: {congress}", true));
    ck_assert_ptr_nonnull(invitation_text_fault("{link}", true));
    ck_assert_ptr_nonnull(invitation_text_fault("A\nB", true));
    ck_assert_ptr_nonnull(invitation_text_fault("{subject}", true));
}
END_TEST

START_TEST(blank_lines_part_paragraphs)
{
    static const char *const expected[] = {"One\nline", "Two", "{link}", "Last"};
    const char *at = "\n One\nline \n\n\nTwo\r\n \t\r\n{link}\n\nLast\n\n";
    size_t len;
    bool link;
    for (size_t i = 0; i < 4; i++) {
        const char *p = invitation_paragraph(&at, &len, &link);
        ck_assert_ptr_nonnull(p);
        ck_assert_msg(len == strlen(expected[i]) && strncmp(p, expected[i], len) == 0, "%zu: %.*s",
                      i, (int)len, p);
        ck_assert_int_eq(link, i == 2);
    }
    ck_assert_ptr_null(invitation_paragraph(&at, &len, &link));
    at = " \n\n ";
    ck_assert_ptr_null(invitation_paragraph(&at, &len, &link));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("invitations");
    TCase *tcase = tcase_create("texts");
    tcase_add_test(tcase, a_placeholder_stands_for_its_word_once);
    tcase_add_test(tcase, a_text_with_an_unknown_placeholder_is_refused);
    tcase_add_test(tcase, a_subject_has_no_link_and_one_line);
    tcase_add_test(tcase, blank_lines_part_paragraphs);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
