/* Forms, and what may be done with a registration. */
#include "integration/registration_calls.h"

START_TEST(forms_are_checked_against_the_codes_and_consents_in_force)
{
    open_page(10);
    const struct {
        const char *field;
        json_t *value;
    } bad[] = {
        {"profession", json_string("99999")},
        {"specialty", json_null()},
        {"specialty", json_string("XX99")},
        {"region", json_string("nowhere")},
        {"email", json_string("not an address")},
        {"last_name", json_string("see http://evil.test")},
        {"last_name", json_string("casino-bonus.com")},
        {"first_name", json_string("\u200b")},
        {"first_name", json_string("  ")},
        {"language", json_string("de")},
        {"consents", json_array()},
        {"consents", json_pack("[{s:s,s:i,s:b},{s:s,s:i,s:b}]", "kind", "participation", "version",
                               1, "given", 0, "kind", "contact", "version", 1, "given", 0)}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        json_t *problem =
            rest_body(NULL, 422, "POST", page(""), form_with(bad[i].field, bad[i].value));
        ck_assert_str_eq(rest_text(problem, "field"), bad[i].field);
        json_decref(problem);
    }
    ck_assert_str_eq(value("SELECT count(*) FROM hcp"), "0");
    json_t *pharmacist = form_with("specialty", json_null());
    json_object_set_new(pharmacist, "profession", json_string("21"));
    json_decref(rest_body(NULL, 202, "POST", page(""), pharmacist));
    rest_close();
}
END_TEST

START_TEST(an_address_is_known_however_it_is_typed)
{
    open_page(10);
    static const char *const typed[] = {"anne@hôpital.test", " Anne Martin <ANNE@Hôpital.TEST>",
                                        "mailto:anne@xn--hpital-ixa.test"};
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        ask(typed[i]);
        rest_advance(1);
    }
    ck_assert_str_eq(value("SELECT string_agg(DISTINCT email, ' ') FROM registration_request"),
                     "anne@xn--hpital-ixa.test");
    ck_assert_str_eq(value("SELECT string_agg(DISTINCT to_address, ' ') FROM outbox"),
                     "anne@xn--hpital-ixa.test");
    rest_close();
}
END_TEST

START_TEST(cancelling_ends_the_sign_in_and_registering_again_begins_anew)
{
    char cookie[256];
    open_page(1);
    register_person("anne@hcp.test");
    json_t *link = join_body("anne@hcp.test");
    join("anne@hcp.test", cookie);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/my/cancel", json_object()), 204);
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/my/registration", NULL), 401);
    rest_problem(NULL, 410, "registration.cancelled", "POST", "/api/join", json_incref(link));
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/join/cancel", link), 204); /* idempotent */
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE message->>'subject' LIKE"
                           " 'Inscription annulée%'"),
                     "1");
    rest_advance(1);
    register_person("anne@hcp.test"); /* the seat is free again */
    ck_assert_str_eq(value("SELECT state FROM registration"), "registered");
    rest_advance(1);
    join("anne@hcp.test", cookie);
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/my/registration", NULL), 200);
    rest_close();
}
END_TEST

START_TEST(the_calendar_entry_grows_newer_with_each_change)
{
    char cookie[256];
    open_page(10);
    for (int i = 0; i < 2; i++) { /* registers and cancels, twice */
        register_person("anne@hcp.test");
        rest_advance(1);
        join("anne@hcp.test", cookie);
        ck_assert_int_eq(rest_status(cookie, "POST", "/api/my/cancel", json_object()), 204);
        rest_advance(1);
    }
    ck_assert_str_eq(value("SELECT string_agg(concat(message->>'method', ' ',"
                           "       substring(message->>'calendar' FROM 'SEQUENCE:([0-9]+)')), ', ' "
                           "ORDER BY created_at)"
                           "  FROM outbox WHERE message->>'calendar' IS NOT NULL"),
                     "REQUEST 0, CANCEL 1, REQUEST 2, CANCEL 3");
    rest_close();
}
END_TEST

START_TEST(only_the_person_corrects_the_name)
{
    char cookie[256];
    open_page(10);
    register_person("anne@hcp.test");
    join("anne@hcp.test", cookie);
    json_t *mine = rest_body(cookie, 200, "PATCH", "/api/my/registration",
                             json_pack("{s:s, s:s}", "first_name", "Zoé", "last_name", "Lefèvre"));
    ck_assert_str_eq(rest_text(mine, "first_name"), "Zoé");
    json_decref(mine);
    rest_advance(1);
    ask("anne@hcp.test"); /* a stranger may type the address */
    ck_assert_str_eq(value("SELECT first_name || ' ' || last_name FROM hcp"), "Zoé Lefèvre");
    ck_assert_str_eq(value("SELECT count(*) FROM audit_log WHERE action = 'registration.rename'"
                           " AND details::text NOT LIKE '%Zoé%'"),
                     "1");
    rest_problem(cookie, 422, "request.invalid", "PATCH", "/api/my/registration",
                 json_pack("{s:s, s:s}", "first_name", "https://x", "last_name", "Lefèvre"));
    ck_assert_int_eq(rest_status(organiser, "PATCH", "/api/my/registration",
                                 json_pack("{s:s, s:s}", "first_name", "A", "last_name", "B")),
                     403);
    rest_close();
}
END_TEST

START_TEST(a_link_is_sent_again_only_to_who_is_registered)
{
    open_page(10);
    register_person("anne@hcp.test");
    json_t *known = rest_body(NULL, 202, "POST", page("/send-link"),
                              json_pack("{s:s}", "email", "anne@hcp.test"));
    json_t *unknown = rest_body(NULL, 202, "POST", page("/send-link"),
                                json_pack("{s:s}", "email", "nobody@hcp.test"));
    ck_assert(json_equal(known, unknown));
    links_mailed();
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE to_address LIKE '%hcp.test'"), "3");
    for (int i = 0; i < 10; i++)
        ask_links("anne@hcp.test");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE to_address LIKE '%hcp.test'"), "5");
    json_decref(known);
    json_decref(unknown);
    rest_close();
}
END_TEST

START_TEST(the_answer_to_who_asks_for_a_link_looks_nobody_up)
{
    open_page(10);
    register_person("anne@hcp.test");
    value("DELETE FROM outbox");
    const char *addresses[] = {"anne@hcp.test", "nobody@hcp.test"};
    for (int i = 0; i < 4; i++) /* nobody runs jobs: what is left is what the answers did */
        json_decref(rest_body(NULL, 202, "POST", i < 2 ? page("/send-link") : "/api/send-link",
                              json_pack("{s:s}", "email", addresses[i % 2])));
    ck_assert_str_eq(value("SELECT count(*) FROM registration_link_request"), "4");
    ck_assert_str_eq(value("SELECT count(*) FROM job WHERE kind = 'registration.links'"), "4");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox"), "0");
    ck_assert_str_eq(value("SELECT count(*) FROM registration_link_request r"
                           " WHERE r::text LIKE '%hcp.test%'"),
                     "0");
    links_mailed();
    ck_assert_str_eq(value("SELECT count(*) FROM outbox"), "2");
    rest_close();
}
END_TEST

START_TEST(a_link_lives_until_a_week_after_the_last_session)
{
    open_page(10);
    register_person("anne@hcp.test");
    ck_assert_str_eq(value("SELECT expires_at = '2026-12-08T19:30:00Z' FROM one_time_link"
                           " WHERE purpose = 'join'"),
                     "t");
    json_t *link = join_body("anne@hcp.test");
    rest_advance(18 * 24 * 3600);
    rest_problem(NULL, 410, "link.expired", "POST", "/api/join", link);
    rest_close();
}
END_TEST

START_TEST(erasing_empties_the_person_and_keeps_the_figures)
{
    char cookie[256], path[256];
    open_page(10);
    register_person("anne@hcp.test");
    join("anne@hcp.test", cookie);
    json_t *data = rest_body(cookie, 200, "GET", "/api/my/data", NULL);
    ck_assert_str_eq(rest_text(json_object_get(data, "person"), "email"), "anne@hcp.test");
    ck_assert_uint_eq(json_array_size(json_object_get(data, "registrations")), 1);
    json_decref(data);
    snprintf(path, sizeof path, "/api/registrations/%s/erase",
             value("SELECT id FROM registration"));
    json_decref(rest_call(organiser, "POST", path, json_object()).body);
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/my/data", NULL), 401);
    ck_assert_str_eq(value("SELECT count(*) FROM hcp WHERE email IS NULL AND first_name = ''"),
                     "1");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE to_address = 'anne@hcp.test'"
                           " OR message::text LIKE '%Martin%'"),
                     "0");
    ck_assert_str_eq(value("SELECT count(*) FROM registration WHERE profession = '10'"), "1");
    ck_assert_str_eq(value("SELECT count(*) FROM hcp_attributes"), "0");
    rest_advance(1);
    register_person("anne@hcp.test"); /* is a new person now */
    ck_assert_str_eq(value("SELECT count(*) FROM hcp"), "2");
    rest_close();
}
END_TEST

START_TEST(organisers_list_and_search_their_own_registrations)
{
    char other[256], other_cookie[256], path[256];
    open_page(10);
    rest_organisation("Autre", "autre@labo.test", other);
    register_person("anne@hcp.test");
    rest_advance(1);
    json_t *bob = form("bob@hcp.test");
    json_object_set_new(bob, "last_name", json_string("Durand"));
    json_decref(rest_body(NULL, 202, "POST", page(""), bob));
    join("bob@hcp.test", other_cookie);
    snprintf(path, sizeof path, "/api/congresses/%s/registrations", congress_id);
    json_t *all = must(200, "GET", path, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(all, "items")), 2);
    json_decref(all);
    ck_assert_int_eq(rest_status(other, "GET", path, NULL), 404);
    snprintf(path, sizeof path, "/api/congresses/%s/registrations?q=dUraN", congress_id);
    json_t *found = must(200, "GET", path, NULL);
    json_t *items = json_object_get(found, "items");
    ck_assert_uint_eq(json_array_size(items), 1);
    ck_assert_str_eq(rest_text(json_array_get(items, 0), "email"), "bob@hcp.test");
    const char *id = rest_text(json_array_get(items, 0), "id");
    char cancel[256];
    snprintf(cancel, sizeof cancel, "/api/registrations/%s/cancel", id);
    ck_assert_int_eq(rest_status(other, "POST", cancel, json_object()), 404);
    ck_assert_int_eq(rest_status(organiser, "POST", cancel, json_object()), 204);
    snprintf(cancel, sizeof cancel, "/api/registrations/%s/erase", id);
    ck_assert_int_eq(rest_status(other, "POST", cancel, json_object()), 404);
    json_decref(found);
    snprintf(path, sizeof path, "/api/congresses/%s/registrations?q=%%", congress_id);
    found = must(200, "GET", path, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(found, "items")), 0);
    json_decref(found);
    snprintf(path, sizeof path, "/api/congresses/%s/links", congress_id);
    ck_assert_int_eq(rest_status(other, "GET", path, NULL), 404);
    rest_close();
}
END_TEST

START_TEST(the_audit_log_tells_of_everything_without_personal_data)
{
    open_page(10);
    register_person("anne@hcp.test");
    json_t *log = must(200, "GET", "/api/audit", NULL);
    json_t *items = json_object_get(log, "items");
    ck_assert_str_eq(rest_text(json_array_get(items, 0), "action"), "registration.create");
    ck_assert_str_eq(rest_text(json_array_get(items, 1), "action"), "link.create");
    ck_assert_str_eq(rest_text(json_array_get(items, 2), "action"), "session.publish");
    char *text = json_dumps(log, 0);
    ck_assert_ptr_null(strstr(text, "anne@"));
    ck_assert_ptr_null(strstr(text, "Martin"));
    free(text);
    json_decref(log);
    rest_close();
}
END_TEST

REST_TESTS("registration", forms_are_checked_against_the_codes_and_consents_in_force,
           an_address_is_known_however_it_is_typed,
           cancelling_ends_the_sign_in_and_registering_again_begins_anew,
           the_calendar_entry_grows_newer_with_each_change, only_the_person_corrects_the_name,
           a_link_is_sent_again_only_to_who_is_registered,
           the_answer_to_who_asks_for_a_link_looks_nobody_up,
           a_link_lives_until_a_week_after_the_last_session,
           erasing_empties_the_person_and_keeps_the_figures,
           organisers_list_and_search_their_own_registrations,
           the_audit_log_tells_of_everything_without_personal_data)
