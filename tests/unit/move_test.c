/* A connection moves: it leaves sessions, is let into others, follows a congress. */
#include "harness/live.h"
#include "harness/talk.h"
#include "room/home/home.h"
#include "unit/run.h"
#include <stdio.h>
#include <string.h>

#define HCP ROLE_HCP

static int64_t join(struct live *live, uint64_t conn, const struct id *session)
{
    int64_t request = live_ask_join(live, conn, session, NULL, 0);
    live_run(live);
    return request;
}

static const struct member *member_in(struct live *live, const struct id *session, uint64_t conn)
{
    struct dispatch *home = dispatch_home(live->peers, live->loops, session);
    struct room *room = map_get(&home->rooms->by_session, session);
    return room ? room_member_by_conn(room, conn) : NULL;
}

/* Two sessions whose homes are different loops, and a third loop for connections. */
static struct live *two_homes(void)
{
    struct live *live = talk_start(3);
    while (dispatch_home(live->peers, 3, &live->session) ==
           dispatch_home(live->peers, 3, &live->other_session))
        live->other_session = id_random();
    return live;
}

START_TEST(a_move_ends_in_one_session_and_begins_in_the_other_at_one_instant)
{
    struct live *live = two_homes();
    for (int loop = 0; loop < 3; loop++) {
        talk_reset();
        uint64_t a = live_member(live, loop, HCP, loop);
        clock_advance(live->clock, 5 * US_PER_S);
        int64_t r = live_ask_join(live, a, &live->other_session, NULL, 0);
        live_run(live);
        ck_assert_ptr_nonnull(json_object_get(live_ok(live, a, r), "snapshot"));
        ck_assert_int_eq(talk.joined, 2);
        ck_assert_int_eq(talk.left, 1);
        ck_assert_int_eq(talk.left_on_purpose, 1);
        ck_assert_int_eq(talk.arrived, 1);
        ck_assert_ptr_null(member_in(live, &live->session, a));
        ck_assert_int_eq(member_in(live, &live->other_session, a)->joined_at, talk.left_at);
        live_close(live, a, talk.left_at);
        live_run(live);
    }
    live_free(live);
}
END_TEST

START_TEST(whoever_is_refused_stays_where_they_were)
{
    static const enum err errs[] = {ERR_NOT_FOUND, ERR_FORBIDDEN, ERR_BUSY};
    struct live *live = two_homes();
    uint64_t a = live_member(live, 2, HCP, 1);
    for (int i = 0; i < 3; i++) {
        live->lookup_err = errs[i];
        int64_t r = join(live, a, &live->other_session);
        ck_assert_str_eq(live_code(live, a, r), errs[i] == ERR_BUSY ? "server.busy" : "not_found");
        live->lookup_err = ERR_OK;
        r = live_command(live, a, "talk.say", "{\"n\":1}");
        live_run(live);
        ck_assert_ptr_nonnull(live_ok(live, a, r));
    }
    talk.open_err = ERR_BUSY; /* the look-up lets them in, the room does not open */
    int64_t r = join(live, a, &live->other_session);
    ck_assert_str_eq(live_code(live, a, r), "server.busy");
    ck_assert_int_eq(talk.left, 0);
    ck_assert_ptr_nonnull(member_in(live, &live->session, a));
    live_free(live);
}
END_TEST

START_TEST(frames_name_their_place_and_those_of_the_last_one_stay_away)
{
    struct live *live = two_homes();
    uint64_t a = live_member(live, 0, HCP, 1), stays = live_member(live, 1, HCP, 2);
    char first[PLACE_SIZE];
    snprintf(first, sizeof first, "%s", live_conn(live, a)->place);
    ck_assert_ptr_nonnull(live_ok(live, a, join(live, a, &live->other_session)));
    ck_assert_str_ne(live_conn(live, a)->place, first);
    live_forget(live, a);
    live_command(live, stays, "talk.say", "{\"n\":1}");
    live_command(live, a, "talk.set", "{\"key\":\"k\",\"n\":3}");
    live_command(live, a, "talk.say", "{\"n\":1}");
    live_run(live);
    ck_assert_uint_eq(live_count(live, a, "event", "talk.said"), 1);
    ck_assert_uint_eq(live_count(live, stays, "event", "talk.said"), 1);
    json_t *event = live_nth(live, a, "event", "talk.said", 0);
    json_t *state = live_nth(live, a, "state", "talk.state", 0);
    ck_assert_str_eq(json_string_value(json_object_get(event, "place")), live_conn(live, a)->place);
    ck_assert_str_eq(json_string_value(json_object_get(state, "place")), live_conn(live, a)->place);
    live_free(live);
}
END_TEST

START_TEST(a_command_of_another_place_is_answered_session_left)
{
    struct live *live = two_homes();
    uint64_t a = live_member(live, 0, HCP, 1);
    char first[PLACE_SIZE];
    snprintf(first, sizeof first, "%s", live_conn(live, a)->place);
    join(live, a, &live->other_session);
    const char *places[] = {first, NULL, "00000000"};
    for (int i = 0; i < 3; i++) {
        int64_t r = live_command_at(live, a, places[i], "talk.say", "{\"n\":1}");
        live_run(live);
        ck_assert_str_eq(live_code(live, a, r), "session.left");
    }
    ck_assert_uint_eq(live_count(live, a, "event", "talk.said"), 0);
    live_free(live);
}
END_TEST

START_TEST(a_command_that_is_pending_when_its_member_leaves_is_answered_session_left)
{
    static const char *const ways[] = {"session.leave", "session.join"};
    struct live *live = two_homes();
    for (int i = 0; i < 2; i++) {
        uint64_t a = live_member(live, 2, HCP, i);
        int64_t pending = live_command(live, a, "talk.later", "{}"), r;
        live_run(live);
        if (i == 0)
            r = live_command(live, a, ways[i], "{}");
        else
            r = live_ask_join(live, a, &live->other_session, NULL, 0);
        live_run(live);
        ck_assert_ptr_nonnull(live_ok(live, a, r));
        ck_assert_str_eq(live_code(live, a, pending), "session.left");
        size_t frames = json_array_size(live_conn(live, a)->frames);
        call_ok(talk.later, NULL); /* what it did is done; nobody is told twice */
        live_run(live);
        ck_assert_uint_eq(json_array_size(live_conn(live, a)->frames), frames);
    }
    live_free(live);
}
END_TEST

START_TEST(after_a_leave_there_is_nothing_until_the_next_join)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HCP, 1);
    int64_t r = live_command(live, a, "session.leave", "{}");
    live_run(live);
    ck_assert_ptr_nonnull(live_ok(live, a, r));
    ck_assert_int_eq(talk.left_on_purpose, 1);
    r = live_command(live, a, "talk.say", "{\"n\":1}");
    live_run(live);
    ck_assert_str_eq(live_code(live, a, r), "session.left");
    live_advance(live, 59 * US_PER_S);
    ck_assert_ptr_nonnull(live_ok(live, a, join(live, a, &live->session)));
    live_command(live, a, "session.leave", "{}");
    live_run(live);
    live_advance(live, 61 * US_PER_S);
    ck_assert_int_eq(live_conn(live, a)->closed, 1008);
    live_free(live);
}
END_TEST

START_TEST(a_leave_while_a_join_is_due_is_told_to_wait)
{
    struct live *live = two_homes();
    uint64_t a = live_member(live, 2, HCP, 1);
    int64_t joins = live_ask_join(live, a, &live->other_session, NULL, 0);
    int64_t leaves = live_command(live, a, "session.leave", "{}");
    live_run(live);
    ck_assert_ptr_nonnull(live_ok(live, a, joins));
    ck_assert_str_eq(live_code(live, a, leaves), "server.busy");
    live_free(live);
}
END_TEST

START_TEST(a_connection_that_ends_while_it_moves_is_in_neither_session)
{
    for (int admitted = 0; admitted < 2; admitted++) {
        struct live *live = two_homes();
        uint64_t a = live_member(live, 2, HCP, 1);
        talk.open_later = true;
        live_ask_join(live, a, &live->other_session, NULL, 0);
        live_run(live);
        if (admitted)
            room_opening_done(talk.opening, ERR_OK);
        live_close(live, a, LIVE_START + 7);
        live_run(live);
        if (!admitted)
            room_opening_done(talk.opening, ERR_OK);
        live_run(live);
        ck_assert_int_eq(talk.joined, 1 + admitted);
        ck_assert_int_eq(talk.left, 1 + admitted);
        ck_assert_int_eq(talk.left_on_purpose, 0);
        ck_assert_ptr_null(member_in(live, &live->session, a));
        ck_assert_ptr_null(member_in(live, &live->other_session, a));
        live_free(live);
    }
}
END_TEST

static void turn(struct live *live, int loop)
{
    mailbox_drain(&live->loop[loop].mailbox);
    dispatch_turn(live->loop[loop].d);
}

/* The other session's room as an arrival finds it that comes late. */
enum found { FOUND_OPEN, FOUND_NONE, FOUND_OPENING, FOUND_FAILED, FOUND };

/* Person 1 has moved there, and is gone again: its arrival is still with the home that it left. */
static void moves_and_goes(struct live *live, int away, int there)
{
    uint64_t a = live_member(live, away, HCP, 1);
    char place[PLACE_SIZE];
    snprintf(place, sizeof place, "%s", live_conn(live, a)->place);
    live_ask_join(live, a, &live->other_session, NULL, 0);
    for (int i = 0; i < 10 && strcmp(live_conn(live, a)->place, place) == 0; i++) {
        turn(live, there);
        turn(live, away);
    }
    ck_assert_str_ne(live_conn(live, a)->place, place);
    live_close(live, a, clock_now_us(live->clock));
    turn(live, there);
}

static void room_becomes(struct live *live, int away, int there, enum found found)
{
    if (found == FOUND_OPEN)
        return;
    clock_advance(live->clock, 61 * US_PER_S);
    dispatch_tick(live->peers[there]);
    ck_assert_int_eq(talk.closed, 1);
    if (found == FOUND_NONE)
        return;
    talk.open_later = found == FOUND_OPENING;
    talk.open_err = ERR_BUSY;
    live_ask_join(live, live_open(live, away, HCP, 2), &live->other_session, NULL, 0);
    for (int i = 0; i < 3; i++) {
        turn(live, away);
        turn(live, there);
    }
    ck_assert_int_eq(talk.opened, 3);
}

START_TEST(what_goes_along_is_taken_there_or_where_it_came_from)
{
    for (int found = 0; found < FOUND; found++) {
        struct live *live = two_homes();
        int here = dispatch_home(live->peers, 3, &live->session)->index;
        int there = dispatch_home(live->peers, 3, &live->other_session)->index;
        int away = 3 - here - there;
        talk.packs = true;
        moves_and_goes(live, away, there);
        room_becomes(live, away, there, (enum found)found);
        turn(live, here); /* the arrival is on its way */
        int closed = talk.closed;
        clock_advance(live->clock, 61 * US_PER_S);
        dispatch_tick(live->peers[here]);
        ck_assert_int_eq(talk.closed, closed); /* it may come back */
        turn(live, there);
        turn(live, here);
        ck_assert_int_eq(talk.unpacked, 1);
        ck_assert(id_equal(&talk.unpacked_in,
                           found == FOUND_OPEN ? &live->other_session : &live->session));
        dispatch_tick(live->peers[here]);
        ck_assert_int_eq(talk.closed, closed + 1);
        if (found == FOUND_OPENING)
            room_opening_done(talk.opening, ERR_OK);
        live_run(live);
        live_free(live);
    }
}
END_TEST

/* --- the congress as a whole --- */

static int64_t follow(struct live *live, uint64_t conn, const struct id *congress)
{
    char id[ID_TEXT_SIZE], data[100];
    snprintf(data, sizeof data, "{\"congress\":\"%s\"}", id_text(congress, id));
    int64_t request = live_command(live, conn, "congress.join", data);
    live_run(live);
    return request;
}

static void notice(struct live *live, const struct id *congress)
{
    tell(&live->app, scope_congress(congress), "notice",
         json_pack("{s:s}", "notice", "session.started"));
    live_run(live);
}

START_TEST(notices_reach_those_who_follow_the_congress_wherever_they_are)
{
    struct live *live = two_homes();
    uint64_t a = live_open(live, 0, HCP, 1), b = live_member(live, 2, HCP, 2);
    ck_assert_ptr_nonnull(live_ok(live, a, follow(live, a, &live->congress)));
    notice(live, &live->congress);
    ck_assert_uint_eq(live_count(live, a, "notice", "session.started"), 1);
    ck_assert_uint_eq(live_count(live, b, "notice", "session.started"), 0);
    join(live, a, &live->session);
    join(live, a, &live->other_session);
    notice(live, &live->congress);
    struct id other = id_random();
    notice(live, &other);
    ck_assert_uint_eq(live_count(live, a, "notice", "session.started"), 2);
    live_command(live, a, "congress.leave", "{}");
    notice(live, &live->congress);
    ck_assert_uint_eq(live_count(live, a, "notice", "session.started"), 2);
    ck_assert_ptr_nonnull(member_in(live, &live->other_session, a));
    live_free(live);
}
END_TEST

START_TEST(whoever_may_not_follow_a_congress_is_told_and_stays)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, HCP, 1);
    live->lookup_err = ERR_NOT_FOUND;
    int64_t r = follow(live, a, &live->congress);
    ck_assert_str_eq(live_code(live, a, r), "not_found");
    notice(live, &live->congress);
    ck_assert_uint_eq(live_count(live, a, "notice", "session.started"), 0);
    ck_assert_ptr_nonnull(member_in(live, &live->session, a));
    live_free(live);
}
END_TEST

START_TEST(whoever_follows_a_congress_alone_stays_connected)
{
    struct live *live = talk_start(1);
    uint64_t a = live_open(live, 0, HCP, 1);
    follow(live, a, &live->congress);
    live_advance(live, 100 * US_PER_S);
    ck_assert_int_eq(live_conn(live, a)->closed, 0);
    live->lookup_err = ERR_UNAUTHENTICATED;
    live_advance(live, 46 * US_PER_S);
    ck_assert_int_eq(live_conn(live, a)->closed, 4401);
    live_free(live);
}
END_TEST

static const char *hosts_command(struct live *live, uint64_t conn)
{
    int64_t r = live_command(live, conn, "talk.rare", "{}");
    live_run(live);
    return live_code(live, conn, r);
}

START_TEST(roles_are_those_in_the_session_where_one_is)
{
    struct live *live = two_homes();
    uint64_t a = live_member(live, 2, ROLE_HOST, 1);
    live->lookup_later = true;
    live->lookup_roles = ROLE_SPEAKER; /* in the other session */
    int64_t r = live_ask_join(live, a, &live->other_session, NULL, 0);
    live_run(live);
    ck_assert_str_eq(hosts_command(live, a), "");
    live_answer_lookups(live);
    live_run(live);
    ck_assert_ptr_nonnull(live_ok(live, a, r));
    ck_assert_str_eq(hosts_command(live, a), "auth.forbidden");
    live->lookup_later = false;
    live->lookup_roles = ROLE_HOST; /* in the congress */
    ck_assert_ptr_nonnull(live_ok(live, a, follow(live, a, &live->congress)));
    ck_assert_str_eq(hosts_command(live, a), "auth.forbidden");
    live->lookup_roles = ROLE_SPEAKER;
    live_advance(live, 46 * US_PER_S);
    ck_assert_int_eq(live_conn(live, a)->closed, 0);
    live_free(live);
}
END_TEST

START_TEST(a_right_in_the_congress_ends_beside_the_session)
{
    struct live *live = talk_start(1);
    uint64_t a = live_member(live, 0, ROLE_HOST, 1), b = live_member(live, 0, ROLE_HOST, 2);
    live->until = LIVE_START + 10 * US_PER_S;
    follow(live, a, &live->congress);
    live->until = 0;
    live->lookup_err = ERR_BUSY;
    live_advance(live, 10 * US_PER_S - 1);
    ck_assert_int_eq(live_conn(live, a)->closed, 0);
    live_advance(live, 1);
    ck_assert_int_eq(live_conn(live, a)->closed, 1001);
    ck_assert_int_eq(live_conn(live, b)->closed, 0);
    live_free(live);
}
END_TEST

RUN_TESTS("move", a_move_ends_in_one_session_and_begins_in_the_other_at_one_instant,
          whoever_is_refused_stays_where_they_were,
          frames_name_their_place_and_those_of_the_last_one_stay_away,
          a_command_of_another_place_is_answered_session_left,
          a_command_that_is_pending_when_its_member_leaves_is_answered_session_left,
          after_a_leave_there_is_nothing_until_the_next_join,
          a_leave_while_a_join_is_due_is_told_to_wait,
          a_connection_that_ends_while_it_moves_is_in_neither_session,
          what_goes_along_is_taken_there_or_where_it_came_from,
          notices_reach_those_who_follow_the_congress_wherever_they_are,
          whoever_may_not_follow_a_congress_is_told_and_stays,
          whoever_follows_a_congress_alone_stays_connected,
          roles_are_those_in_the_session_where_one_is,
          a_right_in_the_congress_ends_beside_the_session)
