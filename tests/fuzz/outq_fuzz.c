/* A connection's outgoing queue, played by two bytes a step: what to push or how much to send. The
 * stream that leaves is whole frames, what must arrive is all there and in order but for states
 * that newer ones replaced, and nothing comes in the middle of a frame. */
#include "base/mem.h"
#include "fuzz/fuzz.h"
#include "net/outq.h"
#include <string.h>

#define STEPS_MOST 512
#define KEYS       4
#define BOUND      16384
#define SCRATCH    512
#define HEAD                                                                                       \
    4 /* of a frame here: its class, the number of its push in two bytes, its length / 16 */

struct play {
    struct outq q;
    unsigned char frame[HEAD + 16 * 256]; /* that is under way at the receiver */
    size_t have;
    unsigned pushed;
    struct {
        enum frame_class class;
        uint64_t key;
        bool taken, dropped, arrived;
        unsigned frames, frames_arrived;
    } of[STEPS_MOST];
    unsigned last_that_must;
};

static struct payload *frame_of(enum frame_class class, unsigned number, uint8_t size)
{
    struct payload *p = payload_new(HEAD + 16 * (size_t)size);
    memset(p->bytes, (int)number, p->len);
    p->bytes[0] = (unsigned char)class;
    p->bytes[1] = (unsigned char)(number >> 8);
    p->bytes[2] = (unsigned char)number;
    p->bytes[3] = size;
    return p;
}

/* Media and bulk are several frames in one payload. */
static struct payload *payload_of(enum frame_class class, unsigned number, uint8_t size, unsigned n)
{
    struct payload *parts[3], *joined;
    for (unsigned i = 0; i < n; i++)
        parts[i] = frame_of(class, number, size);
    joined = n > 1 ? payload_join(parts, n) : payload_ref(parts[0]);
    for (unsigned i = 0; i < n; i++)
        payload_unref(parts[i]);
    return joined;
}

static bool must_arrive(enum frame_class class)
{
    return class <= FRAME_STATE;
}

/* A state of a key replaces the one that waits; one that is sent in part is not touched. */
static void forget_older(struct play *p, uint64_t key)
{
    for (unsigned i = 0; i < p->pushed; i++)
        if (p->of[i].class == FRAME_STATE && p->of[i].key == key && p->of[i].taken)
            p->of[i].dropped = true;
}

/* False: it would be closed, which ends the play. */
static bool push(struct play *p, uint8_t what, uint8_t size)
{
    enum frame_class class = what % 5;
    unsigned n = must_arrive(class) ? 1 : 1 + what / 5 % 3;
    uint64_t key = class == FRAME_STATE ? what / 5 % KEYS : 0;
    struct payload *frame = payload_of(class, p->pushed, size, n);
    size_t before = p->q.count;
    if (key)
        forget_older(p, key);
    bool good = outq_push(&p->q, class, key, frame, BOUND, p->pushed);
    MUST(good || must_arrive(class));
    MUST(p->q.bytes <= BOUND || p->q.count == 1);
    MUST(p->q.count <= before + 1);
    p->of[p->pushed].class = class;
    p->of[p->pushed].key = key;
    p->of[p->pushed].taken = good;
    p->of[p->pushed++].frames = n;
    payload_unref(frame);
    return good;
}

static void arrived(struct play *p)
{
    unsigned number = (unsigned)p->frame[1] << 8 | p->frame[2];
    MUST(number < p->pushed && p->of[number].class == p->frame[0] && p->of[number].taken);
    for (size_t i = HEAD; i < p->have; i++)
        MUST(p->frame[i] == (unsigned char)number);
    p->have = 0;
    MUST(++p->of[number].frames_arrived <= p->of[number].frames);
    if (!must_arrive(p->frame[0]))
        return;
    MUST(number + 1 > p->last_that_must);
    p->last_that_must = number + 1;
    p->of[number].arrived = true;
}

static void receive(struct play *p, const unsigned char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        p->frame[p->have++] = bytes[i];
        if (p->have >= HEAD && p->have == HEAD + 16u * p->frame[3])
            arrived(p);
    }
}

static void send_some(struct play *p, size_t max)
{
    unsigned char scratch[SCRATCH];
    const unsigned char *bytes = NULL;
    bool media_wait = outq_may_wait(&p->q), fresh = !outq_mid_frame(&p->q);
    size_t n = outq_peek(&p->q, scratch, max, &bytes);
    MUST(n <= max && (n > 0) == !outq_empty(&p->q));
    if (n == 0)
        return;
    unsigned char *copy = mem_new(n);
    memcpy(copy, bytes, n);
    MUST(p->have == 0 || !fresh);
    outq_sent(&p->q, n);
    receive(p, copy, n);
    MUST(!fresh || media_wait == !must_arrive(copy[0]));
    MUST(outq_mid_frame(&p->q) || p->have == 0); /* short frames that were joined are one */
    free(copy);
}

static void end(struct play *p, bool whole)
{
    while (whole && !outq_empty(&p->q))
        send_some(p, SCRATCH);
    MUST(!whole || (p->have == 0 && p->q.bytes == 0 && p->q.count == 0));
    for (unsigned i = 0; whole && i < p->pushed; i++)
        MUST(!p->of[i].taken || !must_arrive(p->of[i].class) || p->of[i].arrived ||
             p->of[i].dropped);
    outq_release(&p->q);
    MUST(outq_empty(&p->q) && outq_oldest(&p->q) == INT64_MAX);
    free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct play *p = mem_new(sizeof *p);
    bool open = true;
    outq_init(&p->q);
    for (size_t i = 0; open && i + 1 < size && p->pushed < STEPS_MOST; i += 2) {
        if (data[i] & 0x80)
            send_some(p, 1 + (data[i + 1] * 2u + (data[i] & 1)) % SCRATCH);
        else
            open = push(p, data[i], data[i + 1]);
    }
    end(p, !(size & 1));
    return 0;
}
