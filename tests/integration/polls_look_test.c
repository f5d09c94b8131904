/* What a look into the log brings of polls that another server made. */
#include "features/polls/polls_store.h"
#include "features/sessions/sessions.h"
#include "harness/pg.h"
#include "harness/stage.h"
#include "unit/run.h"

#define POLL "5f0c1b1e-6a52-4c39-9d0e-1f1a3c5b7d02"

static const struct feature *const features[] = {&sessions_feature, &polls_feature, NULL};
static struct stage stage;

/* It was opened, somebody voted, and nothing of it was heard here. */
static void open_elsewhere(void)
{
    pg_sql(stage.url,
           "INSERT INTO poll (id, organisation_id, session_id, position, question, choice,"
           "  created_at, state, opened_at) VALUES ('" POLL "', '" AUDIENCE_ORG
           "', '" AUDIENCE_SESSION "', 1, 'Why?', 'single', '2026-11-01', 'open', '2026-11-01');"
           "INSERT INTO poll_option (poll_id, position, text)"
           " SELECT '" POLL "', n, 'Option ' || n FROM generate_series(1, 3) n;"
           "INSERT INTO poll_vote SELECT '" AUDIENCE_SESSION "', '" POLL
           "', '00000000-0000-4000-8000-000000000001', 2, '2026-11-01';"
           "SELECT session_append_event('" AUDIENCE_SESSION "', 'poll.opened', 1, 31, NULL,"
           " '{\"poll\":{\"id\":\"" POLL "\",\"question\":\"Why?\",\"position\":1,"
           "\"choice\":\"single\",\"state\":\"open\",\"options\":[{\"text\":\"A\"},"
           "{\"text\":\"B\"},{\"text\":\"C\"}]}}', now())");
}

START_TEST(votes_in_a_poll_that_the_same_look_brings_are_counted)
{
    stage_open(&stage, features);
    uint64_t host = stage_staff(&stage, ROLE_HOST);
    open_elsewhere();
    live_look(stage.live);
    stage_frame(&stage, host, "event", "poll.opened", 0);
    live_forget(stage.live, host);
    stage_pass(&stage, 300);
    json_t *tally = stage_frame(&stage, host, "state", "poll.tally", 0);
    ck_assert_int_eq(json_integer_value(json_object_get(tally, "voters")), 1);
    stage_close(&stage);
}
END_TEST

int main(void)
{
    pg_setup();
    return run_tests(
        "polls look",
        (const TTest *const[]){votes_in_a_poll_that_the_same_look_brings_are_counted, NULL});
}
