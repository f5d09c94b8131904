/* What people correct about themselves: profile, consents, address. */
#include "integration/registration_calls.h"

static char anne[256];

static void open_with_anne(void)
{
    open_page(10);
    register_person("anne@hcp.test");
    join("anne@hcp.test", anne);
}

static json_t *mine(int status, const char *method, const char *path, json_t *body)
{
    return rest_body(anne, status, method, path, body);
}

static json_t *attributes(const char *profession, const char *specialty)
{
    return json_pack("{s:s,s:s?,s:s,s:s,s:s}", "profession", profession, "specialty", specialty,
                     "practice_setting", "SA01", "region", "84", "age_band", "under_35");
}

/* --- the profile --- */

START_TEST(the_profile_is_corrected_and_matched_again)
{
    open_with_anne();
    value("WITH p AS (INSERT INTO target_profile (organisation_id, congress_id, name, position,"
          "           created_at) SELECT organisation_id, id, 'Pharmaciens', 1, created_at"
          "             FROM congress RETURNING id)"
          " INSERT INTO target_profile_criterion SELECT id, 1, 'all_of', 'profession', '{21}' FROM "
          "p");
    ck_assert_str_eq(value("SELECT count(*) FROM registration_profile"), "0");
    json_t *shown = mine(200, "GET", "/api/my/profile", NULL);
    ck_assert_str_eq(rest_text(json_object_get(shown, "declared"), "specialty"), "SM04");
    ck_assert_str_eq(rest_text(shown, "email"), "anne@hcp.test");
    ck_assert(json_is_null(json_object_get(shown, "new_email")));
    json_decref(shown);
    rest_advance(1);
    shown = mine(200, "PATCH", "/api/my/profile", attributes("21", NULL));
    ck_assert_str_eq(rest_text(json_object_get(shown, "declared"), "profession"), "21");
    json_decref(shown);
    ck_assert_str_eq(value("SELECT count(*) FROM registration_profile"), "1");
    ck_assert_str_eq(value("SELECT profession || region || age_band || (specialty IS NULL)"
                           "  FROM registration"),
                     "2184under_35true");
    ck_assert_str_eq(value("SELECT profession FROM hcp_attributes WHERE source = 'declared'"),
                     "21");
    ck_assert_str_eq(value("SELECT details::text FROM audit_log"
                           " WHERE action = 'registration.profile'"),
                     "{}");
    rest_close();
}
END_TEST

START_TEST(a_profile_is_checked_as_the_form_is)
{
    open_with_anne();
    rest_problem(anne, 422, "request.invalid", "PATCH", "/api/my/profile", attributes("10", NULL));
    rest_problem(anne, 422, "request.invalid", "PATCH", "/api/my/profile",
                 attributes("21", "SM04")); /* not a pharmacist's */
    rest_problem(anne, 422, "request.invalid", "PATCH", "/api/my/profile",
                 attributes("nobody", NULL));
    ck_assert_int_eq(rest_status(organiser, "PATCH", "/api/my/profile", attributes("21", NULL)),
                     403);
    ck_assert_int_eq(rest_status(NULL, "GET", "/api/my/profile", NULL), 401);
    ck_assert_str_eq(value("SELECT profession FROM registration"), "10");
    rest_close();
}
END_TEST

/* --- consents --- */

static json_t *answer(const char *kind, int version, bool given)
{
    return json_pack("{s:s,s:i,s:b,s:s}", "kind", kind, "version", version, "given", given,
                     "language", "en");
}

static bool given(const char *kind)
{
    size_t i;
    json_t *item, *shown = mine(200, "GET", "/api/my/profile", NULL);
    bool found = false;
    json_array_foreach(json_object_get(shown, "consents"), i,
                       item) if (strcmp(rest_text(item, "kind"), kind) == 0) found =
        json_is_true(json_object_get(item, "given"));
    json_decref(shown);
    return found;
}

START_TEST(the_contact_consent_is_given_and_withdrawn_again_and_again)
{
    open_with_anne();
    ck_assert(given("participation") && !given("contact"));
    for (int i = 0; i < 2; i++) {
        json_decref(mine(200, "POST", "/api/my/consents", answer("contact", 1, true)));
        json_decref(mine(200, "POST", "/api/my/consents", answer("contact", 1, true))); /* once */
        ck_assert(given("contact"));
        json_decref(mine(200, "POST", "/api/my/consents", answer("contact", 1, false)));
        ck_assert(!given("contact"));
    }
    ck_assert_str_eq(value("SELECT string_agg(left(given::text, 1) || left(language, 1), ' '"
                           "         ORDER BY id)"
                           "  FROM registration_consent WHERE kind = 'contact'"),
                     "ff te fe te fe"); /* the form in French, then the page in English */
    ck_assert_str_eq(value("SELECT string_agg(details->>'given', ' ' ORDER BY id) FROM audit_log"
                           " WHERE action = 'registration.consent'"),
                     "true false true false");
    json_t *data = mine(200, "GET", "/api/my/data", NULL);
    json_t *registration = json_array_get(json_object_get(data, "registrations"), 0);
    ck_assert_uint_eq(json_array_size(json_object_get(registration, "consents")), 6);
    json_decref(data);
    rest_close();
}
END_TEST

START_TEST(only_wordings_in_force_are_answered)
{
    open_with_anne();
    value("INSERT INTO consent_text SELECT organisation_id, 'contact', 2, 'Neuf', 'New', created_at"
          "  FROM consent_text WHERE kind = 'contact'");
    rest_problem(anne, 422, "request.invalid", "POST", "/api/my/consents",
                 answer("contact", 1, true));
    json_decref(mine(200, "POST", "/api/my/consents", answer("contact", 2, true)));
    rest_problem(anne, 422, "request.invalid", "POST", "/api/my/consents",
                 answer("participation", 1, false));
    ck_assert_str_eq(value("SELECT count(*) FROM registration_consent"), "3");
    rest_close();
}
END_TEST

REST_TESTS("registration_my", the_profile_is_corrected_and_matched_again,
           a_profile_is_checked_as_the_form_is,
           the_contact_consent_is_given_and_withdrawn_again_and_again,
           only_wordings_in_force_are_answered)
