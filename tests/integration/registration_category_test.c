/* Rules: a congress says which categories of people it admits, at first health professionals (HCPs)
 * alone; what somebody is asked follows from their category; only HCPs match profiles, have places
 * of them and count in figures of HCPs; where registration is for profiles or a list, an organiser
 * decides about everybody else. */
#include "integration/review_calls.h"

/* {policy, categories: of this list, separated by blanks} */
static json_t *policy_with(const char *policy, const char *categories)
{
    char words[128], *left = words, *word;
    json_t *list = json_array();
    snprintf(words, sizeof words, "%s", categories);
    while ((word = strtok_r(left, " ", &left)))
        json_array_append_new(list, json_string(word));
    return json_pack("{s:s,s:o}", "policy", policy, "categories", list);
}

static const char *policy_path(void)
{
    static char path[128];
    snprintf(path, sizeof path, "/api/congresses/%s/registration-policy", congress_id);
    return path;
}

static void admit(const char *policy, const char *categories)
{
    json_decref(must(200, "PUT", policy_path(), policy_with(policy, categories)));
}

static json_t *form_of(const char *category, const char *email, const char *profession,
                       const char *affiliation)
{
    json_t *body = form(email);
    static const char *const attributes[] = {"profession", "specialty", "practice_setting",
                                             "region", "age_band"};
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
        json_object_del(body, attributes[i]);
    json_object_set_new(body, "category", json_string(category));
    if (profession)
        json_object_set_new(body, "profession", json_string(profession));
    if (affiliation)
        json_object_set_new(body, "affiliation", json_string(affiliation));
    return body;
}

static void refused(json_t *body, const char *field)
{
    struct rest_reply r = rest_call(NULL, "POST", page(""), body);
    ck_assert_int_eq(r.status, 422);
    ck_assert_str_eq(rest_text(r.body, "field"), field);
    json_decref(r.body);
}

/* Fills in the form and confirms; the status that is answered. */
static int enter(json_t *body)
{
    char email[64];
    snprintf(email, sizeof email, "%s", rest_text(body, "email"));
    json_decref(rest_body(NULL, 202, "POST", page(""), body));
    struct rest_reply in = rest_call(NULL, "POST", "/api/join", join_body(email));
    json_decref(in.body);
    return in.status;
}

static void add_profile(const char *name)
{
    char sql[512];
    snprintf(sql, sizeof sql,
             "INSERT INTO target_profile (organisation_id, congress_id, name, position, created_at)"
             " SELECT organisation_id, id, '%s', 1, now() FROM congress",
             name);
    value(sql);
}

START_TEST(a_congress_admits_hcps_alone_until_it_says_otherwise)
{
    open_page(10);
    json_t *shown = rest_body(NULL, 200, "GET", page(""), NULL);
    json_t *hcps = json_pack("[s]", "hcp");
    ck_assert(json_equal(json_object_get(shown, "categories"), hcps));
    json_decref(hcps);
    json_decref(shown);
    refused(form_of("press", "paul@presse.test", NULL, "Le Quotidien"), "category");
    register_person("anne@hcp.test");
    ck_assert_str_eq(value("SELECT category || coalesce(affiliation, '') FROM registration"),
                     "hcp");
    rest_close();
}
END_TEST

START_TEST(an_organiser_says_whom_it_admits_and_that_is_audited)
{
    open_page(10);
    admit("open", "press hcp");
    ck_assert_str_eq(value("SELECT categories FROM congress"), "{hcp,press}");
    ck_assert_str_eq(value("SELECT details->'categories' FROM audit_log"
                           " WHERE action = 'registration.policy'"),
                     "[\"hcp\", \"press\"]");
    json_decref(must(200, "PUT", policy_path(), json_pack("{s:s}", "policy", "open")));
    ck_assert_str_eq(value("SELECT categories FROM congress"), "{hcp,press}");
    ck_assert_int_eq(rest_status(organiser, "PUT", policy_path(), policy_with("open", "")), 422);
    ck_assert_int_eq(rest_status(organiser, "PUT", policy_path(), policy_with("open", "nurse")),
                     422);
    ck_assert_int_eq(rest_status(organiser, "PUT", policy_path(), policy_with("open", "hcp hcp")),
                     422);
    rest_close();
}
END_TEST

START_TEST(each_category_is_asked_what_is_its_own)
{
    char long_text[204];
    open_page(20);
    admit("open", "hcp student industry press public");
    memset(long_text, 'x', 201);
    long_text[201] = '\0';
    refused(form_of("student", "a@x.test", "10", NULL), "affiliation");
    refused(form_of("student", "a@x.test", NULL, "Lyon 1"), "profession");
    refused(form_of("student", "a@x.test", "nothing", "Lyon 1"), "profession");
    refused(form_of("industry", "a@x.test", NULL, "   "), "affiliation");
    refused(form_of("press", "a@x.test", NULL, long_text), "affiliation");
    refused(form_of("press", "a@x.test", "10", "Le Quotidien"), "profession");
    refused(form_of("public", "a@x.test", NULL, "Le Quotidien"), "affiliation");
    refused(form_of("hcp", "a@x.test", NULL, NULL), "profession");
    refused(form_of("nurse", "a@x.test", NULL, NULL), "category");
    ck_assert_int_eq(enter(form_of("student", "a@x.test", "10", " Lyon  1 ")), 200);
    ck_assert_int_eq(enter(form_of("public", "b@x.test", NULL, NULL)), 200);
    ck_assert_str_eq(value("SELECT string_agg(concat_ws(' ', category, profession, affiliation),"
                           "       ';' ORDER BY category) FROM registration"),
                     "public;student 10 Lyon 1");
    ck_assert_str_eq(value("SELECT count(*) FROM hcp_attributes"), "0");
    rest_close();
}
END_TEST

START_TEST(no_profile_matches_or_keeps_a_place_for_another_category)
{
    open_page(20);
    admit("open", "hcp student");
    add_profile("Everybody");
    value("UPDATE target_profile SET places = 1");
    ck_assert_int_eq(enter(form_of("student", "stu@x.test", "10", "Lyon 1")), 200);
    ck_assert_str_eq(value("SELECT count(*) FROM registration_profile"), "0");
    ck_assert_str_eq(value("SELECT places_taken(id) FROM target_profile"), "0");
    ask("anne@hcp.test");
    json_t *hcp = join_body("anne@hcp.test");
    json_decref(rest_body(NULL, 202, "POST", page(""),
                          form_of("student", "anne@hcp.test", "10", "Lyon 1")));
    json_t *student = join_body("anne@hcp.test");
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/join", hcp), 200);
    ck_assert_str_eq(value("SELECT places_taken(id) FROM target_profile"), "1");
    value("SELECT match_congress(id) FROM congress"); /* all at once says the same */
    ck_assert_str_eq(value("SELECT string_agg(r.category, ' ') FROM registration r"
                           "  JOIN registration_profile m ON m.registration_id = r.id"),
                     "hcp");
    /* Who confirms a later form as somebody else leaves the profile, and its place. */
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/join", student), 200);
    ck_assert_str_eq(value("SELECT count(*) FROM registration_profile"), "0");
    ck_assert_str_eq(value("SELECT places_taken(id) FROM target_profile"), "0");
    rest_close();
}
END_TEST

START_TEST(a_policy_of_profiles_leaves_others_to_an_organiser)
{
    open_page(20);
    admit("matching", "hcp industry");
    ask("anne@hcp.test");
    rest_problem(NULL, 409, "registration.not_admitted", "POST", "/api/join",
                 join_body("anne@hcp.test"));
    json_t *body = form_of("industry", "ines@labo.test", NULL, "Labo X");
    json_object_set_new(body, "last_name", json_string("Blanc"));
    json_decref(rest_body(NULL, 202, "POST", page(""), json_incref(body)));
    json_t *seen = rest_body(NULL, 200, "POST", "/api/join/preview", join_body("ines@labo.test"));
    ck_assert(json_is_true(json_object_get(seen, "review")));
    json_decref(seen);
    come_with(body, "ines@labo.test", "in_review");
    ck_assert_str_eq(flags("ines@labo.test"), "industry");
    ck_assert_str_eq(addresses("?category=industry"), "ines@labo.test");
    ck_assert_str_eq(addresses("?category=press"), "");
    json_t *all = queue("");
    ck_assert_str_eq(rest_text(first(all), "category"), "industry");
    ck_assert_str_eq(rest_text(first(all), "affiliation"), "Labo X");
    json_decref(all);
    ck_assert_str_eq(decide("ines@labo.test", "approve", 1), "registered");
    rest_close();
}
END_TEST

START_TEST(an_invitation_is_asked_of_every_category)
{
    open_page(20);
    admit("invitation", "hcp press");
    rest_problem(NULL, 409, "registration.not_admitted", "POST", page(""),
                 form_of("press", "paul@presse.test", NULL, "Le Quotidien"));
    rest_close();
}
END_TEST

START_TEST(registrations_show_the_category_and_are_found_by_it)
{
    char path[128];
    open_page(20);
    admit("open", "hcp press");
    register_person("anne@hcp.test");
    ck_assert_int_eq(enter(form_of("press", "paul@presse.test", NULL, "Le Quotidien")), 200);
    snprintf(path, sizeof path, "/api/congresses/%s/registrations?category=press", congress_id);
    json_t *found = must(200, "GET", path, NULL);
    ck_assert_int_eq(json_integer_value(json_object_get(found, "found")), 1);
    ck_assert_str_eq(rest_text(first(found), "affiliation"), "Le Quotidien");
    json_decref(found);
    /* Who matches no profile are HCPs whom none matches. */
    snprintf(path, sizeof path, "/api/congresses/%s/registrations?profile=none", congress_id);
    found = must(200, "GET", path, NULL);
    ck_assert_int_eq(json_integer_value(json_object_get(found, "found")), 1);
    ck_assert_str_eq(rest_text(first(found), "category"), "hcp");
    json_decref(found);
    rest_close();
}
END_TEST

START_TEST(one_corrects_what_is_of_ones_category_and_erasure_takes_the_affiliation)
{
    char cookie[256], path[128];
    open_page(20);
    admit("open", "hcp press");
    json_decref(rest_body(NULL, 202, "POST", page(""),
                          form_of("press", "paul@presse.test", NULL, "Le Quotidien")));
    join("paul@presse.test", cookie);
    json_t *mine = rest_body(cookie, 200, "PATCH", "/api/my/profile",
                             json_pack("{s:s,s:s}", "category", "press", "affiliation", "Le Soir"));
    ck_assert_str_eq(rest_text(mine, "category"), "press");
    ck_assert_str_eq(rest_text(mine, "affiliation"), "Le Soir");
    json_decref(mine);
    struct rest_reply other =
        rest_call(cookie, "PATCH", "/api/my/profile",
                  json_pack("{s:s,s:s,s:s,s:s}", "profession", "60", "practice_setting", "SA07",
                            "region", "11", "age_band", "45_54"));
    ck_assert_int_eq(other.status, 422);
    ck_assert_str_eq(rest_text(other.body, "field"), "category");
    json_decref(other.body);
    json_t *copy = rest_body(cookie, 200, "GET", "/api/my/data", NULL);
    json_t *registration = json_array_get(json_object_get(copy, "registrations"), 0);
    ck_assert_str_eq(rest_text(registration, "category"), "press");
    ck_assert_str_eq(rest_text(registration, "affiliation"), "Le Soir");
    json_decref(copy);
    snprintf(path, sizeof path, "/api/registrations/%s/erase",
             value("SELECT id FROM registration"));
    ck_assert_int_eq(rest_status(organiser, "POST", path, NULL), 204);
    ck_assert_str_eq(value("SELECT category || coalesce(affiliation, '') FROM registration"),
                     "press");
    rest_close();
}
END_TEST

START_TEST(figures_of_hcps_leave_others_apart)
{
    open_page(20);
    admit("open", "hcp press");
    register_person("anne@hcp.test");
    ck_assert_int_eq(enter(form_of("press", "paul@presse.test", NULL, "Le Quotidien")), 200);
    ck_assert_str_eq(value("SELECT p.registered || ' ' || n.registered || ' ' || o.registered"
                           "  FROM session s, session_participation(s.id) p,"
                           "       session_no_profile(s.id) n, session_others(s.id) o"),
                     "1 1 1");
    ck_assert_str_eq(
        value("SELECT concat_ws(' ', b->'all'->>'registered', b->'no_profile'->>'registered',"
              "       b->'others'->>'registered', jsonb_array_length(b->'regions'),"
              "       b->'campaigns'->0->>'registered')"
              "  FROM congress c, goal_board(c.id, now()) b"),
        "1 1 1 1 1");
    rest_close();
}
END_TEST

REST_TESTS("registration_category", a_congress_admits_hcps_alone_until_it_says_otherwise,
           an_organiser_says_whom_it_admits_and_that_is_audited,
           each_category_is_asked_what_is_its_own,
           no_profile_matches_or_keeps_a_place_for_another_category,
           a_policy_of_profiles_leaves_others_to_an_organiser,
           an_invitation_is_asked_of_every_category,
           registrations_show_the_category_and_are_found_by_it,
           one_corrects_what_is_of_ones_category_and_erasure_takes_the_affiliation,
           figures_of_hcps_leave_others_apart)
