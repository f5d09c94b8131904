/* requests: each open BYTES connection from "first" on sends one HTTP request and reads its reply,
 * at most "inflight" at a time. {"first":slot,"count":n,"head":"POST /api/join HTTP/1.1\r\n…",
 * "body":"{\"token\":\"%\"}","lines":file,"inflight":8}: % is replaced by a line of the file, and
 * Content-Length and the empty line are added. Replies must have a Content-Length. */
#include "phases.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static struct {
    size_t first, count, sent, done, good, inflight;
    int64_t *latency;
    char **lines;
    char refusal[120];
} own;

static const char *requests_begin(struct gen *g, json_t *args)
{
    free(own.latency);
    memset(&own, 0, sizeof own);
    own.first = (size_t)arg_int(args, "first", 0);
    own.count = (size_t)arg_int(args, "count", 0);
    own.inflight = (size_t)arg_int(args, "inflight", 8);
    if (own.count == 0 || own.first + own.count > g->count)
        return "requests: first and count";
    const char *file = arg_text(args, "lines", NULL);
    if (file && !(own.lines = arg_lines(g, file, (size_t)arg_int(args, "skip", 0), own.count)))
        return g->fault;
    own.latency = calloc(own.count, sizeof *own.latency);
    for (size_t s = 0; s < g->count; s++)
        g->conns[s].seen = 0;
    return NULL;
}

static void send_request(struct gen *g, struct conn *c, const char *line)
{
    char request[4096], body[2048];
    const char *head = arg_text(g->args, "head", ""), *form = arg_text(g->args, "body", "");
    size_t before = strcspn(form, "%");
    int n = snprintf(body, sizeof body, "%.*s%s%s", (int)before, form, form[before] ? line : "",
                     form[before] ? form + before + 1 : "");
    int len = snprintf(request, sizeof request, "%sContent-Length: %d\r\n\r\n%s", head, n, body);
    c->at_us = now_us();
    c->seen = 1; /* its reply is due */
    conn_write(g, c, request, (size_t)len);
}

static void requests_turn(struct gen *g)
{
    while (own.sent < own.count && own.sent - own.done < own.inflight) {
        struct conn *c = &g->conns[own.first + own.sent];
        const char *line = own.lines ? own.lines[own.sent] : "";
        own.sent++;
        if (c->state == READY)
            send_request(g, c, line);
        else
            own.done++;
    }
    if (own.done == own.count)
        gen_done(g);
}

/* Whether a whole reply is there. */
static bool whole(const struct bytes *rx)
{
    const char *end = memmem(rx->at, rx->len, "\r\n\r\n", 4);
    if (!end)
        return false;
    size_t head = (size_t)(end + 4 - rx->at), body = 0;
    for (const char *line = rx->at; line < end;
         line = (const char *)memchr(line, '\n', rx->len) + 1) {
        if (strncasecmp(line, "content-length:", 15) == 0)
            body = strtoul(line + 15, NULL, 10);
    }
    return rx->len >= head + body;
}

static void requests_bytes(struct gen *g, struct conn *c, const char *bytes, size_t len)
{
    bytes_add(&c->rx, bytes, len);
    if (!whole(&c->rx))
        return;
    if (begins(c->rx.at, c->rx.len, "HTTP/1.1 2"))
        own.latency[own.good++] = g->now_us - c->at_us;
    else if (!own.refusal[0])
        memcpy(own.refusal, c->rx.at, strcspn(c->rx.at, "\r") % sizeof own.refusal);
    bytes_free(&c->rx);
    own.done += c->seen;
    c->seen = 0;
}

static void requests_closed(struct gen *g, struct conn *c)
{
    (void)g;
    own.done += c->seen;
    c->seen = 0;
}

static void requests_end(struct gen *g, json_t *answer)
{
    (void)g;
    for (size_t i = 0; own.lines && i < own.count; i++)
        free(own.lines[i]);
    free(own.lines);
    json_object_set_new(answer, "sent", json_integer((json_int_t)own.sent));
    json_object_set_new(answer, "good", json_integer((json_int_t)own.good));
    json_object_set_new(answer, "refusal", json_string(own.refusal));
    json_object_set_new(answer, "latency_ms", summary_ms(own.latency, own.good));
}

const struct phase phase_requests = {
    .name = "requests",
    .begin = requests_begin,
    .turn = requests_turn,
    .bytes = requests_bytes,
    .closed = requests_closed,
    .end = requests_end,
};
