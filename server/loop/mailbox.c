#include "loop/mailbox.h"
#include <assert.h>

void mailbox_init(struct mailbox *m, size_t limit, void (*wake)(void *reader), void *reader)
{
    *m = (struct mailbox){.limit = limit, .wake = wake, .reader = reader};
    pthread_mutex_init(&m->lock, NULL);
    list_init(&m->messages);
}

void mailbox_release(struct mailbox *m)
{
    /* Taking the lock lets a poster that just woke the reader leave first. */
    pthread_mutex_lock(&m->lock);
    assert(list_empty(&m->messages));
    pthread_mutex_unlock(&m->lock);
    pthread_mutex_destroy(&m->lock);
}

/* Under the lock. Waking inside it costs little (once per empty mailbox) and keeps the reader from
 * going away between the append and the wake. */
static void append(struct mailbox *m, struct message *message)
{
    list_append(&m->messages, &message->node);
    if (m->len++ == 0 && m->wake)
        m->wake(m->reader);
}

void mailbox_post(struct mailbox *m, struct message *message)
{
    pthread_mutex_lock(&m->lock);
    append(m, message);
    pthread_mutex_unlock(&m->lock);
}

enum err mailbox_try_post(struct mailbox *m, struct message *message)
{
    pthread_mutex_lock(&m->lock);
    bool full = m->len >= m->limit;
    if (!full)
        append(m, message);
    pthread_mutex_unlock(&m->lock);
    return full ? ERR_BUSY : ERR_OK;
}

bool mailbox_drain(struct mailbox *m)
{
    struct list taken;
    list_init(&taken);
    pthread_mutex_lock(&m->lock);
    list_splice(&taken, &m->messages);
    m->len = 0;
    pthread_mutex_unlock(&m->lock);

    bool any = false;
    struct list *node;
    while ((node = list_take_first(&taken))) {
        any = true;
        struct message *message = container_of(node, struct message, node);
        message->deliver(message);
    }
    return any;
}

bool mailbox_waits(struct mailbox *m)
{
    pthread_mutex_lock(&m->lock);
    bool any = m->len > 0;
    pthread_mutex_unlock(&m->lock);
    return any;
}
