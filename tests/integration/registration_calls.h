/* For the tests of registration: a congress with its page, forms, and what their mails open. */
#ifndef AMPHI_TESTS_REGISTRATION_CALLS_H
#define AMPHI_TESTS_REGISTRATION_CALLS_H

#include "db/query.h"
#include "features/audit/audit.h"
#include "features/congress/congress.h"
#include "features/registration/registration_store.h"
#include "features/registry/registry.h"
#include "harness/wait.h"
#include "integration/rest.h"

static char organiser[256];
static char congress_id[ID_TEXT_SIZE], code[16];

static inline json_t *must(int status, const char *method, const char *path, json_t *body)
{
    return rest_body(organiser, status, method, path, body);
}

static inline json_t *session_body(int capacity)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:i,s:i,s:s}", "title", "Cœur", "description", "",
                     "language", "fr", "starts_at", "2026-12-01T18:30:00Z", "planned_minutes", 60,
                     "capacity", capacity, "listen_at", "01 23 45 67 89");
}

/* An organisation with one published session and one registration link. */
static inline void open_page(int capacity)
{
    const struct http_route *tables[] = {accounts_feature.routes,     congress_feature.routes,
                                         registration_feature.routes, registry_feature.routes,
                                         audit_feature.routes,        NULL};
    char path[256];
    rest_open(tables);
    rest_organisation("Labo", "olga@labo.test", organiser);
    json_t *congress = must(201, "POST", "/api/congresses",
                            json_pack("{s:s,s:s,s:s,s:s}", "title", "Cœur", "description", "",
                                      "language", "fr", "time_zone", "Europe/Paris"));
    snprintf(congress_id, sizeof congress_id, "%s", rest_text(congress, "id"));
    json_decref(congress);
    snprintf(path, sizeof path, "/api/congresses/%s/sessions", congress_id);
    json_t *session = must(201, "POST", path, session_body(capacity));
    snprintf(path, sizeof path, "/api/sessions/%s/publish", rest_text(session, "id"));
    json_decref(must(200, "POST", path, json_object()));
    json_decref(session);
    snprintf(path, sizeof path, "/api/congresses/%s/links", congress_id);
    json_t *link =
        must(201, "POST", path, json_pack("{s:s,s:s}", "channel", "email", "label", "Invitation"));
    snprintf(code, sizeof code, "%s", rest_text(link, "code"));
    char url[128];
    snprintf(url, sizeof url, REST_BASE "/r/%s", code);
    ck_assert_str_eq(rest_text(link, "url"), url);
    json_decref(link);
}

static inline const char *page(const char *rest_of_path)
{
    static char path[128];
    snprintf(path, sizeof path, "/api/registration-pages/%s%s", code, rest_of_path);
    return path;
}

static inline json_t *form(const char *email)
{
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:[{s:s,s:i,s:b},{s:s,s:i,s:b}]}",
                     "email", email, "first_name", "Anne", "last_name", "Martin", "language", "fr",
                     "profession", "10", "specialty", "SM04", "practice_setting", "SA07", "region",
                     "11", "age_band", "45_54", "consents", "kind", "participation", "version", 1,
                     "given", 1, "kind", "contact", "version", 1, "given", 0);
}

static inline json_t *form_with(const char *field, json_t *value)
{
    json_t *body = form("anne@hcp.test");
    json_object_set_new(body, field, value);
    return body;
}

/* Fills in the form, and no more. */
static inline void ask(const char *email)
{
    json_decref(rest_body(NULL, 202, "POST", page(""), form(email)));
}

static inline json_t *join_body(const char *email)
{
    const char *token = rest_mailed_token(email, "join");
    ck_assert_msg(*token, "no link was mailed to %s", email);
    return json_pack("{s:s}", "token", token);
}

static inline void join(const char *email, char cookie[256])
{
    struct rest_reply in = rest_call(NULL, "POST", "/api/join", join_body(email));
    ck_assert_int_eq(in.status, 200);
    snprintf(cookie, 256, "%s", in.cookie);
    json_decref(in.body);
}

/* Fills in the form and confirms by the mail. */
static inline void register_person(const char *email)
{
    char cookie[256];
    ask(email);
    join(email, cookie);
}

/* The job has mailed all links that were asked for. */
static inline void links_mailed(void)
{
    static const struct job_kind *const kinds[] = {&registration_links, NULL};
    if (!rest.app.jobs)
        rest_start_jobs(kinds);
    jobs_wake(rest.app.jobs, &registration_links);
    rest_until("SELECT NOT EXISTS (SELECT 1 FROM registration_link_request)", false);
}

/* Asks for one's link again, by the page, until it is mailed. */
static inline void ask_links(const char *email)
{
    json_decref(
        rest_body(NULL, 202, "POST", page("/send-link"), json_pack("{s:s}", "email", email)));
    links_mailed();
}

static inline const char *value(const char *sql)
{
    return pg_sql(rest.url, sql);
}

#endif
