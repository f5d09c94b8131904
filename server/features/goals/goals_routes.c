#include "features/goals/goals_routes.h"
#include "features/goals/goals_store.h"

void get_earlier_congresses(struct http_exchange *x)
{
    json_t *earlier = NULL;
    struct id congress;
    if (!http_path_id(x, "congress", &congress))
        return;
    enum err err = goals_read_earlier(x->db, &congress, clock_now_us(x->clock), &earlier);
    if (err == ERR_OK)
        http_reply_json(x, 200, earlier);
    else
        http_problem_err(x, err);
}

void get_goals(struct http_exchange *x)
{
    json_t *board = NULL;
    const struct id *organisation = &x->who.organisation, *congress = &x->place.congress;
    int64_t now = clock_now_us(x->clock);
    /* Organisers alone may see who registered. */
    enum err err = x->who.roles & ROLE_ORGANISER
                       ? goals_read(x->db, organisation, congress, now, &board)
                       : goals_read_masked(x->db, organisation, congress, now, &board);
    if (err == ERR_OK)
        http_reply_json(x, 200, board);
    else
        http_problem_err(x, err);
}
