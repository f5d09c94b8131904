/* For the tests of reviews: a congress that reviews its registrations, its queue, and decisions. */
#ifndef AMPHI_TESTS_REVIEW_CALLS_H
#define AMPHI_TESTS_REVIEW_CALLS_H

#include "integration/registration_calls.h"

static inline void set_policy(const char *policy, bool review, bool list)
{
    char path[128];
    snprintf(path, sizeof path, "/api/congresses/%s/registration-policy", congress_id);
    json_t *stored =
        must(200, "PUT", path,
             json_pack("{s:s,s:b,s:b}", "policy", policy, "review", review, "waiting_list", list));
    ck_assert(json_is_boolean(json_object_get(stored, "review")));
    ck_assert_int_eq(json_boolean_value(json_object_get(stored, "review")), review);
    json_decref(stored);
}

static inline void open_reviewed(int capacity)
{
    open_page(capacity);
    set_policy("open", true, false);
}

/* Fills in the form of somebody with this last name, and confirms; the state that is answered. */
static inline void come_with(json_t *filled, const char *email, const char *state)
{
    json_decref(rest_body(NULL, 202, "POST", page(""), filled));
    rest_advance(1);
    struct rest_reply in = rest_call(NULL, "POST", "/api/join", join_body(email));
    ck_assert_int_eq(in.status, 202);
    ck_assert_str_eq(in.cookie, "");
    ck_assert_str_eq(rest_text(in.body, "state"), state);
    json_decref(in.body);
}

static inline void come_named(const char *email, const char *last_name)
{
    json_t *filled = form(email);
    json_object_set_new(filled, "last_name", json_string(last_name));
    come_with(filled, email, "in_review");
}

static inline void come(const char *email)
{
    come_named(email, email[0] == 'a' ? "Arnaud" : email[0] == 'b' ? "Blanc" : "Caron");
}

static inline const char *state_of(const char *email)
{
    static char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT r.state FROM registration r JOIN hcp h ON h.id = r.hcp_id"
             " WHERE h.email = '%s'",
             email);
    return value(sql);
}

static inline json_t *queue(const char *query)
{
    char path[256];
    snprintf(path, sizeof path, "/api/congresses/%s/reviews%s", congress_id, query);
    return must(200, "GET", path, NULL);
}

/* The first of a page of the queue; the page stays with the caller. */
static inline json_t *first(const json_t *page)
{
    return json_array_get(json_object_get(page, "items"), 0);
}

/* The addresses of a page, in its order. */
static inline const char *addresses(const char *query)
{
    static char all[512];
    size_t i;
    json_t *item, *page = queue(query);
    all[0] = '\0';
    json_array_foreach(json_object_get(page, "items"), i, item)
        strncat(strcat(all, *all ? " " : ""), rest_text(item, "email"), 100);
    json_decref(page);
    return all;
}

static inline const char *flags(const char *email)
{
    static char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT array_to_string(f.flags, ' ') FROM registration r"
             "  JOIN hcp h ON h.id = r.hcp_id, review_flags(ARRAY[r.id]) f WHERE h.email = '%s'",
             email);
    return value(sql);
}

static inline const char *path_of(const char *email)
{
    static char path[128];
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT r.id FROM registration r JOIN hcp h ON h.id = r.hcp_id WHERE h.email = '%s'",
             email);
    snprintf(path, sizeof path, "/api/registrations/%s/review", value(sql));
    return path;
}

static inline json_t *wish(const char *decision, int version)
{
    json_t *body = json_pack("{s:s,s:i}", "decision", decision, "version", version);
    if (strcmp(decision, "approve") != 0)
        json_object_set_new(body, "message", json_string("Envoyez <votre> carte, merci."));
    if (strcmp(decision, "decline") == 0)
        json_object_set_new(body, "reason", json_string("industry"));
    return body;
}

/* Decides; the state that is answered. */
static inline const char *decide(const char *email, const char *decision, int version)
{
    static char state[32];
    json_t *done = must(200, "POST", path_of(email), wish(decision, version));
    snprintf(state, sizeof state, "%s", rest_text(done, "state"));
    ck_assert_int_eq(
        json_integer_value(json_object_get(json_object_get(done, "review"), "version")),
        version + 1);
    json_decref(done);
    return state;
}

static inline int mails(const char *to, const char *subject)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM outbox WHERE to_address = '%s'"
             "   AND message->>'subject' LIKE '%s%%'",
             to, subject);
    return atoi(value(sql));
}

#endif
