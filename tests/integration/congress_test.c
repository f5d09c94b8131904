#include "features/congress/congress.h"
#include "features/congress/congress_store.h"
#include "features/registration/registration.h"
#include "integration/rest.h"

static char organiser[256];

static void open_rest(void)
{
    const struct http_route *tables[] = {accounts_feature.routes, congress_feature.routes,
                                         registration_feature.routes, NULL};
    rest_open(tables);
    rest_organisation("Labo", "olga@labo.test", organiser);
}

static json_t *congress_fields(const char *time_zone)
{
    return json_pack("{s:s,s:s,s:s,s:s}", "title", "Cœur et rein", "description", "", "language",
                     "fr", "time_zone", time_zone);
}

static json_t *session_fields(void)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:i,s:i,s:s,s:n,s:n}", "title", "Cœur", "description", "",
                     "language", "fr", "starts_at", "2026-12-01T18:30:00Z", "planned_minutes", 60,
                     "capacity", 100, "listen_at", "01 23 45 67 89", "hall", "track");
}

static const char *path_of(const char *folder, const json_t *thing, const char *rest_of_path)
{
    static char path[256];
    snprintf(path, sizeof path, "/api/%s/%s%s", folder, rest_text(thing, "id"), rest_of_path);
    return path;
}

static json_t *add_congress(void)
{
    return rest_body(organiser, 201, "POST", "/api/congresses", congress_fields("Europe/Paris"));
}

static json_t *add_session(const json_t *congress)
{
    return rest_body(organiser, 201, "POST", path_of("congresses", congress, "/sessions"),
                     session_fields());
}

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
    json_decref(
        rest_body(organiser, 200, "POST", path_of("sessions", session, "/publish"), json_object()));
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

/* n registered people of the only congress, straight into the tables. */
static void add_people(int n)
{
    char sql[2048];
    snprintf(sql, sizeof sql,
             "INSERT INTO registration_link (organisation_id, congress_id, channel, code,"
             " created_at) SELECT organisation_id, id, 'email', 'abcdefghijkm', now()"
             "  FROM congress;"
             "INSERT INTO hcp (organisation_id, email, first_name, last_name, created_at)"
             " SELECT o.id, 'h' || i || '@hcp.test', 'Anne', 'N' || i, now()"
             "  FROM organisation o, generate_series(1, %d) i;"
             "INSERT INTO registration (organisation_id, congress_id, hcp_id, link_id, channel,"
             " language, state, profession, practice_setting, region, age_band, registered_at)"
             " SELECT h.organisation_id, l.congress_id, h.id, l.id, 'email', 'fr', 'registered',"
             "  '21', 'SA07', '11', '45_54', to_timestamp(1795290000)"
             "  FROM hcp h, registration_link l",
             n);
    pg_sql(rest.url, sql);
}

/* Until no job is left. No tick: whoever made the change woke the worker. */
static void work_off_notices(void)
{
    if (!rest.app.jobs)
        rest_start_jobs(congress_feature.jobs);
    rest_until("SELECT count(*) = 0 FROM job", false);
}

START_TEST(moving_a_published_session_tells_everybody_once)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    add_people(250);
    json_decref(rest_body(organiser, 200, "PATCH", path_of("sessions", session, ""),
                          json_pack("{s:s}", "starts_at", "2026-12-02T18:30:00Z")));
    work_off_notices(); /* a draft: nobody knows of it yet */
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM outbox"), "0");
    json_decref(
        rest_body(organiser, 200, "POST", path_of("sessions", session, "/publish"), json_object()));
    json_decref(rest_body(organiser, 200, "PATCH", path_of("sessions", session, ""),
                          json_pack("{s:s}", "starts_at", "2026-12-03T18:30:00Z")));
    json_decref(rest_body(organiser, 200, "PATCH", path_of("sessions", session, ""),
                          json_pack("{s:s}", "title", "Cœur et rein")));
    work_off_notices();
    work_off_notices();
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) || ' ' || count(DISTINCT to_address)"
                                      " FROM outbox"),
                     "250 250");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT calendar_sequence FROM session"), "1");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM outbox WHERE message->>'text' LIKE"
                                      " '%jeudi 3 décembre 2026 à 19 h 30 (heure de Paris)%'"),
                     "250");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM one_time_link WHERE purpose = 'join'"),
                     "250");
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

START_TEST(cancelling_a_published_session_tells_everybody)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    add_people(3);
    json_decref(
        rest_body(organiser, 200, "POST", path_of("sessions", session, "/publish"), json_object()));
    json_t *cancelled =
        rest_body(organiser, 200, "POST", path_of("sessions", session, "/cancel"), json_object());
    ck_assert_str_eq(rest_text(cancelled, "state"), "cancelled");
    work_off_notices();
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM outbox WHERE message->>'subject' LIKE"
                                      " 'Annulé%'"),
                     "3");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM one_time_link WHERE purpose = 'join'"),
                     "0");
    json_decref(cancelled);
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

REST_TESTS("congress", a_congress_and_its_session_are_kept_as_written,
           only_known_time_zones_are_taken, bodies_are_read_strictly,
           rooms_and_tracks_have_names_of_their_own, states_allow_what_they_should,
           another_organisations_congress_does_not_exist,
           moving_a_published_session_tells_everybody_once,
           cancelling_a_published_session_tells_everybody)
