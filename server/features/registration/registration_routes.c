#include "features/registration/registration_routes.h"
#include "base/app.h"
#include "base/config.h"
#include "base/json.h"
#include "base/person_name.h"
#include "base/text.h"
#include "http/cookie.h"
#include "jobs/jobs.h"
#include "mail/mail.h"
#include "room/tell.h"
#include <string.h>

static const char *const languages[] = {"fr", "en", NULL};

void registration_changed(struct http_exchange *x, const struct registration_touched *touched,
                          bool revoked)
{
    char text[ID_TEXT_SIZE];
    if (!touched->changed)
        return;
    id_text(&touched->registration, text);
    tell(x->app, scope_congress(&touched->congress), "registration",
         json_pack("{s:s}", "registration", text));
    if (revoked)
        tell(x->app, scope_person(&touched->registration), "revoked",
             json_pack("{s:s}", "person", text));
}

void registrations_revoked(struct http_exchange *x, const struct registrations_touched *touched)
{
    json_t *ids = json_array();
    for (size_t i = 0; i < touched->n; i++) {
        char text[ID_TEXT_SIZE];
        registration_changed(x, &touched->items[i], false);
        json_array_append_new(ids, json_string(id_text(&touched->items[i].registration, text)));
    }
    if (touched->n)
        tell(x->app, scope_person(&touched->items[0].registration), "revoked",
             json_pack("{s:o}", "person", ids));
    else
        json_decref(ids);
}

void registration_wake_mail(struct http_exchange *x)
{
    if (x->app->mail)
        mail_sender_wake(x->app->mail);
}

void registration_left(struct http_exchange *x, const struct registration_touched *touched)
{
    registration_changed(x, touched, true);
    registration_wake_mail(x);
    jobs_wake(x->app->jobs, &registration_promote);
}

const char *registration_path_code(struct http_exchange *x)
{
    const char *code = http_path_text(x, "code");
    if (code && link_code_good(code))
        return code;
    http_problem_err(x, ERR_NOT_FOUND);
    return NULL;
}

/* Whether a number's check digit has to be right. */
static bool checks_rpps(const struct app *app)
{
    return !app->config || app->config->rpps_check;
}

void get_registration_page(struct http_exchange *x)
{
    const char *code = registration_path_code(x);
    if (!code)
        return;
    json_t *page = NULL;
    enum err err = registration_page(x->db, code, &page);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    const char *provider = x->app->oidc ? x->app->config->oidc_name : NULL;
    json_object_set_new(page, "rpps_check", json_boolean(checks_rpps(x->app)));
    json_object_set_new(page, "provider", provider ? json_string(provider) : json_null());
    http_reply_json(x, 200, page);
}

static void read_consents(struct json_reader *r, struct registration_form *f)
{
    static const char *const kinds[] = {"participation", "contact", NULL};
    json_t *list = json_read_array(r, "consents", CONSENTS_MAX);
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        struct json_reader c = json_reader(item);
        int kind = json_read_word(&c, "kind", kinds);
        int64_t version = json_read_int(&c, "version", 1, CONSENT_VERSION_MAX);
        bool given = json_read_bool(&c, "given");
        if (!json_reader_end(&c)) {
            json_reader_fault(r, "consents", c.reason);
            return;
        }
        f->consents[f->consent_count++] =
            (struct consent){.kind = kinds[kind], .version = version, .given = given};
    }
}

static void read_hcp(struct json_reader *r, struct registration_form *f)
{
    f->profession = json_read_string(r, "profession", 1, 20);
    f->specialty = json_read_optional_string(r, "specialty", 20);
    f->practice_setting = json_read_string(r, "practice_setting", 1, 20);
    f->region = json_read_string(r, "region", 1, 20);
    f->age_band = json_read_string(r, "age_band", 1, 20);
    if (f->profession && specialty_fault(f->profession, f->specialty))
        json_reader_fault(r, "specialty", specialty_fault(f->profession, f->specialty));
}

void registration_read_attributes(struct json_reader *r, struct registration_form *f)
{
    int category = CATEGORY_HCP; /* pages of the version before send none */
    if (json_read_has(r, "category"))
        category = json_read_word(r, "category", registration_categories);
    if (category < 0)
        return;
    f->category = (enum category)category;
    if (f->category == CATEGORY_HCP)
        read_hcp(r, f);
    else if (f->category != CATEGORY_PUBLIC)
        f->affiliation = read_line(r, "affiliation", 1, AFFILIATION_MAX);
    if (f->category == CATEGORY_STUDENT)
        f->profession = json_read_string(r, "profession", 1, 20);
}

/* Optional, as it is typed: with blanks, with the digit of its kind. */
static void read_rpps(const struct app *app, struct json_reader *r, char kept[static RPPS_SIZE])
{
    const char *typed = json_read_optional_string(r, "rpps", RPPS_TYPED_MAX);
    if (!typed || !typed[strspn(typed, " ")])
        return;
    enum rpps_verdict verdict = rpps_parse(typed, strlen(typed), kept);
    const char *fault = rpps_fault(verdict, checks_rpps(app));
    if (fault)
        json_reader_fault(r, "rpps", fault);
}

bool registration_read_form(const struct app *app, json_t *body, struct registration_form *f,
                            const char **field, const char **reason)
{
    struct json_reader r = json_reader(body);
    *f = (struct registration_form){0};
    read_address(&r, "email", f->email);
    f->first_name = read_person_name(&r, "first_name", NAME_CHARS_MAX);
    f->last_name = read_person_name(&r, "last_name", NAME_CHARS_MAX);
    int language = json_read_word(&r, "language", languages);
    registration_read_attributes(&r, f);
    if (f->category == CATEGORY_HCP)
        read_rpps(app, &r, f->rpps);
    read_consents(&r, f);
    f->by_provider = json_read_has(&r, "provider") && json_read_bool(&r, "provider");
    if (json_read_has(&r, "answers")) /* pages of the version before send none */
        f->answers = json_read_object(&r, "answers");
    bool good = json_reader_end(&r);
    *field = r.field;
    *reason = r.reason;
    f->language = good ? languages[language] : NULL;
    return good;
}

/* False after having replied. */
static bool read_form(struct http_exchange *x, json_t *body, struct registration_form *f)
{
    const char *field, *reason;
    bool good = registration_read_form(x->app, body, f, &field, &reason);
    if (!good)
        http_problem_field(x, field, reason);
    return good;
}

bool registration_not_refused(struct http_exchange *x, enum registration_refusal refusal)
{
    switch (refusal) {
    case REGISTRATION_CLOSED:
        http_problem(x, 409, "registration.closed", "Registration is not open.");
        return false;
    case REGISTRATION_FULL:
        http_problem(x, 409, "registration.full", "Every seat is taken.");
        return false;
    case REGISTRATION_NOT_ADMITTED:
        http_problem(x, 409, "registration.not_admitted",
                     "Registration is reserved, and this person is not among those it is for.");
        return false;
    case REGISTRATION_DECLINED:
        http_problem(x, 410, "registration.declined", "This registration was declined.");
        return false;
    case REGISTRATION_PERSON:
        http_problem(x, 409, "registration.person", "Somebody else is known at this address.");
        return false;
    case REGISTRATION_PROVIDER:
        http_problem(x, 409, "provider.expired", "Sign in there again, or send the form without.");
        return false;
    case REGISTRATION_FORM:
    case REGISTRATION_OK:
        break;
    }
    return true;
}

/* The hash of the cookie of a sign-in at the provider; of nobody's where there is none. */
static void read_provider(struct http_exchange *x, uint8_t hash[static TOKEN_HASH_SIZE])
{
    char cookie[TOKEN_TEXT_SIZE];
    if (http_cookie(x, HTTP_COOKIE_PROVIDER, cookie, sizeof cookie) != ERR_OK ||
        !token_hash(cookie, hash))
        memset(hash, 0, TOKEN_HASH_SIZE);
}

/* invitation: the hash of a personal invitation's token, or NULL. */
static void ask_to_register(struct http_exchange *x, const char *code,
                            const struct registration_form *form, const uint8_t *invitation)
{
    struct request_result result;
    uint8_t provider[TOKEN_HASH_SIZE];
    struct request_proof proof = {.invitation = invitation};
    if (form->by_provider) {
        read_provider(x, provider);
        proof.provider = provider;
    }
    enum err err = registration_request(x->db, code, form, &proof, x->app->base_url,
                                        clock_now_us(x->clock), &result);
    if (err == ERR_NOT_FOUND && invitation)
        http_problem(x, 410, "link.expired", "This invitation is not valid here.");
    else if (err != ERR_OK)
        http_problem_err(x, err);
    if (err != ERR_OK)
        return;
    registration_wake_mail(x);
    if (result.refusal == REGISTRATION_FORM)
        http_problem_field(x, result.field, result.reason);
    else if (registration_not_refused(x, result.refusal))
        http_reply_json(x, 202, json_pack("{s:s*}", "token", *result.token ? result.token : NULL));
}

void post_registration(struct http_exchange *x)
{
    struct registration_form form;
    json_t *body;
    const char *code = registration_path_code(x);
    if (code && (body = http_body_json(x)) && read_form(x, body, &form))
        ask_to_register(x, code, &form, NULL);
}

/* {invitation, form} */
void post_registration_invited(struct http_exchange *x)
{
    struct registration_form form;
    uint8_t invitation[TOKEN_HASH_SIZE];
    json_t *body;
    const char *code = registration_path_code(x);
    if (!code || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    const char *token = json_read_string(&r, "invitation", 1, 200);
    json_t *filled = json_read_object(&r, "form");
    if (!json_reader_end(&r))
        http_problem_field(x, r.field, r.reason);
    else if (!token_hash(token, invitation))
        http_problem(x, 410, "link.expired", "This invitation is not valid.");
    else if (read_form(x, filled, &form))
        ask_to_register(x, code, &form, invitation);
}

/* The body's only field; false after having replied. */
static bool read_own_address(struct http_exchange *x, char email[static ADDRESS_SIZE])
{
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    read_address(&r, "email", email);
    if (json_reader_end(&r))
        return true;
    http_problem_field(x, r.field, r.reason);
    return false;
}

/* code NULL: of all that is still to come. */
static void ask_links(struct http_exchange *x, const char *code)
{
    char email[ADDRESS_SIZE];
    if (!read_own_address(x, email))
        return;
    enum err err = registration_ask_links(x->db, code, email, clock_now_us(x->clock));
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    http_reply_json(x, 202, json_object());
    jobs_wake(x->app->jobs, &registration_links);
}

void post_send_link(struct http_exchange *x)
{
    const char *code = registration_path_code(x);
    if (code)
        ask_links(x, code);
}

void post_send_links(struct http_exchange *x)
{
    ask_links(x, NULL);
}

void get_my_registration(struct http_exchange *x)
{
    json_t *mine = NULL;
    enum err err = registration_mine(x->db, &x->who, &mine);
    if (err == ERR_OK)
        http_reply_json(x, 200, mine);
    else
        http_problem_err(x, err);
}

void patch_my_registration(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *first_name = read_person_name(&r, "first_name", NAME_CHARS_MAX);
    const char *last_name = read_person_name(&r, "last_name", NAME_CHARS_MAX);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    json_t *mine = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = registration_rename(x->db, &change, first_name, last_name, &mine);
    if (err == ERR_OK)
        http_reply_json(x, 200, mine);
    else
        http_problem_err(x, err);
}

void post_my_cancel(struct http_exchange *x)
{
    struct registration_touched touched;
    enum err err = registration_cancel(x->db, &x->who, &x->who.person, x->app->base_url,
                                       clock_now_us(x->clock), &touched);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    registration_left(x, &touched);
    http_clear_sign_in(x);
    http_reply_empty(x, 204);
}

void get_my_data(struct http_exchange *x)
{
    json_t *data = NULL;
    enum err err = registration_data(x->db, &x->who, clock_now_us(x->clock), &data);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    http_header(x, "Content-Disposition", "attachment; filename=\"my-data.json\"");
    http_reply_json(x, 200, data);
}
