/* Guest speakers over HTTP: a link for one session that lets its holder in until a day after the
 * session's end and opens nothing else; taken back, nothing of it is left. */
#include "features/guest_speakers/guest_speakers.h"
#include "integration/rest.h"
#include <string.h>

#define STARTS   "2026-11-21 23:00+00"
#define NO_PROOF "UPDATE sign_in SET proved_at = '2026-01-01'"

static char olga[256], session[37], list[128];

static void open_rest(void)
{
    const struct http_route *tables[] = {accounts_feature.routes, guest_speakers_feature.routes,
                                         NULL};
    rest_open(tables);
    rest_organisation("Labo", "olga@labo.test", olga);
    snprintf(session, sizeof session, "%s",
             pg_sql(rest.url,
                    "WITH c AS (INSERT INTO congress (organisation_id, title, language, time_zone,"
                    "  created_at) SELECT id, 'C', 'en', 'Europe/Paris', created_at"
                    "  FROM organisation RETURNING *),"
                    " r AS (INSERT INTO hall (organisation_id, congress_id, name)"
                    "  SELECT organisation_id, id, 'R' FROM c RETURNING *)"
                    " INSERT INTO session (organisation_id, congress_id, hall_id, title, language,"
                    "  starts_at, planned_minutes, capacity, state, created_at)"
                    " SELECT r.organisation_id, c.id, r.id, 'S', 'en', '" STARTS
                    "', 60, 100, 'lobby', c.created_at FROM c, r RETURNING id"));
    snprintf(list, sizeof list, "/api/sessions/%s/guest-speakers", session);
}

static json_t *guest_body(const char *email)
{
    return json_pack("{s:s,s:s,s:s}", "name", "Dr Anne Roux", "email", email, "language", "fr");
}

/* The guest's id; token: of the mail that waits last. */
static const char *invite(const char *email, char id[37], char token[64])
{
    json_t *added = rest_body(olga, 201, "POST", list, guest_body(email));
    snprintf(id, 37, "%s", rest_text(added, "id"));
    ck_assert_str_eq(rest_text(added, "state"), "invited");
    json_decref(added);
    snprintf(token, 64, "%s", rest_mailed_token(email, "/speaker"));
    return token;
}

static struct rest_reply enter(const char *token)
{
    return rest_call("", "POST", "/api/guest-speaker", json_pack("{s:s}", "token", token));
}

/* Their cookie. */
static void come(const char *token, char cookie[256])
{
    struct rest_reply reply = enter(token);
    ck_assert_int_eq(reply.status, 200);
    snprintf(cookie, 256, "%s", reply.cookie);
    json_decref(reply.body);
}

static void expect(const char *cookie, int status, const char *method, const char *path,
                   json_t *body)
{
    json_decref(rest_body(cookie, status, method, path, body));
}

static void expect_dead(const char *token)
{
    struct rest_reply reply = enter(token);
    ck_assert_int_eq(reply.status, 410);
    json_decref(reply.body);
}

START_TEST(the_link_lets_in_as_often_as_one_likes_until_a_day_after_the_end)
{
    char id[37], token[64], cookie[256], again[256];
    open_rest();
    invite("anne@chu.test", id, token);
    come(token, cookie);
    come(token, again);
    expect(cookie, 200, "GET", "/api/me", NULL);
    pg_sql(rest.url, "UPDATE session SET starts_at = starts_at + interval '5 days' RETURNING 1");
    rest_advance(5 * 86400);
    come(token, cookie); /* it moved with its session */
    rest_advance(2 * 86400);
    expect_dead(token);
    expect(cookie, 401, "GET", "/api/me", NULL);
    pg_sql(rest.url, "UPDATE session SET state = 'live', live_at = starts_at RETURNING 1");
    come(token, cookie); /* a session that runs has not ended */
    rest_close();
}
END_TEST

START_TEST(a_guest_has_one_role_in_one_session_and_no_account_of_their_own)
{
    static const char *const own[][2] = {
        {"GET", "/api/me/factors"},         {"POST", "/api/me/totp"},
        {"POST", "/api/me/recovery-codes"}, {"POST", "/api/me/passkeys/challenge"},
        {"PUT", "/api/me/password"},        {"POST", "/api/me/proof/mail"},
    };
    char id[37], token[64], cookie[256];
    open_rest();
    come(invite("anne@chu.test", id, token), cookie);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT string_agg(role || ' ' || (session_id IS NOT NULL),"
                                      " ',') FROM role_grant WHERE role <> 'organiser'"),
                     "speaker true");
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        expect(cookie, 403, own[i][0], own[i][1], json_object());
    expect(cookie, 403, "GET", list, NULL);
    expect(cookie, 403, "GET", "/api/staff", NULL);
    json_t *team = rest_body(olga, 200, "GET", "/api/staff", NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(team, "items")), 1);
    json_decref(team);
    char path[128];
    snprintf(path, sizeof path, "/api/staff/%s", id);
    expect(olga, 404, "PATCH", path, json_pack("{s:[s]}", "roles", "organiser"));
    rest_close();
}
END_TEST

START_TEST(taken_back_nothing_is_left_of_it)
{
    char id[37], token[64], cookie[256], path[128], sql[400];
    open_rest();
    come(invite("anne@chu.test", id, token), cookie);
    snprintf(sql, sizeof sql,
             "INSERT INTO stage_person (session_id, organisation_id, account_id, place, picture,"
             " muted, camera_off, screen, since) SELECT s.id, s.organisation_id, '%s', 'stage',"
             " true, false, false, false, now() FROM session s RETURNING 1",
             id);
    pg_sql(rest.url, sql);
    snprintf(path, sizeof path, "/api/guest-speakers/%s", id);
    pg_sql(rest.url, NO_PROOF " RETURNING 1"); /* whoever has to go has to go now */
    expect(olga, 204, "DELETE", path, NULL);
    expect(cookie, 401, "GET", "/api/me", NULL);
    expect_dead(token);
    expect(olga, 404, "DELETE", path, NULL);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM stage_person"), "0");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT string_agg(type, ' ') FROM session_event"),
                     "stage.left");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM guest_speaker"
                                      " WHERE email IS NOT NULL OR secret_hash IS NOT NULL"),
                     "0");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM outbox WHERE message IS NOT NULL"),
                     "0");
    rest_close();
}
END_TEST

START_TEST(a_new_mail_ends_the_link_before_and_nobody_is_signed_out)
{
    char id[37], token[64], cookie[256], path[128];
    open_rest();
    come(invite("anne@chu.test", id, token), cookie);
    snprintf(path, sizeof path, "/api/guest-speakers/%s/send", id);
    expect(olga, 429, "POST", path, json_object());
    rest_advance(61);
    expect(olga, 204, "POST", path, json_object());
    expect_dead(token);
    expect(cookie, 200, "GET", "/api/me", NULL);
    rest_close();
}
END_TEST

START_TEST(who_may_not_be_invited_is_refused_with_a_reason)
{
    char id[37], token[64];
    open_rest();
    invite("anne@chu.test", id, token);
    rest_problem(olga, 409, "guest_speaker.exists", "POST", list, guest_body("Anne@CHU.test"));
    json_t *stranger = guest_body("b@chu.test");
    json_object_set_new(stranger, "speaker", json_string(id)); /* nobody of the programme */
    expect(olga, 422, "POST", list, stranger);
    pg_sql(rest.url, "UPDATE session SET state = 'cancelled' RETURNING 1");
    rest_problem(olga, 409, "session.state", "POST", list, guest_body("c@chu.test"));
    pg_sql(rest.url, NO_PROOF " RETURNING 1");
    rest_problem(olga, 403, "auth.fresh", "POST", list, guest_body("d@chu.test"));
    rest_close();
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests(
        "guest_speakers",
        (const TTest *const[]){the_link_lets_in_as_often_as_one_likes_until_a_day_after_the_end,
                               a_guest_has_one_role_in_one_session_and_no_account_of_their_own,
                               taken_back_nothing_is_left_of_it,
                               a_new_mail_ends_the_link_before_and_nobody_is_signed_out,
                               who_may_not_be_invited_is_refused_with_a_reason, NULL});
}
