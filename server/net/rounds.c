/* Wakes a loop for the rounds of live media that its rooms want to send. */
#include "net/internal.h"

static void on_timer(uv_timer_t *timer)
{
    (void)timer; /* the turn that this begins does it */
}

bool rounds_start(struct net_loop *l)
{
    l->media.data = l;
    return uv_timer_init(loop_uv(l->loop), &l->media) == 0;
}

static void closed(uv_handle_t *handle)
{
    handle->data = NULL;
}

void rounds_stop(struct net_loop *l)
{
    if (l->media.data && !uv_is_closing((uv_handle_t *)&l->media))
        uv_close((uv_handle_t *)&l->media, closed);
}

void rounds_turn(struct net_loop *l)
{
    if (!l->media.data || !l->dispatch || !l->net->config.rooms->serve_media || l->destroying)
        return;
    int64_t due = l->net->config.rooms->serve_media(l->dispatch);
    if (due == INT64_MAX)
        return;
    int64_t ms = (due - net_now(l) + US_PER_MS - 1) / US_PER_MS;
    uv_update_time(loop_uv(l->loop));
    uv_timer_start(&l->media, on_timer, ms > 0 ? (uint64_t)ms : 0, 0);
}
