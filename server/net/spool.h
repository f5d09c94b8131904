/* A request body on its way into a blob. The loop appends; a thread of libuv's pool writes and
 * hashes. At most SPOOL_WINDOW bytes wait, the loop stops reading meanwhile. */
#ifndef AMPHI_NET_SPOOL_H
#define AMPHI_NET_SPOOL_H

#include "blob/blob.h"
#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#define SPOOL_WINDOW (256 * 1024)

struct spool;

/* size: of the whole body. progress() is called on the loop after each piece of writing. */
struct spool *spool_new(uv_loop_t *uv, struct blob_store *blobs, size_t size,
                        void (*progress)(void *arg), void *arg);
void spool_add(struct spool *s, const void *bytes, size_t len);
size_t spool_waiting(const struct spool *s); /* bytes not written yet */
bool spool_failed(const struct spool *s);    /* the disk is full, or worse */
/* What was written; nothing may wait, nor have failed. The caller owns it. */
struct blob_draft *spool_take(struct spool *s);
/* progress() will not be called any more. Frees it, now or after the write that is under way. */
void spool_release(struct spool *s);
/* Frees a draft without blocking the loop. */
void spool_discard(uv_loop_t *uv, struct blob_draft *draft);

#endif
