/* A request body on its way into a temporary file without a name. The loop appends; a thread of
 * libuv's pool does the writing; at most SPOOL_WINDOW bytes wait, the loop stops reading meanwhile.
 */
#ifndef AMPHI_NET_SPOOL_H
#define AMPHI_NET_SPOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#define SPOOL_WINDOW (256 * 1024)

struct spool;

/* progress() is called on the loop after each piece of writing. folder must outlive the spool. */
struct spool *spool_new(uv_loop_t *uv, const char *folder, void (*progress)(void *arg), void *arg);
void spool_add(struct spool *s, const void *bytes, size_t len);
size_t spool_waiting(const struct spool *s); /* bytes not written yet */
bool spool_failed(const struct spool *s);    /* the disk is full, or worse */
/* The file, positioned at 0; nothing may wait, nor have failed. The caller owns it. */
int spool_take(struct spool *s);
/* progress() will not be called any more; frees it now or after the write that is under way. */
void spool_release(struct spool *s);

#endif
