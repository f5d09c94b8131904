#include "db/cluster.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/url.h"
#include "db/cluster_private.h"
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RESTART_MIN_MS 200
#define RESTART_MAX_MS 10000
#define STEADY_MS      30000  /* ran this long: the next death starts the backoff anew */
#define READY_MS       600000 /* recovery after a crash may take long */
#define ATTACH_MS      20000
#define FAST_STOP_S    30

struct cluster {
    struct place place;
    char why[512];
    char *url, *owner_url;
    char *admin_url, *super_url; /* the superuser in the database postgres, and in ours */
    int lock;                    /* -1: attached to somebody else's */
    pthread_t supervisor;
    pthread_mutex_t guard;
    pthread_cond_t changed;
    pid_t child; /* 0: none */
    bool stopping, supervised;
    unsigned deaths;
};

static int64_t now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static char *url_of(const char *run, const char *database, const char *user)
{
    struct buf b;
    buf_init(&b, PATH_MAX * 4);
    buf_addf(&b, "postgresql:///%s?user=%s&host=", database, user);
    url_escape(&b, run, "/-_.");
    size_t len;
    return buf_detach(&b, &len);
}

/* --- supervision: one thread starts, reaps and restarts postgres --- */

static void wait_stop(struct cluster *c, int64_t ms)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    ts.tv_sec += ms / 1000;
    ts.tv_nsec += ms % 1000 * 1000000;
    if (ts.tv_nsec >= 1000000000) {
        ts.tv_sec++;
        ts.tv_nsec -= 1000000000;
    }
    while (!c->stopping && pthread_cond_timedwait(&c->changed, &c->guard, &ts) == 0)
        ;
}

static void reap(struct cluster *c, pid_t child)
{
    int status = 0;
    pthread_mutex_unlock(&c->guard);
    /* Left a zombie until child is 0, so that cluster_stop() never signals a reused number. */
    siginfo_t info;
    while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR)
        ;
    pthread_mutex_lock(&c->guard);
    c->child = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    c->deaths++;
    pthread_cond_broadcast(&c->changed);
    if (!c->stopping)
        log_error("cluster.died", "{s:i,s:i}", "exit", WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                  "signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
}

/* A postmaster that was killed leaves children that must be gone before the next one starts. */
static bool clean_up(struct cluster *c)
{
    char why[sizeof c->why] = "";
    struct place place = c->place; /* the thread that waits for the start writes to the other why */
    place.why = why;
    place.say = NULL;
    pthread_mutex_unlock(&c->guard);
    bool ok = cluster_end_leftover(&place);
    if (!ok)
        log_error("cluster.leftover", "{s:s}", "why", why);
    pthread_mutex_lock(&c->guard);
    return ok;
}

static void *supervise(void *arg)
{
    struct cluster *c = arg;
    int64_t delay = RESTART_MIN_MS;
    pthread_mutex_lock(&c->guard);
    while (!c->stopping) {
        int64_t began = now_ms();
        if (c->deaths == 0 || clean_up(c)) {
            pid_t child = c->stopping ? 0 : cluster_spawn_postgres(&c->place);
            if (child > 0) {
                c->child = child;
                pthread_cond_broadcast(&c->changed);
                reap(c, child);
            } else {
                c->deaths++;
            }
        }
        delay = now_ms() - began > STEADY_MS ? RESTART_MIN_MS
                : delay * 2 < RESTART_MAX_MS ? delay * 2
                                             : RESTART_MAX_MS;
        if (!c->stopping)
            wait_stop(c, delay);
    }
    pthread_mutex_unlock(&c->guard);
    return NULL;
}

static bool died(struct cluster *c)
{
    pthread_mutex_lock(&c->guard);
    bool dead = c->deaths > 0;
    pthread_mutex_unlock(&c->guard);
    return dead;
}

/* --- start --- */

static bool wait_ready(struct cluster *c, int64_t timeout_ms)
{
    char fault[400];
    int64_t start = now_ms();
    bool told = false;
    while (PQping(c->admin_url) != PQPING_OK) {
        if (c->lock >= 0 && died(c)) {
            cluster_last_fault(&c->place, fault, sizeof fault);
            return place_fail(&c->place, "%s: %s",
                              strstr(fault, "No space") ? "no free space for the database"
                                                        : "the private database does not start",
                              *fault ? fault : c->place.log);
        }
        if (now_ms() - start > timeout_ms)
            return place_fail(&c->place, "the private database in %s does not answer",
                              c->place.folder);
        if (!told && now_ms() - start > 5000 && c->place.say) {
            c->place.say("waiting for the private database to recover");
            told = true;
        }
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    return true;
}

static void make_urls(struct cluster *c)
{
    const char *run = c->place.run;
    c->admin_url = url_of(run, "postgres", CLUSTER_SUPERUSER);
    c->super_url = url_of(run, CLUSTER_DATABASE, CLUSTER_SUPERUSER);
    c->owner_url = url_of(run, CLUSTER_DATABASE, CLUSTER_OWNER);
    c->url = url_of(run, CLUSTER_DATABASE, CLUSTER_APPLICATION);
}

static bool make_roles(struct cluster *c)
{
    return cluster_roles(&c->place, c->admin_url, c->super_url);
}

/* 1: owned; 0: owned by another process; -1: failed. */
static int take_lock(struct cluster *c)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/owner.lock", c->place.folder);
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        place_fail(&c->place, "cannot open %s: %s", path, strerror(errno));
        return -1;
    }
    if (c->place.drop && fchown(fd, c->place.uid, c->place.gid) != 0)
        log_warn("cluster.lock", "{s:b}", "given", 0);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        c->lock = fd;
        return 1;
    }
    close(fd);
    if (errno == EWOULDBLOCK)
        return 0;
    place_fail(&c->place, "cannot lock %s: %s", path, strerror(errno));
    return -1;
}

static bool attach(struct cluster *c, const struct cluster_config *config)
{
    if (!config->attach)
        return place_fail(&c->place, "another amphi runs the database in %s", c->place.folder);
    if (!place_socket(&c->place))
        return false;
    make_urls(c);
    return wait_ready(c, ATTACH_MS) && make_roles(c);
}

static bool own(struct cluster *c)
{
    struct place *place = &c->place;
    bool fresh = !place_has_data(place);
    if (!place_binaries(place) || !place_has_space(place, fresh) || !place_socket(place) ||
        (fresh && !cluster_init(place)) || !cluster_end_leftover(place))
        return false;
    make_urls(c);
    int log = open(place->log, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC);
    if (log < 0 && errno != ENOENT)
        return place_fail(place, "cannot write %s: %s", place->log, strerror(errno));
    if (log >= 0)
        close(log);
    if (pthread_create(&c->supervisor, NULL, supervise, c) != 0)
        return place_fail(place, "cannot start a thread");
    c->supervised = true;
    return wait_ready(c, READY_MS) && make_roles(c);
}

struct cluster *cluster_start(const struct cluster_config *config, char *why, size_t why_size)
{
    struct cluster *c = mem_new(sizeof *c);
    c->lock = -1;
    c->place.why = c->why;
    c->place.why_size = sizeof c->why;
    c->place.say = config->say;
    pthread_mutex_init(&c->guard, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&c->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (place_find(&c->place, config)) {
        int taken = take_lock(c);
        if ((taken == 1 && own(c)) || (taken == 0 && attach(c, config)))
            return c;
    }
    snprintf(why, why_size, "%s", c->why);
    cluster_stop(c);
    return NULL;
}

const char *cluster_url(const struct cluster *c)
{
    return c->url;
}

const char *cluster_owner_url(const struct cluster *c)
{
    return c->owner_url;
}

static void end_child(struct cluster *c)
{
    struct timespec deadline;
    pthread_mutex_lock(&c->guard);
    c->stopping = true;
    pthread_cond_broadcast(&c->changed);
    for (int signal_number = SIGINT; c->child > 0; signal_number = SIGQUIT) {
        kill(c->child, signal_number);
        clock_gettime(CLOCK_MONOTONIC, &deadline);
        deadline.tv_sec += FAST_STOP_S;
        while (c->child > 0 && pthread_cond_timedwait(&c->changed, &c->guard, &deadline) == 0)
            ;
    }
    pthread_mutex_unlock(&c->guard);
    pthread_join(c->supervisor, NULL);
}

void cluster_stop(struct cluster *c)
{
    if (!c)
        return;
    if (c->supervised)
        end_child(c);
    if (c->lock >= 0)
        close(c->lock);
    pthread_mutex_destroy(&c->guard);
    pthread_cond_destroy(&c->changed);
    free(c->url);
    free(c->owner_url);
    free(c->admin_url);
    free(c->super_url);
    free(c);
}
