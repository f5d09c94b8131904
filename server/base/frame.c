#include "base/frame.h"
#include <assert.h>
#include <string.h>

enum opcode { OP_TEXT = 0x1, OP_BINARY = 0x2, OP_CLOSE = 0x8, OP_PING = 0x9, OP_PONG = 0xa };
#define FIN 0x80

static size_t header_size(size_t len)
{
    return len < 126 ? 2 : len < 65536 ? 4 : 10;
}

static void write_header(unsigned char *b, enum opcode op, size_t len)
{
    size_t head = header_size(len);
    b[0] = (unsigned char)(FIN | op);
    if (head == 2) {
        b[1] = (unsigned char)len;
    } else {
        size_t digits = head - 2;
        b[1] = digits == 2 ? 126 : 127;
        for (size_t i = 0; i < digits; i++)
            b[2 + i] = (unsigned char)((uint64_t)len >> (8 * (digits - 1 - i)));
    }
}

/* A frame with its header written; the caller fills the len bytes at *body. */
static struct payload *frame_new(enum opcode op, size_t len, unsigned char **body)
{
    size_t head = header_size(len);
    struct payload *p = payload_new(head + len);
    write_header(p->bytes, op, len);
    *body = p->bytes + head;
    return p;
}

static void copy(unsigned char *to, const void *from, size_t len)
{
    if (len)
        memcpy(to, from, len);
}

static struct payload *frame_of(enum opcode op, const void *bytes, size_t len)
{
    unsigned char *body;
    struct payload *p = frame_new(op, len, &body);
    copy(body, bytes, len);
    return p;
}

struct payload *frame_text(const void *text, size_t len)
{
    return frame_of(OP_TEXT, text, len);
}

struct payload *frame_text_around(const void *before, size_t before_len, struct payload *middle,
                                  const void *after, size_t after_len)
{
    size_t len = before_len + middle->len + after_len, head = header_size(len);
    struct payload *first = payload_new(head + before_len), *last = payload_copy(after, after_len);
    write_header(first->bytes, OP_TEXT, len);
    copy(first->bytes + head, before, before_len);
    struct payload *frame = payload_join((struct payload *[]){first, middle, last}, 3);
    payload_unref(first);
    payload_unref(last);
    return frame;
}

struct payload *frame_binary(const void *head, size_t head_len, const void *bytes, size_t len)
{
    unsigned char *body;
    struct payload *p = frame_new(OP_BINARY, head_len + len, &body);
    copy(body, head, head_len);
    copy(body + head_len, bytes, len);
    return p;
}

struct payload *frame_ping(const void *bytes, size_t len)
{
    assert(len <= FRAME_CONTROL_MAX);
    return frame_of(OP_PING, bytes, len);
}

struct payload *frame_pong(const void *bytes, size_t len)
{
    assert(len <= FRAME_CONTROL_MAX);
    return frame_of(OP_PONG, bytes, len);
}

struct payload *frame_close(uint16_t code, const char *reason)
{
    size_t len = reason ? strlen(reason) : 0;
    if (len > FRAME_CONTROL_MAX - 2) {
        len = FRAME_CONTROL_MAX - 2;
        while (len > 0 && ((unsigned char)reason[len] & 0xc0) == 0x80)
            len--; /* never half a character: the peer checks UTF-8 */
    }
    unsigned char *body;
    struct payload *p = frame_new(OP_CLOSE, 2 + len, &body);
    body[0] = (unsigned char)(code >> 8);
    body[1] = (unsigned char)code;
    copy(body + 2, reason, len);
    return p;
}

static enum frame_kind kind_of(unsigned char first)
{
    switch (first & 0xf) {
    case OP_TEXT:
        return FRAME_IS_TEXT;
    case OP_CLOSE:
        return FRAME_IS_CLOSE;
    case OP_PING:
        return FRAME_IS_PING;
    default:
        return FRAME_IS_BINARY;
    }
}

size_t frame_read(const unsigned char *frames, size_t len, struct frame_view *out)
{
    if (len < 2)
        return 0;
    size_t digits = frames[1] == 126 ? 2 : frames[1] == 127 ? 8 : 0, head = 2 + digits;
    uint64_t size = digits ? 0 : frames[1];
    if (len < head)
        return 0;
    for (size_t i = 0; i < digits; i++)
        size = size << 8 | frames[2 + i];
    if (size > len - head)
        return 0;
    *out = (struct frame_view){kind_of(frames[0]), frames + head, (size_t)size};
    return head + (size_t)size;
}
