/* Joining, opening and closing of rooms, changes, revocation, drain. */
#include "harness/live.h"
#include "harness/talk.h"
#include "unit/run.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HCP  ROLE_HCP
#define HOST ROLE_HOST

START_TEST(without_a_token_the_connection_ends_with_4401)
{
    struct live *live = talk_start(1);
    uint64_t a = live_open_token(live, 0, NULL);
    live_run(live);
    ck_assert_int_eq(live_conn(live, a)->closed, 4401);
    live_free(live);
}
END_TEST

START_TEST(one_person_who_comes_and_goes_all_the_time_has_to_wait)
{
    struct live *live = talk_start(1);
    for (int i = 0; i < 100; i++)
        live_close(live, live_member(live, 0, HCP, 1), clock_now_us(live->clock));
    uint64_t a = live_open(live, 0, HCP, 1);
    int64_t r = live_ask_join(live, a, &live->session, NULL, 0);
    live_run(live);
    ck_assert_str_eq(live_code(live, a, r), "server.busy");
    live_member(live, 0, HCP, 2); /* others do not */
    live_advance(live, US_PER_S);
    r = live_ask_join(live, a, &live->session, NULL, 0);
    live_run(live);
    ck_assert_ptr_nonnull(live_ok(live, a, r));
    live_free(live);
}
END_TEST

START_TEST(a_join_while_another_is_due_is_told_to_wait)
{
    struct live *live = talk_start(1);
    uint64_t a = live_open(live, 0, HCP, 1);
    int64_t first = live_ask_join(live, a, &live->session, NULL, 0);
    int64_t second = live_ask_join(live, a, &live->other_session, NULL, 0);
    live_run(live);
    ck_assert_ptr_nonnull(live_ok(live, a, first));
    ck_assert_str_eq(live_code(live, a, second), "server.busy");
    ck_assert_int_eq(live_conn(live, a)->closed, 0);
    live_free(live);
}
END_TEST

START_TEST(joining_where_one_is_gives_a_fresh_snapshot)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HCP, 1);
    int64_t r = live_ask_join(live, a, &live->session, NULL, 0);
    live_run(live);
    ck_assert_ptr_nonnull(json_object_get(live_ok(live, a, r), "snapshot"));
    ck_assert_int_eq(talk.joined, 1);
    ck_assert_int_eq(talk.left, 0);
    r = live_command(live, a, "talk.say", "{\"n\":1}");
    live_run(live);
    ck_assert_ptr_nonnull(live_ok(live, a, r));
    ck_assert_uint_eq(live_count(live, a, "event", "talk.said"), 1);
    live_free(live);
}
END_TEST

START_TEST(an_older_client_is_greeted_so_that_it_reloads_and_closed)
{
    struct live *live = talk_start(1);
    uint8_t token[TOKEN_HASH_SIZE] = {HCP};
    uint64_t a = live_open_outdated(live, 0, token);
    live_run(live);
    json_t *hello = json_object_get(json_array_get(live_conn(live, a)->frames, 0), "hello");
    ck_assert_int_eq(json_integer_value(json_object_get(hello, "protocol")), PROTOCOL_VERSION);
    ck_assert_int_eq(live_conn(live, a)->closed, 1001);
    live_free(live);
}
END_TEST

START_TEST(the_join_must_come_first_and_within_ten_seconds)
{
    struct live *live = talk_start(1);
    uint64_t a = live_open(live, 0, HCP, 1), b = live_open(live, 0, HCP, 2);
    live_command(live, a, "talk.say", "{\"n\":1}");
    live_advance(live, 9 * US_PER_S);
    ck_assert_int_eq(live_conn(live, a)->closed, 1008);
    ck_assert_int_eq(live_conn(live, b)->closed, 0);
    live_advance(live, US_PER_S);
    ck_assert_int_eq(live_conn(live, b)->closed, 1008);
    live_free(live);
}
END_TEST

START_TEST(the_outcome_of_the_sign_in_decides_how_a_join_ends)
{
    struct live *live = talk_start(1);
    static const struct {
        enum err err;
        int closed;
        const char *code;
    } cases[] = {{ERR_UNAUTHENTICATED, 4401, ""},
                 {ERR_NOT_FOUND, 0, "not_found"},
                 {ERR_BUSY, 0, "server.busy"}};
    for (int i = 0; i < 3; i++) {
        live->lookup_err = cases[i].err;
        uint64_t a = live_open(live, 0, HCP, 1);
        int64_t r = live_ask_join(live, a, &live->session, NULL, 0);
        live_run(live);
        ck_assert_int_eq(live_conn(live, a)->closed, cases[i].closed);
        ck_assert_str_eq(live_code(live, a, r), cases[i].code);
        live->lookup_err = ERR_OK;
        if (!cases[i].closed) {
            r = live_ask_join(live, a, &live->session, NULL, 0);
            live_run(live);
            ck_assert_ptr_nonnull(live_ok(live, a, r));
        }
    }
    live_free(live);
}
END_TEST

START_TEST(somebody_of_another_organisation_or_congress_finds_no_session)
{
    struct live *live = talk_start(1);
    live_member(live, 0, HCP, 1);
    live->congress = id_random();
    uint64_t hcp = live_open(live, 0, HCP, 2), host = live_open(live, 0, HOST, 3);
    int64_t none = live_ask_join(live, hcp, &live->session, NULL, 0);
    int64_t r = live_ask_join(live, host, &live->session, NULL, 0);
    live_run(live);
    ck_assert_str_eq(live_code(live, hcp, none), "not_found");
    ck_assert_ptr_nonnull(live_ok(live, host, r));
    live->organisation = id_random();
    host = live_open(live, 0, HOST, 3);
    none = live_ask_join(live, host, &live->session, NULL, 0);
    live_run(live);
    ck_assert_str_eq(live_code(live, host, none), "not_found");
    live_free(live);
}
END_TEST

START_TEST(joins_wait_while_the_room_opens_and_a_failed_one_is_tried_again_later)
{
    struct live *live = talk_start(1);
    talk.open_later = true;
    uint64_t a = live_open(live, 0, HCP, 1), b = live_open(live, 0, HCP, 2);
    uint64_t gone = live_open(live, 0, HCP, 3);
    int64_t ra = live_ask_join(live, a, &live->session, NULL, 0);
    int64_t rb = live_ask_join(live, b, &live->session, NULL, 0);
    live_ask_join(live, gone, &live->session, NULL, 0);
    live_run(live);
    live_close(live, gone, LIVE_START);
    ck_assert_ptr_null(live_answer(live, a, ra));
    room_opening_done(talk.opening, ERR_BUSY);
    live_run(live);
    ck_assert_str_eq(live_code(live, a, ra), "server.busy");
    ck_assert_str_eq(live_code(live, b, rb), "server.busy");
    ck_assert_int_eq(talk.closed, 0); /* there was no state yet */
    talk.open_later = false;
    ra = live_ask_join(live, a, &live->session, NULL, 0);
    live_run(live);
    ck_assert_str_eq(live_code(live, a, ra), "server.busy");
    ck_assert_int_eq(talk.opened, 1);
    live_advance(live, US_PER_S);
    ra = live_ask_join(live, a, &live->session, NULL, 0);
    live_run(live);
    ck_assert_ptr_nonnull(live_ok(live, a, ra));
    ck_assert_int_eq(talk.opened, 2);
    ck_assert_int_eq(talk.joined, 1);
    live_free(live);
}
END_TEST

START_TEST(a_session_that_opening_does_not_find_is_answered_not_found)
{
    struct live *live = talk_start(1);
    talk.open_err = ERR_NOT_FOUND;
    uint64_t a = live_open(live, 0, HCP, 1);
    int64_t r = live_ask_join(live, a, &live->session, NULL, 0);
    live_run(live);
    ck_assert_str_eq(live_code(live, a, r), "not_found");
    ck_assert_int_eq(live_conn(live, a)->closed, 0);
    live_free(live);
}
END_TEST

START_TEST(a_room_closes_a_minute_after_its_last_member_unless_held)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HCP, 1);
    live_advance(live, 100 * US_PER_S);
    live_close(live, a, LIVE_START + 7);
    ck_assert_int_eq(talk.left, 1);
    ck_assert_int_eq(talk.left_at, LIVE_START + 7);
    room_hold(talk.room);
    live_advance(live, 61 * US_PER_S);
    ck_assert_int_eq(talk.closed, 0);
    room_let_go(talk.room);
    live_advance(live, 0);
    ck_assert_int_eq(talk.closed, 1);
    live_member(live, 0, HCP, 1);
    ck_assert_int_eq(talk.opened, 2);
    live_free(live);
}
END_TEST

START_TEST(a_change_reaches_an_open_room_and_waits_for_one_that_opens)
{
    struct live *live = talk_start(2);
    tell(&live->app, scope_session(&live->session), "deck", NULL);
    live_run(live);
    ck_assert_int_eq(talk.told, 0);
    talk.open_later = true;
    uint64_t a = live_open(live, 0, HCP, 1);
    live_ask_join(live, a, &live->session, NULL, 0);
    live_run(live);
    tell(&live->app, scope_session(&live->session), "deck", json_object());
    live_run(live);
    ck_assert_int_eq(talk.told, 0);
    room_opening_done(talk.opening, ERR_OK);
    live_run(live);
    ck_assert_int_eq(talk.told, 1);
    tell(&live->app, scope_session(&live->session), "deck", NULL);
    live_run(live);
    ck_assert_int_eq(talk.told, 2);
    live_free(live);
}
END_TEST

START_TEST(a_revoked_person_is_closed_everywhere_with_4401)
{
    struct live *live = talk_start(2);
    uint64_t a = live_member(live, 0, HCP, 1), a2 = live_member(live, 1, HCP, 1);
    uint64_t b = live_member(live, 1, HCP, 2);
    char text[ID_TEXT_SIZE];
    struct id person = live_person(1), elsewhere = id_random();
    json_t *other = json_pack("{s:s}", "person", id_text(&person, text));
    json_object_set_new(other, "sign_in", json_string(id_text(&elsewhere, text)));
    tell(&live->app, scope_person(&person), "revoked", other);
    live_run(live);
    ck_assert_int_eq(live_conn(live, a)->closed, 0);
    tell(&live->app, scope_person(&person), "revoked",
         json_pack("{s:s}", "person", id_text(&person, text)));
    live_run(live);
    ck_assert_int_eq(live_conn(live, a)->closed, 4401);
    ck_assert_int_eq(live_conn(live, a2)->closed, 4401);
    ck_assert_int_eq(live_conn(live, b)->closed, 0);
    int64_t r = live_command(live, a, "talk.say", "{\"n\":1}");
    live_run(live);
    ck_assert_ptr_null(live_answer(live, a, r));
    live_free(live);
}
END_TEST

START_TEST(several_are_revoked_at_once)
{
    static const char *const fields[] = {"person", "sign_in"};
    for (int field = 0; field < 2; field++) {
        struct live *live = talk_start(2);
        uint64_t conns[3];
        json_t *named = json_array();
        for (int i = 0; i < 1000; i++)
            json_array_append_new(named, json_string("00000000-0000-4000-8000-000000000000"));
        for (int i = 0; i < 3; i++) {
            char text[ID_TEXT_SIZE];
            conns[i] = live_member(live, i % 2, HCP, i + 1);
            struct id id = field ? live_sign_in(HCP, i + 1) : live_person(i + 1);
            if (i < 2)
                json_array_append_new(named, json_string(id_text(&id, text)));
        }
        struct id person = live_person(1);
        tell(&live->app, scope_person(&person), "revoked",
             json_pack("{s:o}", fields[field], named));
        live_run(live);
        for (int i = 0; i < 3; i++)
            ck_assert_int_eq(live_conn(live, conns[i])->closed, i < 2 ? 4401 : 0);
        live_free(live);
    }
}
END_TEST

START_TEST(whoever_has_other_roles_is_told_to_join_again)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HCP, 1), b = live_member(live, 0, HCP, 2);
    char text[ID_TEXT_SIZE];
    struct id person = live_person(1);
    tell(&live->app, scope_person(&person), "revoked",
         json_pack("{s:s,s:b}", "person", id_text(&person, text), "again", 1));
    live_run(live);
    ck_assert_int_eq(live_conn(live, a)->closed, 1001);
    ck_assert_int_eq(live_conn(live, b)->closed, 0);
    live_free(live);
}
END_TEST

START_TEST(a_sign_in_that_ended_ends_its_connection_within_a_minute)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HCP, 1);
    live_advance(live, 30 * US_PER_S);
    live->lookup_err = ERR_BUSY;
    live_advance(live, 20 * US_PER_S);
    ck_assert_int_eq(live_conn(live, a)->closed, 0);
    live->lookup_err = ERR_UNAUTHENTICATED;
    live_advance(live, 46 * US_PER_S);
    ck_assert_int_eq(live_conn(live, a)->closed, 4401);
    live_free(live);
}
END_TEST

/* Names the person of live_person(1) as whose grants have changed, in every open room. */
static void tell_changed(struct live *live)
{
    char text[ID_TEXT_SIZE];
    struct id person = live_person(1);
    tell(&live->app, scope_person(&person), "revoked",
         json_pack("{s:s,s:b}", "person", id_text(&person, text), "again", 1));
}

START_TEST(a_right_that_expires_ends_its_connection_at_once)
{
    struct live *live = talk_start(2);
    live->until = LIVE_START + 10 * US_PER_S;
    uint64_t a = live_member(live, 0, HOST | ROLE_SPEAKER, 1);
    live->until = LIVE_START + 60 * US_PER_S; /* not before the first check */
    uint64_t b = live_member(live, 0, HOST | ROLE_SPEAKER, 2);
    live->until = 0;
    uint64_t c = live_member(live, 1, HOST | ROLE_SPEAKER, 3);
    live->lookup_roles = ROLE_SPEAKER;
    live_advance(live, 10 * US_PER_S - 1);
    ck_assert_int_eq(live_conn(live, a)->closed, 0);
    live_advance(live, 1);
    ck_assert_int_eq(live_conn(live, a)->closed, 1001);
    ck_assert_int_eq(live_conn(live, b)->closed, 0);
    ck_assert_int_eq(live_conn(live, c)->closed, 0);
    live->lookup_roles = 0;
    live->until = LIVE_START + 60 * US_PER_S;
    live_advance(live, 40 * US_PER_S); /* checked meanwhile, as all are */
    live->until = 0;
    live->lookup_roles = ROLE_SPEAKER;
    live_advance(live, 10 * US_PER_S - 1);
    ck_assert_int_eq(live_conn(live, b)->closed, 0);
    live_advance(live, 1);
    ck_assert_int_eq(live_conn(live, b)->closed, 1001);
    live_free(live);
}
END_TEST

START_TEST(who_keeps_the_same_roles_stays_past_an_expiry)
{
    struct live *live = talk_start(1);
    live->until = LIVE_START + 10 * US_PER_S;
    uint64_t a = live_member(live, 0, HOST, 1);
    live->until = LIVE_START + 20 * US_PER_S; /* another grant of the same role */
    live_advance(live, 10 * US_PER_S);
    ck_assert_int_eq(live_conn(live, a)->closed, 0);
    live->lookup_err = ERR_NOT_FOUND;
    live_advance(live, 10 * US_PER_S);
    ck_assert_int_eq(live_conn(live, a)->closed, 1001);
    live_free(live);
}
END_TEST

START_TEST(what_has_expired_does_not_stay_because_the_database_is_away)
{
    struct live *live = talk_start(1);
    live->until = LIVE_START + 10 * US_PER_S;
    uint64_t a = live_member(live, 0, HOST, 1);
    live->until = 0;
    live->lookup_err = ERR_BUSY;
    live_advance(live, 10 * US_PER_S);
    ck_assert_int_eq(live_conn(live, a)->closed, 1001);
    live_free(live);
}
END_TEST

START_TEST(a_join_that_was_looked_up_before_a_revocation_is_looked_up_again)
{
    struct live *live = talk_start(2);
    live_member(live, 0, HCP, 2);
    live->lookup_later = true;
    uint64_t before = live_open(live, 0, HOST, 1), other = live_open(live, 1, HOST, 3);
    int64_t r = live_ask_join(live, before, &live->session, NULL, 0);
    int64_t q = live_ask_join(live, other, &live->session, NULL, 0);
    live_run(live);
    tell_changed(live);
    live_run(live);
    live->lookup_roles = ROLE_SPEAKER;
    live_answer_lookups(live);
    live_run(live);
    ck_assert_ptr_null(live_answer(live, before, r));
    live_answer_lookups(live);
    live_run(live);
    ck_assert_ptr_nonnull(live_ok(live, before, r));
    ck_assert_ptr_nonnull(live_ok(live, other, q));
    r = live_command(live, before, "talk.rare", "{}"); /* a host's */
    live_run(live);
    ck_assert_str_eq(live_code(live, before, r), "auth.forbidden");
    live_free(live);
}
END_TEST

START_TEST(a_change_of_grants_reaches_every_open_room)
{
    struct live *live = talk_start(2);
    uint64_t a = live_member(live, 0, HOST, 1), b = live_open(live, 1, HOST, 1);
    live_ask_join(live, b, &live->other_session, NULL, 0);
    live_run(live);
    uint64_t c = live_member(live, 0, HOST, 2);
    tell_changed(live);
    live_run(live);
    ck_assert_int_eq(live_conn(live, a)->closed, 1001);
    ck_assert_int_eq(live_conn(live, b)->closed, 1001);
    ck_assert_int_eq(live_conn(live, c)->closed, 0);
    live_free(live);
}
END_TEST

START_TEST(drain_says_when_to_come_back_and_ends_when_rooms_are_closed)
{
    struct live *live = talk_start(2);
    uint64_t conns[] = {live_member(live, 0, HCP, 1), live_member(live, 1, HCP, 2),
                        live_open(live, 0, HCP, 3)};
    for (int i = 0; i < 2; i++)
        dispatch_drain(live->loop[i].d);
    live_run(live);
    for (int i = 0; i < 3; i++) {
        json_t *frames = live_conn(live, conns[i])->frames;
        json_t *last = json_array_get(frames, json_array_size(frames) - 1);
        json_t *retry = json_object_get(json_object_get(last, "bye"), "retry_ms");
        ck_assert_int_ge(json_integer_value(retry), 500);
        ck_assert_int_le(json_integer_value(retry), 3500);
        ck_assert_int_eq(live_conn(live, conns[i])->closed, 1001);
        live_close(live, conns[i], LIVE_START);
    }
    ck_assert(!dispatch_drained(live->loop[0].d) || !dispatch_drained(live->loop[1].d));
    live_run(live);
    live_advance(live, 0);
    ck_assert(dispatch_drained(live->loop[0].d) && dispatch_drained(live->loop[1].d));
    ck_assert_int_eq(talk.closed, 1);
    uint64_t late = live_open(live, 1, HCP, 4);
    live_run(live);
    ck_assert_int_eq(live_conn(live, late)->closed, 1001);
    live_free(live);
}
END_TEST

START_TEST(the_golden_joins_are_understood)
{
    static const char *const files[] = {"session.join", "session.join.resume"};
    struct live *live = talk_start(1);
    for (int i = 0; i < 2; i++) {
        char path[100];
        snprintf(path, sizeof path, "tests/golden/envelope/%s.json", files[i]);
        json_t *frame = json_load_file(path, 0, NULL);
        char *text = json_dumps(frame, JSON_COMPACT);
        uint64_t a = live_open(live, 0, HCP, 1);
        live_text(live, a, text);
        live_run(live);
        ck_assert_ptr_nonnull(live_ok(live, a, 1));
        free(text);
        json_decref(frame);
    }
    live_free(live);
}
END_TEST

RUN_TESTS("join", without_a_token_the_connection_ends_with_4401,
          one_person_who_comes_and_goes_all_the_time_has_to_wait,
          a_join_while_another_is_due_is_told_to_wait, joining_where_one_is_gives_a_fresh_snapshot,
          an_older_client_is_greeted_so_that_it_reloads_and_closed,
          the_join_must_come_first_and_within_ten_seconds,
          the_outcome_of_the_sign_in_decides_how_a_join_ends,
          somebody_of_another_organisation_or_congress_finds_no_session,
          joins_wait_while_the_room_opens_and_a_failed_one_is_tried_again_later,
          a_session_that_opening_does_not_find_is_answered_not_found,
          a_room_closes_a_minute_after_its_last_member_unless_held,
          a_change_reaches_an_open_room_and_waits_for_one_that_opens,
          a_revoked_person_is_closed_everywhere_with_4401, several_are_revoked_at_once,
          whoever_has_other_roles_is_told_to_join_again,
          a_sign_in_that_ended_ends_its_connection_within_a_minute,
          a_right_that_expires_ends_its_connection_at_once,
          who_keeps_the_same_roles_stays_past_an_expiry,
          what_has_expired_does_not_stay_because_the_database_is_away,
          a_join_that_was_looked_up_before_a_revocation_is_looked_up_again,
          a_change_of_grants_reaches_every_open_room,
          drain_says_when_to_come_back_and_ends_when_rooms_are_closed,
          the_golden_joins_are_understood)
