/* The figures of a room as staff see them: kept in memory, the same as SQL's. */
#include "base/config.h"
#include "base/mem.h"
#include "db/db.h"
#include "features/participation/participation.h"
#include "features/presence/presence.h"
#include "features/sessions/sessions.h"
#include "harness/audience.h"
#include "harness/live.h"
#include "harness/pg.h"
#include "harness/run.h"
#include "unit/run.h"
#include <stdio.h>
#include <string.h>

#define PEOPLE 5

static const struct feature *const features[] = {&presence_feature, &sessions_feature,
                                                 &participation_feature, NULL};
static char url[256];
static struct config config;
static struct db *db;
static struct live *live;

static struct id person_of(unsigned roles, int n)
{
    return roles & ROLE_HCP ? audience_person(n) : audience_id(AUDIENCE_STAFF);
}

static void open_room(void)
{
    snprintf(url, sizeof url, "%s", pg_test_database());
    audience_make(url);
    pg_sql(url, "UPDATE session SET state = 'lobby', live_at = NULL");
    for (int n = 1; n <= PEOPLE; n++)
        audience_register(url, n, n < 3 ? "60" : "10", NULL, "SA01", "11", "45_54");
    pg_sql(url, "INSERT INTO target_profile (organisation_id, congress_id, name, position,"
                "  created_at) VALUES ('" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS "', 'Nurses', 1,"
                "  now());"
                "INSERT INTO target_profile_criterion SELECT id, 1, 'all_of', 'profession', '{60}'"
                "  FROM target_profile;"
                "SELECT match_congress('" AUDIENCE_CONGRESS "')");
    db = db_new(&(struct db_config){.url = pg_application(url),
                                    .hot = 1,
                                    .short_ = 2,
                                    .long_ = 1,
                                    .busy_after_ms = 1000,
                                    .statement_timeout_ms = 5000});
    live = live_new(1, features, db, NULL, NULL);
    config.node_name = mem_strdup("main");
    config.lease_ms = 50;
    live->app.config = &config;
    live->person = person_of;
    live->organisation = audience_id(AUDIENCE_ORG);
    live->congress = audience_id(AUDIENCE_CONGRESS);
    live->session = audience_id(AUDIENCE_SESSION);
    run_begin(&live->app, url);
}

static bool drained(struct live *l, void *arg)
{
    (void)arg;
    for (uint64_t n = 1; n < l->loop[0].next; n++)
        live_close(l, n, clock_now_us(l->clock));
    return dispatch_drained(l->loop[0].d);
}

static void close_room(void)
{
    dispatch_drain(live->loop[0].d);
    ck_assert(live_until(live, drained, NULL));
    run_end(&live->app);
    db_free(db);
    live_free(live);
    free(config.node_name);
}

static json_t *newest(uint64_t conn)
{
    size_t n = live_count(live, conn, "state", "participation");
    return n ? json_object_get(live_nth(live, conn, "state", "participation", n - 1), "data")
             : NULL;
}

struct awaited {
    uint64_t conn;
    const char *field;
    int64_t value;
};

static bool shows(struct live *l, void *arg)
{
    struct awaited *a = arg;
    clock_advance(l->clock, 100 * US_PER_MS);
    json_t *data = newest(a->conn);
    json_t *field = json_object_get(data, a->field);
    if (json_is_array(field))
        return (int64_t)json_array_size(field) == a->value;
    return field && json_integer_value(field) == a->value;
}

static void until(uint64_t conn, const char *field, int64_t value)
{
    ck_assert_msg(live_until(live, shows, &(struct awaited){conn, field, value}), "%s never was %d",
                  field, (int)value);
}

static int64_t of_profile(uint64_t conn, const char *field)
{
    json_t *profile = json_array_get(json_object_get(newest(conn), "profiles"), 0);
    return json_integer_value(json_object_get(profile, field));
}

/* Keeps what came with the answer: the figures may have come already. */
static uint64_t host_joins(void)
{
    uint64_t conn = live_open(live, 0, ROLE_HOST, 9);
    json_t *answer =
        live_wait_answer(live, conn, live_ask_join(live, conn, &live->session, NULL, 0));
    ck_assert_ptr_nonnull(json_object_get(answer, "ok"));
    return conn;
}

static void start_session(uint64_t host)
{
    json_t *answer =
        live_wait_answer(live, host, live_command(live, host, "session.start", "{\"version\":0}"));
    ck_assert_ptr_nonnull(json_object_get(answer, "ok"));
}

START_TEST(staff_see_who_is_there_once_however_many_tabs)
{
    open_room();
    uint64_t host = host_joins();
    until(host, "registered", PEOPLE);
    ck_assert_int_eq(json_integer_value(json_object_get(newest(host), "present")), 0);
    live_member(live, 0, ROLE_HCP, 1);
    uint64_t tab = live_member(live, 0, ROLE_HCP, 1), other = live_member(live, 0, ROLE_HCP, 3);
    until(host, "present", 2);
    ck_assert_int_eq(of_profile(host, "present"), 1);
    live_close(live, tab, clock_now_us(live->clock));
    live_close(live, other, clock_now_us(live->clock));
    until(host, "present", 1);
    close_room();
}
END_TEST

START_TEST(hcps_are_told_no_figures)
{
    open_room();
    uint64_t host = host_joins(), hcp = live_member(live, 0, ROLE_HCP, 1);
    until(host, "present", 1);
    ck_assert_uint_eq(live_count(live, hcp, "state", "participation"), 0);
    close_room();
}
END_TEST

START_TEST(a_minute_of_live_time_attends_and_lobby_time_does_not)
{
    open_room();
    uint64_t host = host_joins(), stays = live_member(live, 0, ROLE_HCP, 1);
    uint64_t leaves = live_member(live, 0, ROLE_HCP, 3);
    clock_advance(live->clock, 600 * US_PER_S);
    until(host, "present", 2);
    ck_assert_int_eq(json_integer_value(json_object_get(newest(host), "attended")), 0);
    start_session(host);
    live_close(live, leaves, clock_now_us(live->clock) + 30 * US_PER_S);
    clock_advance(live->clock, 90 * US_PER_S);
    until(host, "attended", 1);
    ck_assert_int_eq(of_profile(host, "attended"), 1);
    ck_assert_int_eq(json_integer_value(json_object_get(newest(host), "completed")), 1);
    ck_assert_int_ge(json_integer_value(json_object_get(newest(host), "live_seconds")), 90);
    (void)stays;
    close_room();
}
END_TEST

START_TEST(a_refresh_comes_at_most_once_a_second_and_needs_a_change_in_the_lobby)
{
    open_room();
    uint64_t host = host_joins();
    until(host, "registered", PEOPLE);
    live_forget(live, host);
    for (int i = 0; i < 50; i++)
        live_advance(live, 100 * US_PER_MS);
    ck_assert_uint_eq(live_count(live, host, "state", "participation"), 0);
    start_session(host);
    live_forget(live, host);
    for (int i = 0; i < 100; i++)
        live_advance(live, 100 * US_PER_MS);
    ck_assert_uint_ge(live_count(live, host, "state", "participation"), 9);
    ck_assert_uint_le(live_count(live, host, "state", "participation"), 11);
    close_room();
}
END_TEST

START_TEST(registrations_and_profiles_that_change_over_http_show_at_once)
{
    open_room();
    uint64_t host = host_joins();
    until(host, "registered", PEOPLE);
    audience_register(url, 40, "60", NULL, "SA01", "11", "45_54");
    pg_sql(url, "SELECT match_registration('00000000-0000-4000-8000-000000000028')");
    tell(&live->app, scope_session(&live->session), "registration",
         json_pack("{s:s}", "registration", "00000000-0000-4000-8000-000000000028"));
    until(host, "registered", PEOPLE + 1);
    ck_assert_int_eq(of_profile(host, "registered"), 3);
    pg_sql(url, "INSERT INTO target_profile (organisation_id, congress_id, name, position,"
                "  created_at) VALUES ('" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS "', 'All', 0,"
                "  now()); SELECT match_congress('" AUDIENCE_CONGRESS "')");
    tell(&live->app, scope_session(&live->session), "profiles", json_object());
    until(host, "profiles", 2);
    ck_assert_int_eq(of_profile(host, "registered"), 6);
    close_room();
}
END_TEST

START_TEST(who_registered_a_moment_ago_counts_when_joining)
{
    open_room();
    uint64_t host = host_joins();
    until(host, "registered", PEOPLE);
    audience_register(url, 41, "60", NULL, "SA01", "11", "45_54");
    live_member(live, 0, ROLE_HCP, 41);
    until(host, "registered", PEOPLE + 1);
    until(host, "present", 1);
    close_room();
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests("participation_room",
                     (const TTest *const[]){
                         staff_see_who_is_there_once_however_many_tabs, hcps_are_told_no_figures,
                         a_minute_of_live_time_attends_and_lobby_time_does_not,
                         a_refresh_comes_at_most_once_a_second_and_needs_a_change_in_the_lobby,
                         registrations_and_profiles_that_change_over_http_show_at_once,
                         who_registered_a_moment_ago_counts_when_joining, NULL});
}
