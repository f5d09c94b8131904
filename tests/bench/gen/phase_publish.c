/* publish: one connection publishes, one event after the other; each is over when every member has
 * all its frames. An event is a list of frames that leave in one write: eight host commands back to
 * back are an event of eight frames.
 *
 * {"by":slot,"events":[["…",…],…],"marker":"{\"event\":","gap_ms":10,"timeout_ms":…}
 * by a BYTES connection the texts are sent as they are (an HTTP request), else each as a text
 * frame. Frames that begin with the marker count; marker "" counts every text. Times of an event:
 *   start  the publisher wrote          first  the first member, or the publisher by its answer,
 * had last   the last member had all             something of it: it is committed by then */
#include "phases.h"
#include <stdlib.h>
#include <string.h>

#define EVENTS_MAX 10000

struct timed {
    int64_t start, first, last;
};

static struct {
    struct conn *by;
    json_t *events;
    const char *marker;
    size_t event, events_count;
    uint32_t per_event;
    size_t members, complete;
    uint64_t deliveries, extra, bytes, answers, refused;
    int64_t next_at;
    bool under_way;
    struct timed *times;
    char last_frame[400], refusal[120];
} own;

static const char *publish_begin(struct gen *g, json_t *args)
{
    size_t by = (size_t)arg_int(args, "by", -1);
    free(own.times);
    memset(&own, 0, sizeof own);
    own.events = json_object_get(args, "events");
    own.events_count = json_array_size(own.events);
    own.marker = arg_text(args, "marker", "{\"event\":");
    own.members = g->members;
    if (by >= g->count || g->conns[by].state != READY)
        return "publish: by is no open connection";
    if (own.events_count == 0 || own.events_count > EVENTS_MAX || own.members == 0)
        return "publish: no events, or no members";
    own.by = &g->conns[by];
    own.times = calloc(own.events_count, sizeof *own.times);
    return NULL;
}

static void start_event(struct gen *g)
{
    static struct bytes out;
    size_t i;
    json_t *text, *frames = json_array_get(own.events, own.event);
    out.len = 0;
    json_array_foreach(frames, i, text)
    {
        const char *bytes = json_string_value(text);
        if (!bytes)
            continue;
        if (own.by->speaks == BYTES)
            bytes_add(&out, bytes, strlen(bytes));
        else
            frames_command(&out, own.by, bytes, strlen(bytes));
    }
    for (size_t s = 0; s < g->count; s++)
        g->conns[s].seen = 0;
    own.complete = 0;
    /* A publisher over HTTP waits for each answer and says so: several requests, one event each. */
    own.per_event = (uint32_t)arg_int(g->args, "per_event", (int64_t)json_array_size(frames));
    own.under_way = true;
    own.times[own.event].start = now_us();
    conn_write(g, own.by, out.at, out.len);
}

static void publish_turn(struct gen *g)
{
    if (own.under_way)
        return;
    if (own.event == own.events_count) {
        gen_done(g);
    } else if (g->now_us >= own.next_at) {
        start_event(g);
    } else {
        gen_wake_at(g, own.next_at);
    }
}

static void begun(struct gen *g)
{
    struct timed *t = &own.times[own.event];
    if (own.under_way && !t->first)
        t->first = g->now_us;
}

static void delivered(struct gen *g, struct conn *c, const char *body, size_t len)
{
    if (!own.under_way) {
        own.extra++;
        return;
    }
    begun(g);
    own.deliveries++;
    own.bytes += len;
    if (++c->seen > own.per_event)
        own.extra++;
    if (c->seen != own.per_event || ++own.complete < own.members)
        return;
    own.times[own.event].last = now_us();
    size_t keep = len < sizeof own.last_frame - 1 ? len : sizeof own.last_frame - 1;
    memcpy(own.last_frame, body, keep);
    own.last_frame[keep] = '\0';
    own.event++;
    own.under_way = false;
    own.next_at = g->now_us + arg_int(g->args, "gap_ms", 10) * US_PER_MS;
}

static void publish_frame(struct gen *g, struct conn *c, enum opcode op, const char *body,
                          size_t len)
{
    bool ok = false;
    if (op != OP_TEXT)
        return;
    if (c->member && begins(body, len, own.marker)) {
        delivered(g, c, body, len);
    } else if (c == own.by && answer_id(body, len, &ok)) {
        own.answers++;
        if (!ok && own.refused++ == 0)
            memcpy(own.refusal, body, len < sizeof own.refusal ? len : sizeof own.refusal - 1);
        if (ok)
            begun(g);
    }
}

static void publish_closed(struct gen *g, struct conn *c)
{
    (void)g;
    if (c->member && own.members > 0)
        own.members--; /* told as closed_by_peer; missed counts it, too */
}

static void publish_end(struct gen *g, json_t *answer)
{
    size_t missed = 0;
    for (size_t s = 0; s < g->count && own.under_way; s++) {
        struct conn *c = &g->conns[s];
        if (c->member && c->seen < own.per_event)
            missed += own.per_event - c->seen;
    }
    json_t *last = json_array(), *reach = json_array();
    for (size_t i = 0; i < own.event; i++) {
        struct timed *t = &own.times[i];
        json_array_append_new(last, json_real((double)(t->last - t->first) / 1000));
        json_array_append_new(reach, json_real((double)(t->last - t->start) / 1000));
    }
    json_object_set_new(answer, "events", json_integer((json_int_t)own.event));
    json_object_set_new(answer, "deliveries", json_integer((json_int_t)own.deliveries));
    json_object_set_new(answer, "missed", json_integer((json_int_t)missed));
    json_object_set_new(answer, "extra", json_integer((json_int_t)own.extra));
    json_object_set_new(answer, "answers", json_integer((json_int_t)own.answers));
    json_object_set_new(answer, "refused", json_integer((json_int_t)own.refused));
    json_object_set_new(answer, "refusal", json_string(own.refusal));
    json_object_set_new(answer, "reads", json_integer((json_int_t)g->reads));
    json_object_set_new(answer, "frame_bytes",
                        json_real(own.deliveries ? (double)own.bytes / (double)own.deliveries : 0));
    json_object_set_new(answer, "last_frame", json_string(own.last_frame));
    json_object_set_new(answer, "last_ms", last); /* first to last */
    json_object_set_new(answer, "from_start_ms", reach);
}

const struct phase phase_publish = {
    .name = "publish",
    .begin = publish_begin,
    .turn = publish_turn,
    .closed = publish_closed,
    .frame = publish_frame,
    .end = publish_end,
};
