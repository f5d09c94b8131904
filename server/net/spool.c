#include "net/spool.h"
#include "base/list.h"
#include "base/mem.h"

struct chunk {
    struct list node;
    size_t len;
    char bytes[];
};

struct spool {
    uv_work_t work;
    uv_loop_t *uv;
    struct blob_store *blobs;
    size_t size;
    void (*progress)(void *arg);
    void *arg;
    struct list waiting; /* the loop's */
    struct list writing; /* the pool thread's while `busy` */
    size_t waiting_bytes, writing_bytes;
    struct blob_draft *draft; /* NULL: nothing written yet, or taken */
    bool busy, failed, released;
};

struct discard {
    uv_work_t work;
    struct blob_draft *draft;
};

struct spool *spool_new(uv_loop_t *uv, struct blob_store *blobs, size_t size,
                        void (*progress)(void *arg), void *arg)
{
    struct spool *s = mem_new(sizeof *s);
    s->uv = uv;
    s->blobs = blobs;
    s->size = size;
    s->progress = progress;
    s->arg = arg;
    list_init(&s->waiting);
    list_init(&s->writing);
    return s;
}

/* Only wrong arguments make it fail. */
static void queue_work(uv_loop_t *uv, uv_work_t *work, uv_work_cb run, uv_after_work_cb done)
{
    if (uv_queue_work(uv, work, run, done) != 0)
        abort();
}

static void run_discard(uv_work_t *work)
{
    blob_discard(container_of(work, struct discard, work)->draft);
}

static void discarded(uv_work_t *work, int status)
{
    (void)status;
    free(container_of(work, struct discard, work));
}

/* Giving back the blocks of a large file takes a while. */
void spool_discard(uv_loop_t *uv, struct blob_draft *draft)
{
    struct discard *d = mem_new(sizeof *d);
    d->draft = draft;
    queue_work(uv, &d->work, run_discard, discarded);
}

/* On a thread of libuv's pool. */
static void write_out(uv_work_t *work)
{
    struct spool *s = container_of(work, struct spool, work);
    if (!s->draft)
        s->draft = blob_begin(s->blobs, s->size);
    bool good = s->draft && !s->failed;
    list_for_each(node, &s->writing)
    {
        struct chunk *chunk = container_of(node, struct chunk, node);
        good = good && blob_append(s->draft, chunk->bytes, chunk->len) == ERR_OK;
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
    if (s->draft)
        spool_discard(s->uv, s->draft);
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
    queue_work(s->uv, &s->work, write_out, written);
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

struct blob_draft *spool_take(struct spool *s)
{
    struct blob_draft *draft = s->draft;
    s->draft = NULL;
    return draft;
}

void spool_release(struct spool *s)
{
    if (!s)
        return;
    s->released = true;
    if (!s->busy)
        destroy(s);
}
