/* arrive: people come to a stage that runs, so many a second; over when each of them has had a
 * voice since it began to connect, and a key frame.
 *
 * {"count":n,"per_s":100,"cookies":file,"skip":0} */
#include "phases.h"
#include <stdlib.h>
#include <string.h>

#define FRAME_HEAD  4
#define RECORD_HEAD 16
#define KEY         1

enum { VOICE, CAMERA, HAD };

static struct {
    size_t first, count, next, had[HAD], failed;
    int64_t *ms[HAD]; /* us, by arrival */
    bool (*have)[HAD];
    char **cookies;
} own;

static const char *arrive_begin(struct gen *g, json_t *args)
{
    size_t count = (size_t)arg_int(args, "count", 0);
    memset(&own, 0, sizeof own);
    own.first = g->count;
    own.count = count;
    if (count == 0 || !conns_reserve(g, count))
        return "arrive: count";
    own.cookies =
        arg_lines(g, arg_text(args, "cookies", ""), (size_t)arg_int(args, "skip", 0), count);
    if (!own.cookies)
        return g->fault;
    for (int i = 0; i < HAD; i++)
        own.ms[i] = calloc(count, sizeof *own.ms[i]);
    own.have = calloc(count, sizeof *own.have);
    return NULL;
}

static void arrive_turn(struct gen *g)
{
    int64_t per_s = arg_int(g->args, "per_s", 100);
    size_t due = (size_t)((g->now_us - g->begun_us) * per_s / 1000000) + 1;
    for (; own.next < due && own.next < own.count; own.next++) {
        struct conn *c = conn_take(g, AMPHI);
        c->member = true;
        c->path = "/live";
        c->port = g->target.port;
        c->cookie = own.cookies[own.next];
        c->at_us = now_us();
        conn_open(g, c);
    }
    if (own.had[VOICE] + own.failed >= own.count && own.had[CAMERA] + own.failed >= own.count)
        gen_done(g);
    else
        gen_wake_at(g, g->now_us + 5 * US_PER_MS);
}

static void had(struct gen *g, struct conn *c, int what)
{
    size_t i = c->slot - own.first;
    if (own.have[i][what])
        return;
    own.have[i][what] = true;
    own.ms[what][own.had[what]++] = g->now_us - c->at_us;
}

static void arrive_frame(struct gen *g, struct conn *c, enum opcode op, const char *body,
                         size_t len)
{
    const unsigned char *b = (const unsigned char *)body;
    if (op != OP_BINARY || c->slot < own.first || len < FRAME_HEAD || b[0] != 2)
        return;
    for (size_t at = FRAME_HEAD + (size_t)(b[2] << 8 | b[3]); at + RECORD_HEAD <= len;) {
        if (b[at] == VOICE || (b[at] == CAMERA && (b[at + 1] & KEY)))
            had(g, c, b[at]);
        at += RECORD_HEAD + ((size_t)b[at + 12] << 24 | (size_t)b[at + 13] << 16 |
                             (size_t)b[at + 14] << 8 | b[at + 15]);
    }
}

static void arrive_closed(struct gen *g, struct conn *c)
{
    (void)g;
    own.failed += c->slot >= own.first;
}

static void arrive_end(struct gen *g, json_t *answer)
{
    (void)g;
    json_object_set_new(answer, "heard", json_integer((json_int_t)own.had[VOICE]));
    json_object_set_new(answer, "failed", json_integer((json_int_t)own.failed));
    json_object_set_new(answer, "hear_ms", summary_ms(own.ms[VOICE], own.had[VOICE]));
    json_object_set_new(answer, "see_ms", summary_ms(own.ms[CAMERA], own.had[CAMERA]));
    for (int i = 0; i < HAD; i++)
        free(own.ms[i]);
    free(own.have);
    free(own.cookies);
}

const struct phase phase_arrive = {.name = "arrive",
                                   .begin = arrive_begin,
                                   .turn = arrive_turn,
                                   .frame = arrive_frame,
                                   .closed = arrive_closed,
                                   .end = arrive_end};
