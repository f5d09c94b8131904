/* What a request ends is over at once in every open connection, however many there are: requests on
 * a database, connections of loops beside it. */
#include "features/accounts/accounts_store.h"
#include "features/congress/congress.h"
#include "features/registration/registration.h"
#include "harness/live.h"
#include "harness/talk.h"
#include "integration/rest.h"

#define MANY 300

static struct live *live;
static char cookie[256];

static void open_both(void)
{
    const struct http_route *tables[] = {accounts_feature.routes, congress_feature.routes,
                                         registration_feature.routes, NULL};
    rest_open(tables);
    rest_organisation("Labo", "olga@labo.test", cookie);
    live = talk_start(2);
    rest.app.dispatchers = live->peers;
    rest.app.loops = live->loops;
}

static void close_both(void)
{
    rest_close();
    live_free(live);
}

/* The first, the last and one of somebody else. */
static void open_three(unsigned roles, uint64_t conns[3])
{
    for (int i = 0; i < 3; i++)
        conns[i] = live_member(live, i % 2, roles, (const int[]){1, MANY, MANY + 1}[i]);
}

static void are_closed(const uint64_t conns[3])
{
    live_run(live);
    ck_assert_int_eq(live_conn(live, conns[0])->closed, 4401);
    ck_assert_int_eq(live_conn(live, conns[1])->closed, 4401);
    ck_assert_int_eq(live_conn(live, conns[2])->closed, 0);
}

/* Registration n of one person, of a congress of its own, on day n. */
static void register_for(int n)
{
    char sql[1600], id[ID_TEXT_SIZE];
    struct id registration = live_person(n);
    id_text(&registration, id);
    snprintf(sql, sizeof sql,
             "INSERT INTO hcp (id, organisation_id, email, first_name, last_name, created_at)"
             " SELECT '00000000-0000-4000-8000-000000000001', id, 'anne@hcp.test', 'Anne', 'M',"
             " now() FROM organisation ON CONFLICT DO NOTHING;"
             "INSERT INTO congress (id, organisation_id, title, language, time_zone, created_at)"
             " SELECT '%s', id, 'C', 'en', 'Europe/Paris', now() FROM organisation;"
             "INSERT INTO registration_link (id, organisation_id, congress_id, channel, code,"
             " created_at) SELECT id, organisation_id, id, 'email',"
             " translate(lpad('%d', 12, 'a'), '01', 'yz'), now() FROM congress WHERE id = '%s';"
             "INSERT INTO registration (id, organisation_id, congress_id, hcp_id, link_id, channel,"
             " language, state, profession, specialty, practice_setting, region, age_band,"
             " registered_at) SELECT id, organisation_id, id,"
             " '00000000-0000-4000-8000-000000000001', id, 'email', 'en', 'registered', '10',"
             " 'SM04', 'SA07', '11', '45_54', timestamptz '2025-01-01' + %d * interval '1 day'"
             "  FROM congress WHERE id = '%s'",
             id, n, id, n, id);
    pg_sql(rest.url, sql);
}

START_TEST(erasing_a_person_closes_all_their_connections)
{
    uint64_t conns[3];
    char path[128];
    open_both();
    for (int n = 1; n <= MANY; n++)
        register_for(n);
    open_three(ROLE_HCP, conns);
    snprintf(path, sizeof path, "/api/registrations/%s/erase",
             pg_sql(rest.url, "SELECT id FROM registration ORDER BY registered_at LIMIT 1"));
    ck_assert_int_eq(rest_status(cookie, "POST", path, json_object()), 204);
    are_closed(conns);
    close_both();
}
END_TEST

START_TEST(a_new_password_closes_all_other_browsers)
{
    uint64_t conns[3];
    open_both();
    for (int n = 1; n <= MANY; n++) {
        char sql[400], id[ID_TEXT_SIZE];
        struct id sign_in = live_sign_in(ROLE_ORGANISER, n);
        snprintf(sql, sizeof sql,
                 "INSERT INTO sign_in (id, token_hash, organisation_id, account_id, created_at,"
                 " expires_at) SELECT '%s', sha256('%d'), organisation_id, id,"
                 " timestamptz '2026-11-21' + %d * interval '1 second', '2026-11-28' FROM account",
                 id_text(&sign_in, id), n, n);
        pg_sql(rest.url, sql);
    }
    open_three(ROLE_ORGANISER, conns);
    ck_assert_int_eq(rest_status(cookie, "PUT", "/api/me/password",
                                 json_pack("{s:s}", "password", "correct horse battery")),
                     204);
    are_closed(conns);
    ck_assert_int_eq(rest_status(cookie, "GET", "/api/me", NULL), 200);
    close_both();
}
END_TEST

REST_TESTS("revoked", erasing_a_person_closes_all_their_connections,
           a_new_password_closes_all_other_browsers)
