/* Complete websocket frames (RFC 6455), server to client: unmasked, unfragmented, header included.
 * An event is framed once and the payload shared by every connection that gets it. Any thread. */
#ifndef AMPHI_BASE_FRAME_H
#define AMPHI_BASE_FRAME_H

#include "base/payload.h"
#include <stddef.h>
#include <stdint.h>

/* How a connection's outgoing queue treats a frame. Control, events and states must arrive. Media
 * wait behind all of these, bulk behind media, too, and both may be dropped; their payload is one
 * frame, or several that were joined (payload.h), and what comes first is sent between two. */
enum frame_class { FRAME_CONTROL, FRAME_EVENT, FRAME_STATE, FRAME_MEDIA, FRAME_BULK };

/* Close codes, as PROTOCOL.md explains them. */
enum close_code {
    CLOSE_GOING_AWAY = 1001,
    CLOSE_BROKEN = 1002, /* of its frames */
    CLOSE_TEXT_ONLY = 1003,
    CLOSE_NOT_UTF8 = 1007,
    CLOSE_PROTOCOL = 1008,
    CLOSE_TOO_LARGE = 1009,
    CLOSE_TOO_SLOW = 1013,
    CLOSE_NOT_SIGNED_IN = 4401,
    CLOSE_NOT_ON_STAGE = 4403,
    CLOSE_REPLACED = 4409,
    CLOSE_TOO_FAST = 4429,
};

#define FRAME_HEADER_MAX  10
#define FRAME_CONTROL_MAX 125 /* bytes a ping or close may carry */

/* text must be valid UTF-8. */
struct payload *frame_text(const void *text, size_t len);
/* A text frame with a shared middle, which it refers to as payload_join() does. */
struct payload *frame_text_around(const void *before, size_t before_len, struct payload *middle,
                                  const void *after, size_t after_len);
/* A binary frame of two parts, so that a header need not be joined with its bytes first. */
struct payload *frame_binary(const void *head, size_t head_len, const void *bytes, size_t len);
/* Asserts len <= FRAME_CONTROL_MAX. */
struct payload *frame_ping(const void *bytes, size_t len);
struct payload *frame_pong(const void *bytes, size_t len);
/* The reason is cut at 123 bytes, on a character's border; NULL: none. */
struct payload *frame_close(uint16_t code, const char *reason);

/* Reading what the functions above wrote, for where it cannot be sent as it is. */
enum frame_kind { FRAME_IS_TEXT, FRAME_IS_BINARY, FRAME_IS_CLOSE, FRAME_IS_PING };
struct frame_view {
    enum frame_kind kind;
    const unsigned char *bytes; /* without the header */
    size_t len;
};
/* The first of complete frames; its length with the header, 0 when there is none. */
size_t frame_read(const unsigned char *frames, size_t len, struct frame_view *out);

#endif
