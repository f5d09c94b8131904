#include "features/polls/polls_routes.h"
#include "features/polls/polls_store.h"
#include "http/http.h"
#include "room/feature.h"

static void fail_edit(struct http_exchange *x, enum err err)
{
    if (err == ERR_CONFLICT)
        http_problem(x, 409, "poll.state", "Only a draft can be changed or deleted.");
    else
        http_problem_err(x, err);
}

/* At most POLLS_MAX: always one page. */
void get_polls(struct http_exchange *x)
{
    struct id session;
    if (!http_path_id(x, "session", &session))
        return;
    struct polls all = {0};
    enum err err = polls_list(x->db, &x->who, &session, &all);
    if (err)
        http_problem_err(x, err);
    else
        http_reply_json(x, 200,
                        json_pack("{s:o,s:n}", "items", polls_json(&all, ROLE_STAFF), "next"));
    polls_release(&all);
}

void post_poll(struct http_exchange *x)
{
    struct id session;
    json_t *body;
    if (!http_path_id(x, "session", &session) || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    struct poll_draft draft = poll_draft_read(&r, true);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct poll *poll = NULL;
    const char *why = "conflict";
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = polls_create(x->db, &change, &session, &draft, &poll, &why);
    if (err == ERR_CONFLICT) {
        http_problem(x, 409, why, "The session is over, or has as many polls as it may.");
        return;
    }
    if (err) {
        http_problem_err(x, err);
        return;
    }
    http_reply_json(x, 201, poll_json(poll));
    poll_free(poll);
}

void patch_poll(struct http_exchange *x)
{
    struct id id;
    json_t *body;
    if (!http_path_id(x, "poll", &id) || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    struct poll_draft draft = poll_draft_read(&r, false);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct poll *poll = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = polls_edit(x->db, &change, &id, &draft, &poll);
    if (err) {
        fail_edit(x, err);
        return;
    }
    http_reply_json(x, 200, poll_json(poll));
    poll_free(poll);
}

void delete_poll(struct http_exchange *x)
{
    struct id id;
    if (!http_path_id(x, "poll", &id))
        return;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = polls_delete(x->db, &change, &id);
    if (err) {
        fail_edit(x, err);
        return;
    }
    http_reply_empty(x, 204);
}

void put_poll_order(struct http_exchange *x)
{
    struct id session;
    json_t *body;
    if (!http_path_id(x, "session", &session) || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    struct poll_ids order = {0};
    struct change change;
    size_t i;
    json_t *item, *list = json_read_array(&r, "polls", POLLS_MAX);
    json_array_foreach(list, i, item) order.ids[order.n++] = json_item_id(&r, "polls", item);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = polls_reorder(x->db, &change, &session, &order);
    if (err == ERR_INVALID) {
        http_problem_field(x, "polls", "not exactly the session's polls");
        return;
    }
    if (err) {
        http_problem_err(x, err);
        return;
    }
    http_reply_empty(x, 204);
}
