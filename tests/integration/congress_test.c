#include "integration/congress_calls.h"

START_TEST(a_congress_and_its_session_are_kept_as_written)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    ck_assert_str_eq(rest_text(session, "state"), "draft");
    ck_assert_str_eq(rest_text(session, "starts_at"), "2026-12-01T18:30:00.000Z");
    ck_assert(json_number_value(json_object_get(session, "completion_threshold")) == 0.75);
    json_t *whole = rest_body(organiser, 200, "GET", path_of("congresses", congress, ""), NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(whole, "sessions")), 1);
    ck_assert_uint_eq(json_array_size(json_object_get(whole, "halls")), 1);
    json_t *again = rest_body(organiser, 200, "GET", path_of("sessions", session, ""), NULL);
    ck_assert(json_equal(again, session));
    json_t *list = rest_body(organiser, 200, "GET", "/api/congresses", NULL);
    json_t *first = json_array_get(json_object_get(list, "items"), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(first, "session_count")), 1);
    json_decref(list);
    json_decref(again);
    json_decref(whole);
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

START_TEST(only_known_time_zones_are_taken)
{
    open_rest();
    const char *bad[] = {"Europe/Atlantis", "FOO+3", "posix/Europe/Paris", "Europe/Paris'"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        json_t *problem =
            rest_body(organiser, 422, "POST", "/api/congresses", congress_fields(bad[i]));
        ck_assert_str_eq(rest_text(problem, "field"), "time_zone");
        json_decref(problem);
    }
    rest_close();
}
END_TEST

/* A database that does not know the name which a browser offers. */
START_TEST(a_zone_may_have_its_former_name)
{
    open_rest();
    pg_sql(rest.url, "CREATE OR REPLACE FUNCTION zone_of_former(p_name text) RETURNS text LANGUAGE"
                     " sql AS $$ SELECT 'Asia/Kolkata' WHERE p_name = 'Asia/Former' $$");
    json_t *congress =
        rest_body(organiser, 201, "POST", "/api/congresses", congress_fields("Asia/Former"));
    ck_assert_str_eq(rest_text(congress, "time_zone"), "Asia/Former");
    json_t *session = add_session(congress);
    publish(session);
    pass(61);
    add_people(1);
    json_decref(
        rest_body(organiser, 200, "POST", path_of("sessions", session, "/cancel"), json_object()));
    work_off_notices();
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM outbox WHERE message->>'text' LIKE"
                                      " '%mercredi 2 décembre 2026 à 00:%'"),
                     "1");
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

/* The names that have no place in the table of places any more, with those they have now. */
START_TEST(former_names_lead_to_names_in_use)
{
    open_rest();
    static const char *const offered[] = {"Asia/Calcutta",   "Europe/Kiev",         "Asia/Saigon",
                                          "Asia/Katmandu",   "Asia/Rangoon",        "US/Eastern",
                                          "Pacific/Ponape",  "America/Godthab",     "Africa/Asmera",
                                          "Atlantic/Faeroe", "America/Buenos_Aires"};
    for (size_t i = 0; i < sizeof offered / sizeof *offered; i++) {
        char sql[256];
        snprintf(sql, sizeof sql,
                 "SELECT count(*) FROM pg_timezone_names b WHERE b.name = zone_of_former('%s')"
                 " AND NOT EXISTS (SELECT FROM pg_timezone_names a WHERE a.name = '%s'"
                 "                    AND a.utc_offset <> b.utc_offset)",
                 offered[i], offered[i]); /* Debian 13 has the former names in another package */
        ck_assert_msg(strcmp(pg_sql(rest.url, sql), "1") == 0, "%s", offered[i]);
    }
    ck_assert_str_eq(pg_sql(rest.url, "SELECT concat(zone_of_former('Europe/Paris'), '-',"
                                      " zone_here('Europe/Paris'), '-', zone_here('No/Where'))"),
                     "-Europe/Paris-No/Where");
    rest_close();
}
END_TEST

START_TEST(bodies_are_read_strictly)
{
    open_rest();
    json_t *congress = add_congress(), *odd = session_fields();
    json_object_set_new(odd, "surprise", json_true());
    ck_assert_int_eq(
        rest_status(organiser, "POST", path_of("congresses", congress, "/sessions"), odd), 422);
    json_t *short_one = session_fields();
    json_object_del(short_one, "capacity");
    json_t *problem =
        rest_body(organiser, 422, "POST", path_of("congresses", congress, "/sessions"), short_one);
    ck_assert_str_eq(rest_text(problem, "field"), "capacity");
    json_decref(problem);
    json_decref(congress);
    rest_close();
}
END_TEST

/* Where a title, a label or a name is typed, and what must not come through. */
START_TEST(titles_and_names_can_be_seen)
{
    static const char *const bad[] = {" ", "\u200b", "\u3164", "a\nb", "a\u202eb", "a\u2028b"};
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    const struct {
        const char *method, *path, *field;
    } forms[] = {{"PATCH", strdup(path_of("congresses", congress, "")), "title"},
                 {"PATCH", strdup(path_of("sessions", session, "")), "title"},
                 {"POST", strdup(path_of("congresses", congress, "/halls")), "name"},
                 {"POST", strdup(path_of("congresses", congress, "/tracks")), "name"},
                 {"PATCH", strdup("/api/organisation"), "name"}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        for (size_t j = 0; j < sizeof bad / sizeof *bad; j++) {
            json_t *problem = rest_body(organiser, 422, forms[i].method, forms[i].path,
                                        json_pack("{s:s}", forms[i].field, bad[j]));
            ck_assert_str_eq(rest_text(problem, "field"), forms[i].field);
            json_decref(problem);
        }
        json_t *kept = rest_call(organiser, forms[i].method, forms[i].path,
                                 json_pack("{s:s}", forms[i].field, " Cœur :  bilan\n"))
                           .body;
        ck_assert_str_eq(rest_text(kept, forms[i].field), "Cœur : bilan");
        json_decref(kept);
        free((char *)forms[i].path);
    }
    rest_problem(organiser, 422, "request.invalid", "PATCH", "/api/organisation",
                 json_pack("{s:s}", "name", "contact@labo.test"));
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

START_TEST(rooms_and_tracks_have_names_of_their_own)
{
    open_rest();
    json_t *congress = add_congress();
    json_decref(rest_body(organiser, 201, "POST", path_of("congresses", congress, "/halls"),
                          json_pack("{s:s}", "name", "Salle A")));
    rest_problem(organiser, 409, "name.taken", "POST", path_of("congresses", congress, "/halls"),
                 json_pack("{s:s}", "name", "Salle A"));
    json_t *track = rest_body(organiser, 201, "POST", path_of("congresses", congress, "/tracks"),
                              json_pack("{s:s}", "name", "Rein"));
    json_t *session = add_session(congress);
    json_t *changed = rest_body(organiser, 200, "PATCH", path_of("sessions", session, ""),
                                json_pack("{s:s}", "track", rest_text(track, "id")));
    ck_assert_str_eq(rest_text(changed, "track"), rest_text(track, "id"));
    json_decref(changed);
    changed = rest_body(organiser, 200, "PATCH", path_of("sessions", session, ""),
                        json_pack("{s:n}", "track"));
    ck_assert(json_is_null(json_object_get(changed, "track")));
    json_decref(changed);
    json_decref(session);
    json_decref(track);
    json_decref(congress);
    rest_close();
}
END_TEST

START_TEST(states_allow_what_they_should)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    publish(session);
    rest_problem(organiser, 409, "session.state", "POST", path_of("sessions", session, "/publish"),
                 json_object());
    pg_sql(rest.url, "UPDATE session SET state = 'live', live_at = now()");
    rest_problem(organiser, 409, "session.state", "PATCH", path_of("sessions", session, ""),
                 json_pack("{s:i}", "planned_minutes", 90));
    json_decref(rest_body(organiser, 200, "PATCH", path_of("sessions", session, ""),
                          json_pack("{s:s,s:i}", "title", "Cœur !", "planned_minutes", 60)));
    rest_problem(organiser, 409, "session.state", "POST", path_of("sessions", session, "/cancel"),
                 json_object());
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

START_TEST(another_organisations_congress_does_not_exist)
{
    char other[256];
    open_rest();
    rest_organisation("Autre", "autre@labo.test", other);
    json_t *congress = add_congress(), *session = add_session(congress);
    ck_assert_int_eq(rest_status(other, "GET", path_of("congresses", congress, ""), NULL), 404);
    ck_assert_int_eq(rest_status(other, "PATCH", path_of("congresses", congress, ""),
                                 json_pack("{s:s}", "title", "X")),
                     404);
    ck_assert_int_eq(
        rest_status(other, "POST", path_of("congresses", congress, "/sessions"), session_fields()),
        404);
    ck_assert_int_eq(rest_status(other, "POST", path_of("congresses", congress, "/halls"),
                                 json_pack("{s:s}", "name", "X")),
                     404);
    ck_assert_int_eq(rest_status(other, "GET", path_of("sessions", session, ""), NULL), 404);
    ck_assert_int_eq(rest_status(other, "PATCH", path_of("sessions", session, ""),
                                 json_pack("{s:s}", "title", "X")),
                     404);
    const char *actions[] = {"/publish", "/cancel"};
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(
            rest_status(other, "POST", path_of("sessions", session, actions[i]), json_object()),
            404);
    json_t *mine = rest_body(other, 201, "POST", "/api/congresses", congress_fields("UTC"));
    json_t *stolen = session_fields();
    json_object_set(stolen, "hall", json_object_get(session, "hall"));
    ck_assert_int_eq(rest_status(other, "POST", path_of("congresses", mine, "/sessions"), stolen),
                     404);
    json_decref(mine);
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

/* Four weeks on from Tuesday, across the end of March: the hour of the clock stays. */
START_TEST(a_copy_is_as_new_and_starts_on_its_day)
{
    open_rest();
    json_t *congress = add_congress();
    for (int i = 0; i < 2; i++) {
        json_t *fields = session_fields();
        json_object_set_new(fields, "starts_at",
                            json_string(i ? "2027-03-04T08:00:00Z" : "2027-03-02T18:30:00Z"));
        json_decref(rest_body(organiser, 201, "POST", path_of("congresses", congress, "/sessions"),
                              fields));
    }
    add_people(3);
    pg_sql(rest.url,
           "INSERT INTO poll (organisation_id, session_id, position, question, choice, created_at)"
           " SELECT organisation_id, id, 1, 'Q', 'single', now() FROM session;"
           "INSERT INTO poll_option SELECT id, n, 'O' || n FROM poll, generate_series(1, 2) n;"
           "INSERT INTO target_profile (organisation_id, congress_id, name, position, created_at)"
           " SELECT organisation_id, id, 'P', 1, now() FROM congress;"
           "INSERT INTO target_profile_criterion"
           " SELECT id, 1, 'all_of', 'profession', '{21}' FROM target_profile");
    json_t *copy = rest_body(organiser, 201, "POST", "/api/congress-copies",
                             json_pack("{s:s,s:s,s:s}", "congress", rest_text(congress, "id"),
                                       "title", "Next", "first_day", "2027-03-30"));
    ck_assert_str_eq(rest_text(copy, "title"), "Next");
    ck_assert_str_eq(rest_text(copy, "time_zone"), "Europe/Paris");
    char sql[1024];
    snprintf(sql, sizeof sql,
             "SELECT string_agg(state || ' ' || json_time(starts_at), ', ' ORDER BY starts_at)"
             "  FROM session WHERE congress_id = '%s'",
             rest_text(copy, "id"));
    ck_assert_str_eq(pg_sql(rest.url, sql),
                     "draft 2027-03-30T17:30:00.000Z, draft 2027-04-01T07:00:00.000Z");
    snprintf(
        sql, sizeof sql,
        "SELECT '' || (SELECT count(*) FROM hall WHERE congress_id = c) ||"
        " (SELECT count(*) FROM poll p JOIN session s ON s.id = session_id"
        "    JOIN poll_option ON poll_id = p.id WHERE congress_id = c) ||"
        " (SELECT count(*) FROM profile_rule JOIN target_profile ON id ="
        "    target_profile_id WHERE congress_id = c) ||"
        " (SELECT string_agg(channel || (code ~ '^[a-z2-9]{12}$'), '')"
        "    FROM registration_link WHERE congress_id = c) ||"
        " (SELECT count(*) FROM registration WHERE congress_id = c) FROM (SELECT '%s'::uuid) v (c)",
        rest_text(copy, "id"));
    ck_assert_str_eq(pg_sql(rest.url, sql), "141emailtrue0");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT string_agg(gather_minutes::text, ' ')"
                                      "  FROM mail_setting"),
                     "5 5");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT details ->> 'first_day' FROM audit_log"
                                      " WHERE action = 'congress.copy'"),
                     "2027-03-30");
    static const char *const bad[] = {"2027-02-30", "2027-3-30 ", "1999-01-01", "2099-01-01"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        json_decref(rest_body(organiser, 422, "POST", "/api/congress-copies",
                              json_pack("{s:s,s:s,s:s}", "congress", rest_text(congress, "id"),
                                        "title", "Next", "first_day", bad[i])));
    char other[256];
    rest_organisation("Autre", "otto@autre.test", other);
    ck_assert_int_eq(rest_status(other, "POST", "/api/congress-copies",
                                 json_pack("{s:s,s:s,s:s}", "congress", rest_text(congress, "id"),
                                           "title", "Next", "first_day", "2027-03-30")),
                     404);
    json_decref(copy);
    json_decref(congress);
    rest_close();
}
END_TEST

/* Rule: halls and tracks are written as a whole by whoever read them last; names may change places;
 * what a session is in stays; a copy has them in their order and colours. */
#define H2 "7d0e1f1a-0c1b-4e6a-8239-5f3c5b7d0a02"
#define T1 "7d0e1f1a-0c1b-4e6a-8239-5f3c5b7d0b01"

static json_t *structure(const char *version, json_t *halls, json_t *tracks)
{
    return json_pack("{s:s,s:o,s:o}", "version", version, "halls", halls, "tracks", tracks);
}

static json_t *named(const char *id, const char *name)
{
    return json_pack("{s:s,s:s}", "id", id, "name", name);
}

static json_t *blue_track(void)
{
    return json_pack("[{s:s,s:s,s:s}]", "id", T1, "name", "Heart", "colour", "blue");
}

START_TEST(halls_and_tracks_are_written_as_a_whole)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    json_t *before = rest_body(organiser, 200, "GET", path_of("congresses", congress, ""), NULL);
    char hall[64], version[64], path[256], sql[512];
    snprintf(path, sizeof path, "%s", path_of("congresses", congress, "/structure"));
    snprintf(hall, sizeof hall, "%s", rest_text(session, "hall"));
    snprintf(version, sizeof version, "%s", rest_text(before, "structure_version"));
    json_decref(rest_body(
        organiser, 200, "PUT", path, /* nobody uses a track where none is */
        structure(version,
                  json_pack("[o]", named(hall, rest_text(json_array_get(
                                                             json_object_get(before, "halls"), 0),
                                                         "name"))),
                  json_array())));
    rest_problem(organiser, 409, "structure.used", "PUT", path,
                 structure(version, json_pack("[o]", named(H2, "B")), blue_track()));
    rest_problem(
        organiser, 409, "name.taken", "PUT", path,
        structure(version, json_pack("[o,o]", named(H2, "B"), named(hall, "B")), blue_track()));
    json_t *after = rest_body(
        organiser, 200, "PUT", path,
        structure(version, json_pack("[o,o]", named(H2, "B"), named(hall, "A")), blue_track()));
    rest_problem(organiser, 409, "structure.changed", "PUT", path,
                 structure(version, json_array(), json_array()));
    json_decref(
        rest_body(organiser, 200, "PUT", path,
                  structure(rest_text(after, "structure_version"),
                            json_pack("[o,o]", named(H2, "A"), named(hall, "B")), blue_track())));
    json_decref(
        rest_body(organiser, 200, "PATCH", path_of("sessions", session, ""),
                  json_pack("{s:s,s:s,s:s}", "track", T1, "kind", "break", "level", "advanced")));
    json_t *copy = rest_body(organiser, 201, "POST", "/api/congress-copies",
                             json_pack("{s:s,s:s,s:s}", "congress", rest_text(congress, "id"),
                                       "title", "Next", "first_day", "2027-03-30"));
    snprintf(sql, sizeof sql,
             "SELECT string_agg(h.name, '' ORDER BY h.position) || (SELECT t.name || colour || kind"
             " || level FROM session s JOIN track t ON t.id = track_id WHERE s.congress_id = '%s')"
             "  FROM hall h WHERE congress_id = '%s'",
             rest_text(copy, "id"), rest_text(copy, "id"));
    ck_assert_str_eq(pg_sql(rest.url, sql), "ABHeartbluebreakadvanced");
    rest_problem(organiser, 409, "session.state", "POST", path_of("sessions", session, "/publish"),
                 json_object());
    json_decref(copy);
    json_decref(after);
    json_decref(before);
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

REST_TESTS("congress", halls_and_tracks_are_written_as_a_whole,
           a_copy_is_as_new_and_starts_on_its_day, a_congress_and_its_session_are_kept_as_written,
           only_known_time_zones_are_taken, a_zone_may_have_its_former_name,
           former_names_lead_to_names_in_use, bodies_are_read_strictly,
           titles_and_names_can_be_seen, rooms_and_tracks_have_names_of_their_own,
           states_allow_what_they_should, another_organisations_congress_does_not_exist)
