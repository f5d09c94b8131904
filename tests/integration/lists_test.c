/* Target lists: who of them is known to the organisation, and what is left of whom is erased. */
#include "base/rpps.h"
#include "db/db.h"
#include "db/query.h"
#include "features/lists/lists_store.h"
#include "harness/pg.h"
#include "unit/run.h"
#include <stdio.h>
#include <string.h>

static const char *url;
static struct db_conn *conn;

#define ORG  "aaaaaaaa-0000-4000-8000-000000000001"
#define LIST "bbbbbbbb-0000-4000-8000-000000000001"

static void begin(void)
{
    url = pg_test_database();
    conn = db_connect(pg_application(url), NULL);
    ck_assert_ptr_nonnull(conn);
    pg_sql(url,
           "INSERT INTO organisation (id, name, contact_email, created_at)"
           " VALUES ('" ORG "', 'Labo', 'a@labo.test', now());"
           "INSERT INTO target_list (id, organisation_id, name, people, created_at, changed_at)"
           " VALUES ('" LIST "', '" ORG "', 'Cardio', 3, now(), now());"
           "INSERT INTO target_list_person (organisation_id, target_list_id, position, email,"
           "                                first_name, last_name) VALUES"
           " ('" ORG "', '" LIST "', 1, 'anne@x.test', 'Anne', 'Martin'),"
           " ('" ORG "', '" LIST "', 2, 'cabinet@x.test', 'Paul', 'Durand'),"
           " ('" ORG "', '" LIST "', 3, NULL, 'Zoé', 'Petit')");
}

static void end(void)
{
    db_disconnect(conn);
}

static void hcp(const char *values)
{
    char sql[512];
    snprintf(sql, sizeof sql,
             "INSERT INTO hcp (organisation_id, email, first_name, last_name, created_at)"
             " VALUES ('" ORG "', %s, now())",
             values);
    pg_sql(url, sql);
}

#define KNOWN                                                                                      \
    "SELECT coalesce(string_agg(position::text, ' ' ORDER BY position), '')"                       \
    "  FROM target_list_person WHERE hcp_id IS NOT NULL"

START_TEST(who_registers_is_known_on_the_lists_by_address_and_a_word_of_the_name)
{
    hcp("'anne@x.test', 'Anne', 'Martin-Dupont'");
    ck_assert_str_eq(pg_sql(url, KNOWN), "1");
    hcp("'cabinet@x.test', 'Julie', 'Moreau'"); /* another of the same practice */
    ck_assert_str_eq(pg_sql(url, KNOWN), "1");
    hcp("'cabinet@x.test', 'Paul', 'Durand'");
    ck_assert_str_eq(pg_sql(url, KNOWN), "1 2");
}
END_TEST

START_TEST(a_new_address_is_looked_up_too)
{
    hcp("'old@x.test', 'Anne', 'MARTIN'");
    ck_assert_str_eq(pg_sql(url, KNOWN), "");
    pg_sql(url, "UPDATE hcp SET email = 'anne@x.test'");
    ck_assert_str_eq(pg_sql(url, KNOWN), "1");
}
END_TEST

START_TEST(a_number_says_who_it_is_and_who_it_is_not)
{
    pg_sql(url, "UPDATE target_list_person SET rpps = '10000001916' WHERE position = 2");
    hcp("'home@x.test', 'Anne', 'Durand'");
    pg_sql(url, "UPDATE hcp SET rpps = '10000001916'");
    ck_assert_str_eq(pg_sql(url, KNOWN), "2");
    pg_sql(url, "UPDATE target_list_person SET rpps = '10003461033' WHERE position = 1");
    pg_sql(url, "UPDATE hcp SET email = 'anne@x.test'");
    ck_assert_str_eq(pg_sql(url, KNOWN), "2");
}
END_TEST

START_TEST(another_organisation_learns_nothing)
{
    pg_sql(url,
           "INSERT INTO organisation (id, name, contact_email, created_at)"
           " VALUES ('aaaaaaaa-0000-4000-8000-000000000002', 'Other', 'b@o.test', now());"
           "INSERT INTO hcp (organisation_id, email, first_name, last_name, created_at) VALUES"
           " ('aaaaaaaa-0000-4000-8000-000000000002', 'anne@x.test', 'Anne', 'Martin', now())");
    ck_assert_str_eq(pg_sql(url, KNOWN), "");
}
END_TEST

START_TEST(who_is_erased_is_on_no_list_any_more)
{
    hcp("'anne@x.test', 'Anne', 'Martin'");
    struct id id;
    ck_assert_int_eq(db_read_id(conn, &id, "SELECT id FROM hcp", ""), ERR_OK);
    ck_assert_int_eq(lists_erase(conn, &id), ERR_OK);
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM target_list_person"), "2");
    ck_assert_str_eq(pg_sql(url, "SELECT people FROM target_list"), "2");
}
END_TEST

/* Numbers in a file are read in SQL, those that people type in C. */
START_TEST(a_number_is_read_alike_everywhere)
{
    static const char *const typed[] = {
        "10000001916",         " 1000 000 1916 ", "810000001916", "10000001917",    "00000001916",
        "1000000191",          "100000019160",    "750012345",    "0750012345",     "2A0012345",
        "2b0012345",           "02a0012345",      "3A0012345",    "1,00000019E+10", "",
        "\302\24010000001916", "9999999999x",     "20000001916",
    };
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        char kept[RPPS_SIZE], read[32];
        enum rpps_verdict verdict = rpps_parse(typed[i], strlen(typed[i]), kept);
        bool malformed = verdict == RPPS_MALFORMED;
        struct db_result *r = db_query(conn,
                                       "SELECT coalesce(rpps_kept($1, true), '-'),"
                                       "       coalesce(rpps_kept($1, false), '-')",
                                       "s", typed[i]);
        ck_assert_int_eq(db_err(r), ERR_OK);
        snprintf(read, sizeof read, "%s",
                 malformed                     ? "-"
                 : verdict == RPPS_CHECK_DIGIT ? ""
                                               : kept);
        ck_assert_msg(!strcmp(db_text(r, 0, 0), read), "%s: %s", typed[i], db_text(r, 0, 0));
        ck_assert_msg(!strcmp(db_text(r, 0, 1), malformed ? "-" : kept), "%s unchecked", typed[i]);
        db_result_free(r);
    }
}
END_TEST

/* The body of migration 0043, which what is in the database was made with. */
#define FORMER                                                                                     \
    "CREATE FUNCTION former(p_text text) RETURNS text LANGUAGE sql AS $f$"                         \
    " SELECT folded(translate(regexp_replace(normalize(p_text, NFKD),"                             \
    " '[\\u00ad\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7\\u0610-\\u061a\\u061c"    \
    "\\u064b-\\u065f\\u0670\\u115f\\u1160\\u180b-\\u180e\\u200b-\\u200f\\u202a-\\u202e"            \
    "\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff]', '', 'g'),"                                           \
    " 'ĐđÐðĦħŦŧıς`´ʹʻʼʽˊˋ′‛<>\"“”„«»‹›()[]{};:/|',"               \
    " 'ddddhhttiσ' || repeat('''', 10) || repeat(' ', 20))) $f$;"

START_TEST(what_is_searched_is_as_before)
{
    ck_assert_str_eq(pg_sql(url,
                            FORMER /* every character of the first plane, alone and among others */
                            "SELECT coalesce(string_agg(to_hex(g), ' '), '')"
                            "  FROM generate_series(1, 65535) g,"
                            "       LATERAL (SELECT 'É' || chr(g) || 'A ' || chr(g)) s (text)"
                            " WHERE g NOT BETWEEN 55296 AND 57343"
                            "   AND (search_text(text) <> former(text)"
                            "        OR search_text('x' || chr(g)) <> former('x' || chr(g)))"),
                     "");
    ck_assert_str_eq(pg_sql(url, "SELECT search_text(' d’Été,  <O.-Connor@X.test> ')"),
                     "d ete o connor@x test");
}
END_TEST

int main(void)
{
    pg_setup();
    Suite *suite = suite_create("lists");
    TCase *tcase = tcase_create("lists");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, who_registers_is_known_on_the_lists_by_address_and_a_word_of_the_name);
    tcase_add_test(tcase, a_new_address_is_looked_up_too);
    tcase_add_test(tcase, a_number_says_who_it_is_and_who_it_is_not);
    tcase_add_test(tcase, another_organisation_learns_nothing);
    tcase_add_test(tcase, who_is_erased_is_on_no_list_any_more);
    tcase_add_test(tcase, a_number_is_read_alike_everywhere);
    tcase_add_test(tcase, what_is_searched_is_as_before);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
