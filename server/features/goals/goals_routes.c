#include "features/goals/goals_routes.h"
#include "features/goals/goals_store.h"

void get_goals(struct http_exchange *x)
{
    json_t *board = NULL;
    enum err err =
        goals_read(x->db, &x->who.organisation, &x->place.congress, clock_now_us(x->clock), &board);
    if (err == ERR_OK)
        http_reply_json(x, 200, board);
    else
        http_problem_err(x, err);
}
