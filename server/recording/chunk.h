/* A chunk: what one publisher of a recording sent within some ten seconds. A file that is only
 * appended to: a head, then entries, each with its own checksum (CRC-32 as in zlib), so that after
 * a crash all but the last of them is known to be whole.
 *
 *   head   12 bytes  "amphi.rec.1\n"
 *   entry  u32 CRC-32 of what follows, u32 size of the record, i64 when it came (Unix us), the
 *          record as on the wire (media/record.h); numbers big endian
 *
 * A chunk begins with the configs of the streams that are in it. Pure. */
#ifndef AMPHI_RECORDING_CHUNK_H
#define AMPHI_RECORDING_CHUNK_H

#include "base/err.h"
#include "media/record.h"

#define CHUNK_HEAD       12
#define CHUNK_ENTRY_HEAD 16
#define CHUNK_MOST       (64 * 1024 * 1024)  /* bytes of one */
#define CHUNK_LATEST_US  4102444800000000ULL /* the year 2100: no clock of ours is later */

struct chunk_entry {
    int64_t at_us;
    struct media_record record;
};

struct chunk_reader {
    const unsigned char *at;
    size_t left;
};

extern const unsigned char chunk_head[CHUNK_HEAD];

size_t chunk_entry_size(const struct media_record *record);
/* Writes chunk_entry_size() bytes. */
void chunk_write(int64_t at_us, const struct media_record *record, unsigned char *out);
/* ERR_INVALID: no chunk. */
enum err chunk_read(struct chunk_reader *r, const void *bytes, size_t len) MUST_CHECK;
/* The next entry, whose bytes are borrowed. ERR_NOT_FOUND at the end; ERR_INVALID: what follows is
 * not whole. */
enum err chunk_next(struct chunk_reader *r, struct chunk_entry *out) MUST_CHECK;
/* How many of the bytes are whole; *last: when the last entry came, 0: there is none. */
size_t chunk_whole(const void *bytes, size_t len, int64_t *last);

#endif
