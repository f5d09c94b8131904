/* How long a request may take: its body, its handler, its reply. Looked at once a second. */
#include "net/exchange.h"
#include <linux/sockios.h>
#include <sys/ioctl.h>

/* Bytes a second: of bodies since their beginning, once idle_ms are over; of replies in each window
 * of stall_ms. What holds a file must be quicker. */
#define MIN_RATE      1024
#define FILE_MIN_RATE (16 * 1024)
#define WORK_MAX_US   (180 * US_PER_S)
#define CHECK_MS      1000

static bool body_is_slow(const struct exchange *ex, int64_t now)
{
    int64_t age = now - ex->began_us;
    int64_t grace_us = ex->conn->loop->net->config.idle_ms * US_PER_MS;
    int64_t rate = ex->spool ? FILE_MIN_RATE : MIN_RATE;
    return ex->stage == READING && age > grace_us && !ex->paused && !ex->body_ended &&
           (int64_t)ex->body_have < age / US_PER_S * rate;
}

/* What the peer has acknowledged; what only fills the kernel's buffer does not count. */
static uint64_t delivered(const struct exchange *ex)
{
    int queued = 0;
    ioctl(lws_get_socket_fd(ex->conn->wsi), SIOCOUTQ, &queued);
    return ex->given > (uint64_t)queued ? ex->given - (uint64_t)queued : 0;
}

/* While the disk is to blame the client is not. */
static bool reply_is_slow(struct exchange *ex, int64_t now)
{
    int64_t stall_us = ex->conn->loop->net->config.stall_ms * US_PER_MS;
    int64_t rate = ex->file ? FILE_MIN_RATE : MIN_RATE;
    if (!ex->waits_for_disk && now - ex->window_us < stall_us)
        return false;
    uint64_t have = delivered(ex);
    bool slow = (int64_t)(have - ex->window_had) < stall_us / US_PER_MS * rate / 1000;
    ex->window_us = now;
    ex->window_had = have;
    return ex->waits_for_disk ? now - ex->moved_us > WORK_MAX_US : slow;
}

static bool too_slow(struct exchange *ex, int64_t now)
{
    switch (ex->stage) {
    case READING:
        return false;
    case ADMITTING:
    case WORKING:
        return now - ex->began_us > WORK_MAX_US;
    case SENDING:
        return reply_is_slow(ex, now);
    default:
        return true;
    }
}

void exchange_timer(struct conn *c)
{
    struct exchange *ex = c->exchange;
    int64_t now = net_now(c->loop);
    if (ex && too_slow(ex, now)) {
        conn_kill(c);
        return;
    }
    if (ex && body_is_slow(ex, now))
        respond_problem(ex, 408, "request.timeout", "The body came too slowly.", true);
    wheel_set(loop_wheel(c->loop->loop), &c->timer, CHECK_MS);
}
