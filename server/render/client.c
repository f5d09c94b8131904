/* Spawns the helper, reads its pages under a deadline, and after a page that killed or stalled it
 * spawns it again from the next page. */
#include "render/client.h"
#include "base/log.h"
#include "render/client_reader.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define HARD_FAILURES_MAX 5 /* helpers killed by one document; after that its pages are skipped */
#define READ_BYTES        65536
#define END_WAIT_MS       1000
#define WALL_FACTOR       4

/* One document on its way through one or more helpers. */
struct run {
    const struct render_config *config;
    struct render_document *document;
    int page_count; /* 0: not opened yet */
    int next;       /* the page that comes next */
    int hard_failures;
    bool stopped;     /* by a callback, or by stop_fd */
    bool over_budget; /* what is left is skipped */
    pid_t helper;
    int64_t page_began_ms, page_began_cpu_ms; /* by the wall and by the helper's processor time */
};

enum helper_end { HELPER_DONE, HELPER_REFUSED, HELPER_STALLED, HELPER_DIED, HELPER_NOT_RUN };

static int64_t clock_ms(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t))
        return 0;
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

static int64_t helper_cpu_ms(const struct run *run)
{
    clockid_t clock;
    return clock_getcpuclockid(run->helper, &clock) ? 0 : clock_ms(clock);
}

static void renew_deadline(struct run *run)
{
    run->page_began_ms = clock_ms(CLOCK_MONOTONIC);
    run->page_began_cpu_ms = helper_cpu_ms(run);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A page is measured by the processor time it takes, so that none fails because the machine is
 * busy; one that only waits is ended by the wall clock. The document's budget counts once it is
 * open. 0: over. */
static int time_left_ms(struct run *run)
{
    const struct render_document *document = run->document;
    int64_t cpu_ms = helper_cpu_ms(run);
    int64_t limit = run->config->page_seconds * 1000LL;
    int64_t cpu = limit - (cpu_ms - run->page_began_cpu_ms);
    int64_t wall = WALL_FACTOR * limit - (clock_ms(CLOCK_MONOTONIC) - run->page_began_ms);
    int64_t budget =
        run->page_count ? document->budget_ms - document->spent_ms - cpu_ms : INT64_MAX;
    int64_t left = least(least(cpu, wall), budget);
    run->over_budget = budget <= 0;
    return left > 0 ? (int)left : 0;
}

static void on_document(void *arg, int page_count)
{
    struct run *run = arg;
    renew_deadline(run);
    if (run->page_count)
        return;
    run->page_count = page_count;
    if (!run->document->opened(run->document, page_count))
        run->stopped = true;
}

static void on_page(void *arg, const struct render_page *page)
{
    struct run *run = arg;
    run->next = page->page + 1;
    if (!run->stopped && !run->document->page_done(run->document, run->page_count, page))
        run->stopped = true;
    renew_deadline(run);
}

static void page_failed(struct run *run, enum render_code code)
{
    on_page(run, &(struct render_page){.page = run->next, .error = code});
}

/* The PDF becomes descriptor 0, our socket 1; the helper closes all others. -1: not run. */
static pid_t spawn_helper(const struct run *run, int pdf, int out)
{
    const struct render_config *config = run->config;
    char first[16], memory[16], cpu[16];
    snprintf(first, sizeof first, "%d", run->next);
    snprintf(memory, sizeof memory, "%d", config->memory_mb);
    snprintf(cpu, sizeof cpu, "%d", config->page_seconds * RENDER_MAX_PAGES);
    const char *user = config->user ? config->user : "nobody";
    const char *argv[] = {config->helper, "--first", first,    "--memory", memory,
                          "--cpu",        cpu,       "--user", user,       NULL};
    char *env[] = {"LANG=C.UTF-8", "PATH=/usr/bin:/bin", NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    pid_t pid;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, pdf, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0); /* the terminal's interrupt is for the server */
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP);
    int error = posix_spawn(&pid, config->helper, &files, &attributes, (char *const *)argv, env);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (error)
        log_error("render.spawn", "{s:s, s:i}", "helper", config->helper, "errno", error);
    return error ? -1 : pid;
}

/* False: nothing more will come. */
static bool wait_readable(struct run *run, int fd, bool *stalled)
{
    struct pollfd fds[] = {{.fd = fd, .events = POLLIN},
                           {.fd = run->document->stop_fd, .events = POLLIN}};
    int left = time_left_ms(run);
    int n = poll(fds, 2, left);
    if ((n < 0 && errno == EINTR) || (n == 0 && left > 0))
        return true;
    *stalled = n == 0;
    if (n > 0 && fds[1].revents)
        run->stopped = true;
    return n > 0 && !run->stopped;
}

static enum helper_end read_pages(struct run *run, int fd, struct render_reader *reader)
{
    uint8_t bytes[READ_BYTES];
    bool stalled = false;
    while (!run->stopped && wait_readable(run, fd, &stalled)) {
        ssize_t n = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n <= 0)
            break;
        if (!render_reader_feed(reader, bytes, (size_t)n))
            return HELPER_DIED;
    }
    if (stalled)
        return HELPER_STALLED;
    if (reader->broken || reader->state != READER_ENDED)
        return HELPER_DIED;
    return reader->code == RENDER_OK ? HELPER_DONE : HELPER_REFUSED;
}

/* A helper that ends by itself has a status to tell; one that only closed its end waits in vain. */
static void give_time_to_end(pid_t pid)
{
    struct pollfd ended = {.fd = pidfd_open(pid, 0), .events = POLLIN};
    if (ended.fd < 0)
        return;
    while (poll(&ended, 1, END_WAIT_MS) < 0 && errno == EINTR)
        ;
    close(ended.fd);
}

static int64_t time_ms(struct timeval t)
{
    return t.tv_sec * 1000LL + t.tv_usec / 1000;
}

/* Exit status 4: it could not lock itself in, which is not the document's fault. */
static bool reap(struct run *run, enum helper_end end)
{
    struct rusage used = {0};
    int status = 0;
    if (end == HELPER_DIED && !run->stopped)
        give_time_to_end(run->helper);
    kill(run->helper, SIGKILL); /* not waited for yet: the number is still its own */
    while (wait4(run->helper, &status, 0, &used) < 0 && errno == EINTR)
        ;
    run->document->spent_ms += time_ms(used.ru_utime) + time_ms(used.ru_stime);
    return !(WIFEXITED(status) && (WEXITSTATUS(status) == 4 || WEXITSTATUS(status) == 127));
}

static enum helper_end run_helper(struct run *run, enum render_code *refused)
{
    int sockets[2];
    struct render_reader reader;
    if (lseek(run->document->fd, 0, SEEK_SET) < 0 ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
        return HELPER_NOT_RUN;
    run->helper = spawn_helper(run, run->document->fd, sockets[1]);
    close(sockets[1]);
    if (run->helper < 0) {
        close(sockets[0]);
        return HELPER_NOT_RUN;
    }
    renew_deadline(run);
    render_reader_init(&reader, run->next, run->page_count);
    reader.on_document = on_document;
    reader.on_page = on_page;
    reader.arg = run;
    enum helper_end end = read_pages(run, sockets[0], &reader);
    *refused = reader.code;
    render_reader_release(&reader);
    close(sockets[0]);
    if (!reap(run, end) && end == HELPER_DIED && run->page_count == 0)
        end = HELPER_NOT_RUN;
    return end;
}

/* What a helper that stalled or died means for the document; true: go on with the next page. */
static bool hard_failure(struct run *run, enum render_code code)
{
    if (run->page_count == 0 || run->next > run->page_count)
        return false;
    if (!run->over_budget)
        page_failed(run, code);
    if (++run->hard_failures >= HARD_FAILURES_MAX || run->over_budget)
        while (!run->stopped && run->next <= run->page_count)
            page_failed(run, RENDER_PAGE_SKIPPED);
    return run->next <= run->page_count;
}

/* Why a document failed whose helper ended so. */
static enum render_code document_code(enum helper_end end, enum render_code refused)
{
    switch (end) {
    case HELPER_REFUSED:
        return refused;
    case HELPER_NOT_RUN:
        return RENDER_HELPER_FAILED;
    case HELPER_STALLED:
        return RENDER_PAGE_TIMEOUT;
    default:
        return RENDER_PDF_INVALID;
    }
}

enum render_outcome render_run(const struct render_config *config, struct render_document *document,
                               enum render_code *code)
{
    struct run run = {.config = config, .document = document, .next = document->first_page};
    document->spent_ms = 0;
    for (;;) {
        enum render_code refused = RENDER_OK;
        enum helper_end end = run_helper(&run, &refused);
        if (run.stopped)
            return RENDER_STOPPED;
        if (end == HELPER_DONE)
            return RENDER_FINISHED;
        if (end == HELPER_REFUSED || end == HELPER_NOT_RUN || run.page_count == 0) {
            *code = document_code(end, refused);
            return RENDER_FAILED;
        }
        if (!hard_failure(&run, end == HELPER_STALLED ? RENDER_PAGE_TIMEOUT : RENDER_PAGE_BROKEN))
            return run.stopped ? RENDER_STOPPED : RENDER_FINISHED;
    }
}
