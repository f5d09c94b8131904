#include "features/oidc/oidc_http.h"
#include "base/json.h"
#include "base/url.h"
#include <curl/curl.h>
#include <string.h>

#define CONNECT_MS  3000L
#define ANSWER_MS   5000L
#define ESCAPED_MAX 4096

enum err oidc_http_start(void)
{
    return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? ERR_OK : ERR_INTERNAL;
}

void oidc_form_add(struct buf *b, const char *name, const char *value)
{
    if (b->len)
        buf_adds(b, "&");
    buf_adds(b, name);
    buf_adds(b, "=");
    url_escape(b, value, URL_UNRESERVED);
}

static size_t on_write(char *bytes, size_t size, size_t n, void *arg)
{
    struct buf *body = arg;
    buf_add(body, bytes, size * n);
    return buf_failed(body) ? 0 : size * n;
}

/* Id and secret as RFC 6749, 2.3.1 wants them: escaped, then as name and password. */
static bool add_secret(CURL *c, const struct oidc_settings *s)
{
    struct buf id, secret;
    buf_init(&id, ESCAPED_MAX);
    buf_init(&secret, ESCAPED_MAX);
    url_escape(&id, s->config->oidc_client_id, URL_UNRESERVED);
    url_escape(&secret, s->secret, URL_UNRESERVED);
    bool bad = buf_failed(&id) || buf_failed(&secret);
    bad = bad || curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BASIC) ||
          curl_easy_setopt(c, CURLOPT_USERNAME, id.data) ||
          curl_easy_setopt(c, CURLOPT_PASSWORD, secret.data);
    buf_release(&id);
    if (secret.data)
        explicit_bzero(secret.data, secret.len);
    buf_release(&secret);
    return !bad;
}

static bool set_up(CURL *c, const struct oidc_call *call, struct curl_slist *headers,
                   struct buf *body)
{
    const struct oidc_settings *s = call->settings;
    bool bad = false;
    bad |= curl_easy_setopt(c, CURLOPT_URL, call->url);
    bad |= curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, s->local ? "http,https" : "https");
    bad |= curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
    bad |= curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    bad |= curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    bad |= curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, ANSWER_MS);
    bad |= curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    bad |= curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_write);
    bad |= curl_easy_setopt(c, CURLOPT_WRITEDATA, body);
    if (s->config->oidc_ca[0]) {
        bad |= curl_easy_setopt(c, CURLOPT_CAINFO, s->config->oidc_ca);
        bad |= curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
    }
    if (call->form)
        bad |= curl_easy_setopt(c, CURLOPT_POSTFIELDS, call->form);
    if (call->bearer) {
        bad |= curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
        bad |= curl_easy_setopt(c, CURLOPT_XOAUTH2_BEARER, call->bearer);
    }
    return !bad && (!call->with_secret || add_secret(c, s));
}

static enum err outcome(CURLcode code, long status, const struct buf *body)
{
    if (buf_failed(body))
        return ERR_INVALID;
    if (code != CURLE_OK || status >= 500 || status == 429)
        return ERR_BUSY;
    return status == 200 ? ERR_OK : ERR_INVALID;
}

enum err oidc_call(const struct oidc_call *call, json_t **out)
{
    struct buf body;
    long status = 0;
    *out = NULL;
    buf_init(&body, OIDC_BODY_MAX);
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    CURL *c = curl_easy_init();
    enum err err = c && headers && set_up(c, call, headers, &body) ? ERR_OK : ERR_INTERNAL;
    if (err == ERR_OK) {
        CURLcode code = curl_easy_perform(c);
        curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
        err = outcome(code, status, &body);
    }
    if (err == ERR_OK) {
        *out = json_parse(body.data ? body.data : "", body.len);
        if (!json_is_object(*out)) {
            json_decref(*out);
            *out = NULL;
            err = ERR_INVALID;
        }
    }
    curl_easy_cleanup(c);
    curl_slist_free_all(headers);
    if (body.data)
        explicit_bzero(body.data, body.len);
    buf_release(&body);
    return err;
}
