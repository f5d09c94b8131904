/* A bounded pipe of bytes from one worker (writer, may block) to one loop (reader, never blocks).
 * It counts two owners: the writer lets go with pipe_close(), the reader with pipe_break(). */
#ifndef AMPHI_HTTP_PIPE_H
#define AMPHI_HTTP_PIPE_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>

struct pipe;

/* readable() is called on the writer's thread when there is news for a reader that found nothing:
 * bytes or the end. The first news counts, too. */
struct pipe *pipe_new(size_t max, void (*readable)(void *arg), void *arg);
/* Writer. Blocks while full. ERR_BUSY once the reader is gone. */
enum err pipe_write(struct pipe *p, const void *bytes, size_t len) MUST_CHECK;
/* Writer: no more is coming; complete tells a whole from a broken-off stream. */
void pipe_close(struct pipe *p, bool complete);

enum pipe_state { PIPE_OPEN, PIPE_COMPLETE, PIPE_BROKEN };
/* Reader: takes up to max bytes. *state is of the stream once these bytes are delivered: PIPE_OPEN
 * with 0 bytes means readable() will be called. */
size_t pipe_read(struct pipe *p, void *out, size_t max, enum pipe_state *state);
/* Reader: wants no more; a blocked writer is let go. */
void pipe_break(struct pipe *p);

#endif
