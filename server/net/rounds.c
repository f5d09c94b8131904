/* Wakes a loop for the rounds of live media that its rooms want to send. */
#include "net/internal.h"

#define GIVES_WAY_MOST 8 /* turns in a row, which take microseconds without media */

static void on_idle(uv_idle_t *idle)
{
    (void)idle;
}

/* The turn does it, and comes after the wait for sockets, which a timer that is over does not end:
 * without this, each slice of a round would wait for the next tick of something else. */
static void do_not_wait(struct net_loop *l)
{
    if (l->media_due.data)
        uv_idle_start(&l->media_due, on_idle);
}

static void on_timer(uv_timer_t *timer)
{
    do_not_wait(timer->data);
}

bool rounds_start(struct net_loop *l)
{
    l->media.data = l->media_due.data = l;
    return uv_timer_init(loop_uv(l->loop), &l->media) == 0 &&
           uv_idle_init(loop_uv(l->loop), &l->media_due) == 0;
}

static void closed(uv_handle_t *handle)
{
    handle->data = NULL;
}

void rounds_stop(struct net_loop *l)
{
    if (l->media.data && !uv_is_closing((uv_handle_t *)&l->media))
        uv_close((uv_handle_t *)&l->media, closed);
    if (l->media_due.data && !uv_is_closing((uv_handle_t *)&l->media_due))
        uv_close((uv_handle_t *)&l->media_due, closed);
}

/* What the turn led on to waits for the next one, and a command takes several (the lane, the answer
 * of its worker, the way to its connection): it is not to wait for members in each of them. */
static bool give_way(struct net_loop *l)
{
    bool gives = l->media_gave_way < GIVES_WAY_MOST && mailbox_waits(loop_mailbox(l->loop));
    l->media_gave_way = gives ? l->media_gave_way + 1 : 0;
    return gives;
}

void rounds_turn(struct net_loop *l)
{
    if (!l->media.data || !l->dispatch || !l->net->config.rooms->serve_media || l->destroying)
        return;
    if (give_way(l)) {
        do_not_wait(l);
        return;
    }
    uv_idle_stop(&l->media_due);
    int64_t due = l->net->config.rooms->serve_media(l->dispatch);
    if (due == INT64_MAX)
        return;
    int64_t ms = (due - net_now(l) + US_PER_MS - 1) / US_PER_MS;
    if (ms <= 0) {
        do_not_wait(l);
        return;
    }
    uv_update_time(loop_uv(l->loop));
    uv_timer_start(&l->media, on_timer, (uint64_t)ms, 0);
}
