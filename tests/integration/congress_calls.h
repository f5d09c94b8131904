/* For the tests of congresses: a congress, its sessions, people, and what is mailed to them. */
#ifndef AMPHI_TESTS_CONGRESS_CALLS_H
#define AMPHI_TESTS_CONGRESS_CALLS_H

#include "features/congress/congress.h"
#include "features/congress/congress_store.h"
#include "features/mails/mails.h"
#include "features/registration/registration.h"
#include "integration/rest.h"

static char organiser[256];

static inline void open_rest(void)
{
    const struct http_route *tables[] = {accounts_feature.routes, congress_feature.routes,
                                         registration_feature.routes, NULL};
    rest_open(tables);
    rest_organisation("Labo", "olga@labo.test", organiser);
}

static inline json_t *congress_fields(const char *time_zone)
{
    return json_pack("{s:s,s:s,s:s,s:s}", "title", "Cœur et rein", "description", "", "language",
                     "fr", "time_zone", time_zone);
}

static inline json_t *session_fields(void)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:i,s:i,s:s,s:n,s:n}", "title", "Cœur", "description", "",
                     "language", "fr", "starts_at", "2026-12-01T18:30:00Z", "planned_minutes", 60,
                     "capacity", 100, "listen_at", "01 23 45 67 89", "hall", "track");
}

static inline const char *path_of(const char *folder, const json_t *thing, const char *rest_of_path)
{
    static char path[256];
    snprintf(path, sizeof path, "/api/%s/%s%s", folder, rest_text(thing, "id"), rest_of_path);
    return path;
}

/* Its changes are told as soon as can be. */
static inline json_t *add_congress(void)
{
    json_t *congress =
        rest_body(organiser, 201, "POST", "/api/congresses", congress_fields("Europe/Paris"));
    pg_sql(rest.url, "INSERT INTO mail_setting (congress_id, organisation_id, gather_minutes)"
                     " SELECT id, organisation_id, 5 FROM congress ON CONFLICT DO NOTHING");
    return congress;
}

static inline json_t *add_session(const json_t *congress)
{
    return rest_body(organiser, 201, "POST", path_of("congresses", congress, "/sessions"),
                     session_fields());
}

/* n registered people of the only congress, straight into the tables. */
static inline void add_people(int n)
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

static const struct job_kind *const notice_jobs[] = {&session_notice, &mails_send, NULL};

/* Until no job is left that is due: whoever made the change woke the worker. */
static inline void work_off_notices(void)
{
    char sql[256];
    if (!rest.app.jobs)
        rest_start_jobs(notice_jobs);
    snprintf(
        sql, sizeof sql,
        "SELECT count(*) = 0 FROM job WHERE due_at <= to_timestamp(%lld) OR claimed_by IS NOT NULL",
        (long long)(clock_now_us(&rest.clock) / US_PER_S));
    rest_until(sql, false);
}

/* Lets this many minutes pass, and what falls due be sent. */
static inline void pass(int minutes)
{
    rest_advance(60 * minutes);
    if (rest.app.jobs)
        jobs_tick(rest.app.jobs);
    work_off_notices();
}

static inline void edit(const json_t *session, json_t *change)
{
    json_decref(rest_body(organiser, 200, "PATCH", path_of("sessions", session, ""), change));
}

static inline void publish(const json_t *session)
{
    json_decref(
        rest_body(organiser, 200, "POST", path_of("sessions", session, "/publish"), json_object()));
}

#endif
