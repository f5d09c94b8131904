#include "raw.h"
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

size_t wire_frame(unsigned char *out, int op, const void *body, size_t len)
{
    size_t n = 2, digits = len < 126 ? 0 : len < 65536 ? 2 : 8;
    out[0] = (unsigned char)(0x80 | op);
    out[1] = digits == 0 ? (unsigned char)len : digits == 2 ? 126 : 127;
    for (size_t i = 0; i < digits; i++)
        out[n++] = (unsigned char)((uint64_t)len >> (8 * (digits - 1 - i)));
    if (len)
        memcpy(out + n, body, len);
    return n + len;
}

static size_t upgrade(struct raw *r, struct peer *c, const char *head, size_t len)
{
    const char *end = memmem(head, len, "\r\n\r\n", 4);
    const char *key = memmem(head, len, "Sec-WebSocket-Key: ", 19);
    if (!end || !key || end - key < 19 + 24) {
        if (end || len > 8192)
            peer_close(r, c);
        return 0;
    }
    char text[24 + sizeof GUID], reply[256];
    unsigned char hash[SHA_DIGEST_LENGTH], accept[32];
    memcpy(text, key + 19, 24);
    memcpy(text + 24, GUID, sizeof GUID);
    SHA1((unsigned char *)text, 24 + sizeof GUID - 1, hash);
    EVP_EncodeBlock(accept, hash, sizeof hash);
    int n = snprintf(reply, sizeof reply,
                     "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                     accept);
    c->stage = memcmp(head, "GET /pub ", 9) == 0 ? PUBLISHER : MEMBER;
    peer_send(r, c, reply, (size_t)n);
    return (size_t)(end + 4 - head);
}

static void broadcast(struct raw *r, int op, const unsigned char *body, size_t len)
{
    unsigned char *frame = malloc(14 + len);
    size_t size = wire_frame(frame, op, body, len);
    for (int fd = 0; fd <= r->highest; fd++) {
        if (r->clients[fd].stage == MEMBER)
            peer_send(r, &r->clients[fd], frame, size);
    }
    free(frame);
}

static void acknowledge(struct raw *r, struct peer *c, const unsigned char *body, size_t len)
{
    char text[64];
    unsigned char frame[96];
    if (len < 8 || memcmp(body, "{\"id\":", 6) != 0)
        return;
    size_t digits = strspn((const char *)body + 6, "0123456789"); /* ends within: '}' is there */
    int n = snprintf(text, sizeof text, "{\"id\":%.*s,\"ok\":{}}", (int)(digits < 20 ? digits : 20),
                     body + 6);
    peer_send(r, c, frame, wire_frame(frame, 1, text, (size_t)n));
}

static void frame(struct raw *r, struct peer *c, int op, const unsigned char *body, size_t len)
{
    if (op == 8)
        peer_close(r, c);
    else if (op == 1 && c->stage == MEMBER)
        acknowledge(r, c, body, len);
    else if ((op == 1 || op == 2) && c->stage == PUBLISHER)
        broadcast(r, op, body, len);
}

/* Unmasks in place. 0: not whole yet. */
static size_t take_frame(struct raw *r, struct peer *c, unsigned char *b, size_t have)
{
    if (have < 2)
        return 0;
    size_t len = b[1] & 0x7f, head = len < 126 ? 2 : len == 126 ? 4 : 10;
    if (have < head + 4)
        return 0;
    if (head > 2) {
        len = 0;
        for (size_t i = 2; i < head; i++)
            len = len << 8 | b[i];
    }
    if (have < head + 4 + len)
        return 0;
    unsigned char *mask = b + head, *body = mask + 4;
    for (size_t i = 0; i < len; i++)
        body[i] ^= mask[i & 3];
    frame(r, c, b[0] & 0x0f, body, len);
    return head + 4 + len;
}

size_t wire_received(struct raw *r, struct peer *c, unsigned char *bytes, size_t len)
{
    size_t used = 0, n;
    if (c->stage == HEAD)
        used = upgrade(r, c, (const char *)bytes, len);
    while ((c->stage == MEMBER || c->stage == PUBLISHER) &&
           (n = take_frame(r, c, bytes + used, len - used)) > 0)
        used += n;
    return used;
}
