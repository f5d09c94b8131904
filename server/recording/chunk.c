#include "recording/chunk.h"
#include <string.h>
#include <zlib.h>

const unsigned char chunk_head[CHUNK_HEAD] = "amphi.rec.1\n";

static void put(unsigned char *out, uint64_t value, int bytes)
{
    for (int i = bytes; i-- > 0; value >>= 8)
        out[i] = (unsigned char)value;
}

static uint64_t get(const unsigned char *at, int bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

size_t chunk_entry_size(const struct media_record *record)
{
    return CHUNK_ENTRY_HEAD + MEDIA_RECORD_HEAD + record->len;
}

void chunk_write(int64_t at_us, const struct media_record *record, unsigned char *out)
{
    size_t size = chunk_entry_size(record);
    put(out + 4, MEDIA_RECORD_HEAD + record->len, 4);
    put(out + 8, (uint64_t)at_us, 8);
    media_write_head(record, out + CHUNK_ENTRY_HEAD);
    if (record->len)
        memcpy(out + CHUNK_ENTRY_HEAD + MEDIA_RECORD_HEAD, record->bytes, record->len);
    put(out, crc32(0, out + 4, (uInt)(size - 4)), 4);
}

enum err chunk_read(struct chunk_reader *r, const void *bytes, size_t len)
{
    if (len < CHUNK_HEAD || memcmp(bytes, chunk_head, CHUNK_HEAD) != 0)
        return ERR_INVALID;
    *r = (struct chunk_reader){(const unsigned char *)bytes + CHUNK_HEAD, len - CHUNK_HEAD};
    return ERR_OK;
}

enum err chunk_next(struct chunk_reader *r, struct chunk_entry *out)
{
    if (r->left == 0)
        return ERR_NOT_FOUND;
    if (r->left < CHUNK_ENTRY_HEAD)
        return ERR_INVALID;
    size_t size = get(r->at + 4, 4);
    if (size < MEDIA_RECORD_HEAD || size > r->left - CHUNK_ENTRY_HEAD ||
        get(r->at, 4) != crc32(0, r->at + 4, (uInt)(CHUNK_ENTRY_HEAD - 4 + size)) ||
        media_own(r->at + CHUNK_ENTRY_HEAD, size, &out->record) != size)
        return ERR_INVALID;
    uint64_t at_us = get(r->at + 8, 8);
    if (at_us > CHUNK_LATEST_US)
        return ERR_INVALID;
    out->at_us = (int64_t)at_us;
    r->at += CHUNK_ENTRY_HEAD + size;
    r->left -= CHUNK_ENTRY_HEAD + size;
    return ERR_OK;
}

size_t chunk_whole(const void *bytes, size_t len, int64_t *last)
{
    struct chunk_reader r;
    struct chunk_entry entry;
    *last = 0;
    if (chunk_read(&r, bytes, len) != ERR_OK)
        return 0;
    while (chunk_next(&r, &entry) == ERR_OK)
        *last = entry.at_us;
    return len - r.left;
}
