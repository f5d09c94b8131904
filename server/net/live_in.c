/* What comes in by a websocket, on the connection's loop: messages, put together from the pieces
 * that libwebsockets hands over. A command gets COMMAND_MAX_BYTES of memory at once; media of a
 * publisher are longer and get as much as their frames announce, up to MEDIA_MOST. */
#include "base/json.h"
#include "base/mem.h"
#include "net/live.h"

#define MEDIA_MOST     (256 * 1024)    /* as MEDIA_FRAME_MOST of media/record.h */
#define FRAGMENTS_MOST 64              /* websocket frames of one message of a publisher */
#define MESSAGE_US     (10 * US_PER_S) /* from its first piece to its last */

static int received_whole(struct conn *c, const char *bytes, size_t len)
{
    struct net_loop *l = c->loop;
    const struct net_rooms *rooms = l->net->config.rooms;
    if (c->live->binary)
        rooms->media(l->dispatch, conn_handle(c), bytes, len);
    else if (!utf8_valid(bytes, len))
        net_live_close(c, CLOSE_NOT_UTF8, "not UTF-8");
    else
        rooms->message(l->dispatch, conn_handle(c), bytes, len);
    return 0;
}

/* False: it has been closed. left: of the websocket frame, not here yet. */
static bool is_allowed(struct conn *c, size_t len, size_t left)
{
    struct net_live *v = c->live;
    size_t most = v->binary ? MEDIA_MOST : COMMAND_MAX_BYTES;
    if (v->binary && !v->publishes)
        net_live_close(c, CLOSE_TEXT_ONLY, "text only");
    else if (v->binary && !v->admitted) /* no memory for strangers */
        net_live_close(c, CLOSE_PROTOCOL, "publish first");
    else if (left > most || v->message_len + len + left > most)
        net_live_close(c, CLOSE_TOO_LARGE, "too large");
    else if (v->publishes && v->message_fragments > FRAGMENTS_MOST)
        net_live_close(c, CLOSE_PROTOCOL, "too many fragments");
    return !v->closing;
}

bool net_live_stalls(struct conn *c, int64_t now)
{
    struct net_live *v = c->live;
    if (!v->message_since_us || now - v->message_since_us <= MESSAGE_US)
        return false;
    net_live_close(c, CLOSE_PROTOCOL, "endless message");
    return true;
}

static void keep(struct net_live *v, const char *bytes, size_t len, size_t left)
{
    size_t need = v->message_len + len + left;
    if (need > v->message_cap) {
        v->message_cap = v->binary ? need : COMMAND_MAX_BYTES;
        v->message = mem_resize(v->message, v->message_cap);
    }
    if (len)
        memcpy(v->message + v->message_len, bytes, len);
    v->message_len += len;
}

/* Kept only while a message is under way. */
static int received_last(struct conn *c)
{
    struct net_live *v = c->live;
    char *message = v->message;
    size_t len = v->message_len;
    v->message = NULL;
    v->message_len = v->message_cap = 0;
    v->message_fragments = 0;
    v->message_since_us = 0;
    int result = received_whole(c, message, len);
    free(message);
    return result;
}

int net_live_received(struct conn *c, const char *bytes, size_t len)
{
    struct net_live *v = c->live;
    struct lws *wsi = c->wsi;
    if (!v || c->killed)
        return -1;
    net_live_seen(c);
    if (v->closing)
        return 0;
    if (!v->message_since_us)
        v->binary = lws_frame_is_binary(wsi);
    size_t left = lws_remaining_packet_payload(wsi);
    bool last = lws_is_final_fragment(wsi) && left == 0;
    v->message_fragments += left == 0;
    if (!is_allowed(c, len, left) || net_live_stalls(c, net_now(c->loop)))
        return 0;
    if (last && !v->message_since_us) {
        v->message_fragments = 0;
        return received_whole(c, bytes, len);
    }
    if (!v->message_since_us)
        v->message_since_us = net_now(c->loop);
    keep(v, bytes, len, left);
    return last ? received_last(c) : 0;
}
