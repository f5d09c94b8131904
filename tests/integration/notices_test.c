/* What is told to the owner of an account by mail, and written into the audit log, when its
 * credentials change or are used in an unusual way. */
#include "integration/factor_calls.h"

/* The subjects of the mails since the last look, oldest first, with the fact that a mail tells. */
static const char *mails(void)
{
    static char subjects[1024];
    static const char SQL[] =
        "SELECT coalesce(string_agg(split_part(message->>'subject', ' – ', 1) ||"
        "   coalesce(' ' || substring(message->>'text' FROM"
        "     '(?:Codes restants|Adresse réseau)\u00a0?: ([^\\n]*)'), ''), ', ' ORDER BY "
        "created_at, "
        "ctid), '')"
        "  FROM outbox WHERE due_at < 'infinity'";
    snprintf(subjects, sizeof subjects, "%s", pg_sql(rest.url, SQL));
    pg_sql(rest.url, "UPDATE outbox SET due_at = 'infinity'");
    return subjects;
}

static int lines(const char *action)
{
    char sql[256];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM audit_log WHERE action = '%s'", action);
    return atoi(pg_sql(rest.url, sql));
}

static void finish(const char *half, json_t *code, char device[256])
{
    struct rest_reply in = rest_call(half, "POST", "/api/sign-in/half/code", code);
    ck_assert_int_eq(in.status, 200);
    cookie_of(&in, "__Host-amphi-device", device);
    json_decref(in.body);
}

START_TEST(every_change_of_the_second_factor_is_told)
{
    char cookie[256], secret[64], recovery[32];
    open_olga(cookie);
    mails();
    keep_first_code(set_up_app(cookie, secret), recovery);
    ck_assert_str_eq(mails(), "Double authentification activée");
    json_decref(rest_body(cookie, 200, "POST", "/api/me/recovery-codes", json_object()));
    ck_assert_str_eq(mails(), "Nouveaux codes de secours");
    ck_assert_int_eq(rest_status(cookie, "DELETE", "/api/me/totp", NULL), 204);
    ck_assert_str_eq(mails(), "Double authentification désactivée");
    ck_assert_int_eq(lines("account.factor_add"), 1);
    ck_assert_int_eq(lines("account.recovery_codes"), 2);
    ck_assert_int_eq(lines("account.factor_remove"), 1);
    rest_close();
}
END_TEST

START_TEST(a_recovery_code_is_told_with_how_many_are_left)
{
    char cookie[256], secret[64], recovery[32], half[256], device[256];
    open_olga(cookie);
    keep_first_code(set_up_app(cookie, secret), recovery);
    half_by_password(EMAIL, "code", half);
    mails();
    rest_address = "198.51.100.7";
    finish(half, code_body(recovery), device);
    rest_address = NULL;
    ck_assert_str_eq(mails(), "Un code de secours a été utilisé 9, Connexion depuis un nouveau"
                              " navigateur 198.51.100.7");
    rest_close();
}
END_TEST

START_TEST(many_wrong_codes_are_told_once)
{
    char cookie[256], secret[64], half[256];
    open_olga(cookie);
    json_decref(set_up_app(cookie, secret));
    half_by_password(EMAIL, "code", half);
    mails();
    for (int i = 0; i < 8; i++)
        json_decref(rest_call(half, "POST", "/api/sign-in/half/code", app_code(secret, 5)).body);
    ck_assert_str_eq(mails(), "Plusieurs codes erronés");
    ck_assert_int_eq(lines("account.code_wrong"), 5);
    rest_close();
}
END_TEST

START_TEST(a_new_browser_is_told_and_a_known_one_is_not)
{
    char cookie[256], device[256];
    open_olga(cookie);
    ck_assert_str_eq(mails(), "Un mot de passe a été choisi"); /* not the first sign-in */
    rest_address = "198.51.100.7";
    struct rest_reply in = rest_call(NULL, "POST", "/api/sign-in", credentials(EMAIL, PASSWORD));
    cookie_of(&in, "__Host-amphi-device", device);
    json_decref(in.body);
    ck_assert_str_eq(mails(), "Connexion depuis un nouveau navigateur 198.51.100.7");
    in = rest_call(device, "POST", "/api/sign-in", credentials(EMAIL, PASSWORD));
    ck_assert_int_eq(in.status, 200);
    json_decref(in.body);
    ck_assert_str_eq(mails(), "");
    ask_link("link", EMAIL);
    json_t *link = token_body(EMAIL);
    mails();
    in = rest_call(NULL, "POST", "/api/sign-in/token", link);
    json_decref(in.body);
    ck_assert_str_eq(mails(), "Connexion depuis un nouveau navigateur 198.51.100.7");
    ck_assert_int_eq(lines("account.new_browser"), 2);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM audit_log"
                                      " WHERE details::text LIKE '%198.51%'"),
                     "0");
    rest_address = NULL;
    rest_close();
}
END_TEST

REST_TESTS("notices", every_change_of_the_second_factor_is_told,
           a_recovery_code_is_told_with_how_many_are_left, many_wrong_codes_are_told_once,
           a_new_browser_is_told_and_a_known_one_is_not)
