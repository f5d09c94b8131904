#include "http/pipe.h"
#include "base/mem.h"
#include <pthread.h>

struct pipe {
    pthread_mutex_t lock;
    pthread_cond_t room;
    char *ring;
    size_t max, start, len;
    bool reader_waits;           /* the reader saw nothing: tell it about news */
    bool closed, complete, gone; /* writer's end, how; reader's end */
    void (*readable)(void *arg);
    void *arg;
};

struct pipe *pipe_new(size_t max, void (*readable)(void *arg), void *arg)
{
    struct pipe *p = mem_new(sizeof *p);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->room, NULL);
    p->ring = mem_new(max);
    p->max = max;
    p->reader_waits = true;
    p->readable = readable;
    p->arg = arg;
    return p;
}

static void pipe_destroy(struct pipe *p)
{
    pthread_mutex_destroy(&p->lock);
    pthread_cond_destroy(&p->room);
    free(p->ring);
    free(p);
}

/* Under the lock, so that readable() cannot come after the reader's pipe_break(). */
static void tell_reader(struct pipe *p)
{
    if (!p->reader_waits || p->gone)
        return;
    p->reader_waits = false;
    p->readable(p->arg);
}

enum err pipe_write(struct pipe *p, const void *bytes, size_t len)
{
    const char *from = bytes;
    pthread_mutex_lock(&p->lock);
    while (len && !p->gone) {
        if (p->len == p->max) {
            pthread_cond_wait(&p->room, &p->lock);
            continue;
        }
        size_t at = (p->start + p->len) % p->max;
        size_t n = p->max - p->len;
        if (n > p->max - at)
            n = p->max - at;
        if (n > len)
            n = len;
        memcpy(p->ring + at, from, n);
        p->len += n;
        from += n;
        len -= n;
        tell_reader(p);
    }
    enum err err = p->gone ? ERR_BUSY : ERR_OK;
    pthread_mutex_unlock(&p->lock);
    return err;
}

void pipe_close(struct pipe *p, bool complete)
{
    pthread_mutex_lock(&p->lock);
    p->closed = true;
    p->complete = complete;
    tell_reader(p);
    bool last = p->gone;
    pthread_mutex_unlock(&p->lock);
    if (last)
        pipe_destroy(p);
}

size_t pipe_read(struct pipe *p, void *out, size_t max, enum pipe_state *state)
{
    char *to = out;
    size_t taken = 0;
    pthread_mutex_lock(&p->lock);
    while (taken < max && p->len) {
        size_t n = p->max - p->start;
        if (n > p->len)
            n = p->len;
        if (n > max - taken)
            n = max - taken;
        memcpy(to + taken, p->ring + p->start, n);
        p->start = (p->start + n) % p->max;
        p->len -= n;
        taken += n;
    }
    if (taken)
        pthread_cond_signal(&p->room);
    *state = p->len || !p->closed ? PIPE_OPEN : p->complete ? PIPE_COMPLETE : PIPE_BROKEN;
    if (!taken && *state == PIPE_OPEN)
        p->reader_waits = true;
    pthread_mutex_unlock(&p->lock);
    return taken;
}

void pipe_break(struct pipe *p)
{
    pthread_mutex_lock(&p->lock);
    p->gone = true;
    pthread_cond_signal(&p->room);
    bool last = p->closed;
    pthread_mutex_unlock(&p->lock);
    if (last)
        pipe_destroy(p);
}
