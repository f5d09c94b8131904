#include "base/app.h"
#include "base/json.h"
#include "features/registration/registration_routes.h"
#include "jobs/jobs.h"
#include <string.h>

static const char *const policies[] = {"open", "matching", "target_list", "invitation", NULL};

static void reply(struct http_exchange *x, enum err err, json_t *policy)
{
    if (err == ERR_OK)
        http_reply_json(x, 200, policy);
    else if (err == ERR_INVALID)
        http_problem_field(x, "target_list", "unknown list");
    else
        http_problem_err(x, err);
}

void get_registration_policy(struct http_exchange *x)
{
    json_t *policy = NULL;
    enum err err = registration_policy_get(x->db, &x->who, &x->place.congress, &policy);
    reply(x, err, policy);
}

/* In any order, each at most once. */
static void read_categories(struct json_reader *r, struct registration_policy *wanted)
{
    json_t *list =
        json_read_has(r, "categories") ? json_read_array(r, "categories", CATEGORIES) : NULL;
    for (int c = 0; list && c < CATEGORIES; c++) {
        size_t i;
        json_t *item;
        json_array_foreach(list, i, item)
        {
            const char *word = json_string_value(item);
            if (!word || strcmp(word, registration_categories[c]) != 0)
                continue;
            wanted->categories[wanted->category_count++] = registration_categories[c];
            break;
        }
    }
    if (list && (json_array_size(list) == 0 || wanted->category_count != json_array_size(list)))
        json_reader_fault(r, "categories", json_array_size(list) ? "unknown word" : "missing");
}

void put_registration_policy(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    int policy = json_read_word(&r, "policy", policies);
    struct id list;
    struct registration_policy wanted = {0};
    if (policy == 2) {
        list = json_read_id(&r, "target_list");
        wanted.target_list = &list;
    }
    wanted.switches = json_read_has(&r, "waiting_list");
    wanted.waiting_list = wanted.switches && json_read_bool(&r, "waiting_list");
    wanted.sets_review = json_read_has(&r, "review");
    wanted.review = wanted.sets_review && json_read_bool(&r, "review");
    read_categories(&r, &wanted);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    wanted.policy = policies[policy];
    json_t *stored = NULL;
    enum err err = registration_policy_set(x->db, &x->who, &x->place.congress, &wanted,
                                           clock_now_us(x->clock), &stored);
    if (err == ERR_OK)
        jobs_wake(x->app->jobs, &registration_promote);
    reply(x, err, stored);
}
