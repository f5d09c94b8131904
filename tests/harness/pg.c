#include "harness/pg_private.h"
#include "harness/wait.h"
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct pg *all; /* also what a failed test left running */

void pg_die(const char *what, const char *why)
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
        pg_die("fork", argv[0]);
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
        pg_die("initdb failed; see log in", pg->folder);
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
        pg_die("no PostgreSQL in", "/usr/lib/postgresql");
    const char *last = found.gl_pathv[found.gl_pathc - 1];
    snprintf(pg->bin, sizeof pg->bin, "%.*s", (int)(strlen(last) - strlen("/postgres")), last);
    globfree(&found);
}

void pg_resume(struct pg *pg)
{
    spawn_server(pg);
    if (!wait_for(answers, pg->admin, 30))
        pg_die("PostgreSQL did not start; see log in", pg->folder);
}

/* check's forks inherit the handler and the lists, but own neither servers nor databases. */
static void at_exit(void)
{
    pg_drop_databases();
    while (all && all->owner == getpid())
        pg_stop(all);
}

void pg_clean_at_exit(void)
{
    static pid_t registered;
    if (registered != getpid() && atexit(at_exit) != 0)
        pg_die("atexit", "full");
    registered = getpid();
}

static struct pg *new_server(bool durable)
{
    struct pg *pg = calloc(1, sizeof *pg);
    pg_clean_at_exit();
    pg->next = all;
    all = pg;
    pg->durable = durable;
    pg->owner = getpid();
    find_binaries(pg);
    strcpy(pg->folder, "/tmp/amphi-pg-XXXXXX");
    if (!mkdtemp(pg->folder))
        pg_die("mkdtemp", pg->folder);
    struct passwd *user = getuid() == 0 ? getpwnam("postgres") : NULL;
    if (user && chown(pg->folder, user->pw_uid, user->pw_gid) != 0)
        pg_die("chown", pg->folder);
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
        pg_die("pg_basebackup failed; see log in", pg->folder);
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
        pg_die("the standby does not follow; see log in", pg->folder);
    return pg;
}

void pg_promote(struct pg *standby)
{
    if (strcmp(pg_sql(standby->admin, "SELECT pg_promote()"), "t") != 0)
        pg_die("the standby was not promoted; see log in", standby->folder);
}

static const char *with_hosts(const char *url, const char *hosts)
{
    const char *host = strstr(url, "host=");
    if (!host)
        pg_die("no host= in", url);
    char *made = pg_new_url();
    char copy[PG_URL_SIZE];
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
