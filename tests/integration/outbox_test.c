/* Whose mail leaves next: organisations take turns, and nobody's sign-in link waits behind notices
 * to thousands. */
#include "db/db.h"
#include "db/query.h"
#include "harness/pg.h"
#include "mail/mail.h"
#include "mail/outbox_store.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START INT64_C(1795293000000000)

static const char *url;
static struct db_conn *conn;
static struct id labo, clinic;

static struct id new_organisation(uint8_t first, const char *name)
{
    struct id id = {.bytes = {first}};
    ck_assert_int_eq(db_exec(conn,
                             "INSERT INTO organisation (id, name, contact_email, created_at)"
                             " VALUES ($1, $2, 'a@example.org', $3)",
                             "ust", &id, name, START),
                     ERR_OK);
    return id;
}

static void start(void)
{
    url = pg_test_database();
    conn = db_connect(url, NULL);
    ck_assert_ptr_nonnull(conn);
    labo = new_organisation(1, "Labo");
    clinic = new_organisation(2, "Clinic");
}

static void stop(void)
{
    db_disconnect(conn);
}

static void queue(const struct id *organisation, bool bulk, const char *subject, int64_t at)
{
    struct mail mail = {.organisation = organisation,
                        .to = "a@example.org",
                        .subject = subject,
                        .text = "Bonjour",
                        .language = "fr",
                        .bulk = bulk};
    ck_assert_int_eq(mail_queue(conn, &mail, at), ERR_OK);
}

/* Sends the next n; their subjects, one after the other. */
static const char *sent(struct id *last, int n)
{
    static char out[512];
    out[0] = '\0';
    for (int i = 0; i < n; i++) {
        struct outbox_row row;
        ck_assert_int_eq(db_begin(conn), ERR_OK);
        enum err err = outbox_take(conn, last, START + 100 * US_PER_S, NULL, 0, &row);
        if (err == ERR_OK) {
            strcat(out, json_string_value(json_object_get(row.message, "subject")));
            *last = row.organisation;
            err = outbox_sent(conn, &row.id, 1, START);
            outbox_row_release(&row);
        }
        ck_assert_int_eq(err, ERR_OK);
        ck_assert_int_eq(db_commit(conn), ERR_OK);
    }
    return out;
}

START_TEST(organisations_take_turns)
{
    struct id last = {0};
    for (int i = 0; i < 6; i++)
        queue(&labo, false, (char[]){(char)('a' + i), 0}, START + i);
    for (int i = 0; i < 3; i++)
        queue(&clinic, false, (char[]){(char)('A' + i), 0}, START + 10 + i);
    ck_assert_str_eq(sent(&last, 4), "aAbB");
    queue(&clinic, false, "D", START + 20);
    ck_assert_str_eq(sent(&last, 6), "cCdDef");
}
END_TEST

START_TEST(who_waits_for_a_mail_does_not_wait_for_notices)
{
    struct id last = {0};
    struct outbox_row row;
    for (int i = 0; i < 5; i++)
        queue(&labo, true, (char[]){(char)('a' + i), 0}, START + i);
    queue(&clinic, true, "A", START + 10);
    ck_assert_str_eq(sent(&last, 2), "aA");
    queue(&labo, false, "+", START + 20);
    queue(&clinic, false, "*", START + 21);
    queue(&clinic, false, "not due", START + 200 * US_PER_S);
    ck_assert_str_eq(sent(&last, 6), "+*bcde");
    ck_assert_int_eq(outbox_take(conn, &last, START + 100 * US_PER_S, NULL, 0, &row),
                     ERR_NOT_FOUND);
}
END_TEST

/* However many wait, the next one is found by the index. */
START_TEST(a_long_queue_is_not_read)
{
    pg_sql(url, "INSERT INTO outbox (organisation_id, to_address, message, language, created_at,"
                " due_at, bulk) SELECT id, 'a@example.org', '{}', 'fr', now(), now(), i % 2 = 0"
                " FROM organisation, generate_series(1, 10000) i; ANALYZE outbox");
    struct id last = {0};
    int64_t now = INT64_C(4000000000000000);
    struct outbox_row row;
    pg_sql(url, "SELECT pg_stat_reset()");
    for (int i = 0; i < 20; i++) {
        ck_assert_int_eq(db_begin(conn), ERR_OK);
        ck_assert_int_eq(outbox_take(conn, &last, now, NULL, 0, &row), ERR_OK);
        last = row.organisation;
        ck_assert_int_eq(outbox_sent(conn, &row.id, 1, now), ERR_OK);
        outbox_row_release(&row);
        ck_assert_int_eq(db_commit(conn), ERR_OK);
    }
    db_disconnect(conn); /* says what it did */
    const char *reads = pg_sql(url, "SELECT pg_stat_clear_snapshot(); SELECT seq_tup_read +"
                                    " idx_tup_fetch FROM pg_stat_user_tables"
                                    " WHERE relname = 'outbox'");
    ck_assert_msg(strtoll(reads, NULL, 10) < 2000, "%s rows read for 20 mails", reads);
    conn = db_connect(url, NULL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("outbox");
    TCase *tcase = tcase_create("outbox");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, start, stop);
    tcase_add_test(tcase, organisations_take_turns);
    tcase_add_test(tcase, who_waits_for_a_mail_does_not_wait_for_notices);
    tcase_add_test(tcase, a_long_queue_is_not_read);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
