/* browse: browsers come to the session, spread evenly: each fetches what a page needs over a few
 * kept connections (lanes), then joins by websocket. Meanwhile a host sends commands, and the time
 * until each member who was there before has the event of each is taken.
 *
 * {"count":5000,"spread_ms":60000,"cookies":file,"skip":n,"join":true,
 *  "lanes":[["/","/assets/a.js","/api/…"],["/assets/a.css","/api/…"]],
 *  "by":slot,"events":["{\"id\":…}",…],"gap_ms":500,"marker":"{\"event\":\"slide.moved\""}
 * The first lane begins, the others open when its first reply is there, as with a page. count 0:
 * only the host's commands. */
#include "http.h"
#include "phases.h"
#include <stdlib.h>
#include <string.h>

#define LANES_MAX 4

struct lane {
    struct exchange x;
    size_t next; /* of its paths */
    bool open;
};

struct browser {
    struct lane lane[LANES_MAX];
    size_t lanes_done;
    bool in, lost;
    int64_t began_us;
};

static struct {
    struct browser *browsers;
    size_t first, count, begun, ended, in, gets, bad_gets, resumed, stride, lanes;
    char **cookies;
    json_t *lane_paths, *events;
    struct conn *by;
    size_t sent, members;
    int64_t *start, *last;
    size_t *reached;
    int64_t *latency, *join_us;
    size_t latencies, answers, refused;
    int64_t next_event;
    bool join;
} own;

static const char *read_events(struct gen *g, json_t *args)
{
    size_t by = (size_t)arg_int(args, "by", -1);
    own.events = json_object_get(args, "events");
    size_t n = json_array_size(own.events);
    if (n == 0)
        return NULL;
    if (by >= g->count || g->conns[by].state != READY)
        return "browse: by is no open connection";
    own.members = g->members;
    own.start = calloc(n, sizeof *own.start);
    own.last = calloc(n, sizeof *own.last);
    own.reached = calloc(n, sizeof *own.reached);
    own.latency = calloc(n * own.members + 1, sizeof *own.latency);
    own.by = &g->conns[by];
    return NULL;
}

static const char *browse_begin(struct gen *g, json_t *args)
{
    memset(&own, 0, sizeof own);
    own.count = (size_t)arg_int(args, "count", 0);
    own.lane_paths = json_object_get(args, "lanes");
    own.lanes = json_array_size(own.lane_paths);
    own.stride = own.lanes + 1;
    own.first = g->count;
    own.join = arg_bool(args, "join", true);
    const char *cookies = arg_text(args, "cookies", NULL);
    if (own.lanes > LANES_MAX || (own.count > 0 && (own.lanes == 0 || !cookies)))
        return "browse: lanes or cookies";
    if (own.count > 0) {
        own.cookies = arg_lines(g, cookies, (size_t)arg_int(args, "skip", 0), own.count);
        if (!own.cookies)
            return g->fault;
        own.browsers = calloc(own.count, sizeof *own.browsers);
        own.join_us = calloc(own.count, sizeof *own.join_us);
        if (!conns_reserve(g, own.count * own.stride))
            return "browse: memory";
    }
    for (size_t s = 0; s < g->count; s++)
        g->conns[s].seen = 0;
    return read_events(g, args);
}

/* --- one browser --- */

static struct conn *conn_of(struct gen *g, size_t browser, size_t lane)
{
    return &g->conns[own.first + browser * own.stride + lane];
}

static void open_conn(struct gen *g, size_t browser, size_t lane)
{
    struct conn *c = conn_of(g, browser, lane);
    c->cookie = strdup(own.cookies[browser]);
    c->path = "/live";
    /* As browsers do: later connections resume the first one's TLS session. */
    struct conn *first = conn_of(g, browser, 0);
    if (lane > 0 && first->ssl && SSL_SESSION_is_resumable(SSL_get_session(first->ssl)))
        c->resume = SSL_get1_session(first->ssl);
    conn_open(g, c);
}

static const char *path_of(size_t lane, size_t n)
{
    return json_string_value(json_array_get(json_array_get(own.lane_paths, lane), n));
}

static void browser_over(size_t browser, bool good)
{
    struct browser *b = &own.browsers[browser];
    if (b->in || b->lost)
        return;
    b->in = good;
    b->lost = !good;
    own.ended++;
    if (good)
        own.join_us[own.in++] = now_us() - b->began_us;
}

static void lane_over(struct gen *g, size_t browser)
{
    if (++own.browsers[browser].lanes_done < own.lanes)
        return;
    if (own.join)
        open_conn(g, browser, own.lanes);
    else
        browser_over(browser, true);
}

static void lane_next(struct gen *g, size_t browser, size_t lane)
{
    struct lane *l = &own.browsers[browser].lane[lane];
    const char *path = path_of(lane, l->next);
    if (path)
        http_get(g, conn_of(g, browser, lane), &l->x, path);
    else
        lane_over(g, browser);
}

static void begin_browser(struct gen *g)
{
    size_t browser = own.begun++;
    for (size_t lane = 0; lane < own.stride; lane++)
        conn_take(g, lane < own.lanes ? BYTES : AMPHI);
    own.browsers[browser].began_us = now_us();
    open_conn(g, browser, 0);
}

static void browse_opened(struct gen *g, struct conn *c)
{
    if (c->slot < own.first)
        return;
    own.resumed += c->ssl && SSL_session_reused(c->ssl);
    size_t browser = (c->slot - own.first) / own.stride, lane = (c->slot - own.first) % own.stride;
    if (lane == own.lanes)
        browser_over(browser, true);
    else
        lane_next(g, browser, lane);
}

static void browse_bytes(struct gen *g, struct conn *c, const char *bytes, size_t len)
{
    if (c->slot < own.first)
        return;
    size_t browser = (c->slot - own.first) / own.stride, lane = (c->slot - own.first) % own.stride;
    struct lane *l = &own.browsers[browser].lane[lane];
    if (!http_received(&l->x, bytes, len))
        return;
    own.gets++;
    if (l->x.status != 200) {
        own.bad_gets++;
        gen_fault(g, "%s: %d", path_of(lane, l->next), l->x.status);
    }
    if (lane == 0 && l->next++ == 0) {
        for (size_t other = 1; other < own.lanes; other++)
            open_conn(g, browser, other);
    } else if (lane > 0) {
        l->next++;
    }
    lane_next(g, browser, lane);
}

/* A kept connection that the server closes after its last reply is as it should be. */
static void browse_closed(struct gen *g, struct conn *c)
{
    if (c->slot < own.first)
        return;
    size_t browser = (c->slot - own.first) / own.stride, lane = (c->slot - own.first) % own.stride;
    if (lane < own.lanes && !path_of(lane, own.browsers[browser].lane[lane].next)) {
        g->closed_by_peer--;
        return;
    }
    browser_over(browser, false);
}

/* --- the host's events --- */

static void send_event(struct gen *g)
{
    const char *text = json_string_value(json_array_get(own.events, own.sent));
    own.start[own.sent++] = now_us();
    frames_send_command(g, own.by, text, strlen(text));
    own.next_event = now_us() + arg_int(g->args, "gap_ms", 500) * US_PER_MS;
}

static void browse_frame(struct gen *g, struct conn *c, enum opcode op, const char *body,
                         size_t len)
{
    bool ok = true;
    if (op != OP_TEXT || !own.by)
        return;
    if (c == own.by && answer_id(body, len, &ok)) {
        own.answers++;
        own.refused += !ok;
    } else if (c->member && c->slot < own.first && c->seen < own.sent &&
               begins(body, len, arg_text(g->args, "marker", "{\"event\":"))) {
        size_t event = c->seen++;
        own.latency[own.latencies++] = g->now_us - own.start[event];
        own.last[event] = g->now_us;
        own.reached[event]++;
    }
}

static bool events_over(void)
{
    size_t n = json_array_size(own.events);
    return n == 0 || (own.sent == n && own.reached[n - 1] >= own.members);
}

static void browse_turn(struct gen *g)
{
    int64_t spread = arg_int(g->args, "spread_ms", 60000) * US_PER_MS;
    while (own.begun < own.count) {
        int64_t due = g->begun_us + spread * (int64_t)own.begun / (int64_t)own.count;
        if (due > now_us()) {
            gen_wake_at(g, due);
            break;
        }
        begin_browser(g);
    }
    if (own.sent < json_array_size(own.events)) {
        if (now_us() >= own.next_event)
            send_event(g);
        gen_wake_at(g, own.next_event);
    }
    if (own.ended == own.count && events_over())
        gen_done(g);
}

static void browse_end(struct gen *g, json_t *answer)
{
    (void)g;
    json_t *last = json_array();
    size_t missed = 0;
    for (size_t i = 0; i < own.sent; i++) {
        missed += own.members - own.reached[i];
        json_array_append_new(last, json_real((double)(own.last[i] - own.start[i]) / 1000));
    }
    json_object_set_new(answer, "first", json_integer((json_int_t)own.first));
    json_object_set_new(answer, "in", json_integer((json_int_t)own.in));
    json_object_set_new(answer, "resumed", json_integer((json_int_t)own.resumed));
    json_object_set_new(answer, "gets", json_integer((json_int_t)own.gets));
    json_object_set_new(answer, "bad_gets", json_integer((json_int_t)own.bad_gets));
    json_object_set_new(answer, "join_ms", summary_ms(own.join_us, own.in));
    json_object_set_new(answer, "events", json_integer((json_int_t)own.sent));
    json_object_set_new(answer, "refused", json_integer((json_int_t)own.refused));
    json_object_set_new(answer, "missed", json_integer((json_int_t)missed));
    json_object_set_new(answer, "last_ms", last);
    json_object_set_new(answer, "latency_ms", summary_ms(own.latency, own.latencies));
    for (size_t i = 0; own.cookies && i < own.count; i++)
        free(own.cookies[i]);
    free(own.cookies);
    free(own.browsers);
    free(own.join_us);
    free(own.start);
    free(own.last);
    free(own.reached);
    free(own.latency);
}

const struct phase phase_browse = {
    .name = "browse",
    .begin = browse_begin,
    .turn = browse_turn,
    .opened = browse_opened,
    .closed = browse_closed,
    .bytes = browse_bytes,
    .frame = browse_frame,
    .end = browse_end,
};
