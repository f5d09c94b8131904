/* What a request's head is taken apart with: path, cookie, entity tags, codings, numbers, routes.
 */
#include "base/address.h"
#include "base/id.h"
#include "fuzz/fuzz.h"
#include "http/cookie.h"
#include "http/path.h"
#include "http/router.h"
#include "http/server.h"
#include <string.h>

static void handle(struct http_exchange *x)
{
    (void)x;
}

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/api/congresses", .handle = handle},
    {.method = "GET", .pattern = "/api/congresses/{congress}", .handle = handle},
    {.method = "POST", .pattern = "/api/congresses/{congress}/sessions", .handle = handle},
    {.method = "GET", .pattern = "/api/decks/{deck}/pages/{page}/{width}", .handle = handle},
    {.method = NULL},
};

static void find_route(const char *method, const char *path)
{
    static const struct http_route *const tables[] = {routes, NULL};
    static struct router *router;
    struct route_hit hit;
    if (!router)
        router = router_new(tables);
    if (router_find(router, method, path, &hit) != ROUTE_OK)
        return;
    for (size_t i = 0; i < hit.param_count; i++)
        MUST(hit.params[i].value >= path &&
             hit.params[i].value + hit.params[i].value_len <= path + strlen(path));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1), value[128], address[ADDRESS_SIZE];
    uint64_t number;
    struct id id;
    MUST(text);
    memcpy(text, data, size);
    text[size] = '\0';
    if (path_valid(text, size)) {
        MUST(text[0] == '/' && strlen(text) == size && !strstr(text, "/../"));
        find_route("GET", text);
        find_route("POST", text);
        path_has_extension(text);
    }
    if (cookie_find(text, HTTP_COOKIE, value, sizeof value) == ERR_OK)
        MUST(strlen(value) < size);
    if (decimal_parse(text, size, &number))
        MUST(size <= 18);
    etag_matches(text, "\"abc\"");
    encoding_accepted(text, "br");
    id_parse(text, &id);
    address_normal(text, address);
    free(text);
    return 0;
}
