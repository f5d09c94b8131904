#include "features/audit/audit_routes.h"
#include "features/audit/audit.h"
#include "features/audit/audit_store.h"
#include "http/http.h"
#include <string.h>

/* False after having replied. */
static bool read_part(struct http_exchange *x, enum audit_part *out)
{
    const char *part = http_query(x, "part");
    if (part && strcmp(part, "changes") != 0 && strcmp(part, "reads") != 0) {
        http_problem_field(x, "part", "unknown");
        return false;
    }
    *out = !part ? AUDIT_ALL : *part == 'r' ? AUDIT_READS : AUDIT_CHANGES;
    return true;
}

void get_audit(struct http_exchange *x)
{
    struct cursor after, last;
    if (!cursor_read(x, CURSOR_NEWEST, &after))
        return;
    enum audit_part part;
    if (!read_part(x, &part))
        return;
    json_t *items = NULL;
    bool more = false;
    enum err err =
        audit_list(x->db, &x->who, part, &after, http_query_limit(x), &items, &last, &more);
    if (err == ERR_OK)
        cursor_reply(x, items, more ? &last : NULL);
    else
        http_problem_err(x, err);
}
