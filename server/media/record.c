#include "media/record.h"

#define FLAGS_OF_PUBLISHERS (MEDIA_KEY | MEDIA_DISCARDABLE | MEDIA_LOW | MEDIA_MUTED)
#define LEVEL_MOST          127

static uint32_t read_u32(const unsigned char *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static uint16_t read_u16(const unsigned char *b)
{
    return (uint16_t)(b[0] << 8 | b[1]);
}

static void write_u32(unsigned char *b, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        b[i] = (unsigned char)(n >> (24 - 8 * i));
}

enum err media_read(struct media_reader *r, const void *bytes, size_t len)
{
    const unsigned char *b = bytes;
    if (len > MEDIA_FRAME_MOST)
        return ERR_TOO_LARGE;
    if (len < MEDIA_FRAME_HEAD || b[0] != MEDIA_FRAME_KIND || b[1] != MEDIA_FRAME_VERSION ||
        read_u16(b + 2) != 0)
        return ERR_INVALID;
    *r = (struct media_reader){.at = b + MEDIA_FRAME_HEAD, .left = len - MEDIA_FRAME_HEAD};
    return ERR_OK;
}

static const struct {
    size_t least, most;
} bytes_of[MEDIA_TYPES] = {[MEDIA_VOICE] = {1, MEDIA_VOICE_MOST},
                           [MEDIA_CAMERA] = {1, MEDIA_FRAME_MOST},
                           [MEDIA_SCREEN] = {1, MEDIA_FRAME_MOST},
                           [MEDIA_CONFIG] = {1, MEDIA_CONFIG_MOST},
                           [MEDIA_GAP] = {0, 0},
                           [MEDIA_CLOCK] = {MEDIA_CLOCK_BYTES, MEDIA_CLOCK_BYTES}};

static bool is_sound(const struct media_record *r)
{
    uint8_t picture = MEDIA_KEY | MEDIA_DISCARDABLE | MEDIA_LOW;
    return r->type < MEDIA_TYPES && !(r->flags & ~FLAGS_OF_PUBLISHERS) &&
           r->stream < MEDIA_OWN_STREAMS && r->level <= LEVEL_MOST &&
           r->len >= bytes_of[r->type].least && r->len <= bytes_of[r->type].most &&
           (r->type != MEDIA_VOICE || !(r->flags & picture)) &&
           (r->type != MEDIA_CLOCK || (r->stream == MEDIA_OWN_VOICE && !r->flags)) &&
           (r->flags & (MEDIA_KEY | MEDIA_DISCARDABLE)) != (MEDIA_KEY | MEDIA_DISCARDABLE);
}

size_t media_own(const void *bytes, size_t len, struct media_record *out)
{
    const unsigned char *b = bytes;
    if (len < MEDIA_RECORD_HEAD || read_u32(b + 12) > len - MEDIA_RECORD_HEAD)
        return 0;
    *out = (struct media_record){.type = (enum media_type)b[0],
                                 .flags = b[1],
                                 .stream = read_u16(b + 2),
                                 .sequence = read_u16(b + 4),
                                 .level = b[6],
                                 .generation = b[7],
                                 .timestamp = read_u32(b + 8),
                                 .len = read_u32(b + 12),
                                 .bytes = b + MEDIA_RECORD_HEAD};
    return MEDIA_RECORD_HEAD + out->len;
}

enum err media_next(struct media_reader *r, struct media_record *out)
{
    if (r->left == 0)
        return ERR_NOT_FOUND;
    size_t size = media_own(r->at, r->left, out);
    if (size == 0 || !is_sound(out))
        return ERR_INVALID;
    r->at += size;
    r->left -= size;
    return ERR_OK;
}

void media_write_head(const struct media_record *record, unsigned char out[MEDIA_RECORD_HEAD])
{
    out[0] = (unsigned char)record->type;
    out[1] = record->flags;
    out[2] = (unsigned char)(record->stream >> 8);
    out[3] = (unsigned char)record->stream;
    out[4] = (unsigned char)(record->sequence >> 8);
    out[5] = (unsigned char)record->sequence;
    out[6] = record->level;
    out[7] = record->generation;
    write_u32(out + 8, record->timestamp);
    write_u32(out + 12, (uint32_t)record->len);
}

void media_clock_bound(unsigned char bytes[MEDIA_CLOCK_BYTES], int64_t now_ms)
{
    uint64_t said = (uint64_t)read_u32(bytes) << 32 | read_u32(bytes + 4);
    uint64_t least = (uint64_t)(now_ms - MEDIA_CLOCK_LATE_MS);
    uint64_t most = (uint64_t)(now_ms + MEDIA_CLOCK_SOON_MS);
    uint64_t is = said < least ? least : said > most ? most : said;
    write_u32(bytes, (uint32_t)(is >> 32));
    write_u32(bytes + 4, (uint32_t)is);
}
