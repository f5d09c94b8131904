/* slides: a host moves from page to page, and every member gets the image of the page that comes
 * next before it is shown: by frames of the websocket that it asked for, or by a GET of its own
 * over HTTP, spread over a time as browsers do. A change counts who has the image by then.
 *
 * {"way":"websocket"|"http"|"none","width":960,"spread_ms":8000,"keep":false,"cookies":file,
 *  "by":slot,"deck":id,"page":1,"moves":3,"version":n,"first_id":n,"gap_ms":10000}
 * keep: the HTTP connection stays open after a reply; else each image has one of its own. */
#include "http.h"
#include "phases.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BINARY_SLIDE  1
#define SLIDE_VERSION 2
#define STRIDE        7919 /* a prime: who is next among the members */

enum way { NONE, WEBSOCKET, HTTP };

struct member {
    uint32_t slot;
    int have; /* the last page whose image is there */
    int got;  /* bytes of the image that comes in pieces */
    struct exchange x;
    bool fetching;
};

static struct {
    enum way way;
    bool keep;
    struct member *members;
    size_t *member_of; /* of a slot */
    size_t count, first, asked, due;
    char **cookies;
    struct conn *by;
    int page, moves, moved, refused;
    int64_t moved_at, *delay, *share;
    size_t images, bad, answers, image_bytes, delays;
} own;

static bool read_way(json_t *args)
{
    static const char *const ways[] = {"none", "websocket", "http"};
    for (int i = 0; i < 3; i++)
        if (strcmp(arg_text(args, "way", ""), ways[i]) == 0)
            own.way = (enum way)i;
    return strcmp(arg_text(args, "way", ""), ways[own.way]) == 0;
}

static void ask_for_images(struct gen *g, struct conn *c, int width)
{
    char text[120];
    c->awaited = c->next_id++;
    int len = snprintf(text, sizeof text,
                       "{\"id\":%llu,\"command\":\"slide.receive\",\"data\":{\"width\":%d}}",
                       (unsigned long long)c->awaited, width);
    frames_send_command(g, c, text, (size_t)len);
    own.asked++;
}

static const char *take_members(struct gen *g, json_t *args)
{
    own.members = calloc(g->members, sizeof *own.members);
    own.member_of = calloc(g->count, sizeof *own.member_of);
    for (size_t s = 0; s < g->count; s++) {
        if (g->conns[s].state != READY || !g->conns[s].member)
            continue;
        own.member_of[s] = own.count;
        own.members[own.count++].slot = (uint32_t)s;
    }
    own.first = g->count;
    if (own.way != HTTP)
        return NULL;
    own.cookies = arg_lines(g, arg_text(args, "cookies", ""), 0, own.count);
    if (!own.cookies)
        return g->fault;
    if (!conns_reserve(g, own.count))
        return "slides: memory";
    for (size_t i = 0; i < own.count; i++)
        conn_take(g, BYTES);
    return NULL;
}

static const char *slides_begin(struct gen *g, json_t *args)
{
    size_t by = (size_t)arg_int(args, "by", -1);
    memset(&own, 0, sizeof own);
    own.page = (int)arg_int(args, "page", 1);
    own.moves = (int)arg_int(args, "moves", 3);
    own.keep = arg_bool(args, "keep", false);
    if (!read_way(args) || by >= g->count || g->members == 0 || own.moves < 2)
        return "slides: way, by, moves or no members";
    const char *why = take_members(g, args);
    own.by = &g->conns[by];
    own.due = own.count; /* nothing to fetch before the first move */
    own.delay = calloc(own.count * (size_t)own.moves, sizeof *own.delay);
    own.share = calloc((size_t)own.moves, sizeof *own.share);
    for (size_t i = 0; !why && own.way == WEBSOCKET && i < own.count; i++) {
        ask_for_images(g, &g->conns[own.members[i].slot], (int)arg_int(args, "width", 960));
    }
    return why;
}

/* --- an image arrived --- */

static void image_here(struct gen *g, size_t member, int page, size_t bytes)
{
    own.members[member].have = page;
    own.image_bytes += bytes;
    own.images++;
    if (page == own.page + own.moved && own.delays < own.count * (size_t)own.moves)
        own.delay[own.delays++] = g->now_us - own.moved_at;
}

static int header_int(const char *header, size_t len, const char *name)
{
    const char *at = memmem(header, len, name, strlen(name));
    return at ? atoi(at + strlen(name)) : -1;
}

/* A piece: u8 kind, u8 version, u16 length, JSON, bytes. */
static void binary(struct gen *g, struct conn *c, const char *body, size_t len)
{
    size_t head = len < 4 ? 0 : (size_t)((unsigned char)body[2] << 8 | (unsigned char)body[3]);
    struct member *m = &own.members[own.member_of[c->slot]];
    if (len <= 4 + head || body[0] != BINARY_SLIDE || body[1] != SLIDE_VERSION) {
        own.bad++;
        return;
    }
    int page = header_int(body + 4, head, "\"page\":"),
        total = header_int(body + 4, head, "total\":");
    if (header_int(body + 4, head, "offset\":") == 0)
        m->got = 0;
    m->got += (int)(len - 4 - head);
    if (m->got == total)
        image_here(g, own.member_of[c->slot], page, (size_t)total);
}

static void slides_frame(struct gen *g, struct conn *c, enum opcode op, const char *body,
                         size_t len)
{
    bool ok = false;
    if (c->slot >= own.first)
        return;
    if (op == OP_BINARY && c->member) {
        binary(g, c, body, len);
    } else if (op == OP_TEXT && answer_id(body, len, &ok)) {
        own.refused += !ok;
        own.answers += c->member;
    }
}

/* --- over HTTP --- */

static void fetch(struct gen *g, size_t member)
{
    char path[160];
    snprintf(path, sizeof path, "/api/decks/%s/pages/%d/%lld", arg_text(g->args, "deck", ""),
             own.page + own.moved, (long long)arg_int(g->args, "width", 960));
    http_get(g, &g->conns[own.first + member], &own.members[member].x, path);
}

static void begin_fetch(struct gen *g, size_t member)
{
    struct conn *c = &g->conns[own.first + member];
    if (own.members[member].fetching) /* the one before is still under way: it missed */
        return;
    own.members[member].fetching = true;
    if (c->state == READY) {
        fetch(g, member);
        return;
    }
    c->cookie = strdup(own.cookies[member]);
    conn_open(g, c);
}

static void slides_opened(struct gen *g, struct conn *c)
{
    if (c->slot >= own.first)
        fetch(g, c->slot - own.first);
}

static void slides_bytes(struct gen *g, struct conn *c, const char *bytes, size_t len)
{
    size_t member = c->slot - own.first;
    if (c->slot < own.first || !http_received(&own.members[member].x, bytes, len))
        return;
    const struct exchange *x = &own.members[member].x;
    own.members[member].fetching = false;
    if (x->status == 200)
        image_here(g, member, own.page + own.moved, x->body);
    else
        own.bad++;
    if (!own.keep)
        conn_close(g, c);
}

static void slides_closed(struct gen *g, struct conn *c)
{
    if (c->slot < own.first)
        return;
    size_t member = c->slot - own.first;
    if (own.members[member].fetching)
        own.bad++;
    else
        g->closed_by_peer--; /* an idle one, as it should be */
    own.members[member].fetching = false;
}

static void fetch_due(struct gen *g)
{
    int64_t spread = arg_int(g->args, "spread_ms", 8000) * US_PER_MS;
    while (own.due < own.count) {
        int64_t at = own.moved_at + spread * (int64_t)own.due / (int64_t)own.count;
        if (at > now_us()) {
            gen_wake_at(g, at);
            return;
        }
        begin_fetch(g, own.due++ * STRIDE % own.count);
    }
}

/* --- the host --- */

static void move(struct gen *g)
{
    char text[200];
    int page = own.page + own.moved;
    for (size_t i = 0; i < own.count; i++)
        own.share[own.moved] += own.members[i].have == page;
    int len = snprintf(text, sizeof text,
                       "{\"id\":%lld,\"command\":\"slide.move\",\"data\":{\"version\":%lld,"
                       "\"deck\":\"%s\",\"page\":%d}}",
                       (long long)arg_int(g->args, "first_id", 1000) + own.moved,
                       (long long)arg_int(g->args, "version", 0) + own.moved,
                       arg_text(g->args, "deck", ""), page);
    own.moved++;
    own.moved_at = now_us();
    own.due = own.way == HTTP && own.moved < own.moves ? 0 : own.count;
    frames_send_command(g, own.by, text, (size_t)len);
}

/* The last move only looks who has its page. */
static void slides_turn(struct gen *g)
{
    int64_t next = own.moved_at + arg_int(g->args, "gap_ms", 10000) * US_PER_MS;
    if (own.answers < own.asked && own.moved == 0)
        return;
    fetch_due(g);
    if (own.moved == own.moves)
        gen_done(g);
    else if (own.moved == 0 || now_us() >= next)
        move(g);
    gen_wake_at(g, own.moved_at + arg_int(g->args, "gap_ms", 10000) * US_PER_MS);
}

static void slides_end(struct gen *g, json_t *answer)
{
    json_t *share = json_array();
    for (int i = 1; i < own.moved; i++)
        json_array_append_new(share, json_real((double)own.share[i] / (double)own.count));
    json_object_set_new(answer, "members", json_integer((json_int_t)own.count));
    json_object_set_new(answer, "moves", json_integer(own.moved));
    json_object_set_new(answer, "refused", json_integer(own.refused));
    json_object_set_new(answer, "images", json_integer((json_int_t)own.images));
    json_object_set_new(answer, "bad", json_integer((json_int_t)own.bad));
    json_object_set_new(answer, "image_bytes",
                        json_real(own.images ? (double)own.image_bytes / (double)own.images : 0));
    json_object_set_new(answer, "had_before", share);
    json_object_set_new(answer, "delay_ms", summary_ms(own.delay, own.delays));
    for (size_t i = 0; own.cookies && i < own.count; i++) {
        conn_close(g, &g->conns[own.first + i]);
        free(own.cookies[i]);
    }
    if (own.cookies)
        g->count = own.first;
    free(own.cookies);
    free(own.members);
    free(own.member_of);
    free(own.delay);
    free(own.share);
}

const struct phase phase_slides = {
    .name = "slides",
    .begin = slides_begin,
    .turn = slides_turn,
    .opened = slides_opened,
    .closed = slides_closed,
    .bytes = slides_bytes,
    .frame = slides_frame,
    .end = slides_end,
};

/* receive: every member asks for images ahead, and no more. {"width":960} */
static const char *receive_begin(struct gen *g, json_t *args)
{
    memset(&own, 0, sizeof own);
    for (size_t s = 0; s < g->count; s++)
        if (g->conns[s].state == READY && g->conns[s].member)
            ask_for_images(g, &g->conns[s], (int)arg_int(args, "width", 960));
    return own.asked ? NULL : "receive: no members";
}

static void receive_frame(struct gen *g, struct conn *c, enum opcode op, const char *body,
                          size_t len)
{
    bool ok = false;
    if (op == OP_TEXT && c->member && answer_id(body, len, &ok) && ++own.answers == own.asked)
        gen_done(g);
}

const struct phase phase_receive = {
    .name = "receive", .begin = receive_begin, .frame = receive_frame};
