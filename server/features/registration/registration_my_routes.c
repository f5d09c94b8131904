#include "features/registration/registration_routes.h"
#include <stdlib.h>
#include <string.h>

static const char *const languages[] = {"fr", "en", NULL};

/* Takes profile. */
static void reply_profile(struct http_exchange *x, enum err err, int status, json_t *profile)
{
    if (err == ERR_OK)
        http_reply_json(x, status, profile);
    else
        http_problem_err(x, err);
}

void get_my_profile(struct http_exchange *x)
{
    json_t *profile = NULL;
    enum err err = my_profile(x->db, &x->who, clock_now_us(x->clock), &profile);
    reply_profile(x, err, 200, profile);
}

void patch_my_profile(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    struct registration_form form = {0};
    registration_read_attributes(&r, &form);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    const char *field, *reason;
    json_t *profile = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = my_profile_change(x->db, &change, &form, &field, &reason, &profile);
    if (err == ERR_OK && field) {
        http_problem_field(x, field, reason);
        return;
    }
    if (err == ERR_OK)
        registration_changed(x,
                             &(struct registration_touched){.registration = x->who.person,
                                                            .congress = x->who.congress,
                                                            .changed = true},
                             false);
    reply_profile(x, err, 200, profile);
}

/* Participation is withdrawn by cancelling. */
void post_my_consent(struct http_exchange *x)
{
    static const char *const kinds[] = {"contact", NULL};
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    int kind = json_read_word(&r, "kind", kinds);
    struct consent consent = {.version = json_read_int(&r, "version", 1, CONSENT_VERSION_MAX),
                              .given = json_read_bool(&r, "given")};
    int language = json_read_word(&r, "language", languages);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    consent.kind = kinds[kind];
    json_t *profile = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = my_consent_add(x->db, &change, &consent, languages[language], &profile);
    if (err == ERR_CONFLICT)
        http_problem_field(x, "version", "outdated");
    else
        reply_profile(x, err, 200, profile);
}

/* --- another address --- */

void post_my_address(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    char email[ADDRESS_SIZE];
    read_address(&r, "email", email);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    json_t *profile = NULL;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = my_address_ask(x->db, &change, email, &profile);
    if (err == ERR_CONFLICT) {
        http_problem_field(x, "email", "unchanged");
        return;
    }
    if (err == ERR_OK)
        registration_wake_mail(x);
    reply_profile(x, err, 202, profile);
}

static void reply_confirmed(struct http_exchange *x, struct address_result *result)
{
    switch (result->refusal) {
    case ADDRESS_WRONG_CODE:
        http_problem_field(x, "code", "wrong");
        return;
    case ADDRESS_EXPIRED:
        http_problem(x, 410, "address.expired", "This code is not valid any more.");
        return;
    case ADDRESS_TAKEN:
        http_problem(x, 409, "address.taken", "This address is known already.");
        return;
    case ADDRESS_OK:
        registrations_revoked(x, &result->touched);
        registration_wake_mail(x);
        http_reply_json(x, 200, result->profile);
        free(result->touched.items);
    }
}

/* Digits, with the blanks that people type between them. */
static bool plain_code(const char *typed, char code[static ADDRESS_CODE_DIGITS + 1])
{
    size_t n = 0;
    for (const char *at = typed; *at; at++) {
        if (*at == ' ' || *at == '-')
            continue;
        if (n == ADDRESS_CODE_DIGITS || *at < '0' || *at > '9')
            return false;
        code[n++] = *at;
    }
    code[n] = '\0';
    return n == ADDRESS_CODE_DIGITS;
}

void post_my_address_confirm(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *typed = json_read_string(&r, "code", 1, 20);
    char code[ADDRESS_CODE_DIGITS + 1];
    if (typed && !plain_code(typed, code))
        json_reader_fault(&r, "code", "not a code");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    struct address_result result;
    struct change change;
    change_init(&change, x->app, &x->who, clock_now_us(x->clock));
    enum err err = my_address_confirm(x->db, &change, code, x->app->base_url, &result);
    if (err == ERR_OK)
        reply_confirmed(x, &result);
    else
        http_problem_err(x, err);
}
