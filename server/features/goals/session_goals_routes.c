#include "base/json.h"
#include "features/goals/goals_routes.h"
#include "features/goals/session_goals_store.h"
#include "room/tell.h"

#define PEOPLE_MAX 10000000

static void count_if(struct json_reader *r, const char *name)
{
    if (json_read_has(r, name))
        json_read_int(r, name, 1, PEOPLE_MAX);
}

static void rate_if(struct json_reader *r, const char *name)
{
    if (json_read_has(r, name))
        json_read_number(r, name, 0.001, 1);
}

/* "profiles": [{id, goal_…}], goals null or left out where there is none; faults are left in r. */
static json_t *read_goals(struct json_reader *r)
{
    json_t *goals = json_read_array(r, "profiles", SESSION_GOALS_MAX), *one;
    size_t i;
    json_array_foreach(goals, i, one)
    {
        struct json_reader inner = json_reader(one);
        json_read_id(&inner, "id");
        count_if(&inner, "goal_attendees");
        count_if(&inner, "goal_completions");
        rate_if(&inner, "goal_participation_rate");
        rate_if(&inner, "goal_completion_rate");
        if (!json_reader_end(&inner)) {
            json_reader_fault(r, *inner.field ? inner.field : "profiles", inner.reason);
            break;
        }
    }
    return goals;
}

void get_session_goals(struct http_exchange *x)
{
    json_t *goals = NULL;
    enum err err = session_goals_read(x->db, &x->place.session, &goals);
    if (err == ERR_OK)
        http_reply_json(x, 200, goals);
    else
        http_problem_err(x, err);
}

void put_session_goals(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    json_t *goals = read_goals(&r);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum err err =
        session_goals_write(x->db, &x->who, &x->place.session, goals, clock_now_us(x->clock));
    if (err == ERR_INVALID) {
        http_problem_field(x, "profiles", "names what is not of this congress, or one twice");
    } else if (err != ERR_OK) {
        http_problem_err(x, err);
    } else {
        tell(x->app, scope_session(&x->place.session), "profiles", NULL);
        get_session_goals(x);
    }
}
