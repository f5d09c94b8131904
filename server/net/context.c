/* One libwebsockets context per loop, upon the loop's own libuv loop, and the callbacks that lead
 * from it to connections. The options here are those that notes on libwebsockets 4.1.6 call for;
 * tests named lws-01 … lws-12 hold each of them. */
#include "base/log.h"
#include "net/internal.h"

/* lws-06: no validity timers; theirs is a sorted list that grows with the connections. */
static const lws_retry_bo_t no_validity_timers = {0};

static struct net_loop *loop_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

static struct conn *conn_of(struct lws *wsi)
{
    enum subject *subject = lws_get_opaque_user_data(wsi);
    if (!subject || *subject != SUBJECT_CONN)
        return NULL;
    struct conn *c = (struct conn *)subject;
    if (!c->wsi && !c->killed)
        c->wsi = wsi;
    return c;
}

/* Callbacks of any protocol that are about a connection's beginning and end. */
static int on_life(struct lws *wsi, enum lws_callback_reasons reason, void *in)
{
    struct conn *c;
    switch (reason) {
    case LWS_CALLBACK_WSI_CREATE: {
        struct net_loop *l = loop_of(wsi);
        if (l && l->adopting)
            l->adopting_created = true;
        break;
    }
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
        (void)in;
        break;
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_CLOSED:
        if ((c = conn_of(wsi)))
            conn_closed(c);
        break;
    case LWS_CALLBACK_WSI_DESTROY:
        if ((c = conn_of(wsi)))
            conn_free(c);
        break;
    default:
        break;
    }
    return 0;
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                   size_t len)
{
    struct conn *c;
    switch (reason) {
    case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
        tls_context(loop_of(wsi)->net, user);
        return 0;
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        c = conn_of(wsi);
        return c ? upgrade_check(c) : -1;
    case LWS_CALLBACK_HTTP:
        c = conn_of(wsi);
        return c ? exchange_begin(c) : -1;
    case LWS_CALLBACK_HTTP_BODY:
        c = conn_of(wsi);
        return c ? exchange_body(c, in, len) : -1;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        c = conn_of(wsi);
        return c ? exchange_body_end(c) : -1;
    case LWS_CALLBACK_HTTP_WRITEABLE:
        c = conn_of(wsi);
        return c ? exchange_writeable(c) : -1;
    default:
        return on_life(wsi, reason, in);
    }
}

static int on_live(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                   size_t len)
{
    struct conn *c = conn_of(wsi);
    (void)user;
    if (!c)
        return 0;
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        net_live_opened(c);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        return net_live_received(c, in, len);
    case LWS_CALLBACK_RECEIVE_PONG:
        net_live_seen(c);
        return 0;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        return net_live_peer_closes(c);
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return net_live_writeable(c);
    default:
        return on_life(wsi, reason, in);
    }
}

static int on_listen(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                     size_t len)
{
    (void)user;
    (void)in;
    (void)len;
    if (reason == LWS_CALLBACK_RAW_RX_FILE)
        accept_some(lws_get_opaque_user_data(wsi));
    else if (reason == LWS_CALLBACK_RAW_CLOSE_FILE)
        ((struct listener *)lws_get_opaque_user_data(wsi))->wsi = NULL;
    return 0;
}

/* lws-03: tx_packet_size, or every write is cut into pieces of 4 KB and the rest copied.
 * The first protocol is every HTTP connection's. */
static const struct lws_protocols protocols[] = {
    {.name = "http", .callback = on_http, .rx_buffer_size = LIVE_RX, .tx_packet_size = WRITE_MAX},
    {.name = SUBPROTOCOL,
     .callback = on_live,
     .rx_buffer_size = LIVE_RX,
     .tx_packet_size = WRITE_MAX},
    {.name = SUBPROTOCOL_OUTDATED,
     .callback = on_live,
     .rx_buffer_size = LIVE_RX,
     .tx_packet_size = WRITE_MAX},
    {.name = SUBPROTOCOL_MEDIA,
     .callback = on_live,
     .rx_buffer_size = PUBLISH_RX,
     .tx_packet_size = WRITE_MAX},
    {.name = "listen",
     .callback = on_listen,
     .rx_buffer_size = LIVE_RX,
     .tx_packet_size = WRITE_MAX},
    {.name = NULL}};

static void on_log(int level, const char *line)
{
    (void)level;
    size_t len = strcspn(line, "\n");
    log_warn("net.lws", "{s:s%}", "line", line, len);
}

static void fill_info(struct net_loop *l, struct lws_context_creation_info *info, void **loops)
{
    memset(info, 0, sizeof *info);
    info->user = l;
    /* lws-01: its poll() loop costs twenty times as much; we bring the libuv loop. */
    info->options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                    LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS |
                    (l->net->config.tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0);
    info->provided_client_ssl_ctx = l->net->config.tls ? tls_client(l->net) : NULL;
    loops[0] = loop_uv(l->loop);
    info->foreign_loops = loops;
    info->pcontext = &l->context;
    info->port = CONTEXT_PORT_NO_LISTEN;
    info->protocols = protocols;
    info->gid = info->uid = (gid_t)-1;
    info->pt_serv_buf_size = READ_MAX; /* lws-02: a whole TLS record fits one read */
    info->max_http_header_data = HEADERS_MAX;
    /* Ours come first: config.idle_ms and exchange_time.c. */
    info->timeout_secs = (unsigned)l->net->config.idle_ms / 1000 + 5;
    info->keepalive_timeout = info->timeout_secs + 15;
    info->retry_and_idle_policy = &no_validity_timers;
    /* lws-12: fd_limit_per_thread stays 0, or finding a connection is a linear search.
     * lws-08, no extensions: permessage-deflate costs 260 KB a connection. */
}

static enum err create_vhosts(struct net_loop *l, struct lws_context_creation_info *info)
{
    info->port = CONTEXT_PORT_NO_LISTEN_SERVER;
    if (l->metrics_listener.fd >= 0) {
        info->vhost_name = "metrics";
        l->metrics_vhost = lws_create_vhost(l->context, info);
        if (!l->metrics_vhost)
            return ERR_INTERNAL;
    }
    info->vhost_name = "amphi";
    if (l->net->config.tls)
        tls_info(l->net, info);
    l->vhost = lws_create_vhost(l->context, info);
    return l->vhost ? ERR_OK : ERR_INTERNAL;
}

enum err context_create(struct net_loop *l, char *why, size_t why_size)
{
    struct lws_context_creation_info info;
    void *loops[1];
    lws_set_log_level(LLL_ERR, on_log);
    fill_info(l, &info, loops);
#if LWS_LIBRARY_VERSION_NUMBER >= 4003000
    l->log = (lws_log_cx_t){.u.emit = on_log, .lll_flags = LLL_ERR};
    info.log_cx = &l->log;
#endif
    l->context = lws_create_context(&info);
    if (!l->context) {
        snprintf(why, why_size,
                 "libwebsockets cannot start: its libuv plugin (Debian package "
                 "libwebsockets-evlib-uv) is missing, or memory");
        return ERR_INTERNAL;
    }
    if (create_vhosts(l, &info) != ERR_OK) {
        snprintf(why, why_size, "libwebsockets refuses its configuration or the certificate");
        return ERR_INTERNAL;
    }
    if (!writable_start(l) || !rounds_start(l)) {
        snprintf(why, why_size, "no descriptor is left to watch connections with");
        return ERR_INTERNAL;
    }
    return ERR_OK;
}

static void adopt_listener(struct net_loop *l, struct listener *li)
{
    if (li->fd < 0)
        return;
    lws_adopt_desc_t info = {
        .vh = l->vhost,
        .type = LWS_ADOPT_RAW_FILE_DESC,
        .fd = {.filefd = li->fd},
        .vh_prot_name = "listen",
        .opaque = li,
    };
    li->wsi = lws_adopt_descriptor_vhost_via_info(&info);
    li->adopted = true;
}

void context_adopt_listeners(struct net_loop *l)
{
    adopt_listener(l, &l->listener);
    adopt_listener(l, &l->metrics_listener);
}

static void close_listener(struct listener *li)
{
    if (!li->wsi)
        return;
    lws_set_timeout(li->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
    li->loop->kick = true;
}

void context_close_listeners(struct net_loop *l)
{
    close_listener(&l->listener);
}
