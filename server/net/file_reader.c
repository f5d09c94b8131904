#include "net/file_reader.h"
#include "base/list.h"
#include "base/mem.h"
#include <assert.h>
#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

#define PIECE       65536 /* what one wait for the disk brings, at most */
#define COLD_PIECES 16    /* read by threads once the memory did not have one whole */

struct file_reader {
    uv_work_t work;
    uv_loop_t *uv;
    int fd;
    uint64_t offset, left; /* of what was not taken yet */
    void (*ready)(void *arg);
    void *arg;
    char *piece; /* read by a thread of the pool, not taken yet */
    size_t have, taken;
    unsigned cold; /* pieces that are not looked for in memory */
    bool busy, failed, released;
};

struct file_reader *file_reader_new(uv_loop_t *uv, int fd, uint64_t offset, uint64_t len,
                                    void (*ready)(void *arg), void *arg)
{
    struct file_reader *r = mem_new(sizeof *r);
    r->uv = uv;
    r->fd = fd;
    r->offset = offset;
    r->left = len;
    r->ready = ready;
    r->arg = arg;
    return r;
}

uint64_t file_reader_left(const struct file_reader *r)
{
    return r->left;
}

/* On a thread of libuv's pool: it may be the last descriptor of a large file without a name, whose
 * blocks are given back here. */
static void close_file(uv_work_t *work)
{
    close(container_of(work, struct file_reader, work)->fd);
}

static void file_closed(uv_work_t *work, int status)
{
    struct file_reader *r = container_of(work, struct file_reader, work);
    (void)status;
    free(r->piece);
    free(r);
}

/* Only wrong arguments make it fail. */
static void queue_work(struct file_reader *r, uv_work_cb run, uv_after_work_cb done)
{
    if (uv_queue_work(r->uv, &r->work, run, done) != 0)
        abort();
}

/* On a thread of libuv's pool. */
static void read_piece(uv_work_t *work)
{
    struct file_reader *r = container_of(work, struct file_reader, work);
    size_t want = r->left < PIECE ? (size_t)r->left : PIECE;
    ssize_t n;
    do
        n = pread(r->fd, r->piece, want, (off_t)r->offset);
    while (n < 0 && errno == EINTR);
    r->failed = n <= 0;
    r->have = n > 0 ? (size_t)n : 0;
}

static void piece_read(uv_work_t *work, int status)
{
    struct file_reader *r = container_of(work, struct file_reader, work);
    (void)status;
    r->busy = false;
    if (r->released)
        queue_work(r, close_file, file_closed);
    else
        r->ready(r->arg);
}

static void wait_for_disk(struct file_reader *r)
{
    r->piece = mem_new(PIECE);
    r->have = r->taken = 0;
    r->busy = true;
    queue_work(r, read_piece, piece_read);
}

static void advance(struct file_reader *r, size_t n)
{
    r->offset += n;
    r->left -= n;
}

static size_t take_piece(struct file_reader *r, void *out, size_t max)
{
    size_t n = r->have - r->taken < max ? r->have - r->taken : max;
    memcpy(out, r->piece + r->taken, n);
    r->taken += n;
    if (r->taken == r->have) {
        free(r->piece);
        r->piece = NULL;
    }
    advance(r, n);
    return n;
}

/* 0: the file ends; -1: not in memory, or the file system cannot tell. */
static ssize_t read_memory(struct file_reader *r, void *out, size_t max)
{
    struct iovec into = {.iov_base = out, .iov_len = max};
    if (r->cold > 0) {
        r->cold--;
        return -1;
    }
    ssize_t n = preadv2(r->fd, &into, 1, (off_t)r->offset, RWF_NOWAIT);
    if (n < (ssize_t)max)
        r->cold = COLD_PIECES;
    return n;
}

ssize_t file_reader_take(struct file_reader *r, void *out, size_t max)
{
    assert(!r->busy && r->left > 0);
    if (r->failed)
        return -1;
    if (r->piece)
        return (ssize_t)take_piece(r, out, max);
    if (max > r->left)
        max = (size_t)r->left;
    ssize_t n = read_memory(r, out, max);
    if (n > 0)
        advance(r, (size_t)n);
    else if (n < 0)
        wait_for_disk(r);
    return n > 0 ? n : n == 0 ? -1 : 0;
}

void file_reader_release(struct file_reader *r)
{
    if (!r)
        return;
    r->released = true;
    if (!r->busy)
        queue_work(r, close_file, file_closed);
}
