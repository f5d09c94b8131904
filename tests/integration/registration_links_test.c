/* Registration links are renamed, switched off and deleted. */
#include "integration/registration_calls.h"

static const char *link_path(void)
{
    static char path[128];
    snprintf(path, sizeof path, "/api/links/%s",
             value("SELECT id FROM registration_link ORDER BY created_at LIMIT 1"));
    return path;
}

static json_t *change(const char *field, json_t *to)
{
    return must(200, "PATCH", link_path(), json_pack("{s:o}", field, to));
}

START_TEST(a_link_is_renamed)
{
    char path[256];
    open_page(10);
    json_t *renamed = change("label", json_string("Lyon"));
    ck_assert_str_eq(rest_text(renamed, "label"), "Lyon");
    ck_assert_str_eq(rest_text(renamed, "code"), code); /* what was printed stays good */
    json_decref(renamed);
    rest_advance(1);
    snprintf(path, sizeof path, "/api/congresses/%s/links", congress_id);
    json_decref(
        must(201, "POST", path, json_pack("{s:s,s:s}", "channel", "email", "label", "Nice")));
    rest_problem(organiser, 409, "link.exists", "PATCH", link_path(),
                 json_pack("{s:s}", "label", "Nice"));
    rest_problem(organiser, 422, "request.invalid", "PATCH", link_path(),
                 json_pack("{s:s}", "channel", "other"));
    json_decref(change("label", json_string("Lyon"))); /* changes nothing, says nothing */
    ck_assert_str_eq(value("SELECT count(*) FROM audit_log WHERE action = 'link.rename'"), "1");
    rest_close();
}
END_TEST

START_TEST(a_link_that_is_switched_off_takes_no_forms)
{
    open_page(10);
    ask("anne@hcp.test");
    json_t *before = join_body("anne@hcp.test");
    json_t *off = change("open", json_false());
    ck_assert(json_is_false(json_object_get(off, "open")));
    ck_assert_int_eq(json_integer_value(json_object_get(off, "waiting")), 1);
    json_decref(off);
    json_t *shown = rest_body(NULL, 200, "GET", page(""), NULL);
    ck_assert(json_is_false(json_object_get(shown, "open")));
    ck_assert(json_is_false(json_object_get(shown, "link_open")));
    json_decref(shown);
    rest_problem(NULL, 409, "registration.closed", "POST", page(""), form("bruno@hcp.test"));
    json_decref(rest_body(NULL, 200, "POST", "/api/join", before)); /* was promised */
    json_decref(rest_body(NULL, 202, "POST", page("/send-link"),
                          json_pack("{s:s}", "email", "anne@hcp.test")));
    json_decref(change("open", json_true()));
    ask("bruno@hcp.test");
    ck_assert_str_eq(value("SELECT string_agg(action, ' ' ORDER BY at, id) FROM audit_log"
                           " WHERE action IN ('link.open', 'link.close')"),
                     "link.close link.open");
    rest_close();
}
END_TEST

START_TEST(a_link_is_deleted_while_nobody_came_by_it)
{
    open_page(10);
    ask("anne@hcp.test");
    rest_problem(organiser, 409, "link.in_use", "DELETE", link_path(), NULL);
    value("UPDATE registration_request SET expires_at = requested_at"); /* nobody confirmed it */
    ck_assert_int_eq(rest_status(organiser, "DELETE", link_path(), NULL), 204);
    ck_assert_int_eq(rest_status(NULL, "GET", page(""), NULL), 404);
    ck_assert_str_eq(value("SELECT details->>'label' FROM audit_log WHERE action = 'link.delete'"),
                     "Invitation");
    rest_close();
}
END_TEST

START_TEST(a_link_somebody_registered_by_stays)
{
    char cookie[256];
    open_page(10);
    ask("anne@hcp.test");
    join("anne@hcp.test", cookie);
    rest_problem(organiser, 409, "link.in_use", "DELETE", link_path(), NULL);
    ck_assert_int_eq(rest_status(cookie, "POST", "/api/my/cancel", json_object()), 204);
    json_t *shown = change("open", json_false());
    ck_assert(json_is_true(json_object_get(shown, "used")));
    ck_assert_int_eq(json_integer_value(json_object_get(shown, "registered")), 0);
    json_decref(shown);
    rest_problem(organiser, 409, "link.in_use", "DELETE", link_path(), NULL);
    rest_close();
}
END_TEST

START_TEST(links_of_others_do_not_exist)
{
    char other[256];
    open_page(10);
    rest_organisation("Autre", "autre@labo.test", other);
    ck_assert_int_eq(rest_status(other, "PATCH", link_path(), json_pack("{s:b}", "open", 0)), 404);
    ck_assert_int_eq(rest_status(other, "DELETE", link_path(), NULL), 404);
    ck_assert_int_eq(rest_status(organiser, "DELETE", "/api/links/none", NULL), 404);
    ck_assert_str_eq(value("SELECT count(*) FROM registration_link WHERE closed_at IS NULL"), "1");
    rest_close();
}
END_TEST

REST_TESTS("registration_links", a_link_is_renamed, a_link_that_is_switched_off_takes_no_forms,
           a_link_is_deleted_while_nobody_came_by_it, a_link_somebody_registered_by_stays,
           links_of_others_do_not_exist)
