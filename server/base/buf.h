/* A growing byte buffer that cannot grow past the maximum it was given.
 * Failure is sticky: after an overflow every add is a no-op and buf_failed() is true,
 * so a writer checks once at the end. data is always NUL-terminated once anything was added. */
#ifndef AMPHI_BASE_BUF_H
#define AMPHI_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;
    size_t len, cap, max;
    bool failed;
};

void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory, forgets content and failure */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_adds(struct buf *b, const char *text);
void buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The whole file; false, with errno, when it cannot be read, or does not fit. */
bool buf_add_file(struct buf *b, const char *path);
bool buf_failed(const struct buf *b);
/* The bytes now belong to the caller (free()); the buffer is empty again. */
char *buf_detach(struct buf *b, size_t *len);

#endif
