#include "base/address.h"
#include "base/person_name.h"
#include "base/text.h"
#include "features/accounts/accounts_routes.h"
#include "features/accounts/accounts_store.h"
#include "mail/mail.h"

#define NOTICE_MAX 20000

static void reply(struct http_exchange *x, enum err err, int status, json_t *body)
{
    if (err == ERR_OK)
        http_reply_json(x, status, body);
    else
        http_problem_err(x, err);
}

void get_organisation(struct http_exchange *x)
{
    json_t *body = NULL;
    enum err err = organisation_get(x->db, &x->who, &body);
    reply(x, err, 200, body);
}

void patch_organisation(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    struct organisation_edit edit = {0};
    char contact[ADDRESS_SIZE];
    if (json_read_has(&r, "name"))
        edit.name = read_signature(&r, "name", 1, ORGANISATION_NAME_MAX);
    if (json_read_has(&r, "contact_email")) {
        read_address(&r, "contact_email", contact);
        edit.contact_email = contact;
    }
    if (json_read_has(&r, "privacy_notice_fr"))
        edit.privacy_notice_fr = json_read_string(&r, "privacy_notice_fr", 0, NOTICE_MAX);
    if (json_read_has(&r, "privacy_notice_en"))
        edit.privacy_notice_en = json_read_string(&r, "privacy_notice_en", 0, NOTICE_MAX);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = organisation_set(x->db, &change, &edit);
    if (err == ERR_OK)
        get_organisation(x);
    else
        http_problem_err(x, err);
}

void put_second_factor(struct http_exchange *x)
{
    json_t *body = http_body_json(x), *changed = NULL;
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    bool required = json_read_bool(&r, "required");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum err err =
        organisation_require_factor(x->db, &x->who, required, clock_now_us(x->clock), &changed);
    reply(x, err, 200, changed);
}

void get_consents(struct http_exchange *x)
{
    json_t *items = NULL;
    enum err err = consents_list(x->db, &x->who, &items);
    if (err == ERR_OK)
        cursor_reply(x, items, NULL);
    else
        http_problem_err(x, err);
}

void post_consent(struct http_exchange *x)
{
    static const char *const kinds[] = {"participation", "contact", NULL};
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    int kind = json_read_word(&r, "kind", kinds);
    const char *fr = read_text(&r, "text_fr", 1, 2000);
    const char *en = read_text(&r, "text_en", 1, 2000);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    json_t *added = NULL;
    enum err err =
        consents_add(x->db, &x->who, kinds[kind], fr, en, clock_now_us(x->clock), &added);
    reply(x, err, 201, added);
}

void get_staff(struct http_exchange *x)
{
    struct cursor after, last;
    if (!cursor_read(x, CURSOR_OLDEST, &after))
        return;
    json_t *items = NULL;
    bool more = false;
    enum err err = staff_list(x->db, &x->who, &after, http_query_limit(x), clock_now_us(x->clock),
                              &items, &last, &more);
    if (err == ERR_OK)
        cursor_reply(x, items, more ? &last : NULL);
    else
        http_problem_err(x, err);
}

static unsigned read_roles(struct json_reader *r)
{
    json_t *words = json_read_array(r, "roles", 4);
    unsigned roles = words ? roles_from_json(words) : 0;
    if (words && !roles)
        json_reader_fault(r, "roles", "not a list of roles");
    return roles;
}

void post_staff(struct http_exchange *x)
{
    static const char *const languages[] = {"fr", "en", NULL};
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    char email[ADDRESS_SIZE];
    read_address(&r, "email", email);
    struct staff_new person = {.email = email,
                               .name = read_person_name(&r, "name", PERSON_NAME_MAX)};
    int language = json_read_word(&r, "language", languages);
    person.roles = read_roles(&r);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    person.language = languages[language];
    json_t *added = NULL;
    enum err err =
        staff_add(x->db, &x->who, &person, x->app->base_url, clock_now_us(x->clock), &added);
    if (err == ERR_CONFLICT) {
        http_problem(x, 409, "staff.exists", "This address has an account here already.");
        return;
    }
    accounts_wake_mail(x);
    reply(x, err, 201, added);
}

void patch_staff(struct http_exchange *x)
{
    struct id account;
    json_t *body;
    if (!http_path_id(x, "account", &account) || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    struct staff_change change = {0};
    if (json_read_has(&r, "name"))
        change.name = read_person_name(&r, "name", PERSON_NAME_MAX);
    if (json_read_has(&r, "roles"))
        change.roles = read_roles(&r);
    if ((change.set_disabled = json_read_has(&r, "disabled")))
        change.disabled = json_read_bool(&r, "disabled");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    json_t *changed = NULL;
    enum err err = staff_set(x->db, &x->who, &account, &change, clock_now_us(x->clock), &changed);
    if (err == ERR_CONFLICT) {
        http_problem(x, 409, "staff.last_organiser",
                     "An organisation keeps at least one organiser who can sign in.");
        return;
    }
    if (err == ERR_OK && change.disabled)
        accounts_revoked(x, &account, NULL);
    else if (err == ERR_OK && change.roles)
        accounts_grants_changed(x, &account);
    reply(x, err, 200, changed);
}

void post_staff_invite(struct http_exchange *x)
{
    struct id account;
    if (!http_path_id(x, "account", &account))
        return;
    enum err err = staff_invite(x->db, &x->who, &account, x->app->base_url, clock_now_us(x->clock));
    if (err == ERR_CONFLICT) {
        http_problem(x, 409, "staff.disabled", "This account is disabled.");
        return;
    }
    accounts_wake_mail(x);
    reply(x, err, 202, err == ERR_OK ? json_object() : NULL);
}
