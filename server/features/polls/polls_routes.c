#include "features/polls/polls_routes.h"
#include "features/feature.h"
#include "features/polls/polls_store.h"

#define WRITERS (ROLE_ORGANISER | ROLE_HOST | ROLE_MODERATOR)

static void tell_room(struct http_exchange *x, const struct id *session, const struct id *poll)
{
    char text[ID_TEXT_SIZE];
    if (x->app->dispatchers)
        dispatch_changed(x->app->dispatchers, x->app->loops, session, "poll",
                         json_pack("{s:s}", "poll", id_text(poll, text)));
}

static void tell_room_all(struct http_exchange *x, const struct id *session,
                          const struct poll_ids *changed)
{
    for (size_t i = 0; i < changed->n; i++)
        tell_room(x, session, &changed->ids[i]);
}

static void fail_edit(struct http_exchange *x, enum err err)
{
    if (err == ERR_CONFLICT)
        http_problem(x, 409, "poll.state", "Only a draft can be changed or deleted.");
    else
        http_problem_err(x, err);
}

/* At most POLLS_MAX: always one page. */
static void get_polls(struct http_exchange *x)
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

static void post_poll(struct http_exchange *x)
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
    enum err err =
        polls_create(x->db, &x->who, &session, &draft, clock_now_us(x->clock), &poll, &why);
    if (err == ERR_CONFLICT) {
        http_problem(x, 409, why, "The session is over, or has as many polls as it may.");
        return;
    }
    if (err) {
        http_problem_err(x, err);
        return;
    }
    tell_room(x, &session, &poll->id);
    http_reply_json(x, 201, poll_json(poll));
    poll_free(poll);
}

static void patch_poll(struct http_exchange *x)
{
    struct id id, session;
    json_t *body;
    if (!http_path_id(x, "poll", &id) || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    struct poll_draft draft = poll_draft_read(&r, false);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct poll_ids changed = {0};
    struct poll *poll = NULL;
    enum err err =
        polls_edit(x->db, &x->who, &id, &draft, clock_now_us(x->clock), &session, &changed, &poll);
    if (err) {
        fail_edit(x, err);
        return;
    }
    tell_room_all(x, &session, &changed);
    http_reply_json(x, 200, poll_json(poll));
    poll_free(poll);
}

static void delete_poll(struct http_exchange *x)
{
    struct id id, session;
    if (!http_path_id(x, "poll", &id))
        return;
    enum err err = polls_delete(x->db, &x->who, &id, clock_now_us(x->clock), &session);
    if (err) {
        fail_edit(x, err);
        return;
    }
    tell_room(x, &session, &id);
    http_reply_empty(x, 204);
}

static void put_order(struct http_exchange *x)
{
    struct id session;
    json_t *body;
    if (!http_path_id(x, "session", &session) || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    struct poll_ids order = {0}, changed = {0};
    size_t i;
    json_t *item, *list = json_read_array(&r, "polls", POLLS_MAX);
    json_array_foreach(list, i, item) order.ids[order.n++] = json_item_id(&r, "polls", item);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum err err =
        polls_reorder(x->db, &x->who, &session, &order, clock_now_us(x->clock), &changed);
    if (err == ERR_INVALID) {
        http_problem_field(x, "polls", "not exactly the session's polls");
        return;
    }
    if (err) {
        http_problem_err(x, err);
        return;
    }
    tell_room_all(x, &session, &changed);
    http_reply_empty(x, 204);
}

const struct http_route polls_routes[] = {
    {.method = "GET",
     .pattern = "/api/sessions/{session}/polls",
     .roles = ROLE_STAFF,
     .thing = "session",
     .handle = get_polls},
    {.method = "POST",
     .pattern = "/api/sessions/{session}/polls",
     .roles = WRITERS,
     .thing = "session",
     .handle = post_poll},
    {.method = "PUT",
     .pattern = "/api/sessions/{session}/polls/order",
     .roles = WRITERS,
     .thing = "session",
     .handle = put_order},
    {.method = "PATCH",
     .pattern = "/api/polls/{poll}",
     .roles = WRITERS,
     .thing = "poll",
     .handle = patch_poll},
    {.method = "DELETE",
     .pattern = "/api/polls/{poll}",
     .roles = WRITERS,
     .thing = "poll",
     .handle = delete_poll},
    {.method = NULL},
};
