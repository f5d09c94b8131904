/* Rules of mails that came back: only a report of a failure for good, of a mail whose id it
 * returns, is one; whatever else stands in the mailbox is none. */
#include "features/invitations/invitations_bounce.h"
#include <check.h>
#include <string.h>

#define ID "5f0c6f0e-9a43-4b0e-8f4f-6f1a2b3c4d5e"
#define TOP                                                                                        \
    "From: MAILER-DAEMON@mx.test\r\nSubject: Undelivered\r\n"                                      \
    "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n"          \
    "--b\r\nContent-Type: text/plain\r\n\r\nAction: failed\r\nStatus: 5.0.0\r\n\r\n"
#define STATUS(action, status)                                                                     \
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"      \
    "Final-Recipient: rfc822; anne@x.test\r\nAction: " action "\r\nStatus: " status "\r\n\r\n"
#define RETURNED(id)                                                                               \
    "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: You\r\nMessage-ID: " id              \
    "\r\n\r\n--b--\r\n"

static struct bounce last;

static enum err keep(void *arg, const struct bounce *bounce)
{
    int *n = arg;
    last = *bounce;
    ++*n;
    return ERR_OK;
}

static int read_text(const char *text, struct bounce_counts *counts)
{
    int n = 0;
    FILE *file = fmemopen((void *)text, strlen(text), "r");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(bounces_read(file, keep, &n, counts), ERR_OK);
    fclose(file);
    return n;
}

static void is_bounce(const char *text, const char *status)
{
    struct bounce_counts counts;
    char id[ID_TEXT_SIZE];
    ck_assert_int_eq(read_text(text, &counts), 1);
    ck_assert_str_eq(id_text(&last.mail, id), ID);
    ck_assert_str_eq(last.status, status);
}

START_TEST(a_failure_for_good_names_the_mail)
{
    is_bounce(TOP STATUS("failed", "5.1.1") RETURNED("<" ID "@amphi.test>"), "5.1.1");
    is_bounce(TOP STATUS("Failed", "5.2.1 (disabled)") RETURNED("\r\n <" ID "@amphi.test>"),
              "5.2.1");
    is_bounce(TOP RETURNED("<" ID "@amphi.test>") STATUS("failed", "5.7.1"), "5.7.1");
}
END_TEST

START_TEST(anything_else_is_none)
{
    static const char *const others[] = {
        "",
        "Subject: Hello\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\nMessage-ID: <" ID
        "@amphi.test>\r\n",
        TOP STATUS("delayed", "5.1.1") RETURNED("<" ID "@amphi.test>"),
        TOP STATUS("failed", "4.4.7") RETURNED("<" ID "@amphi.test>"),
        TOP STATUS("delivered", "2.0.0") RETURNED("<" ID "@amphi.test>"),
        TOP STATUS("failed", "5.1.1") RETURNED("<other@amphi.test>"),
        TOP STATUS("failed", "5.1.1") RETURNED("<" ID ">"),
        TOP STATUS("failed", "5.1.1"),
        TOP RETURNED("<" ID "@amphi.test>"),
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct bounce_counts counts;
        ck_assert_msg(read_text(others[i], &counts) == 0, "%zu", i);
        ck_assert_int_eq(counts.failed, 0);
        ck_assert_int_eq(counts.messages, i > 0);
    }
}
END_TEST

START_TEST(a_mailbox_has_many)
{
    static const char box[] =
        "From MAILER-DAEMON Sat Nov 28 12:00:00 2026\n" TOP STATUS("failed", "5.1.1")
            RETURNED("<" ID "@amphi.test>") "\nFrom someone Sat Nov 28 12:00:00 2026\nSubject: "
                                            "x\n\n>From here on\nMessage-ID: <" ID
                                            "@amphi.test>\n\nFrom MAILER-DAEMON Sat\n" TOP STATUS(
                                                "failed", "5.1.2") RETURNED("<" ID "@amphi.test>");
    struct bounce_counts counts;
    ck_assert_int_eq(read_text(box, &counts), 2);
    ck_assert_int_eq(counts.messages, 3);
    ck_assert_int_eq(counts.failed, 2);
    ck_assert_str_eq(last.status, "5.1.2");
}
END_TEST

START_TEST(a_long_line_is_no_field)
{
    char text[8000] = TOP "--b\r\nContent-Type: message/delivery-status\r\n\r\nX: ";
    size_t n = strlen(text);
    memset(text + n, 'a', 3000);
    snprintf(text + n + 3000, sizeof text - n - 3000,
             "Action: failed\r\nStatus: 5.1.1\r\n\r\n" RETURNED("<" ID "@amphi.test>"));
    struct bounce_counts counts;
    ck_assert_int_eq(read_text(text, &counts), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("invitations_bounce");
    TCase *tcase = tcase_create("mailbox");
    tcase_add_test(tcase, a_failure_for_good_names_the_mail);
    tcase_add_test(tcase, anything_else_is_none);
    tcase_add_test(tcase, a_mailbox_has_many);
    tcase_add_test(tcase, a_long_line_is_no_field);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
