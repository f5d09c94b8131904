/* The bytes of a file for the loop that sends them. What the kernel holds in memory is copied at
 * once; for the rest a thread of libuv's pool waits for the disk. Nothing is read ahead here: the
 * kernel does that. So a peer that reads slowly costs a descriptor and no memory. */
#ifndef AMPHI_NET_FILE_READER_H
#define AMPHI_NET_FILE_READER_H

#include <stdint.h>
#include <sys/types.h>
#include <uv.h>

struct file_reader;

/* fd is taken. ready() is called on the loop when a read that had to wait is done. */
struct file_reader *file_reader_new(uv_loop_t *uv, int fd, uint64_t offset, uint64_t len,
                                    void (*ready)(void *arg), void *arg);
uint64_t file_reader_left(const struct file_reader *r);
/* Takes the next bytes, at most max. 0: none yet, ready() will be called. -1: the file cannot be
 * read, or is shorter than len. Not to be called while a read is under way, or at the end. */
ssize_t file_reader_take(struct file_reader *r, void *out, size_t max);
/* NULL is allowed. ready() will not be called any more. */
void file_reader_release(struct file_reader *r);

#endif
