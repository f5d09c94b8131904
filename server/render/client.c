/* One thread runs the helper, a document at a time: spawn, read pages under a deadline, and after a
 * page that killed or stalled it, spawn again from the next page. */
#include "render/client.h"
#include "base/log.h"
#include "base/mem.h"
#include "render/client_reader.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAITING_DEFAULT   50
#define HARD_FAILURES_MAX 5 /* helpers killed by one document; after that its pages are skipped */
#define READ_BYTES        65536
#define END_WAIT_MS       1000
#define WALL_FACTOR       4

struct render {
    struct render_config config;
    char *helper, *user;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t news;
    struct list waiting;
    size_t waiting_len;
    bool stopping;
    int stop_fd; /* readable once stopping: ends a poll */
};

/* One document on its way through one or more helpers. */
struct run {
    struct render *render;
    struct render_job *job;
    int page_count; /* 0: not opened yet */
    int next;       /* the page that comes next */
    int hard_failures;
    bool stopped; /* a callback said so */
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

/* A page is measured by the processor time it takes, so that none fails because the machine is
 * busy; one that only waits is ended by the wall clock. 0: over. */
static int page_time_left_ms(const struct run *run)
{
    int64_t limit = run->render->config.page_seconds * 1000LL;
    int64_t cpu = limit - (helper_cpu_ms(run) - run->page_began_cpu_ms);
    int64_t wall = WALL_FACTOR * limit - (clock_ms(CLOCK_MONOTONIC) - run->page_began_ms);
    int64_t left = cpu < wall ? cpu : wall;
    return left > 0 ? (int)left : 0;
}

static void on_document(void *arg, int page_count)
{
    struct run *run = arg;
    renew_deadline(run);
    if (run->page_count)
        return;
    run->page_count = page_count;
    if (!run->job->opened(run->job, page_count))
        run->stopped = true;
}

static void on_page(void *arg, const struct render_page *page)
{
    struct run *run = arg;
    run->next = page->page + 1;
    if (!run->stopped && !run->job->page_done(run->job, run->page_count, page))
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
    const struct render *r = run->render;
    char first[16], memory[16], cpu[16];
    snprintf(first, sizeof first, "%d", run->next);
    snprintf(memory, sizeof memory, "%d", r->config.memory_mb);
    snprintf(cpu, sizeof cpu, "%d", r->config.page_seconds * RENDER_MAX_PAGES);
    char *argv[] = {r->helper, "--first", first,    "--memory", memory,
                    "--cpu",   cpu,       "--user", r->user,    NULL};
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
    int error = posix_spawn(&pid, r->helper, &files, &attributes, argv, env);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    if (error)
        log_error("render.spawn", "{s:s, s:i}", "helper", r->helper, "errno", error);
    return error ? -1 : pid;
}

/* False: nothing more will come. */
static bool wait_readable(const struct run *run, int fd, bool *stalled)
{
    struct pollfd fds[] = {{.fd = fd, .events = POLLIN},
                           {.fd = run->render->stop_fd, .events = POLLIN}};
    int left = page_time_left_ms(run);
    int n = poll(fds, 2, left);
    if ((n < 0 && errno == EINTR) || (n == 0 && left > 0))
        return true;
    *stalled = n == 0;
    return n > 0 && !fds[1].revents;
}

static enum helper_end read_pages(struct run *run, int fd, struct render_reader *reader)
{
    static _Thread_local uint8_t bytes[READ_BYTES];
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

/* Exit status 4: it could not lock itself in, which is not the document's fault. */
static bool reap(pid_t pid, enum helper_end end)
{
    int status = 0;
    if (end == HELPER_DIED)
        give_time_to_end(pid);
    kill(pid, SIGKILL); /* not waited for yet: the number is still its own */
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return !(WIFEXITED(status) && (WEXITSTATUS(status) == 4 || WEXITSTATUS(status) == 127));
}

static enum helper_end run_helper(struct run *run, enum render_code *refused)
{
    int sockets[2];
    struct render_reader reader;
    if (lseek(run->job->fd, 0, SEEK_SET) < 0 ||
        socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) < 0)
        return HELPER_NOT_RUN;
    pid_t pid = run->helper = spawn_helper(run, run->job->fd, sockets[1]);
    close(sockets[1]);
    if (pid < 0) {
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
    if (!reap(pid, end) && end == HELPER_DIED && run->page_count == 0)
        end = HELPER_NOT_RUN;
    return end;
}

static bool stop_wanted(struct render *r)
{
    pthread_mutex_lock(&r->lock);
    bool stopping = r->stopping;
    pthread_mutex_unlock(&r->lock);
    return stopping;
}

/* What a helper that stalled or died means for the document; true: go on with the next page. */
static bool hard_failure(struct run *run, enum render_code code)
{
    if (run->page_count == 0 || run->next > run->page_count)
        return false;
    page_failed(run, code);
    if (++run->hard_failures >= HARD_FAILURES_MAX)
        while (!run->stopped && run->next <= run->page_count)
            page_failed(run, RENDER_PAGE_SKIPPED);
    return run->next <= run->page_count;
}

static enum render_outcome run_document(struct run *run, enum render_code *code)
{
    for (;;) {
        enum render_code refused = RENDER_OK;
        enum helper_end end = run_helper(run, &refused);
        if (run->stopped || stop_wanted(run->render))
            return RENDER_STOPPED;
        enum render_code page_code =
            end == HELPER_STALLED ? RENDER_PAGE_TIMEOUT : RENDER_PAGE_BROKEN;
        if (end == HELPER_DONE)
            return RENDER_FINISHED;
        if (end == HELPER_REFUSED || end == HELPER_NOT_RUN || run->page_count == 0) {
            *code = end == HELPER_REFUSED   ? refused
                    : end == HELPER_NOT_RUN ? RENDER_HELPER_FAILED
                    : end == HELPER_STALLED ? RENDER_PAGE_TIMEOUT
                                            : RENDER_PDF_INVALID;
            return RENDER_FAILED;
        }
        if (!hard_failure(run, page_code))
            return run->stopped ? RENDER_STOPPED : RENDER_FINISHED;
    }
}

static void finish(struct render_job *job, enum render_outcome outcome, enum render_code code)
{
    close(job->fd);
    job->fd = -1;
    job->document_done(job, outcome, code);
}

static void *render_thread(void *arg)
{
    struct render *r = arg;
    pthread_mutex_lock(&r->lock);
    for (;;) {
        while (!r->stopping && list_empty(&r->waiting))
            pthread_cond_wait(&r->news, &r->lock);
        struct list *node = list_take_first(&r->waiting);
        if (!node)
            break; /* stopping, and all were answered */
        bool stopping = r->stopping;
        r->waiting_len--;
        pthread_mutex_unlock(&r->lock);
        struct render_job *job = container_of(node, struct render_job, node);
        struct run run = {.render = r, .job = job, .next = job->first_page};
        enum render_code code = RENDER_OK;
        enum render_outcome outcome = stopping ? RENDER_STOPPED : run_document(&run, &code);
        finish(job, outcome, code);
        pthread_mutex_lock(&r->lock);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

struct render *render_new(const struct render_config *config)
{
    struct render *r = mem_new(sizeof *r);
    r->config = *config;
    r->helper = mem_strdup(config->helper);
    r->user = mem_strdup(config->user ? config->user : "nobody");
    if (r->config.max_waiting == 0)
        r->config.max_waiting = WAITING_DEFAULT;
    list_init(&r->waiting);
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->news, NULL);
    r->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (r->stop_fd >= 0 && pthread_create(&r->thread, NULL, render_thread, r) == 0)
        return r;
    if (r->stop_fd >= 0)
        close(r->stop_fd);
    free(r->helper);
    free(r->user);
    free(r);
    return NULL;
}

void render_free(struct render *r)
{
    pthread_mutex_lock(&r->lock);
    r->stopping = true;
    pthread_cond_signal(&r->news);
    pthread_mutex_unlock(&r->lock);
    if (eventfd_write(r->stop_fd, 1) < 0)
        log_warn("render.stop", "{}");
    pthread_join(r->thread, NULL);
    close(r->stop_fd);
    pthread_mutex_destroy(&r->lock);
    pthread_cond_destroy(&r->news);
    free(r->helper);
    free(r->user);
    free(r);
}

enum err render_submit(struct render *r, struct render_job *job)
{
    enum err err = ERR_BUSY;
    pthread_mutex_lock(&r->lock);
    if (!r->stopping && r->waiting_len < r->config.max_waiting) {
        list_append(&r->waiting, &job->node);
        r->waiting_len++;
        pthread_cond_signal(&r->news);
        err = ERR_OK;
    }
    pthread_mutex_unlock(&r->lock);
    return err;
}
