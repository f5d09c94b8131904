/* Who registers with an RPPS number is compared with the register: verified, different, or not in
 * it. Nothing is corrected, nobody is refused for somebody else's number, and strangers learn only
 * what the register says. */
#include "integration/registration_calls.h"

#define ANNE "10000001916"

/* An edition of the register with Anne Martin, cardiologist, as an import leaves it. */
static void import_register(void)
{
    pg_sql(rest.url,
           "DO $$ DECLARE e int := registry_edition_make(); BEGIN"
           " EXECUTE format('INSERT INTO %I (rpps, rank, last_name, first_name, profession,"
           "   specialty, practice_setting, region, skill_types, practice_settings) VALUES"
           "   (''" ANNE "'', 1, ''MARTIN'', ''ANNE MARIE'', ''10'', ''SM04'', ''SA07'', ''53'',"
           "    ''{S}'', ''{SA07}'')', 'registry_edition_' || e);"
           " PERFORM registry_edition_settle(e); PERFORM registry_edition_attach(e);"
           " PERFORM registry_edition_publish(e, 'ps.txt', '2026-11-20', now(), 1, 0, 1); END $$");
}

static void open_registry_page(bool imported)
{
    open_page(10);
    if (imported)
        import_register();
}

/* By the form and its mail, with the number; what staff then sees of them. */
static json_t *registered(const char *email, const char *rpps, const char *field, const char *value)
{
    char path[128], cookie[256];
    json_t *body = form(email);
    rest_advance(1); /* the newest comes first */
    json_object_set_new(body, "rpps", json_string(rpps));
    if (field)
        json_object_set_new(body, field, json_string(value));
    json_decref(rest_body(NULL, 202, "POST", page(""), body));
    join(email, cookie);
    snprintf(path, sizeof path, "/api/congresses/%s/registrations?limit=1", congress_id);
    json_t *list = must(200, "GET", path, NULL);
    json_t *row = json_incref(json_array_get(json_object_get(list, "items"), 0));
    ck_assert_str_eq(rest_text(row, "email"), email);
    json_decref(list);
    return row;
}

static void expect_mark(json_t *row, const char *verdict, const char *differs)
{
    const json_t *mark = json_object_get(row, "registry");
    char *text = json_dumps(json_object_get(mark, "differs"), JSON_COMPACT | JSON_ENCODE_ANY);
    ck_assert_str_eq(rest_text(mark, "verdict"), verdict);
    ck_assert_str_eq(text, differs);
    ck_assert_str_eq(rest_text(mark, "data_at"), "2026-11-20T00:00:00.000Z");
    free(text);
    json_decref(row);
}

static const char *sources(void)
{
    return pg_sql(rest.url,
                  "SELECT coalesce(string_agg(source || ' ' || specialty || ' ' || region,"
                  " ', ' ORDER BY source), '') FROM hcp_attributes");
}

START_TEST(who_agrees_with_the_register_is_verified)
{
    open_registry_page(true);
    json_t *row = registered("anne@hcp.test", " 8 1000 0001 916", NULL, NULL);
    ck_assert_str_eq(rest_text(row, "rpps"), ANNE);
    ck_assert_str_eq(rest_text(row, "region"), "11"); /* as it was declared */
    expect_mark(row, "verified", "[]");
    ck_assert_str_eq(sources(), "declared SM04 11, registry SM04 53");
    rest_close();
}
END_TEST

START_TEST(what_differs_is_marked_and_stays_as_it_was_written)
{
    open_registry_page(true);
    expect_mark(registered("a@hcp.test", ANNE, "last_name", "Durand"), "differs", "[\"name\"]");
    ck_assert_str_eq(sources(), "declared SM04 11");
    json_t *row = registered("b@hcp.test", ANNE, "specialty", "SM15");
    ck_assert_str_eq(rest_text(row, "specialty"), "SM15");
    ck_assert(json_is_true(json_object_get(row, "rpps_shared"))); /* and nobody is refused */
    expect_mark(row, "differs", "[\"specialty\"]");
    expect_mark(registered("c@hcp.test", "10000001924", NULL, NULL), "unknown", "[]");
    rest_close();
}
END_TEST

START_TEST(capitals_accents_and_further_names_make_no_difference)
{
    open_registry_page(true);
    expect_mark(registered("anne@hcp.test", ANNE, "first_name", "Ânne"), "verified", "[]");
    rest_close();
}
END_TEST

START_TEST(a_wrong_number_is_refused_and_an_empty_one_is_none)
{
    open_registry_page(false);
    ck_assert_int_eq(
        rest_status(NULL, "POST", page(""), form_with("rpps", json_string("10000001917"))), 422);
    ck_assert_int_eq(rest_status(NULL, "POST", page(""), form_with("rpps", json_string("12"))),
                     422);
    json_t *row = registered("anne@hcp.test", "  ", NULL, NULL);
    ck_assert(json_is_null(json_object_get(row, "rpps")));
    ck_assert(json_is_null(json_object_get(row, "registry")));
    json_decref(row);
    row = registered("bob@hcp.test", ANNE, NULL, NULL); /* no register: its form is all */
    ck_assert_str_eq(rest_text(row, "rpps"), ANNE);
    ck_assert(json_is_null(json_object_get(row, "registry")));
    json_decref(row);
    rest_close();
}
END_TEST

START_TEST(a_profile_that_changes_is_compared_again)
{
    open_registry_page(true);
    char cookie[256];
    json_decref(rest_body(NULL, 202, "POST", page(""), form_with("rpps", json_string(ANNE))));
    join("anne@hcp.test", cookie);
    json_t *profile = json_pack("{s:s,s:s,s:s,s:s,s:s}", "profession", "10", "specialty", "SM15",
                                "practice_setting", "SA07", "region", "11", "age_band", "45_54");
    json_decref(rest_body(cookie, 200, "PATCH", "/api/my/profile", profile));
    ck_assert_str_eq(pg_sql(rest.url, "SELECT registry_verdict FROM registration"), "differs");
    ck_assert_str_eq(sources(), "declared SM15 11");
    rest_close();
}
END_TEST

START_TEST(the_number_is_in_the_persons_copy_and_goes_with_them)
{
    open_registry_page(true);
    char path[128], cookie[256];
    json_decref(rest_body(NULL, 202, "POST", page(""), form_with("rpps", json_string(ANNE))));
    join("anne@hcp.test", cookie);
    json_t *copy = rest_body(cookie, 200, "GET", "/api/my/data", NULL);
    ck_assert_str_eq(rest_text(json_object_get(copy, "person"), "rpps"), ANNE);
    json_t *mine = json_array_get(json_object_get(copy, "registrations"), 0);
    ck_assert_str_eq(rest_text(json_object_get(mine, "registry"), "verdict"), "verified");
    json_decref(copy);
    snprintf(path, sizeof path, "/api/registrations/%s/erase",
             pg_sql(rest.url, "SELECT id FROM registration"));
    ck_assert_int_eq(rest_status(organiser, "POST", path, json_object()), 204);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(rpps) FROM hcp"), "0");
    ck_assert_str_eq(sources(), "");
    rest_close();
}
END_TEST

static json_t *look_up(const char *rpps)
{
    return rest_body(NULL, 200, "POST", "/api/registry/look-up", json_pack("{s:s}", "rpps", rpps));
}

START_TEST(strangers_learn_what_the_register_says_and_nothing_of_who_is_known_here)
{
    open_registry_page(true);
    json_decref(registered("anne@hcp.test", ANNE, "last_name", "Durand"));
    json_t *found = look_up(ANNE);
    char *text = json_dumps(found, JSON_COMPACT | JSON_SORT_KEYS);
    ck_assert_str_eq(text, "{\"data_at\":\"2026-11-20T00:00:00.000Z\",\"person\":{"
                           "\"first_name\":\"Anne Marie\",\"last_name\":\"Martin\","
                           "\"profession\":\"10\",\"region\":\"53\",\"rpps\":\"" ANNE
                           "\",\"specialty\":\"SM04\"}}");
    free(text);
    json_decref(found);
    found = look_up("10000001924");
    ck_assert(json_is_null(json_object_get(found, "person")));
    json_decref(found);
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/registry/look-up",
                                 json_pack("{s:s}", "rpps", "10000001917")),
                     422);
    rest_address = "192.0.2.7";
    int status = 200;
    for (int i = 0; i < 30 && status == 200; i++)
        status =
            rest_status(NULL, "POST", "/api/registry/look-up", json_pack("{s:s}", "rpps", ANNE));
    ck_assert_int_eq(status, 429);
    rest_address = NULL;
    rest_close();
}
END_TEST

START_TEST(staff_finds_registrations_by_what_the_register_said)
{
    static const struct {
        const char *filter;
        int found;
    } filters[] = {{"verified", 1}, {"differs", 1}, {"unknown", 0}, {"none", 1}};
    open_registry_page(true);
    json_decref(registered("a@hcp.test", ANNE, NULL, NULL));
    json_decref(registered("b@hcp.test", ANNE, "last_name", "Durand"));
    json_decref(registered("c@hcp.test", "", NULL, NULL));
    for (size_t i = 0; i < 4; i++) {
        char path[160];
        snprintf(path, sizeof path, "/api/congresses/%s/registrations?registry=%s", congress_id,
                 filters[i].filter);
        json_t *list = must(200, "GET", path, NULL);
        ck_assert_int_eq(json_integer_value(json_object_get(list, "found")), filters[i].found);
        json_decref(list);
    }
    rest_close();
}
END_TEST

REST_TESTS("registration_rpps", who_agrees_with_the_register_is_verified,
           what_differs_is_marked_and_stays_as_it_was_written,
           capitals_accents_and_further_names_make_no_difference,
           a_wrong_number_is_refused_and_an_empty_one_is_none,
           a_profile_that_changes_is_compared_again,
           the_number_is_in_the_persons_copy_and_goes_with_them,
           strangers_learn_what_the_register_says_and_nothing_of_who_is_known_here,
           staff_finds_registrations_by_what_the_register_said)
