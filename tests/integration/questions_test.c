/* Questions as people see them: commands in, answers, events and votes out, rows in between. */
#include "features/questions/questions.h"
#include "features/registration/registration_store.h"
#include "features/sessions/sessions.h"
#include "harness/pg.h"
#include "harness/stage.h"
#include "unit/run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define Q1     "7d0e1f1a-0c1b-4e6a-8239-5f3c5b7d0101"
#define Q2     "7d0e1f1a-0c1b-4e6a-8239-5f3c5b7d0102"
#define OF(id) "{\"question\":\"" id "\"}"
#define ASK(id, text, anonymous)                                                                   \
    "{\"question\":\"" id "\",\"text\":\"" text "\",\"anonymous\":" anonymous "}"

static const struct feature *const features[] = {&registration_feature, &sessions_feature,
                                                 &questions_feature, NULL};
static struct stage stage;

#define code(conn, command, data)  stage_code(&stage, conn, command, data)
#define frame(conn, kind, name, n) stage_frame(&stage, conn, kind, name, n)

static const char *text_of(const json_t *object, const char *field)
{
    const char *text = json_string_value(json_object_get(object, field));
    return text ? text : "";
}

static size_t events(uint64_t conn, const char *name)
{
    return live_count(stage.live, conn, "event", name);
}

START_TEST(a_question_goes_from_its_author_to_staff_to_everybody)
{
    stage_open(&stage, features);
    uint64_t host = stage_staff(&stage, ROLE_MODERATOR), ada = stage_hcp(&stage, 1);
    uint64_t carl = stage_hcp(&stage, 3);
    ck_assert_str_eq(code(ada, "question.ask", ASK(Q1, "Why?", "true")), "");
    json_t *asked = json_object_get(frame(host, "event", "question.asked", 0), "question");
    ck_assert_str_eq(text_of(asked, "author"), "First1 Last1");
    frame(ada, "event", "question.asked", 0);
    ck_assert_uint_eq(events(carl, "question.asked"), 0);
    ck_assert_str_eq(code(carl, "question.vote", OF(Q1)), "question.state");

    ck_assert_str_eq(code(host, "question.approve", OF(Q1)), "");
    ck_assert_str_eq(code(host, "question.approve", OF(Q1)), "question.state");
    json_t *shown = json_object_get(frame(carl, "event", "question.shown", 0), "question");
    ck_assert(json_is_null(json_object_get(shown, "author")));
    frame(ada, "event", "question.changed", 0);
    ck_assert_uint_eq(events(carl, "question.changed"), 0);
    ck_assert_uint_eq(events(host, "question.shown"), 0);

    ck_assert_str_eq(code(carl, "question.vote", OF(Q1)), "");
    ck_assert_str_eq(code(carl, "question.vote", OF(Q1)), "");
    ck_assert_str_eq(code(ada, "question.vote", OF(Q1)), "question.own");
    stage_pass(&stage, 200);
    json_t *votes = frame(ada, "state", "question.votes", 0);
    ck_assert_int_eq(json_integer_value(json_object_get(votes, "votes")), 1);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM question_vote"), "1");

    ck_assert_str_eq(code(host, "question.answer", OF(Q1)), "");
    ck_assert_str_eq(text_of(frame(carl, "event", "question.closed", 0), "state"), "answered");
    ck_assert_str_eq(code(host, "question.dismiss", OF(Q1)), "question.state");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT string_agg(type, ' ' ORDER BY seq)"
                                       " FROM session_event"),
                     "question.asked question.changed question.shown question.changed"
                     " question.closed");
    /* The log is for ever: neither text nor name is in it. */
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM session_event"
                                       " WHERE payload::text ~ 'Why|First1'"),
                     "0");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM audit_log"), "2");
    stage_close(&stage);
}
END_TEST

/* Joined, with the frames that came meanwhile. */
static uint64_t newcomer(int person)
{
    uint64_t conn = live_open(stage.live, 0, ROLE_HCP, person);
    live_wait_answer(stage.live, conn,
                     live_ask_join(stage.live, conn, &stage.live->session, NULL, 0));
    live_run(stage.live);
    return conn;
}

struct cast {
    uint64_t host, ada, dora;
};

/* Ada's question is approved and has a vote of Carl's, which everybody was told. */
static struct cast one_vote(void)
{
    stage_open(&stage, features);
    struct cast c = {.host = stage_staff(&stage, ROLE_MODERATOR), .ada = stage_hcp(&stage, 1)};
    uint64_t carl = stage_hcp(&stage, 3);
    c.dora = stage_hcp(&stage, 4);
    ck_assert_str_eq(code(c.ada, "question.ask", ASK(Q1, "Why?", "false")), "");
    ck_assert_str_eq(code(c.host, "question.approve", OF(Q1)), "");
    ck_assert_str_eq(code(carl, "question.vote", OF(Q1)), "");
    frame(c.host, "state", "question.votes", 0);
    return c;
}

START_TEST(the_last_votes_come_with_the_answer_and_are_not_told_again)
{
    struct cast c = one_vote();
    stage_pass(&stage, 200);
    uint64_t emil = newcomer(5); /* who joins now needs them: the snapshot may be older */
    frame(emil, "state", "question.votes", 0);

    ck_assert_str_eq(code(c.dora, "question.vote", OF(Q1)), "");
    ck_assert_str_eq(code(c.host, "question.answer", OF(Q1)), "");
    json_t *closed = frame(emil, "event", "question.closed", 0);
    ck_assert_int_eq(json_integer_value(json_object_get(closed, "votes")), 2);
    json_t *changed = frame(c.ada, "event", "question.changed", 1);
    ck_assert_int_eq(json_integer_value(json_object_get(changed, "votes")), 2);
    size_t told = live_count(stage.live, emil, "state", "question.votes");
    stage_pass(&stage, 400);
    uint64_t fay = newcomer(6);
    ck_assert_uint_eq(live_count(stage.live, fay, "state", "question.votes"), 0);
    ck_assert_uint_eq(live_count(stage.live, emil, "state", "question.votes"), told);
    stage_close(&stage);
}
END_TEST

START_TEST(a_vote_that_waits_to_be_told_outlives_reading_again)
{
    struct cast c = one_vote();
    stage_pass(&stage, 50);
    ck_assert_str_eq(code(c.dora, "question.vote", OF(Q1)), ""); /* waits for the 200 ms */
    live_look(stage.live);
    stage_pass(&stage, 50);                                                      /* reads again, */
    ck_assert_str_eq(code(c.ada, "question.ask", ASK(Q2, "How?", "false")), ""); /* and has read */
    stage_pass(&stage, 200);
    json_t *votes = frame(c.host, "state", "question.votes", 1);
    ck_assert_int_eq(json_integer_value(json_object_get(votes, "votes")), 2);
    stage_close(&stage);
}
END_TEST

START_TEST(what_is_hidden_again_is_gone_for_hcps)
{
    stage_open(&stage, features);
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    uint64_t carl = stage_hcp(&stage, 3);
    code(ada, "question.ask", ASK(Q1, "Why?", "false"));
    code(host, "question.approve", OF(Q1));
    code(carl, "question.vote", OF(Q1));
    ck_assert_str_eq(code(host, "question.dismiss", OF(Q1)), "");
    frame(carl, "event", "question.hidden", 0);
    json_t *snapshot = stage_snapshot(&stage, ROLE_HCP, 3);
    json_t *common = json_object_get(json_object_get(snapshot, "common"), "questions");
    ck_assert_uint_eq(json_array_size(common), 0);
    snapshot = stage_snapshot(&stage, ROLE_SPEAKER, 0);
    common = json_object_get(json_object_get(snapshot, "common"), "questions");
    ck_assert_uint_eq(json_array_size(common), 1);
    stage_close(&stage);
}
END_TEST

static const char *staged_in(json_t *snapshot)
{
    json_t *common = json_object_get(json_object_get(snapshot, "common"), "questions");
    const json_t *item;
    size_t i;
    json_array_foreach(common, i, item) if (json_is_true(json_object_get(
                                                item, "staged"))) return text_of(item, "id");
    return "";
}

#define STAGE(id, on) "{\"question\":\"" id "\",\"on\":" on "}"

START_TEST(one_question_is_staged_until_it_is_answered)
{
    stage_open(&stage, features);
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    code(ada, "question.ask", ASK(Q1, "Why?", "false"));
    code(ada, "question.ask", ASK(Q2, "How?", "false"));
    ck_assert_str_eq(code(host, "question.stage", STAGE(Q1, "true")), "question.state");
    ck_assert_str_eq(code(ada, "question.stage", STAGE(Q1, "true")), "auth.forbidden");
    code(host, "question.approve", OF(Q1));
    code(host, "question.approve", OF(Q2));
    ck_assert_str_eq(code(host, "question.stage", STAGE(Q1, "true")), "");
    ck_assert_str_eq(text_of(frame(ada, "event", "question.staged", 0), "question"), Q1);
    ck_assert_str_eq(code(host, "question.stage", STAGE(Q1, "true")), ""); /* nothing happens */
    ck_assert_str_eq(code(host, "question.stage", STAGE(Q2, "true")), ""); /* instead of it */
    ck_assert_str_eq(text_of(frame(ada, "event", "question.staged", 1), "question"), Q2);
    ck_assert_str_eq(code(host, "question.stage", STAGE(Q1, "false")), ""); /* it is not */
    ck_assert_uint_eq(events(ada, "question.staged"), 2);
    ck_assert_str_eq(staged_in(stage_snapshot(&stage, ROLE_HCP, 3)), Q2);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT id FROM question WHERE staged"), Q2);

    code(host, "question.answer", OF(Q2));
    ck_assert_str_eq(staged_in(stage_snapshot(&stage, ROLE_HCP, 3)), "");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM question WHERE staged"), "0");
    code(host, "question.stage", STAGE(Q1, "true"));
    ck_assert_str_eq(code(host, "question.stage", STAGE(Q1, "false")), "");
    ck_assert(json_is_null(json_object_get(frame(ada, "event", "question.staged", 3), "question")));
    ck_assert_str_eq(pg_sql(stage.url, "SELECT string_agg(action, ' ' ORDER BY at, id)"
                                       " FROM audit_log WHERE action ~ 'stage'"),
                     "question.stage question.stage question.stage question.unstage");
    stage_close(&stage);
}
END_TEST

START_TEST(asking_again_is_the_same_question)
{
    stage_open(&stage, features);
    uint64_t ada = stage_hcp(&stage, 1);
    int64_t first = live_command(stage.live, ada, "question.ask", ASK(Q1, "Why?", "false"));
    int64_t again = live_command(stage.live, ada, "question.ask", ASK(Q1, "Why?", "false"));
    live_wait_answer(stage.live, ada, first);
    live_wait_answer(stage.live, ada, again);
    ck_assert_str_eq(live_code(stage.live, ada, first), "");
    ck_assert_str_eq(live_code(stage.live, ada, again), "");
    ck_assert_str_eq(
        text_of(stage_ok(&stage, ada, "question.ask", ASK(Q1, "Why?", "false")), "question"), Q1);
    ck_assert_uint_eq(events(ada, "question.asked"), 1);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM question"), "1");
    stage_close(&stage);
}
END_TEST

START_TEST(an_id_of_anybody_else_tells_nothing)
{
    stage_open(&stage, features);
    uint64_t ada = stage_hcp(&stage, 1), carl = stage_hcp(&stage, 3);
    code(ada, "question.ask", ASK(Q1, "Why?", "false"));
    pg_sql(stage.url,
           "INSERT INTO session (id, organisation_id, congress_id, hall_id, title, language,"
           " starts_at, planned_minutes, capacity, created_at)"
           " SELECT '" Q2 "', organisation_id, congress_id, hall_id, 'Other', 'en', starts_at, 60,"
           " 100, created_at FROM session;"
           "INSERT INTO question (id, organisation_id, session_id, registration_id, text, asked_at,"
           " state_at) SELECT '" Q2 "', organisation_id, '" Q2 "', registration_id, text, asked_at,"
           " state_at FROM question");
    /* In use by another person here, by another person elsewhere, by oneself elsewhere, by oneself
     * with another text: one answer. */
    const struct {
        uint64_t conn;
        const char *data;
    } cases[] = {
        {carl, ASK(Q1, "Why?", "false")},
        {carl, ASK(Q2, "Why?", "false")},
        {ada, ASK(Q2, "Why?", "false")},
        {ada, ASK(Q1, "How?", "false")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t request = live_command(stage.live, cases[i].conn, "question.ask", cases[i].data);
        json_t *error =
            json_object_get(live_wait_answer(stage.live, cases[i].conn, request), "error");
        char *text = json_dumps(error, JSON_COMPACT | JSON_SORT_KEYS);
        ck_assert_str_eq(text, "{\"code\":\"request.invalid\",\"field\":\"question\","
                               "\"reason\":\"in use\"}");
        free(text);
    }
    ck_assert_str_eq(code(carl, "question.vote", OF(Q2)), "not_found");
    uint64_t host = stage_staff(&stage, ROLE_HOST);
    ck_assert_str_eq(code(host, "question.approve", OF(Q2)), "not_found");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT string_agg(text, ' ') FROM question"), "Why? Why?");
    stage_close(&stage);
}
END_TEST

/* Questions of a person that nobody was told of, numbered from `first`. */
static void store_questions(int person, int first, int n)
{
    char sql[600];
    snprintf(sql, sizeof sql,
             "INSERT INTO question (id, organisation_id, session_id, registration_id, text,"
             " asked_at, state_at) SELECT ('00000000-0000-4000-9000-' || lpad(n::text, 12, '0'))"
             "::uuid, '" AUDIENCE_ORG "', '" AUDIENCE_SESSION
             "', '00000000-0000-4000-8000-%012x', 'Why?', '2026-11-01', '2026-11-01'"
             "  FROM generate_series(%d, %d) n",
             (unsigned)person, first, first + n - 1);
    pg_sql(stage.url, sql);
}

#define IN_FLIGHT 4

/* Asks as many at once as people says, of whom the first alone finds room. */
static void one_gets_in(const int people[IN_FLIGHT])
{
    uint64_t conns[IN_FLIGHT];
    int64_t asked[IN_FLIGHT];
    for (int i = 0; i < IN_FLIGHT; i++)
        conns[i] = stage_hcp(&stage, people[i]);
    for (int i = 0; i < IN_FLIGHT; i++) {
        char id[ID_TEXT_SIZE], data[200];
        struct id new = id_random();
        snprintf(data, sizeof data, "{\"question\":\"%s\",\"text\":\"Who?\",\"anonymous\":false}",
                 id_text(&new, id));
        asked[i] = live_command(stage.live, conns[i], "question.ask", data);
    }
    for (int i = 0; i < IN_FLIGHT; i++) {
        live_wait_answer(stage.live, conns[i], asked[i]);
        ck_assert_str_eq(live_code(stage.live, conns[i], asked[i]), i ? "rate.limited" : "");
    }
}

START_TEST(of_several_asks_in_flight_one_gets_the_last_place)
{
    static const int ada[IN_FLIGHT] = {1, 1, 1, 1}, all[IN_FLIGHT] = {2, 3, 4, 5};
    stage_open(&stage, features);
    store_questions(1, 1, QUESTIONS_PER_PERSON - 1);
    one_gets_in(ada);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM question"), "50");
    for (int n = 6; n <= 5 + (QUESTIONS_MAX - 51) / 1000; n++) /* whatever the room let pass */
        store_questions(n, n * 1000, 1000);
    store_questions(STAGE_PEOPLE, 900000, (QUESTIONS_MAX - 51) % 1000);
    one_gets_in(all);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM question"), "20000");
    stage_close(&stage);
}
END_TEST

START_TEST(what_a_room_does_not_know_yet_counts_for_the_limit)
{
    stage_open(&stage, features);
    uint64_t ada = stage_hcp(&stage, 1);
    store_questions(1, 1, QUESTIONS_PER_PERSON);
    ck_assert_str_eq(code(ada, "question.ask", ASK(Q1, "Why?", "false")), "rate.limited");
    /* Of those that are stored none is refused when it is sent again. */
    ck_assert_str_eq(
        code(ada, "question.ask", ASK("00000000-0000-4000-9000-000000000050", "Why?", "false")),
        "");
    pg_sql(stage.url, "UPDATE session SET state = 'ended', ended_at = live_at");
    ck_assert_str_eq(code(ada, "question.ask", ASK(Q1, "Why?", "false")), "session.state");
    stage_close(&stage);
}
END_TEST

/* What was committed while nobody could say so: it is in the log, and the room was not told. */
static void log_behind(const char *type, const char *payload)
{
    char sql[400];
    snprintf(sql, sizeof sql,
             "SELECT session_append_event('" AUDIENCE_SESSION "', '%s', 1, 0, NULL, '%s',"
             " '2026-11-01')",
             type, payload);
    pg_sql(stage.url, sql);
}

START_TEST(an_answer_from_the_rows_waits_until_the_room_knows)
{
    stage_open(&stage, features);
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    uint64_t carl = stage_hcp(&stage, 3);
    static const char data[] = ASK("00000000-0000-4000-9000-000000000001", "Why?", "false");
    static const char of[] = OF("00000000-0000-4000-9000-000000000001");
    store_questions(1, 1, 1);
    log_behind("question.asked", of);
    ck_assert_str_eq(code(ada, "question.ask", data), "");
    /* Whoever was told "question.state" may go on from there, too. */
    pg_sql(stage.url, "UPDATE question SET state = 'approved'");
    log_behind("question.changed", "{\"question\":\"00000000-0000-4000-9000-000000000001\","
                                   "\"state\":\"approved\"}");
    ck_assert_str_eq(code(host, "question.approve", of), "question.state");
    ck_assert_str_eq(code(carl, "question.vote", of), "");
    stage_close(&stage);
}
END_TEST

START_TEST(a_session_that_is_over_takes_no_questions)
{
    stage_open(&stage, features);
    uint64_t ada = stage_hcp(&stage, 1);
    /* Behind the room's back: the database has the last word. */
    pg_sql(stage.url, "UPDATE session SET state = 'ended', ended_at = live_at");
    ck_assert_str_eq(code(ada, "question.ask", ASK(Q1, "Why?", "false")), "session.state");
    stage_restart(&stage, features);
    ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(code(ada, "question.ask", ASK(Q1, "Why?", "false")), "session.state");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM question"), "0");
    stage_close(&stage);
}
END_TEST

START_TEST(a_database_that_fails_is_not_told_as_a_refusal)
{
    struct cast c = one_vote();
    pg_sql(stage.url, "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                      " RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END $$;"
                      "CREATE TRIGGER full_disk BEFORE INSERT ON question_vote"
                      " FOR EACH ROW EXECUTE FUNCTION full_disk()");
    ck_assert_str_eq(code(c.dora, "question.vote", OF(Q1)), "server.busy");
    pg_sql(stage.url, "DROP TRIGGER full_disk ON question_vote");
    ck_assert_str_eq(code(c.dora, "question.vote", OF(Q1)), "");
    stage_close(&stage);
}
END_TEST

/* A vote by a commit whose answer never came, and one of somebody who came too late. */
START_TEST(a_vote_that_was_stored_is_the_answer_after_the_end)
{
    static const char *const ends[] = {"question.answer", "question.dismiss"};
    for (int i = 0; i < 2; i++) {
        struct cast c = one_vote();
        pg_sql(stage.url, "INSERT INTO question_vote (session_id, question_id, registration_id, at)"
                          " VALUES ('" AUDIENCE_SESSION "', '" Q1
                          "', '00000000-0000-4000-8000-000000000004', '2026-11-01')");
        ck_assert_str_eq(code(c.host, ends[i], OF(Q1)), "");
        ck_assert_str_eq(code(stage_hcp(&stage, 5), "question.vote", OF(Q1)), "question.state");
        for (int again = 0; again < 2; again++)
            ck_assert_str_eq(code(c.dora, "question.vote", OF(Q1)), "");
        ck_assert_str_eq(code(c.ada, "question.vote", OF(Q1)), "question.own");
        json_t *own = json_object_get(stage_snapshot(&stage, ROLE_HCP, 4), "own");
        json_t *voted = json_object_get(json_object_get(own, "questions"), "voted");
        ck_assert_str_eq(json_string_value(json_array_get(voted, 0)), Q1);
        ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM question_vote"), "2");
        stage_close(&stage);
    }
}
END_TEST

START_TEST(roles_are_kept)
{
    stage_open(&stage, features);
    uint64_t ada = stage_hcp(&stage, 1), host = stage_staff(&stage, ROLE_HOST);
    uint64_t speaker = stage_staff(&stage, ROLE_SPEAKER);
    code(ada, "question.ask", ASK(Q1, "Why?", "false"));
    static const char *const commands[] = {"question.approve", "question.answer",
                                           "question.dismiss"};
    for (int i = 0; i < 3; i++) {
        ck_assert_str_eq(code(ada, commands[i], OF(Q1)), "auth.forbidden");
        ck_assert_str_eq(code(speaker, commands[i], OF(Q1)), "auth.forbidden");
    }
    ck_assert_str_eq(code(host, "question.vote", OF(Q1)), "auth.forbidden");
    ck_assert_str_eq(code(host, "question.ask", ASK(Q2, "Why?", "false")), "auth.forbidden");
    stage_close(&stage);
}
END_TEST

START_TEST(a_restart_keeps_everything)
{
    stage_open(&stage, features);
    uint64_t ada = stage_hcp(&stage, 1), carl = stage_hcp(&stage, 3);
    uint64_t host = stage_staff(&stage, ROLE_HOST);
    code(ada, "question.ask", ASK(Q1, "Why?", "false"));
    code(host, "question.approve", OF(Q1));
    code(carl, "question.vote", OF(Q1));
    stage_restart(&stage, features);
    json_t *snapshot = stage_snapshot(&stage, ROLE_HCP, 3);
    json_t *shown =
        json_array_get(json_object_get(json_object_get(snapshot, "common"), "questions"), 0);
    ck_assert_str_eq(text_of(shown, "author"), "First1 Last1");
    ck_assert_int_eq(json_integer_value(json_object_get(shown, "votes")), 1);
    json_t *own = json_object_get(json_object_get(snapshot, "own"), "questions");
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(own, "voted"), 0)), Q1);
    /* Erased: no name and no words any more, neither for those who are here nor for those who join.
     */
    struct registrations_touched touched;
    struct change change;
    struct id person = audience_person(1);
    uint64_t dora = stage_hcp(&stage, 4), mod = stage_staff(&stage, ROLE_MODERATOR);
    stage_change(&stage, &change);
    ck_assert_int_eq(registration_erase(stage.conn, &change, &person, &touched), ERR_OK);
    ck_assert_uint_eq(touched.n, 1);
    free(touched.items);
    json_t *gone = frame(dora, "event", "question.erased", 0);
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(gone, "questions"), 0)), Q1);
    frame(mod, "event", "question.erased", 0);
    /* What was under way when they were erased is not kept. */
    ck_assert_str_eq(code(stage_hcp(&stage, 1), "question.ask", ASK(Q2, "Why?", "false")),
                     "session.state");
    snapshot = stage_snapshot(&stage, ROLE_HCP, 3);
    shown = json_array_get(json_object_get(json_object_get(snapshot, "common"), "questions"), 0);
    ck_assert(json_is_null(json_object_get(shown, "author")));
    ck_assert_str_eq(text_of(shown, "text"), "");
    stage_close(&stage);
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests("questions live",
                     (const TTest *const[]){
                         a_question_goes_from_its_author_to_staff_to_everybody,
                         a_vote_that_waits_to_be_told_outlives_reading_again,
                         the_last_votes_come_with_the_answer_and_are_not_told_again,
                         what_is_hidden_again_is_gone_for_hcps,
                         one_question_is_staged_until_it_is_answered,
                         asking_again_is_the_same_question, an_id_of_anybody_else_tells_nothing,
                         of_several_asks_in_flight_one_gets_the_last_place,
                         what_a_room_does_not_know_yet_counts_for_the_limit,
                         an_answer_from_the_rows_waits_until_the_room_knows,
                         a_session_that_is_over_takes_no_questions,
                         a_database_that_fails_is_not_told_as_a_refusal,
                         a_vote_that_was_stored_is_the_answer_after_the_end, roles_are_kept,
                         a_restart_keeps_everything, NULL});
}
