/* The programs of the cluster: starting them, and ending what an earlier run left. */
#include "db/cluster_private.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOG_MAX        (1 << 20)
#define FAST_STOP_MS   20000
#define ABRUPT_STOP_MS 10000
#define MAX_LEFTOVER   512

/* Between fork and exec, so async-signal-safe calls only. */
static void become_child(const struct place *place, pid_t parent, int log)
{
    struct sigaction plain = {.sa_handler = SIG_DFL};
    for (int i = 1; i < NSIG; i++)
        sigaction(i, &plain, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid(); /* Ctrl-C is for the server, which stops the database last */
    umask(077);
    if (place->drop && geteuid() == 0 &&
        (setgroups(0, NULL) || setgid(place->gid) || setuid(place->uid)))
        _exit(126);
    prctl(PR_SET_PDEATHSIG, SIGINT);
    if (getppid() != parent)
        _exit(125);
    int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0 ||
        close_range(3, ~0U, 0) != 0 || chdir("/") != 0)
        _exit(127);
}

/* Starts over when it became long: postgres is told to say little. */
static int open_log(const struct place *place)
{
    int fd = open(place->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    struct stat st;
    if (fd < 0)
        return -1;
    if (fstat(fd, &st) == 0 && st.st_size > LOG_MAX && ftruncate(fd, 0) != 0)
        dprintf(fd, "cannot start this log over\n");
    return fd;
}

pid_t cluster_spawn(const struct place *place, char *const argv[])
{
    static char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC", NULL};
    int log = open_log(place);
    if (log < 0)
        return -1;
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        become_child(place, parent, log);
        execve(argv[0], argv, environment);
        _exit(127);
    }
    close(log);
    return child;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

const char *cluster_last_fault(const struct place *place, char *text, size_t size)
{
    static const char *const words[] = {"FATAL:", "PANIC:", "initdb: error:", "ERROR:"};
    char line[1024];
    text[0] = 0;
    FILE *f = fopen(place->log, "re");
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = 0;
        for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
            const char *at = strstr(line, words[i]);
            if (at) {
                at += strlen(words[i]);
                snprintf(text, size, "%s", at + strspn(at, " "));
                break;
            }
        }
    }
    if (f)
        fclose(f);
    return text;
}

/* Into a folder of another name first, so that a half-made cluster is never taken for a whole. */
bool cluster_init(struct place *place)
{
    char program[160], fresh[PATH_MAX + 8], fault[512];
    snprintf(program, sizeof program, "%s/initdb", place->bin);
    snprintf(fresh, sizeof fresh, "%s.new", place->data);
    if (access(fresh, F_OK) == 0)
        nftw(fresh, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
    if (place->say)
        place->say("making the private database");
    char *argv[] = {program,
                    "-D",
                    fresh,
                    "-U",
                    CLUSTER_SUPERUSER,
                    "--auth-local=trust",
                    "--auth-host=reject",
                    "--encoding=UTF8",
                    "--locale=C.UTF-8",
                    "--data-checksums",
                    "--no-instructions",
                    NULL};
    pid_t child = cluster_spawn(place, argv);
    int status = 1;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (child < 0 || status != 0) {
        cluster_last_fault(place, fault, sizeof fault);
        nftw(fresh, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
        return place_fail(place, "%s: %s",
                          strstr(fault, "No space") ? "no free space for the database"
                                                    : "cannot make the database",
                          *fault ? fault : place->log);
    }
    if (rename(fresh, place->data) != 0)
        return place_fail(place, "cannot name the folder %s: %s", place->data, strerror(errno));
    return true;
}

/* max_connections: what the pools may be configured to, 121, and some for tools beside them. */
pid_t cluster_spawn_postgres(const struct place *place)
{
    char program[160], data[PATH_MAX], socket[PATH_MAX + 32];
    snprintf(program, sizeof program, "%s/postgres", place->bin);
    snprintf(data, sizeof data, "%s", place->data);
    /* A list of folders in PostgreSQL's quoting: ours has no quotes unless somebody is playful. */
    snprintf(socket, sizeof socket, "unix_socket_directories=\"%s\"", place->run);
    char *argv[] = {program, "-D", data, "-c", socket, "-c", "unix_socket_permissions=0700", "-c",
                    "listen_addresses=", "-c", "port=5432", "-c", "max_connections=160", "-c",
                    "fsync=on", "-c", "full_page_writes=on", "-c", "synchronous_commit=on", "-c",
                    "jit=off",
                    /* Statements and their values may hold personal data: keep them out. */
                    "-c", "log_min_messages=log", "-c", "log_min_error_statement=panic", "-c",
                    "log_error_verbosity=terse", "-c", "log_checkpoints=off", "-c",
                    "log_destination=stderr", "-c", "logging_collector=off", NULL};
    return cluster_spawn(place, argv);
}

/* Processes that work in the data folder: postgres and its children change into it. */
static size_t working_in(const char *folder, pid_t pids[static MAX_LEFTOVER])
{
    char real[PATH_MAX], path[64], cwd[PATH_MAX];
    size_t n = 0;
    DIR *proc = realpath(folder, real) ? opendir("/proc") : NULL;
    for (struct dirent *entry; proc && n < MAX_LEFTOVER && (entry = readdir(proc));) {
        long pid = strtol(entry->d_name, NULL, 10);
        if (pid <= 0 || pid == getpid())
            continue;
        snprintf(path, sizeof path, "/proc/%ld/cwd", pid);
        ssize_t len = readlink(path, cwd, sizeof cwd - 1);
        if (len <= 0)
            continue;
        cwd[len] = 0;
        if (!strcmp(cwd, real))
            pids[n++] = (pid_t)pid;
    }
    if (proc)
        closedir(proc);
    return n;
}

static bool is_postgres(pid_t pid)
{
    char path[64], exe[PATH_MAX];
    snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
    ssize_t len = readlink(path, exe, sizeof exe - 1);
    if (len <= 0)
        return false;
    exe[len] = 0;
    return strstr(exe, "/postgres") != NULL;
}

static bool all_gone(const struct place *place, int timeout_ms)
{
    pid_t pids[MAX_LEFTOVER];
    for (int waited = 0;; waited += 20) {
        size_t postgres = 0, n = working_in(place->data, pids);
        for (size_t i = 0; i < n; i++)
            postgres += is_postgres(pids[i]);
        if (postgres == 0 || waited >= timeout_ms)
            return postgres == 0;
        nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
    }
}

static pid_t postmaster_of(const struct place *place)
{
    char path[PATH_MAX + 24], text[32] = "";
    snprintf(path, sizeof path, "%s/postmaster.pid", place->data);
    FILE *f = fopen(path, "re");
    if (!f)
        return 0;
    if (!fgets(text, sizeof text, f))
        text[0] = 0;
    fclose(f);
    return (pid_t)strtol(text, NULL, 10);
}

static void signal_all(const struct place *place, pid_t only, int signal_number)
{
    pid_t pids[MAX_LEFTOVER];
    size_t n = working_in(place->data, pids);
    for (size_t i = 0; i < n; i++)
        if ((!only || pids[i] == only) && is_postgres(pids[i]))
            kill(pids[i], signal_number);
}

bool cluster_end_leftover(struct place *place)
{
    pid_t postmaster = postmaster_of(place);
    if (!all_gone(place, 0)) {
        if (place->say)
            place->say("stopping the database that an earlier run left");
        signal_all(place, postmaster, SIGINT);
        if (!all_gone(place, FAST_STOP_MS))
            signal_all(place, 0, SIGQUIT);
        if (!all_gone(place, ABRUPT_STOP_MS))
            return place_fail(place, "a PostgreSQL that still runs on %s cannot be stopped",
                              place->data);
    }
    /* Nobody works there, so a lock file is stale, even when its number is another process's now.
     */
    char path[PATH_MAX + 24];
    snprintf(path, sizeof path, "%s/postmaster.pid", place->data);
    if (unlink(path) != 0 && errno != ENOENT)
        return place_fail(place, "cannot remove the stale %s: %s", path, strerror(errno));
    return true;
}
