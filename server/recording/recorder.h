/* Writes what is recorded, on a thread of its own: nothing that is live ever waits for the disk.
 * What comes goes through a queue that is bounded in bytes; when the disk does not keep up, or
 * takes nothing more, the recording fails and says so, and everything else goes on. Chunks that
 * are whole lie in the folder until somebody takes them (tape.h). */
#ifndef AMPHI_RECORDING_RECORDER_H
#define AMPHI_RECORDING_RECORDER_H

#include "base/clock.h"
#include "base/id.h"
#include "base/payload.h"
#include <stdbool.h>
#include <stddef.h>

#define RECORDER_ROOM (64u << 20) /* bytes that the disk must have, or a recording is over */

struct recorder;

struct recorder_config {
    const char *folder; /* exists; only this recorder writes there */
    size_t queue_bytes; /* that may wait for the disk */
    int64_t chunk_us;   /* of a chunk; 0: ten seconds */
    const struct clock *clock;
    /* Whether the disk has room for so many bytes more. Recorder's thread. */
    bool (*has_room)(void *arg, size_t bytes);
    /* Once for a recording that can write no more; what comes for it is dropped. Recorder's thread.
     */
    void (*failed)(void *arg, const struct id *recording);
    void *arg;
};

/* Recovers first what a crash left. */
struct recorder *recorder_new(const struct recorder_config *config);
/* Writes everything that waits, and ends all chunks. */
void recorder_free(struct recorder *r); /* NULL is allowed */
/* Records of one publisher, one after the other, heads included. Takes a reference of its own. Any
 * thread. */
void recorder_put(struct recorder *r, const struct id *recording, const struct id *person,
                  int64_t at_us, struct payload *records);
/* What came of this person up to here is whole chunks soon. person NULL: of everybody, and the
 * recording is over. Any thread. */
void recorder_end(struct recorder *r, const struct id *recording, const struct id *person);

#endif
