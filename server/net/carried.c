#include "net/carried.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/metrics.h"

#define CHECK_MS      500
#define SILENCE_SLACK (4 * US_PER_S) /* after two ping periods without a request: as in live.c */
#define CLOSE_US      (3 * US_PER_S) /* for the peer to ask, and to hear that it is closed */

struct metric net_open_carried =
    METRIC_GAUGE("amphi_net_carried_connections", "Open live connections carried by HTTP");

struct carried {
    struct net_loop *loop;
    uint64_t handle;
    struct id id;
    struct sign_ins sign_ins; /* of the browser that opened it */
    bool anonymous;           /* counted against its address */
    bool entered;             /* counts against person */
    bool closing;             /* a close frame is queued: nothing else is taken in or queued */
    struct id address, person;
    struct timer timer;
    struct outq out;
    struct list dirty; /* loop's list, while it has something to answer with in this turn */
    struct carried_request *waiting; /* is answered when there is something, or */
    int64_t wait_until_us;           /* then */
    struct payload *last;            /* the answer that was given last, until it is acknowledged */
    uint64_t answers;                /* how many had frames; the number of the last one */
    int64_t taken;                   /* the number of the last request with commands */
    int64_t heard_us, closing_us;    /* monotonic */
    int64_t heard_wall_us;           /* of the last request: the end of its span */
    int64_t here_wall_us;            /* until when a request of its was here, while none waits */
};

static int64_t wall(const struct net_loop *l)
{
    return clock_now_us(l->net->config.http.clock);
}

static int64_t ping_us(const struct net_loop *l)
{
    return l->net->config.ping_ms * US_PER_MS;
}

/* --- its life --- */

static struct id handle_key(uint64_t handle)
{
    struct id key = {0};
    memcpy(key.bytes, &handle, sizeof handle);
    return key;
}

static struct carried *find(struct net_loop *l, uint64_t handle)
{
    struct id key = handle_key(handle);
    return map_get(&l->carried_by_handle, &key);
}

static void mark_dirty(struct carried *v)
{
    if (list_empty(&v->dirty))
        list_append(&v->loop->carried_dirty, &v->dirty);
}

static void forget_address(struct carried *v)
{
    if (v->anonymous)
        budget_forget_address(&v->loop->net->budget, &v->address);
    v->anonymous = false;
}

static void end(struct carried *v)
{
    struct net_loop *l = v->loop;
    struct id key = handle_key(v->handle);
    map_remove(&l->carried, &v->id);
    map_remove(&l->carried_by_handle, &key);
    wheel_cancel(loop_wheel(l->loop), &v->timer);
    list_remove(&v->dirty);
    l->net->config.rooms->closed(l->dispatch, v->handle, v->heard_wall_us,
                                 v->waiting ? wall(l) : v->here_wall_us);
    if (v->waiting)
        carried_reply(v->waiting, 404, "live.unknown");
    if (v->entered)
        budget_exit(&l->net->budget, &v->person);
    forget_address(v);
    budget_leave(&l->net->budget, true);
    metric_add(&net_open_carried, -1);
    outq_release(&v->out);
    payload_unref(v->last);
    free(v);
}

void carried_end_all(struct net_loop *l)
{
    size_t cursor = 0;
    struct carried *v;
    while ((v = map_next(&l->carried, &cursor))) {
        end(v);
        cursor = 0;
    }
    carried_forget_far(l);
    map_release(&l->carried);
    map_release(&l->carried_by_handle);
}

static void close_it(struct carried *v, uint16_t code, const char *reason)
{
    if (v->closing)
        return;
    struct payload *frame = frame_close(code, reason);
    outq_push(&v->out, FRAME_CONTROL, 0, frame, SIZE_MAX, net_now(v->loop));
    payload_unref(frame);
    v->closing = true;
    v->closing_us = net_now(v->loop);
    mark_dirty(v);
}

/* What waits is of no use any more. */
static void close_slow(struct carried *v)
{
    metric_add(&net_live_closed_slow, 1);
    outq_release(&v->out);
    close_it(v, CLOSE_TOO_SLOW, "slow");
}

static void on_timer(struct timer *timer);

/* Its id cannot be guessed, and is of no use without a sign-in that opened it. */
static struct carried *carried_new(struct net_loop *l, const struct greeting *greeting)
{
    struct carried *v = mem_new(sizeof *v);
    v->loop = l;
    v->handle = (uint64_t)l->index << 56 | HANDLE_CARRIED | ++l->carried_made;
    v->id = id_random();
    carried_mark(l, &v->id);
    v->sign_ins = *greeting->sign_ins;
    v->heard_us = net_now(l);
    v->heard_wall_us = v->here_wall_us = wall(l);
    outq_init(&v->out);
    list_init(&v->dirty);
    timer_init(&v->timer, on_timer);
    wheel_set(loop_wheel(l->loop), &v->timer, CHECK_MS);
    return v;
}

bool carried_open(struct net_loop *l, const struct id *address, const struct greeting *greeting,
                  struct id *id)
{
    if (budget_admit(&l->net->budget, address) != ADMIT) {
        metric_add(&net_refused, 1);
        return false;
    }
    budget_to_live(&l->net->budget);
    struct carried *v = carried_new(l, greeting);
    struct id key = handle_key(v->handle);
    v->anonymous = true;
    v->address = *address;
    *id = v->id;
    map_put(&l->carried, &v->id, v);
    map_put(&l->carried_by_handle, &key, v);
    metric_add(&net_open_carried, 1);
    l->net->config.rooms->opened(l->dispatch, v->handle, greeting);
    return true;
}

/* --- the wire --- */

/* Bulk and media are left out, as for a slow reader: images can be fetched. */
void carried_send(struct net_loop *l, uint64_t handle, enum frame_class class, uint64_t key,
                  struct payload *frame)
{
    struct carried *v = find(l, handle);
    if (!v || v->closing || class == FRAME_BULK || class == FRAME_MEDIA)
        return;
    size_t max = (size_t)l->net->config.queue_bytes, kept = v->last ? v->last->len : 0;
    bool room = kept + frame->len <= max || outq_empty(&v->out);
    if (room && outq_push(&v->out, class, key, frame, max, net_now(l)))
        mark_dirty(v);
    else
        close_slow(v);
}

void carried_shut(struct net_loop *l, uint64_t handle, uint16_t code, const char *reason)
{
    struct carried *v = find(l, handle);
    if (v)
        close_it(v, code, reason);
}

bool carried_signed_in(struct net_loop *l, uint64_t handle, const struct id *person)
{
    struct carried *v = find(l, handle);
    if (!v || v->entered)
        return true;
    if (!budget_enter(&l->net->budget, person))
        return false;
    v->entered = true;
    v->person = *person;
    forget_address(v);
    return true;
}

/* --- answers --- */

/* All that waits, as one piece of memory. */
static unsigned char *take_frames(struct outq *q, size_t *len)
{
    size_t size = q->bytes, used = 0;
    unsigned char *all = mem_new(size);
    const unsigned char *bytes;
    for (size_t n; (n = outq_peek(q, all + used, size - used, &bytes)) > 0; used += n) {
        if (bytes != all + used)
            memcpy(all + used, bytes, n);
        metric_add(&net_frames_sent, outq_sent(q, n));
    }
    *len = used;
    return all;
}

static struct payload *answer_of(uint64_t number, const unsigned char *frames, size_t len)
{
    struct buf out;
    buf_init(&out, len + 256);
    buf_addf(&out, "{\"answer\":%llu}\n", (unsigned long long)number);
    parcel_add_frames(&out, frames, len);
    struct payload *bytes = payload_copy(out.data, out.len);
    buf_release(&out);
    return bytes;
}

static void give(struct carried *v, struct payload *bytes)
{
    struct carried_request *r = v->waiting;
    v->waiting = NULL;
    v->here_wall_us = wall(v->loop);
    r->bytes = bytes;
    r->signed_in = v->entered;
    carried_reply(r, 200, NULL);
}

/* Gives what waits to who waits for it; when nothing does, only once the time is over. */
static void answer(struct carried *v)
{
    if (!v->waiting)
        return;
    if (outq_empty(&v->out)) {
        if (net_now(v->loop) >= v->wait_until_us)
            give(v, answer_of(v->answers, NULL, 0));
        return;
    }
    size_t len;
    unsigned char *frames = take_frames(&v->out, &len);
    payload_unref(v->last);
    v->last = answer_of(++v->answers, frames, len);
    free(frames);
    give(v, payload_ref(v->last));
    if (v->closing) /* it knows now; who lost this answer comes again and is told so then */
        end(v);
}

void carried_flush(struct net_loop *l)
{
    struct list *node;
    while ((node = list_take_first(&l->carried_dirty)))
        answer(container_of(node, struct carried, dirty));
}

static void on_timer(struct timer *timer)
{
    struct carried *v = container_of(timer, struct carried, timer);
    struct net_loop *l = v->loop;
    int64_t now = net_now(l);
    bool silent = !v->waiting && now - v->heard_us > 2 * ping_us(l) + SILENCE_SLACK;
    if (silent && !v->closing)
        metric_add(&net_live_closed_silent, 1);
    if (silent || (v->closing && now - v->closing_us > CLOSE_US)) {
        end(v);
        return;
    }
    if (!v->closing && !outq_empty(&v->out) &&
        now - outq_oldest(&v->out) > l->net->config.queue_age_ms * US_PER_MS)
        close_slow(v);
    wheel_set(loop_wheel(l->loop), &v->timer, CHECK_MS);
    answer(v);
}

/* --- requests --- */

/* What the client has got is forgotten; what it has not is given again. */
static void take_next(struct carried *v, struct carried_request *r)
{
    struct net_loop *l = v->loop;
    uint64_t has = (uint64_t)r->parcel.number;
    int64_t most = ping_us(l), wait = r->parcel.wait_ms * US_PER_MS;
    if (v->waiting) /* its client has given it up, which need not have been seen */
        carried_reply(v->waiting, 409, "live.replaced");
    v->waiting = r;
    v->wait_until_us = net_now(l) + (wait && wait < most ? wait : most);
    if (v->last && has + 1 == v->answers) {
        give(v, payload_ref(v->last));
        return;
    }
    if (has != v->answers)
        close_it(v, CLOSE_PROTOCOL, "no such answer");
    payload_unref(v->last);
    v->last = NULL;
    mark_dirty(v);
}

static void take_frame(struct carried *v, const char *frame, size_t len)
{
    if (len > COMMAND_MAX_BYTES)
        close_it(v, CLOSE_TOO_LARGE, "too large");
    else if (!utf8_valid(frame, len))
        close_it(v, CLOSE_NOT_UTF8, "not UTF-8");
    else
        v->loop->net->config.rooms->message(v->loop->dispatch, v->handle, frame, len);
}

/* A request whose reply was lost comes again: it was taken already. */
static void take_commands(struct carried *v, struct carried_request *r)
{
    const char *frame;
    size_t len;
    if (r->parcel.number == v->taken + 1) {
        v->taken++;
        while (!v->closing && parcel_take(&r->parcel, &frame, &len))
            take_frame(v, frame, len);
    } else if (r->parcel.number != v->taken) {
        close_it(v, CLOSE_PROTOCOL, "requests out of order");
    }
    r->signed_in = v->entered;
    carried_reply(r, 204, NULL);
}

/* Its client says that it goes: it was there until now. */
static void take_close(struct carried *v, struct carried_request *r)
{
    r->signed_in = v->entered;
    carried_reply(r, 204, NULL);
    end(v);
}

/* Whether a request comes from the browser that opened it: with a sign-in of then. The other side's
 * may have come or gone meanwhile. */
static bool is_its_own(const struct carried *v, const struct sign_ins *with)
{
    bool nobody = sign_ins_count(&v->sign_ins) == 0 && sign_ins_count(with) == 0;
    bool same = false;
    for (int side = 0; side < SIDES; side++)
        same |= v->sign_ins.held[side] && with->held[side] &&
                memcmp(v->sign_ins.token[side], with->token[side], TOKEN_HASH_SIZE) == 0;
    return nobody || same;
}

void carried_take(struct carried_request *r)
{
    struct net_loop *l = r->to;
    struct carried *v = map_get(&l->carried, &r->connection);
    if (!v || !is_its_own(v, &r->sign_ins)) {
        carried_reply(r, 404, "live.unknown");
        return;
    }
    if (!v->closing) {
        v->heard_us = net_now(l);
        v->heard_wall_us = v->here_wall_us = wall(l);
    }
    if (r->kind == CARRIED_NEXT)
        take_next(v, r);
    else if (r->kind == CARRIED_SEND)
        take_commands(v, r);
    else
        take_close(v, r);
}
