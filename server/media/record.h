/* Records of live voice and picture, and the binary frames that carry them (PROTOCOL.md "Media
 * frames"). What a publisher sends is untrusted: media_next() checks each field. Pure. */
#ifndef AMPHI_MEDIA_RECORD_H
#define AMPHI_MEDIA_RECORD_H

#include "base/err.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEDIA_FRAME_KIND    2
#define MEDIA_FRAME_VERSION 1
#define MEDIA_FRAME_HEAD    4 /* u8 kind, u8 version, u16 length of a JSON header */
#define MEDIA_RECORD_HEAD   16
#define MEDIA_FRAME_MOST    (256 * 1024) /* of a publisher */
#define MEDIA_VOICE_MOST    1500         /* bytes of a voice record: Opus has no more */
#define MEDIA_CONFIG_MOST   1024
#define MEDIA_OWN_STREAMS   4 /* of one publisher: 0 to 3, until the server gives its numbers */
#define MEDIA_OWN_VOICE     0
#define MEDIA_OWN_CAMERA    1
#define MEDIA_OWN_SCREEN    2

#define MEDIA_CLOCK_BYTES   8
#define MEDIA_CLOCK_LATE_MS 10000 /* a clock record says a time that is at most so long ago */
#define MEDIA_CLOCK_SOON_MS 1000  /* and so soon */

enum media_type {
    MEDIA_VOICE,
    MEDIA_CAMERA,
    MEDIA_SCREEN,
    MEDIA_CONFIG,
    MEDIA_GAP,
    MEDIA_CLOCK, /* of a voice: the Unix time, ms, at its timestamp */
    MEDIA_TYPES
};

enum media_flag {
    MEDIA_KEY = 1,         /* decodes without what came before */
    MEDIA_DISCARDABLE = 2, /* nothing that follows needs it */
    MEDIA_LOW = 4,         /* of the low rung */
    MEDIA_MUTED = 8,
    MEDIA_MORE = 16, /* the next record of this stream and rung goes on with it; the server's */
};

struct media_record {
    enum media_type type;
    uint8_t flags;
    uint16_t stream, sequence; /* sequence: of the stream and rung */
    uint8_t level;             /* of a voice, -dBov: 0 loudest, 127 silence */
    uint8_t generation;        /* of the stream's config */
    uint32_t timestamp;        /* 1/48,000 s */
    size_t len;
    const unsigned char *bytes; /* borrowed */
};

/* Over one frame of a publisher: its head, which names no place, then records to its end. */
struct media_reader {
    const unsigned char *at;
    size_t left;
};

/* ERR_TOO_LARGE, ERR_INVALID: no media frame. */
enum err media_read(struct media_reader *r, const void *bytes, size_t len) MUST_CHECK;
/* The next record; ERR_NOT_FOUND at the end; ERR_INVALID when it cannot be one. */
enum err media_next(struct media_reader *r, struct media_record *out) MUST_CHECK;
/* The record at the beginning of bytes that the server made itself. Its size, head included; 0:
 * there is none. */
size_t media_own(const void *bytes, size_t len, struct media_record *out);
/* Sets what the bytes of a clock record say to what can be, at a time by the server's clock. */
void media_clock_bound(unsigned char bytes[MEDIA_CLOCK_BYTES], int64_t now_ms);
void media_write_head(const struct media_record *record, unsigned char out[MEDIA_RECORD_HEAD]);

static inline bool media_is_picture(enum media_type type)
{
    return type == MEDIA_CAMERA || type == MEDIA_SCREEN;
}

#endif
