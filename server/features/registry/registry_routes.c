#include "features/registry/registry_routes.h"
#include "base/app.h"
#include "base/config.h"
#include "base/json.h"
#include "features/registry/registry_store.h"
#include <string.h>

#define TYPED_MOST 40 /* digits with blanks between them */

/* What is wrong with it, NULL: nothing. */
static const char *rpps_read(const struct app *app, const char *typed, char kept[static RPPS_SIZE])
{
    enum rpps_verdict verdict = rpps_parse(typed, strlen(typed), kept);
    return rpps_fault(verdict, !app->config || app->config->rpps_check);
}

void get_registry(struct http_exchange *x)
{
    json_t *edition = NULL;
    enum err err = registry_edition_json(x->db, &edition);
    if (err)
        http_problem_err(x, err);
    else
        http_reply_json(x, 200, json_pack("{s:o}", "edition", edition ? edition : json_null()));
}

/* Anybody may ask, and learns what the open register says: nothing of who is known here. */
void post_registry_look_up(struct http_exchange *x)
{
    char rpps[RPPS_SIZE] = "";
    json_t *body = http_body_json(x), *found = NULL;
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *typed = json_read_string(&r, "rpps", 1, TYPED_MOST);
    const char *fault = typed ? rpps_read(x->app, typed, rpps) : NULL;
    if (fault)
        json_reader_fault(&r, "rpps", fault);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum err err = registry_look_up(x->db, rpps, &found);
    if (err)
        http_problem_err(x, err);
    else
        http_reply_json(x, 200, found);
}
