#include "http/router.h"
#include "base/mem.h"
#include <assert.h>
#include <stdio.h>

struct segment {
    const char *text;
    size_t len;
    bool param;
};

struct pattern {
    const struct http_route *route;
    size_t count;
    struct segment segments[ROUTE_MAX_SEGMENTS];
};

struct router {
    struct pattern *patterns; /* literal before parameter, so that the first match is the best */
    size_t count;
};

/* "/a/b" has the segments "a" and "b"; "/" has one, empty. */
static size_t split(const char *path, struct segment out[ROUTE_MAX_SEGMENTS])
{
    size_t n = 0;
    const char *at = path + 1;
    for (;;) {
        size_t len = strcspn(at, "/");
        if (n == ROUTE_MAX_SEGMENTS)
            return 0;
        out[n++] = (struct segment){at, len, len > 2 && at[0] == '{' && at[len - 1] == '}'};
        if (at[len] == '\0')
            return n;
        at += len + 1;
    }
}

static int compare_segment(const struct segment *a, const struct segment *b)
{
    if (a->param || b->param)
        return (int)a->param - (int)b->param;
    size_t len = a->len < b->len ? a->len : b->len;
    int order = memcmp(a->text, b->text, len);
    return order ? order : (a->len > b->len) - (a->len < b->len);
}

static int compare_pattern(const void *left, const void *right)
{
    const struct pattern *a = left, *b = right;
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (size_t i = 0; i < a->count; i++) {
        int order = compare_segment(&a->segments[i], &b->segments[i]);
        if (order)
            return order;
    }
    return strcmp(a->route->method, b->route->method);
}

static bool is_param(const struct segment *s, const char *name)
{
    return s->param && name && strlen(name) == s->len - 2 &&
           memcmp(s->text + 1, name, s->len - 2) == 0;
}

static void compile(struct pattern *p, const struct http_route *route)
{
    p->route = route;
    assert(route->pattern[0] == '/' && route->handle);
    p->count = split(route->pattern, p->segments);
    assert(p->count > 0);
    size_t params = 0;
    bool thing = !route->thing;
    for (size_t i = 0; i < p->count; i++) {
        params += p->segments[i].param;
        thing |= is_param(&p->segments[i], route->thing);
    }
    assert(params <= ROUTE_MAX_PARAMS && thing);
    assert(grants_has_kind(route->kind ? route->kind : route->thing));
}

struct router *router_new(const struct http_route *const *tables)
{
    struct router *r = mem_new(sizeof *r);
    for (size_t t = 0; tables && tables[t]; t++)
        for (const struct http_route *route = tables[t]; route->method; route++)
            r->count++;
    r->patterns = mem_new_array(r->count, sizeof *r->patterns);
    size_t n = 0;
    for (size_t t = 0; tables && tables[t]; t++)
        for (const struct http_route *route = tables[t]; route->method; route++)
            compile(&r->patterns[n++], route);
    qsort(r->patterns, n, sizeof *r->patterns, compare_pattern);
    for (size_t i = 1; i < n; i++)
        assert(compare_pattern(&r->patterns[i - 1], &r->patterns[i]) != 0);
    return r;
}

void router_free(struct router *r)
{
    if (!r)
        return;
    free(r->patterns);
    free(r);
}

static bool match(const struct pattern *p, const struct segment *segments, size_t n,
                  struct route_hit *hit)
{
    if (p->count != n)
        return false;
    hit->param_count = 0;
    for (size_t i = 0; i < n; i++) {
        const struct segment *want = &p->segments[i], *have = &segments[i];
        if (!want->param) {
            if (want->len != have->len || memcmp(want->text, have->text, want->len) != 0)
                return false;
        } else if (have->len == 0) {
            return false;
        } else {
            hit->params[hit->param_count++] =
                (struct route_param){want->text + 1, want->len - 2, have->text, have->len};
        }
    }
    return true;
}

static bool method_matches(const char *of_route, const char *method)
{
    return strcmp(of_route, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(of_route, "GET") == 0);
}

static void allow_add(struct route_hit *hit, const char *method)
{
    size_t len = strlen(hit->allow);
    snprintf(hit->allow + len, sizeof hit->allow - len, "%s%s", len ? ", " : "", method);
    if (strcmp(method, "GET") == 0)
        allow_add(hit, "HEAD");
}

enum route_found router_find(const struct router *r, const char *method, const char *path,
                             struct route_hit *hit)
{
    struct segment segments[ROUTE_MAX_SEGMENTS];
    hit->route = NULL;
    hit->allow[0] = '\0';
    size_t n = path[0] == '/' ? split(path, segments) : 0;
    for (size_t i = 0; n && i < r->count; i++) {
        if (!match(&r->patterns[i], segments, n, hit))
            continue;
        const struct http_route *route = r->patterns[i].route;
        if (method_matches(route->method, method)) {
            hit->route = route;
            return ROUTE_OK;
        }
        allow_add(hit, route->method);
    }
    return hit->allow[0] ? ROUTE_OTHER_METHOD : ROUTE_NONE;
}
