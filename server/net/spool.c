#include "net/spool.h"
#include "base/list.h"
#include "base/mem.h"
#include <fcntl.h>
#include <unistd.h>

struct chunk {
    struct list node;
    size_t len;
    char bytes[];
};

struct spool {
    uv_work_t work;
    uv_loop_t *uv;
    const char *folder;
    void (*progress)(void *arg);
    void *arg;
    struct list waiting; /* the loop's */
    struct list writing; /* the pool thread's while `busy` */
    size_t waiting_bytes, writing_bytes;
    int fd;
    bool busy, failed, released;
};

struct spool *spool_new(uv_loop_t *uv, const char *folder, void (*progress)(void *arg), void *arg)
{
    struct spool *s = mem_new(sizeof *s);
    s->uv = uv;
    s->folder = folder;
    s->progress = progress;
    s->arg = arg;
    list_init(&s->waiting);
    list_init(&s->writing);
    s->fd = -1;
    return s;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* On a thread of libuv's pool. */
static void write_out(uv_work_t *work)
{
    struct spool *s = container_of(work, struct spool, work);
    if (s->fd < 0)
        s->fd = open(s->folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    bool good = s->fd >= 0 && !s->failed;
    list_for_each(node, &s->writing)
    {
        struct chunk *chunk = container_of(node, struct chunk, node);
        good = good && write_all(s->fd, chunk->bytes, chunk->len);
    }
    s->failed = !good;
}

static void free_chunks(struct list *chunks)
{
    struct list *node;
    while ((node = list_take_first(chunks)))
        free(container_of(node, struct chunk, node));
}

static void destroy(struct spool *s)
{
    free_chunks(&s->waiting);
    free_chunks(&s->writing);
    if (s->fd >= 0)
        close(s->fd);
    free(s);
}

static void written(uv_work_t *work, int status);

static void start(struct spool *s)
{
    if (s->busy || list_empty(&s->waiting))
        return;
    list_splice(&s->writing, &s->waiting);
    s->writing_bytes = s->waiting_bytes;
    s->waiting_bytes = 0;
    s->busy = true;
    if (uv_queue_work(s->uv, &s->work, write_out, written) != 0)
        abort(); /* only with arguments that are wrong */
}

static void written(uv_work_t *work, int status)
{
    struct spool *s = container_of(work, struct spool, work);
    (void)status;
    s->busy = false;
    s->writing_bytes = 0;
    free_chunks(&s->writing);
    if (s->released) {
        destroy(s);
        return;
    }
    start(s);
    s->progress(s->arg);
}

void spool_add(struct spool *s, const void *bytes, size_t len)
{
    struct chunk *chunk = mem_new(sizeof *chunk + len);
    chunk->len = len;
    memcpy(chunk->bytes, bytes, len);
    list_append(&s->waiting, &chunk->node);
    s->waiting_bytes += len;
    start(s);
}

size_t spool_waiting(const struct spool *s)
{
    return s->waiting_bytes + s->writing_bytes;
}

bool spool_failed(const struct spool *s)
{
    return !s->busy && s->failed;
}

int spool_take(struct spool *s)
{
    int fd = s->fd;
    s->fd = -1;
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

void spool_release(struct spool *s)
{
    if (!s)
        return;
    s->released = true;
    if (!s->busy)
        destroy(s);
}
