/* Polls are prepared over HTTP: as drafts only, in order, inside one organisation. */
#include "features/polls/polls.h"
#include "features/polls/polls_routes.h"
#include "integration/rest.h"
#include "unit/run.h"

static char olga[256], stranger[256], session[37], path[128];

static void open_rest(void)
{
    const struct http_route *tables[] = {accounts_feature.routes, polls_feature.routes, NULL};
    rest_open(tables);
    rest_organisation("Labo", "olga@labo.test", olga);
    rest_organisation("Other", "sven@other.test", stranger);
    snprintf(session, sizeof session, "%s",
             pg_sql(rest.url,
                    "WITH c AS (INSERT INTO congress (organisation_id, title, language, time_zone,"
                    "  created_at) SELECT id, 'C', 'en', 'Europe/Paris', created_at"
                    "  FROM organisation WHERE name = 'Labo' RETURNING *),"
                    " r AS (INSERT INTO hall (organisation_id, congress_id, name)"
                    "  SELECT organisation_id, id, 'R' FROM c RETURNING *)"
                    "INSERT INTO session (organisation_id, congress_id, hall_id, title, language,"
                    "  starts_at, planned_minutes, capacity, state, created_at)"
                    " SELECT r.organisation_id, c.id, r.id, 'S', 'en', c.created_at, 60, 100,"
                    "  'lobby', c.created_at FROM c, r RETURNING id"));
    snprintf(path, sizeof path, "/api/sessions/%s/polls", session);
}

static json_t *draft(const char *question)
{
    return json_pack("{s:s,s:s,s:[s,s]}", "question", question, "choice", "single", "options",
                     "Yes", "No");
}

/* A new poll's path. */
static const char *add(const char *question, char poll[64])
{
    json_t *body = rest_body(olga, 201, "POST", path, draft(question));
    ck_assert_str_eq(rest_text(body, "state"), "draft");
    snprintf(poll, 64, "/api/polls/%s", rest_text(body, "id"));
    json_decref(body);
    return poll;
}

/* Questions of the list, in order, joined. */
static const char *listed(void)
{
    static char text[256];
    json_t *body = rest_body(olga, 200, "GET", path, NULL);
    size_t i, len = 0;
    json_t *poll;
    text[0] = '\0';
    json_array_foreach(json_object_get(body, "items"), i, poll)
    {
        ck_assert_uint_eq(json_array_size(json_object_get(poll, "options")) > 1, true);
        len += (size_t)snprintf(text + len, sizeof text - len, "%s", rest_text(poll, "question"));
    }
    json_decref(body);
    return text;
}

START_TEST(drafts_are_written_changed_and_deleted)
{
    open_rest();
    char a[64], b[64];
    add("A", a);
    add("B", b);
    json_t *edited = rest_body(olga, 200, "PATCH", a,
                               json_pack("{s:s,s:s,s:[s,s,s]}", "question", "C", "choice",
                                         "multiple", "options", "1", "2", "3"));
    ck_assert_str_eq(rest_text(edited, "choice"), "multiple");
    ck_assert_uint_eq(json_array_size(json_object_get(edited, "options")), 3);
    json_decref(edited);
    ck_assert_str_eq(listed(), "CB");
    ck_assert_int_eq(rest_status(olga, "DELETE", a, NULL), 204);
    ck_assert_int_eq(rest_status(olga, "DELETE", a, NULL), 404);
    ck_assert_str_eq(listed(), "B");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT string_agg(action, ' ' ORDER BY id) FROM audit_log"
                                      " WHERE object_kind = 'poll'"),
                     "poll.create poll.create poll.edit poll.delete");
    rest_close();
}
END_TEST

START_TEST(order_is_by_list_or_by_place)
{
    open_rest();
    char polls[4][64];
    static const char *const names[] = {"A", "B", "C", "D"};
    json_t *order = json_array();
    for (int i = 0; i < 4; i++)
        add(names[i], polls[i]);
    for (int i = 3; i >= 0; i--)
        json_array_append_new(order, json_string(polls[i] + strlen("/api/polls/")));
    char order_path[160];
    snprintf(order_path, sizeof order_path, "%s/order", path);
    ck_assert_int_eq(rest_status(olga, "PUT", order_path, json_pack("{s:O}", "polls", order)), 204);
    ck_assert_str_eq(listed(), "DCBA");
    static const struct {
        int poll, place;
        const char *after;
    } moves[] = {{3, 4, "CBAD"}, {3, 1, "DCBA"}, {0, 2, "DACB"}, {1, 100, "DACB"}, {2, 3, "DACB"}};
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        json_decref(rest_body(olga, 200, "PATCH", polls[moves[i].poll],
                              json_pack("{s:i}", "position", moves[i].place)));
        ck_assert_str_eq(listed(), moves[i].after);
    }
    json_array_remove(order, 0);
    rest_problem(olga, 422, "request.invalid", "PUT", order_path,
                 json_pack("{s:O}", "polls", order));
    json_array_append(order, json_array_get(order, 0));
    rest_problem(olga, 422, "request.invalid", "PUT", order_path,
                 json_pack("{s:o}", "polls", order));
    ck_assert_str_eq(listed(), "DACB");
    rest_close();
}
END_TEST

START_TEST(what_was_opened_stays_as_it_is)
{
    open_rest();
    char a[64];
    add("A", a);
    pg_sql(rest.url, "UPDATE poll SET state = 'open', opened_at = created_at");
    rest_problem(olga, 409, "poll.state", "PATCH", a, json_pack("{s:s}", "question", "B"));
    rest_problem(olga, 409, "poll.state", "DELETE", a, NULL);
    pg_sql(rest.url, "UPDATE session SET state = 'cancelled'");
    rest_problem(olga, 409, "session.state", "POST", path, draft("B"));
    ck_assert_str_eq(listed(), "A");
    rest_close();
}
END_TEST

START_TEST(nothing_crosses_the_border_of_an_organisation)
{
    open_rest();
    char a[64], order_path[160];
    add("A", a);
    snprintf(order_path, sizeof order_path, "%s/order", path);
    rest_problem(stranger, 404, "not_found", "GET", path, NULL);
    rest_problem(stranger, 404, "not_found", "POST", path, draft("B"));
    rest_problem(stranger, 404, "not_found", "PATCH", a, json_pack("{s:s}", "question", "B"));
    rest_problem(stranger, 404, "not_found", "DELETE", a, NULL);
    rest_problem(stranger, 404, "not_found", "PUT", order_path,
                 json_pack("{s:[s]}", "polls", a + strlen("/api/polls/")));
    ck_assert_str_eq(listed(), "A");
    rest_close();
}
END_TEST

START_TEST(a_session_has_a_bounded_number_of_polls)
{
    open_rest();
    pg_sql(rest.url, "INSERT INTO poll (organisation_id, session_id, position, question, choice,"
                     " created_at) SELECT organisation_id, id, n, 'Q', 'single', created_at"
                     " FROM session, generate_series(1, 100) n");
    rest_problem(olga, 409, "poll.limit", "POST", path, draft("B"));
    rest_problem(olga, 422, "request.invalid", "POST", path, json_pack("{s:s}", "question", "B"));
    rest_close();
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests("polls routes",
                     (const TTest *const[]){drafts_are_written_changed_and_deleted,
                                            order_is_by_list_or_by_place,
                                            what_was_opened_stays_as_it_is,
                                            nothing_crosses_the_border_of_an_organisation,
                                            a_session_has_a_bounded_number_of_polls, NULL});
}
