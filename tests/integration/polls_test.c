/* Polls as people see them: commands in, answers, events and tallies out, rows in between. */
#include "db/query.h"
#include "features/polls/polls_store.h"
#include "features/sessions/sessions.h"
#include "harness/pg.h"
#include "harness/stage.h"
#include "harness/wait.h"
#include "room/home/home.h"
#include "unit/run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POLL   "5f0c1b1e-6a52-4c39-9d0e-1f1a3c5b7d01"
#define SECOND "5f0c1b1e-6a52-4c39-9d0e-1f1a3c5b7d02"
#define OF     "{\"poll\":\"" POLL "\"}"

static const struct feature *const features[] = {&sessions_feature, &polls_feature, NULL};
static struct stage stage;

static void add_poll(const char *id, int position, const char *choice)
{
    char sql[1024];
    snprintf(sql, sizeof sql,
             "INSERT INTO poll (id, organisation_id, session_id, position, question, choice,"
             " created_at) VALUES ('%s', '" AUDIENCE_ORG "', '" AUDIENCE_SESSION
             "', %d, 'Why?', '%s', '2026-11-01');"
             "INSERT INTO poll_option (poll_id, position, text)"
             " SELECT '%s', n, 'Option ' || n FROM generate_series(1, 3) n",
             id, position, choice, id);
    pg_sql(stage.url, sql);
}

static void open_stage(const char *choice)
{
    stage_open(&stage, features);
    add_poll(POLL, 1, choice);
}

static json_t *json_of(const char *text)
{
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    ck_assert_ptr_nonnull(value);
    return value;
}

static void is_json(const json_t *actual, const char *expected)
{
    json_t *want = json_of(expected);
    char *have = json_dumps(actual, JSON_COMPACT | JSON_ENCODE_ANY);
    ck_assert_msg(json_equal(actual, want), "expected %s, have %s", expected, have ? have : "none");
    free(have);
    json_decref(want);
}

#define VOTE(choices)             "{\"poll\":\"" POLL "\",\"choices\":" choices "}"
#define code(conn, command, data) stage_code(&stage, conn, command, data)

START_TEST(a_poll_lives_from_draft_to_results)
{
    open_stage("multiple");
    json_t *seen = json_object_get(stage_snapshot(&stage, ROLE_HCP, 1), "common");
    ck_assert_uint_eq(json_array_size(json_object_get(seen, "polls")), 0);
    seen = json_object_get(stage_snapshot(&stage, ROLE_HOST, 0), "common");
    ck_assert_uint_eq(json_array_size(json_object_get(seen, "polls")), 1);

    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(code(ada, "poll.vote", VOTE("[1]")), "not_found"); /* a draft is hidden */
    ck_assert_str_eq(code(host, "poll.close", OF), "poll.state");
    ck_assert_str_eq(code(host, "poll.open", OF), "");
    ck_assert_str_eq(code(host, "poll.open", OF), "poll.state");
    json_t *opened = json_object_get(stage_frame(&stage, ada, "event", "poll.opened", 0), "poll");
    ck_assert_str_eq(json_string_value(json_object_get(opened, "state")), "open");

    is_json(stage_ok(&stage, ada, "poll.vote", VOTE("[1,3]")), "{\"choices\":[1,3]}");
    stage_pass(&stage, 200);
    is_json(stage_frame(&stage, host, "state", "poll.tally", 1),
            "{\"voters\":1,\"counts\":[1,0,1]}");
    ck_assert_uint_eq(live_count(stage.live, ada, "state", "poll.tally"), 0);

    ck_assert_str_eq(code(host, "poll.show_results", OF), "");
    ck_assert_str_eq(code(host, "poll.show_results", OF), "");
    ck_assert_uint_eq(live_count(stage.live, ada, "event", "poll.results_shown"), 1);
    is_json(stage_frame(&stage, ada, "state", "poll.tally", 0),
            "{\"voters\":1,\"counts\":[1,0,1]}");

    ck_assert_str_eq(code(host, "poll.hide_results", OF), "");
    uint64_t late = live_open(stage.live, 0, ROLE_HCP, 3);
    int64_t join = live_ask_join(stage.live, late, &stage.live->session, NULL, 0);
    live_wait_answer(stage.live, late, join);
    ck_assert_uint_eq(live_count(stage.live, late, "state", "poll.tally"), 0);

    ck_assert_str_eq(code(host, "poll.close", OF), "");
    stage_frame(&stage, ada, "event", "poll.closed", 0);
    ck_assert_str_eq(code(late, "poll.vote", VOTE("[1]")), "poll.closed");
    /* The answer was lost on the way: sent again, it is the vote that counts. */
    is_json(stage_ok(&stage, ada, "poll.vote", VOTE("[2]")), "{\"choices\":[1,3]}");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) || ':' || max(choices) FROM poll_vote"),
                     "1:5");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT string_agg(type, ' ' ORDER BY seq)"
                                       " FROM session_event"),
                     "poll.opened poll.results_shown poll.results_hidden poll.closed");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM audit_log"), "4");
    stage_close(&stage);
}
END_TEST

START_TEST(bad_votes_are_refused_with_their_reason)
{
    open_stage("single");
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    uint64_t speaker = stage_staff(&stage, ROLE_SPEAKER);
    ck_assert_str_eq(code(ada, "poll.open", OF), "auth.forbidden");
    ck_assert_str_eq(code(speaker, "poll.open", OF), "auth.forbidden");
    ck_assert_str_eq(code(host, "poll.open", OF), "");
    ck_assert_str_eq(code(host, "poll.vote", VOTE("[1]")), "auth.forbidden");
    static const struct {
        const char *data, *code;
    } cases[] = {
        {VOTE("[1,2]"), "poll.choice"},
        {VOTE("[]"), "poll.choice"},
        {VOTE("[4]"), "poll.choice"},
        {VOTE("[2,1]"), "request.invalid"},
        {VOTE("\"1\""), "request.invalid"},
        {OF, "request.invalid"},
        {"{\"choices\":[1]}", "request.invalid"},
        {"{\"poll\":\"" SECOND "\",\"choices\":[1]}", "not_found"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        ck_assert_str_eq(code(ada, "poll.vote", cases[i].data), cases[i].code);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM poll_vote"), "0");
    stage_close(&stage);
}
END_TEST

START_TEST(a_burst_with_repeats_counts_each_person_once)
{
    open_stage("single");
    uint64_t host = stage_staff(&stage, ROLE_HOST), voters[STAGE_PEOPLE];
    for (int n = 0; n < STAGE_PEOPLE; n++)
        voters[n] = stage_hcp(&stage, n + 1);
    ck_assert_str_eq(code(host, "poll.open", OF), "");
    live_forget(stage.live, host);
    int64_t first[STAGE_PEOPLE], again[STAGE_PEOPLE];
    for (int n = 0; n < STAGE_PEOPLE;
         n++) { /* all in flight together, each twice and differently */
        first[n] =
            live_command(stage.live, voters[n], "poll.vote", n % 2 ? VOTE("[1]") : VOTE("[2]"));
        again[n] = live_command(stage.live, voters[n], "poll.vote", VOTE("[3]"));
    }
    for (int n = 0; n < STAGE_PEOPLE; n++) {
        const char *counts = n % 2 ? "{\"choices\":[1]}" : "{\"choices\":[2]}";
        is_json(json_object_get(live_wait_answer(stage.live, voters[n], first[n]), "ok"), counts);
        is_json(json_object_get(live_wait_answer(stage.live, voters[n], again[n]), "ok"), counts);
    }
    ck_assert_uint_le(live_count(stage.live, host, "state", "poll.tally"), 1);
    live_forget(stage.live, host);
    stage_pass(&stage, 200);
    is_json(stage_frame(&stage, host, "state", "poll.tally", 0),
            "{\"voters\":40,\"counts\":[20,20,0]}");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM poll_vote"), "40");

    stage_restart(&stage, features);
    json_t *own = json_object_get(stage_snapshot(&stage, ROLE_HCP, 2), "own");
    is_json(json_object_get(own, "polls"), "[{\"poll\":\"" POLL "\",\"choices\":[1]}]");
    host = live_open(stage.live, 0, ROLE_HOST, 0);
    live_wait_answer(stage.live, host,
                     live_ask_join(stage.live, host, &stage.live->session, NULL, 0));
    is_json(stage_frame(&stage, host, "state", "poll.tally", 0),
            "{\"voters\":40,\"counts\":[20,20,0]}");
    stage_close(&stage);
}
END_TEST

START_TEST(the_database_has_the_last_word)
{
    open_stage("single");
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(code(host, "poll.open", OF), "");
    stage_pass(&stage, 200);
    /* A vote that a lost commit kept although nobody was told: it is read back and counts once. */
    pg_sql(stage.url, "INSERT INTO poll_vote SELECT '" AUDIENCE_SESSION "', '" POLL
                      "', '00000000-0000-4000-8000-000000000001', 4, '2026-11-01'");
    live_forget(stage.live, host);
    is_json(stage_ok(&stage, ada, "poll.vote", VOTE("[1]")), "{\"choices\":[3]}");
    stage_pass(&stage, 200);
    is_json(stage_frame(&stage, host, "state", "poll.tally", 0),
            "{\"voters\":1,\"counts\":[0,0,1]}");
    /* Closed behind the room's back (another node, one day). */
    pg_sql(stage.url, "UPDATE poll SET state = 'closed', closed_at = opened_at");
    ck_assert_str_eq(code(stage_hcp(&stage, 2), "poll.vote", VOTE("[1]")), "poll.closed");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM poll_vote"), "1");
    stage_close(&stage);
}
END_TEST

START_TEST(a_poll_opens_only_while_the_session_is_live)
{
    stage_open(&stage, features);
    add_poll(POLL, 1, "single");
    pg_sql(stage.url, "UPDATE session SET state = 'lobby', live_at = NULL");
    uint64_t host = stage_staff(&stage, ROLE_HOST);
    ck_assert_str_eq(code(host, "poll.open", OF), "session.state");
    stage_close(&stage);
}
END_TEST

/* What HTTP does. */
static struct id create_poll(const char *question)
{
    static const char *const options[] = {"Yes", "No"};
    struct poll_draft draft = {.question = question,
                               .choice = POLL_SINGLE,
                               .options = {options[0], options[1]},
                               .option_count = 2};
    struct change change;
    struct poll *poll = NULL;
    const char *why = NULL;
    stage_change(&stage, &change);
    ck_assert_int_eq(polls_create(stage.conn, &change, &stage.live->session, &draft, &poll, &why),
                     ERR_OK);
    struct id id = poll->id;
    poll_free(poll);
    return id;
}

START_TEST(edits_over_http_reach_staff_only)
{
    open_stage("single");
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    struct id second = create_poll("And?");
    char id[ID_TEXT_SIZE], removed[100];
    json_t *poll = json_object_get(stage_frame(&stage, host, "event", "poll.changed", 0), "poll");
    ck_assert_str_eq(json_string_value(json_object_get(poll, "id")), id_text(&second, id));
    struct change change;
    stage_change(&stage, &change);
    ck_assert_int_eq(polls_delete(stage.conn, &change, &second), ERR_OK);
    snprintf(removed, sizeof removed, "{\"id\":\"%s\",\"removed\":true}", id);
    is_json(stage_frame(&stage, host, "event", "poll.changed", 1), removed);
    ck_assert_uint_eq(live_count(stage.live, ada, "event", "poll.changed"), 0);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT string_agg(type || ' ' || version || ' ' || audience"
                                       " || ' ' || actor, ', ' ORDER BY seq) FROM session_event"),
                     "poll.changed 1 30 " AUDIENCE_STAFF ", poll.changed 1 30 " AUDIENCE_STAFF);
    stage_close(&stage);
}
END_TEST

#define OPENED                                                                                     \
    "'{\"poll\":{\"id\":\"" POLL "\",\"position\":1,\"question\":\"Why?\","                        \
    "\"choice\":\"single\",\"state\":\"open\",\"results_shown\":false,"                            \
    "\"opened_at\":\"2026-11-01T00:00:00.000Z\",\"closed_at\":null,\"options\":["                  \
    "{\"position\":1,\"text\":\"Option 1\"},{\"position\":2,\"text\":\"Option 2\"},"               \
    "{\"position\":3,\"text\":\"Option 3\"}]}}'"

/* Opened by a commit whose outcome was not known: everybody is told when the log is read. */
START_TEST(what_an_unknown_commit_did_is_told_from_the_log)
{
    open_stage("single");
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    pg_sql(stage.url, "UPDATE poll SET state = 'open', opened_at = '2026-11-01 00:00:00+00';"
                      "SELECT session_append_event(id, 'poll.opened', 1, 31, NULL, " OPENED
                      ", now()) FROM session");
    create_poll("And?"); /* comes after a gap, */
    stage_pass(&stage, 0);
    ck_assert_uint_eq(live_count(stage.live, host, "event", "poll.changed"), 0);
    stage_pass(&stage, 100); /* which nobody fills */
    json_t *opened = json_object_get(stage_frame(&stage, ada, "event", "poll.opened", 0), "poll");
    ck_assert_str_eq(json_string_value(json_object_get(opened, "state")), "open");
    stage_frame(&stage, host, "event", "poll.changed", 0);
    ck_assert_str_eq(code(ada, "poll.vote", VOTE("[1]")), "");
    ck_assert_uint_eq(live_count(stage.live, ada, "event", "poll.opened"), 1);
    stage_close(&stage);
}
END_TEST

static bool commit_is_held(struct live *live, void *arg)
{
    (void)live;
    (void)arg;
    return pg_holds_a_commit(stage.url);
}

START_TEST(a_vote_whose_answer_was_lost_counts_all_the_same)
{
    struct pg *pg = pg_start(false);
    stage_open_in(&stage, pg_database(pg, true), features);
    add_poll(POLL, 1, "single");
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(code(host, "poll.open", OF), "");
    stage_pass(&stage, 200);
    live_forget(stage.live, host);
    pg_hold_commits(stage.url);
    int64_t voted = live_command(stage.live, ada, "poll.vote", VOTE("[2]"));
    ck_assert(live_until(stage.live, commit_is_held, NULL));
    pg_lose_held_commits(stage.url);
    live_wait_answer(stage.live, ada, voted);
    ck_assert_str_eq(live_code(stage.live, ada, voted), "server.busy");
    clock_advance(stage.live->clock, US_PER_S);
    is_json(stage_frame(&stage, host, "state", "poll.tally", 0),
            "{\"voters\":1,\"counts\":[0,1,0]}");
    /* Sent again, as clients do, it is the vote that counts. */
    is_json(stage_ok(&stage, ada, "poll.vote", VOTE("[2]")), "{\"choices\":[2]}");
    stage_close(&stage);
    pg_stop(pg);
}
END_TEST

START_TEST(a_vote_of_an_unknown_outcome_is_counted_once_it_is_looked_for)
{
    open_stage("single");
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(code(host, "poll.open", OF), "");
    ck_assert_str_eq(code(ada, "poll.vote", VOTE("[1]")), "");
    pg_sql(stage.url, "INSERT INTO poll_vote SELECT '" AUDIENCE_SESSION "', '" POLL
                      "', '00000000-0000-4000-8000-000000000002', 2, '2026-11-01'");
    stage_pass(&stage, 200);
    live_forget(stage.live, host);
    live_look(stage.live);
    ck_assert_str_eq(code(stage_hcp(&stage, 3), "poll.vote", VOTE("[3]")),
                     ""); /* behind the look */
    stage_pass(&stage, 200);
    is_json(stage_frame(&stage, host, "state", "poll.tally", 0),
            "{\"voters\":3,\"counts\":[1,1,1]}");
    ck_assert_str_eq(code(host, "poll.close", OF), "");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT payload->'tally' FROM session_event"
                                       " WHERE type = 'poll.closed'"),
                     "{\"counts\": [1, 1, 1], \"voters\": 3}");
    stage_close(&stage);
}
END_TEST

START_TEST(open_polls_are_closed_before_their_session_ends)
{
    open_stage("single");
    add_poll(SECOND, 2, "single");
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(code(host, "poll.open", OF), "");
    ck_assert_str_eq(code(ada, "poll.vote", VOTE("[1]")), "");
    int64_t late = live_command(stage.live, host, "session.end", "{\"version\":0}");
    int64_t vote = live_command(stage.live, stage_hcp(&stage, 2), "poll.vote", VOTE("[2]"));
    (void)vote; /* behind the end in the lane */
    ck_assert_ptr_nonnull(json_object_get(live_wait_answer(stage.live, host, late), "ok"));
    json_t *closed = stage_frame(&stage, ada, "event", "poll.closed", 0);
    ck_assert_str_eq(json_string_value(json_object_get(closed, "id")), POLL);
    json_t *ended = stage_frame(&stage, ada, "event", "session.ended", 0);
    ck_assert(json_equal(json_object_get(closed, "closed_at"), json_object_get(ended, "ended_at")));
    ck_assert_uint_eq(live_count(stage.live, ada, "event", "poll.closed"), 1);
    ck_assert_str_eq(code(stage_hcp(&stage, 3), "poll.vote", VOTE("[2]")), "poll.closed");
    ck_assert_str_eq(code(host, "poll.close", OF), "poll.state");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT string_agg(type, ' ' ORDER BY seq)"
                                       " FROM session_event"),
                     "poll.opened poll.closed session.ended");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT string_agg(state, ' ' ORDER BY position) FROM poll"),
                     "closed draft");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM poll_vote"), "1");
    json_t *common = json_object_get(stage_snapshot(&stage, ROLE_HCP, 4), "common");
    json_t *poll = json_array_get(json_object_get(common, "polls"), 0);
    ck_assert_str_eq(json_string_value(json_object_get(poll, "state")), "closed");
    ck_assert(json_equal(json_object_get(poll, "closed_at"), json_object_get(closed, "closed_at")));
    stage_close(&stage);
}
END_TEST

/* The commit's answer was lost: only the end is learnt, from the log. */
START_TEST(polls_that_an_unknown_end_closed_are_read_again)
{
    open_stage("single");
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(code(host, "poll.open", OF), "");
    pg_sql(stage.url, "UPDATE session SET state = 'ended', ended_at = live_at + interval '1 h';"
                      "SELECT session_ends(id, NULL, ended_at) FROM session;"
                      "SELECT session_append_event(id, 'session.ended', 1, 31, NULL,"
                      " '{\"version\":1,\"ended_at\":\"2026-11-01T10:00:00.000Z\"}', ended_at)"
                      " FROM session");
    live_look(stage.live);
    stage_frame(&stage, ada, "event", "session.ended", 0);
    stage_pass(&stage, 200);
    json_t *closed = stage_frame(&stage, ada, "event", "poll.closed", 0);
    ck_assert_str_eq(json_string_value(json_object_get(closed, "id")), POLL);
    stage_close(&stage);
}
END_TEST

/* A vote of person n for the third option, by a commit whose answer never came. */
static void store_vote(int n)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "INSERT INTO poll_vote SELECT '" AUDIENCE_SESSION "', '" POLL
             "', '00000000-0000-4000-8000-%012d', 4, '2026-11-01'",
             n);
    pg_sql(stage.url, sql);
}

START_TEST(a_vote_that_was_stored_is_the_answer_after_the_close)
{
    open_stage("single");
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    uint64_t carl = stage_hcp(&stage, 3);
    ck_assert_str_eq(code(host, "poll.open", OF), "");
    ck_assert_str_eq(code(carl, "poll.vote", VOTE("[1]")), "");
    store_vote(1);
    live_forget(stage.live, host);
    ck_assert_str_eq(code(host, "poll.close", OF), "");
    stage_pass(&stage, 200);
    is_json(stage_frame(&stage, host, "state", "poll.tally", 0),
            "{\"voters\":2,\"counts\":[1,0,1]}");
    live_forget(stage.live, host);
    uint64_t dora = stage_hcp(&stage, 4);
    ck_assert_str_eq(code(dora, "poll.vote", VOTE("[2]")), "poll.closed");
    for (int i = 0; i < 2; i++)
        is_json(stage_ok(&stage, ada, "poll.vote", VOTE("[3]")), "{\"choices\":[3]}");
    ck_assert_str_eq(code(dora, "poll.vote", VOTE("[2]")), "poll.closed");
    stage_pass(&stage, 200);
    ck_assert_uint_eq(live_count(stage.live, host, "state", "poll.tally"), 0); /* it is final */
    is_json(json_object_get(json_object_get(stage_snapshot(&stage, ROLE_HCP, 1), "own"), "polls"),
            "[{\"poll\":\"" POLL "\",\"choices\":[3]}]");
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM poll_vote"), "2");
    stage_close(&stage);
}
END_TEST

static bool vote_waits(struct live *live, void *arg)
{
    (void)live;
    (void)arg;
    return strcmp(pg_sql(stage.url, "SELECT count(*) FROM pg_locks WHERE NOT granted"), "0") != 0;
}

static bool vote_is_stored(void *arg)
{
    (void)arg;
    return strcmp(pg_sql(stage.url, "SELECT count(*) FROM poll_vote"), "1") == 0;
}

/* Over another connection, as when a request ends the session. */
static void close_poll(struct change *change)
{
    int64_t seq;
    struct id poll;
    ck_assert(id_parse(POLL, &poll));
    stage_change(&stage, change);
    ck_assert_int_eq(db_begin(stage.conn), ERR_OK);
    ck_assert_int_eq(log_last(stage.conn, &stage.live->session, &seq), ERR_OK);
    ck_assert_int_eq(
        db_exec(stage.conn, "SELECT poll_close($1, NULL, $2)", "ut", &poll, change->at), ERR_OK);
    ck_assert_int_eq(change_collect(stage.conn, change, &stage.live->session, seq), ERR_OK);
    ck_assert_int_eq(db_commit(stage.conn), ERR_OK);
}

START_TEST(a_vote_whose_completion_comes_after_the_close_counts_once)
{
    open_stage("single");
    uint64_t host = stage_staff(&stage, ROLE_HOST), ada = stage_hcp(&stage, 1);
    ck_assert_str_eq(code(host, "poll.open", OF), "");
    stage_pass(&stage, 200);
    ck_assert_int_eq(db_begin(stage.conn), ERR_OK);
    ck_assert_int_eq(db_exec(stage.conn, "SELECT 1 FROM poll FOR UPDATE", ""), ERR_OK);
    int64_t voted = live_command(stage.live, ada, "poll.vote", VOTE("[2]"));
    ck_assert(live_until(stage.live, vote_waits, NULL));
    db_rollback(stage.conn);
    ck_assert(wait_for(vote_is_stored, NULL, 10)); /* the loop does not know of it yet */
    struct change change;
    close_poll(&change);
    live_forget(stage.live, host);
    room_take(map_get(&stage.live->loop[0].d->rooms->by_session, &stage.live->session),
              &change.events);
    is_json(json_object_get(live_wait_answer(stage.live, ada, voted), "ok"), "{\"choices\":[2]}");
    stage_pass(&stage, 200);
    stage_pass(&stage, 200);
    json_t *tally = live_nth(stage.live, host, "state", "poll.tally",
                             live_count(stage.live, host, "state", "poll.tally") - 1);
    is_json(json_object_get(tally, "data"), "{\"voters\":1,\"counts\":[0,1,0]}");
    stage_close(&stage);
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests(
        "polls live",
        (const TTest *const[]){
            a_poll_lives_from_draft_to_results, bad_votes_are_refused_with_their_reason,
            a_burst_with_repeats_counts_each_person_once, the_database_has_the_last_word,
            a_poll_opens_only_while_the_session_is_live, edits_over_http_reach_staff_only,
            open_polls_are_closed_before_their_session_ends,
            what_an_unknown_commit_did_is_told_from_the_log,
            a_vote_whose_answer_was_lost_counts_all_the_same,
            a_vote_of_an_unknown_outcome_is_counted_once_it_is_looked_for,
            polls_that_an_unknown_end_closed_are_read_again,
            a_vote_that_was_stored_is_the_answer_after_the_close,
            a_vote_whose_completion_comes_after_the_close_counts_once, NULL});
}
