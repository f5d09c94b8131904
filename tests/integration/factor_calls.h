/* What the tests of the second factor share: an app, and sign-ins that wait for it. */
#ifndef AMPHI_TESTS_FACTOR_CALLS_H
#define AMPHI_TESTS_FACTOR_CALLS_H

#include "harness/totp.h"
#include "integration/accounts_calls.h"

#define EMAIL    "olga@labo.test"
#define PASSWORD "correct horse battery"

static inline json_t *code_body(const char *code)
{
    return json_pack("{s:s}", "code", code);
}

/* The code that an app shows for the secret now, a few steps later or earlier. */
static inline json_t *app_code(const char *secret, int steps)
{
    char code[7];
    return code_body(totp_app(secret, clock_now_us(&rest.clock) + steps * 30 * US_PER_S, code));
}

/* Sets up an app for who is signed in; the reply with the recovery codes. */
static inline json_t *set_up_app(const char *cookie, char secret[static 64])
{
    json_t *begun = rest_body(cookie, 200, "POST", "/api/me/totp", json_object());
    snprintf(secret, 64, "%s", rest_text(begun, "secret"));
    json_decref(begun);
    return rest_body(cookie, 200, "POST", "/api/me/totp/confirm", app_code(secret, 0));
}

static inline void keep_first_code(json_t *reply, char code[static 32])
{
    snprintf(code, 32, "%s",
             json_string_value(json_array_get(json_object_get(reply, "recovery_codes"), 0)));
    json_decref(reply);
}

/* The named cookie that a reply sets, as a Cookie header; "" when it sets none or clears it. */
static inline const char *cookie_of(const struct rest_reply *reply, const char *name, char out[256])
{
    char begin[64];
    snprintf(begin, sizeof begin, "%s=", name);
    const char *set = strstr(reply->headers, begin);
    size_t len = set ? strcspn(set, ";") : 0;
    snprintf(out, 256, "%.*s", len > strlen(begin) ? (int)len : 0, set ? set : "");
    return out;
}

/* Olga, with a password; `cookie` signs her in. */
static inline void open_olga(char cookie[256])
{
    open_rest();
    rest_organisation("Labo", EMAIL, cookie);
    ck_assert_int_eq(
        rest_status(cookie, "PUT", "/api/me/password", json_pack("{s:s}", "password", PASSWORD)),
        204);
}

/* The right password of somebody who needs more than that: the half sign-in. */
static inline void half_by_password(const char *email, const char *needs, char half[256])
{
    struct rest_reply reply = rest_call(NULL, "POST", "/api/sign-in", credentials(email, PASSWORD));
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(reply.cookie, "");
    ck_assert_str_eq(rest_text(json_object_get(reply.body, "half"), "needs"), needs);
    ck_assert_str_ne(cookie_of(&reply, "__Host-amphi-half", half), "");
    json_decref(reply.body);
}

#endif
