/* A loop thread: a libuv loop of our own, a mailbox that wakes it, a timer wheel, and one fixed
 * order of work per turn (loop_turn in loop.c). net builds its libwebsockets context upon
 * loop_uv(). Everything is for the loop's own thread unless it says "any thread"; before
 * loop_run_thread() and after loop_join() the calling thread counts as the loop's. */
#ifndef AMPHI_LOOP_LOOP_H
#define AMPHI_LOOP_LOOP_H

#include "base/clock.h"
#include "base/err.h"
#include "loop/mailbox.h"
#include "loop/wheel.h"
#include <uv.h>

struct loop;

struct loop *loop_new(int index, const struct clock *clock);
/* After loop_join() (or without a thread) and after everything else built on loop_uv() is closed.
 */
void loop_free(struct loop *loop);

/* Runs once in each turn, after the sockets' callbacks, the mailbox and the timers. */
void loop_set_turn_hook(struct loop *loop, void (*hook)(void *arg), void *arg);

enum err loop_run_thread(struct loop *loop) MUST_CHECK;
void loop_stop(struct loop *loop); /* any thread: the thread leaves after its present turn */
void loop_join(struct loop *loop);
/* Runs one turn without waiting, for tests and for taking things down after loop_join(). */
void loop_run_once(struct loop *loop);

struct mailbox *loop_mailbox(struct loop *loop); /* post: any thread */
struct wheel *loop_wheel(struct loop *loop);
uv_loop_t *loop_uv(struct loop *loop);

#endif
