/* Control: lines from the runner, the loop, the end of phases. */
#include "gen.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define EVENTS           512
#define DEFAULT_LIMIT_MS 60000

int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void gen_done(struct gen *g)
{
    g->done = true;
}

void gen_wake_at(struct gen *g, int64_t at_us)
{
    if (at_us < g->wake_us)
        g->wake_us = at_us;
}

void gen_fault(struct gen *g, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(g->fault, sizeof g->fault, format, args);
    va_end(args);
}

static void answer(json_t *object)
{
    json_dumpf(object, stdout, JSON_COMPACT);
    putchar('\n');
    fflush(stdout);
    json_decref(object);
}

static void refuse(const char *phase, const char *why)
{
    answer(json_pack("{s:s,s:s}", "phase", phase, "error", why));
}

static void end_phase(struct gen *g, bool timeout)
{
    json_t *object = json_pack("{s:s,s:b,s:f}", "phase", g->phase->name, "timeout", timeout, "ms",
                               (double)(now_us() - g->begun_us) / 1000);
    if (g->phase->end)
        g->phase->end(g, object);
    json_object_set_new(object, "closed_by_peer", json_integer((json_int_t)g->closed_by_peer));
    if (g->fault[0])
        json_object_set_new(object, "fault", json_string(g->fault));
    g->phase = NULL;
    json_decref(g->args);
    g->args = NULL;
    answer(object);
}

static void begin_phase(struct gen *g, const char *line)
{
    json_error_t fault;
    json_t *args = json_loads(line, 0, &fault);
    const char *name = arg_text(args, "phase", "");
    const struct phase *phase = phase_find(name);
    if (!args || !phase || g->phase) {
        refuse(name, !args ? fault.text : !phase ? "no such phase" : "another phase is running");
        json_decref(args);
        return;
    }
    g->args = args;
    g->phase = phase;
    g->done = false;
    g->fault[0] = '\0';
    g->closed_by_peer = g->pings = g->frames_in = g->reads = 0;
    g->now_us = g->begun_us = now_us();
    g->deadline_us = g->begun_us + arg_int(args, "timeout_ms", DEFAULT_LIMIT_MS) * US_PER_MS;
    const char *why = phase->begin(g, args);
    if (!why)
        return;
    refuse(name, why);
    g->phase = NULL;
    json_decref(g->args);
    g->args = NULL;
}

static void read_control(struct gen *g)
{
    static struct bytes input;
    char buffer[65536];
    ssize_t n = read(STDIN_FILENO, buffer, sizeof buffer);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        g->quit = true;
    if (n <= 0)
        return;
    bytes_add(&input, buffer, (size_t)n);
    char *end;
    while ((end = memchr(input.at, '\n', input.len))) {
        *end = '\0';
        begin_phase(g, input.at);
        bytes_drop(&input, (size_t)(end + 1 - input.at));
    }
}

static int wait_ms(const struct gen *g)
{
    if (!g->phase)
        return -1;
    int64_t until = g->wake_us < g->deadline_us ? g->wake_us : g->deadline_us;
    int64_t left = until - now_us();
    return left <= 0 ? 0 : (int)((left + 999) / 1000);
}

static void turn(struct gen *g)
{
    g->now_us = now_us();
    g->wake_us = INT64_MAX;
    conns_rested(g);
    if (g->phase && g->phase->turn && !g->done)
        g->phase->turn(g);
    if (g->phase && g->done)
        end_phase(g, false);
    else if (g->phase && g->now_us >= g->deadline_us)
        end_phase(g, true);
}

static void loop(struct gen *g)
{
    struct epoll_event events[EVENTS];
    while (!g->quit) {
        int n = epoll_wait(g->epoll, events, EVENTS, wait_ms(g));
        for (int i = 0; i < n; i++) {
            g->now_us = now_us();
            if (events[i].data.u64 == UINT64_MAX)
                read_control(g);
            else
                conn_event(g, &g->conns[events[i].data.u64], events[i].events);
        }
        turn(g);
    }
}

int main(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    signal(SIGPIPE, SIG_IGN);
    static struct gen g;
    g.epoll = epoll_create1(EPOLL_CLOEXEC);
    fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK);
    struct epoll_event input = {.events = EPOLLIN, .data.u64 = UINT64_MAX};
    if (g.epoll < 0 || epoll_ctl(g.epoll, EPOLL_CTL_ADD, STDIN_FILENO, &input) != 0) {
        perror("gen");
        return 1;
    }
    loop(&g);
    return 0;
}
