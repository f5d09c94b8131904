/* Code lists, target profiles and figures as the pages ask for them. */
#include "features/audience/audience.h"
#include "features/exports/exports.h"
#include "features/participation/participation.h"
#include "integration/rest.h"
#include "unit/run.h"
#include <string.h>

#define CONGRESS "cccccccc-0000-4000-8000-000000000001"
#define SESSION  "dddddddd-0000-4000-8000-000000000001"
#define PROFILES "/api/congresses/" CONGRESS "/target-profiles"

static char mine[256], strangers[256];

static void begin(void)
{
    static const struct http_route *tables[5];
    tables[0] = accounts_feature.routes;
    tables[1] = audience_feature.routes;
    tables[2] = participation_feature.routes;
    tables[3] = exports_feature.routes;
    rest_open(tables);
    ck_assert_int_eq(audience_feature.start(&rest.app, rest.conn), ERR_OK);
    rest_organisation("Mine", "olga@labo.test", mine);
    rest_organisation("Theirs", "otto@other.test", strangers);
    pg_sql(rest.url,
           "INSERT INTO congress (id, organisation_id, title, language, time_zone, created_at)"
           " SELECT '" CONGRESS "', id, 'C', 'en', 'Europe/Paris', now() FROM organisation"
           "  WHERE name = 'Mine';"
           "INSERT INTO hall (id, organisation_id, congress_id, name)"
           " SELECT id, organisation_id, id, 'R' FROM congress;"
           "INSERT INTO session (id, organisation_id, congress_id, hall_id, title, language,"
           "  starts_at, planned_minutes, capacity, state, created_at)"
           " SELECT '" SESSION
           "', organisation_id, id, id, 'S', 'en', now(), 60, 10, 'lobby', now()"
           "   FROM congress");
}

static void end(void)
{
    audience_feature.stop(&rest.app);
    rest_close();
}

static json_t *criteria(const char *attribute, const char *code)
{
    return json_pack("{s:[{s:s,s:[s]}],s:[],s:[]}", "all_of", "attribute", attribute, "codes", code,
                     "any_of", "none_of");
}

static json_t *profile(const char *name)
{
    return json_pack("{s:s,s:i,s:n,s:f,s:i,s:s,s:o}", "name", name, "goal_registrations", 100,
                     "goal_attendees", "goal_participation_rate", 0.7, "universe", 7000,
                     "universe_source", "Registry", "criteria", criteria("specialty", "SM54"));
}

static void check_lists(const char *path, const char *list, size_t sections, size_t most)
{
    json_t *lists = rest_body(NULL, 200, "GET", path, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(lists, list)), sections);
    char *text = json_dumps(lists, JSON_COMPACT);
    ck_assert_uint_lt(strlen(text), most);
    free(text);
    json_decref(lists);
    struct rest_reply whole = rest_call(NULL, "GET", path, NULL), same;
    ck_assert_uint_gt(strlen(whole.etag), 2);
    rest_if_none_match = whole.etag;
    same = rest_call(NULL, "GET", path, NULL);
    ck_assert_int_eq(same.status, 304);
    ck_assert_ptr_null(same.body);
    ck_assert_str_eq(same.etag, whole.etag);
    rest_if_none_match = "\"other\"";
    ck_assert_int_eq(rest_status(NULL, "GET", path, NULL), 200);
    rest_if_none_match = "";
    json_decref(whole.body);
}

START_TEST(code_lists_are_public_and_cached_by_their_etag)
{
    begin();
    check_lists("/api/codes", "region", 2, 30 * 1024); /* every registration page asks for it */
    check_lists("/api/codes/countries", "region", 1, 20 * 1024);
    check_lists("/api/codes/more", "department", 2, 30 * 1024);
    end();
}
END_TEST

START_TEST(a_profile_is_created_changed_in_part_and_deleted)
{
    begin();
    json_t *made = rest_body(mine, 201, "POST", PROFILES, profile("GPs"));
    char path[100];
    snprintf(path, sizeof path, "/api/target-profiles/%s", rest_text(made, "id"));
    json_decref(made);
    json_t *changed = rest_body(
        mine, 200, "PATCH", path,
        json_pack("{s:s,s:n,s:n}", "name", "General practitioners", "universe", "universe_source"));
    ck_assert_str_eq(rest_text(changed, "name"), "General practitioners");
    ck_assert_int_eq(json_integer_value(json_object_get(changed, "goal_registrations")), 100);
    ck_assert(json_is_null(json_object_get(changed, "universe")));
    json_decref(changed);
    json_t *list = rest_body(mine, 200, "GET", PROFILES, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(list, "items")), 1);
    json_decref(list);
    ck_assert_int_eq(rest_status(mine, "DELETE", path, NULL), 204);
    ck_assert_int_eq(rest_status(mine, "DELETE", path, NULL), 404);
    end();
}
END_TEST

START_TEST(what_is_wrong_is_said_by_field_and_what_conflicts_by_code)
{
    begin();
    json_t *bad = profile("Bad");
    json_object_set_new(bad, "criteria", criteria("region", "SM54"));
    json_t *problem = rest_body(mine, 422, "POST", PROFILES, bad);
    ck_assert_str_eq(rest_text(problem, "field"), "criteria");
    json_decref(problem);
    rest_status(mine, "POST", PROFILES, profile("Same"));
    rest_problem(mine, 409, "profile.name", "POST", PROFILES, profile("Same"));
    json_t *counted = rest_body(mine, 200, "POST", PROFILES "/preview",
                                json_pack("{s:o}", "criteria", criteria("region", "11")));
    ck_assert_int_eq(json_integer_value(json_object_get(counted, "registered")), 0);
    json_decref(counted);
    end();
}
END_TEST

START_TEST(nobody_and_strangers_reach_nothing)
{
    begin();
    json_t *made = rest_body(mine, 201, "POST", PROFILES, profile("GPs"));
    char path[100];
    snprintf(path, sizeof path, "/api/target-profiles/%s", rest_text(made, "id"));
    json_decref(made);
    ck_assert_int_eq(rest_status(NULL, "GET", PROFILES, NULL), 401);
    ck_assert_int_eq(rest_status(strangers, "GET", PROFILES, NULL), 404);
    ck_assert_int_eq(rest_status(strangers, "POST", PROFILES, profile("X")), 404);
    ck_assert_int_eq(rest_status(strangers, "POST", PROFILES "/preview",
                                 json_pack("{s:o}", "criteria", criteria("region", "11"))),
                     404);
    ck_assert_int_eq(rest_status(strangers, "PATCH", path, json_pack("{s:s}", "name", "X")), 404);
    ck_assert_int_eq(rest_status(strangers, "DELETE", path, NULL), 404);
    ck_assert_int_eq(rest_status(strangers, "GET", "/api/sessions/" SESSION "/participation", NULL),
                     404);
    ck_assert_int_eq(
        rest_status(strangers, "GET", "/api/sessions/" SESSION "/participation.csv", NULL), 404);
    ck_assert_int_eq(
        rest_status(strangers, "GET", "/api/sessions/" SESSION "/attendance.csv", NULL), 404);
    ck_assert_str_eq(
        pg_sql(rest.url, "SELECT count(*) FROM audit_log WHERE action LIKE '%.export'"), "0");
    end();
}
END_TEST

START_TEST(figures_by_http_have_the_shape_of_the_state)
{
    begin();
    rest_status(mine, "POST", PROFILES, profile("GPs"));
    json_t *figures = rest_body(mine, 200, "GET", "/api/sessions/" SESSION "/participation", NULL);
    ck_assert_str_eq(rest_text(figures, "state"), "lobby");
    ck_assert_int_eq(json_integer_value(json_object_get(figures, "live_seconds")), 0);
    json_t *one = json_array_get(json_object_get(figures, "profiles"), 0);
    ck_assert_str_eq(rest_text(one, "name"), "GPs");
    ck_assert_double_eq_tol(json_number_value(json_object_get(one, "goal_participation_rate")), 0.7,
                            1e-9);
    json_decref(figures);
    end();
}
END_TEST

/* More lines than the pipe holds at once. */
START_TEST(files_are_streamed_whole_in_the_dialect_that_was_asked_for)
{
    begin();
    pg_sql(rest.url,
           "INSERT INTO registration_link (id, organisation_id, congress_id, channel, code,"
           "  created_at) SELECT id, organisation_id, id, 'email', 'abcdefghjkmn', now()"
           "  FROM congress;"
           "INSERT INTO hcp (id, organisation_id, email, first_name, last_name, created_at)"
           " SELECT md5(n::text)::uuid, organisation_id, n || '@example.org', 'F', 'L', now()"
           "   FROM congress, generate_series(1, 3000) n;"
           "INSERT INTO registration (organisation_id, congress_id, hcp_id, link_id, channel,"
           "  language, state, profession, practice_setting, region, age_band, registered_at)"
           " SELECT c.organisation_id, c.id, h.id, c.id, 'email', 'en', 'registered', '60', 'SA01',"
           "        '11', '45_54', now() FROM congress c, hcp h");
    struct rest_reply reply =
        rest_call(mine, "GET", "/api/sessions/" SESSION "/attendance.csv?dialect=machine", NULL);
    ck_assert_int_eq(reply.status, 200);
    ck_assert_ptr_nonnull(strstr(reply.headers, "attachment; filename=\"attendance - "));
    ck_assert_ptr_nonnull(strstr(reply.headers, "; filename*=UTF-8''attendance%20-%20"));
    ck_assert(rest_file_whole);
    ck_assert_int_eq(strncmp(rest_file.data, "registration_id,last_name,", 26), 0);
    int lines = 0;
    for (const char *c = rest_file.data; *c; c++)
        lines += *c == '\n';
    ck_assert_int_eq(lines, 3001);
    rest_call(mine, "GET", "/api/sessions/" SESSION "/attendance.csv", NULL);
    ck_assert_int_eq(strncmp(rest_file.data, "\xEF\xBB\xBFRegistration,Last name,", 26), 0);
    reply = rest_call(mine, "GET", "/api/sessions/" SESSION "/attendance.csv?dialect=xls", NULL);
    ck_assert_int_eq(reply.status, 422);
    json_decref(reply.body);
    rest_call(mine, "GET", "/api/sessions/" SESSION "/participation.csv?dialect=machine", NULL);
    ck_assert(rest_file_whole);
    ck_assert_ptr_nonnull(strstr(rest_file.data, "\r\nAll registrations,,,,,,3000,0,0,"));
    ck_assert_str_eq(pg_sql(rest.url, "SELECT string_agg(action, ' ' ORDER BY id) FROM audit_log"
                                      " WHERE action LIKE '%.export'"),
                     "attendance.export attendance.export participation.export");
    end();
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests(
        "audience_routes",
        (const TTest *const[]){code_lists_are_public_and_cached_by_their_etag,
                               a_profile_is_created_changed_in_part_and_deleted,
                               what_is_wrong_is_said_by_field_and_what_conflicts_by_code,
                               nobody_and_strangers_reach_nothing,
                               figures_by_http_have_the_shape_of_the_state,
                               files_are_streamed_whole_in_the_dialect_that_was_asked_for, NULL});
}
