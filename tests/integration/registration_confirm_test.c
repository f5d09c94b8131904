/* A form is a request; its mail makes it a registration. */
#include "integration/registration_calls.h"

START_TEST(a_form_is_a_request_until_its_mail_confirms_it)
{
    char cookie[256];
    open_page(10);
    json_t *shown = rest_body(NULL, 200, "GET", page(""), NULL);
    ck_assert(json_is_true(json_object_get(shown, "open")));
    ck_assert(json_is_false(json_object_get(shown, "full")));
    ck_assert_uint_eq(json_array_size(json_object_get(shown, "consents")), 2);
    json_decref(shown);
    ask("Anne@HCP.test");
    ck_assert_str_eq(value("SELECT (SELECT count(*) FROM registration) + (SELECT count(*) FROM hcp)"
                           "     + (SELECT count(*) FROM registration_consent)"),
                     "0");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE message->>'text' LIKE"
                           " '%mardi 1er décembre 2026 à 19:30 (heure de Paris)%24 heures%'"
                           " AND message->>'calendar' IS NULL"),
                     "1");
    join("anne@hcp.test", cookie);
    ck_assert_str_eq(value("SELECT count(*) FROM registration WHERE confirmed_at IS NOT NULL"),
                     "1");
    ck_assert_str_eq(value("SELECT count(*) FROM registration_request"), "0");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE message->>'text' LIKE '%/cancel#%'"
                           " AND message->>'method' = 'REQUEST'"),
                     "1");
    ck_assert_str_eq(value("SELECT specialty FROM hcp_attributes WHERE source = 'declared'"),
                     "SM04");
    json_t *mine = rest_body(cookie, 200, "GET", "/api/my/registration", NULL);
    ck_assert_str_eq(rest_text(mine, "email"), "anne@hcp.test");
    json_t *session = json_array_get(json_object_get(mine, "sessions"), 0);
    ck_assert_str_eq(rest_text(session, "listen_at"), "01 23 45 67 89");
    json_decref(mine);
    join("anne@hcp.test", cookie); /* a personal link works again */
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/organisation", NULL), 403);
    rest_close();
}
END_TEST

START_TEST(the_mail_of_a_request_opens_the_registration_again_and_again)
{
    open_page(10);
    ask("anne@hcp.test");
    json_t *link = join_body("anne@hcp.test");
    for (int i = 0; i < 3; i++)
        json_decref(rest_body(NULL, 200, "POST", "/api/join", json_incref(link)));
    ck_assert_str_eq(value("SELECT count(*) FROM registration"), "1");
    json_decref(link);
    rest_close();
}
END_TEST

static bool no_request(void *arg)
{
    (void)arg;
    return strcmp(value("SELECT count(*) FROM registration_request"), "0") == 0;
}

START_TEST(a_request_ends_after_a_day)
{
    open_page(10);
    ask("anne@hcp.test");
    json_t *link = join_body("anne@hcp.test");
    rest_advance(24 * 3600);
    rest_problem(NULL, 410, "link.expired", "POST", "/api/join", json_incref(link));
    rest_problem(NULL, 410, "link.expired", "POST", "/api/join/preview", link);
    static const struct job_kind *const kinds[] = {&registration_expire, NULL};
    rest_start_jobs(kinds);
    ck_assert(wait_for(no_request, NULL, 10)); /* nothing of the stranger is kept */
    ck_assert_str_eq(value("SELECT count(*) FROM registration"), "0");
    rest_close();
}
END_TEST

START_TEST(a_request_can_be_withdrawn)
{
    open_page(10);
    ask("anne@hcp.test");
    json_t *link = join_body("anne@hcp.test");
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/join/cancel", json_incref(link)), 204);
    ck_assert_str_eq(value("SELECT count(*) FROM registration_request"), "0");
    rest_problem(NULL, 410, "link.expired", "POST", "/api/join", link);
    rest_close();
}
END_TEST

/* Somebody types the address of a person who cancelled: nothing of that person changes, and what
 * opened the registration before it was cancelled does not open it. */
START_TEST(a_stranger_with_an_address_changes_nothing)
{
    char cookie[256];
    open_page(10);
    register_person("anne@hcp.test");
    json_t *link = join_body("anne@hcp.test");
    join("anne@hcp.test", cookie);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/my/cancel", json_object()), 204);
    rest_advance(1);
    json_t *stranger = form_with("age_band", json_string("under_35"));
    json_decref(rest_body(NULL, 202, "POST", page(""), stranger));
    ck_assert_str_eq(value("SELECT state || age_band FROM registration"), "cancelled45_54");
    ck_assert_str_eq(value("SELECT count(*) FROM registration_consent"), "2");
    rest_problem(NULL, 410, "registration.cancelled", "POST", "/api/join", json_incref(link));
    rest_advance(1);
    join("anne@hcp.test", cookie); /* but the owner of the mailbox may want it */
    ck_assert_str_eq(value("SELECT state || age_band FROM registration"), "registeredunder_35");
    rest_problem(NULL, 410, "link.expired", "POST", "/api/join", link);
    rest_close();
}
END_TEST

START_TEST(consents_are_added_never_changed)
{
    char cookie[256];
    open_page(10);
    register_person("anne@hcp.test");
    join("anne@hcp.test", cookie);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/my/cancel", json_object()), 204);
    rest_advance(1);
    json_t *consents =
        json_pack("[{s:s,s:i,s:b},{s:s,s:i,s:b}]", "kind", "participation", "version", 1, "given",
                  1, "kind", "contact", "version", 1, "given", 1);
    json_decref(rest_body(NULL, 202, "POST", page(""), form_with("consents", consents)));
    join("anne@hcp.test", cookie);
    ck_assert_str_eq(value("SELECT string_agg(given::text, ' ' ORDER BY id)"
                           "  FROM registration_consent WHERE kind = 'contact'"),
                     "false true");
    rest_close();
}
END_TEST

START_TEST(who_is_registered_is_mailed_the_link_again)
{
    open_page(10);
    register_person("anne@hcp.test");
    rest_advance(1);
    json_t *again = form_with("age_band", json_string("under_35"));
    json_object_set_new(again, "last_name", json_string("MARTIN")); /* the same name */
    json_decref(rest_body(NULL, 202, "POST", page(""), again));
    ck_assert_str_eq(value("SELECT age_band FROM registration"), "45_54");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE message->>'text' LIKE '%déjà%'"),
                     "1");
    ck_assert_str_eq(value("SELECT count(*) FROM registration_request"), "0");
    rest_close();
}
END_TEST

/* --- two people, one address --- */

/* Registers Bruno with Anne's address; preview: what his mail's link is about. */
static json_t *second_person(json_t **preview)
{
    register_person("anne@hcp.test");
    rest_advance(1);
    json_t *bruno = form_with("first_name", json_string("Bruno"));
    json_object_set_new(bruno, "profession", json_string("21"));
    json_object_set_new(bruno, "specialty", json_null());
    json_decref(rest_body(NULL, 202, "POST", page(""), bruno));
    json_t *link = join_body("anne@hcp.test");
    *preview = rest_body(NULL, 200, "POST", "/api/join/preview", json_incref(link));
    return link;
}

START_TEST(another_name_at_an_address_is_asked_about)
{
    json_t *preview;
    open_page(10);
    json_t *link = second_person(&preview);
    ck_assert_str_eq(rest_text(preview, "state"), "requested");
    ck_assert_str_eq(rest_text(preview, "first_name"), "Bruno");
    json_t *people = json_object_get(preview, "people");
    ck_assert_uint_eq(json_array_size(people), 1);
    ck_assert_str_eq(rest_text(json_array_get(people, 0), "first_name"), "Anne");
    rest_problem(NULL, 409, "registration.person", "POST", "/api/join", link);
    ck_assert_str_eq(value("SELECT count(*) FROM registration"), "1");
    json_decref(preview);
    rest_close();
}
END_TEST

START_TEST(two_people_at_one_address_are_two)
{
    json_t *preview;
    open_page(10);
    json_t *link = second_person(&preview);
    json_object_set_new(link, "person", json_string("new"));
    json_t *in = rest_body(NULL, 200, "POST", "/api/join", link);
    ck_assert_str_eq(rest_text(json_object_get(in, "registration"), "first_name"), "Bruno");
    ck_assert_str_eq(value("SELECT string_agg(h.first_name || r.profession, ' ' ORDER BY 1)"
                           "  FROM hcp h JOIN registration r ON r.hcp_id = h.id"),
                     "Anne10 Bruno21");
    value("DELETE FROM outbox");
    ask_links("anne@hcp.test");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox"), "2"); /* each by their name */
    json_decref(in);
    json_decref(preview);
    rest_close();
}
END_TEST

START_TEST(one_person_with_a_new_name_stays_one)
{
    json_t *preview;
    open_page(10);
    json_t *link = second_person(&preview);
    const char *anne = rest_text(json_array_get(json_object_get(preview, "people"), 0), "id");
    json_object_set_new(link, "person", json_string(anne));
    json_decref(rest_body(NULL, 200, "POST", "/api/join", json_incref(link)));
    ck_assert_str_eq(value("SELECT string_agg(h.first_name || r.profession, ' ')"
                           "  FROM hcp h JOIN registration r ON r.hcp_id = h.id"),
                     "Bruno21");
    json_decref(link);
    json_decref(preview);
    rest_close();
}
END_TEST

START_TEST(nobody_of_another_address_is_chosen)
{
    json_t *preview;
    open_page(10);
    register_person("other@hcp.test");
    json_t *link = second_person(&preview);
    json_object_set_new(link, "person",
                        json_string(value("SELECT id FROM hcp WHERE email = 'other@hcp.test'")));
    rest_problem(NULL, 410, "link.expired", "POST", "/api/join", json_incref(link));
    json_object_set_new(link, "person", json_string("somebody"));
    rest_problem(NULL, 422, "request.invalid", "POST", "/api/join", link);
    json_decref(preview);
    rest_close();
}
END_TEST

REST_TESTS("registration_confirm", a_form_is_a_request_until_its_mail_confirms_it,
           the_mail_of_a_request_opens_the_registration_again_and_again, a_request_ends_after_a_day,
           a_request_can_be_withdrawn, a_stranger_with_an_address_changes_nothing,
           consents_are_added_never_changed, who_is_registered_is_mailed_the_link_again,
           another_name_at_an_address_is_asked_about, two_people_at_one_address_are_two,
           one_person_with_a_new_name_stays_one, nobody_of_another_address_is_chosen)
