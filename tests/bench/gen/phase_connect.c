/* target: whom to speak to, and how. connect: opens connections, a bounded number at a time, and is
 * over when each of them is READY or has failed. close: closes them again, without a word. */
#include "phases.h"
#include <stdlib.h>
#include <string.h>

/* {"speaks":"amphi"|"plain","tls":bool,"port":n,"host":"localhost:1","origin":"https://…","session":id}
 */
static const char *target_begin(struct gen *g, json_t *args)
{
    struct target *t = &g->target;
    t->speaks = strcmp(arg_text(args, "speaks", "plain"), "amphi") == 0 ? AMPHI : PLAIN;
    t->tls = arg_bool(args, "tls", false);
    t->port = (int)arg_int(args, "port", 0);
    const char *host = arg_text(args, "host", "localhost");
    const char *origin = arg_text(args, "origin", "http://localhost");
    const char *session = arg_text(args, "session", "");
    if (strlen(host) >= sizeof t->host || strlen(origin) >= sizeof t->origin ||
        strlen(session) >= sizeof t->session || t->port <= 0)
        return "target: port, or a text is too long";
    if (t->tls && !target_tls(g))
        return "no TLS";
    strcpy(t->host, host);
    strcpy(t->origin, origin);
    strcpy(t->session, session);
    gen_done(g);
    return NULL;
}

const struct phase phase_target = {.name = "target", .begin = target_begin};

static struct {
    size_t first, next, end; /* slots */
    size_t under_way, inflight, ready, failed;
    char **cookies;
} own;

/* {"count":n,"inflight":256,"path":"/live","member":true,"cookies":file,"skip":0,"port":…,"bytes":false,
 *  "bytes_per_s":0} the last: each reads so slowly (plain connections) */
static const char *connect_begin(struct gen *g, json_t *args)
{
    size_t count = (size_t)arg_int(args, "count", 0);
    const char *cookies = arg_text(args, "cookies", NULL);
    memset(&own, 0, sizeof own);
    own.first = own.next = g->count;
    own.end = own.first + count;
    own.inflight = (size_t)arg_int(args, "inflight", 256);
    if (count == 0 || !conns_reserve(g, count))
        return "connect: count";
    if (cookies) {
        own.cookies = arg_lines(g, cookies, (size_t)arg_int(args, "skip", 0), count);
        if (!own.cookies)
            return g->fault;
    }
    return NULL;
}

static void connect_turn(struct gen *g)
{
    bool bytes = arg_bool(g->args, "bytes", false);
    while (own.under_way < own.inflight && own.next < own.end) {
        struct conn *c = conn_take(g, bytes ? BYTES : g->target.speaks);
        c->member = arg_bool(g->args, "member", true);
        c->path = (char *)arg_text(g->args, "path", "/live");
        c->port = (int)arg_int(g->args, "port", g->target.port);
        c->rate = (int)arg_int(g->args, "bytes_per_s", 0);
        if (own.cookies)
            c->cookie = own.cookies[own.next - own.first];
        own.next++;
        own.under_way++;
        conn_open(g, c);
    }
    if (own.ready + own.failed == own.end - own.first)
        gen_done(g);
}

static void connect_opened(struct gen *g, struct conn *c)
{
    (void)g;
    (void)c;
    own.ready++;
    own.under_way--;
}

static void connect_closed(struct gen *g, struct conn *c)
{
    (void)g;
    if (c->slot < own.first)
        return;
    own.failed++; /* one that closed after it was READY counts as both, and the phase times out */
    if (own.under_way > 0)
        own.under_way--;
}

static void connect_end(struct gen *g, json_t *answer)
{
    free(own.cookies);
    json_object_set_new(answer, "first", json_integer((json_int_t)own.first));
    json_object_set_new(answer, "ready", json_integer((json_int_t)own.ready));
    json_object_set_new(answer, "failed", json_integer((json_int_t)own.failed));
    json_object_set_new(answer, "members", json_integer((json_int_t)g->members));
}

const struct phase phase_connect = {
    .name = "connect",
    .begin = connect_begin,
    .turn = connect_turn,
    .opened = connect_opened,
    .closed = connect_closed,
    .end = connect_end,
};

/* {"first":0,"count":all} */
static const char *close_begin(struct gen *g, json_t *args)
{
    size_t first = (size_t)arg_int(args, "first", 0);
    size_t count = (size_t)arg_int(args, "count", (int64_t)(g->count - first));
    for (size_t i = first; i < first + count && i < g->count; i++)
        conn_close(g, &g->conns[i]);
    while (g->count > 0 && g->conns[g->count - 1].state == FREE)
        g->count--;
    gen_done(g);
    return NULL;
}

const struct phase phase_close = {.name = "close", .begin = close_begin};
