#include "base/text.h"
#include "features/registration/registration_routes.h"

#define LABEL_MAX 100

void get_links(struct http_exchange *x)
{
    json_t *items = NULL;
    enum err err = links_list(x->db, &x->who, &x->place.congress, x->app->base_url,
                              clock_now_us(x->clock), &items);
    if (err == ERR_OK)
        cursor_reply(x, items, NULL);
    else
        http_problem_err(x, err);
}

/* Takes link. */
static void reply_link(struct http_exchange *x, enum err err, int status, json_t *link)
{
    if (err == ERR_OK)
        http_reply_json(x, status, link);
    else if (err == ERR_CONFLICT)
        http_problem(x, 409, "link.exists", "There is a link for this channel and label already.");
    else if (err == ERR_TOO_LARGE)
        http_problem(x, 409, "congress.full", "This congress holds as many of these as it can.");
    else
        http_problem_err(x, err);
}

void post_link(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    int channel = json_read_word(&r, "channel", registration_channels);
    const char *label = read_line(&r, "label", 0, LABEL_MAX);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    json_t *added = NULL;
    enum err err = links_add(x->db, &x->who, &x->place.congress, registration_channels[channel],
                             label, x->app->base_url, clock_now_us(x->clock), &added);
    reply_link(x, err, 201, added);
}

void patch_link(struct http_exchange *x)
{
    struct id id;
    json_t *body;
    if (!http_path_id(x, "link", &id) || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    struct link_change change = {.switches = json_read_has(&r, "open")};
    if (json_read_has(&r, "label"))
        change.label = read_line(&r, "label", 0, LABEL_MAX);
    if (change.switches)
        change.open = json_read_bool(&r, "open");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    json_t *changed = NULL;
    enum err err = links_change(x->db, &x->who, &id, &change, x->app->base_url,
                                clock_now_us(x->clock), &changed);
    reply_link(x, err, 200, changed);
}

void delete_link(struct http_exchange *x)
{
    struct id id;
    if (!http_path_id(x, "link", &id))
        return;
    enum err err = links_delete(x->db, &x->who, &id, clock_now_us(x->clock));
    if (err == ERR_OK)
        http_reply_empty(x, 204);
    else if (err == ERR_CONFLICT)
        http_problem(x, 409, "link.in_use", "Somebody registered by this link, or is about to.");
    else
        http_problem_err(x, err);
}
