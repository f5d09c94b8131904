/* The only way between threads: a message is appended under a lock and its reader is woken once,
 * when the mailbox was empty; the reader swaps the whole list out and works without the lock.
 * What a peer can cause in number goes through mailbox_try_post(), which is bounded; completions
 * of work that was admitted already go through mailbox_post(), which always succeeds. */
#ifndef AMPHI_LOOP_MAILBOX_H
#define AMPHI_LOOP_MAILBOX_H

#include "base/err.h"
#include "base/list.h"
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

struct message {
    struct list node;
    /* Reader's thread. The message belongs to this function now. */
    void (*deliver)(struct message *);
};

struct mailbox {
    pthread_mutex_t lock;
    struct list messages;
    size_t len, limit;          /* limit bounds mailbox_try_post only */
    void (*wake)(void *reader); /* callable from any thread */
    void *reader;
};

void mailbox_init(struct mailbox *m, size_t limit, void (*wake)(void *reader), void *reader);
void mailbox_release(struct mailbox *m);                       /* must be empty */
void mailbox_post(struct mailbox *m, struct message *message); /* any thread */
enum err mailbox_try_post(struct mailbox *m, struct message *message) MUST_CHECK; /* any thread */
/* Reader: delivers what was there at the call, in order; true when there was anything. */
bool mailbox_drain(struct mailbox *m);
bool mailbox_waits(struct mailbox *m); /* for the next drain there is something */

#endif
