/* Websocket on the wire, and the way of a connection to READY. */
#include "gen.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned char mask[4] = {0x5a, 0x17, 0xc3, 0x88};

void bytes_add(struct bytes *b, const void *from, size_t len)
{
    if (b->len + len > b->cap) {
        b->cap = (b->len + len) * 2;
        b->at = realloc(b->at, b->cap);
        if (!b->at)
            abort();
    }
    memcpy(b->at + b->len, from, len);
    b->len += len;
}

void bytes_drop(struct bytes *b, size_t len)
{
    memmove(b->at, b->at + len, b->len - len);
    b->len -= len;
}

void bytes_free(struct bytes *b)
{
    free(b->at);
    *b = (struct bytes){0};
}

bool begins(const char *text, size_t len, const char *with)
{
    size_t want = strlen(with);
    return len >= want && memcmp(text, with, want) == 0;
}

uint64_t answer_id(const char *text, size_t len, bool *ok)
{
    uint64_t id = 0;
    size_t i = 6;
    if (!begins(text, len, "{\"id\":"))
        return 0;
    for (; i < len && text[i] >= '0' && text[i] <= '9'; i++)
        id = id * 10 + (uint64_t)(text[i] - '0');
    *ok = begins(text + i, len - i, ",\"ok\"");
    return id;
}

void frames_build(struct bytes *out, enum opcode op, const void *body, size_t len)
{
    unsigned char head[14] = {(unsigned char)(0x80 | op)};
    size_t n = 2;
    if (len < 126) {
        head[1] = (unsigned char)(0x80 | len);
    } else {
        size_t digits = len < 65536 ? 2 : 8;
        head[1] = digits == 2 ? 0x80 | 126 : 0x80 | 127;
        for (size_t i = 0; i < digits; i++)
            head[n++] = (unsigned char)((uint64_t)len >> (8 * (digits - 1 - i)));
    }
    memcpy(head + n, mask, sizeof mask);
    bytes_add(out, head, n + sizeof mask);
    size_t from = out->len;
    bytes_add(out, body, len);
    for (size_t i = 0; i < len; i++)
        out->at[from + i] = (char)((unsigned char)out->at[from + i] ^ mask[i & 3]);
}

void frames_send(struct gen *g, struct conn *c, enum opcode op, const void *body, size_t len)
{
    static struct bytes out;
    out.len = 0;
    frames_build(&out, op, body, len);
    conn_write(g, c, out.at, out.len);
}

void frames_command(struct bytes *out, const struct conn *c, const char *text, size_t len)
{
    static struct bytes whole;
    const char *comma = c->place[0] ? memchr(text, ',', len) : NULL;
    size_t head = comma ? (size_t)(comma + 1 - text) : 0;
    whole.len = 0;
    bytes_add(&whole, text, head);
    if (comma) {
        bytes_add(&whole, "\"place\":\"", 9);
        bytes_add(&whole, c->place, strlen(c->place));
        bytes_add(&whole, "\",", 2);
    }
    bytes_add(&whole, text + head, len - head);
    frames_build(out, OP_TEXT, whole.at, whole.len);
}

void frames_send_command(struct gen *g, struct conn *c, const char *text, size_t len)
{
    static struct bytes out;
    out.len = 0;
    frames_command(&out, c, text, len);
    conn_write(g, c, out.at, out.len);
}

static bool publishes(const struct conn *c)
{
    return strcmp(c->path, "/publish") == 0;
}

void frames_upgrade(struct gen *g, struct conn *c)
{
    char request[1024];
    bool amphi = c->speaks == AMPHI;
    c->state = UPGRADING;
    int len =
        snprintf(request, sizeof request,
                 "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                 "Origin: %s\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s%s%s%s\r\n",
                 c->path, g->target.host, g->target.origin,
                 !amphi         ? ""
                 : publishes(c) ? "Sec-WebSocket-Protocol: amphi-media.1\r\n"
                                : "Sec-WebSocket-Protocol: amphi.2\r\n",
                 c->cookie ? "Cookie: __Host-amphi=" : "", c->cookie ? c->cookie : "",
                 c->cookie ? "\r\n" : "");
    conn_write(g, c, request, (size_t)len);
}

/* How much of it was the reply's head; 0: it is not whole yet. */
static size_t upgraded(struct gen *g, struct conn *c, const char *bytes, size_t len)
{
    const char *end = memmem(bytes, len, "\r\n\r\n", 4);
    if (!end) {
        if (len > 8192)
            conn_fail(g, c, "endless reply");
        return 0;
    }
    if (!begins(bytes, len, "HTTP/1.1 101 ")) {
        char line[48];
        snprintf(line, sizeof line, "%.*s", (int)strcspn(bytes, "\r"), bytes);
        conn_fail(g, c, line);
        return 0;
    }
    if (c->speaks == AMPHI)
        c->state = GREETING;
    else
        conn_ready(g, c);
    return (size_t)(end + 4 - bytes);
}

static void join(struct gen *g, struct conn *c)
{
    char text[160];
    int len = snprintf(
        text, sizeof text, "{\"id\":%llu,\"command\":\"session.%s\",\"data\":{\"session\":\"%s\"}}",
        (unsigned long long)c->next_id++, publishes(c) ? "publish" : "join", g->target.session);
    c->state = JOINING;
    frames_send(g, c, OP_TEXT, text, (size_t)len);
}

void frames_keep_place(struct conn *c, const char *text, size_t len)
{
    static const char before[] = "\"place\":\"";
    const char *at = memmem(text, len, before, sizeof before - 1);
    if (at && (size_t)(at - text) + sizeof before + sizeof c->place <= len)
        memcpy(c->place, at + sizeof before - 1, sizeof c->place - 1);
}

static void text_before_ready(struct gen *g, struct conn *c, const char *text, size_t len)
{
    bool ok = false;
    if (c->state == GREETING && begins(text, len, "{\"hello\":")) {
        join(g, c);
    } else if (c->state == JOINING && answer_id(text, len, &ok) == 1) {
        char refused[80];
        snprintf(refused, sizeof refused, "join refused: %.*s", (int)(len < 60 ? len : 60), text);
        frames_keep_place(c, text, len);
        if (ok)
            conn_ready(g, c);
        else
            conn_fail(g, c, refused);
    }
}

static void frame(struct gen *g, struct conn *c, enum opcode op, const char *body, size_t len)
{
    g->frames_in++;
    if (op == OP_PING) {
        g->pings++;
        frames_send(g, c, OP_PONG, body, len);
    } else if (op == OP_CLOSE) {
        char why[40];
        snprintf(why, sizeof why, "close frame %d",
                 len >= 2 ? (unsigned char)body[0] << 8 | (unsigned char)body[1] : 0);
        conn_fail(g, c, why);
        return;
    } else if (c->state != READY) {
        text_before_ready(g, c, body, len);
        return;
    }
    if (g->phase && g->phase->frame && c->state == READY)
        g->phase->frame(g, c, op, body, len);
}

/* The size of the frame at the beginning, its head included; 0: not even its head is there. */
static size_t frame_size(const unsigned char *b, size_t len, size_t *head)
{
    *head = len < 2 ? 2 : b[1] < 126 ? 2 : b[1] == 126 ? 4 : 10;
    if (len < *head)
        return 0;
    size_t body = b[1];
    if (*head > 2) {
        body = 0;
        for (size_t i = 2; i < *head; i++)
            body = body << 8 | b[i];
    }
    return *head + body;
}

/* How much of it was used. */
static size_t take(struct gen *g, struct conn *c, const char *bytes, size_t len)
{
    size_t used = c->state == UPGRADING ? upgraded(g, c, bytes, len) : 0;
    if (c->state == UPGRADING)
        return 0;
    while (c->state != FREE && used < len) {
        size_t head;
        size_t size = frame_size((const unsigned char *)bytes + used, len - used, &head);
        if (size == 0 || size > len - used)
            break;
        frame(g, c, bytes[used] & 0x0f, bytes + used + head, size - head);
        used += size;
    }
    return used;
}

void frames_received(struct gen *g, struct conn *c, const char *bytes, size_t len)
{
    if (c->rx.len == 0) {
        size_t used = take(g, c, bytes, len);
        if (c->state != FREE && used < len)
            bytes_add(&c->rx, bytes + used, len - used);
        return;
    }
    bytes_add(&c->rx, bytes, len);
    size_t used = take(g, c, c->rx.at, c->rx.len);
    if (c->state == FREE)
        return;
    bytes_drop(&c->rx, used);
    if (c->rx.len == 0)
        bytes_free(&c->rx);
}
