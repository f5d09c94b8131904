#include "base/app.h"
#include "features/registration/registration_routes.h"
#include "mail/mail.h"
#include <stdlib.h>
#include <string.h>

#define SEARCH_MAX 200

/* "none", or the id of a target profile; false after having replied. */
static bool read_profile(struct http_exchange *x, struct registrations_wanted *w, struct id *id)
{
    const char *given = http_query(x, "profile");
    if (!given || !*given)
        return true;
    w->no_profile = strcmp(given, "none") == 0;
    if (!w->no_profile && id_parse(given, id))
        w->profile = id;
    if (!w->no_profile && !w->profile)
        http_problem_field(x, "profile", "unknown");
    return w->no_profile || w->profile;
}

static void reply_page(struct http_exchange *x, const struct registrations_page *page)
{
    char text[CURSOR_TEXT_SIZE];
    http_reply_json(x, 200,
                    json_pack("{s:o,s:s?,s:I,s:I}", "items", page->items, "next",
                              page->more ? cursor_text(&page->last, text) : NULL, "found",
                              (json_int_t)page->found, "waiting", (json_int_t)page->waiting));
}

void get_registrations(struct http_exchange *x)
{
    static const char *const states[] = {"registered", "in_review", "waiting",
                                         "declined",   "cancelled", NULL};
    static const char *const verdicts[] = {"verified", "differs", "unknown", "none", NULL};
    struct id profile;
    struct registrations_wanted wanted = {.congress = &x->place.congress,
                                          .limit = http_query_limit(x),
                                          .now = clock_now_us(x->clock)};
    if (!cursor_read(x, CURSOR_NEWEST, &wanted.after) ||
        !http_query_text(x, "q", SEARCH_MAX, &wanted.search) ||
        !http_query_word(x, "state", states, &wanted.state) ||
        !http_query_word(x, "channel", registration_channels, &wanted.channel) ||
        !http_query_word(x, "registry", verdicts, &wanted.registry) ||
        !http_query_word(x, "category", registration_categories, &wanted.category) ||
        !read_profile(x, &wanted, &profile))
        return;
    struct registrations_page page;
    enum err err = registrations_list(x->db, &x->who, &wanted, &page);
    if (err == ERR_OK)
        err = registrations_audit_read(x->db, &x->who, wanted.congress, json_array_size(page.items),
                                       wanted.search != NULL, wanted.now);
    if (err == ERR_OK) {
        reply_page(x, &page);
    } else {
        json_decref(page.items);
        http_problem_err(x, err);
    }
}

void post_remind(struct http_exchange *x)
{
    struct id registration;
    if (!http_path_id(x, "registration", &registration))
        return;
    enum err err = registration_remind(x->db, &x->who, &registration, x->app->base_url,
                                       clock_now_us(x->clock));
    if (err == ERR_CONFLICT) {
        http_problem(x, 409, "registration.cancelled",
                     "This registration was cancelled or declined.");
    } else if (err == ERR_RATE) {
        http_problem(x, 409, "registration.mailed", "This person was mailed often enough lately.");
    } else if (err != ERR_OK) {
        http_problem_err(x, err);
    } else {
        registration_wake_mail(x);
        http_reply_empty(x, 204);
    }
}

static enum err forget_mails(struct http_exchange *x, const json_t *addresses)
{
    size_t i;
    json_t *address;
    enum err err = ERR_OK;
    json_array_foreach(addresses, i, address) if (err == ERR_OK && x->app->mail) err =
        mail_forget(x->app->mail, json_string_value(address));
    return err;
}

void post_erase(struct http_exchange *x)
{
    struct id registration;
    if (!http_path_id(x, "registration", &registration))
        return;
    struct registrations_touched touched;
    json_t *addresses = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = person_addresses(x->db, &change, &registration, &addresses);
    if (err == ERR_OK) /* first, as they are not known afterwards */
        err = forget_mails(x, addresses);
    if (err == ERR_OK)
        err = registration_erase(x->db, &change, &registration, &touched);
    if (err == ERR_OK) {
        registrations_revoked(x, &touched);
        free(touched.items);
        err = forget_mails(x, addresses); /* and what left meanwhile */
    }
    json_decref(addresses);
    if (err == ERR_OK)
        http_reply_empty(x, 204);
    else
        http_problem_err(x, err);
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
    registration_left(x, &touched);
    http_reply_empty(x, 204);
}
