#include "db/db.h"
#include "features/participation/participation_store.h"
#include "harness/audience.h"
#include "harness/pg.h"
#include "unit/run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PEOPLE 60
#define OTHERS 4    /* of them are no HCPs */
#define LEASE  3000 /* seconds after the start */

static const char *url;
static struct db_conn *conn;
static struct id session;
static int64_t live_at;

static void make(void)
{
    const char *why = "";
    url = pg_test_database();
    audience_make(url);
    conn = db_connect(url, &why);
    ck_assert_msg(conn != NULL, "%s", why);
    session = audience_id(AUDIENCE_SESSION);
    ck_assert(time_parse("2026-11-01T18:00:00Z", &live_at));
    for (int i = 1; i <= PEOPLE; i++)
        audience_register(url, i, i % 7 ? i % 3 ? "10" : "60" : "21",
                          i % 7 && i % 3 ? "SM04" : NULL, "SA01", "11",
                          i % 2 ? "45_54" : "under_35");
    pg_sql(url,
           "INSERT INTO target_profile (id, organisation_id, congress_id, name, position,"
           "  goal_registrations, goal_participation_rate, universe, universe_source, created_at)"
           " SELECT gen_random_uuid(), '" AUDIENCE_ORG "', '" AUDIENCE_CONGRESS "', n, p, g, 0.655,"
           "        u, CASE WHEN u IS NOT NULL THEN 'Registry' END, '2026-10-01'"
           "   FROM (VALUES ('Nurses', 2, 10, NULL), ('Cardiologists', 1, NULL, 900))"
           "     t (n, p, g, u);"
           "INSERT INTO target_profile_criterion SELECT id, 1, 'all_of', 'profession',"
           "  CASE name WHEN 'Nurses' THEN '{60}'::text[] ELSE '{10}' END FROM target_profile;"
           "UPDATE registration SET category = 'press', affiliation = 'Le Quotidien'"
           " WHERE right(id::text, 1) = '5';" /* 5, 21, 37 and 53, who match no profile */
           "SELECT match_congress('" AUDIENCE_CONGRESS "')");
}

static void lease(int seconds)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "UPDATE node SET lease_at = timestamptz '" AUDIENCE_LIVE_AT
             "' + %d * interval '1 second'",
             seconds);
    pg_sql(url, sql);
}

struct memory {
    struct span_rules rules;
    struct participation shape;
    struct people people;
};

static void load(struct memory *m, enum load_what what, const struct id *ids, size_t n)
{
    *m = (struct memory){0};
    people_init(&m->people);
    ck_assert_int_eq(
        participation_load(conn, &session, what, ids, n, &m->rules, &m->shape, &m->people), ERR_OK);
    m->rules.live_at = live_at;
}

static void forget(struct memory *m)
{
    participation_release(&m->shape);
    people_release(&m->people);
}

static int64_t at(int seconds)
{
    return live_at + seconds * US_PER_S;
}

/* One span, in both worlds: left < joined is still open; gone < left: it ended on purpose. */
static void span(struct memory *m, int person, int joined, int left, int gone)
{
    struct id id = audience_person(person);
    struct times *times = &people_get(&m->people, &id)->times;
    bool on_purpose = left >= joined && gone < left;
    if (left < joined || on_purpose)
        audience_span(url, person, joined, left, on_purpose);
    else
        audience_lost(url, person, joined, left, gone);
    times_open(times, at(joined));
    if (left >= joined)
        times_close(times, at(joined), at(left),
                    span_bridge(&m->rules, at(left), at(gone), on_purpose));
}

static void random_spans(struct memory *m)
{
    srand(5);
    for (int person = 1; person <= PEOPLE; person++)
        for (int n = rand() % 6, k = 0; k < n; k++) {
            int joined = k * 400 - 300 + rand() % 399, left = joined + rand() % 700;
            int gone = rand() % 3 == 0 ? left - 1 : left + rand() % 16;
            span(m, person, joined, left > LEASE || rand() % 12 == 0 ? joined - 1 : left, gone);
        }
}

static void same_as_sql(struct memory *m, int now)
{
    struct participation sql = {0};
    struct participation_session about;
    struct id organisation = audience_id(AUDIENCE_ORG);
    ck_assert_int_eq(participation_read(conn, &organisation, &session, &about, &sql), ERR_OK);
    people_figures(&m->people, &m->rules, at(now), &m->shape);
    json_t *a = participation_json(&m->shape), *b = participation_json(&sql);
    ck_assert_msg(json_equal(a, b), "memory %s\nsql    %s", json_dumps(a, 0), json_dumps(b, 0));
    json_decref(a);
    json_decref(b);
    participation_release(&sql);
}

START_TEST(figures_in_memory_are_those_of_sql_at_every_moment)
{
    make();
    struct memory m;
    load(&m, LOAD_OPENING, NULL, 0);
    ck_assert_int_eq(m.rules.gap, 30 * US_PER_S);
    ck_assert_int_eq(m.rules.threshold, 750);
    ck_assert_int_eq(m.shape.n, 2);
    ck_assert_str_eq(m.shape.profiles[0].name, "Cardiologists");
    random_spans(&m);
    static const int moments[] = {2101, 2400, 2700, LEASE};
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        lease(moments[i]);
        same_as_sql(&m, moments[i]);
    }
    ck_assert_int_gt(m.shape.all.completed, 0);
    ck_assert_int_eq(m.shape.no_profile.registered, PEOPLE / 7 - 1); /* without 21 */
    ck_assert_int_eq(m.shape.others.registered, OTHERS);
    ck_assert_int_gt(m.shape.others.attended, 0);
    ck_assert_int_gt(m.shape.all.attended, m.shape.all.completed);
    ck_assert_int_lt(m.shape.all.attended, PEOPLE);
    forget(&m);
    db_disconnect(conn);
}
END_TEST

START_TEST(each_persons_seconds_in_memory_are_those_of_the_view)
{
    make();
    struct memory m;
    load(&m, LOAD_OPENING, NULL, 0);
    random_spans(&m);
    lease(LEASE);
    struct db_result *r =
        db_query(conn,
                 "SELECT registration_id, (seconds_present * 1000000)::bigint, present"
                 "  FROM attendance WHERE session_id = $1",
                 "u", &session);
    ck_assert_int_eq(db_err(r), ERR_OK);
    ck_assert_int_eq(db_rows(r), PEOPLE);
    for (int row = 0; row < PEOPLE; row++) {
        struct id id = db_id(r, row, 0);
        const struct times *t = &people_get(&m.people, &id)->times;
        ck_assert_int_eq(times_covered(t, at(LEASE), live_at, at(LEASE)), db_int(r, row, 1));
        ck_assert_int_eq(t->open_n > 0, db_bool(r, row, 2));
    }
    db_result_free(r);
    forget(&m);
    db_disconnect(conn);
}
END_TEST

START_TEST(a_room_that_opens_late_knows_what_was_seen_before)
{
    make();
    struct memory m, late;
    load(&m, LOAD_OPENING, NULL, 0);
    random_spans(&m);
    pg_sql(url, "UPDATE span SET left_at = timestamptz '" AUDIENCE_LIVE_AT
                "' + interval '2990 seconds' WHERE left_at IS NULL;"
                "UPDATE session SET state = 'ended', ended_at = timestamptz '" AUDIENCE_LIVE_AT
                "' + interval '2950 seconds'");
    lease(LEASE);
    forget(&m);
    load(&late, LOAD_OPENING, NULL, 0);
    late.rules.ended_at = at(2950);
    same_as_sql(&late, LEASE + 500);
    forget(&late);
    db_disconnect(conn);
}
END_TEST

START_TEST(a_changed_registration_is_loaded_alone_with_the_same_profiles)
{
    make();
    struct memory m, some;
    load(&m, LOAD_OPENING, NULL, 0);
    random_spans(&m);
    lease(LEASE);
    audience_register(url, PEOPLE + 1, "60", NULL, "SA01", "11", "45_54");
    pg_sql(url, "SELECT match_registration('00000000-0000-4000-8000-00000000003d');"
                "UPDATE registration SET state = 'cancelled', cancelled_at = '2026-10-20'"
                " WHERE id = '00000000-0000-4000-8000-000000000003'");
    struct id changed[2] = {audience_person(PEOPLE + 1), audience_person(3)};
    some = (struct memory){0};
    people_init(&some.people);
    some.shape.n = m.shape.n;
    for (int i = 0; i < m.shape.n; i++)
        some.shape.profiles[i].id = m.shape.profiles[i].id;
    ck_assert_int_eq(participation_load(conn, &session, LOAD_SOME, changed, 2, &some.rules,
                                        &some.shape, &some.people),
                     ERR_OK);
    ck_assert_uint_eq(some.people.n, 2);
    people_update(&m.people, &some.people, false);
    same_as_sql(&m, LEASE);
    const char *stays = pg_sql(url, "SELECT attended::int FROM attendance WHERE registration_id ="
                                    " '00000000-0000-4000-8000-000000000003'");
    ck_assert_int_eq(m.shape.all.registered, PEOPLE - OTHERS + atoi(stays));
    some.shape.n = 0;
    forget(&some);
    forget(&m);
    db_disconnect(conn);
}
END_TEST

START_TEST(before_the_start_everything_but_registrations_and_presence_is_zero)
{
    make();
    struct memory m;
    load(&m, LOAD_OPENING, NULL, 0);
    pg_sql(url, "UPDATE session SET state = 'lobby', live_at = NULL");
    m.rules.live_at = 0;
    span(&m, 1, -400, -500, -500);
    span(&m, 2, -400, -200, -200);
    lease(0);
    same_as_sql(&m, 0);
    ck_assert_int_eq(m.shape.all.registered, PEOPLE - OTHERS);
    ck_assert_int_eq(m.shape.all.present, 1);
    ck_assert_int_eq(m.shape.all.attended, 0);
    ck_assert_int_eq(m.shape.live_us, 0);
    forget(&m);
    db_disconnect(conn);
}
END_TEST

START_TEST(another_organisation_finds_no_figures)
{
    make();
    struct participation p = {0};
    struct participation_session about;
    struct id other = audience_id(AUDIENCE_OTHER);
    ck_assert_int_eq(participation_read(conn, &other, &session, &about, &p), ERR_NOT_FOUND);
    participation_release(&p);
    db_disconnect(conn);
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests(
        "participation",
        (const TTest *const[]){figures_in_memory_are_those_of_sql_at_every_moment,
                               each_persons_seconds_in_memory_are_those_of_the_view,
                               a_room_that_opens_late_knows_what_was_seen_before,
                               a_changed_registration_is_loaded_alone_with_the_same_profiles,
                               before_the_start_everything_but_registrations_and_presence_is_zero,
                               another_organisation_finds_no_figures, NULL});
}
