#include "db/conn.h"
#include "db/migrate.h"
#include "harness/pg.h"
#include "harness/wait.h"
#include <check.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], why[512];
static struct db_conn *conn;
static const char *url;

static void put(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static void start(void)
{
    strcpy(folder, "/tmp/amphi-migrate-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    url = pg_test_empty_database();
    conn = db_connect(url, NULL);
    ck_assert_ptr_nonnull(conn);
    put("0001_first.sql", "CREATE TABLE a (x int);\nCREATE TABLE b (x int);\n");
    put("0002_second.sql", "INSERT INTO a VALUES (1);\n");
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void stop(void)
{
    db_disconnect(conn);
    nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static enum err migrate(bool apply)
{
    return db_migrate(conn, folder, apply, NULL, why, sizeof why);
}

START_TEST(what_is_missing_is_applied_once)
{
    ck_assert_int_eq(migrate(false), ERR_CONFLICT);
    ck_assert_str_eq(why, "the database lacks migration 0001_first.sql");
    ck_assert_int_eq(migrate(true), ERR_OK);
    ck_assert_int_eq(migrate(true), ERR_OK);
    ck_assert_int_eq(migrate(false), ERR_OK);
    ck_assert_str_eq(why, "");
    put("0003_third.sql", "INSERT INTO a VALUES (2)");
    ck_assert_int_eq(migrate(false), ERR_CONFLICT);
    ck_assert_str_eq(why, "the database lacks migration 0003_third.sql");
    ck_assert_int_eq(migrate(true), ERR_OK);
    ck_assert_str_eq(pg_sql(url, "SELECT string_agg(x::text, ',') FROM a"), "1,2");
}
END_TEST

START_TEST(an_edited_old_migration_is_named)
{
    ck_assert_int_eq(migrate(true), ERR_OK);
    put("0001_first.sql", "CREATE TABLE a (x bigint);\nCREATE TABLE b (x int);\n");
    ck_assert_int_eq(migrate(true), ERR_CONFLICT);
    ck_assert_str_eq(why, "migration 0001_first.sql was edited after it had been applied");
}
END_TEST

START_TEST(a_newer_schema_is_refused)
{
    char path[128];
    put("0003_third.sql", "SELECT 1");
    ck_assert_int_eq(migrate(true), ERR_OK);
    snprintf(path, sizeof path, "%s/0003_third.sql", folder);
    remove(path);
    ck_assert_int_eq(migrate(true), ERR_CONFLICT);
    ck_assert_str_eq(why, "the database is of a newer version: it has migration 0003_third.sql");
    ck_assert_int_eq(migrate(false), ERR_CONFLICT);
    put("0004_fourth.sql", "SELECT 1");
    ck_assert_int_eq(migrate(true), ERR_CONFLICT);
    ck_assert_str_eq(why, "the database has migration 0003_third.sql, which this version lacks");
}
END_TEST

START_TEST(a_migration_that_comes_too_late_is_refused)
{
    put("0005_fifth.sql", "SELECT 1");
    ck_assert_int_eq(migrate(true), ERR_OK);
    put("0004_fourth.sql", "SELECT 1");
    ck_assert_int_eq(migrate(true), ERR_CONFLICT);
    ck_assert_str_eq(why, "migration 0004_fourth.sql comes too late: 0005_fifth.sql was applied "
                          "already");
}
END_TEST

START_TEST(a_failed_migration_leaves_nothing_and_names_its_line)
{
    put("0003_third.sql", "INSERT INTO a VALUES (7);\n\nINSERT INTO nowhere VALUES (1);\n");
    ck_assert_int_eq(migrate(true), ERR_INVALID);
    ck_assert_str_eq(why, "migration 0003_third.sql failed at line 3: relation \"nowhere\" does "
                          "not exist");
    ck_assert_str_eq(pg_sql(url, "SELECT string_agg(x::text, ',') FROM a"), "1");
    put("0003_third.sql", "INSERT INTO a VALUES (7);\n");
    ck_assert_int_eq(migrate(true), ERR_OK);
    put("0004_fourth.sql", "INSERT INTO a VALUES (8); COMMIT;\n");
    ck_assert_int_eq(migrate(true), ERR_INVALID);
    ck_assert_str_eq(why, "migration 0004_fourth.sql ends its own transaction");
}
END_TEST

START_TEST(names_and_numbers_are_checked)
{
    put("3_x.sql", "SELECT 1");
    ck_assert_int_eq(migrate(true), ERR_INVALID);
    ck_assert_ptr_nonnull(strstr(why, "3_x.sql"));
    char path[128];
    snprintf(path, sizeof path, "%s/3_x.sql", folder);
    remove(path);
    put("0002_twice.sql", "SELECT 1");
    ck_assert_int_eq(migrate(true), ERR_INVALID);
    ck_assert_str_eq(why, "migrations 0002_second.sql and 0002_twice.sql have the same number");
    ck_assert_int_eq(db_migrate(conn, "/nonexistent", true, NULL, why, sizeof why), ERR_INVALID);
    ck_assert_ptr_nonnull(strstr(why, "/nonexistent"));
}
END_TEST

static void *migrate_beside(void *result)
{
    char text[512];
    struct db_conn *c = db_connect(url, NULL);
    *(enum err *)result = c ? db_migrate(c, folder, true, NULL, text, sizeof text) : ERR_INTERNAL;
    db_disconnect(c);
    return NULL;
}

static bool waits_for_the_lock(void *arg)
{
    (void)arg;
    return !strcmp(pg_sql(url, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                               " AND NOT granted"),
                   "1");
}

START_TEST(one_process_migrates_at_a_time)
{
    pthread_t threads[4];
    enum err results[4];
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, migrate_beside, &results[i]), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        ck_assert_int_eq(results[i], ERR_OK);
    }
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM a"), "1");
    PGresult *r = conn_exec(conn, "SELECT pg_advisory_lock(418447747177)");
    PQclear(r);
    put("0003_third.sql", "INSERT INTO a VALUES (3)");
    ck_assert_int_eq(pthread_create(&threads[0], NULL, migrate_beside, &results[0]), 0);
    ck_assert(wait_for(waits_for_the_lock, NULL, 10));
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM a"), "1");
    r = conn_exec(conn, "SELECT pg_advisory_unlock(418447747177)");
    PQclear(r);
    pthread_join(threads[0], NULL);
    ck_assert_int_eq(results[0], ERR_OK);
    ck_assert_str_eq(pg_sql(url, "SELECT count(*) FROM a"), "2");
}
END_TEST

START_TEST(the_migrations_of_the_sources_apply_to_an_empty_database)
{
    ck_assert_msg(db_migrate(conn, "migrations", true, NULL, why, sizeof why) == ERR_OK, "%s", why);
    ck_assert_int_eq(db_migrate(conn, "migrations", false, NULL, why, sizeof why), ERR_OK);
    ck_assert_str_eq(pg_sql(url, "SELECT string_agg(conname, ' ') FROM pg_constraint"
                                 " WHERE conname LIKE '%room%'"),
                     ""); /* migration 0019 renamed these, too */
}
END_TEST

static void copy_migrations(const char *which)
{
    char command[256];
    snprintf(command, sizeof command, "rm %s/*; cp %s %s", folder, which, folder);
    ck_assert_int_eq(system(command), 0);
}

START_TEST(roles_of_an_older_database_become_organisation_wide_grants)
{
    copy_migrations("migrations/000*.sql migrations/001[0-4]*.sql");
    ck_assert_msg(migrate(true) == ERR_OK, "%s", why);
    pg_sql(url,
           "INSERT INTO organisation (id, name, contact_email, created_at) SELECT"
           " gen_random_uuid(), n, 'a@b.c', '2026-01-01' FROM (VALUES ('A'), ('B')) o (n);"
           "INSERT INTO account (organisation_id, email, name, language, created_at, disabled_at)"
           " SELECT id, lower(name) || n || '@b.c', n, 'fr', ('2026-02-0' || n)::timestamptz,"
           "        CASE n WHEN '3' THEN timestamptz '2026-03-01' END"
           "   FROM organisation, (VALUES ('1'), ('2'), ('3')) v (n);"
           "INSERT INTO account_role SELECT organisation_id, id, r FROM account, (VALUES"
           " ('1', 'organiser'), ('1', 'host'), ('2', 'moderator'), ('3', 'speaker')) v (n, r)"
           " WHERE name = n;"
           "INSERT INTO sign_in (token_hash, organisation_id, account_id, created_at, expires_at)"
           " SELECT sha256(email::bytea), organisation_id, id, now(), '2100-01-01' FROM account");
    ck_assert_msg(db_migrate(conn, "migrations", true, NULL, why, sizeof why) == ERR_OK, "%s", why);
    ck_assert_str_eq(
        pg_sql(url, "SELECT string_agg(a.email || ' ' || g.role, ', ' ORDER BY a.email, g.role)"
                    "  FROM role_grant g JOIN account a ON (a.organisation_id, a.id)"
                    "     = (g.organisation_id, g.account_id)"
                    " WHERE g.congress_id IS NULL AND g.session_id IS NULL AND g.granted_by IS NULL"
                    "   AND g.granted_at = a.created_at AND g.expires_at IS NULL"
                    "   AND g.revoked_at IS NULL"),
        "a1@b.c host, a1@b.c organiser, a2@b.c moderator, a3@b.c speaker, "
        "b1@b.c host, b1@b.c organiser, b2@b.c moderator, b3@b.c speaker");
    ck_assert_str_eq(pg_sql(url, "SELECT string_agg(s.name || ':' || r.roles, ' ' ORDER BY s.name)"
                                 "  FROM signed_in s CROSS JOIN LATERAL roles_at(s.person_id, "
                                 "s.organisation_id, NULL, NULL,"
                                 "  now()) r JOIN organisation o ON o.name = 'A'"
                                 " WHERE s.organisation_id = o.id"),
                     "1:6 2:8"); /* 3 is disabled */
}
END_TEST

/* A database of the release before there were jobs: what waited is done all the same, and a deck
 * that was removed gives back what it takes. */
START_TEST(what_waited_before_there_were_jobs_becomes_jobs)
{
    copy_migrations("migrations/000*.sql migrations/001[0-6]*.sql");
    ck_assert_msg(migrate(true) == ERR_OK, "%s", why);
    pg_sql(url,
           "CREATE TEMP TABLE x AS SELECT gen_random_uuid() AS o, gen_random_uuid() AS c,"
           "  gen_random_uuid() AS r, gen_random_uuid() AS s, gen_random_uuid() AS a;"
           "INSERT INTO organisation (id, name, contact_email, created_at)"
           "  SELECT o, 'O', 'o@o.test', now() FROM x;"
           "INSERT INTO account (id, organisation_id, email, name, language, created_at)"
           "  SELECT a, o, 'a@a.test', 'A', 'fr', now() FROM x;"
           "INSERT INTO congress (id, organisation_id, title, language, time_zone, created_at)"
           "  SELECT c, o, 'C', 'fr', 'Europe/Paris', now() FROM x;"
           "INSERT INTO room (id, organisation_id, congress_id, name) SELECT r, o, c, 'R' FROM x;"
           "INSERT INTO session (id, organisation_id, congress_id, room_id, title, language,"
           "  starts_at, planned_minutes, capacity, state, created_at)"
           "  SELECT s, o, c, r, 'S', 'fr', now(), 60, 100, 'lobby', now() FROM x;"
           "INSERT INTO deck (organisation_id, session_id, file_name, pdf, bytes, state,"
           "  page_count, error, created_at, created_by, removed_at)"
           "  SELECT o, s, d.name, sha256('pdf'), 3, d.state, 1, d.error, now(), a, d.removed"
           "    FROM x, (VALUES ('waits', 'rendering', NULL, NULL), ('done', 'ready', NULL, NULL),"
           "      ('bad', 'failed', 'pdf.invalid', NULL), ('gone', 'rendering', NULL, now()))"
           "      d (name, state, error, removed);"
           "INSERT INTO session_notice (organisation_id, session_id, kind, created_at, done_at)"
           "  SELECT o, s, n.kind, now(), n.done FROM x,"
           "    (VALUES ('rescheduled', now()), ('cancelled', NULL)) n (kind, done)");
    copy_migrations("migrations/*.sql");
    ck_assert_msg(migrate(true) == ERR_OK, "%s", why);
    ck_assert_str_eq(pg_sql(url, "SELECT string_agg(j.kind || ' ' || coalesce(d.file_name, n.kind),"
                                 "  ', ' ORDER BY j.kind) FROM job j"
                                 "  LEFT JOIN deck d ON d.id = j.object_id"
                                 "  LEFT JOIN session_notice n ON n.id = j.object_id"
                                 " WHERE j.claimed_by IS NULL AND j.due_at <= now()"),
                     "deck.free gone, deck.render waits, session.notice cancelled");
}
END_TEST

int main(void)
{
    pg_setup();
    Suite *suite = suite_create("migrate");
    TCase *tcase = tcase_create("migrate");
    tcase_add_checked_fixture(tcase, start, stop);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, what_is_missing_is_applied_once);
    tcase_add_test(tcase, an_edited_old_migration_is_named);
    tcase_add_test(tcase, a_newer_schema_is_refused);
    tcase_add_test(tcase, a_migration_that_comes_too_late_is_refused);
    tcase_add_test(tcase, a_failed_migration_leaves_nothing_and_names_its_line);
    tcase_add_test(tcase, names_and_numbers_are_checked);
    tcase_add_test(tcase, one_process_migrates_at_a_time);
    tcase_add_test(tcase, the_migrations_of_the_sources_apply_to_an_empty_database);
    tcase_add_test(tcase, roles_of_an_older_database_become_organisation_wide_grants);
    tcase_add_test(tcase, what_waited_before_there_were_jobs_becomes_jobs);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
