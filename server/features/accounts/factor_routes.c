/* The second factor: the second step of a sign-in, and setting it up. */
#include "base/app.h"
#include "base/json.h"
#include "features/accounts/accounts_routes.h"
#include "features/accounts/entry_store.h"
#include "features/accounts/factor_store.h"
#include "mail/mail.h"
#include <string.h>

#define HALF_COOKIE "__Host-amphi-half"
#define SET_UP_OVER "factor.set_up_over"
#define TYPED_MAX   64 /* characters of a code, with what people type between */

void half_cookie_set(struct http_exchange *x, const char *token)
{
    http_set_cookie(x, HALF_COOKIE, token, HALF_SIGN_IN_S);
}

bool half_cookie_read(struct http_exchange *x, uint8_t token[static TOKEN_HASH_SIZE])
{
    char text[128];
    return http_cookie(x, HALF_COOKIE, text, sizeof text) == ERR_OK && token_hash(text, token);
}

static void reply_over(struct http_exchange *x)
{
    half_cookie_set(x, NULL);
    http_problem(x, 401, "auth.half_over", "The sign-in took too long; begin it again.");
}

/* False after having replied. */
static bool find_half(struct http_exchange *x, uint8_t token[static TOKEN_HASH_SIZE],
                      struct half *half)
{
    enum err err = ERR_NOT_FOUND;
    if (half_cookie_read(x, token))
        err = half_find(x->db, token, clock_now_us(x->clock), half);
    if (err == ERR_NOT_FOUND)
        reply_over(x);
    else if (err != ERR_OK)
        http_problem_err(x, err);
    return err == ERR_OK;
}

void accounts_reply_entrance(struct http_exchange *x, const char *token,
                             const struct entrance *entrance, const char *purpose)
{
    if (entrance->entry == ENTRY_OPEN) {
        accounts_reply_signed_in(x, token, &entrance->who, purpose, NULL);
        return;
    }
    json_t *shown = NULL;
    struct half half = {.who = entrance->who, .entry = entrance->entry};
    enum err err = half_show(x->db, &half, &shown);
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    half_cookie_set(x, token);
    http_reply_json(x, 200, json_pack("{s:o}", "half", shown));
}

/* A page that is opened asks, so that "none" is no error. */
void get_half(struct http_exchange *x)
{
    uint8_t token[TOKEN_HASH_SIZE];
    struct half half;
    json_t *shown = NULL;
    enum err err = ERR_NOT_FOUND;
    if (half_cookie_read(x, token))
        err = half_find(x->db, token, clock_now_us(x->clock), &half);
    if (err == ERR_OK)
        err = half_show(x->db, &half, &shown);
    if (err == ERR_OK || err == ERR_NOT_FOUND)
        http_reply_json(x, 200, json_pack("{s:o?}", "half", shown));
    else
        http_problem_err(x, err);
}

void delete_half(struct http_exchange *x)
{
    uint8_t token[TOKEN_HASH_SIZE];
    enum err err = half_cookie_read(x, token) ? half_drop(x->db, token) : ERR_OK;
    half_cookie_set(x, NULL);
    if (err == ERR_OK)
        http_reply_empty(x, 204);
    else
        http_problem_err(x, err);
}

/* --- codes --- */

const char *read_code(struct http_exchange *x)
{
    json_t *body = http_body_json(x);
    if (!body)
        return NULL;
    struct json_reader r = json_reader(body);
    const char *code = json_read_string(&r, "code", 1, TYPED_MAX);
    if (json_reader_end(&r))
        return code;
    http_problem_field(x, r.field, r.reason);
    return NULL;
}

static void reply_wait(struct http_exchange *x, int retry_s)
{
    char seconds[16];
    snprintf(seconds, sizeof seconds, "%d", retry_s);
    http_header(x, "Retry-After", seconds);
    http_problem(x, 429, "auth.code_wait",
                 "Too many codes were wrong; wait, or use a recovery code.");
}

bool code_is_right(struct http_exchange *x, enum err err, const struct code_try *tried,
                   const char *over)
{
    accounts_wake_mail(x); /* of a recovery code, or of many wrong ones, the owner is told */
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return false;
    }
    switch (tried->verdict) {
    case CODE_RIGHT:
        return true;
    case CODE_USED:
        http_problem(x, 403, "auth.code_used", "This code was used; wait for the next one.");
        return false;
    case CODE_WAIT:
        reply_wait(x, tried->retry_s);
        return false;
    case CODE_OVER:
        http_problem(x, 409, over, "It took too long; begin again.");
        return false;
    default:
        http_problem(x, 403, "auth.code", "The code is not right.");
        return false;
    }
}

const char *purpose_of_via(const char *via)
{
    for (int p = LINK_SIGN_IN; p <= LINK_PASSWORD; p++)
        if (strcmp(via, link_purpose_via((enum link_purpose)p)) == 0)
            return link_purpose_word((enum link_purpose)p);
    return link_purpose_word(LINK_SIGN_IN);
}

json_t *recovery_codes_json(const struct recovery_codes *codes)
{
    json_t *list = codes->n ? json_array() : json_null();
    for (int i = 0; i < codes->n; i++)
        json_array_append_new(list, json_string(codes->text[i]));
    return list;
}

void post_half_code(struct http_exchange *x)
{
    struct deed deed = accounts_deed(x);
    uint8_t half[TOKEN_HASH_SIZE], hash[TOKEN_HASH_SIZE];
    char token[TOKEN_TEXT_SIZE];
    struct code_try tried = {0};
    const char *code = read_code(x);
    if (!code)
        return;
    token_new(token, hash);
    enum err err = ERR_NOT_FOUND;
    if (half_cookie_read(x, half))
        err = half_code(x->db, &deed, half, code, hash, &tried);
    if (err == ERR_NOT_FOUND) {
        reply_over(x);
    } else if (code_is_right(x, err, &tried, SET_UP_OVER) && http_vouch(x, NULL)) {
        half_cookie_set(x, NULL);
        accounts_reply_signed_in(x, token, &tried.who, purpose_of_via(tried.via), NULL);
    }
}

/* --- setting up --- */

static void begin_totp(struct http_exchange *x, const struct identity *who)
{
    struct deed deed = accounts_deed(x);
    json_t *shown = NULL;
    enum err err = totp_begin(x->db, &deed, who, &shown);
    if (err == ERR_OK)
        http_reply_json(x, 200, shown);
    else
        http_problem_err(x, err);
}

void post_half_totp(struct http_exchange *x)
{
    uint8_t token[TOKEN_HASH_SIZE];
    struct half half;
    if (!find_half(x, token, &half))
        return;
    if (half.entry == ENTRY_SET_UP)
        begin_totp(x, &half.who);
    else
        http_problem_err(x, ERR_FORBIDDEN); /* only whoever has shown the factor may replace it */
}

void post_half_totp_confirm(struct http_exchange *x)
{
    struct deed deed = accounts_deed(x);
    uint8_t half[TOKEN_HASH_SIZE], hash[TOKEN_HASH_SIZE];
    char token[TOKEN_TEXT_SIZE];
    struct code_try tried = {0};
    struct recovery_codes codes;
    const char *code = read_code(x);
    if (!code)
        return;
    token_new(token, hash);
    enum err err = ERR_NOT_FOUND;
    if (half_cookie_read(x, half))
        err = half_confirm(x->db, &deed, half, code, hash, &tried, &codes);
    if (err == ERR_NOT_FOUND) {
        reply_over(x);
    } else if (code_is_right(x, err, &tried, SET_UP_OVER) && http_vouch(x, NULL)) {
        half_cookie_set(x, NULL);
        accounts_reply_signed_in(x, token, &tried.who, purpose_of_via(tried.via),
                                 recovery_codes_json(&codes));
    }
}

void post_totp(struct http_exchange *x)
{
    begin_totp(x, &x->who);
}

void post_totp_confirm(struct http_exchange *x)
{
    struct deed deed = accounts_deed(x);
    struct code_try tried = {0};
    struct recovery_codes codes;
    const char *code = read_code(x);
    if (!code)
        return;
    enum err err = totp_confirm(x->db, &deed, &x->who, code, &tried, &codes);
    if (code_is_right(x, err, &tried, SET_UP_OVER))
        http_reply_json(x, 200, json_pack("{s:o}", "recovery_codes", recovery_codes_json(&codes)));
}

/* --- what an account has --- */

void get_factors(struct http_exchange *x)
{
    json_t *shown = NULL;
    enum err err = factors_show(x->db, &x->who, &shown);
    if (err == ERR_OK)
        http_reply_json(x, 200, shown);
    else
        http_problem_err(x, err);
}

void delete_totp(struct http_exchange *x)
{
    struct deed deed = accounts_deed(x);
    enum err err = totp_remove(x->db, &deed, &x->who);
    accounts_wake_mail(x);
    if (err == ERR_CONFLICT)
        http_problem(x, 409, "factor.required", "The organisation requires a second factor.");
    else if (err == ERR_OK)
        http_reply_empty(x, 204);
    else
        http_problem_err(x, err);
}

void post_recovery_codes(struct http_exchange *x)
{
    struct deed deed = accounts_deed(x);
    struct recovery_codes codes;
    enum err err = recovery_renew(x->db, &deed, &x->who, &codes);
    accounts_wake_mail(x);
    if (err == ERR_OK)
        http_reply_json(x, 200, json_pack("{s:o}", "recovery_codes", recovery_codes_json(&codes)));
    else
        http_problem_err(x, err);
}

void delete_staff_factors(struct http_exchange *x)
{
    struct deed deed = accounts_deed(x);
    struct id account;
    if (!http_path_id(x, "account", &account))
        return;
    enum err err = factors_reset(x->db, &deed, &x->who, &account);
    if (err == ERR_CONFLICT) {
        http_problem(x, 409, "factor.own", "Your own second factor is on your account page.");
        return;
    }
    if (err != ERR_OK) {
        http_problem_err(x, err);
        return;
    }
    accounts_wake_mail(x);
    http_reply_empty(x, 204);
}
