#include "features/accounts/accounts_routes.h"
#include "base/address.h"
#include "base/json.h"
#include "features/accounts/accounts_store.h"
#include "mail/mail.h"
#include "room/tell.h"
#include <string.h>

void accounts_revoked(struct http_exchange *x, const struct id *person, const struct id *sign_in)
{
    char text[ID_TEXT_SIZE];
    id_text(sign_in ? sign_in : person, text);
    tell(x->app, scope_person(person), "revoked",
         json_pack("{s:s}", sign_in ? "sign_in" : "person", text));
}

void accounts_grants_changed(struct http_exchange *x, const struct id *person)
{
    char text[ID_TEXT_SIZE];
    tell(x->app, scope_person(person), "revoked",
         json_pack("{s:s,s:b}", "person", id_text(person, text), "again", 1));
}

/* The address of a form in its normal form; false after having replied. */
static bool read_address(struct http_exchange *x, const char *typed, char out[static ADDRESS_SIZE])
{
    if (address_normal(typed, out))
        return true;
    http_problem_field(x, "email", "not an e-mail address");
    return false;
}

static void reply_me(struct http_exchange *x, const struct identity *who, const char *purpose)
{
    json_t *me = NULL;
    enum err err = accounts_me(x->db, who, clock_now_us(x->clock), &me);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    json_t *body = json_pack("{s:o}", "me", me);
    if (purpose)
        json_object_set_new(body, "purpose", json_string(purpose));
    http_reply_json(x, 200, body);
}

/* Every password is tried SIGN_IN_TRIES times, so that the time tells nothing about an address. */
static int match_password(const struct account_login *logins, int n, const char *password)
{
    int found = -1;
    for (int i = 0; i < SIGN_IN_TRIES; i++) {
        const char *hash = i < n && *logins[i].password_hash ? logins[i].password_hash : NULL;
        if (password_verify(hash, password) && found < 0)
            found = i;
    }
    return found;
}

void post_sign_in(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *typed = json_read_string(&r, "email", 1, ADDRESS_SIZE - 1);
    const char *password = json_read_string(&r, "password", 1, PASSWORD_MAX_BYTES);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    char email[ADDRESS_SIZE];
    if (!read_address(x, typed, email))
        return;
    struct account_login logins[SIGN_IN_TRIES];
    int n = 0;
    int64_t now = clock_now_us(x->clock);
    enum err err = accounts_logins(x->db, email, now, logins, &n);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    int found = strlen(password) <= PASSWORD_MAX_BYTES ? match_password(logins, n, password) : -1;
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    struct identity who = {0};
    if (found < 0) {
        err = accounts_login_failed(x->db, email, now);
        if (err == ERR_OK)
            err = ERR_NOT_FOUND;
    } else {
        token_new(token, hash);
        err = accounts_sign_in(x->db, &logins[found].account, "password", hash, now, &who);
    }
    if (err == ERR_NOT_FOUND) {
        http_problem(x, 401, "auth.failed", "The address or the password is not right.");
    } else if (err != ERR_OK) {
        http_problem_err(x, err);
    } else {
        http_set_token(x, token, STAFF_SIGN_IN_S);
        reply_me(x, &who, NULL);
    }
}

static void mail_link(struct http_exchange *x, enum link_purpose purpose)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *typed = json_read_string(&r, "email", 1, ADDRESS_SIZE - 1);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    char email[ADDRESS_SIZE];
    if (!read_address(x, typed, email))
        return;
    enum err err =
        accounts_mail_links(x->db, email, purpose, x->app->base_url, clock_now_us(x->clock));
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    if (x->app->mail)
        mail_sender_wake(x->app->mail);
    http_reply_json(x, 202, json_object());
}

void post_sign_in_link(struct http_exchange *x)
{
    mail_link(x, LINK_SIGN_IN);
}

void post_password_link(struct http_exchange *x)
{
    mail_link(x, LINK_PASSWORD);
}

void post_sign_in_token(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *text = json_read_string(&r, "token", 1, 200);
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    uint8_t link[TOKEN_HASH_SIZE], hash[TOKEN_HASH_SIZE];
    char token[TOKEN_TEXT_SIZE];
    struct identity who;
    enum link_purpose purpose;
    token_new(token, hash);
    enum err err = ERR_NOT_FOUND;
    if (token_hash(text, link))
        err = accounts_use_link(x->db, link, hash, clock_now_us(x->clock), &purpose, &who);
    if (err == ERR_CONFLICT) {
        http_problem(x, 410, "link.used", "This link was used already. Please ask for a new one.");
    } else if (err == ERR_NOT_FOUND) {
        http_problem(x, 410, "link.expired",
                     "This link is not valid any more. Please ask for a new one.");
    } else if (err != ERR_OK) {
        http_problem_err(x, err);
    } else {
        http_set_token(x, token, STAFF_SIGN_IN_S);
        reply_me(x, &who, link_purpose_word(purpose));
    }
}

void post_sign_out(struct http_exchange *x)
{
    enum err err = accounts_sign_out(x->db, &x->who, clock_now_us(x->clock));
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    accounts_revoked(x, &x->who.person, &x->who.sign_in);
    http_set_token(x, NULL, 0);
    http_reply_empty(x, 204);
}

void get_me(struct http_exchange *x)
{
    json_t *me = NULL;
    enum err err = accounts_me(x->db, &x->who, clock_now_us(x->clock), &me);
    if (err == ERR_OK)
        http_reply_json(x, 200, me);
    else
        http_problem_err(x, err);
}

static const char *const languages[] = {"fr", "en", NULL};

void patch_me(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *name = json_read_has(&r, "name") ? json_read_string(&r, "name", 1, 200) : NULL;
    int language = json_read_has(&r, "language") ? json_read_word(&r, "language", languages) : -1;
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    enum err err = accounts_change_me(
        x->db, &x->who, name, language < 0 ? NULL : languages[language], clock_now_us(x->clock));
    if (err == ERR_OK)
        get_me(x);
    else
        http_problem_err(x, err);
}

/* False after having replied: the present password is needed and was not given rightly. */
static bool may_set_password(struct http_exchange *x, const char *current)
{
    char hash[PASSWORD_HASH_SIZE];
    bool free_to_set = false;
    enum err err = accounts_password(x->db, &x->who, clock_now_us(x->clock), hash, &free_to_set);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return false;
    }
    if (free_to_set)
        return true;
    if (!current) {
        http_problem_field(x, "current", "missing");
        return false;
    }
    if (!password_verify(hash, current)) {
        http_problem_field(x, "current", "wrong");
        return false;
    }
    return true;
}

void put_password(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return;
    struct json_reader r = json_reader(body);
    const char *password = json_read_string(&r, "password", PASSWORD_MIN_CHARS, PASSWORD_MAX_BYTES);
    const char *current = json_read_optional_string(&r, "current", PASSWORD_MAX_BYTES);
    if (password && strlen(password) > PASSWORD_MAX_BYTES)
        json_reader_fault(&r, "password", "too long");
    if (current && strlen(current) > PASSWORD_MAX_BYTES)
        json_reader_fault(&r, "current", "too long");
    if (!json_reader_end(&r)) {
        http_problem_field(x, r.field, r.reason);
        return;
    }
    if (!may_set_password(x, current))
        return;
    char hash[PASSWORD_HASH_SIZE];
    struct id ended[SIGN_INS_ENDED];
    int n = 0;
    enum err err = password_hash(password, hash);
    if (err == ERR_OK)
        err = accounts_set_password(
            x->db, &x->who, &(struct account_password){.hash = hash, .base_url = x->app->base_url},
            clock_now_us(x->clock), ended, &n);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    for (int i = 0; i < n; i++)
        accounts_revoked(x, &x->who.person, &ended[i]);
    if (x->app->mail)
        mail_sender_wake(x->app->mail);
    http_reply_empty(x, 204);
}
