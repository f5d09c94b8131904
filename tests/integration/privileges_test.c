/* What the application's database role may do: all it needs, and nothing to the logs but to add to
 * them. Its privileges come with the migrations. */
#include "db/migrate.h"
#include "db/query.h"
#include "harness/audience.h"
#include "harness/pg.h"
#include "unit/run.h"
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *url; /* a superuser's */
static struct db_conn *app;
static char folder[64], why[512];

static void open_database(void)
{
    url = pg_test_database();
    app = db_connect(pg_application(url), NULL);
    ck_assert_ptr_nonnull(app);
}

static void close_database(void)
{
    db_disconnect(app);
}

/* Each table of the schema with what the application's role may do with it, one SQL row. */
#define TABLES                                                                                     \
    "SELECT c.oid, c.relname AS name, has_table_privilege('" PG_APPLICATION "', c.oid, 'SELECT')"  \
    "  AS reads, has_table_privilege('" PG_APPLICATION "', c.oid, 'INSERT') AS inserts,"           \
    " has_table_privilege('" PG_APPLICATION "', c.oid, 'UPDATE') AS updates,"                      \
    " has_table_privilege('" PG_APPLICATION "', c.oid, 'DELETE') AS deletes,"                      \
    " has_table_privilege('" PG_APPLICATION "', c.oid, 'TRUNCATE, REFERENCES, TRIGGER') AS more"   \
    "  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"

START_TEST(every_table_can_be_read_and_none_taken_apart)
{
    open_database();
    ck_assert_str_eq(pg_sql(url, "SELECT coalesce(string_agg(name, ' '), '') FROM (" TABLES ") t"
                                 " WHERE NOT reads OR more"),
                     "");
    ck_assert_str_eq(
        pg_sql(url, "SELECT string_agg(name, ' ' ORDER BY name) FROM (" TABLES ") t"
                    " WHERE NOT (inserts AND updates AND deletes)"),
        "application_privilege audit_log code consent_text heard poll_vote question_vote "
        "recording_consent registration_consent registry_edition registry_edition_person "
        "role_grant "
        "schema_migration session_event span");
    close_database();
}
END_TEST

START_TEST(an_append_only_table_can_only_be_added_to)
{
    open_database();
    /* Whatever refuses TRUNCATE by a trigger is append-only; a new one must be listed. */
    ck_assert_str_eq(pg_sql(url, "SELECT string_agg(name, ' ' ORDER BY name) FROM (" TABLES
                                 ") t WHERE EXISTS"
                                 " (SELECT FROM pg_trigger g WHERE g.tgrelid = t.oid"
                                 "     AND g.tgfoid = 'refuse_change'::regproc)"),
                     "audit_log role_grant session_event span");
    ck_assert_str_eq(
        pg_sql(url,
               "SELECT string_agg(name, ' ') FROM (" TABLES ") t WHERE (updates OR deletes"
               "   OR NOT inserts) AND EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.oid"
               "     AND g.tgfoid = 'refuse_change'::regproc)"),
        "");
    ck_assert_str_eq(
        pg_sql(url,
               "SELECT string_agg(attrelid::regclass || '.' || attname, ' '"
               "                  ORDER BY attrelid::regclass::text, attname)"
               "  FROM pg_attribute WHERE attrelid::regclass::text IN"
               "       ('audit_log', 'role_grant', 'session_event', 'span') AND attnum > 0"
               "   AND has_column_privilege('" PG_APPLICATION "', attrelid, attname, 'UPDATE')"),
        "role_grant.revoked_at span.gone_at span.left_at span.on_purpose");
    close_database();
}
END_TEST

static void refused(const char *sql)
{
    ck_assert_msg(db_exec(app, sql, "") == ERR_INTERNAL, "%s", sql);
}

static const char *const attacks[] = {
    "UPDATE audit_log SET action = 'y'",
    "DELETE FROM audit_log",
    "TRUNCATE audit_log",
    "UPDATE session_event SET type = 'y'",
    "DELETE FROM session_event",
    "TRUNCATE session_event",
    "ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only",
    "ALTER TABLE session_event DISABLE TRIGGER ALL",
    "DROP TRIGGER session_event_append_only ON session_event",
    "DROP TABLE audit_log",
    "SET session_replication_role = replica",
    ("CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
     " $$ BEGIN RETURN NEW; END $$"),
    "ALTER FUNCTION refuse_change() RENAME TO other",
    "SET ROLE postgres",
    "INSERT INTO code VALUES ('region', 'x', 'x', 'x', 1)",
    "DELETE FROM schema_migration",
    "UPDATE application_privilege SET privileges = 'DELETE'",
    "UPDATE role_grant SET role = 'organiser'",
    "DELETE FROM role_grant",
    "DELETE FROM span",
    "UPDATE span SET joined_at = '2026-01-01'",
};

START_TEST(the_logs_withstand_the_application)
{
    open_database();
    audience_make(url);
    ck_assert_int_eq(
        db_exec(app,
                "SELECT audit(id, '2026-11-01', 'system', NULL, 'x', 'organisation', id)"
                "  FROM organisation LIMIT 1",
                ""),
        ERR_OK);
    ck_assert_int_eq(db_exec(app,
                             "SELECT session_append_event(id, 'poll.opened', 1, 0, NULL, '{}',"
                             "                            '2026-11-01')"
                             "  FROM session",
                             ""),
                     ERR_OK);
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++)
        refused(attacks[i]);
    ck_assert_int_eq(db_exec(app, "UPDATE span SET left_at = joined_at", ""), ERR_OK);
    ck_assert_str_eq(pg_sql(url, "SELECT (SELECT count(*) FROM audit_log) || ' ' ||"
                                 "       (SELECT count(*) FROM session_event)"),
                     "1 1");
    close_database();
}
END_TEST

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void migrate_with(const char *name, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
    struct db_conn *owner = db_connect(url, NULL);
    ck_assert_msg(db_migrate(owner, folder, true, PG_APPLICATION, why, sizeof why) == ERR_OK, "%s",
                  why);
    db_disconnect(owner);
}

START_TEST(a_new_migration_brings_its_privileges)
{
    char command[256];
    open_database();
    strcpy(folder, "/tmp/amphi-privileges-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(command, sizeof command, "cp migrations/*.sql %s", folder);
    ck_assert_int_eq(system(command), 0);
    migrate_with("9000_things.sql",
                 "CREATE TABLE thing (id bigserial PRIMARY KEY, n int);"
                 "CREATE TABLE thing_log (n int);"
                 "INSERT INTO application_privilege VALUES ('thing_log', 'SELECT, INSERT');"
                 "CREATE VIEW thing_view AS SELECT n FROM thing");
    ck_assert_int_eq(db_exec(app, "INSERT INTO thing (n) VALUES (1)", ""), ERR_OK);
    ck_assert_int_eq(db_exec(app, "UPDATE thing SET n = 2", ""), ERR_OK);
    ck_assert_int_eq(db_exec(app, "DELETE FROM thing", ""), ERR_OK);
    ck_assert_int_eq(db_exec(app, "SELECT n FROM thing_view", ""), ERR_OK);
    ck_assert_int_eq(db_exec(app, "INSERT INTO thing_log VALUES (1)", ""), ERR_OK);
    refused("DELETE FROM thing_log");
    /* A later one may take something away again. */
    migrate_with("9001_things.sql",
                 "INSERT INTO application_privilege VALUES ('thing', 'SELECT, INSERT')");
    ck_assert_int_eq(db_exec(app, "INSERT INTO thing (n) VALUES (1)", ""), ERR_OK);
    refused("DELETE FROM thing WHERE true");
    nftw(folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    close_database();
}
END_TEST

START_TEST(after_a_restore_without_privileges_they_are_given_again)
{
    open_database();
    pg_sql(url, "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM " PG_APPLICATION);
    refused("SELECT 1 FROM session");
    struct db_conn *owner = db_connect(url, NULL);
    ck_assert_int_eq(db_migrate(owner, "migrations", true, PG_APPLICATION, why, sizeof why),
                     ERR_OK);
    db_disconnect(owner);
    ck_assert_int_eq(db_exec(app, "SELECT 1 FROM session", ""), ERR_OK);
    refused("DELETE FROM session_event");
    close_database();
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests("privileges",
                     (const TTest *const[]){
                         every_table_can_be_read_and_none_taken_apart,
                         an_append_only_table_can_only_be_added_to,
                         the_logs_withstand_the_application, a_new_migration_brings_its_privileges,
                         after_a_restore_without_privileges_they_are_given_again, NULL});
}
