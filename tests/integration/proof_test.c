/* Routes that want their person to have shown a short while ago that it is them, and how one shows
 * it. */
#include "integration/factor_calls.h"

#define TEN_MINUTES 600

static json_t *password_body(const char *password)
{
    return json_pack("{s:s}", "password", password);
}

static void ways_are(const char *cookie, bool fresh, const char *ways)
{
    json_t *proof = rest_body(cookie, 200, "GET", "/api/me/proof", NULL);
    char *list = json_dumps(json_object_get(proof, "ways"), JSON_COMPACT);
    ck_assert_str_eq(list, ways);
    ck_assert_int_eq(json_is_true(json_object_get(proof, "fresh")), fresh);
    free(list);
    json_decref(proof);
}

/* Whether a route that changes rights lets this sign-in through. */
static void may_act(const char *cookie, bool may)
{
    json_t *body = rest_body(cookie, may ? 200 : 403, "PUT", "/api/organisation/second-factor",
                             json_pack("{s:b}", "required", false));
    if (!may)
        ck_assert_str_eq(rest_text(body, "code"), "auth.fresh");
    json_decref(body);
}

START_TEST(a_sign_in_is_proof_for_ten_minutes)
{
    char cookie[256];
    open_olga(cookie);
    ways_are(cookie, true, "[\"password\"]");
    rest_advance(TEN_MINUTES);
    may_act(cookie, true);
    rest_advance(1);
    may_act(cookie, false);
    ways_are(cookie, false, "[\"password\"]");
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/staff", NULL), 200); /* the rest goes on */
    rest_close();
}
END_TEST

START_TEST(the_password_shows_who_it_is)
{
    char cookie[256];
    open_olga(cookie);
    rest_advance(TEN_MINUTES + 1);
    json_t *problem =
        rest_body(cookie, 422, "POST", "/api/me/proof/password", password_body("not the password"));
    ck_assert_str_eq(rest_text(problem, "reason"), "wrong");
    json_decref(problem);
    may_act(cookie, false);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/password", password_body(PASSWORD)),
                     204);
    may_act(cookie, true);
    rest_advance(TEN_MINUTES + 1);
    may_act(cookie, false);
    rest_close();
}
END_TEST

START_TEST(wrong_passwords_are_counted_as_at_the_sign_in)
{
    char cookie[256];
    open_olga(cookie);
    rest_address = "198.51.100.7";
    for (int i = 0; i < 11; i++)
        ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/password",
                                     password_body("not the password")),
                         i < 10 ? 422 : 429);
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/sign-in", credentials(EMAIL, PASSWORD)), 429);
    rest_address = NULL;
    rest_close();
}
END_TEST

START_TEST(a_code_of_the_app_or_a_recovery_code_shows_it)
{
    char cookie[256], secret[64], recovery[32];
    open_olga(cookie);
    keep_first_code(set_up_app(cookie, secret), recovery);
    rest_advance(TEN_MINUTES + 1);
    ways_are(cookie, false, "[\"password\",\"totp\",\"recovery\"]");
    rest_problem(cookie, 403, "auth.code", "POST", "/api/me/proof/code", app_code(secret, 9));
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/code", app_code(secret, 0)), 204);
    may_act(cookie, true);
    rest_problem(cookie, 403, "auth.code_used", "POST", "/api/me/proof/code", app_code(secret, 0));
    rest_advance(TEN_MINUTES + 1);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/code", code_body(recovery)), 204);
    may_act(cookie, true);
    rest_problem(cookie, 403, "auth.code", "POST", "/api/me/proof/code", code_body(recovery));
    rest_problem(cookie, 409, "proof.other_ways", "POST", "/api/me/proof/mail", json_object());
    rest_close();
}
END_TEST

/* The code in the newest mail. */
static const char *mailed_code(void)
{
    static char code[16];
    snprintf(code, sizeof code, "%s",
             pg_sql(rest.url, "SELECT coalesce((SELECT substring(message->>'text' FROM"
                              " '[0-9]{3} [0-9]{3}') FROM outbox ORDER BY created_at DESC,"
                              " ctid DESC LIMIT 1), '')"));
    return code;
}

START_TEST(who_has_only_links_is_mailed_a_code)
{
    char cookie[256], code[16];
    open_rest();
    rest_organisation("Labo", EMAIL, cookie);
    rest_advance(TEN_MINUTES + 1);
    ways_are(cookie, false, "[\"mail\"]");
    rest_problem(cookie, 409, "auth.code_over", "POST", "/api/me/proof/code", code_body("123456"));
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/mail", json_object()), 202);
    snprintf(code, sizeof code, "%s", mailed_code());
    ck_assert_str_eq(
        pg_sql(rest.url, "SELECT message->>'subject' FROM outbox ORDER BY created_at DESC LIMIT 1"),
        "Votre code de confirmation – Labo");
    rest_problem(cookie, 403, "auth.code", "POST", "/api/me/proof/code",
                 code_body(strcmp(code, "111 111") == 0 ? "222222" : "111111"));
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/code", code_body(code)), 204);
    may_act(cookie, true);
    rest_problem(cookie, 409, "auth.code_over", "POST", "/api/me/proof/code", code_body(code));
    rest_close();
}
END_TEST

START_TEST(a_mailed_code_is_for_its_sign_in_and_for_minutes)
{
    char cookie[256], other[256];
    open_rest();
    rest_organisation("Labo", EMAIL, cookie);
    ask_link("link", EMAIL);
    struct rest_reply in = rest_call(NULL, "POST", "/api/sign-in/token", token_body(EMAIL));
    snprintf(other, sizeof other, "%s", in.cookie);
    json_decref(in.body);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/mail", json_object()), 202);
    rest_problem(other, 409, "auth.code_over", "POST", "/api/me/proof/code",
                 code_body(mailed_code()));
    rest_advance(TEN_MINUTES);
    rest_problem(cookie, 409, "auth.code_over", "POST", "/api/me/proof/code",
                 code_body(mailed_code()));
    rest_close();
}
END_TEST

START_TEST(mailed_codes_and_tries_at_them_are_few)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", EMAIL, cookie);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/mail", json_object()), 202);
    const char *wrong = strcmp(mailed_code(), "111 111") == 0 ? "222222" : "111111";
    for (int i = 0; i < 5; i++)
        rest_problem(cookie, 403, "auth.code", "POST", "/api/me/proof/code", code_body(wrong));
    rest_problem(cookie, 409, "auth.code_over", "POST", "/api/me/proof/code",
                 code_body(mailed_code()));
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/mail", json_object()), 202);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/mail", json_object()), 429);
    rest_advance(3600);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/mail", json_object()), 202);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM mailed_code"), "1");
    rest_close();
}
END_TEST

START_TEST(a_found_page_sets_no_first_password)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", EMAIL, cookie);
    rest_advance(TEN_MINUTES + 1);
    rest_problem(cookie, 403, "auth.fresh", "PUT", "/api/me/password", password_body(PASSWORD));
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/mail", json_object()), 202);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/code", code_body(mailed_code())),
                     204);
    ck_assert_int_eq(rest_status(cookie, "PUT", "/api/me/password", password_body(PASSWORD)), 204);
    rest_advance(TEN_MINUTES + 1); /* the present one is proof enough for the next one */
    ck_assert_int_eq(rest_status(cookie, "PUT", "/api/me/password",
                                 json_pack("{s:s,s:s}", "password", "another good password",
                                           "current", PASSWORD)),
                     204);
    rest_close();
}
END_TEST

START_TEST(switching_off_ends_the_second_step_unless_it_is_required)
{
    char cookie[256], secret[64];
    open_olga(cookie);
    json_decref(set_up_app(cookie, secret));
    json_decref(rest_body(cookie, 200, "PUT", "/api/organisation/second-factor",
                          json_pack("{s:b}", "required", true)));
    rest_problem(cookie, 409, "factor.required", "DELETE", "/api/me/totp", NULL);
    may_act(cookie, true); /* takes the rule back */
    rest_advance(TEN_MINUTES + 1);
    rest_problem(cookie, 403, "auth.fresh", "DELETE", "/api/me/totp", NULL);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/proof/code", app_code(secret, 0)), 204);
    ck_assert_int_eq(rest_status(cookie, "DELETE", "/api/me/totp", NULL), 204);
    ck_assert_int_eq(rest_status(cookie, "DELETE", "/api/me/totp", NULL), 404);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM recovery_code"), "0");
    struct rest_reply in = rest_call(NULL, "POST", "/api/sign-in", credentials(EMAIL, PASSWORD));
    ck_assert_str_ne(in.cookie, "");
    json_decref(in.body);
    rest_close();
}
END_TEST

START_TEST(new_recovery_codes_replace_the_old_ones)
{
    char cookie[256], secret[64], half[256], old[32], fresh[32];
    open_olga(cookie);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/me/recovery-codes", json_object()), 404);
    keep_first_code(set_up_app(cookie, secret), old);
    keep_first_code(rest_body(cookie, 200, "POST", "/api/me/recovery-codes", json_object()), fresh);
    half_by_password(EMAIL, "code", half);
    rest_problem(half, 403, "auth.code", "POST", "/api/sign-in/half/code", code_body(old));
    ck_assert_int_eq(rest_status(half, "POST", "/api/sign-in/half/code", code_body(fresh)), 200);
    rest_close();
}
END_TEST

REST_TESTS("proof", a_sign_in_is_proof_for_ten_minutes, the_password_shows_who_it_is,
           wrong_passwords_are_counted_as_at_the_sign_in,
           a_code_of_the_app_or_a_recovery_code_shows_it, who_has_only_links_is_mailed_a_code,
           a_mailed_code_is_for_its_sign_in_and_for_minutes, mailed_codes_and_tries_at_them_are_few,
           a_found_page_sets_no_first_password,
           switching_off_ends_the_second_step_unless_it_is_required,
           new_recovery_codes_replace_the_old_ones)
