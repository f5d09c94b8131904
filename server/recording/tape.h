/* What one publisher of a recording sends, written to the disk as chunks (chunk.h): a file in
 * `folder` named RECORDING.PERSON.BEGIN, which ends in ".open" while it is written and in ".whole"
 * afterwards. A chunk ends after ten seconds at the next key frame, so that each begins with a
 * picture that decodes. One thread; blocks on the disk. */
#ifndef AMPHI_RECORDING_TAPE_H
#define AMPHI_RECORDING_TAPE_H

#include "base/id.h"
#include "base/list.h"
#include "base/payload.h"
#include "media/record.h"
#include <limits.h>

#define TAPE_OPEN  ".open"
#define TAPE_WHOLE ".whole"

struct tape {
    struct list node; /* its owner's */
    struct id recording, person;
    char folder[PATH_MAX], path[PATH_MAX];
    int64_t chunk_us; /* how long a chunk is, to the next key frame; ten seconds, or its owner's */
    int fd;           /* -1: no chunk is open */
    int64_t from_us, last_us, synced_us, key_us; /* Unix us, 0: none yet; key: the last key frame */
    size_t bytes;                                /* of the open chunk, all of them whole */
    struct payload *configs[MEDIA_OWN_STREAMS][2]; /* records, heads included: by stream and rung */
    unsigned char *scratch;
};

/* What the name of a file of a tape says. */
struct tape_name {
    struct id recording, person;
    int64_t from_us;
};

struct tape *tape_new(const char *folder, const struct id *recording, const struct id *person);
/* ERR_BUSY: the disk takes nothing more; the chunk is whole up to the record before. */
enum err tape_put(struct tape *t, int64_t at_us, const struct media_record *record) MUST_CHECK;
/* On the disk, if it is a second since the last time. */
enum err tape_sync(struct tape *t, int64_t now_us) MUST_CHECK;
/* Ends the open chunk. */
void tape_end(struct tape *t);
void tape_free(struct tape *t); /* ends it first; NULL is allowed */

/* False: it is no file of a tape that ends so. */
bool tape_name_read(const char *file, const char *ending, struct tape_name *out);
/* After a crash: cuts what is not whole off each open chunk, and ends it. */
void tape_recover(const char *folder);

#endif
