/* What organisers see and do in the list of registrations. */
#include "integration/registration_calls.h"

static json_t *list(const char *query)
{
    char path[256];
    snprintf(path, sizeof path, "/api/congresses/%s/registrations%s", congress_id, query);
    return must(200, "GET", path, NULL);
}

/* The addresses of a list, in its order. */
static const char *addresses(const char *query)
{
    static char all[512];
    size_t i;
    json_t *item, *page = list(query);
    all[0] = '\0';
    json_array_foreach(json_object_get(page, "items"), i, item)
        strncat(strcat(all, *all ? " " : ""), rest_text(item, "email"), 100);
    ck_assert_int_eq(json_integer_value(json_object_get(page, "found")), (json_int_t)i);
    json_decref(page);
    return all;
}

/* Anne is a physician, Bob a pharmacist who came by another channel, Carl cancelled. */
static void open_with_three(void)
{
    char path[256], cookie[256];
    open_page(10);
    value("WITH p AS (INSERT INTO target_profile (id, organisation_id, congress_id, name, position,"
          "           created_at) SELECT '00000000-0000-4000-8000-000000000001', organisation_id,"
          "             id, 'Pharmaciens', 1, created_at FROM congress RETURNING id)"
          " INSERT INTO target_profile_criterion SELECT id, 1, 'all_of', 'profession', '{21}' FROM "
          "p");
    register_person("anne@hcp.test");
    rest_advance(1);
    register_person("carl@hcp.test");
    join("carl@hcp.test", cookie);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/my/cancel", json_object()), 204);
    rest_advance(1);
    snprintf(path, sizeof path, "/api/congresses/%s/links", congress_id);
    json_t *link =
        must(201, "POST", path, json_pack("{s:s,s:s}", "channel", "congress_desk", "label", ""));
    snprintf(code, sizeof code, "%s", rest_text(link, "code"));
    json_decref(link);
    json_t *bob = form("bob@hcp.test");
    json_object_set_new(bob, "profession", json_string("21"));
    json_object_set_new(bob, "specialty", json_null());
    json_decref(rest_body(NULL, 202, "POST", page(""), bob));
    join("bob@hcp.test", cookie);
}

START_TEST(the_list_is_filtered)
{
    open_with_three();
    ck_assert_str_eq(addresses(""), "bob@hcp.test carl@hcp.test anne@hcp.test");
    ck_assert_str_eq(addresses("?state=registered"), "bob@hcp.test anne@hcp.test");
    ck_assert_str_eq(addresses("?state=cancelled"), "carl@hcp.test");
    ck_assert_str_eq(addresses("?channel=congress_desk"), "bob@hcp.test");
    ck_assert_str_eq(addresses("?channel=other"), "");
    ck_assert_str_eq(addresses("?profile=00000000-0000-4000-8000-000000000001"), "bob@hcp.test");
    ck_assert_str_eq(addresses("?profile=none"), "carl@hcp.test anne@hcp.test");
    ck_assert_str_eq(addresses("?q=bob"), "bob@hcp.test");
    static const char *const wrong[] = {"?state=gone", "?channel=post", "?profile=some"};
    char path[256];
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "/api/congresses/%s/registrations%s", congress_id, wrong[i]);
        rest_problem(organiser, 422, "request.invalid", "GET", path, NULL);
    }
    rest_close();
}
END_TEST

START_TEST(a_page_counts_what_is_on_all)
{
    open_with_three();
    json_t *first = list("?limit=2");
    ck_assert_uint_eq(json_array_size(json_object_get(first, "items")), 2);
    ck_assert_int_eq(json_integer_value(json_object_get(first, "found")), 3);
    char query[128];
    snprintf(query, sizeof query, "?cursor=%s", rest_text(first, "next"));
    json_t *second = list(query);
    ck_assert_uint_eq(json_array_size(json_object_get(second, "items")), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(second, "found")), 3);
    json_decref(second);
    json_decref(first);
    rest_close();
}
END_TEST

static json_int_t waiting(void)
{
    json_t *page = list("?state=cancelled"); /* whatever is wanted */
    json_int_t n = json_integer_value(json_object_get(page, "waiting"));
    json_decref(page);
    return n;
}

START_TEST(forms_that_wait_for_their_mail_are_counted)
{
    open_with_three();
    ck_assert_int_eq(waiting(), 0);
    ask("dora@hcp.test");
    ask("emil@hcp.test");
    ck_assert_int_eq(waiting(), 2);
    value("UPDATE registration_request SET expires_at = requested_at WHERE email LIKE 'emil%'");
    ck_assert_int_eq(waiting(), 1);
    rest_close();
}
END_TEST

START_TEST(a_shared_address_is_marked)
{
    size_t i;
    json_t *item;
    open_with_three();
    json_t *bruno = form_with("first_name", json_string("Bruno"));
    json_decref(rest_body(NULL, 202, "POST", page(""), bruno));
    json_t *link = join_body("anne@hcp.test");
    json_object_set_new(link, "person", json_string("new"));
    json_decref(rest_body(NULL, 200, "POST", "/api/join", link));
    json_t *all = list("");
    json_array_foreach(json_object_get(all, "items"), i, item)
        ck_assert_int_eq(json_is_true(json_object_get(item, "address_shared")),
                         strcmp(rest_text(item, "email"), "anne@hcp.test") == 0);
    ck_assert_uint_eq(i, 4);
    json_decref(all);
    rest_close();
}
END_TEST

static const char *send_path(const char *email)
{
    static char path[128];
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT r.id FROM registration r JOIN hcp h ON h.id = r.hcp_id WHERE h.email = '%s'",
             email);
    snprintf(path, sizeof path, "/api/registrations/%s/send-link", value(sql));
    return path;
}

START_TEST(an_organiser_sends_a_person_their_link)
{
    char other[256], erase[128];
    open_with_three();
    rest_advance(1);
    const char *path = send_path("anne@hcp.test");
    ck_assert_int_eq(rest_status(organiser, "POST", path, json_object()), 204);
    json_decref(rest_body(NULL, 200, "POST", "/api/join", join_body("anne@hcp.test")));
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE to_address = 'anne@hcp.test'"
                           "   AND message->>'text' LIKE '%restent valables%'"),
                     "1");
    ck_assert_str_eq(value("SELECT details::text FROM audit_log"
                           " WHERE action = 'registration.send_link'"),
                     "{}");
    int status = 204, sent = 1;
    for (; status == 204 && sent < 10; sent++)
        status = rest_status(organiser, "POST", path, json_object());
    ck_assert_int_eq(status, 409); /* not for ever */
    rest_problem(organiser, 409, "registration.mailed", "POST", path, json_object());
    rest_problem(organiser, 409, "registration.cancelled", "POST", send_path("carl@hcp.test"),
                 json_object());
    rest_organisation("Autre", "autre@labo.test", other);
    path = send_path("bob@hcp.test");
    ck_assert_int_eq(rest_status(other, "POST", path, json_object()), 404);
    snprintf(erase, sizeof erase, "%.*serase", (int)(strrchr(path, '/') + 1 - path), path);
    ck_assert_int_eq(rest_status(organiser, "POST", erase, json_object()), 204);
    ck_assert_int_eq(rest_status(organiser, "POST", path, json_object()), 404);
    rest_close();
}
END_TEST

REST_TESTS("registrations", the_list_is_filtered, a_page_counts_what_is_on_all,
           forms_that_wait_for_their_mail_are_counted, a_shared_address_is_marked,
           an_organiser_sends_a_person_their_link)
