/* The table of routes, compiled once. Literal segments win over {parameters}. Constant after
 * router_new(); any thread. */
#ifndef AMPHI_HTTP_ROUTER_H
#define AMPHI_HTTP_ROUTER_H

#include "http/http.h"
#include <stddef.h>

#define ROUTE_MAX_PARAMS   4
#define ROUTE_MAX_SEGMENTS 10
#define ROUTE_ALLOW_SIZE   64

struct router;

struct route_param {
    const char *name; /* in the pattern, name_len bytes */
    size_t name_len;
    const char *value; /* in the path, value_len bytes */
    size_t value_len;
};

enum route_found { ROUTE_OK, ROUTE_NONE, ROUTE_OTHER_METHOD };

struct route_hit {
    const struct http_route *route; /* with ROUTE_OK */
    struct route_param params[ROUTE_MAX_PARAMS];
    size_t param_count;
    char allow[ROUTE_ALLOW_SIZE]; /* with ROUTE_OTHER_METHOD: for the Allow header */
};

/* tables: NULL-terminated; each ends with a route whose method is NULL. They must outlive the
 * router. Aborts on a malformed or repeated route: that is a fault of the program. */
struct router *router_new(const struct http_route *const *tables);
void router_free(struct router *r);
/* HEAD finds the routes of GET. */
enum route_found router_find(const struct router *r, const char *method, const char *path,
                             struct route_hit *hit);

#endif
