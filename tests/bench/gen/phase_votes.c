/* votes: every member sends one command and waits for its answer; all at once, or spread evenly.
 *
 * {"rest":["\"command\":\"poll.vote\",\"data\":{…}}",…],"spread_ms":0}: member i sends
 * {"id":<its next id>,<rest[i % n]>. Where the answer names a place, as session.join's does, the
 * member is there from then on. */
#include "phases.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    struct conn **voters;
    int64_t *latency;
    size_t count, sent, acked, refused, closed, wrong;
    int64_t last_us;
    char refusal[120];
} own;

static const char *votes_begin(struct gen *g, json_t *args)
{
    free(own.voters);
    free(own.latency);
    memset(&own, 0, sizeof own);
    if (json_array_size(json_object_get(args, "rest")) == 0 || g->members == 0)
        return "votes: nothing to send, or no members";
    own.voters = calloc(g->members, sizeof(struct conn *));
    own.latency = calloc(g->members, sizeof *own.latency);
    for (size_t s = 0; s < g->count; s++) {
        struct conn *c = &g->conns[s];
        c->awaited = 0;
        if (c->state == READY && c->member)
            own.voters[own.count++] = c;
    }
    return NULL;
}

static void send_vote(struct gen *g, struct conn *c, size_t index)
{
    static char text[2048];
    json_t *rest = json_object_get(g->args, "rest");
    const char *choice = json_string_value(json_array_get(rest, index % json_array_size(rest)));
    c->awaited = c->next_id++;
    int len = snprintf(text, sizeof text, "{\"id\":%llu,%s", (unsigned long long)c->awaited,
                       choice ? choice : "}");
    c->at_us = now_us();
    frames_send_command(g, c, text, (size_t)len);
}

static void votes_turn(struct gen *g)
{
    int64_t spread = arg_int(g->args, "spread_ms", 0) * US_PER_MS;
    while (own.sent < own.count) {
        int64_t due = g->begun_us + spread * (int64_t)own.sent / (int64_t)own.count;
        if (due > now_us()) {
            gen_wake_at(g, due);
            break;
        }
        struct conn *c = own.voters[own.sent];
        if (c->state == READY)
            send_vote(g, c, own.sent);
        own.sent++;
        if (spread && own.sent % 64 == 0)
            break; /* late: answers are read in between all the same */
    }
    if (own.sent == own.count && own.acked + own.refused + own.closed >= own.count)
        gen_done(g);
    else if (own.sent < own.count)
        gen_wake_at(g, g->begun_us + spread * (int64_t)own.sent / (int64_t)own.count);
}

static void votes_frame(struct gen *g, struct conn *c, enum opcode op, const char *body, size_t len)
{
    bool ok;
    uint64_t id = op == OP_TEXT ? answer_id(body, len, &ok) : 0;
    if (!id || !c->member)
        return;
    if (id != c->awaited) {
        own.wrong++; /* a second answer, or one that nobody asked for */
        return;
    }
    c->awaited = 0;
    own.last_us = g->now_us;
    if (ok) {
        own.latency[own.acked++] = g->now_us - c->at_us;
        frames_keep_place(c, body, len);
    } else if (own.refused++ == 0) {
        memcpy(own.refusal, body, len < sizeof own.refusal ? len : sizeof own.refusal - 1);
    }
}

static void votes_closed(struct gen *g, struct conn *c)
{
    (void)g;
    own.closed += c->member;
}

static void votes_end(struct gen *g, json_t *answer)
{
    double ms = (double)(own.last_us - g->begun_us) / 1000;
    json_object_set_new(answer, "sent", json_integer((json_int_t)own.sent));
    json_object_set_new(answer, "acked", json_integer((json_int_t)own.acked));
    json_object_set_new(answer, "refused", json_integer((json_int_t)own.refused));
    json_object_set_new(answer, "refusal", json_string(own.refusal));
    json_object_set_new(answer, "wrong", json_integer((json_int_t)own.wrong));
    json_object_set_new(answer, "until_last_ms", json_real(ms));
    json_object_set_new(answer, "per_second",
                        json_real(ms > 0 ? (double)own.acked * 1000 / ms : 0));
    json_object_set_new(answer, "latency_ms", summary_ms(own.latency, own.acked));
}

const struct phase phase_votes = {
    .name = "votes",
    .begin = votes_begin,
    .turn = votes_turn,
    .closed = votes_closed,
    .frame = votes_frame,
    .end = votes_end,
};
