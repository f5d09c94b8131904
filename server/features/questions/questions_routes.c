#include "features/questions/questions_routes.h"
#include "features/questions/questions_store.h"
#include "http/http.h"

void get_askers(struct http_exchange *x)
{
    json_t *body = NULL;
    enum err err = questions_askers(x->db, &x->place.session, &body);
    if (err != ERR_OK)
        http_problem_err(x, err);
    else
        http_reply_json(x, 200, body);
}
