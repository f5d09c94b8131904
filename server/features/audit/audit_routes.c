#include "features/audit/audit.h"
#include "features/audit/audit_store.h"
#include "http/http.h"

static void get_audit(struct http_exchange *x)
{
    struct cursor after, last;
    if (!cursor_read(x, CURSOR_NEWEST, &after))
        return;
    json_t *items = NULL;
    bool more = false;
    enum err err = audit_list(x->db, &x->who, &after, http_query_limit(x), &items, &last, &more);
    if (err == ERR_OK)
        cursor_reply(x, items, more ? &last : NULL);
    else
        http_problem_err(x, err);
}

static const struct http_route routes[] = {
    {.method = "GET", .pattern = "/api/audit", .roles = ROLE_ORGANISER, .handle = get_audit},
    {0},
};

const struct feature audit_feature = {.name = "audit", .routes = routes};
