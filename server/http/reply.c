/* The reply half of http.h. */
#include "base/mem.h"
#include "blob/temp.h"
#include "http/disposition.h"
#include "http/gzip.h"
#include "http/path.h"
#include "http/server.h"
#include <assert.h>
#include <stdio.h>
#include <unistd.h>

const char *http_status_text(int status)
{
    static const struct {
        int status;
        const char *text;
    } texts[] = {{200, "OK"},
                 {201, "Created"},
                 {202, "Accepted"},
                 {204, "No Content"},
                 {303, "See Other"},
                 {304, "Not Modified"},
                 {400, "Bad Request"},
                 {401, "Unauthorized"},
                 {403, "Forbidden"},
                 {404, "Not Found"},
                 {405, "Method Not Allowed"},
                 {408, "Request Timeout"},
                 {409, "Conflict"},
                 {410, "Gone"},
                 {411, "Length Required"},
                 {412, "Precondition Failed"},
                 {413, "Content Too Large"},
                 {414, "URI Too Long"},
                 {415, "Unsupported Media Type"},
                 {417, "Expectation Failed"},
                 {421, "Misdirected Request"},
                 {422, "Unprocessable Content"},
                 {426, "Upgrade Required"},
                 {428, "Precondition Required"},
                 {429, "Too Many Requests"},
                 {431, "Request Header Fields Too Large"},
                 {500, "Internal Server Error"},
                 {503, "Service Unavailable"},
                 {507, "Insufficient Storage"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].status == status)
            return texts[i].text;
    return status < 400 ? "OK" : status < 500 ? "Bad Request" : "Internal Server Error";
}

static bool header_safe(const char *text)
{
    return !strpbrk(text, "\r\n");
}

static struct http_wire *begin(struct http_exchange *x, int status, const char *content_type)
{
    struct http_wire *w = x->wire;
    assert(w->kind == REPLY_NONE); /* exactly one reply per exchange */
    assert(header_safe(content_type));
    w->status = status;
    snprintf(w->content_type, sizeof w->content_type, "%s", content_type);
    snprintf(w->cache_control, sizeof w->cache_control, "no-store");
    return w;
}

static struct payload *json_bytes(json_t *body)
{
    size_t len = json_dumpb(body, NULL, 0, JSON_COMPACT);
    struct payload *p = payload_new(len);
    json_dumpb(body, (char *)p->bytes, len, JSON_COMPACT);
    return p;
}

/* Nothing that a stranger chooses is in one reply with a secret: its length betrays nothing. True:
 * *bytes is compressed now. */
static bool compress(struct http_exchange *x, struct payload **bytes)
{
    struct payload *plain = *bytes;
    size_t len = plain->len;
    if (len < GZIP_WORTH)
        return false;
    http_header(x, "Vary", "Accept-Encoding");
    if (!encoding_accepted(x->accept_encoding, "gzip"))
        return false;
    *bytes = gzip_payload(plain);
    if ((*bytes)->len == len)
        return false;
    http_header(x, "Content-Encoding", "gzip");
    return true;
}

void http_reply_json(struct http_exchange *x, int status, json_t *body)
{
    struct http_wire *w = begin(x, status, "application/json");
    w->bytes = json_bytes(body);
    compress(x, &w->bytes);
    json_decref(body);
    w->kind = REPLY_BYTES;
}

void http_reply_empty(struct http_exchange *x, int status)
{
    begin(x, status, "")->kind = REPLY_BYTES;
}

void http_reply_go(struct http_exchange *x, const char *to)
{
    assert(to[0] == '/' && to[1] != '/');
    http_header(x, "Location", to);
    http_reply_empty(x, 303);
}

void http_reply_page(struct http_exchange *x, int status, struct buf *html)
{
    if (buf_failed(html)) {
        http_problem_err(x, ERR_INTERNAL);
    } else {
        struct http_wire *w = begin(x, status, "text/html; charset=utf-8");
        w->bytes = payload_copy(html->data, html->len);
        w->kind = REPLY_BYTES;
    }
    buf_release(html);
}

/* True when the browser has it already: 304. */
static bool keep_in_browser(struct http_wire *w, const char *etag, int max_age)
{
    assert(header_safe(etag));
    if (etag[0] == '"')
        snprintf(w->etag, sizeof w->etag, "%s", etag);
    else if (etag[0])
        snprintf(w->etag, sizeof w->etag, "\"%s\"", etag);
    snprintf(w->cache_control, sizeof w->cache_control, "private, max-age=%d", max_age);
    bool same = etag_matches(w->x.if_none_match, w->etag);
    if (same)
        w->status = 304;
    return same;
}

void http_reply_payload(struct http_exchange *x, struct payload *bytes, const char *content_type,
                        const char *etag, int max_age)
{
    struct http_wire *w = begin(x, 200, content_type);
    char packed[80];
    if (strcmp(content_type, "application/json") == 0 && compress(x, &bytes) &&
        snprintf(packed, sizeof packed, "%s-gzip", etag) < (int)sizeof packed)
        etag = packed;
    if (keep_in_browser(w, etag, max_age))
        payload_unref(bytes);
    else
        w->bytes = bytes;
    w->kind = REPLY_BYTES;
}

static void attach(struct http_exchange *x, const char *filename)
{
    struct buf *headers = &x->wire->headers;
    buf_adds(headers, "Content-Disposition: ");
    disposition_add(headers, filename);
    buf_adds(headers, "\r\n");
}

void http_reply_file(struct http_exchange *x, const struct http_file *file)
{
    struct http_wire *w = begin(x, 200, file->content_type);
    if (file->filename)
        attach(x, file->filename);
    w->file = (struct http_part){.fd = file->fd, .offset = file->offset, .len = file->len};
    w->kind = REPLY_FILE;
    if (file->max_age > 0 && keep_in_browser(w, file->etag ? file->etag : "", file->max_age)) {
        close(file->fd);
        w->file.fd = -1;
        w->kind = REPLY_BYTES;
    }
}

void http_reply_download(struct http_exchange *x, struct temp_file *file, const char *content_type,
                         const char *filename)
{
    http_reply_file(x, &(struct http_file){.fd = file->fd,
                                           .len = file->len,
                                           .content_type = content_type,
                                           .filename = filename});
    file->fd = -1;
}

struct payload *http_problem_bytes(int status, const char *code, const char *detail,
                                   const char *field, const char *reason)
{
    json_t *body = json_pack("{s:s,s:s,s:i,s:s}", "type", "about:blank", "title",
                             http_status_text(status), "status", status, "code", code);
    if (detail)
        json_object_set_new(body, "detail", json_string(detail));
    if (field)
        json_object_set_new(body, "field", json_string(field));
    if (reason)
        json_object_set_new(body, "reason", json_string(reason));
    struct payload *p = json_bytes(body);
    json_decref(body);
    return p;
}

static void problem(struct http_exchange *x, int status, const char *code, const char *detail,
                    const char *field, const char *reason)
{
    struct http_wire *w = begin(x, status, HTTP_PROBLEM_TYPE);
    w->bytes = http_problem_bytes(status, code, detail, field, reason);
    w->kind = REPLY_BYTES;
}

void http_problem(struct http_exchange *x, int status, const char *code, const char *detail)
{
    problem(x, status, code, detail, NULL, NULL);
}

void http_problem_reason(struct http_exchange *x, int status, const char *code, const char *detail,
                         const char *reason)
{
    problem(x, status, code, detail, NULL, reason);
}

void http_problem_field(struct http_exchange *x, const char *field, const char *reason)
{
    problem(x, err_status(ERR_INVALID), err_code(ERR_INVALID), NULL, field, reason);
}

static const char *detail_of(enum err err)
{
    switch (err) {
    case ERR_UNAUTHENTICATED:
        return "Sign in first.";
    case ERR_FORBIDDEN:
        return "Your role does not allow this.";
    case ERR_NOT_FOUND:
        return "There is no such thing.";
    case ERR_CONFLICT:
        return "The present state does not allow this.";
    case ERR_RATE:
        return "Too many requests; try again later.";
    case ERR_BUSY:
    case ERR_RETRY:
        return "The server is busy; try again.";
    case ERR_UPGRADING:
        return "Not yet: a server of an older version still runs.";
    case ERR_TOO_LARGE:
        return "That is too large.";
    case ERR_INVALID:
        return "The request is not well formed.";
    default:
        return "Something went wrong on our side.";
    }
}

void http_problem_err(struct http_exchange *x, enum err err)
{
    if (err == ERR_RETRY) /* nothing was written: pages ask again by themselves */
        http_header(x, "Retry-After", "1");
    problem(x, err_status(err), err_code(err), detail_of(err), NULL, NULL);
}

void http_header(struct http_exchange *x, const char *name, const char *value)
{
    assert(header_safe(name) && header_safe(value));
    buf_addf(&x->wire->headers, "%s: %s\r\n", name, value);
}

void http_problem_rate(struct http_exchange *x, int retry_s)
{
    char text[16];
    snprintf(text, sizeof text, "%d", retry_s);
    http_header(x, "Retry-After", text);
    http_problem_err(x, ERR_RATE);
}

static void set_cookie(struct http_exchange *x, const char *name, const char *value, int max_age,
                       const char *same_site)
{
    char header[256];
    assert(strncmp(name, "__Host-", 7) == 0);
    int len =
        snprintf(header, sizeof header, "%s=%s; Path=/; Max-Age=%d; Secure; HttpOnly; SameSite=%s",
                 name, value ? value : "", value ? max_age : 0, same_site);
    assert(len < (int)sizeof header);
    http_header(x, "Set-Cookie", header);
}

void http_set_cookie(struct http_exchange *x, const char *name, const char *value, int max_age)
{
    set_cookie(x, name, value, max_age, "Strict");
}

void http_set_lax_cookie(struct http_exchange *x, const char *name, const char *value, int max_age)
{
    set_cookie(x, name, value, max_age, "Lax");
}

void http_set_sign_in(struct http_exchange *x, enum side side, const char *token, int max_age)
{
    http_set_cookie(x, sign_in_cookies[side], token, max_age);
}

void http_clear_sign_in(struct http_exchange *x)
{
    http_set_cookie(x, sign_in_cookies[x->side], NULL, 0);
}
