/* The second factor of staff: the second step of a sign-in, what it takes, and how often it may be
 * tried. */
#include "integration/factor_calls.h"

START_TEST(a_password_is_half_a_sign_in_where_there_is_an_app)
{
    char cookie[256], secret[64], half[256], cleared[256];
    open_olga(cookie);
    json_decref(set_up_app(cookie, secret));
    rest_advance(30);
    half_by_password(EMAIL, "code", half);
    ck_assert_int_eq(rest_status(half, "GET", "/api/me", NULL), 401);
    ck_assert_int_eq(rest_status(half, "GET", "/api/staff", NULL), 401);
    ck_assert_int_eq(rest_status(half, "POST", "/api/me/totp", json_object()), 401);
    ck_assert_int_eq(rest_status(half, "POST", "/api/sign-in/half/totp", json_object()), 403);
    struct rest_reply in = rest_call(half, "POST", "/api/sign-in/half/code", app_code(secret, 0));
    ck_assert_int_eq(in.status, 200);
    ck_assert_str_eq(rest_text(in.body, "purpose"), "sign_in");
    ck_assert_str_eq(cookie_of(&in, "__Host-amphi-half", cleared), "");
    ck_assert_int_eq(rest_status(in.cookie, "GET", "/api/me", NULL), 200);
    rest_advance(30);
    rest_problem(half, 401, "auth.half_over", "POST", "/api/sign-in/half/code",
                 app_code(secret, 0));
    json_decref(in.body);
    rest_close();
}
END_TEST

START_TEST(a_link_is_half_a_sign_in_too_and_keeps_its_purpose)
{
    char cookie[256], secret[64], half[256];
    open_olga(cookie);
    json_decref(set_up_app(cookie, secret));
    rest_advance(30);
    ask_link("password-link", EMAIL);
    struct rest_reply reply = rest_call(NULL, "POST", "/api/sign-in/token", token_body(EMAIL));
    ck_assert_int_eq(reply.status, 200);
    ck_assert_str_eq(reply.cookie, "");
    cookie_of(&reply, "__Host-amphi-half", half);
    json_decref(reply.body);
    struct rest_reply in = rest_call(half, "POST", "/api/sign-in/half/code", app_code(secret, 0));
    ck_assert_int_eq(in.status, 200);
    ck_assert_str_eq(rest_text(in.body, "purpose"), "password");
    json_decref(in.body);
    ck_assert_int_eq(rest_status(in.cookie, "PUT", "/api/me/password",
                                 json_pack("{s:s}", "password", "another good password")),
                     204);
    rest_close();
}
END_TEST

START_TEST(a_half_sign_in_lasts_minutes)
{
    char cookie[256], secret[64], half[256];
    open_olga(cookie);
    json_decref(set_up_app(cookie, secret));
    half_by_password(EMAIL, "code", half);
    json_t *shown = rest_body(half, 200, "GET", "/api/sign-in/half", NULL);
    ck_assert_str_eq(rest_text(json_object_get(shown, "half"), "needs"), "code");
    json_decref(shown);
    rest_advance(15 * 60);
    rest_problem(half, 401, "auth.half_over", "POST", "/api/sign-in/half/code",
                 app_code(secret, 0));
    shown = rest_body(half, 200, "GET", "/api/sign-in/half", NULL);
    ck_assert(json_is_null(json_object_get(shown, "half")));
    json_decref(shown);
    rest_close();
}
END_TEST

START_TEST(a_new_password_ends_half_sign_ins)
{
    char cookie[256], secret[64], half[256];
    open_olga(cookie);
    json_decref(set_up_app(cookie, secret));
    rest_advance(30);
    half_by_password(EMAIL, "code", half);
    ck_assert_int_eq(rest_status(cookie, "PUT", "/api/me/password",
                                 json_pack("{s:s,s:s}", "password", "another good password",
                                           "current", PASSWORD)),
                     204);
    rest_problem(half, 401, "auth.half_over", "POST", "/api/sign-in/half/code",
                 app_code(secret, 0));
    rest_close();
}
END_TEST

START_TEST(a_code_counts_once)
{
    char cookie[256], secret[64], half[256];
    open_olga(cookie);
    json_decref(set_up_app(cookie, secret));
    half_by_password(EMAIL, "code", half);
    /* the code of the set-up, and the one before it */
    rest_problem(half, 403, "auth.code_used", "POST", "/api/sign-in/half/code",
                 app_code(secret, 0));
    rest_problem(half, 403, "auth.code_used", "POST", "/api/sign-in/half/code",
                 app_code(secret, -1));
    rest_problem(half, 403, "auth.code", "POST", "/api/sign-in/half/code", app_code(secret, 2));
    ck_assert_int_eq(rest_status(half, "POST", "/api/sign-in/half/code", app_code(secret, 1)), 200);
    half_by_password(EMAIL, "code", half);
    rest_problem(half, 403, "auth.code_used", "POST", "/api/sign-in/half/code",
                 app_code(secret, 1));
    rest_close();
}
END_TEST

START_TEST(wrong_codes_make_wait_and_recovery_codes_do_not)
{
    char cookie[256], secret[64], half[256], recovery[32];
    open_olga(cookie);
    keep_first_code(set_up_app(cookie, secret), recovery);
    rest_advance(60);
    half_by_password(EMAIL, "code", half);
    for (int i = 0; i < 5; i++)
        rest_problem(half, 403, "auth.code", "POST", "/api/sign-in/half/code", code_body("12 345"));
    for (int i = 0; i < 5; i++) /* what is no code does not count */
        rest_problem(half, 403, "auth.code", "POST", "/api/sign-in/half/code",
                     app_code(secret, 1000 + i));
    half_by_password(EMAIL, "code", half); /* another one does not help */
    rest_problem(half, 429, "auth.code_wait", "POST", "/api/sign-in/half/code",
                 app_code(secret, 0));
    rest_advance(60);
    rest_problem(half, 403, "auth.code", "POST", "/api/sign-in/half/code", app_code(secret, 2000));
    rest_advance(60);
    rest_problem(half, 429, "auth.code_wait", "POST", "/api/sign-in/half/code",
                 app_code(secret, 0));
    ck_assert_int_eq(rest_status(half, "POST", "/api/sign-in/half/code", code_body(recovery)), 200);
    half_by_password(EMAIL, "code", half);
    ck_assert_int_eq(rest_status(half, "POST", "/api/sign-in/half/code", app_code(secret, 0)), 200);
    rest_close();
}
END_TEST

START_TEST(a_recovery_code_works_once_however_it_is_typed)
{
    char cookie[256], secret[64], half[256], recovery[32];
    open_olga(cookie);
    keep_first_code(set_up_app(cookie, secret), recovery);
    half_by_password(EMAIL, "code", half);
    for (char *c = recovery; *c; c++)
        if (*c == '-')
            *c = ' ';
        else if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    struct rest_reply in = rest_call(half, "POST", "/api/sign-in/half/code", code_body(recovery));
    ck_assert_int_eq(in.status, 200);
    json_decref(in.body);
    json_t *factors = rest_body(in.cookie, 200, "GET", "/api/me/factors", NULL);
    ck_assert_int_eq(json_integer_value(json_object_get(factors, "recovery_codes")), 9);
    json_decref(factors);
    half_by_password(EMAIL, "code", half);
    rest_problem(half, 403, "auth.code", "POST", "/api/sign-in/half/code", code_body(recovery));
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM audit_log"
                                      " WHERE action = 'account.recovery_code'"),
                     "1");
    rest_close();
}
END_TEST

START_TEST(a_set_up_waits_for_its_first_code_and_the_old_app_works_until_then)
{
    char cookie[256], secret[64], next[64], half[256];
    open_olga(cookie);
    json_decref(set_up_app(cookie, secret));
    json_t *begun = rest_body(cookie, 200, "POST", "/api/me/totp", json_object());
    ck_assert_str_eq(rest_text(begun, "issuer"), "Labo");
    ck_assert_str_eq(rest_text(begun, "account"), EMAIL);
    snprintf(next, sizeof next, "%s", rest_text(begun, "secret"));
    json_decref(begun);
    rest_advance(30);
    rest_problem(cookie, 403, "auth.code", "POST", "/api/me/totp/confirm", app_code(secret, 0));
    half_by_password(EMAIL, "code", half);
    ck_assert_int_eq(rest_status(half, "POST", "/api/sign-in/half/code", app_code(secret, 0)), 200);
    rest_advance(30 * 60);
    rest_problem(cookie, 409, "factor.set_up_over", "POST", "/api/me/totp/confirm",
                 app_code(next, 0));
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/password",
                                 json_pack("{s:s}", "password", PASSWORD)),
                     204);
    json_t *changed = set_up_app(cookie, next);
    ck_assert(json_is_null(json_object_get(changed, "recovery_codes"))); /* those of before stay */
    json_decref(changed);
    rest_advance(30);
    half_by_password(EMAIL, "code", half);
    rest_problem(half, 403, "auth.code", "POST", "/api/sign-in/half/code", app_code(secret, 0));
    ck_assert_int_eq(rest_status(half, "POST", "/api/sign-in/half/code", app_code(next, 0)), 200);
    rest_close();
}
END_TEST

START_TEST(secrets_and_recovery_codes_are_not_in_the_database)
{
    char cookie[256], secret[64], sql[512];
    open_olga(cookie);
    json_t *set_up = set_up_app(cookie, secret);
    json_t *codes = json_object_get(set_up, "recovery_codes");
    ck_assert_uint_eq(json_array_size(codes), 10);
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM (SELECT t::text AS row FROM account_totp t UNION ALL"
             " SELECT r::text FROM recovery_code r UNION ALL SELECT l::text FROM audit_log l) x"
             " WHERE row LIKE '%%%s%%' OR row LIKE '%%%s%%'",
             secret, json_string_value(json_array_get(codes, 0)));
    ck_assert_str_eq(pg_sql(rest.url, sql), "0");
    json_decref(set_up);
    rest_close();
}
END_TEST

/* A colleague of olga's, who has a password; *cookie: signed in. */
static void add_host(const char *olga, char cookie[256], char id[static ID_TEXT_SIZE])
{
    json_t *host = rest_body(olga, 201, "POST", "/api/staff",
                             json_pack("{s:s,s:s,s:s,s:[s]}", "email", "host@labo.test", "name",
                                       "Henri", "language", "fr", "roles", "host"));
    snprintf(id, ID_TEXT_SIZE, "%s", rest_text(host, "id"));
    json_decref(host);
    struct rest_reply in =
        rest_call(NULL, "POST", "/api/sign-in/token", token_body("host@labo.test"));
    ck_assert_int_eq(in.status, 200);
    snprintf(cookie, 256, "%s", in.cookie);
    json_decref(in.body);
    ck_assert_int_eq(
        rest_status(cookie, "PUT", "/api/me/password", json_pack("{s:s}", "password", PASSWORD)),
        204);
}

START_TEST(who_has_none_sets_one_up_where_the_organisation_wants_it)
{
    char olga[256], host[256], id[ID_TEXT_SIZE], half[256], secret[64];
    open_olga(olga);
    add_host(olga, host, id);
    ck_assert_int_eq(rest_status(host, "PUT", "/api/organisation/second-factor",
                                 json_pack("{s:b}", "required", true)),
                     403);
    json_t *changed = rest_body(olga, 200, "PUT", "/api/organisation/second-factor",
                                json_pack("{s:b}", "required", true));
    ck_assert(json_is_true(json_object_get(changed, "second_factor_required")));
    json_decref(changed);
    ck_assert_int_eq(rest_status(host, "GET", "/api/me", NULL), 200); /* until the next sign-in */
    half_by_password("host@labo.test", "set_up", half);
    rest_problem(half, 401, "auth.half_over", "POST", "/api/sign-in/half/code",
                 code_body("123456"));
    json_t *begun = rest_body(half, 200, "POST", "/api/sign-in/half/totp", json_object());
    snprintf(secret, sizeof secret, "%s", rest_text(begun, "secret"));
    json_decref(begun);
    rest_problem(half, 403, "auth.code", "POST", "/api/sign-in/half/totp/confirm",
                 code_body("000 000"));
    struct rest_reply in =
        rest_call(half, "POST", "/api/sign-in/half/totp/confirm", app_code(secret, 0));
    ck_assert_int_eq(in.status, 200);
    ck_assert_uint_eq(json_array_size(json_object_get(in.body, "recovery_codes")), 10);
    json_decref(in.body);
    ck_assert_int_eq(rest_status(in.cookie, "GET", "/api/me", NULL), 200);
    half_by_password("host@labo.test", "code", half);
    rest_close();
}
END_TEST

START_TEST(an_organiser_resets_a_colleagues_factor)
{
    char olga[256], host[256], id[ID_TEXT_SIZE], path[128], secret[64], half[256], stranger[256];
    open_olga(olga);
    rest_organisation("Labo B", "bea@labo.test", stranger);
    add_host(olga, host, id);
    snprintf(path, sizeof path, "/api/staff/%s/factors", id);
    ck_assert_int_eq(rest_status(olga, "DELETE", path, NULL), 404); /* none yet */
    json_decref(set_up_app(host, secret));
    rest_advance(30);
    half_by_password("host@labo.test", "code", half);
    ck_assert_int_eq(rest_status(stranger, "DELETE", path, NULL), 404);
    ck_assert_int_eq(rest_status(host, "DELETE", path, NULL), 403);
    ck_assert_int_eq(rest_status(olga, "DELETE", path, NULL), 204);
    rest_problem(half, 401, "auth.half_over", "POST", "/api/sign-in/half/code",
                 app_code(secret, 0));
    ck_assert_str_eq(pg_sql(rest.url,
                            "SELECT message->>'subject' FROM outbox WHERE to_address ="
                            " 'host@labo.test' ORDER BY created_at DESC, ctid DESC LIMIT 1"),
                     "Votre double authentification a été retirée – Labo");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM audit_log"
                                      " WHERE action = 'account.factor_reset'"),
                     "1");
    struct rest_reply in =
        rest_call(NULL, "POST", "/api/sign-in", credentials("host@labo.test", PASSWORD));
    ck_assert_str_ne(in.cookie, ""); /* the password is enough again */
    json_decref(in.body);
    rest_close();
}
END_TEST

START_TEST(ones_own_factor_is_not_reset_by_oneself)
{
    char olga[256], path[128], secret[64];
    open_olga(olga);
    json_decref(set_up_app(olga, secret));
    json_t *me = rest_body(olga, 200, "GET", "/api/me", NULL);
    snprintf(path, sizeof path, "/api/staff/%s/factors",
             rest_text(json_object_get(me, "account"), "id"));
    json_decref(me);
    rest_problem(olga, 409, "factor.own", "DELETE", path, NULL);
    rest_close();
}
END_TEST

REST_TESTS("factor", a_password_is_half_a_sign_in_where_there_is_an_app,
           a_link_is_half_a_sign_in_too_and_keeps_its_purpose, a_half_sign_in_lasts_minutes,
           a_new_password_ends_half_sign_ins, a_code_counts_once,
           wrong_codes_make_wait_and_recovery_codes_do_not,
           a_recovery_code_works_once_however_it_is_typed,
           a_set_up_waits_for_its_first_code_and_the_old_app_works_until_then,
           secrets_and_recovery_codes_are_not_in_the_database,
           who_has_none_sets_one_up_where_the_organisation_wants_it,
           an_organiser_resets_a_colleagues_factor, ones_own_factor_is_not_reset_by_oneself)
