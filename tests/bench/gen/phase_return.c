/* return: members that lose their connection come back by themselves, as PROTOCOL.md asks of them:
 * backoff of 0.5 s doubling to 10 s, or what the server's bye names, each times 0.5 … 1.5. It is
 * over when every member has lost its connection and is READY again.
 *
 * {"cookies":file,"members":n}: the file that connect was given; the members are the first
 * connections. What they lose before this has begun counts, too: a server that is killed at once
 * may be quicker than the line that says so. */
#include "phases.h"
#include <stdlib.h>
#include <string.h>

#define FIRST_RETRY_MS 500
#define LAST_RETRY_MS  10000

struct away {
    int64_t at_us; /* of the next try; 0: none is due */
    int attempt;
    int64_t told_ms; /* by bye; 0: nothing */
    bool lost;
};

static struct {
    struct away *away;
    char **cookies;
    size_t members, lost, tries;
    int64_t next_us;
} own;

static void return_closed(struct gen *g, struct conn *c)
{
    (void)g;
    if (c->slot >= own.members)
        return;
    struct away *a = &own.away[c->slot];
    int64_t backoff = (int64_t)FIRST_RETRY_MS << (a->attempt < 5 ? a->attempt : 5);
    int64_t base = a->told_ms ? a->told_ms : backoff < LAST_RETRY_MS ? backoff : LAST_RETRY_MS;
    a->at_us = now_us() + base * (500 + random() % 1000); /* in thousandths of a ms */
    a->attempt++;
    own.lost += !a->lost;
    a->lost = true;
    if (a->at_us < own.next_us)
        own.next_us = a->at_us;
}

static const char *return_begin(struct gen *g, json_t *args)
{
    size_t n = (size_t)arg_int(args, "members", (int64_t)g->members);
    memset(&own, 0, sizeof own);
    for (size_t s = 0; s < n; s++) {
        if (s >= g->count || (g->conns[s].state == READY && !g->conns[s].member))
            return "return: members are not the first connections";
    }
    own.cookies = n ? arg_lines(g, arg_text(args, "cookies", ""), 0, n) : NULL;
    if (!own.cookies)
        return "return: cookies, or no members";
    own.away = calloc(n, sizeof *own.away);
    own.members = n;
    own.next_us = INT64_MAX;
    srandom((unsigned)now_us());
    for (size_t s = 0; s < n; s++)
        if (g->conns[s].state != READY)
            return_closed(g, &g->conns[s]);
    return NULL;
}

static void try_again(struct gen *g, size_t slot)
{
    struct conn *c = &g->conns[slot];
    own.away[slot].at_us = 0;
    own.tries++;
    conn_renew(g, c);
    c->member = true;
    c->path = (char *)"/live";
    c->cookie = strdup(own.cookies[slot]);
    conn_open(g, c);
}

static void return_turn(struct gen *g)
{
    if (own.lost == own.members && g->members == own.members) {
        gen_done(g);
        return;
    }
    if (g->now_us >= own.next_us) {
        own.next_us = INT64_MAX;
        for (size_t s = 0; s < own.members; s++) {
            int64_t at = own.away[s].at_us;
            if (at && at <= g->now_us)
                try_again(g, s); /* which may set the next time when it fails at once */
            else if (at && at < own.next_us)
                own.next_us = at;
        }
    }
    gen_wake_at(g, own.next_us);
}

static void return_opened(struct gen *g, struct conn *c)
{
    (void)g;
    if (c->slot >= own.members)
        return;
    own.away[c->slot] = (struct away){.lost = true};
}

static void return_frame(struct gen *g, struct conn *c, enum opcode op, const char *body,
                         size_t len)
{
    (void)g;
    if (op != OP_TEXT || c->slot >= own.members || !begins(body, len, "{\"bye\":"))
        return;
    const char *told = memmem(body, len, "\"retry_ms\":", 11);
    if (told)
        own.away[c->slot].told_ms = strtoll(told + 11, NULL, 10); /* '}' follows within */
}

static void return_end(struct gen *g, json_t *answer)
{
    for (size_t s = 0; own.cookies && s < own.members; s++)
        free(own.cookies[s]);
    free(own.cookies);
    free(own.away);
    json_object_set_new(answer, "lost", json_integer((json_int_t)own.lost));
    json_object_set_new(answer, "tries", json_integer((json_int_t)own.tries));
    json_object_set_new(answer, "back", json_integer((json_int_t)g->members));
}

const struct phase phase_return = {
    .name = "return",
    .begin = return_begin,
    .turn = return_turn,
    .opened = return_opened,
    .closed = return_closed,
    .frame = return_frame,
    .end = return_end,
};
