/* Who may open a live websocket: decided from the headers alone, before lws does anything. */
#include "base/mem.h"
#include "http/cookie.h"
#include "http/path.h"
#include "net/live.h"
#include <strings.h>

/* A bare answer: scripts cannot read it anyway. Returns what makes lws close. */
static int refuse(struct conn *c, int status)
{
    char *out = (char *)c->loop->scratch;
    int len = snprintf(out, WRITE_MAX,
                       "HTTP/1.1 %d %s\r\nContent-Length: 0\r\nCache-Control: no-store\r\n%s"
                       "Connection: close\r\n\r\n",
                       status, http_status_text(status),
                       status == 503   ? "Retry-After: 2\r\n"
                       : status == 426 ? "Sec-WebSocket-Version: 13\r\n"
                                       : "");
    lws_write(c->wsi, (unsigned char *)out, (size_t)len, LWS_WRITE_HTTP_HEADERS);
    return -1;
}

/* lws-07: after an Upgrade that it does not know, lws has freed the headers already and calls on;
 * its argument points into them and is never touched here. Asking for the length is safe, and 0
 * then. lws-08: h2c ends here, too. */
static bool is_websocket(struct lws *wsi)
{
    char text[16];
    return lws_hdr_total_length(wsi, WSI_TOKEN_UPGRADE) == 9 &&
           header_copy(wsi, WSI_TOKEN_UPGRADE, text, sizeof text) &&
           strcasecmp(text, "websocket") == 0;
}

static bool header_is(struct lws *wsi, enum lws_token_indexes token, const char *want, bool exact)
{
    char text[256];
    return header_copy(wsi, token, text, sizeof text) &&
           (exact ? strcmp(text, want) : strcasecmp(text, want)) == 0;
}

static bool is_path(struct lws *wsi, const char *path)
{
    char *uri = NULL;
    int len = 0;
    return lws_http_get_uri_and_method(wsi, &uri, &len) == LWSHUMETH_GET &&
           (size_t)len == strlen(path) && memcmp(uri, path, (size_t)len) == 0;
}

/* A page of an earlier release, which learns from the greeting that it is to reload. */
static bool is_outdated(struct lws *wsi)
{
    return header_is(wsi, WSI_TOKEN_PROTOCOL, SUBPROTOCOL_OUTDATED, true);
}

/* Each door has its own subprotocol, by which libwebsockets chooses how much it receives at once.
 */
static bool speaks_its_language(struct lws *wsi)
{
    if (is_path(wsi, PUBLISH_PATH))
        return header_is(wsi, WSI_TOKEN_PROTOCOL, SUBPROTOCOL_MEDIA, true);
    return header_is(wsi, WSI_TOKEN_PROTOCOL, SUBPROTOCOL, true) || is_outdated(wsi);
}

/* 16 bytes in base64, as browsers make them. */
static bool has_key(struct lws *wsi)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char text[32];
    return header_copy(wsi, WSI_TOKEN_KEY, text, sizeof text) && strlen(text) == 24 &&
           strspn(text, digits) == 22 && strchr("AQgw", text[21]) && strcmp(text + 22, "==") == 0;
}

/* 0, or the status to refuse with. Where the browser's page came from is compared exactly: a page
 * of another site must not speak with the visitor's cookie. */
static int status_for(struct conn *c)
{
    struct lws *wsi = c->wsi;
    struct net *net = c->loop->net;
    if (c->metrics || (!is_path(wsi, LIVE_PATH) && !is_path(wsi, PUBLISH_PATH)))
        return 404;
    if (!header_is(wsi, WSI_TOKEN_HOST, net->authority, false))
        return 421;
    if (!header_is(wsi, WSI_TOKEN_ORIGIN, net->base_url, true))
        return 403;
    if (!header_is(wsi, WSI_TOKEN_VERSION, "13", true))
        return 426;
    if (!speaks_its_language(wsi) || !has_key(wsi) ||
        lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) > 0 ||
        lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0)
        return 400;
    return net_going(c->loop) ? 503 : 0;
}

int upgrade_check(struct conn *c)
{
    char cookies[8192];
    struct sign_ins sign_ins;
    const struct net *net = c->loop->net;
    if (c->killed || c->exchange || c->live || !is_websocket(c->wsi))
        return -1;
    int status = status_for(c);
    if (status)
        return refuse(c, status);
    if (!header_copy(c->wsi, WSI_TOKEN_HTTP_COOKIE, cookies, sizeof cookies))
        return refuse(c, 431);
    if (!cookie_sign_ins(cookies, net->config.http.token_hash, &sign_ins))
        return refuse(c, 400);
    struct greeting greeting = {.outdated = is_outdated(c->wsi),
                                .publishes = is_path(c->wsi, PUBLISH_PATH),
                                .sign_ins = &sign_ins};
    conn_busy(c); /* the time limit of an idle connection is over */
    wheel_set(loop_wheel(c->loop->loop), &c->timer, 1000);
    c->live = net_live_new(c->loop, &greeting);
    return 0;
}
