/* A live websocket: commands in, frames out, pings, and the limits of both. */
#include "net/live.h"
#include "base/frame.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/metrics.h"
#include <assert.h>
#include <netinet/tcp.h>

#define SILENCE_SLACK   (4 * US_PER_S) /* after two ping periods without a byte */
#define CLOSE_MS        3000           /* for the peer to answer our close */
#define CHOKED_CHECK_MS 500
#define DOUBT_US        (2 * US_PER_S) /* after the kernel took no more */
#define FRAMES_A_TURN   8              /* of media and bulk, of at most 8 KB each */
#define PING_COMPANY    128            /* neighbouring slots that are pinged together */
#define PING_SPREAD     1024 /* moments of half a period, over which these groups are spread */
#define GOLDEN_RATIO    2654435761u /* of 2^32: spreads consecutive numbers evenly */
#define PING_MOMENT_US  (250 * US_PER_MS)

struct metric net_live_closed_slow =
    METRIC_COUNTER("amphi_net_live_closed_slow_total", "Live websockets closed: slow readers");
struct metric net_live_closed_silent =
    METRIC_COUNTER("amphi_net_live_closed_silent_total", "Live websockets closed: silent peers");
struct metric net_frames_sent =
    METRIC_COUNTER("amphi_net_live_frames_sent_total", "Frames given to the kernel");

struct net_live *net_live_new(struct net_loop *l, const struct greeting *greeting)
{
    struct net_live *v = mem_new(sizeof *v);
    v->outdated = greeting->outdated;
    v->publishes = greeting->publishes;
    v->sign_ins = *greeting->sign_ins;
    outq_init(&v->out);
    v->last_rx_us = v->opened_us = net_now(l);
    v->last_rx_wall_us = clock_now_us(l->net->config.http.clock);
    return v;
}

void net_live_seen(struct conn *c)
{
    c->live->last_rx_us = net_now(c->loop);
    c->live->last_rx_wall_us = clock_now_us(c->loop->net->config.http.clock);
    c->live->asked_wall_us = 0;
}

static int64_t ping_us(const struct conn *c)
{
    return c->loop->net->config.ping_ms * US_PER_MS;
}

/* Who is due within the same moment is pinged together: one wake-up for many, with warm caches. */
static int64_t ping_together(const struct conn *c, int64_t at_us)
{
    int64_t moment = ping_us(c) / 8 < PING_MOMENT_US ? ping_us(c) / 8 : PING_MOMENT_US;
    return moment > 0 ? at_us - at_us % moment : at_us;
}

/* What the kernel keeps behind what is on its way. Longer, and it is a queue in which nothing can
 * come first any more (tests/bench/README.md). */
static void keep_unsent_short(struct conn *c)
{
    int most = UNSENT_MOST;
    setsockopt(lws_get_socket_fd(c->wsi), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &most, sizeof most);
}

void net_live_opened(struct conn *c)
{
    struct net_loop *l = c->loop;
    struct net_live *v = c->live;
    keep_unsent_short(c);
    budget_to_live(&l->net->budget);
    metric_add(&net_open_http, -1);
    metric_add(&net_open_live, 1);
    c->phase = CONN_LIVE;
    v->established = true;
    v->doubted_us = net_now(l) + DOUBT_US;
    /* The first ping comes up to half a period early, so that a crowd that came together is not
     * pinged together; neighbours, whose memory lies together, are. */
    int64_t moment = c->slot / PING_COMPANY * GOLDEN_RATIO % PING_SPREAD;
    int64_t spread = moment * ping_us(c) / (2 * PING_SPREAD);
    v->next_ping_us = ping_together(c, v->opened_us + ping_us(c) - spread);
    wheel_set(loop_wheel(l->loop), &c->timer, (v->next_ping_us - v->opened_us) / US_PER_MS);
    l->net->config.rooms->opened(l->dispatch, conn_handle(c),
                                 &(struct greeting){.outdated = v->outdated,
                                                    .publishes = v->publishes,
                                                    .sign_ins = &v->sign_ins});
    explicit_bzero(&v->sign_ins, sizeof v->sign_ins);
}

/* A peer that answered every ping and ends the connection, be it by a reset, was there until then.
 * Silence is known from the first ping without an answer. */
static int64_t gone_at(const struct conn *c, bool by_peer)
{
    struct net_live *v = c->live;
    int64_t now = clock_now_us(c->loop->net->config.http.clock);
    if (by_peer && !v->closing && !v->asked_wall_us)
        v->last_rx_wall_us = now;
    return v->asked_wall_us ? v->asked_wall_us : now;
}

void net_live_drop(struct conn *c, bool by_peer)
{
    struct net_live *v = c->live;
    int64_t gone = gone_at(c, by_peer);
    c->live = NULL;
    if (v->established) /* lws-10: rooms only know those that were */
        c->loop->net->config.rooms->closed(c->loop->dispatch, conn_handle(c), v->last_rx_wall_us,
                                           gone);
    if (v->entered)
        budget_exit(&c->loop->net->budget, &v->person);
    outq_release(&v->out);
    free(v->message);
    free(v);
}

/* --- out --- */

static void mark_dirty(struct conn *c)
{
    if (list_empty(&c->dirty))
        list_append(&c->loop->dirty, &c->dirty);
}

/* After what is queued: a close frame, of our own making. lws 4.1.6 as Debian builds it cannot send
 * one after WRITEABLE: with libuv it closes a second time, at once, to test itself. */
void net_live_close(struct conn *c, uint16_t code, const char *reason)
{
    struct net_live *v = c->live;
    if (v->closing)
        return;
    struct payload *frame = frame_close(code, reason);
    outq_push(&v->out, FRAME_CONTROL, 0, frame, SIZE_MAX, net_now(c->loop));
    payload_unref(frame);
    v->closing = true;
    wheel_set(loop_wheel(c->loop->loop), &c->timer, CLOSE_MS);
    mark_dirty(c);
}

int net_live_peer_closes(struct conn *c)
{
    struct net_live *v = c->live;
    if (!v)
        return -1;
    net_live_seen(c); /* who answers our close was there until then */
    /* It answers our close: no third frame. Or lws's answer would land inside a frame of ours. */
    if (v->closing || outq_mid_frame(&v->out))
        return -1;
    v->closing = true; /* lws answers by itself */
    outq_release(&v->out);
    wheel_set(loop_wheel(c->loop->loop), &c->timer, CLOSE_MS);
    return 0;
}

/* What the kernel still holds for somebody who takes nothing is not worth keeping: a reset, not a
 * FIN behind half a megabyte that stays for minutes. */
static void cut(struct conn *c)
{
    struct linger at_once = {.l_onoff = 1};
    setsockopt(lws_get_socket_fd(c->wsi), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    conn_kill(c);
}

/* Its queue is over the bound. What waits is of no use any more; a close frame only has a chance
 * while the kernel still takes something, and between two frames. */
static void close_slow(struct conn *c)
{
    struct net_live *v = c->live;
    bool no_chance = lws_partial_buffered(c->wsi) || outq_mid_frame(&v->out);
    metric_add(&net_live_closed_slow, 1);
    outq_release(&v->out);
    if (no_chance)
        cut(c);
    else
        net_live_close(c, CLOSE_TOO_SLOW, "slow");
}

struct conn *net_live_find(struct net_loop *l, uint64_t handle)
{
    struct conn *c = conn_find(l, handle);
    return c && c->phase == CONN_LIVE && c->live && !c->killed ? c : NULL;
}

/* One write of what waits: out of its own memory when that is long, else as much as fits the
 * scratch space. lws copies what the kernel does not take, so it is never given more (lws-03). */
static int write_some(struct conn *c)
{
    struct net_live *v = c->live;
    const unsigned char *bytes;
    size_t n = outq_peek(&v->out, c->loop->scratch, WRITE_MAX, &bytes);
    int result = lws_write(c->wsi, (unsigned char *)bytes, n, LWS_WRITE_RAW);
    metric_add(&net_frames_sent, outq_sent(&v->out, n));
    return result;
}

/* After a write: since when it takes no more, if something is left. */
static void note_choked(struct conn *c)
{
    struct net_live *v = c->live;
    bool left = lws_partial_buffered(c->wsi) || !outq_empty(&v->out);
    v->choked_us = left ? net_now(c->loop) : 0;
    if (!left)
        return;
    v->doubted_us = v->choked_us + DOUBT_US;
    if (!v->closing)
        wheel_set(loop_wheel(c->loop->loop), &c->timer, CHOKED_CHECK_MS);
}

/* Media and bulk, frame by frame, as long as the kernel has sent nearly all that it had
 * (UNSENT_MOST): what must arrive never waits behind more than that. It would take more than it
 * says: asked each time. False: the connection failed. */
static bool write_waiting(struct conn *c)
{
    struct net_live *v = c->live;
    for (int i = 0; i < FRAMES_A_TURN && !outq_empty(&v->out) && !lws_send_pipe_choked(c->wsi);
         i++) {
        if (write_some(c) < 0)
            return false;
    }
    return true;
}

/* At most one write a turn and connection, and some of media and bulk. lws-04: never another one
 * while lws still holds a part of the last; then, and when more is queued, WRITEABLE comes. False:
 * the connection failed. */
static bool write_now(struct conn *c)
{
    struct net_live *v = c->live;
    if (lws_partial_buffered(c->wsi))
        return true;
    if (!outq_may_wait(&v->out) && write_some(c) < 0)
        return false;
    if (outq_may_wait(&v->out) && !write_waiting(c))
        return false;
    note_choked(c);
    if (!outq_empty(&v->out))
        lws_callback_on_writable(c->wsi);
    return true;
}

/* Nothing waits: the frame goes to the kernel as it lies there, without a place in the queue.
 * False: it has to wait. */
static bool write_at_once(struct conn *c, struct payload *frame)
{
    const unsigned char *bytes;
    if (!outq_empty(&c->live->out) || frame->len > WRITE_MAX || lws_partial_buffered(c->wsi) ||
        payload_at(frame, 0, &bytes) != frame->len)
        return false;
    if (lws_write(c->wsi, (unsigned char *)bytes, frame->len, LWS_WRITE_RAW) < 0)
        conn_kill(c);
    metric_add(&net_frames_sent, 1);
    note_choked(c);
    return true;
}

void net_live_send(struct conn *c, enum frame_class class, uint64_t coalesce_key,
                   struct payload *frame)
{
    struct net_loop *l = c->loop;
    if (c->live->closing)
        return;
    if (outq_push(&c->live->out, class, coalesce_key, frame, (size_t)l->net->config.queue_bytes,
                  net_now(l)))
        mark_dirty(c);
    else
        close_slow(c);
}

void net_live_tell(struct conn *c, enum frame_class class, uint64_t coalesce_key,
                   struct payload *frame)
{
    if (!c->live->closing && !write_at_once(c, frame))
        net_live_send(c, class, coalesce_key, frame);
}

/* A line that took all of late is not asked: that is a system call for each member and round. What
 * it does not take then waits, and is noticed (note_choked). */
static bool line_takes_more(struct conn *c)
{
    struct net_live *v = c->live;
    if (!v->doubted_us)
        return true;
    bool takes = !lws_send_pipe_choked(c->wsi);
    int64_t now = net_now(c->loop);
    if (!takes)
        v->doubted_us = now + DOUBT_US;
    else if (now >= v->doubted_us)
        v->doubted_us = 0;
    return takes;
}

bool net_live_open(struct conn *c)
{
    return !c->live->closing && outq_takes_media(&c->live->out) && !lws_partial_buffered(c->wsi) &&
           line_takes_more(c);
}

/* lws answers the first of several pings that come together, and drops the others: the last one
 * counts. It takes frames that it should not, and answers some closes with a code of its own: what
 * closes us is written before it has them. */
bool net_live_framed(struct conn *c, uint16_t code, const struct gate_seen *seen)
{
    struct net_live *v = c->live;
    if (v->closing)
        return true;
    if (!v->established)
        return code == 0;
    if (seen->pings > 1) {
        struct payload *pong = frame_pong(seen->ping, seen->ping_len);
        net_live_send(c, FRAME_CONTROL, 0, pong);
        payload_unref(pong);
    }
    if (!code)
        return true;
    net_live_seen(c);
    net_live_close(c, code,
                   code == CLOSE_BROKEN     ? "broken frame"
                   : code == CLOSE_NOT_UTF8 ? "not UTF-8"
                                            : "");
    if (!write_now(c))
        conn_kill(c);
    return false;
}

int net_live_writeable(struct conn *c)
{
    struct net_live *v = c->live;
    if (!v || c->killed)
        return 0;
    return write_now(c) ? 0 : -1;
}

void net_live_flush(struct net_loop *l)
{
    struct list *node;
    while ((node = list_take_first(&l->dirty))) {
        struct conn *c = container_of(node, struct conn, dirty);
        if (c->wsi && !c->killed && !write_now(c))
            conn_kill(c);
    }
}

/* --- in time --- */

static void send_ping(struct conn *c)
{
    if (!c->live->asked_wall_us)
        c->live->asked_wall_us = clock_now_us(c->loop->net->config.http.clock);
    net_live_tell(c, FRAME_CONTROL, 0, c->loop->ping);
}

static bool too_old(const struct conn *c, int64_t now)
{
    const struct net_live *v = c->live;
    int64_t limit = c->loop->net->config.queue_age_ms * US_PER_MS;
    return (v->choked_us && now - v->choked_us > limit) ||
           (!outq_empty(&v->out) && now - outq_oldest(&v->out) > limit);
}

void net_live_timer(struct conn *c)
{
    struct net_live *v = c->live;
    int64_t now = net_now(c->loop), dead = v->last_rx_us + 2 * ping_us(c) + SILENCE_SLACK;
    if (v->closing) { /* it had CLOSE_MS */
        conn_kill(c);
        return;
    }
    if (now >= dead) {
        metric_add(&net_live_closed_silent, 1);
        cut(c);
        return;
    }
    if (too_old(c, now)) {
        close_slow(c);
        return;
    }
    if (net_live_stalls(c, now))
        return;
    if (now >= v->next_ping_us) {
        v->next_ping_us = ping_together(c, now + ping_us(c));
        send_ping(c);
    }
    int64_t due = v->next_ping_us < dead ? v->next_ping_us : dead;
    int64_t ms = (due - now) / US_PER_MS + 1;
    if (v->choked_us && ms > CHOKED_CHECK_MS)
        ms = CHOKED_CHECK_MS;
    wheel_set(loop_wheel(c->loop->loop), &c->timer, ms);
}
