/* Rights: what a grant covers, when it ends, what a registration brings with it, and that HTTP and
 * live look-ups get the same answer. Two organisations; the first has two congresses. */
#include "db/query.h"
#include "features/congress/congress.h"
#include "grants/grants.h"
#include "integration/rest.h"

/* kind: one hexadecimal digit that says what it is; n: one that says which. */
#define ID(kind, n) "000000" #kind #n "-0000-4000-8000-000000000000"
#define LABO        ID(a, 1)
#define OTHER       ID(a, 2)
#define CONGRESS    ID(c, 1)
#define CONGRESS_2  ID(c, 2)
#define FOREIGN     ID(c, 3) /* of OTHER */
#define SESSION     ID(d, 1) /* of CONGRESS */
#define SESSION_2   ID(d, 2) /* of CONGRESS */
#define SESSION_3   ID(d, 3) /* of CONGRESS_2, a draft */
#define SESSION_4   ID(d, 4) /* of FOREIGN */
#define ACCOUNT     ID(b, 1)
#define PERSON      ID(e, 1) /* registered for CONGRESS */

static const char WORLD[] =
    "INSERT INTO organisation (id, name, contact_email, created_at) VALUES"
    " ('" LABO "', 'Labo', 'a@labo.test', '2026-01-01'),"
    " ('" OTHER "', 'Other', 'b@labo.test', '2026-01-01');"
    "INSERT INTO account (id, organisation_id, email, name, language, created_at) VALUES"
    " ('" ACCOUNT "', '" LABO "', 'henri@labo.test', 'Henri', 'fr', '2026-01-01');"
    "INSERT INTO congress (id, organisation_id, title, language, time_zone, created_at) VALUES"
    " ('" CONGRESS "', '" LABO "', 'One', 'fr', 'UTC', '2026-01-01'),"
    " ('" CONGRESS_2 "', '" LABO "', 'Two', 'fr', 'UTC', '2026-01-02'),"
    " ('" FOREIGN "', '" OTHER "', 'Three', 'fr', 'UTC', '2026-01-03');"
    "INSERT INTO hall (id, organisation_id, congress_id, name)"
    " SELECT id, organisation_id, id, 'R' FROM congress;"
    "INSERT INTO session (id, organisation_id, congress_id, hall_id, title, language, starts_at,"
    "                     planned_minutes, capacity, state, created_at)"
    " SELECT s::uuid, c.organisation_id, c.id, c.id, 'S', 'fr', '2027-01-01', 60, 100, state,"
    "        '2026-01-01' FROM (VALUES"
    "  ('" SESSION "', '" CONGRESS "', 'lobby'), ('" SESSION_2 "', '" CONGRESS "', 'lobby'),"
    "  ('" SESSION_3 "', '" CONGRESS_2 "', 'draft'), ('" SESSION_4 "', '" FOREIGN "', 'lobby'))"
    "  AS v (s, congress, state) JOIN congress c ON c.id = v.congress::uuid;"
    "INSERT INTO registration_link (id, organisation_id, congress_id, channel, code, created_at)"
    " SELECT id, organisation_id, id, 'email', 'abcdefghjkmn', '2026-01-01' FROM congress"
    "  WHERE id = '" CONGRESS "';"
    "INSERT INTO hcp (id, organisation_id, email, first_name, last_name, created_at) VALUES"
    " ('" PERSON "', '" LABO "', 'p@example.org', 'Ada', 'L', '2026-01-01');"
    "INSERT INTO registration (id, organisation_id, congress_id, hcp_id, link_id, channel, "
    "language,"
    "   state, profession, practice_setting, region, age_band, registered_at) VALUES"
    " ('" PERSON "', '" LABO "', '" CONGRESS "', '" PERSON "', '" CONGRESS "', 'email', 'fr',"
    "  'registered', '10', 'SA01', '11', '45_54', '2026-01-01')";

static char henri[128], ada[128]; /* cookies */

#define SIGN_IN(column, person)                                                                    \
    "INSERT INTO sign_in (token_hash, organisation_id, " column                                    \
    ", created_at, seen_at, expires_at)"                                                           \
    " VALUES ($1, '" LABO "', '" person "', '2026-01-01', '2026-12-31', '2026-12-31')"

static void sign_in(const char *sql, char cookie[static 128])
{
    char token[TOKEN_TEXT_SIZE];
    uint8_t hash[TOKEN_HASH_SIZE];
    token_new(token, hash);
    snprintf(cookie, 128, HTTP_COOKIE "=%s", token);
    ck_assert_int_eq(db_exec(rest.conn, sql, "x", hash, sizeof hash), ERR_OK);
}

static void open_world(void)
{
    const struct http_route *tables[] = {accounts_feature.routes, congress_feature.routes, NULL};
    rest_open(tables);
    pg_sql(rest.url, WORLD);
    sign_in(SIGN_IN("account_id", ACCOUNT), henri);
    sign_in(SIGN_IN("registration_id", PERSON), ada);
}

/* where: "congress, session" as SQL; until: SQL. */
static void give(const char *holder, const char *role, const char *where, const char *until)
{
    char sql[600];
    snprintf(sql, sizeof sql,
             "INSERT INTO role_grant (organisation_id, %s, role, congress_id, session_id,"
             " granted_at, expires_at) VALUES ('" LABO "', '%s', '%s', %s, '2026-02-01', %s)",
             strcmp(holder, PERSON) == 0 ? "registration_id" : "account_id", holder, role, where,
             until);
    pg_sql(rest.url, sql);
}

#define EVERYWHERE    "NULL, NULL"
#define IN_CONGRESS   "'" CONGRESS "', NULL"
#define IN_CONGRESS_2 "'" CONGRESS_2 "', NULL"
#define IN_SESSION    "'" CONGRESS "', '" SESSION "'"
#define IN_SESSION_3  "'" CONGRESS_2 "', '" SESSION_3 "'"
#define FOR_EVER      "NULL"
#define FOR_AN_HOUR   "to_timestamp(1795293000) + interval '1 hour'" /* from REST_NOW */

static struct grants_check ask(const char *cookie, const char *kind, const char *thing)
{
    struct grants_check check = {0}, *checks[] = {&check};
    ck_assert(token_hash(strchr(cookie, '=') + 1, check.token));
    if (thing)
        ck_assert(id_parse(thing, &check.thing));
    ck_assert_int_eq(grants_check(rest.conn, kind, checks, 1, clock_now_us(&rest.clock)), ERR_OK);
    free(check.name);
    check.name = NULL;
    return check;
}

static void expect(const char *cookie, const char *kind, const char *thing, unsigned roles,
                   unsigned inside)
{
    struct grants_check found = ask(cookie, kind, thing);
    ck_assert_msg(found.err == ERR_OK, "%s %s: %s", kind, thing, err_code(found.err));
    ck_assert_msg(found.who.roles == roles, "%s %s: roles %u", kind, thing, found.who.roles);
    ck_assert_msg(found.inside == inside, "%s %s: inside %u", kind, thing, found.inside);
}

static void expect_nothing(const char *cookie, const char *kind, const char *thing)
{
    struct grants_check found = ask(cookie, kind, thing);
    ck_assert_msg(found.err == ERR_NOT_FOUND, "%s %s: %s", kind, thing, err_code(found.err));
    ck_assert_uint_eq(found.who.roles | found.inside, 0);
}

START_TEST(a_grant_counts_at_its_place_and_inside_it)
{
    open_world();
    give(ACCOUNT, "moderator", EVERYWHERE, FOR_EVER);
    give(ACCOUNT, "host", IN_CONGRESS, FOR_EVER);
    give(ACCOUNT, "speaker", IN_SESSION, FOR_EVER);
    const unsigned m = ROLE_MODERATOR, h = ROLE_HOST, s = ROLE_SPEAKER;
    expect(henri, NULL, NULL, m, m | h | s);
    expect(henri, "account", ACCOUNT, m, m | h | s);
    expect(henri, "congress", CONGRESS, m | h, m | h | s);
    expect(henri, "congress", CONGRESS_2, m, m);
    expect(henri, "session", SESSION, m | h | s, m | h | s);
    expect(henri, "session", SESSION_2, m | h, m | h);
    expect(henri, "session", SESSION_3, m, m);
    expect(henri, "registration", PERSON, m | h, m | h | s);
    expect(henri, "person", PERSON, m, m | h | s);
    rest_close();
}
END_TEST

START_TEST(what_lies_beyond_is_not_there)
{
    open_world();
    give(ACCOUNT, "organiser", IN_SESSION, FOR_EVER);
    expect(henri, "session", SESSION, ROLE_ORGANISER, ROLE_ORGANISER);
    expect(henri, "congress", CONGRESS, 0, ROLE_ORGANISER);
    expect_nothing(henri, "session", SESSION_2);
    expect_nothing(henri, "congress", CONGRESS_2);
    expect_nothing(henri, "congress", ID(c, 9));
    ck_assert(!grants_has_kind("nonsense"));
    give(ACCOUNT, "organiser", EVERYWHERE, FOR_EVER); /* and still nothing of another's */
    expect(henri, "session", SESSION_2, ROLE_ORGANISER, ROLE_ORGANISER);
    expect_nothing(henri, "session", SESSION_4);
    expect_nothing(henri, "congress", FOREIGN);
    rest_close();
}
END_TEST

START_TEST(a_registration_makes_an_hcp_of_its_congress)
{
    open_world();
    expect(ada, NULL, NULL, ROLE_HCP, ROLE_HCP);
    expect(ada, "congress", CONGRESS, ROLE_HCP, ROLE_HCP);
    expect(ada, "session", SESSION, ROLE_HCP, ROLE_HCP);
    expect(ada, "account", ACCOUNT, 0, ROLE_HCP);
    expect_nothing(ada, "session", SESSION_3);
    pg_sql(rest.url, "UPDATE session SET state = 'draft' WHERE id = '" SESSION "'");
    expect_nothing(ada, "session", SESSION);
    /* A personal link may hold a role in one session. */
    give(PERSON, "speaker", IN_SESSION, FOR_EVER);
    expect(ada, "session", SESSION, ROLE_HCP | ROLE_SPEAKER, ROLE_HCP | ROLE_SPEAKER);
    expect(ada, "session", SESSION_2, ROLE_HCP, ROLE_HCP);
    pg_sql(rest.url, "UPDATE registration SET state = 'cancelled', cancelled_at = now()");
    ck_assert_int_eq(ask(ada, "session", SESSION).err, ERR_UNAUTHENTICATED);
    rest_close();
}
END_TEST

START_TEST(a_grant_ends_at_its_time)
{
    open_world();
    give(ACCOUNT, "host", IN_CONGRESS, FOR_AN_HOUR);
    give(ACCOUNT, "speaker", IN_SESSION, FOR_EVER);
    int64_t end = REST_NOW + 3600 * US_PER_S, sign_in_ends = 1798675200 * US_PER_S;
    ck_assert(ask(henri, "session", SESSION).until == end);
    rest_advance(3599);
    ck_assert_int_eq(rest_status(henri, "GET", "/api/congresses/" CONGRESS, NULL), 200);
    expect(henri, "session", SESSION_2, ROLE_HOST, ROLE_HOST);
    rest_advance(1);
    expect_nothing(henri, "session", SESSION_2);
    expect(henri, "session", SESSION, ROLE_SPEAKER, ROLE_SPEAKER);
    ck_assert(ask(henri, "session", SESSION).until == sign_in_ends);
    rest_close();
}
END_TEST

START_TEST(without_any_grant_nobody_is_signed_in)
{
    open_world();
    ck_assert_int_eq(ask(henri, NULL, NULL).err, ERR_UNAUTHENTICATED);
    rest_problem(henri, 401, "auth.required", "GET", "/api/me", NULL);
    give(ACCOUNT, "host", IN_SESSION, FOR_AN_HOUR);
    json_t *me = rest_body(henri, 200, "GET", "/api/me", NULL);
    json_t *roles = json_object_get(json_object_get(me, "account"), "roles");
    ck_assert_uint_eq(json_array_size(roles), 0); /* in the whole organisation */
    json_decref(me);
    rest_advance(3600);
    rest_problem(henri, 401, "auth.required", "GET", "/api/me", NULL);
    rest_close();
}
END_TEST

static json_t *items(const char *path)
{
    json_t *body = rest_body(henri, 200, "GET", path, NULL);
    json_t *list = json_incref(json_object_get(body, "items"));
    json_decref(body);
    return list;
}

START_TEST(lists_show_what_may_be_seen)
{
    open_world();
    give(ACCOUNT, "host", IN_SESSION, FOR_AN_HOUR);
    json_t *list = items("/api/congresses");
    ck_assert_uint_eq(json_array_size(list), 1);
    json_t *one = json_array_get(list, 0);
    ck_assert_str_eq(rest_text(one, "id"), CONGRESS);
    ck_assert_int_eq(json_integer_value(json_object_get(one, "session_count")), 1);
    json_decref(list);
    json_t *whole = rest_body(henri, 200, "GET", "/api/congresses/" CONGRESS, NULL);
    json_t *sessions = json_object_get(whole, "sessions");
    ck_assert_uint_eq(json_array_size(sessions), 1);
    ck_assert_str_eq(rest_text(json_array_get(sessions, 0), "id"), SESSION);
    json_decref(whole);
    rest_problem(henri, 404, "not_found", "GET", "/api/congresses/" CONGRESS_2, NULL);
    rest_problem(henri, 404, "not_found", "GET", "/api/sessions/" SESSION_2, NULL);
    rest_problem(henri, 404, "not_found", "GET", "/api/sessions/nonsense", NULL);
    rest_problem(henri, 403, "auth.forbidden", "PATCH", "/api/congresses/" CONGRESS, NULL);
    rest_problem(henri, 403, "auth.forbidden", "GET", "/api/staff", NULL);
    rest_problem(henri, 403, "auth.forbidden", "POST", "/api/congresses", json_object());
    give(ACCOUNT, "speaker", IN_CONGRESS, FOR_EVER);
    whole = rest_body(henri, 200, "GET", "/api/congresses/" CONGRESS, NULL);
    ck_assert_uint_eq(json_array_size(json_object_get(whole, "sessions")), 2);
    json_decref(whole);
    give(ACCOUNT, "moderator", EVERYWHERE, FOR_EVER);
    list = items("/api/congresses");
    ck_assert_uint_eq(json_array_size(list), 2);
    json_decref(list);
    rest_close();
}
END_TEST

START_TEST(an_organiser_of_one_congress_is_one_there_alone)
{
    open_world();
    give(ACCOUNT, "organiser", IN_CONGRESS, FOR_EVER);
    json_t *title = json_pack("{s:s}", "title", "New");
    ck_assert_int_eq(rest_status(henri, "PATCH", "/api/congresses/" CONGRESS, json_incref(title)),
                     200);
    ck_assert_int_eq(rest_status(henri, "PATCH", "/api/sessions/" SESSION_2, json_incref(title)),
                     200);
    ck_assert_int_eq(rest_status(henri, "PATCH", "/api/congresses/" CONGRESS_2, json_incref(title)),
                     404);
    ck_assert_int_eq(rest_status(henri, "PATCH", "/api/sessions/" SESSION_3, title), 404);
    rest_problem(henri, 403, "auth.forbidden", "PATCH", "/api/organisation", json_object());
    rest_problem(henri, 403, "auth.forbidden", "PATCH", "/api/staff/" ACCOUNT, json_object());
    rest_close();
}
END_TEST

START_TEST(the_staff_api_sets_roles_of_the_whole_organisation)
{
    char olga[256];
    open_world();
    rest_organisation("New", "olga@labo.test", olga);
    json_t *host = rest_body(olga, 201, "POST", "/api/staff",
                             json_pack("{s:s,s:s,s:s,s:[s,s]}", "email", "h@labo.test", "name", "H",
                                       "language", "fr", "roles", "host", "speaker"));
    char path[128], sql[600];
    snprintf(path, sizeof path, "/api/staff/%s", rest_text(host, "id"));
    snprintf(sql, sizeof sql,
             "WITH c AS (INSERT INTO congress (organisation_id, title, language, time_zone,"
             " created_at) SELECT organisation_id, 'C', 'fr', 'UTC', now() FROM account"
             " WHERE id = '%s' RETURNING *) INSERT INTO role_grant (organisation_id, account_id,"
             " role, congress_id, granted_at) SELECT organisation_id, '%s', 'organiser', id, now()"
             " FROM c",
             rest_text(host, "id"), rest_text(host, "id"));
    pg_sql(rest.url, sql);
    rest_advance(60);
    json_t *after = rest_body(olga, 200, "PATCH", path,
                              json_pack("{s:[s,s]}", "roles", "moderator", "speaker"));
    json_t *wanted = json_pack("[s,s]", "moderator", "speaker");
    ck_assert(json_equal(json_object_get(after, "roles"), wanted));
    ck_assert_str_eq(
        pg_sql(rest.url, "SELECT string_agg(role || CASE WHEN revoked_at IS NULL THEN '' ELSE '-'"
                         " END || CASE WHEN congress_id IS NULL THEN '' ELSE '@' END, ' ' ORDER BY"
                         " role) FROM role_grant JOIN account a ON a.id = account_id"
                         " WHERE a.email = 'h@labo.test'"),
        "host- moderator organiser@ speaker");
    ck_assert_str_eq(pg_sql(rest.url,
                            "SELECT count(*) FROM role_grant g JOIN account a"
                            "    ON a.id = g.granted_by WHERE a.email = 'olga@labo.test'"),
                     "3"); /* host, speaker, moderator */
    json_decref(wanted);
    json_decref(after);
    json_decref(host);
    rest_close();
}
END_TEST

START_TEST(an_expired_role_may_be_given_again)
{
    open_world();
    give(ACCOUNT, "host", EVERYWHERE, FOR_AN_HOUR);
    rest_advance(3600);
    struct id labo, account;
    ck_assert(id_parse(LABO, &labo) && id_parse(ACCOUNT, &account));
    ck_assert_int_eq(
        grants_set(rest.conn, &labo, &account, ROLE_HOST, NULL, clock_now_us(&rest.clock)), ERR_OK);
    expect(henri, NULL, NULL, ROLE_HOST, ROLE_HOST);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM role_grant"), "2");
    rest_close();
}
END_TEST

START_TEST(an_organiser_for_a_while_does_not_count_as_the_last_one)
{
    char olga[256], path[128];
    open_world();
    rest_organisation("New", "olga@labo.test", olga);
    rest_advance(1); /* the list is by time */
    json_t *two = rest_body(olga, 201, "POST", "/api/staff",
                            json_pack("{s:s,s:s,s:s,s:[s]}", "email", "two@labo.test", "name", "T",
                                      "language", "fr", "roles", "host"));
    pg_sql(rest.url, "INSERT INTO role_grant (organisation_id, account_id, role, granted_at,"
                     " expires_at) SELECT organisation_id, id, 'organiser', '2026-01-01',"
                     " '2027-01-01' FROM account WHERE email = 'two@labo.test'");
    json_t *list = rest_body(olga, 200, "GET", "/api/staff", NULL);
    json_t *first = json_array_get(json_object_get(list, "items"), 0);
    snprintf(path, sizeof path, "/api/staff/%s", rest_text(first, "id"));
    rest_problem(olga, 409, "staff.last_organiser", "PATCH", path,
                 json_pack("{s:[s]}", "roles", "host"));
    json_decref(list);
    json_decref(two);
    rest_close();
}
END_TEST

#define GRANT(values)                                                                              \
    "INSERT INTO role_grant (organisation_id, account_id, registration_id, role, congress_id,"     \
    " session_id, granted_at, expires_at) VALUES (" values ")"

START_TEST(no_grant_crosses_a_border)
{
    open_world();
    static const struct {
        const char *sql;
        enum err err;
    } cases[] = {
        {GRANT("'" LABO "', '" ACCOUNT "', NULL, 'host', '" FOREIGN "', NULL, now(), NULL"),
         ERR_NOT_FOUND},
        {GRANT("'" OTHER "', '" ACCOUNT "', NULL, 'host', NULL, NULL, now(), NULL"), ERR_NOT_FOUND},
        {GRANT("'" LABO "', '" ACCOUNT "', NULL, 'host', '" CONGRESS_2 "', '" SESSION
               "', now(), NULL"),
         ERR_NOT_FOUND},
        {GRANT("'" LABO "', NULL, '" PERSON "', 'speaker', '" CONGRESS_2 "', NULL, now(), NULL"),
         ERR_NOT_FOUND},
        {GRANT("'" LABO "', NULL, '" PERSON "', 'speaker', NULL, NULL, now(), NULL"), ERR_INVALID},
        {GRANT("'" LABO "', '" ACCOUNT "', '" PERSON "', 'host', '" CONGRESS
               "', NULL, now(), NULL"),
         ERR_INVALID},
        {GRANT("'" LABO "', '" ACCOUNT "', NULL, 'host', NULL, '" SESSION "', now(), NULL"),
         ERR_INVALID},
        {GRANT("'" LABO "', '" ACCOUNT "', NULL, 'hcp', NULL, NULL, now(), NULL"), ERR_INVALID},
        {GRANT("'" LABO "', '" ACCOUNT "', NULL, 'host', NULL, NULL, now(), now()"), ERR_INVALID},
        {GRANT("'" LABO "', '" ACCOUNT "', NULL, 'host', '" CONGRESS "', NULL, now(), NULL"),
         ERR_OK},
        {GRANT("'" LABO "', '" ACCOUNT "', NULL, 'host', '" CONGRESS "', NULL, now(), NULL"),
         ERR_CONFLICT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        enum err err = db_exec(rest.conn, cases[i].sql, "");
        ck_assert_msg(err == cases[i].err, "%s: %d", cases[i].sql, (int)err);
    }
    rest_close();
}
END_TEST

START_TEST(a_grant_only_ends)
{
    open_world();
    give(ACCOUNT, "host", EVERYWHERE, FOR_EVER);
    static const char *const refused[] = {
        "DELETE FROM role_grant", "TRUNCATE role_grant", "UPDATE role_grant SET role = 'organiser'",
        "UPDATE role_grant SET expires_at = '2027-01-01', revoked_at = '2026-12-01'",
        "UPDATE role_grant SET congress_id = '" CONGRESS "', revoked_at = '2026-12-01'"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        ck_assert_msg(db_exec(rest.conn, refused[i], "") == ERR_INTERNAL, "%s", refused[i]);
    ck_assert_int_eq(db_exec(rest.conn, "UPDATE role_grant SET revoked_at = '2026-12-01'", ""),
                     ERR_OK);
    ck_assert_int_eq(db_exec(rest.conn, "UPDATE role_grant SET revoked_at = NULL", ""),
                     ERR_INTERNAL);
    ck_assert_int_eq(ask(henri, NULL, NULL).err, ERR_UNAUTHENTICATED);
    rest_close();
}
END_TEST

START_TEST(a_batch_answers_each_check)
{
    open_world();
    give(ACCOUNT, "host", IN_SESSION, FOR_EVER);
    struct grants_check checks[3] = {0}, *all[] = {&checks[0], &checks[1], &checks[2]};
    const char *cookies[] = {ada, henri, "x=unknown"};
    for (int i = 0; i < 3; i++) {
        if (i < 2)
            ck_assert(token_hash(strchr(cookies[i], '=') + 1, checks[i].token));
        ck_assert(id_parse(SESSION, &checks[i].thing));
    }
    ck_assert_int_eq(grants_check(rest.conn, "session", all, 3, clock_now_us(&rest.clock)), ERR_OK);
    ck_assert_uint_eq(checks[0].who.roles, ROLE_HCP);
    ck_assert_str_eq(checks[0].name, "Ada L");
    ck_assert_uint_eq(checks[1].who.roles, ROLE_HOST);
    ck_assert_str_eq(checks[1].name, "Henri");
    ck_assert_int_eq(checks[2].err, ERR_UNAUTHENTICATED);
    char text[ID_TEXT_SIZE];
    ck_assert_str_eq(id_text(&checks[1].place.congress, text), CONGRESS);
    ck_assert_str_eq(id_text(&checks[1].place.session, text), SESSION);
    for (int i = 0; i < 2; i++)
        free(checks[i].name);
    rest_close();
}
END_TEST

REST_TESTS("grants", a_grant_counts_at_its_place_and_inside_it, what_lies_beyond_is_not_there,
           a_registration_makes_an_hcp_of_its_congress, a_grant_ends_at_its_time,
           without_any_grant_nobody_is_signed_in, lists_show_what_may_be_seen,
           an_organiser_of_one_congress_is_one_there_alone,
           the_staff_api_sets_roles_of_the_whole_organisation, an_expired_role_may_be_given_again,
           an_organiser_for_a_while_does_not_count_as_the_last_one, no_grant_crosses_a_border,
           a_grant_only_ends, a_batch_answers_each_check)
