#include "harness/audience.h"
#include "harness/pg.h"
#include <assert.h>
#include <stdio.h>

struct id audience_id(const char *text)
{
    struct id id;
    bool good = id_parse(text, &id);
    assert(good);
    (void)good;
    return id;
}

void audience_make(const char *url)
{
    pg_sql(
        url,
        "INSERT INTO organisation (id, name, contact_email, created_at) VALUES"
        " ('" AUDIENCE_ORG "', 'One', 'one@example.org', '2026-10-01'),"
        " ('" AUDIENCE_OTHER "', 'Other', 'other@example.org', '2026-10-01');"
        "INSERT INTO account (id, organisation_id, email, name, language, created_at) VALUES"
        " ('" AUDIENCE_STAFF "', '" AUDIENCE_ORG "', 'staff@example.org', 'Staff', 'en',"
        "  '2026-10-01');"
        "INSERT INTO congress (id, organisation_id, title, language, time_zone, created_at) VALUES"
        " ('" AUDIENCE_CONGRESS "', '" AUDIENCE_ORG "', 'Congress', 'en', 'Europe/Paris',"
        "  '2026-10-01');"
        "INSERT INTO hall (id, organisation_id, congress_id, name) VALUES"
        " ('" AUDIENCE_CONGRESS "', '" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS "', 'Hall');"
        "INSERT INTO session (id, organisation_id, congress_id, hall_id, title, language,"
        "  starts_at, planned_minutes, capacity, state, live_at, created_at) VALUES"
        " ('" AUDIENCE_SESSION "', '" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS "',"
        "  '" AUDIENCE_CONGRESS "', 'Session', 'en', '" AUDIENCE_LIVE_AT "', 60, 1000, 'live',"
        "  '" AUDIENCE_LIVE_AT "', '2026-10-01');"
        "INSERT INTO registration_link (id, organisation_id, congress_id, channel, code,"
        "  created_at) VALUES ('" AUDIENCE_CONGRESS "', '" AUDIENCE_ORG "',"
        "  '" AUDIENCE_CONGRESS "', 'email', 'abcdefghjkmn', '2026-10-01');"
        "INSERT INTO node (id, name, started_at, lease_at) VALUES"
        " ('" AUDIENCE_ORG "', 'main', '2026-10-01', '" AUDIENCE_LIVE_AT "')");
}

struct id audience_person(int n)
{
    char text[ID_TEXT_SIZE];
    snprintf(text, sizeof text, "00000000-0000-4000-8000-%012x", (unsigned)n);
    return audience_id(text);
}

void audience_register(const char *url, int n, const char *profession, const char *specialty,
                       const char *setting, const char *region, const char *age)
{
    char sql[2048], quoted[64] = "NULL";
    if (specialty)
        snprintf(quoted, sizeof quoted, "'%s'", specialty);
    snprintf(sql, sizeof sql,
             "INSERT INTO hcp (id, organisation_id, email, first_name, last_name, created_at)"
             " VALUES ('00000000-0000-4000-8000-%012x', '" AUDIENCE_ORG "', 'p%d@example.org',"
             "         'First%d', 'Last%d', '2026-10-02');"
             "INSERT INTO registration (id, organisation_id, congress_id, hcp_id, link_id, channel,"
             "  language, state, profession, specialty, practice_setting, region, age_band,"
             "  registered_at)"
             " VALUES ('00000000-0000-4000-8000-%012x', '" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS
             "', '00000000-0000-4000-8000-%012x', '" AUDIENCE_CONGRESS "', 'email', 'en',"
             " 'registered', '%s', %s, '%s', '%s', '%s',"
             " timestamptz '2026-10-02 12:00:00+00' + %d * interval '1 minute')",
             (unsigned)n, n, n, n, (unsigned)n, (unsigned)n, profession, quoted, setting, region,
             age, n);
    pg_sql(url, sql);
}

struct identity audience_organiser(void)
{
    return (struct identity){.roles = ROLE_ORGANISER,
                             .organisation = audience_id(AUDIENCE_ORG),
                             .person = audience_id(AUDIENCE_STAFF)};
}

struct identity audience_stranger(void)
{
    return (struct identity){.roles = ROLE_ORGANISER,
                             .organisation = audience_id(AUDIENCE_OTHER),
                             .person = audience_id(AUDIENCE_STAFF)};
}

static const char *at(int seconds, char text[128])
{
    snprintf(text, 128, "timestamptz '" AUDIENCE_LIVE_AT "' + %d * interval '1 second'", seconds);
    return text;
}

static void insert_span(const char *url, int n, int joined, const char *left, const char *gone,
                        bool on_purpose)
{
    char sql[1024], begin[128];
    snprintf(sql, sizeof sql,
             "INSERT INTO span (id, organisation_id, session_id, registration_id, kind, connection,"
             "  node_id, joined_at, left_at, gone_at, on_purpose) SELECT i, '" AUDIENCE_ORG
             "', '" AUDIENCE_SESSION
             "', '00000000-0000-4000-8000-%012x', 'connected', i, '" AUDIENCE_ORG "',"
             "  %s, %s, %s, %s FROM (SELECT gen_random_uuid() AS i) x",
             (unsigned)n, at(joined, begin), left, gone, on_purpose ? "true" : "false");
    pg_sql(url, sql);
}

void audience_span(const char *url, int n, int joined, int left, bool on_purpose)
{
    char end[128];
    insert_span(url, n, joined, left >= joined ? at(left, end) : "NULL", "NULL", on_purpose);
}

void audience_lost(const char *url, int n, int joined, int left, int gone)
{
    char end[128], known[128];
    insert_span(url, n, joined, at(left, end), at(gone, known), false);
}
