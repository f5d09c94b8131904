/* Passwords and mailed links: what they open, what they end, and who is told. */
#include "integration/accounts_calls.h"

/* A link of each purpose to olga@labo.test, who is signed in with `cookie` and holds all roles. */
struct open_links {
    char sign_in[64], password[64], invite[64];
};

static void open_links(const char *cookie, struct open_links *out)
{
    json_t *me = rest_body(cookie, 200, "GET", "/api/me", NULL);
    char path[128];
    snprintf(path, sizeof path, "/api/staff/%s/invite",
             rest_text(json_object_get(me, "account"), "id"));
    ask_link("link", "olga@labo.test");
    snprintf(out->sign_in, sizeof out->sign_in, "%s",
             rest_mailed_token("olga@labo.test", "sign-in"));
    ask_link("password-link", "olga@labo.test");
    snprintf(out->password, sizeof out->password, "%s",
             rest_mailed_token("olga@labo.test", "sign-in"));
    ck_assert_int_eq(rest_status(cookie, "POST", path, json_object()), 202);
    snprintf(out->invite, sizeof out->invite, "%s", rest_mailed_token("olga@labo.test", "sign-in"));
    json_decref(me);
}

START_TEST(a_password_signs_in_and_its_change_ends_other_sign_ins)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    rest_problem(cookie, 422, "request.invalid", "PUT", "/api/me/password",
                 json_pack("{s:s}", "password", "short"));
    ck_assert_int_eq(rest_status(cookie, "PUT", "/api/me/password",
                                 json_pack("{s:s}", "password", "correct horse battery")),
                     204);
    rest_problem(NULL, 401, "auth.failed", "POST", "/api/sign-in",
                 credentials("olga@labo.test", "wrong horse battery"));
    rest_problem(NULL, 401, "auth.failed", "POST", "/api/sign-in",
                 credentials("nobody@labo.test", "wrong horse battery"));
    struct rest_reply in = rest_call(NULL, "POST", "/api/sign-in",
                                     credentials("olga@labo.test", "correct horse battery"));
    ck_assert_int_eq(in.status, 200);
    json_decref(in.body);
    rest_problem(in.cookie, 422, "request.invalid", "PUT", "/api/me/password",
                 json_pack("{s:s}", "password", "another good password"));
    ck_assert_int_eq(rest_status(in.cookie, "PUT", "/api/me/password",
                                 json_pack("{s:s,s:s}", "password", "another good password",
                                           "current", "correct horse battery")),
                     204);
    ck_assert_int_eq(rest_status(in.cookie, "GET", "/api/me", NULL), 200);
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/me", NULL), 401);
    rest_close();
}
END_TEST

START_TEST(a_password_that_everybody_tries_is_refused)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    json_t *problem = rest_body(cookie, 422, "PUT", "/api/me/password",
                                json_pack("{s:s}", "password", "Password2026!"));
    ck_assert_str_eq(rest_text(problem, "field"), "password");
    ck_assert_str_eq(rest_text(problem, "reason"), "common");
    json_decref(problem);
    rest_close();
}
END_TEST

START_TEST(setting_a_password_spends_every_open_link)
{
    char cookie[256];
    struct open_links links;
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    open_links(cookie, &links);
    ck_assert_int_eq(rest_status(cookie, "PUT", "/api/me/password",
                                 json_pack("{s:s}", "password", "correct horse battery")),
                     204);
    ck_assert_int_eq(token_status(links.sign_in), 410);
    ck_assert_int_eq(token_status(links.password), 410);
    ck_assert_int_eq(token_status(links.invite), 410);
    rest_close();
}
END_TEST

START_TEST(using_a_link_spends_the_others_of_the_account)
{
    char cookie[256], other[256];
    struct open_links links;
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    rest_organisation("Labo B", "bea@labo.test", other);
    open_links(cookie, &links);
    ask_link("link", "bea@labo.test");
    ck_assert_int_eq(token_status(links.sign_in), 200);
    ck_assert_int_eq(token_status(links.password), 410);
    ck_assert_int_eq(token_status(links.invite), 410);
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/sign-in/token", token_body("bea@labo.test")),
                     200);
    rest_close();
}
END_TEST

START_TEST(a_link_that_proved_the_mailbox_sets_one_password)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    ask_link("password-link", "olga@labo.test");
    struct rest_reply in =
        rest_call(NULL, "POST", "/api/sign-in/token", token_body("olga@labo.test"));
    json_decref(in.body);
    rest_advance(1);
    ck_assert_int_eq(rest_status(in.cookie, "PUT", "/api/me/password",
                                 json_pack("{s:s}", "password", "correct horse battery")),
                     204);
    rest_problem(in.cookie, 422, "request.invalid", "PUT", "/api/me/password",
                 json_pack("{s:s}", "password", "another good password"));
    rest_close();
}
END_TEST

static const char *last_subject(const char *to)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT message->>'subject' FROM outbox WHERE to_address = '%s'"
             " ORDER BY created_at DESC, ctid DESC LIMIT 1",
             to);
    return pg_sql(rest.url, sql);
}

START_TEST(the_owner_is_told_of_a_changed_password)
{
    char cookie[256];
    open_rest();
    rest_organisation("Labo", "olga@labo.test", cookie);
    rest_status(cookie, "PUT", "/api/me/password",
                json_pack("{s:s}", "password", "correct horse battery"));
    ck_assert_str_eq(last_subject("olga@labo.test"), "Un mot de passe a été choisi – Labo");
    rest_status(cookie, "PUT", "/api/me/password",
                json_pack("{s:s,s:s}", "password", "another good password", "current",
                          "correct horse battery"));
    ck_assert_str_eq(last_subject("olga@labo.test"), "Votre mot de passe a été modifié – Labo");
    rest_close();
}
END_TEST

START_TEST(the_same_address_signs_in_to_the_organisation_of_its_password)
{
    char first[256], second[256];
    open_rest();
    rest_organisation("Labo A", "olga@labo.test", first);
    rest_organisation("Labo B", "olga@labo.test", second);
    rest_status(first, "PUT", "/api/me/password",
                json_pack("{s:s}", "password", "password for labo A"));
    rest_status(second, "PUT", "/api/me/password",
                json_pack("{s:s}", "password", "password for labo B"));
    const char *passwords[] = {"password for labo A", "password for labo B"};
    const char *names[] = {"Labo A", "Labo B"};
    for (int i = 0; i < 2; i++) {
        json_t *answer = rest_body(NULL, 200, "POST", "/api/sign-in",
                                   credentials("olga@labo.test", passwords[i]));
        json_t *me = json_object_get(answer, "me");
        ck_assert_str_eq(rest_text(json_object_get(me, "organisation"), "name"), names[i]);
        json_decref(answer);
    }
    rest_close();
}
END_TEST

REST_TESTS("accounts_password", a_password_that_everybody_tries_is_refused,
           a_password_signs_in_and_its_change_ends_other_sign_ins,
           setting_a_password_spends_every_open_link, using_a_link_spends_the_others_of_the_account,
           a_link_that_proved_the_mailbox_sets_one_password,
           the_owner_is_told_of_a_changed_password,
           the_same_address_signs_in_to_the_organisation_of_its_password)
