#include "loop/loop.h"
#include "base/mem.h"
#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>

/* Bounds what peers can pile up on a loop from other threads; completions are not counted out. */
#define MAILBOX_LIMIT 65536

struct loop {
    int index;
    const struct clock *clock;
    uv_loop_t uv;
    uv_async_t wake;
    uv_timer_t ticker; /* only ends the poll in time for the wheel */
    uv_check_t check;
    struct mailbox mailbox;
    struct wheel wheel;
    void (*hook)(void *arg);
    void *hook_arg;
    pthread_t thread;
    bool running;
    _Atomic bool stopping;
};

/* Once per turn, right after libuv called back the sockets that were ready. The order matters:
 *  1. the mailbox: what other threads ask and, above all, what the database committed
 *  2. timers that are due: pings, time limits, ticks
 *  3. the owner's hook: rooms hand out what 1, 2 and the sockets produced, one write a connection
 * A message posted from inside a turn wakes the next one. */
static void loop_turn(struct loop *loop)
{
    mailbox_drain(&loop->mailbox);
    wheel_advance(&loop->wheel, clock_mono_us(loop->clock));
    if (loop->hook)
        loop->hook(loop->hook_arg);
    if (atomic_load(&loop->stopping))
        uv_stop(&loop->uv);
}

static void on_check(uv_check_t *check)
{
    loop_turn(container_of(check, struct loop, check));
}
static void on_async(uv_async_t *async)
{
    (void)async; /* the poll has ended, which is all it is for */
}
static void on_ticker(uv_timer_t *timer)
{
    (void)timer;
}

static void wake_loop(void *reader)
{
    struct loop *loop = reader;
    uv_async_send(&loop->wake);
}

struct loop *loop_new(int index, const struct clock *clock)
{
    struct loop *loop = mem_new(sizeof *loop);
    loop->index = index;
    loop->clock = clock;
    wheel_init(&loop->wheel, clock_mono_us(clock));
    if (uv_loop_init(&loop->uv) != 0) {
        free(loop);
        return NULL;
    }
    if (uv_async_init(&loop->uv, &loop->wake, on_async) != 0) {
        uv_loop_close(&loop->uv);
        free(loop);
        return NULL;
    }
    uv_timer_init(&loop->uv, &loop->ticker);
    uv_timer_start(&loop->ticker, on_ticker, WHEEL_TICK_MS, WHEEL_TICK_MS);
    uv_check_init(&loop->uv, &loop->check);
    uv_check_start(&loop->check, on_check);
    mailbox_init(&loop->mailbox, MAILBOX_LIMIT, wake_loop, loop);
    return loop;
}

void loop_free(struct loop *loop)
{
    if (!loop)
        return;
    assert(!loop->running);
    while (mailbox_drain(&loop->mailbox))
        ;
    uv_close((uv_handle_t *)&loop->wake, NULL);
    uv_close((uv_handle_t *)&loop->ticker, NULL);
    uv_close((uv_handle_t *)&loop->check, NULL);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    int rc = uv_loop_close(&loop->uv);
    assert(rc == 0); /* somebody left a handle open */
    (void)rc;
    mailbox_release(&loop->mailbox);
    free(loop);
}

void loop_set_turn_hook(struct loop *loop, void (*hook)(void *arg), void *arg)
{
    loop->hook = hook;
    loop->hook_arg = arg;
}

static void *run(void *arg)
{
    struct loop *loop = arg;
    char name[16];
    snprintf(name, sizeof name, "loop-%d", loop->index);
    pthread_setname_np(pthread_self(), name);
    uv_run(&loop->uv, UV_RUN_DEFAULT);
    return NULL;
}

enum err loop_run_thread(struct loop *loop)
{
    /* Signals are the main thread's business. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    loop->running = true; /* before the thread is there to read it */
    int rc = pthread_create(&loop->thread, NULL, run, loop);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rc == 0)
        return ERR_OK;
    loop->running = false;
    return ERR_BUSY;
}

void loop_stop(struct loop *loop)
{
    atomic_store(&loop->stopping, true);
    uv_async_send(&loop->wake);
}

void loop_join(struct loop *loop)
{
    if (!loop->running)
        return;
    pthread_join(loop->thread, NULL);
    loop->running = false;
}

void loop_run_once(struct loop *loop)
{
    uv_run(&loop->uv, UV_RUN_NOWAIT);
}

struct mailbox *loop_mailbox(struct loop *loop)
{
    return &loop->mailbox;
}

struct wheel *loop_wheel(struct loop *loop)
{
    return &loop->wheel;
}

uv_loop_t *loop_uv(struct loop *loop)
{
    return &loop->uv;
}
