/* media: a publisher sends what a speaker's voice and picture are in 100 ms, as one binary frame,
 * over and over; a round is over when every member has as many bytes of it.
 *
 * {"by":slot,"rounds":50,"gap_ms":100,"again":false} again: the numbers of the last time go on */
#include "phases.h"
#include <stdlib.h>
#include <string.h>

#define FRAME_HEAD  4
#define RECORD_HEAD 16
#define VOICES      5
#define VOICE       60
#define PICTURES    2
#define PICTURE     2600
#define KEY_EACH    40
#define ROUND_BYTES (VOICES * (RECORD_HEAD + VOICE) + PICTURES * (RECORD_HEAD + PICTURE))
#define ROUNDS_MOST 10000

static struct {
    struct conn *by;
    int rounds, round;
    size_t *got; /* bytes of records, by slot */
    size_t members, complete;
    uint64_t frames;
    int64_t next_at, began_at, *last;
    bool under_way;
} own;

static uint16_t sequence[2];

static const char *media_begin(struct gen *g, json_t *args)
{
    size_t by = (size_t)arg_int(args, "by", -1);
    memset(&own, 0, sizeof own);
    own.rounds = (int)arg_int(args, "rounds", 50);
    if (by >= g->count || g->members == 0 || own.rounds < 1 || own.rounds > ROUNDS_MOST)
        return "media: by, rounds or no members";
    if (!arg_bool(args, "again", false))
        memset(sequence, 0, sizeof sequence);
    own.by = &g->conns[by];
    own.members = g->members;
    own.got = calloc(g->count, sizeof *own.got);
    own.last = calloc((size_t)own.rounds, sizeof *own.last);
    return NULL;
}

static unsigned char *record(unsigned char *at, int stream, bool key, size_t len)
{
    uint16_t n = sequence[stream]++;
    memset(at, 0, RECORD_HEAD + len);
    at[0] = (unsigned char)stream; /* voice, camera */
    at[1] = key;
    at[3] = (unsigned char)stream;
    at[4] = (unsigned char)(n >> 8);
    at[5] = (unsigned char)n;
    at[14] = (unsigned char)(len >> 8);
    at[15] = (unsigned char)len;
    return at + RECORD_HEAD + len;
}

static void send_round(struct gen *g)
{
    static unsigned char frame[FRAME_HEAD + ROUND_BYTES];
    unsigned char *at = frame + FRAME_HEAD;
    memcpy(frame, (unsigned char[]){2, 1, 0, 0}, FRAME_HEAD);
    for (int i = 0; i < VOICES; i++)
        at = record(at, 0, false, VOICE);
    for (int i = 0; i < PICTURES; i++)
        at = record(at, 1, i == 0 && own.round % KEY_EACH == 0, PICTURE);
    own.began_at = now_us();
    own.under_way = true;
    own.complete = 0;
    frames_send(g, own.by, OP_BINARY, frame, sizeof frame);
}

static void media_turn(struct gen *g)
{
    if (own.under_way)
        return;
    if (own.round == own.rounds) {
        gen_done(g);
    } else if (g->now_us < own.next_at) {
        gen_wake_at(g, own.next_at);
    } else {
        own.next_at = g->now_us + arg_int(g->args, "gap_ms", 100) * US_PER_MS;
        send_round(g);
    }
}

static void media_frame(struct gen *g, struct conn *c, enum opcode op, const char *body, size_t len)
{
    (void)g;
    if (op != OP_BINARY || !c->member || len < FRAME_HEAD)
        return;
    size_t head = FRAME_HEAD + (size_t)((unsigned char)body[2] << 8 | (unsigned char)body[3]);
    size_t before = own.got[c->slot], want = (size_t)(own.round + 1) * ROUND_BYTES;
    own.frames++;
    own.got[c->slot] += len - head;
    if (before >= want || own.got[c->slot] < want || ++own.complete < own.members)
        return;
    own.last[own.round++] = now_us() - own.began_at;
    own.under_way = false;
}

static void media_end(struct gen *g, json_t *answer)
{
    (void)g;
    json_object_set_new(answer, "members", json_integer((json_int_t)own.members));
    json_object_set_new(answer, "rounds", json_integer(own.round));
    json_object_set_new(answer, "frames", json_integer((json_int_t)own.frames));
    json_object_set_new(answer, "round_bytes", json_integer(ROUND_BYTES));
    json_object_set_new(answer, "last_ms", summary_ms(own.last, (size_t)own.round));
    free(own.got);
    free(own.last);
}

const struct phase phase_media = {.name = "media",
                                  .begin = media_begin,
                                  .turn = media_turn,
                                  .frame = media_frame,
                                  .end = media_end};
