/* start, extend, end: compare and set, after the commit, told to everybody. */
#include "db/db.h"
#include "features/congress/congress_store.h"
#include "harness/audience.h"
#include "harness/golden_frame.h"
#include "harness/pg.h"
#include "harness/scene.h"
#include "unit/run.h"
#include <stdio.h>

#define HCP  ROLE_HCP
#define HOST ROLE_HOST

static json_t *ask(struct scene *scene, uint64_t conn, const char *command, const char *data)
{
    return live_wait_answer(scene->live, conn, live_command(scene->live, conn, command, data));
}

static const char *code_of(json_t *answer)
{
    const char *code = json_string_value(json_object_get(json_object_get(answer, "error"), "code"));
    return code ? code : "";
}

static json_t *join(struct scene *scene, unsigned roles, int person)
{
    uint64_t conn = live_open(scene->live, 0, roles, person);
    return live_wait_answer(scene->live, conn,
                            live_ask_join(scene->live, conn, &scene->live->session, NULL, 0));
}

static json_t *snapshot_of(json_t *answer, const char *part, const char *name)
{
    json_t *snapshot = json_object_get(json_object_get(answer, "ok"), "snapshot");
    return json_object_get(json_object_get(snapshot, part), name);
}

START_TEST(the_snapshot_tells_the_session_and_who_one_is)
{
    struct scene *scene = scene_open(NULL, 1);
    json_t *answer = join(scene, HCP, 1);
    json_t *snapshot = json_object_get(json_object_get(answer, "ok"), "snapshot");
    ck_assert(golden_frame_is(snapshot, "sessions/snapshot.hcp"));
    json_t *me = snapshot_of(join(scene, HOST | ROLE_MODERATOR, 9), "own", "me");
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(me, "roles"), 0)), "host");
    scene_close(scene);
}
END_TEST

START_TEST(a_session_goes_from_lobby_to_live_to_ended)
{
    struct scene *scene = scene_open(NULL, 1);
    uint64_t host = live_member(scene->live, 0, HOST, 9), hcp = live_member(scene->live, 0, HCP, 1);
    ck_assert_str_eq(code_of(ask(scene, host, "session.end", "{\"version\":0}")), "session.state");
    json_t *started = ask(scene, host, "session.start", "{\"version\":0}");
    ck_assert_int_eq(json_integer_value(json_object_get(json_object_get(started, "ok"), "version")),
                     1);
    ck_assert_str_eq(code_of(ask(scene, host, "session.start", "{\"version\":1}")),
                     "session.state");
    clock_advance(scene->live->clock, 60 * US_PER_S);
    ck_assert_str_eq(
        code_of(ask(scene, host, "session.extend", "{\"version\":1,\"planned_minutes\":90}")), "");
    clock_advance(scene->live->clock, 60 * US_PER_S);
    ck_assert_str_eq(code_of(ask(scene, host, "session.end", "{\"version\":2}")), "");
    live_run(scene->live);
    static const char *const events[] = {"session.started", "session.extended", "session.ended"};
    for (int i = 0; i < 3; i++) {
        char name[60];
        snprintf(name, sizeof name, "sessions/%s", events[i]);
        ck_assert(golden_frame_is(live_nth(scene->live, hcp, "event", events[i], 0), name));
        ck_assert_uint_eq(live_count(scene->live, host, "event", events[i]), 1);
    }
    ck_assert_str_eq(scene_sql(scene,
                               "SELECT state || ' ' || version || ' ' || planned_minutes || ' '"
                               " || extract(epoch FROM ended_at - live_at)::int FROM session"),
                     "ended 3 90 120");
    ck_assert_str_eq(scene_sql(scene, "SELECT string_agg(seq || type, ' ' ORDER BY seq)"
                                      "  FROM session_event"),
                     "1session.started 2session.extended 3session.ended");
    ck_assert_str_eq(scene_sql(scene, "SELECT string_agg(action, ' ' ORDER BY id) FROM audit_log"),
                     "session.start session.extend session.end");
    json_t *session = snapshot_of(join(scene, HCP, 2), "common", "session");
    ck_assert_str_eq(json_string_value(json_object_get(session, "state")), "ended");
    ck_assert_int_eq(json_integer_value(json_object_get(session, "version")), 3);
    ck_assert_int_eq(json_integer_value(json_object_get(session, "planned_minutes")), 90);
    scene_close(scene);
}
END_TEST

START_TEST(only_conductors_command_and_fields_are_strict)
{
    struct scene *scene = scene_open(NULL, 1);
    uint64_t host = live_member(scene->live, 0, HOST, 9), hcp = live_member(scene->live, 0, HCP, 1);
    uint64_t speaker = live_member(scene->live, 0, ROLE_SPEAKER, 9);
    ck_assert_str_eq(code_of(ask(scene, hcp, "session.start", "{\"version\":0}")),
                     "auth.forbidden");
    ck_assert_str_eq(code_of(ask(scene, speaker, "session.end", "{\"version\":0}")),
                     "auth.forbidden");
    ck_assert_str_eq(code_of(ask(scene, host, "session.start", "{}")), "request.invalid");
    ck_assert_str_eq(
        code_of(ask(scene, host, "session.extend", "{\"version\":0,\"planned_minutes\":1441}")),
        "request.invalid");
    scene_close(scene);
}
END_TEST

START_TEST(of_two_that_start_at_once_one_wins)
{
    struct scene *scene = scene_open(NULL, 2);
    uint64_t a = live_member(scene->live, 0, HOST, 8), b = live_member(scene->live, 1, HOST, 9);
    int64_t ra = live_command(scene->live, a, "session.start", "{\"version\":0}");
    int64_t rb = live_command(scene->live, b, "session.start", "{\"version\":0}");
    const char *first = code_of(live_wait_answer(scene->live, a, ra));
    const char *second = code_of(live_wait_answer(scene->live, b, rb));
    ck_assert_int_eq((*first == '\0') + (*second == '\0'), 1);
    ck_assert_str_eq(*first ? first : second, "session.version");
    ck_assert_str_eq(scene_sql(scene, "SELECT count(*) FROM session_event"), "1");
    scene_close(scene);
}
END_TEST

static bool is_told(struct live *live, void *arg)
{
    uint64_t *conn = arg;
    return live_count(live, *conn, "event", "session.started") > 0;
}

START_TEST(a_change_that_the_room_did_not_hear_of_is_told_from_the_log)
{
    struct scene *scene = scene_open(NULL, 1);
    uint64_t host = live_member(scene->live, 0, HOST, 9), hcp = live_member(scene->live, 0, HCP, 1);
    scene_sql(scene, "UPDATE session SET state = 'live', live_at = '2027-01-15 08:00:00+00',"
                     " version = 1;"
                     "SELECT session_append_event(id, 'session.started', 1, 31, NULL,"
                     " '{\"version\":1,\"live_at\":\"2027-01-15T08:00:00.000Z\"}', live_at)"
                     "  FROM session");
    ck_assert_str_eq(code_of(ask(scene, host, "session.start", "{\"version\":0}")),
                     "session.version");
    ck_assert(live_until(scene->live, is_told, &hcp));
    ck_assert_str_eq(code_of(ask(scene, host, "session.end", "{\"version\":1}")), "");
    scene_close(scene);
}
END_TEST

static bool is_changed(struct live *live, void *arg)
{
    uint64_t *conn = arg;
    return live_count(live, *conn, "event", "session.changed") > 0;
}

/* What HTTP does; each time the same. */
static void edit(struct scene *scene)
{
    const char *why = NULL;
    struct db_conn *conn = db_connect(scene->url, &why);
    ck_assert_ptr_nonnull(conn);
    struct session_fields fields = {.title = "Another",
                                    .listen_at = "https://listen.example.org/1",
                                    .starts_at = CONGRESS_KEEP,
                                    .planned_minutes = 45,
                                    .capacity = CONGRESS_KEEP,
                                    .threshold_thousandths = CONGRESS_KEEP};
    struct identity who = audience_organiser();
    struct change change;
    json_t *session = NULL;
    live_change(scene->live, &change, &who);
    ck_assert_int_eq(session_set(conn, &change, &scene->live->session, &fields, &session), ERR_OK);
    json_decref(session);
    db_disconnect(conn);
}

START_TEST(an_edit_is_told_once_and_only_when_it_changed_something)
{
    struct scene *scene = scene_open(NULL, 1);
    struct live *live = scene->live;
    uint64_t hcp = live_member(live, 0, HCP, 1);
    edit(scene);
    edit(scene);
    edit(scene);
    ck_assert(live_until(live, is_changed, &hcp));
    json_t *answer = join(scene, HCP, 2);
    ck_assert(golden_frame_is(live_nth(live, hcp, "event", "session.changed", 0),
                              "sessions/session.changed"));
    json_t *title = json_object_get(snapshot_of(answer, "common", "session"), "title");
    ck_assert_str_eq(json_string_value(title), "Another");
    ck_assert(scene_until_sql(scene, "SELECT count(*) FROM session_event", "1"));
    scene_close(scene);
}
END_TEST

START_TEST(a_session_that_does_not_exist_is_not_found)
{
    struct scene *scene = scene_open(NULL, 1);
    uint64_t conn = live_open(scene->live, 0, HCP, 1);
    int64_t r = live_ask_join(scene->live, conn, &scene->live->other_session, NULL, 0);
    live_wait_answer(scene->live, conn, r);
    ck_assert_str_eq(live_code(scene->live, conn, r), "not_found");
    scene_close(scene);
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests("sessions", (const TTest *const[]){
                                     the_snapshot_tells_the_session_and_who_one_is,
                                     a_session_goes_from_lobby_to_live_to_ended,
                                     only_conductors_command_and_fields_are_strict,
                                     of_two_that_start_at_once_one_wins,
                                     a_change_that_the_room_did_not_hear_of_is_told_from_the_log,
                                     an_edit_is_told_once_and_only_when_it_changed_something,
                                     a_session_that_does_not_exist_is_not_found, NULL});
}
