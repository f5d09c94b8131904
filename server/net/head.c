#include "net/head.h"

bool header_copy(struct lws *wsi, enum lws_token_indexes token, char *out, size_t size)
{
    out[0] = '\0';
    int len = lws_hdr_total_length(wsi, token);
    if (len <= 0)
        return true;
    if ((size_t)len >= size)
        return false;
    int n = lws_hdr_copy(wsi, out, (int)size, token);
    return n >= 0 && strlen(out) == (size_t)n; /* a NUL inside would hide the rest */
}

static bool custom_copy(struct lws *wsi, const char *name, char *out, size_t size)
{
    out[0] = '\0';
    int name_len = (int)strlen(name);
    int len = lws_hdr_custom_length(wsi, name, name_len);
    if (len <= 0)
        return true;
    return (size_t)len < size && lws_hdr_custom_copy(wsi, out, (int)size, name, name_len) >= 0;
}

static bool read_args(struct lws *wsi, struct head *h)
{
    size_t used = 0;
    for (int i = 0;; i++) {
        if (used + 1 >= sizeof h->arg_text)
            return false;
        char *at = h->arg_text + used;
        int n = lws_hdr_copy_fragment(wsi, at, (int)(sizeof h->arg_text - used),
                                      WSI_TOKEN_HTTP_URI_ARGS, i);
        if (n < 0)
            return lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_URI_ARGS) < (int)sizeof h->arg_text;
        if (n == 0)
            continue;
        if (h->arg_count == HTTP_MAX_ARGS || strlen(at) != (size_t)n)
            return false;
        h->args[h->arg_count++] = at;
        used += (size_t)n + 1;
    }
}

bool head_read(struct lws *wsi, struct head *h)
{
    return header_copy(wsi, WSI_TOKEN_HOST, h->host, sizeof h->host) &&
           header_copy(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE, h->content_type, sizeof h->content_type) &&
           header_copy(wsi, WSI_TOKEN_HTTP_ACCEPT_LANGUAGE, h->accept_language,
                       sizeof h->accept_language) &&
           header_copy(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, h->accept_encoding,
                       sizeof h->accept_encoding) &&
           header_copy(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, h->if_none_match,
                       sizeof h->if_none_match) &&
           header_copy(wsi, WSI_TOKEN_HTTP_COOKIE, h->cookie, sizeof h->cookie) &&
           header_copy(wsi, WSI_TOKEN_ORIGIN, h->origin, sizeof h->origin) &&
           custom_copy(wsi, "x-amphi:", h->x_amphi, sizeof h->x_amphi) &&
           custom_copy(wsi, "x-amphi-person:", h->person, sizeof h->person) &&
           custom_copy(wsi, "idempotency-key:", h->idempotency_key, sizeof h->idempotency_key) &&
           read_args(wsi, h);
}

const char *head_method(int method)
{
    switch (method) {
    case LWSHUMETH_GET:
        return "GET";
    case LWSHUMETH_POST:
        return "POST";
    case LWSHUMETH_PUT:
        return "PUT";
    case LWSHUMETH_PATCH:
        return "PATCH";
    case LWSHUMETH_DELETE:
        return "DELETE";
    case LWSHUMETH_HEAD:
        return "HEAD";
    case LWSHUMETH_OPTIONS:
        return "OPTIONS";
    default:
        return NULL;
    }
}
