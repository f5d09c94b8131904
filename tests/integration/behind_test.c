/* A command that refers to what another node committed a moment ago, and this one was not told of:
 * it is not refused for that. What is there no more, or never was, is refused after one look. */
#include "features/polls/polls_store.h"
#include "features/questions/questions_store.h"
#include "features/sessions/sessions.h"
#include "harness/pg.h"
#include "harness/stage.h"
#include "nodes/node_private.h"
#include "room/home/home.h"
#include "unit/run.h"

#define POLL     "5f0c1b1e-6a52-4c39-9d0e-1f1a3c5b7d02"
#define QUESTION "5f0c1b1e-6a52-4c39-9d0e-1f1a3c5b7d03"
#define NOTHING  "5f0c1b1e-6a52-4c39-9d0e-1f1a3c5b7d04"

static const struct feature *const features[] = {&sessions_feature, &polls_feature,
                                                 &questions_feature, NULL};
static struct stage stage;
static struct node node;

/* One of several, whose NATS is away: it is told nothing. */
static void open_node(void)
{
    char why[256] = "";
    stage_open(&stage, features);
    node = (struct node){.app = &stage.live->app};
    pthread_mutex_init(&node.lock, NULL);
    node.bus = bus_start(&(struct bus_config){.url = "nats://127.0.0.1:1", .node = {{1}}}, why,
                         sizeof why);
    ck_assert_msg(node.bus != NULL, "%s", why);
    stage.live->app.node_here = &node;
}

static void close_node(void)
{
    stage.live->app.node_here = NULL;
    stage_close(&stage);
    bus_stop(node.bus);
    bus_free(node.bus);
}

static void poll_elsewhere(void)
{
    pg_sql(stage.url,
           "INSERT INTO poll (id, organisation_id, session_id, position, question, choice,"
           "  created_at, state, opened_at) VALUES ('" POLL "', '" AUDIENCE_ORG
           "', '" AUDIENCE_SESSION "', 1, 'Why?', 'single', '2026-11-01', 'open', '2026-11-01');"
           "INSERT INTO poll_option (poll_id, position, text)"
           " SELECT '" POLL "', n, 'Option ' || n FROM generate_series(1, 3) n;"
           "SELECT session_append_event('" AUDIENCE_SESSION "', 'poll.opened', 1, 31, NULL,"
           " '{\"poll\":{\"id\":\"" POLL "\",\"question\":\"Why?\",\"position\":1,"
           "\"choice\":\"single\",\"state\":\"open\",\"options\":[{\"text\":\"A\"},"
           "{\"text\":\"B\"},{\"text\":\"C\"}]}}', now())");
}

static void asked_elsewhere(void)
{
    pg_sql(stage.url,
           "INSERT INTO question (id, organisation_id, session_id, registration_id, text,"
           " anonymous, asked_at, state_at) VALUES ('" QUESTION "', '" AUDIENCE_ORG
           "', '" AUDIENCE_SESSION "', '00000000-0000-4000-8000-000000000001', 'Why?', false,"
           " '2026-11-01', '2026-11-01');"
           "SELECT session_append_event('" AUDIENCE_SESSION "', 'question.asked', 1, 0, NULL,"
           " '{\"question\":\"" QUESTION "\"}', now())");
}

static void approved_elsewhere(void)
{
    pg_sql(stage.url,
           "UPDATE question SET state = 'approved';"
           "SELECT session_append_event('" AUDIENCE_SESSION "', 'question.changed', 1, 0, NULL,"
           " '{\"question\":\"" QUESTION "\",\"state\":\"approved\"}', now())");
}

START_TEST(a_vote_in_a_poll_that_was_opened_elsewhere_counts)
{
    open_node();
    uint64_t anne = stage_hcp(&stage, 1);
    poll_elsewhere();
    ck_assert_str_eq(
        stage_code(&stage, anne, "poll.vote", "{\"poll\":\"" POLL "\",\"choices\":[1]}"), "");
    close_node();
}
END_TEST

START_TEST(a_question_that_was_asked_or_approved_elsewhere_is_known)
{
    open_node();
    uint64_t host = stage_staff(&stage, ROLE_HOST), carl = stage_hcp(&stage, 3);
    static const char of[] = "{\"question\":\"" QUESTION "\"}";
    asked_elsewhere();
    ck_assert_str_eq(
        stage_code(&stage, host, "question.stage", "{\"question\":\"" QUESTION "\",\"on\":true}"),
        "question.state");
    approved_elsewhere();
    ck_assert_str_eq(stage_code(&stage, carl, "question.vote", of), "");
    ck_assert_str_eq(stage_code(&stage, host, "question.answer", of), "");
    close_node();
}
END_TEST

START_TEST(what_never_was_is_refused_after_one_look)
{
    open_node();
    uint64_t anne = stage_hcp(&stage, 1);
    struct room *room = map_get(&stage.live->peers[0]->rooms->by_session, &stage.live->session);
    ck_assert_str_eq(stage_code(&stage, anne, "question.vote", "{\"question\":\"" NOTHING "\"}"),
                     "not_found");
    ck_assert_uint_eq(room->own->door.looks, 1);
    close_node();
}
END_TEST

/* Both of one turn wait for the same look, and a third who leaves is answered nothing. */
START_TEST(many_wait_for_one_look)
{
    open_node();
    uint64_t anne = stage_hcp(&stage, 1), carl = stage_hcp(&stage, 3), left = stage_hcp(&stage, 4);
    struct room *room = map_get(&stage.live->peers[0]->rooms->by_session, &stage.live->session);
    static const char vote[] = "{\"poll\":\"" POLL "\",\"choices\":[1]}";
    poll_elsewhere();
    live_command(stage.live, left, "poll.vote", vote);
    int64_t first = live_command(stage.live, anne, "poll.vote", vote),
            second = live_command(stage.live, carl, "poll.vote", vote);
    live_close(stage.live, left, clock_now_us(stage.live->clock));
    live_wait_answer(stage.live, anne, first);
    live_wait_answer(stage.live, carl, second);
    ck_assert_str_eq(live_code(stage.live, anne, first), "");
    ck_assert_str_eq(live_code(stage.live, carl, second), "");
    ck_assert_uint_le(room->own->door.looks, 2);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM poll_vote"), "2");
    close_node();
}
END_TEST

/* The log cannot be read: what the room knows decides, within seconds. */
START_TEST(without_the_log_it_is_refused_in_time)
{
    open_node();
    uint64_t anne = stage_hcp(&stage, 1);
    pg_sql(stage.url, "REVOKE SELECT ON session_event FROM " PG_APPLICATION);
    int64_t request =
        live_command(stage.live, anne, "question.vote", "{\"question\":\"" NOTHING "\"}");
    int passed = 0;
    while (!live_answer(stage.live, anne, request) && passed < 5000) {
        stage_pass(&stage, 100);
        passed += 100;
    }
    ck_assert_str_eq(live_code(stage.live, anne, request), "not_found");
    ck_assert_int_le(passed, 2200);
    close_node();
}
END_TEST

START_TEST(one_server_alone_refuses_at_once)
{
    stage_open(&stage, features);
    uint64_t anne = stage_hcp(&stage, 1);
    struct room *room = map_get(&stage.live->peers[0]->rooms->by_session, &stage.live->session);
    ck_assert_str_eq(stage_code(&stage, anne, "question.vote", "{\"question\":\"" NOTHING "\"}"),
                     "not_found");
    ck_assert_uint_eq(room->own->door.looks, 0);
    stage_close(&stage);
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests("behind", (const TTest *const[]){
                                   a_vote_in_a_poll_that_was_opened_elsewhere_counts,
                                   a_question_that_was_asked_or_approved_elsewhere_is_known,
                                   what_never_was_is_refused_after_one_look,
                                   many_wait_for_one_look,
                                   without_the_log_it_is_refused_in_time,
                                   one_server_alone_refuses_at_once,
                                   NULL,
                               });
}
