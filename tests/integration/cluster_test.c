#include "db/cluster.h"
#include "db/migrate.h"
#include "harness/pg.h"
#include "harness/wait.h"
#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char top[64]; /* of everything; <top>/var is the data folder of most tests */
static char said[4096], why[512];

static void say(const char *line)
{
    strncat(said, line, sizeof said - strlen(said) - 2);
    strcat(said, "\n");
}

static struct cluster *start_in(const char *data, bool attach)
{
    struct cluster_config config = {.data = data, .attach = attach, .say = say};
    said[0] = why[0] = 0;
    return cluster_start(&config, why, sizeof why);
}

static const char *var(void)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/var", top);
    return path;
}

static struct cluster *start(void)
{
    struct cluster *c = start_in(var(), false);
    ck_assert_msg(c != NULL, "%s", why);
    return c;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

static void remove_all(const char *path)
{
    nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Postmasters, which keep their command line, that work in <data>/pg/data. */
static int postmasters(const char *data)
{
    char folder[PATH_MAX], path[64], cwd[PATH_MAX], command[4096];
    snprintf(folder, sizeof folder, "%s/pg/data", data);
    DIR *proc = opendir("/proc");
    int n = 0;
    for (struct dirent *entry; (entry = readdir(proc));) {
        snprintf(path, sizeof path, "/proc/%.20s/cwd", entry->d_name);
        ssize_t len = readlink(path, cwd, sizeof cwd - 1);
        if (len <= 0)
            continue;
        cwd[len] = 0;
        snprintf(path, sizeof path, "/proc/%.20s/cmdline", entry->d_name);
        int fd = strcmp(cwd, folder) ? -1 : open(path, O_RDONLY);
        len = fd < 0 ? 0 : read(fd, command, sizeof command);
        if (fd >= 0)
            close(fd);
        n += len > 0 && memmem(command, (size_t)len, "\0-D\0", 4) != NULL;
    }
    closedir(proc);
    return n;
}

static pid_t postmaster(const char *data)
{
    char path[PATH_MAX];
    int pid = 0;
    snprintf(path, sizeof path, "%s/pg/data/postmaster.pid", data);
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "%d", &pid) != 1)
        pid = 0;
    if (f)
        fclose(f);
    return pid;
}

static void setup(void)
{
    strcpy(top, "/tmp/amphi-cluster-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(top));
    chmod(top, 0755);
}

static void teardown(void)
{
    remove_all(top);
}

START_TEST(a_fresh_cluster_is_made_and_found_again_in_less_time)
{
    double began = wait_now();
    struct cluster *c = start();
    double made = wait_now() - began;
    ck_assert_ptr_nonnull(strstr(said, "making the private database"));
    const char *url = cluster_url(c);
    ck_assert_str_eq(pg_sql(url, "SHOW listen_addresses"), "");
    ck_assert_str_eq(pg_sql(url, "SHOW data_checksums"), "on");
    ck_assert_str_eq(pg_sql(url, "SHOW server_encoding"), "UTF8");
    ck_assert_str_eq(pg_sql(url, "SHOW fsync"), "on");
    ck_assert_str_eq(pg_sql(url, "SELECT datcollate FROM pg_database WHERE datname = 'amphi'"),
                     "C.UTF-8");
    pg_sql(cluster_owner_url(c), "CREATE TABLE kept AS SELECT 7 AS x");
    cluster_stop(c);
    ck_assert_int_eq(postmasters(var()), 0);
    began = wait_now();
    c = start();
    ck_assert_double_lt(wait_now() - began, made);
    ck_assert_str_eq(said, "");
    ck_assert_str_eq(pg_sql(cluster_owner_url(c), "SELECT x FROM kept"), "7");
    cluster_stop(c);
}
END_TEST

/* The superuser's connection to a database of the cluster: only the server's start uses it. */
static const char *superuser(const struct cluster *c, const char *database)
{
    static char url[PATH_MAX];
    snprintf(url, sizeof url, "postgresql:///%s?user=amphi%s", database,
             strstr(cluster_url(c), "&host="));
    return url;
}

START_TEST(neither_of_its_two_roles_is_a_superuser)
{
    struct cluster *c = start();
    const char *urls[] = {cluster_url(c), cluster_owner_url(c)};
    const char *names[] = {"amphi_app", "amphi_owner"};
    for (int i = 0; i < 2; i++) {
        ck_assert_str_eq(pg_sql(urls[i], "SELECT current_user"), names[i]);
        ck_assert_str_eq(pg_sql(urls[i],
                                "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication"
                                "    OR rolbypassrls FROM pg_roles WHERE rolname = current_user"),
                         "f");
    }
    ck_assert_str_eq(pg_sql(urls[0], "SELECT has_schema_privilege('public', 'CREATE')"
                                     "    OR has_database_privilege(current_database(), 'CREATE')"
                                     "    OR pg_has_role('amphi_owner', 'USAGE')"),
                     "f");
    ck_assert_str_eq(pg_sql(urls[1], "SELECT has_schema_privilege('public', 'CREATE')"), "t");
    cluster_stop(c);
}
END_TEST

static void migrate(const char *url, const char *folder, const char *application)
{
    char text[512];
    struct db_conn *conn = db_connect(url, NULL);
    ck_assert_ptr_nonnull(conn);
    ck_assert_msg(db_migrate(conn, folder, true, application, text, sizeof text) == ERR_OK, "%s",
                  text);
    db_disconnect(conn);
}

/* As the last release left it: one role, a superuser, to whom everything belongs. */
static void make_old(void)
{
    struct cluster *c = start();
    char folder[128], command[512];
    snprintf(folder, sizeof folder, "%s/old-migrations", top);
    snprintf(command, sizeof command,
             "mkdir %s && cp migrations/000*.sql migrations/001[0-4]*.sql %s", folder, folder);
    ck_assert_int_eq(system(command), 0);
    pg_sql(superuser(c, "postgres"), "DROP DATABASE amphi");
    pg_sql(superuser(c, "postgres"), "DROP ROLE amphi_owner");
    pg_sql(superuser(c, "postgres"), "DROP ROLE amphi_app");
    pg_sql(superuser(c, "postgres"), "CREATE DATABASE amphi");
    const char *url = superuser(c, "amphi");
    migrate(url, folder, NULL);
    pg_sql(url, "INSERT INTO organisation (name, contact_email, created_at)"
                " VALUES ('Labo', 'a@b.c', '2026-01-01');"
                "INSERT INTO account (organisation_id, email, name, language, created_at)"
                " SELECT id, 'o@b.c', 'O', 'fr', '2026-01-01' FROM organisation;"
                "INSERT INTO account_role SELECT organisation_id, id, 'organiser' FROM account;"
                "SELECT audit(id, now(), 'system', NULL, 'x', 'organisation', id)"
                "  FROM organisation;"
                "CREATE TYPE mood AS ENUM ('good'); CREATE SEQUENCE alone");
    cluster_stop(c);
}

START_TEST(a_cluster_of_the_last_release_is_given_to_its_owner_without_loss)
{
    make_old();
    for (int i = 0; i < 2; i++) { /* and starts as any other afterwards */
        struct cluster *c = start();
        migrate(cluster_owner_url(c), "migrations", "amphi_app");
        ck_assert_str_eq(
            pg_sql(superuser(c, "amphi"),
                   "SELECT string_agg(DISTINCT pg_get_userbyid(owner), ',') FROM ("
                   " SELECT relowner AS owner FROM pg_class"
                   "  WHERE relnamespace = 'public'::regnamespace"
                   " UNION ALL SELECT proowner FROM pg_proc"
                   "  WHERE pronamespace = 'public'::regnamespace"
                   " UNION ALL SELECT typowner FROM pg_type"
                   "  WHERE typnamespace = 'public'::regnamespace"
                   " UNION ALL SELECT datdba FROM pg_database WHERE datname = 'amphi') o"),
            "amphi_owner");
        ck_assert_str_eq(pg_sql(cluster_url(c), "SELECT o.name || ' ' || g.role || ' ' || l.action"
                                                "  FROM organisation o"
                                                "  JOIN role_grant g ON g.organisation_id = o.id"
                                                "  JOIN audit_log l ON l.organisation_id = o.id"),
                         "Labo organiser x");
        cluster_stop(c);
    }
}
END_TEST

static bool answers_again(void *arg)
{
    pid_t *old = arg;
    pid_t now = postmaster(var());
    return now > 0 && now != *old && postmasters(var()) == 1;
}

START_TEST(a_postgres_that_dies_is_started_again)
{
    struct cluster *c = start();
    pg_sql(cluster_owner_url(c), "CREATE TABLE IF NOT EXISTS died (x int)");
    for (int i = 0; i < 2; i++) {
        pid_t old = postmaster(var());
        ck_assert_int_gt(old, 0);
        kill(old, SIGKILL);
        ck_assert(wait_for(answers_again, &old, 20));
    }
    cluster_stop(c);
    c = start();
    ck_assert_str_eq(pg_sql(cluster_owner_url(c), "SELECT count(*) FROM died"), "0");
    cluster_stop(c);
}
END_TEST

static pid_t owner_process(void)
{
    int ready[2];
    ck_assert_int_eq(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        struct cluster *c = start_in(var(), false);
        if (!c || write(ready[1], "x", 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    char byte;
    close(ready[1]);
    ck_assert_int_eq(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return child;
}

START_TEST(what_a_killed_server_left_is_ended_and_there_are_never_two)
{
    for (int i = 0; i < 3; i++) {
        pid_t owner = owner_process();
        pid_t left = postmaster(var());
        kill(owner, SIGKILL);
        waitpid(owner, NULL, 0);
        struct cluster *c = start();
        ck_assert_int_eq(postmasters(var()), 1);
        ck_assert_int_ne(postmaster(var()), left);
        cluster_stop(c);
        ck_assert_int_eq(postmasters(var()), 0);
    }
}
END_TEST

START_TEST(a_cluster_has_one_owner_and_tools_may_attach)
{
    pid_t owner = owner_process();
    ck_assert_ptr_null(start_in(var(), false));
    ck_assert_ptr_nonnull(strstr(why, "another amphi runs the database in"));
    struct cluster *tool = start_in(var(), true);
    ck_assert_msg(tool != NULL, "%s", why);
    ck_assert_str_eq(pg_sql(cluster_url(tool), "SELECT 1"), "1");
    cluster_stop(tool);
    ck_assert_int_eq(postmasters(var()), 1);
    kill(owner, SIGKILL);
    waitpid(owner, NULL, 0);
    tool = start_in(var(), true); /* nobody owns it now: the tool does */
    ck_assert_msg(tool != NULL, "%s", why);
    cluster_stop(tool);
    ck_assert_int_eq(postmasters(var()), 0);
}
END_TEST

START_TEST(a_stale_lock_file_with_anothers_number_does_not_matter)
{
    cluster_stop(start());
    char path[PATH_MAX], text[256];
    snprintf(path, sizeof path, "%s/pg/data/postmaster.pid", var());
    struct stat st;
    snprintf(text, sizeof text, "%s/pg/data", var());
    ck_assert_int_eq(stat(text, &st), 0);
    pid_t other = fork(); /* of the same user, as a recycled number would be */
    if (other == 0) {
        if (getuid() == 0 && setuid(st.st_uid) != 0)
            _exit(1);
        for (;;)
            pause();
    }
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fprintf(f, "%d\n%s\n1795293000\n5432\n%s/pg/run\n\n  1  2\nready   \n", (int)other, text,
            var());
    fclose(f);
    ck_assert_int_eq(chown(path, st.st_uid, st.st_gid), 0);
    chmod(path, 0600);
    struct cluster *c = start();
    ck_assert_int_eq(kill(other, 0), 0);
    cluster_stop(c);
    kill(other, SIGKILL);
    waitpid(other, NULL, 0);
}
END_TEST

START_TEST(a_half_made_cluster_is_made_anew)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/half", top);
    const char *parts[] = {"", "/pg", "/pg/data.new", "/pg/data.new/base"};
    struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;
    for (size_t i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/half%s", top, parts[i]);
        mkdir(path, i == 1 ? 0700 : 0755);
        if (user && i)
            ck_assert_int_eq(chown(path, user->pw_uid, user->pw_gid), 0);
    }
    snprintf(path, sizeof path, "%s/half", top);
    struct cluster *c = start_in(path, false);
    ck_assert_msg(c != NULL, "%s", why);
    cluster_stop(c);
    strcat(path, "/pg/data.new");
    ck_assert_int_ne(access(path, F_OK), 0);
}
END_TEST

START_TEST(a_path_too_long_for_a_socket_gets_a_short_folder_and_says_so)
{
    char data[PATH_MAX];
    snprintf(data, sizeof data, "%s/a-very-long-name-that-somebody-thought-was-good-to-have", top);
    mkdir(data, 0755);
    strcat(data, "/and-another-one with a space");
    struct cluster *c = start_in(data, false);
    ck_assert_msg(c != NULL, "%s", why);
    const char *at = strstr(said, "socket lies in ");
    ck_assert_ptr_nonnull(at);
    char folder[128];
    ck_assert_int_eq(sscanf(at, "socket lies in %127[^,]", folder), 1);
    struct stat st;
    ck_assert_int_eq(lstat(folder, &st), 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0700);
    ck_assert_str_eq(pg_sql(cluster_url(c), "SELECT 1"), "1");
    cluster_stop(c);
    remove_all(folder);
}
END_TEST

START_TEST(started_by_root_it_runs_as_another_user_elsewhere_when_it_cannot_enter)
{
    if (getuid() != 0)
        return;
    char data[PATH_MAX], fallback[PATH_MAX];
    snprintf(data, sizeof data, "%s/closed", top);
    mkdir(data, 0700);
    strcat(data, "/var");
    struct cluster *c = start_in(data, false);
    ck_assert_msg(c != NULL, "%s", why);
    cluster_fallback_folder(data, fallback, sizeof fallback);
    ck_assert_ptr_nonnull(strstr(said, fallback));
    struct stat st;
    ck_assert_int_eq(stat(fallback, &st), 0);
    ck_assert_uint_ne(st.st_uid, 0);
    ck_assert_uint_eq(st.st_mode & 07777, 0700);
    ck_assert_ptr_nonnull(strstr(cluster_url(c), fallback));
    cluster_stop(c);
    c = start_in(data, false);
    ck_assert_msg(c != NULL, "%s", why);
    cluster_stop(c);
    remove_all(fallback);
}
END_TEST

START_TEST(no_free_space_is_one_line)
{
    char data[PATH_MAX];
    snprintf(data, sizeof data, "%s/full", top);
    mkdir(data, 0755);
    if (mount("tmpfs", data, "tmpfs", 0, "size=4m,mode=755") != 0)
        return; /* needs root and the right to mount */
    ck_assert_ptr_null(start_in(data, false));
    ck_assert_int_eq(strncmp(why, "no free space: ", 15), 0);
    ck_assert_ptr_null(strchr(why, '\n'));
    umount(data);
}
END_TEST

START_TEST(data_of_a_postgresql_that_is_not_installed_is_named)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/old", top);
    const char *parts[] = {"", "/pg", "/pg/data"};
    struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/old%s", top, parts[i]);
        mkdir(path, 0755);
        if (user && i)
            ck_assert_int_eq(chown(path, user->pw_uid, user->pw_gid), 0);
    }
    strcat(path, "/PG_VERSION");
    FILE *f = fopen(path, "w");
    fputs("9.6\n", f);
    fclose(f);
    snprintf(path, sizeof path, "%s/old", top);
    ck_assert_ptr_null(start_in(path, false));
    ck_assert_ptr_nonnull(strstr(why, "was made by PostgreSQL 9, which is not installed"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cluster");
    TCase *tcase = tcase_create("cluster");
    tcase_add_unchecked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 90);
    tcase_add_test(tcase, a_fresh_cluster_is_made_and_found_again_in_less_time);
    tcase_add_test(tcase, neither_of_its_two_roles_is_a_superuser);
    tcase_add_test(tcase, a_cluster_of_the_last_release_is_given_to_its_owner_without_loss);
    tcase_add_test(tcase, a_postgres_that_dies_is_started_again);
    tcase_add_test(tcase, what_a_killed_server_left_is_ended_and_there_are_never_two);
    tcase_add_test(tcase, a_cluster_has_one_owner_and_tools_may_attach);
    tcase_add_test(tcase, a_stale_lock_file_with_anothers_number_does_not_matter);
    tcase_add_test(tcase, a_half_made_cluster_is_made_anew);
    tcase_add_test(tcase, a_path_too_long_for_a_socket_gets_a_short_folder_and_says_so);
    tcase_add_test(tcase, started_by_root_it_runs_as_another_user_elsewhere_when_it_cannot_enter);
    tcase_add_test(tcase, no_free_space_is_one_line);
    tcase_add_test(tcase, data_of_a_postgresql_that_is_not_installed_is_named);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
