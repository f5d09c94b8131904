/* The databases of tests: copies of a migrated template. */
#include "db/migrate.h"
#include "harness/pg_private.h"
#include <glob.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define URLS_MOST 64
#define DROP_MOST 512

static struct pg *shared;
static struct {
    char name[64];
    pid_t owner;
} to_drop[DROP_MOST]; /* on a server of all tests */
static int drop_count;

char *pg_new_url(void)
{
    static char urls[URLS_MOST][PG_URL_SIZE];
    static int n;
    return urls[n++ % URLS_MOST];
}

/* Those on a server of all tests, which would hold hundreds in the end. */
void pg_drop_databases(void)
{
    PGconn *conn = NULL;
    for (int i = 0; i < drop_count; i++) {
        char sql[160];
        if (to_drop[i].owner != getpid())
            continue;
        if (!conn)
            conn = PQconnectdb(getenv("AMPHI_TEST_PG"));
        snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %.63s WITH (FORCE)", to_drop[i].name);
        PQclear(PQexec(conn, sql));
    }
    PQfinish(conn);
    drop_count = 0;
}

static void ignore(void *arg, const char *message)
{
    (void)arg, (void)message;
}

const char *pg_sql(const char *url, const char *sql)
{
    static char value[4096];
    PGconn *conn = PQconnectdb(url);
    PQsetNoticeProcessor(conn, ignore, NULL);
    if (PQstatus(conn) != CONNECTION_OK)
        pg_die("connect", PQerrorMessage(conn));
    PQclear(PQexec(conn, "SET synchronous_commit = on"));
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        pg_die(sql, PQerrorMessage(conn));
    value[0] = 0;
    if (PQntuples(result) > 0)
        snprintf(value, sizeof value, "%s", PQgetvalue(result, 0, 0));
    PQclear(result);
    PQfinish(conn);
    return value;
}

/* The admin's connection string with another database: libpq lets the last dbname win. */
static void url_of(const char *admin, const char *database, char *url, size_t size)
{
    if (!strncmp(admin, "postgres", 8) && strstr(admin, "://")) {
        const char *path = strchr(strstr(admin, "://") + 3, '/');
        const char *query = strchr(admin, '?');
        int head = (int)(path ? path - admin : query ? query - admin : (long)strlen(admin));
        snprintf(url, size, "%.*s/%s%s", head, admin, database, query ? query : "");
    } else {
        snprintf(url, size, "%s dbname=%s", admin, database);
    }
}

static const char *migrations_folder(void)
{
    const char *folder = getenv("AMPHI_MIGRATIONS");
    return folder ? folder : "migrations";
}

/* Names the template by what the migrations hold. */
static uint64_t migrations_hash(void)
{
    char pattern[512];
    snprintf(pattern, sizeof pattern, "%s/*.sql", migrations_folder());
    glob_t found;
    if (glob(pattern, 0, NULL, &found) != 0)
        pg_die("no migrations", pattern);
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < found.gl_pathc; i++) {
        FILE *f = fopen(found.gl_pathv[i], "r");
        int c;
        while (f && (c = fgetc(f)) != EOF)
            hash = (hash ^ (uint64_t)c) * 1099511628211u;
        if (f)
            fclose(f);
        for (const char *at = found.gl_pathv[i]; *at; at++)
            hash = (hash ^ (uint64_t)*at) * 1099511628211u;
    }
    globfree(&found);
    return hash;
}

static void migrate_template(const char *admin, const char *name)
{
    char url[256], why[512], sql[256];
    url_of(admin, name, url, sizeof url);
    const char *unreachable = "";
    struct db_conn *conn = db_connect(url, &unreachable);
    if (!conn)
        pg_die("connect", unreachable);
    if (db_migrate(conn, migrations_folder(), true, PG_APPLICATION, why, sizeof why) != ERR_OK)
        pg_die("migrate", why);
    db_disconnect(conn);
    snprintf(sql, sizeof sql, "UPDATE pg_database SET datistemplate = true WHERE datname = '%s'",
             name);
    pg_sql(admin, sql);
}

/* Made once per cluster and state of the migrations, by whoever comes first. */
static void make_template(const char *admin, char *name, size_t size)
{
    char sql[256];
    snprintf(name, size, "tmpl_%016lx", (unsigned long)migrations_hash());
    PGconn *guard = PQconnectdb(admin);
    if (PQstatus(guard) != CONNECTION_OK)
        pg_die("connect", PQerrorMessage(guard));
    PQclear(PQexec(guard, "SELECT pg_advisory_lock(20261121)"));
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM pg_database WHERE datname = '%s' AND datistemplate", name);
    if (strcmp(pg_sql(admin, sql), "1") != 0) {
        snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s", name);
        pg_sql(admin, sql);
        snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE template0", name);
        pg_sql(admin, sql);
        pg_sql(admin, "DO $$ BEGIN CREATE ROLE " PG_APPLICATION " LOGIN;"
                      " EXCEPTION WHEN duplicate_object THEN END $$");
        migrate_template(admin, name);
    }
    PQfinish(guard);
}

static void remember(const char *admin, const char *name)
{
    const char *given = getenv("AMPHI_TEST_PG");
    if (!given || strcmp(given, admin) != 0 || drop_count == DROP_MOST)
        return;
    pg_clean_at_exit();
    snprintf(to_drop[drop_count].name, sizeof to_drop[0].name, "%s", name);
    to_drop[drop_count++].owner = getpid();
}

static const char *make_database(const char *admin, bool migrated)
{
    static int counter;
    char name[64], template[64] = "template0", sql[256];
    if (migrated)
        make_template(admin, template, sizeof template);
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    snprintf(name, sizeof name, "t_%d_%d_%lx", (int)getpid(), counter++, (long)ts.tv_nsec);
    snprintf(sql, sizeof sql, "CREATE DATABASE %s TEMPLATE %s", name, template);
    pg_sql(admin, sql);
    remember(admin, name);
    char *url = pg_new_url();
    url_of(admin, name, url, PG_URL_SIZE);
    return url;
}

const char *pg_application(const char *url)
{
    static char other[PG_URL_SIZE];
    const char *user = strstr(url, "user=");
    if (!user)
        pg_die("no user= in", url);
    size_t len = strcspn(user + 5, "& ");
    snprintf(other, sizeof other, "%.*s" PG_APPLICATION "%s", (int)(user + 5 - url), url,
             user + 5 + len);
    return other;
}

static const char *shared_admin(void)
{
    const char *given = getenv("AMPHI_TEST_PG");
    if (given && *given)
        return given;
    if (!shared)
        shared = pg_start(false);
    return shared->admin;
}

void pg_setup(void)
{
    shared_admin();
}

const char *pg_test_database(void)
{
    return make_database(shared_admin(), true);
}

const char *pg_test_empty_database(void)
{
    return make_database(shared_admin(), false);
}

const char *pg_database(struct pg *pg, bool migrated)
{
    return make_database(pg->admin, migrated);
}
