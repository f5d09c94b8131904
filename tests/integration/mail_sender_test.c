#include "base/buf.h"
#include "db/db.h"
#include "db/query.h"
#include "harness/pg.h"
#include "harness/sink.h"
#include "harness/wait.h"
#include "mail/mail.h"
#include <check.h>
#include <dirent.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define START INT64_C(1795293000000000)

static const char *url;
static struct db_conn *conn;
static struct id organisation;
static struct clock fake;
static char folder[64];

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void start(void)
{
    url = pg_test_database();
    conn = db_connect(url, NULL);
    ck_assert_ptr_nonnull(conn);
    organisation = id_random();
    clock_init_fake(&fake, START);
    strcpy(folder, "/tmp/amphi-mail-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(db_exec(conn,
                             "INSERT INTO organisation (id, name, contact_email, created_at)"
                             " VALUES ($1, 'Org', 'a@example.org', $2)",
                             "ut", &organisation, START),
                     ERR_OK);
}

static void stop(void)
{
    db_disconnect(conn);
    nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static enum err queue(const char *to, const char *subject)
{
    return mail_queue(conn,
                      &(struct mail){.organisation = &organisation,
                                     .to = to,
                                     .subject = subject,
                                     .text = "Bonjour\nhttps://amphi.example/join#secret",
                                     .language = "fr"},
                      START);
}

static struct mail_sender *sender(const struct sink *sink, const char *host)
{
    char smtp[64];
    snprintf(smtp, sizeof smtp, "smtp://%s:%d", host, sink ? sink_port(sink) : 0);
    return mail_sender_start(url,
                             &(struct mail_config){.from = "amphi <amphi@example.org>",
                                                   .smtp_url = sink ? smtp : NULL,
                                                   .smtp_user = "",
                                                   .smtp_password = "",
                                                   .folder = folder},
                             &fake);
}

static int64_t count(const char *where)
{
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM outbox WHERE %s", where);
    return strtoll(pg_sql(url, sql), NULL, 10);
}

static bool nothing_waits(void *arg)
{
    (void)arg;
    return count("sent_at IS NULL AND failed_at IS NULL") == 0;
}

static bool is_true(void *condition)
{
    return count(condition) > 0;
}

static bool nudge(void *condition)
{
    clock_advance(&fake, 60 * US_PER_S);
    return count(condition) > 0;
}

/* Names of the .eml files; the number of them. */
static int files(char names[][128], int max)
{
    struct dirent **entries;
    int n = scandir(folder, &entries, NULL, alphasort), found = 0;
    for (int i = 0; i < n; i++) {
        if (strstr(entries[i]->d_name, ".eml") && found < max)
            snprintf(names[found++], 128, "%.127s", entries[i]->d_name);
        else
            ck_assert(!strcmp(entries[i]->d_name, ".") || !strcmp(entries[i]->d_name, ".."));
        free(entries[i]);
    }
    free(entries);
    return found;
}

START_TEST(a_queued_mail_becomes_a_file_and_is_emptied)
{
    ck_assert_int_eq(queue("one@example.org", "Un"), ERR_OK);
    struct mail_sender *s = sender(NULL, "");
    ck_assert_ptr_nonnull(s);
    ck_assert(wait_for(nothing_waits, NULL, 20));
    clock_advance(&fake, 1000);
    ck_assert_int_eq(queue("two@example.org", "Deux"), ERR_OK);
    mail_sender_wake(s);
    ck_assert(wait_for(nothing_waits, NULL, 20));
    mail_sender_stop(s);
    ck_assert_int_eq(count("sent_at IS NOT NULL AND to_address IS NULL AND message IS NULL"
                           " AND attempts = 1"),
                     2);
    char names[8][128], path[256], text[4096] = "";
    ck_assert_int_eq(files(names, 8), 2);
    ck_assert_int_eq(strncmp(names[0], "20261121T203000.000000Z-", 24), 0);
    snprintf(path, sizeof path, "%s/%s", folder, names[0]);
    FILE *f = fopen(path, "r");
    ck_assert_uint_gt(fread(text, 1, sizeof text - 1, f), 100);
    fclose(f);
    ck_assert_ptr_nonnull(strstr(text, "From: \"Org\" <amphi@example.org>\r\n"
                                       "Reply-To: <a@example.org>\r\n"));
    ck_assert_ptr_nonnull(strstr(text, "https://amphi.example/join#secret"));
}
END_TEST

/* More than one batch of files, and one that does not fit among them. */
START_TEST(many_mails_become_files_together)
{
    char to[64], names[160][128];
    for (int i = 0; i < 150; i++) {
        snprintf(to, sizeof to, "hcp%03d@example.org", i);
        ck_assert_int_eq(queue(to, "Un"), ERR_OK);
    }
    pg_sql(url, "UPDATE outbox SET to_address = 'nobody' WHERE to_address = 'hcp070@example.org'");
    struct mail_sender *s = sender(NULL, "");
    ck_assert(wait_for(is_true, (void *)"sent_at IS NOT NULL HAVING count(*) = 149", 20));
    mail_sender_stop(s);
    ck_assert_int_eq(files(names, 160), 149); /* and no other files */
    ck_assert_int_eq(count("sent_at IS NOT NULL AND message IS NULL AND attempts = 1"), 149);
    ck_assert_int_eq(count("sent_at IS NULL AND attempts = 1 AND message IS NOT NULL"), 1);
}
END_TEST

/* The folder of the files cannot be made: nothing is marked, and all wait together. */
START_TEST(without_a_folder_all_wait)
{
    FILE *f;
    ck_assert_int_eq(rmdir(folder), 0);
    f = fopen(folder, "w");
    ck_assert_ptr_nonnull(f);
    fclose(f);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(queue("x@example.org", "x"), ERR_OK);
    struct mail_sender *s = sender(NULL, "");
    ck_assert(wait_for(is_true, (void *)"attempts > 0", 20));
    ck_assert_int_eq(count("sent_at IS NULL AND message IS NOT NULL"), 5);
    ck_assert_int_eq(unlink(folder), 0);
    clock_advance(&fake, 60 * US_PER_S);
    mail_sender_wake(s);
    ck_assert(wait_for(nothing_waits, NULL, 20));
    mail_sender_stop(s);
}
END_TEST

START_TEST(mail_of_a_transaction_that_is_rolled_back_is_never_sent)
{
    struct mail_sender *s = sender(NULL, "");
    ck_assert_int_eq(db_begin(conn), ERR_OK);
    ck_assert_int_eq(queue("ghost@example.org", "Never"), ERR_OK);
    mail_sender_wake(s);
    db_rollback(conn);
    ck_assert_int_eq(queue("real@example.org", "Now"), ERR_OK);
    mail_sender_wake(s);
    ck_assert(wait_for(is_true, (void *)"sent_at IS NOT NULL", 20));
    mail_sender_stop(s);
    char names[8][128];
    ck_assert_int_eq(files(names, 8), 1);
}
END_TEST

START_TEST(a_wrong_address_or_text_is_refused_at_once)
{
    ck_assert_int_eq(queue("two@example.org, evil@example.org", "x"), ERR_INVALID);
    ck_assert_int_eq(queue("a@example.org\r\nBcc: b@example.org", "x"), ERR_INVALID);
    ck_assert_int_eq(queue("a@example.org", "\xff\xfe"), ERR_INVALID);
    ck_assert_int_eq(count("true"), 0);
}
END_TEST

START_TEST(smtp_takes_each_mail_once)
{
    struct sink *sink = sink_start(SINK_ACCEPTS);
    char to[64];
    for (int i = 0; i < 50; i++) {
        snprintf(to, sizeof to, "hcp%02d@example.org", i);
        ck_assert_int_eq(queue(to, "Votre inscription – à bientôt"), ERR_OK);
    }
    struct mail_sender *s = sender(sink, "127.0.0.1"), *second = sender(sink, "127.0.0.1");
    ck_assert(wait_for(nothing_waits, NULL, 30));
    mail_sender_stop(s);
    mail_sender_stop(second);
    ck_assert_uint_eq(sink_count(sink), 50);
    bool seen[50] = {false};
    for (size_t i = 0; i < 50; i++) {
        int n = (int)strtol(sink_to(sink, i) + 3, NULL, 10);
        ck_assert(!seen[n]);
        seen[n] = true;
        ck_assert_ptr_nonnull(strstr(sink_data(sink, i), "Subject: =?UTF-8?Q?"));
        ck_assert_ptr_nonnull(strstr(sink_data(sink, i), "Auto-Submitted: auto-generated\r\n"));
        snprintf(to, sizeof to, "To: <hcp%02d@example.org>\r\n", n);
        ck_assert_ptr_nonnull(strstr(sink_data(sink, i), to));
    }
    sink_stop(sink);
}
END_TEST

START_TEST(a_refused_mail_is_tried_again_with_growing_pauses)
{
    struct sink *sink = sink_start(SINK_REFUSES_RECEIVER);
    ck_assert_int_eq(queue("late@example.org", "x"), ERR_OK);
    struct mail_sender *s = sender(sink, "127.0.0.1");
    ck_assert(wait_for(is_true, (void *)"attempts = 1", 20));
    ck_assert_int_eq(count("due_at = to_timestamp(1795293000 + 30) AND last_error LIKE '%451%'"),
                     1);
    clock_advance(&fake, 30 * US_PER_S);
    mail_sender_wake(s);
    ck_assert(wait_for(is_true, (void *)"attempts = 2", 20));
    ck_assert_int_eq(count("due_at = to_timestamp(1795293000 + 90)"), 1);
    sink_set_mood(sink, SINK_ACCEPTS);
    clock_advance(&fake, 60 * US_PER_S);
    mail_sender_wake(s);
    ck_assert(wait_for(nothing_waits, NULL, 20));
    ck_assert_int_eq(count("sent_at IS NOT NULL AND attempts = 3 AND last_error IS NULL"), 1);
    mail_sender_stop(s);
    ck_assert_uint_eq(sink_count(sink), 1);
    sink_stop(sink);
}
END_TEST

START_TEST(one_refused_mail_does_not_hold_the_others)
{
    struct sink *sink = sink_start(SINK_REFUSES_RECEIVER);
    ck_assert_int_eq(queue("bad@example.org", "x"), ERR_OK);
    struct mail_sender *s = sender(sink, "127.0.0.1");
    ck_assert(wait_for(is_true, (void *)"attempts = 1", 20));
    sink_set_mood(sink, SINK_ACCEPTS);
    ck_assert_int_eq(queue("good@example.org", "x"), ERR_OK);
    mail_sender_wake(s);
    ck_assert(wait_for(is_true, (void *)"sent_at IS NOT NULL", 20));
    ck_assert_int_eq(count("sent_at IS NULL AND to_address = 'bad@example.org'"), 1);
    mail_sender_stop(s);
    sink_stop(sink);
}
END_TEST

START_TEST(while_nobody_answers_the_outbox_waits_as_a_whole)
{
    struct sink *sink = sink_start(SINK_HANGS_UP);
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(queue("x@example.org", "x"), ERR_OK);
    struct mail_sender *s = sender(sink, "127.0.0.1");
    ck_assert(wait_for(is_true, (void *)"attempts > 0", 20));
    ck_assert_int_eq(count("sent_at IS NULL"), 5);
    sink_set_mood(sink, SINK_ACCEPTS);
    ck_assert(!nothing_waits(NULL));
    double deadline = wait_now() + 20;
    while (!nothing_waits(NULL) && wait_now() < deadline) {
        nudge((void *)"true");
        mail_sender_wake(s);
    }
    ck_assert_int_eq(count("sent_at IS NOT NULL"), 5);
    mail_sender_stop(s);
    ck_assert_uint_eq(sink_count(sink), 5);
    sink_stop(sink);
}
END_TEST

START_TEST(after_three_days_a_mail_has_failed_and_is_emptied)
{
    struct sink *sink = sink_start(SINK_REFUSES_RECEIVER);
    ck_assert_int_eq(queue("never@example.org", "x"), ERR_OK);
    struct mail_sender *s = sender(sink, "127.0.0.1");
    ck_assert(wait_for(is_true, (void *)"attempts = 1", 20));
    clock_advance(&fake, 3 * 24 * 3600 * US_PER_S);
    mail_sender_wake(s);
    ck_assert(wait_for(is_true, (void *)"failed_at IS NOT NULL", 20));
    ck_assert_int_eq(count("sent_at IS NULL AND message IS NULL AND to_address IS NULL"
                           " AND last_error LIKE '%451%'"),
                     1);
    mail_sender_stop(s);
    sink_stop(sink);
}
END_TEST

START_TEST(a_server_elsewhere_without_tls_gets_nothing)
{
    struct sink *sink = sink_start(SINK_ACCEPTS);
    ck_assert_int_eq(queue("x@example.org", "x"), ERR_OK);
    struct mail_sender *s = sender(sink, "127.0.0.2"); /* not one of the names of this machine */
    ck_assert(wait_for(is_true, (void *)"attempts = 1", 20));
    mail_sender_stop(s);
    ck_assert_uint_gt(sink_attempts(sink), 0);
    ck_assert_uint_eq(sink_count(sink), 0);
    sink_stop(sink);
}
END_TEST

/* What this program does when it is given a database and a server. */
static int send_until_killed(char **argv)
{
    struct clock clock;
    clock_init_fake(&clock, START);
    if (!mail_sender_start(
            argv[1], &(struct mail_config){.from = "a@example.org", .smtp_url = argv[2]}, &clock))
        return 1;
    for (;;)
        pause();
}

/* A process of its own, started anew, so that it may have threads. */
static pid_t sender_process(const struct sink *sink)
{
    char smtp[64];
    snprintf(smtp, sizeof smtp, "smtp://127.0.0.1:%d", sink_port(sink));
    pid_t child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "mail_sender_test", url, smtp, (char *)NULL);
        _exit(127);
    }
    return child;
}

/* Kills a sender process at moments spread over its work; the next one finishes. */
START_TEST(a_killed_sender_loses_nothing_and_repeats_with_the_same_message_id)
{
    struct sink *sink = sink_start(SINK_ACCEPTS);
    char to[64];
    for (int i = 0; i < 60; i++) {
        snprintf(to, sizeof to, "hcp%02d@example.org", i);
        ck_assert_int_eq(queue(to, "x"), ERR_OK);
    }
    for (int round = 1; round <= 4; round++) {
        pid_t child = sender_process(sink);
        double deadline = wait_now() + 20;
        while (sink_count(sink) < (size_t)round * 10 && wait_now() < deadline)
            ;
        ck_assert_uint_ge(sink_count(sink), (size_t)round * 10);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    struct mail_sender *s = sender(sink, "127.0.0.1");
    ck_assert(wait_for(nothing_waits, NULL, 30));
    mail_sender_stop(s);
    size_t n = sink_count(sink);
    ck_assert_uint_ge(n, 60);
    ck_assert_uint_le(n, 64); /* one under way at each kill */
    bool seen[60] = {false};
    for (size_t i = 0; i < n; i++)
        seen[strtol(sink_to(sink, i) + 3, NULL, 10)] = true;
    for (int i = 0; i < 60; i++)
        ck_assert(seen[i]);
    ck_assert_int_eq(count("sent_at IS NOT NULL"), 60);
    sink_stop(sink);
}
END_TEST

START_TEST(an_answer_that_is_lost_is_a_repeat_with_the_same_message_id)
{
    struct sink *sink = sink_start(SINK_LOSES_ANSWER);
    ck_assert_int_eq(queue("twice@example.org", "x"), ERR_OK);
    struct mail_sender *s = sender(sink, "127.0.0.1");
    ck_assert(wait_for(is_true, (void *)"attempts = 1", 20));
    ck_assert_int_eq(count("sent_at IS NOT NULL"), 0);
    sink_set_mood(sink, SINK_ACCEPTS);
    clock_advance(&fake, 3600 * US_PER_S);
    mail_sender_wake(s);
    ck_assert(wait_for(nothing_waits, NULL, 20));
    mail_sender_stop(s);
    ck_assert_uint_eq(sink_count(sink), 2);
    ck_assert_str_eq(sink_data(sink, 0), sink_data(sink, 1));
    sink_stop(sink);
}
END_TEST

START_TEST(files_written_again_after_a_crash_are_not_doubled)
{
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(queue("x@example.org", "x"), ERR_OK);
    struct mail_sender *s = sender(NULL, "");
    ck_assert(wait_for(nothing_waits, NULL, 20));
    mail_sender_stop(s);
    /* As if the commit had been lost after the file was there. */
    pg_sql(url, "UPDATE outbox SET sent_at = NULL, to_address = 'x@example.org', attempts = 0,"
                " message = '{\"subject\": \"x\", \"text\": \"y\"}'");
    s = sender(NULL, "");
    ck_assert(wait_for(nothing_waits, NULL, 20));
    mail_sender_stop(s);
    char names[8][128];
    ck_assert_int_eq(files(names, 8), 3);
}
END_TEST

START_TEST(a_sender_waits_for_the_database_and_stops_quickly)
{
    struct mail_sender *s =
        mail_sender_start("postgresql:///x?host=/nonexistent",
                          &(struct mail_config){.from = "a@example.org", .folder = folder}, &fake);
    ck_assert_ptr_nonnull(s);
    double began = wait_now();
    mail_sender_stop(s);
    ck_assert(wait_now() - began < 20);
    ck_assert_ptr_null(
        mail_sender_start(url, &(struct mail_config){.from = "nobody", .folder = folder}, &fake));
}
END_TEST

int main(int argc, char **argv)
{
    if (argc == 3)
        return send_until_killed(argv);
    pg_setup();
    Suite *suite = suite_create("mail_sender");
    TCase *tcase = tcase_create("mail_sender");
    tcase_add_checked_fixture(tcase, start, stop);
    tcase_set_timeout(tcase, 90);
    tcase_add_test(tcase, a_queued_mail_becomes_a_file_and_is_emptied);
    tcase_add_test(tcase, many_mails_become_files_together);
    tcase_add_test(tcase, without_a_folder_all_wait);
    tcase_add_test(tcase, mail_of_a_transaction_that_is_rolled_back_is_never_sent);
    tcase_add_test(tcase, a_wrong_address_or_text_is_refused_at_once);
    tcase_add_test(tcase, smtp_takes_each_mail_once);
    tcase_add_test(tcase, a_refused_mail_is_tried_again_with_growing_pauses);
    tcase_add_test(tcase, one_refused_mail_does_not_hold_the_others);
    tcase_add_test(tcase, while_nobody_answers_the_outbox_waits_as_a_whole);
    tcase_add_test(tcase, after_three_days_a_mail_has_failed_and_is_emptied);
    tcase_add_test(tcase, a_server_elsewhere_without_tls_gets_nothing);
    tcase_add_test(tcase, a_killed_sender_loses_nothing_and_repeats_with_the_same_message_id);
    tcase_add_test(tcase, an_answer_that_is_lost_is_a_repeat_with_the_same_message_id);
    tcase_add_test(tcase, files_written_again_after_a_crash_are_not_doubled);
    tcase_add_test(tcase, a_sender_waits_for_the_database_and_stops_quickly);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
