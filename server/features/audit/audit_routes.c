#include "features/audit/audit_routes.h"
#include "features/audit/audit.h"
#include "features/audit/audit_store.h"
#include "http/http.h"

void get_audit(struct http_exchange *x)
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
