/* Programmes over HTTP: written whole, by whoever read them last; what is amiss is told; a speaker
 * who is deleted is named nowhere. */
#include "features/programme/programme.h"
#include "features/programme/programme_routes.h"
#include "integration/rest.h"
#include <string.h>

#define T1 "7d0e1f1a-0c1b-4e6a-8239-5f3c5b7d0201"
#define T2 "7d0e1f1a-0c1b-4e6a-8239-5f3c5b7d0202"

static char olga[256], stranger[256], session[37], path[128], people[128];

static void open_rest(void)
{
    const struct http_route *tables[] = {accounts_feature.routes, programme_feature.routes, NULL};
    rest_open(tables);
    rest_organisation("Labo", "olga@labo.test", olga);
    rest_organisation("Other", "sven@other.test", stranger);
    snprintf(session, sizeof session, "%s",
             pg_sql(rest.url,
                    "WITH c AS (INSERT INTO congress (organisation_id, title, language, time_zone,"
                    "  created_at) SELECT id, 'C', 'en', 'Europe/Paris', created_at"
                    "  FROM organisation WHERE name = 'Labo' RETURNING *),"
                    " r AS (INSERT INTO hall (organisation_id, congress_id, name)"
                    "  SELECT organisation_id, id, 'R' FROM c RETURNING *),"
                    " s AS (INSERT INTO session (organisation_id, congress_id, hall_id, title,"
                    "  language, starts_at, planned_minutes, capacity, state, created_at)"
                    " SELECT r.organisation_id, c.id, r.id, t, 'en', '2026-10-24 23:30+00', 60,"
                    "  100, 'lobby', c.created_at FROM c, r, unnest(ARRAY['S', 'Elsewhere']) t"
                    "  RETURNING id, title)"
                    "SELECT id FROM s WHERE title = 'S'"));
    snprintf(path, sizeof path, "/api/sessions/%s/programme", session);
    snprintf(people, sizeof people, "/api/sessions/%s/speakers", session);
}

/* A new speaker's id. */
static const char *add(const char *name, char id[37])
{
    json_t *body = rest_body(olga, 201, "POST", people,
                             json_pack("{s:s,s:s}", "name", name, "affiliation", "CHU <b>"));
    snprintf(id, 37, "%s", rest_text(body, "id"));
    json_decref(body);
    return id;
}

static json_t *in(const char *speaker, const char *role)
{
    return json_pack("[{s:s,s:s}]", "speaker", speaker, "role", role);
}

static json_t *talk(const char *id, const char *title, int start, int minutes, const char *speaker)
{
    return json_pack("{s:s,s:s,s:s,s:i,s:i,s:o}", "id", id, "title", title, "abstract", "",
                     "start_minute", start, "minutes", minutes, "speakers", in(speaker, "speaker"));
}

static const char *version(void)
{
    static char text[64];
    json_t *now = rest_body(olga, 200, "GET", path, NULL);
    snprintf(text, sizeof text, "%s", rest_text(now, "version"));
    json_decref(now);
    return text;
}

/* Takes talks and speakers. */
static json_t *programme(const char *of, json_t *talks, json_t *speakers)
{
    return json_pack("{s:s,s:o,s:o}", "version", of, "talks", talks, "speakers", speakers);
}

/* "overrun overlap" … of the session now. */
static const char *warnings(void)
{
    static char text[256];
    json_t *now = rest_body(olga, 200, "GET", path, NULL);
    size_t i, len = 0;
    json_t *warning;
    text[0] = '\0';
    json_array_foreach(json_object_get(now, "warnings"), i, warning) len +=
        (size_t)snprintf(text + len, sizeof text - len, "%s ", rest_text(warning, "kind"));
    json_decref(now);
    return text;
}

static void write_two(const char *ada, const char *carl)
{
    json_decref(rest_body(
        olga, 200, "PUT", path,
        programme(version(),
                  json_pack("[o,o]", talk(T1, "One", 0, 20, ada), talk(T2, "Two", 90, 10, carl)),
                  in(ada, "chair"))));
}

START_TEST(a_programme_is_what_people_are_shown)
{
    open_rest();
    char ada[37], carl[37], sql[256];
    write_two(add("Pr Ada Lovelace", ada), add("Dr Carl", carl));
    snprintf(sql, sizeof sql, "SELECT programme_text('%s', 'fr')", session);
    /* over the end of summer time: 01:30 + 90 minutes is 02:00 for the second time */
    ck_assert_str_eq(pg_sql(rest.url, sql), "Avec Pr Ada Lovelace\n1 h 30 – One (Pr Ada Lovelace)\n"
                                            "2 h 00 – Two (Dr Carl)");
    snprintf(sql, sizeof sql,
             "SELECT programme_json('%s', true)->'talks'->0->'speakers'->0->>'affiliation'",
             session);
    ck_assert_str_eq(pg_sql(rest.url, sql), "CHU <b>");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT string_agg(type, ' ') FROM session_event"),
                     "programme.changed");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT string_agg(payload::text, ' ') FROM session_event"),
                     "{}");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM outbox WHERE to_address LIKE '%hcp%'"),
                     "0");
    rest_close();
}
END_TEST

START_TEST(who_read_an_older_programme_does_not_overwrite)
{
    open_rest();
    char ada[37], carl[37], old[64];
    add("Ada", ada);
    add("Carl", carl);
    snprintf(old, sizeof old, "%s", version());
    write_two(ada, carl);
    rest_problem(olga, 409, "programme.changed", "PUT", path,
                 programme(old, json_array(), json_array()));
    json_decref(rest_body(
        olga, 200, "PUT", path,
        programme(version(), json_pack("[o]", talk(T2, "Two", 5, 10, ada)), json_array())));
    ck_assert_str_eq(pg_sql(rest.url, "SELECT string_agg(title || start_minute, ' ') FROM talk"),
                     "Two5");
    rest_close();
}
END_TEST

START_TEST(what_is_amiss_is_told_and_not_refused)
{
    open_rest();
    char ada[37], carl[37];
    add("Ada", ada);
    add("Carl", carl);
    write_two(ada, carl);
    ck_assert_str_eq(warnings(), "overrun ");
    pg_sql(rest.url, "UPDATE talk SET start_minute = 10 WHERE title = 'Two'");
    ck_assert_str_eq(warnings(), "overlap ");
    pg_sql(rest.url, "UPDATE talk SET start_minute = 30 WHERE title = 'Two'");
    ck_assert_str_eq(warnings(), "");
    pg_sql(rest.url, "INSERT INTO session_speaker (organisation_id, session_id, speaker_id,"
                     "  position, role) SELECT s.organisation_id, s.id, p.id, 1, 'chair'"
                     "  FROM session s, speaker p WHERE s.title = 'Elsewhere' AND p.name = 'Carl'");
    ck_assert_str_eq(warnings(), "speaker ");
    rest_close();
}
END_TEST

START_TEST(bad_programmes_change_nothing)
{
    open_rest();
    char ada[37], carl[37];
    add("Ada", ada);
    add("Carl", carl);
    write_two(ada, carl);
    json_t *twice = in(ada, "chair");
    json_array_append_new(twice, json_pack("{s:s,s:s}", "speaker", ada, "role", "moderator"));
    json_t *bad[] = {
        programme(version(), json_array(), twice),
        programme(version(), json_array(), in(ada, "king")),
        programme(version(), json_array(), in(session, "chair")),
        programme(version(), json_pack("[o]", talk(T1, "", 0, 10, ada)), json_array()),
        programme(version(), json_pack("[o]", talk(T1, "A", -1, 10, ada)), json_array()),
        programme(version(), json_pack("[o]", talk(T1, "A", 0, 0, ada)), json_array()),
        programme(version(), json_pack("[o,o]", talk(T1, "A", 0, 5, ada), talk(T1, "B", 9, 5, ada)),
                  json_array()),
        programme(version(), json_string("x"), json_array()),
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        rest_problem(olga, 422, "request.invalid", "PUT", path, bad[i]);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT string_agg(title, '' ORDER BY position) FROM talk"),
                     "OneTwo");
    rest_problem(stranger, 404, "not_found", "PUT", path,
                 programme("x", json_array(), json_array()));
    rest_close();
}
END_TEST

START_TEST(a_deleted_speaker_is_named_nowhere)
{
    open_rest();
    char ada[37], carl[37], speaker[64];
    write_two(add("Pr Ada Lovelace", ada), add("Dr Carl", carl));
    snprintf(speaker, sizeof speaker, "/api/speakers/%s", ada);
    json_decref(rest_body(olga, 200, "PATCH", speaker, json_pack("{s:s}", "name", "Pr Ada King")));
    rest_problem(stranger, 404, "not_found", "DELETE", speaker, NULL);
    ck_assert_int_eq(rest_status(olga, "DELETE", speaker, NULL), 204);
    ck_assert_int_eq(rest_status(olga, "DELETE", speaker, NULL), 404);
    json_t *now = rest_body(olga, 200, "GET", path, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(now, "talks")), 2);
    ck_assert_uint_eq(json_array_size(json_object_get(now, "speakers")), 0);
    json_decref(now);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM (SELECT to_jsonb(a)::text AS t"
                                      "  FROM audit_log a UNION ALL SELECT to_jsonb(e)::text"
                                      "  FROM session_event e UNION ALL SELECT to_jsonb(p)::text"
                                      "  FROM speaker p) x WHERE t ~ 'Lovelace|King'"),
                     "0");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM session_event"
                                      " WHERE type = 'programme.changed'"),
                     "3");
    rest_close();
}
END_TEST

REST_TESTS("programme", a_programme_is_what_people_are_shown,
           who_read_an_older_programme_does_not_overwrite, what_is_amiss_is_told_and_not_refused,
           bad_programmes_change_nothing, a_deleted_speaker_is_named_nowhere)
