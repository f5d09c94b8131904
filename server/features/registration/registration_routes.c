#include "features/registration/registration_routes.h"
#include "base/json.h"
#include "base/person_name.h"
#include "mail/mail.h"
#include "room/tell.h"
#include <string.h>

#define TOKEN_CHARS_MAX 200 /* longer than any token: a longer text is refused as a fault */
#define VERSION_MAX     1000000

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

void registration_wake_mail(struct http_exchange *x)
{
    if (x->app->mail)
        mail_sender_wake(x->app->mail);
}

/* The code in the path; NULL after having replied 404. */
static const char *path_code(struct http_exchange *x)
{
    const char *code = http_path_text(x, "code");
    if (code && strlen(code) == LINK_CODE_LENGTH && strspn(code, CODE_ALPHABET) == LINK_CODE_LENGTH)
        return code;
    http_problem_err(x, ERR_NOT_FOUND);
    return NULL;
}

void get_registration_page(struct http_exchange *x)
{
    const char *code = path_code(x);
    if (!code)
        return;
    json_t *page = NULL;
    enum err err = registration_page(x->db, code, &page);
    if (err == ERR_OK)
        http_reply_json(x, 200, page);
    else
        http_problem_err(x, err);
}

static void read_address(struct json_reader *r, char out[static ADDRESS_SIZE])
{
    const char *typed = json_read_string(r, "email", 1, ADDRESS_SIZE - 1);
    if (typed && !address_normal(typed, out))
        json_reader_fault(r, "email", "not an e-mail address");
}

static const char *read_name(struct json_reader *r, const char *field)
{
    const char *name = json_read_string(r, field, 1, NAME_CHARS_MAX);
    if (name && !person_name_valid(name))
        json_reader_fault(r, field, "not a name");
    return name;
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
        int64_t version = json_read_int(&c, "version", 1, VERSION_MAX);
        bool given = json_read_bool(&c, "given");
        if (!json_reader_end(&c)) {
            json_reader_fault(r, "consents", c.reason);
            return;
        }
        f->consents[f->consent_count++] =
            (struct consent){.kind = kinds[kind], .version = version, .given = given};
    }
}

/* False after having replied. */
static bool read_form(struct http_exchange *x, struct registration_form *f)
{
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    *f = (struct registration_form){0};
    read_address(&r, f->email);
    f->first_name = read_name(&r, "first_name");
    f->last_name = read_name(&r, "last_name");
    int language = json_read_word(&r, "language", languages);
    f->profession = json_read_string(&r, "profession", 1, 20);
    f->specialty = json_read_optional_string(&r, "specialty", 20);
    f->practice_setting = json_read_string(&r, "practice_setting", 1, 20);
    f->region = json_read_string(&r, "region", 1, 20);
    f->age_band = json_read_string(&r, "age_band", 1, 20);
    read_consents(&r, f);
    if (f->profession && specialty_fault(f->profession, f->specialty))
        json_reader_fault(&r, "specialty", specialty_fault(f->profession, f->specialty));
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return false;
    }
    f->language = languages[language];
    return true;
}

void post_registration(struct http_exchange *x)
{
    struct registration_form form;
    const char *code = path_code(x);
    if (!code || !read_form(x, &form))
        return;
    struct register_result result;
    enum err err = registration_register(x->db, code, &form, x->app->base_url,
                                         clock_now_us(x->clock), &result);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    switch (result.refusal) {
    case REGISTER_CLOSED:
        http_problem(x, 409, "registration.closed", "Registration is not open.");
        return;
    case REGISTER_FULL:
        http_problem(x, 409, "registration.full", "Every seat is taken.");
        return;
    case REGISTER_FORM:
        http_problem_field(x, result.field, result.reason);
        return;
    case REGISTER_OK:
        break;
    }
    registration_changed(x, &result.touched, false);
    registration_wake_mail(x);
    http_reply_json(x, 202, json_object());
}

void post_send_link(struct http_exchange *x)
{
    const char *code = path_code(x);
    json_t *body;
    if (!code || !(body = http_body_json(x)))
        return;
    struct json_reader r = json_reader(body);
    char email[ADDRESS_SIZE];
    read_address(&r, email);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum err err =
        registration_send_link(x->db, code, email, x->app->base_url, clock_now_us(x->clock));
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    registration_wake_mail(x);
    http_reply_json(x, 202, json_object());
}

static void reply_expired(struct http_exchange *x)
{
    http_problem(x, 410, "link.expired",
                 "This link is not valid any more. Please ask for a new one.");
}

/* The hash of the body's token; false after having replied. */
static bool read_token(struct http_exchange *x, uint8_t hash[static TOKEN_HASH_SIZE])
{
    json_t *body = http_body_json(x);
    if (!body)
        return false;
    struct json_reader r = json_reader(body);
    const char *text = json_read_string(&r, "token", 1, TOKEN_CHARS_MAX);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return false;
    }
    if (token_hash(text, hash))
        return true;
    reply_expired(x);
    return false;
}

void post_join(struct http_exchange *x)
{
    uint8_t link[TOKEN_HASH_SIZE], hash[TOKEN_HASH_SIZE];
    char token[TOKEN_TEXT_SIZE];
    if (!read_token(x, link))
        return;
    token_new(token, hash);
    struct registration_touched touched;
    int64_t expires_at = 0, now = clock_now_us(x->clock);
    json_t *mine = NULL;
    enum err err = registration_join(x->db, link, hash, now, &touched, &expires_at, &mine);
    if (err == ERR_NOT_FOUND) {
        reply_expired(x);
    } else if (err == ERR_CONFLICT) {
        http_problem(x, 410, "registration.cancelled", "This registration was cancelled.");
    } else if (err != ERR_OK) {
        http_problem_err(x, err);
    } else {
        registration_changed(x, &touched, false);
        http_set_token(x, token, (int)((expires_at - now) / US_PER_S));
        http_reply_json(x, 200, json_pack("{s:o}", "registration", mine));
    }
}

void post_join_cancel(struct http_exchange *x)
{
    uint8_t link[TOKEN_HASH_SIZE];
    if (!read_token(x, link))
        return;
    struct registration_touched touched;
    enum err err = registration_cancel_by_link(x->db, link, x->app->base_url,
                                               clock_now_us(x->clock), &touched);
    if (err == ERR_NOT_FOUND) {
        reply_expired(x);
        return;
    }
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    registration_changed(x, &touched, true);
    registration_wake_mail(x);
    http_reply_empty(x, 204);
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
    const char *first_name = read_name(&r, "first_name");
    const char *last_name = read_name(&r, "last_name");
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
    registration_changed(x, &touched, true);
    registration_wake_mail(x);
    http_set_token(x, NULL, 0);
    http_reply_empty(x, 204);
}

void get_my_data(struct http_exchange *x)
{
    json_t *data = NULL;
    enum err err = registration_data(x->db, &x->who, &data);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    http_header(x, "Content-Disposition", "attachment; filename=\"my-data.json\"");
    http_reply_json(x, 200, data);
}

/* A hospital is one address: the pages allow a ward to register, not a flood. */
