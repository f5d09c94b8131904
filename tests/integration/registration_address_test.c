/* Another e-mail address counts once its mailbox confirmed it. */
#include "integration/registration_calls.h"

static char anne[256];

static void open_with_anne(void)
{
    open_page(10);
    register_person("anne@hcp.test");
    join("anne@hcp.test", anne);
    rest_advance(1);
}

static json_t *to(const char *email)
{
    return json_pack("{s:s}", "email", email);
}

static void ask_for(const char *email)
{
    json_decref(rest_body(anne, 202, "POST", "/api/my/address", to(email)));
}

/* The code in the newest mail to an address. */
static const char *mailed_code(const char *email)
{
    static char digits[16];
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT substring(message->>'text' FROM '[0-9]{6}') FROM outbox"
             " WHERE to_address = '%s' ORDER BY created_at DESC LIMIT 1",
             email);
    snprintf(digits, sizeof digits, "%s", value(sql));
    return digits;
}

static json_t *code_body(const char *typed)
{
    return json_pack("{s:s}", "code", typed);
}

#define CONFIRM "/api/my/address/confirm"

START_TEST(a_code_that_was_mailed_there_confirms_an_address)
{
    char typed[32], other[256];
    open_with_anne();
    json_t *old_link = join_body("anne@hcp.test");
    join("anne@hcp.test", other); /* another browser */
    ask_for("Anne@New.test");
    ck_assert_str_eq(value("SELECT email FROM hcp"), "anne@hcp.test");
    json_t *shown = rest_body(anne, 200, "GET", "/api/my/profile", NULL);
    ck_assert_str_eq(rest_text(shown, "new_email"), "anne@new.test");
    json_decref(shown);
    const char *sent = mailed_code("anne@new.test");
    snprintf(typed, sizeof typed, "%.3s %s", sent, sent + 3);
    rest_advance(1);
    shown = rest_body(anne, 200, "POST", CONFIRM, code_body(typed));
    ck_assert_str_eq(rest_text(shown, "email"), "anne@new.test");
    ck_assert(json_is_null(json_object_get(shown, "new_email")));
    json_decref(shown);
    ck_assert_str_eq(value("SELECT email FROM hcp"), "anne@new.test");
    ck_assert_int_eq(rest_status(anne, "GET", "/api/my/registration", NULL), 200);
    /* What the old mailbox has opens nothing, and it is told. */
    ck_assert_int_eq(rest_status(other, "GET", "/api/my/registration", NULL), 401);
    rest_problem(NULL, 410, "link.expired", "POST", "/api/join", old_link);
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE to_address = 'anne@hcp.test'"
                           "   AND message->>'text' LIKE '%en a désormais une autre%'"
                           "   AND message::text NOT LIKE '%new.test%'"),
                     "1");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE to_address = 'anne@new.test'"
                           "   AND message->>'text' LIKE '%précédents ne sont plus valables%'"),
                     "1");
    json_decref(rest_body(NULL, 200, "POST", "/api/join", join_body("anne@new.test")));
    rest_close();
}
END_TEST

START_TEST(neither_mail_names_the_person)
{
    open_with_anne();
    value("DELETE FROM outbox");
    ask_for("stranger@new.test");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE message::text ILIKE '%Martin%'"
                           "    OR message::text LIKE '%/join#%'"),
                     "0");
    ck_assert_str_eq(value("SELECT count(*) FROM audit_log WHERE details::text LIKE '%test%'"),
                     "0");
    /* Nor does the person's copy tell the code to whoever is signed in. */
    json_t *data = rest_body(anne, 200, "GET", "/api/my/data", NULL);
    char *text = json_dumps(data, 0);
    ck_assert_ptr_null(strstr(text, mailed_code("stranger@new.test")));
    free(text);
    json_decref(data);
    rest_close();
}
END_TEST

START_TEST(wrong_codes_end_it)
{
    char wrong[8];
    open_with_anne();
    ask_for("anne@new.test");
    const char *sent = mailed_code("anne@new.test");
    snprintf(wrong, sizeof wrong, "%s", strcmp(sent, "000000") == 0 ? "000001" : "000000");
    for (int i = 0; i < 5; i++)
        rest_problem(anne, 422, "request.invalid", "POST", CONFIRM, code_body(wrong));
    rest_problem(anne, 410, "address.expired", "POST", CONFIRM, code_body(sent));
    rest_problem(anne, 422, "request.invalid", "POST", CONFIRM, code_body("12 34"));
    rest_problem(anne, 422, "request.invalid", "POST", CONFIRM, code_body("1234567"));
    ck_assert_str_eq(value("SELECT email FROM hcp"), "anne@hcp.test");
    rest_close();
}
END_TEST

START_TEST(only_the_newest_code_counts_and_for_an_hour)
{
    char first[8];
    open_with_anne();
    ask_for("first@new.test");
    snprintf(first, sizeof first, "%s", mailed_code("first@new.test"));
    rest_advance(1);
    ask_for("second@new.test");
    if (strcmp(first, mailed_code("second@new.test")) != 0)
        rest_problem(anne, 422, "request.invalid", "POST", CONFIRM, code_body(first));
    rest_advance(3600);
    rest_problem(anne, 410, "address.expired", "POST", CONFIRM,
                 code_body(mailed_code("second@new.test")));
    rest_close();
}
END_TEST

START_TEST(nobody_is_mailed_for_ever)
{
    open_with_anne();
    for (int i = 0; i < 5; i++)
        ask_for("victim@new.test");
    rest_problem(anne, 429, "rate.limited", "POST", "/api/my/address", to("other@new.test"));
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE to_address LIKE '%new.test'"), "5");
    rest_problem(anne, 422, "request.invalid", "POST", "/api/my/address", to("anne@hcp.test"));
    rest_close();
}
END_TEST

START_TEST(two_of_one_name_do_not_share_an_address)
{
    open_with_anne();
    register_person("anne@new.test"); /* registered twice */
    rest_advance(1);
    ask_for("anne@new.test");
    rest_problem(anne, 409, "address.taken", "POST", CONFIRM,
                 code_body(mailed_code("anne@new.test")));
    ck_assert_str_eq(value("SELECT count(*) FROM hcp WHERE email = 'anne@hcp.test'"), "1");
    ck_assert_int_eq(rest_status(anne, "GET", "/api/my/registration", NULL), 200);
    rest_close();
}
END_TEST

static bool none_waits(void *arg)
{
    (void)arg;
    return strcmp(value("SELECT count(*) FROM address_change"), "0") == 0;
}

START_TEST(what_nobody_confirmed_is_forgotten_after_a_day)
{
    open_with_anne();
    ask_for("typo@new.test");
    rest_advance(24 * 3600);
    static const struct job_kind *const kinds[] = {&registration_expire, NULL};
    rest_start_jobs(kinds);
    ck_assert(wait_for(none_waits, NULL, 10));
    rest_close();
}
END_TEST

/* Erasing Anne takes what was sent to her former address, and leaves what waits for a colleague
 * who has it, too. */
START_TEST(erasure_knows_whose_mails_are_whose)
{
    char path[256];
    open_with_anne();
    json_t *bruno = form_with("first_name", json_string("Bruno"));
    json_decref(rest_body(NULL, 202, "POST", page(""), bruno));
    json_t *link = join_body("anne@hcp.test");
    json_object_set_new(link, "person", json_string("new"));
    json_decref(rest_body(NULL, 200, "POST", "/api/join", link));
    rest_advance(1);
    ask_for("anne@new.test");
    json_decref(rest_body(anne, 200, "POST", CONFIRM, code_body(mailed_code("anne@new.test"))));
    snprintf(path, sizeof path, "/api/registrations/%s/erase",
             value("SELECT r.id FROM registration r JOIN hcp h ON h.id = r.hcp_id"
                   " WHERE h.first_name = 'Anne'"));
    ck_assert_int_eq(rest_status(organiser, "POST", path, json_object()), 204);
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE message::text LIKE '%Anne Martin%'"
                           "    OR to_address = 'anne@new.test'"),
                     "0");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE message::text LIKE '%Bruno Martin%'"
                           "   AND to_address = 'anne@hcp.test'"),
                     "2"); /* the request's and the welcome */
    ck_assert_str_eq(value("SELECT count(*) FROM address_change"), "0");
    rest_close();
}
END_TEST

REST_TESTS("registration_address", a_code_that_was_mailed_there_confirms_an_address,
           neither_mail_names_the_person, wrong_codes_end_it,
           only_the_newest_code_counts_and_for_an_hour, nobody_is_mailed_for_ever,
           two_of_one_name_do_not_share_an_address, what_nobody_confirmed_is_forgotten_after_a_day,
           erasure_knows_whose_mails_are_whose)
