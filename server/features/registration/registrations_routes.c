#include "base/json.h"
#include "features/registration/registration_routes.h"
#include "mail/mail.h"

#define SEARCH_MAX 200

void get_registrations(struct http_exchange *x)
{
    struct cursor after, last;
    if (!cursor_read(x, CURSOR_NEWEST, &after))
        return;
    const char *search = http_query(x, "q");
    if (search && !*search)
        search = NULL;
    if (search && utf8_length(search) > SEARCH_MAX) {
        http_problem_field(x, "q", "too long");
        return;
    }
    json_t *items = NULL;
    bool more = false;
    enum err err = registrations_list(x->db, &x->who, &x->place.congress, search, &after,
                                      http_query_limit(x), &items, &last, &more);
    if (err == ERR_OK)
        cursor_reply(x, items, more ? &last : NULL);
    else
        http_problem_err(x, err);
}

static enum err forget_mails(struct http_exchange *x, const char *address)
{
    return x->app->mail && *address ? mail_forget(x->app->mail, address) : ERR_OK;
}

void post_erase(struct http_exchange *x)
{
    struct id registration;
    if (!http_path_id(x, "registration", &registration))
        return;
    struct registration_touched touched[ERASE_MAX];
    int n = 0;
    char address[ADDRESS_SIZE];
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = person_address(x->db, &change, &registration, address);
    if (err == ERR_OK) /* first, as the address is not known afterwards */
        err = forget_mails(x, address);
    if (err == ERR_OK)
        err = registration_erase(x->db, &change, &registration, touched, &n);
    if (err == ERR_OK) /* and what left meanwhile */
        err = forget_mails(x, address);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    for (int i = 0; i < n; i++)
        registration_changed(x, &touched[i], true);
    http_reply_empty(x, 204);
}

void post_cancel_registration(struct http_exchange *x)
{
    struct id registration;
    if (!http_path_id(x, "registration", &registration))
        return;
    struct registration_touched touched;
    enum err err = registration_cancel(x->db, &x->who, &registration, x->app->base_url,
                                       clock_now_us(x->clock), &touched);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    registration_changed(x, &touched, true);
    registration_wake_mail(x);
    http_reply_empty(x, 204);
}

void get_links(struct http_exchange *x)
{
    json_t *items = NULL;
    enum err err = links_list(x->db, &x->who, &x->place.congress, x->app->base_url, &items);
    if (err == ERR_OK)
        cursor_reply(x, items, NULL);
    else
        http_problem_err(x, err);
}

void post_link(struct http_exchange *x)
{
    static const char *const channels[] = {"representative", "email", "web_site", "social_network",
                                           "congress_desk",  "other", NULL};
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    int channel = json_read_word(&r, "channel", channels);
    const char *label = json_read_string(&r, "label", 0, 100);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    json_t *added = NULL;
    enum err err = links_add(x->db, &x->who, &x->place.congress, channels[channel], label,
                             x->app->base_url, clock_now_us(x->clock), &added);
    if (err == ERR_OK)
        http_reply_json(x, 201, added);
    else if (err == ERR_CONFLICT)
        http_problem(x, 409, "link.exists", "There is a link for this channel and label already.");
    else if (err == ERR_TOO_LARGE)
        http_problem(x, 409, "congress.full", "This congress holds as many of these as it can.");
    else
        http_problem_err(x, err);
}
