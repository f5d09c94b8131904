/* The request half of http.h. */
#include "base/json.h"
#include "base/mem.h"
#include "http/cookie.h"
#include "http/path.h"
#include "http/server.h"
#include <ctype.h>
#include <strings.h>

const char *http_path_text(struct http_exchange *x, const char *name)
{
    struct http_wire *w = x->wire;
    for (size_t i = 0; i < w->hit.param_count; i++) {
        const struct route_param *p = &w->hit.params[i];
        if (strlen(name) != p->name_len || memcmp(name, p->name, p->name_len) != 0)
            continue;
        if (!w->texts[i]) {
            w->texts[i] = mem_new(p->value_len + 1);
            memcpy(w->texts[i], p->value, p->value_len);
        }
        return w->texts[i];
    }
    return NULL;
}

bool http_path_id(struct http_exchange *x, const char *name, struct id *out)
{
    const char *text = http_path_text(x, name);
    if (text && id_parse(text, out))
        return true;
    http_problem_err(x, ERR_NOT_FOUND);
    return false;
}

bool http_path_int(struct http_exchange *x, const char *name, int64_t min, int64_t max,
                   int64_t *out)
{
    const char *text = http_path_text(x, name);
    uint64_t n;
    if (text && decimal_parse(text, strlen(text), &n) && (int64_t)n >= min && (int64_t)n <= max) {
        *out = (int64_t)n;
        return true;
    }
    http_problem_err(x, ERR_NOT_FOUND);
    return false;
}

const char *http_query(struct http_exchange *x, const char *name)
{
    const struct http_wire *w = x->wire;
    size_t len = strlen(name);
    for (size_t i = 0; i < w->arg_count; i++)
        if (strncmp(w->args[i], name, len) == 0 && w->args[i][len] == '=')
            return w->args[i] + len + 1;
    return NULL;
}

bool http_query_text(struct http_exchange *x, const char *name, size_t max, const char **out)
{
    *out = http_query(x, name);
    if (*out && !**out)
        *out = NULL;
    if (!*out || utf8_length(*out) <= max)
        return true;
    http_problem_field(x, name, "too long");
    return false;
}

bool http_query_word(struct http_exchange *x, const char *name, const char *const *words,
                     const char **out)
{
    const char *given = http_query(x, name);
    *out = NULL;
    if (!given || !*given)
        return true;
    for (; *words; words++)
        if (strcmp(*words, given) == 0)
            *out = *words;
    if (!*out)
        http_problem_field(x, name, "unknown");
    return *out;
}

const char *http_language(const struct http_exchange *x)
{
    return http_language_of(x->accept_language);
}

const char *http_language_of(const char *accept_language)
{
    for (const char *tag = accept_language; *tag; tag++) {
        tag += strspn(tag, " \t");
        bool whole = !isalpha((unsigned char)tag[strnlen(tag, 2)]);
        if (whole && strncasecmp(tag, "fr", 2) == 0)
            return "fr";
        if (whole && strncasecmp(tag, "en", 2) == 0)
            return "en";
        tag += strcspn(tag, ",");
        if (!*tag)
            break;
    }
    return "en";
}

int http_query_limit(struct http_exchange *x)
{
    const char *text = http_query(x, "limit");
    uint64_t n;
    if (!text || !decimal_parse(text, strlen(text), &n) || n < 1)
        return 50;
    return n > 200 ? 200 : (int)n;
}

bool http_is_type(const struct http_exchange *x, const char *type)
{
    size_t len = strlen(type);
    return strncasecmp(x->content_type, type, len) == 0 &&
           (x->content_type[len] == '\0' || x->content_type[len] == ';' ||
            x->content_type[len] == ' ');
}

const char *http_file_name_fault(struct http_exchange *x, size_t max)
{
    const char *name = http_query(x, "file_name");
    if (!name || !*name)
        return "missing";
    if (!utf8_valid(name, strlen(name)))
        return "not UTF-8";
    for (const char *p = name; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return "control character";
    return utf8_length(name) > max ? "too long" : NULL;
}

json_t *http_body_peek(struct http_exchange *x)
{
    struct http_wire *w = x->wire;
    if (!w->json && http_is_type(x, "application/json") && x->body)
        w->json = json_parse(x->body, x->body_len);
    return json_is_object(w->json) ? w->json : NULL;
}

json_t *http_body_json(struct http_exchange *x)
{
    json_t *body = http_body_peek(x);
    if (body)
        return body;
    if (!http_is_type(x, "application/json")) {
        http_problem(x, 415, "request.content_type", "The body must be application/json.");
        return NULL;
    }
    http_problem(x, 400, "request.invalid", "The body is not one well-formed JSON object.");
    return NULL;
}

enum err http_cookie(const struct http_exchange *x, const char *name, char *out, size_t size)
{
    return cookie_find(x->wire->cookie, name, out, size);
}
