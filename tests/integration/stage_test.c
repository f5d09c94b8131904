/* The stage as people see it: who stands on it, who is invited, who may silence whom. */
#include "features/registration/registration_store.h"
#include "integration/stage_calls.h"

/* --- places --- */

START_TEST(staff_wait_behind_the_stage_and_are_led_onto_it)
{
    begin();
    uint64_t host = member(ROLE_HOST, 101), speaker = member(ROLE_SPEAKER, 102);
    uint64_t hcp = stage_hcp(&stage, 1);
    pg_sql(stage.url, "INSERT INTO role_grant (organisation_id, account_id, role, granted_at)"
                      " SELECT organisation_id, id, unnest('{host,speaker}'::text[]), now()"
                      "   FROM account WHERE name = 'Staff 102'");
    ck_assert_str_eq(code(speaker, "stage.move", of(102, ",\"place\":\"stage\"")),
                     "auth.forbidden");
    ck_assert_str_eq(code(host, "stage.move", of(102, ",\"place\":\"stage\"")), "not_found");
    ck_assert_str_eq(code(speaker, "stage.enter", "{}"), "");
    ck_assert_str_eq(code(speaker, "stage.enter", "{}"), "");
    json_t *person = json_object_get(frame(hcp, "event", "stage.entered", 0), "person");
    ck_assert_str_eq(text(person, "name"), "Staff 102");
    ck_assert_str_eq(text(person, "place"), "backstage");
    ck_assert_str_eq(text(person, "role"), "speaker");
    ck_assert_str_eq(code(host, "stage.move", of(102, ",\"place\":\"stage\"")), "");
    ck_assert_str_eq(code(host, "stage.move", of(102, ",\"place\":\"stage\"")), "");
    ck_assert_str_eq(code(host, "stage.spotlight", of(102, "")), "");
    ck_assert_str_eq(code(host, "stage.layout", "{\"layout\":\"speaker\"}"), "");
    ck_assert_str_eq(code(host, "stage.layout", "{\"layout\":\"wide\"}"), "request.invalid");
    frame(hcp, "event", "stage.layout", 0);
    ck_assert_uint_eq(events(hcp, "stage.moved"), 1);
    ck_assert_str_eq(code(speaker, "stage.exit", "{}"), "");
    ck_assert_str_eq(code(speaker, "stage.exit", "{}"), "");
    ck_assert_str_eq(code(host, "stage.remove", of(102, "")), ""); /* as it is already */
    ck_assert_str_eq(code(host, "stage.remove", of(103, "")), "not_found");
    ck_assert_str_eq(text(frame(hcp, "event", "stage.left", 0), "why"), "exit");
    ck_assert(json_is_null(json_object_get(frame(hcp, "event", "stage.spotlight", 1), "person")));
    ck_assert_uint_eq(events(hcp, "stage.left"), 1);
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM stage_person"), "0");
    ck_assert_str_eq(
        pg_sql(stage.url, "SELECT count(*) FROM session_event WHERE payload::text ~ 'Staff'"), "0");
    stage_close(&stage);
}
END_TEST

START_TEST(six_are_on_the_stage_and_ten_in_all)
{
    begin();
    uint64_t host = member(ROLE_HOST, 101);
    for (int n = 0; n < 10; n++)
        ck_assert_str_eq(code(member(ROLE_SPEAKER, 102 + n), "stage.enter", "{}"), "");
    ck_assert_str_eq(code(host, "stage.enter", "{}"), "stage.full");
    for (int n = 0; n < 6; n++)
        ck_assert_str_eq(code(host, "stage.move", of(102 + n, ",\"place\":\"stage\"")), "");
    ck_assert_str_eq(code(host, "stage.move", of(108, ",\"place\":\"stage\"")), "stage.full");
    ck_assert_str_eq(code(host, "stage.move", of(102, ",\"place\":\"backstage\"")), "");
    ck_assert_str_eq(code(host, "stage.move", of(108, ",\"place\":\"stage\"")), "");
    ck_assert_str_eq(code(host, "stage.remove", of(109, "")), "");
    ck_assert_str_eq(code(host, "stage.enter", "{}"), "");
    stage_restart(&stage, features); /* the stage stands */
    json_t *snapshot = stage_snapshot(&stage, ROLE_HCP, 1);
    json_t *people =
        json_object_get(json_object_get(json_object_get(snapshot, "common"), "stage"), "people");
    ck_assert_uint_eq(json_array_size(people), 10);
    stage_close(&stage);
}
END_TEST

START_TEST(a_hand_is_raised_and_whoever_is_invited_comes)
{
    begin();
    uint64_t host = member(ROLE_MODERATOR, 101), ada = stage_hcp(&stage, 1);
    uint64_t carl = stage_hcp(&stage, 3);
    ck_assert_str_eq(code(ada, "stage.enter", "{}"), "stage.not_invited");
    ck_assert_str_eq(code(ada, "hand.raise", "{}"), "");
    char *at = strdup(text(stage_ok(&stage, ada, "hand.raise", "{}"), "at"));
    json_t *hand = json_object_get(frame(host, "event", "hand.raised", 0), "hand");
    ck_assert_str_eq(text(hand, "name"), "First1 Last1");
    ck_assert_str_eq(text(hand, "at"), at);
    free(at);
    ck_assert_uint_eq(events(carl, "hand.raised"), 0);
    ck_assert_str_eq(code(carl, "hand.lower", of(1, "")), "auth.forbidden");
    ck_assert_str_eq(code(host, "hand.lower", "{}"), "request.invalid");
    ck_assert_str_eq(code(host, "hand.lower", of(3, "")), "not_found");
    ck_assert_str_eq(code(host, "stage.invite", of(5, ",\"picture\":true")), "not_found");
    ck_assert_str_eq(code(host, "stage.invite", of(1, ",\"picture\":false")), "");
    ck_assert_str_eq(code(host, "stage.invite", of(1, ",\"picture\":false")), "");
    frame(ada, "event", "stage.invited", 0);
    frame(ada, "event", "hand.lowered", 0);
    ck_assert_uint_eq(events(host, "stage.invited"), 1);
    ck_assert_uint_eq(events(carl, "stage.invited"), 0);
    ck_assert_str_eq(code(host, "hand.lower", of(1, "")), ""); /* is down already */
    ck_assert_str_eq(code(ada, "stage.enter", "{}"), "");
    json_t *person = json_object_get(frame(carl, "event", "stage.entered", 0), "person");
    ck_assert_str_eq(text(person, "place"), "stage");
    ck_assert_str_eq(text(person, "kind"), "registration");
    ck_assert(json_is_false(json_object_get(person, "picture")));
    ck_assert_str_eq(code(ada, "hand.raise", "{}"), "stage.place");
    ck_assert_str_eq(code(ada, "stage.screen", "{\"on\":true}"), "auth.forbidden");
    ck_assert_str_eq(code(host, "stage.invite", of(3, ",\"picture\":true")), "");
    ck_assert_str_eq(code(carl, "stage.decline", "{}"), "");
    ck_assert_str_eq(code(carl, "stage.decline", "{}"), "");
    frame(host, "event", "stage.declined", 0);
    ck_assert_str_eq(code(carl, "stage.enter", "{}"), "stage.not_invited");
    stage_close(&stage);
}
END_TEST

START_TEST(others_may_silence_but_never_open_and_one_shares_a_screen)
{
    begin();
    uint64_t host = member(ROLE_HOST, 101), a = member(ROLE_SPEAKER, 102);
    uint64_t b = member(ROLE_MODERATOR, 103);
    code(a, "stage.enter", "{}");
    code(b, "stage.enter", "{}");
    ck_assert_str_eq(code(b, "stage.mute", of(102, ",\"muted\":true")), "auth.forbidden");
    ck_assert_str_eq(code(host, "stage.mute", of(102, ",\"muted\":true")), "");
    ck_assert_str_eq(code(host, "stage.mute", of(102, ",\"muted\":true")), "");
    ck_assert_str_eq(code(host, "stage.mute", of(102, ",\"muted\":false")), "auth.forbidden");
    ck_assert_str_eq(code(a, "stage.mute", of(102, ",\"muted\":false")), "");
    ck_assert_uint_eq(events(host, "stage.changed"), 2);
    ck_assert_str_eq(code(host, "stage.camera", of(102, ",\"off\":true")), "");
    ck_assert_str_eq(code(host, "stage.camera", of(102, ",\"off\":false")), "auth.forbidden");
    ck_assert_str_eq(code(host, "stage.screen", "{\"on\":true}"), "stage.place");
    ck_assert_str_eq(code(a, "stage.screen", "{\"on\":true}"), "");
    ck_assert_str_eq(code(b, "stage.screen", "{\"on\":true}"), "stage.screen_taken");
    ck_assert_str_eq(code(a, "stage.screen", "{\"on\":false}"), "");
    ck_assert_str_eq(code(b, "stage.screen", "{\"on\":true}"), "");
    code(host, "stage.move", of(103, ",\"place\":\"stage\""));
    ck_assert_str_eq(code(host, "stage.move", of(103, ",\"place\":\"backstage\"")), "");
    ck_assert_str_eq(code(a, "stage.screen", "{\"on\":true}"), ""); /* given up by the other */
    stage_close(&stage);
}
END_TEST

START_TEST(who_is_erased_is_on_no_stage)
{
    begin();
    uint64_t host = member(ROLE_HOST, 101), ada = stage_hcp(&stage, 1);
    code(host, "stage.invite", of(1, ",\"picture\":true"));
    code(ada, "stage.enter", "{}");
    code(host, "stage.spotlight", of(1, ""));
    struct change change;
    struct registrations_touched touched;
    struct id person = audience_person(1);
    stage_change(&stage, &change);
    stage.live->app.features = features;
    ck_assert_int_eq(registration_erase(stage.conn, &change, &person, &touched), ERR_OK);
    free(touched.items);
    frame(host, "event", "stage.erased", 0);
    json_t *common = json_object_get(stage_snapshot(&stage, ROLE_HOST, 101), "common");
    json_t *shown = json_object_get(common, "stage");
    ck_assert_uint_eq(json_array_size(json_object_get(shown, "people")), 0);
    ck_assert(json_is_null(json_object_get(shown, "spotlight")));
    ck_assert_str_eq(pg_sql(stage.url, "SELECT count(*) FROM stage_person"), "0");
    stage_close(&stage);
}
END_TEST

RUN_TESTS("the stage", staff_wait_behind_the_stage_and_are_led_onto_it,
          six_are_on_the_stage_and_ten_in_all, a_hand_is_raised_and_whoever_is_invited_comes,
          others_may_silence_but_never_open_and_one_shares_a_screen, who_is_erased_is_on_no_stage)
