#include "harness/pg.h"
#include "db/migrate.h"
#include "harness/wait.h"
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct pg {
    char folder[64], bin[128], admin[256];
    bool durable;
    pid_t server, owner;
    struct pg *next;
};

#define MAX_DATABASES 64
#define MAX_MADE      512

static struct pg *shared, *all; /* all: also what a failed test left running */
static char database_urls[MAX_DATABASES][256];
static int databases;
static struct {
    char name[64];
    pid_t owner;
} to_drop[MAX_MADE]; /* on a server of all tests, to be dropped */
static int drop_count;

static void die(const char *what, const char *why)
{
    fprintf(stderr, "test harness: %s: %s\n", what, why);
    abort();
}

/* --- processes --- */

static void become_postgres(void)
{
    if (getuid() != 0)
        return;
    struct passwd *user = getpwnam("postgres");
    if (!user || setgroups(0, NULL) || setgid(user->pw_gid) || setuid(user->pw_uid))
        _exit(126);
}

static pid_t spawn(const struct pg *pg, char *const argv[])
{
    pid_t parent = getpid();
    pid_t child = fork();
    if (child < 0)
        die("fork", argv[0]);
    if (child)
        return child;
    become_postgres();
    prctl(PR_SET_PDEATHSIG, SIGQUIT); /* a test that crashes leaves no server behind */
    if (getppid() != parent)
        _exit(125);
    char path[128];
    snprintf(path, sizeof path, "%s/log", pg->folder);
    int log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (log < 0 || null < 0 || chdir("/") != 0)
        _exit(127);
    dup2(null, 0);
    dup2(log, 1);
    dup2(log, 2);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execv(argv[0], argv);
    _exit(127);
}

static void run_initdb(struct pg *pg)
{
    char program[160], data[96];
    snprintf(program, sizeof program, "%s/initdb", pg->bin);
    snprintf(data, sizeof data, "%s/data", pg->folder);
    char *argv[] = {program,     "-D",
                    data,        "-U",
                    "postgres",  "-A",
                    "trust",     "-E",
                    "UTF8",      "--locale=C.UTF-8",
                    "--no-sync", "--no-instructions",
                    NULL};
    int status;
    if (waitpid(spawn(pg, argv), &status, 0) < 0 || status != 0)
        die("initdb failed; see log in", pg->folder);
}

static void spawn_server(struct pg *pg)
{
    char program[160], data[96];
    snprintf(program, sizeof program, "%s/postgres", pg->bin);
    snprintf(data, sizeof data, "%s/data", pg->folder);
    char *fsync = pg->durable ? "fsync=on" : "fsync=off";
    char *pages = pg->durable ? "full_page_writes=on" : "full_page_writes=off";
    char *argv[] = {program,
                    "-D",
                    data,
                    "-k",
                    pg->folder,
                    "-c",
                    "listen_addresses=",
                    "-c",
                    fsync,
                    "-c",
                    pages,
                    "-c",
                    "max_connections=200",
                    "-c",
                    "jit=off",
                    "-c",
                    "timezone=Europe/Paris",
                    "-c",
                    "synchronous_commit=off",
                    NULL};
    pg->server = spawn(pg, argv);
}

/* --- the cluster --- */

static bool answers(void *url)
{
    return PQping(url) == PQPING_OK;
}

static void find_binaries(struct pg *pg)
{
    glob_t found;
    if (glob("/usr/lib/postgresql/*/bin/postgres", 0, NULL, &found) != 0)
        die("no PostgreSQL in", "/usr/lib/postgresql");
    const char *last = found.gl_pathv[found.gl_pathc - 1];
    snprintf(pg->bin, sizeof pg->bin, "%.*s", (int)(strlen(last) - strlen("/postgres")), last);
    globfree(&found);
}

void pg_resume(struct pg *pg)
{
    spawn_server(pg);
    if (!wait_for(answers, pg->admin, 30))
        die("PostgreSQL did not start; see log in", pg->folder);
}

/* Those on a server of all tests, which would hold hundreds in the end. */
static void drop_databases(void)
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

/* check's forks inherit the handler and the lists, but own neither servers nor databases. */
static void at_exit(void)
{
    drop_databases();
    while (all && all->owner == getpid())
        pg_stop(all);
}

static void clean_at_exit(void)
{
    static pid_t registered;
    if (registered != getpid() && atexit(at_exit) != 0)
        die("atexit", "full");
    registered = getpid();
}

static struct pg *new_server(bool durable)
{
    struct pg *pg = calloc(1, sizeof *pg);
    clean_at_exit();
    pg->next = all;
    all = pg;
    pg->durable = durable;
    pg->owner = getpid();
    find_binaries(pg);
    strcpy(pg->folder, "/tmp/amphi-pg-XXXXXX");
    if (!mkdtemp(pg->folder))
        die("mkdtemp", pg->folder);
    struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;
    if (user && chown(pg->folder, user->pw_uid, user->pw_gid) != 0)
        die("chown", pg->folder);
    snprintf(pg->admin, sizeof pg->admin, "postgresql:///postgres?host=%s&user=postgres",
             pg->folder);
    return pg;
}

struct pg *pg_start(bool durable)
{
    struct pg *pg = new_server(durable);
    run_initdb(pg);
    pg_resume(pg);
    return pg;
}

/* --- a standby --- */

static void copy_server(const struct pg *pg, const struct pg *from)
{
    char program[160], data[96], host[128];
    snprintf(program, sizeof program, "%s/pg_basebackup", pg->bin);
    snprintf(data, sizeof data, "%s/data", pg->folder);
    snprintf(host, sizeof host, "host=%s user=postgres application_name=standby", from->folder);
    char *argv[] = {program, "-D", data, "-d", host, "-R", "-N", "-c", "fast", NULL};
    int status;
    if (waitpid(spawn(pg, argv), &status, 0) < 0 || status != 0)
        die("pg_basebackup failed; see log in", pg->folder);
}

static bool is_synchronous(void *admin)
{
    return strcmp(pg_sql(admin, "SELECT count(*) FROM pg_stat_replication"
                                " WHERE sync_state = 'sync' AND state = 'streaming'"),
                  "1") == 0;
}

struct pg *pg_start_standby(struct pg *primary)
{
    struct pg *pg = new_server(primary->durable);
    copy_server(pg, primary);
    pg_resume(pg);
    pg_sql(primary->admin, "ALTER SYSTEM SET synchronous_standby_names = 'standby'");
    pg_sql(primary->admin, "SELECT pg_reload_conf()");
    if (!wait_for(is_synchronous, primary->admin, 30))
        die("the standby does not follow; see log in", pg->folder);
    return pg;
}

void pg_promote(struct pg *standby)
{
    if (strcmp(pg_sql(standby->admin, "SELECT pg_promote()"), "t") != 0)
        die("the standby was not promoted; see log in", standby->folder);
}

static const char *with_hosts(const char *url, const char *hosts)
{
    const char *host = strstr(url, "host=");
    if (!host)
        die("no host= in", url);
    char *made = database_urls[databases++ % MAX_DATABASES];
    char copy[sizeof database_urls[0]];
    snprintf(copy, sizeof copy, "%.*s%s%s", (int)(host + 5 - url), url, hosts,
             host + 5 + strcspn(host + 5, "& "));
    strcpy(made, copy);
    return made;
}

const char *pg_on(const char *url, const struct pg *server)
{
    return with_hosts(url, server->folder);
}

const char *pg_on_either(const char *url, const struct pg *first, const struct pg *second)
{
    char hosts[2 * sizeof first->folder];
    snprintf(hosts, sizeof hosts, "%s,%s", first->folder, second->folder);
    return with_hosts(url, hosts);
}

static void end_server(struct pg *pg, int signal_number)
{
    if (pg->server <= 0)
        return;
    kill(pg->server, signal_number);
    waitpid(pg->server, NULL, 0);
    pg->server = 0;
}

void pg_halt(struct pg *pg)
{
    end_server(pg, SIGQUIT);
}

/* The postmaster and its children, by /proc. */
static void signal_family(struct pg *pg, int signal_number)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", pg->server, pg->server);
    if (signal_number == SIGSTOP)
        kill(pg->server, signal_number); /* first, so that it makes no more */
    FILE *f = fopen(path, "r");
    int child;
    while (f && fscanf(f, "%d", &child) == 1)
        kill(child, signal_number);
    if (f)
        fclose(f);
    if (signal_number != SIGSTOP)
        kill(pg->server, signal_number);
}

void pg_freeze(struct pg *pg)
{
    signal_family(pg, SIGSTOP);
}

void pg_thaw(struct pg *pg)
{
    signal_family(pg, SIGCONT);
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

void pg_stop(struct pg *pg)
{
    struct pg **link = &all;
    while (*link != pg)
        link = &(*link)->next;
    *link = pg->next;
    end_server(pg, SIGQUIT);
    nftw(pg->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    free(pg);
}

/* --- databases --- */

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
        die("connect", PQerrorMessage(conn));
    PQclear(PQexec(conn, "SET synchronous_commit = on"));
    PGresult *result = PQexec(conn, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        die(sql, PQerrorMessage(conn));
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
        die("no migrations", pattern);
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
        die("connect", unreachable);
    if (db_migrate(conn, migrations_folder(), true, PG_APPLICATION, why, sizeof why) != ERR_OK)
        die("migrate", why);
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
        die("connect", PQerrorMessage(guard));
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
    if (!given || strcmp(given, admin) != 0 || drop_count == MAX_MADE)
        return;
    clean_at_exit();
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
    char *url = database_urls[databases++ % MAX_DATABASES];
    url_of(admin, name, url, sizeof database_urls[0]);
    return url;
}

const char *pg_application(const char *url)
{
    static char other[sizeof database_urls[0]];
    const char *user = strstr(url, "user=");
    if (!user)
        die("no user= in", url);
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
