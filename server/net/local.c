/* What the loop answers by itself: health, metrics, and the web pages from memory. */
#include "base/metrics.h"
#include "http/path.h"
#include "net/exchange.h"
#include "net/head.h"
#include <strings.h>

static struct payload *text_bytes(const char *text)
{
    return payload_copy(text, strlen(text));
}

static void reply_health(struct exchange *ex, const char *path)
{
    struct net_loop *l = ex->conn->loop;
    const struct net_config *config = &l->net->config;
    bool ready = strcmp(path, "/healthz") == 0 ||
                 (!net_going(l) && (!config->ready || config->ready(config->http.app)));
    const char *word = strcmp(path, "/healthz") == 0 ? "{\"status\":\"alive\"}"
                       : ready                       ? "{\"status\":\"ready\"}"
                                                     : "{\"status\":\"not ready\"}";
    ex->pattern = path[1] == 'h' ? "/healthz" : "/readyz";
    if (!is_get(ex)) {
        respond_problem(ex, 405, "request.method", NULL, ex->body_size > 0);
        return;
    }
    respond(ex, &(struct reply){.status = ready ? 200 : 503,
                                .content_type = "application/json",
                                .bytes = text_bytes(word)});
}

/* Under a name of its own a page of elsewhere could be led here, and read what is shown. */
static bool is_this_machine(const char *host)
{
    size_t len = strcspn(host, ":");
    return (len == 9 && strncmp(host, "127.0.0.1", len) == 0) ||
           (len == 9 && strncasecmp(host, "localhost", len) == 0);
}

static const char *operators_page(const struct net *net, const struct head *h, struct buf *out)
{
    const struct net_config *c = &net->config;
    return c->operators && is_this_machine(h->host)
               ? c->operators(c->http.app, h->path, h->accept_language, out)
               : NULL;
}

void local_metrics(struct exchange *ex, const struct head *h)
{
    struct net *net = ex->conn->loop->net;
    const char *type = "text/plain; version=0.0.4; charset=utf-8";
    struct buf out;
    ex->pattern = "/metrics";
    buf_init(&out, 1024 * 1024);
    if (strcmp(h->path, "/metrics") != 0)
        type = operators_page(net, h, &out);
    else if (net->config.metrics)
        net->config.metrics(&out);
    else
        metrics_write(&out);
    if (is_get(ex) && type)
        respond(ex, &(struct reply){.status = 200,
                                    .content_type = type,
                                    .bytes = payload_copy(out.data, out.len)});
    else
        respond_problem(ex, 404, err_code(ERR_NOT_FOUND), NULL, true);
    buf_release(&out);
}

static void reply_asset(struct exchange *ex, const struct asset *asset)
{
    struct lws *wsi = ex->conn->wsi;
    char accept[256], if_none_match[512], headers[128];
    if (!header_copy(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, accept, sizeof accept))
        accept[0] = '\0';
    if (!header_copy(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, if_none_match, sizeof if_none_match))
        if_none_match[0] = '\0';
    enum asset_coding coding = asset_choose(asset, accept);
    const char *name = asset_coding_name(coding);
    snprintf(headers, sizeof headers, "Vary: Accept-Encoding\r\n%s%s%s",
             name ? "Content-Encoding: " : "", name ? name : "", name ? "\r\n" : "");
    bool same = etag_matches(if_none_match, asset->etag[coding]);
    respond(ex, &(struct reply){.status = same ? 304 : 200,
                                .content_type = asset->content_type,
                                .cache_control = asset->immutable
                                                     ? "public, max-age=31536000, immutable"
                                                     : "no-cache",
                                .etag = asset->etag[coding],
                                .headers = headers,
                                .bytes = payload_ref(asset->bytes[coding])});
}

static bool below(const char *path, const char *folder)
{
    size_t len = strlen(folder);
    return strncmp(path, folder, len) == 0 && (path[len] == '\0' || path[len] == '/');
}

/* Pages live in the browser: any path that is no file's is the application's own. Those by which
 * people register lead on to reply_plain() where scripts do not run. */
static const struct asset *page_for(const struct assets *assets, const char *path)
{
    const struct asset *asset = assets_find(assets, path);
    if (!asset && (below(path, "/r") || strcmp(path, "/join") == 0))
        asset = assets_find(assets, "/register.html");
    if (!asset && !path_has_extension(path))
        asset = assets_find(assets, "/index.html");
    return asset;
}

#define LOCATION_SIZE 128

/* Without scripts the pages by which people register are written by the server. */
static bool reply_plain(struct exchange *ex, const struct head *h)
{
    char headers[LOCATION_SIZE];
    const char *code = strncmp(h->path, "/r/", 3) == 0 ? h->path + 3 : NULL;
    bool wanted = h->arg_count > 0 && strcmp(h->args[0], "plain=1") == 0;
    if (!wanted || (!code && strcmp(h->path, "/join") != 0) ||
        (code && (strlen(code) > 40 || !code[0] ||
                  code[strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789")])))
        return false;
    if (code)
        snprintf(headers, sizeof headers, "Location: /api/registration-pages/%s/plain\r\n", code);
    else
        snprintf(headers, sizeof headers, "Location: /api/join/plain\r\n");
    respond(ex, &(struct reply){.status = 303, .headers = headers, .bytes = payload_new(0)});
    return true;
}

bool local_reply(struct exchange *ex, const struct head *h)
{
    const char *path = h->path;
    if (strcmp(path, "/healthz") == 0 || strcmp(path, "/readyz") == 0) {
        reply_health(ex, path);
        return true;
    }
    if (strcmp(path, LIVE_PATH) == 0) { /* below it are pages */
        ex->pattern = LIVE_PATH;
        respond_problem(ex, 426, "request.upgrade", "This address speaks websocket only.",
                        ex->body_size > 0);
        return true;
    }
    if (!is_get(ex) || ex->body_size > 0 || below(path, "/api") || below(path, "/programme"))
        return false;
    if (reply_plain(ex, h))
        return true;
    const struct asset *asset = page_for(ex->conn->loop->net->assets, path);
    if (!asset)
        return false;
    ex->pattern = "(pages)";
    reply_asset(ex, asset);
    return true;
}
