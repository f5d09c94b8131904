/* A browser that several people use: a join is for the person whom the page shows, and a connection
 * is one person's. */
#include "harness/live.h"
#include "harness/talk.h"
#include "room/home/home.h"
#include "unit/run.h"
#include <stdio.h>

#define STAFF       1
#define HCP         2
#define NOBODY_ELSE 3

/* Signed in as staff and as an HCP; roles 0: that one is good no more. */
static uint64_t open_twice(struct live *live, unsigned staff_roles, unsigned hcp_roles)
{
    struct sign_ins both = {.held = {true, true},
                            .token = {[SIDE_STAFF] = {(uint8_t)staff_roles, 0, STAFF},
                                      [SIDE_HCP] = {(uint8_t)hcp_roles, 0, HCP}}};
    return live_open_with(live, 0, &both);
}

/* person 0: the page does not say. */
static int64_t ask(struct live *live, uint64_t conn, const struct id *session, int person)
{
    char place[ID_TEXT_SIZE], name[ID_TEXT_SIZE], data[200];
    struct id who = live_person(person);
    snprintf(data, sizeof data,
             person ? "{\"session\":\"%s\",\"person\":\"%s\"}" : "{\"session\":\"%s\"}",
             id_text(session, place), id_text(&who, name));
    int64_t request = live_command_at(live, conn, NULL, "session.join", data);
    live_run(live);
    return request;
}

static void is_in_as(struct live *live, uint64_t conn, int person)
{
    struct id who = live_person(person);
    struct dispatch *home = dispatch_home(live->peers, live->loops, &live->session);
    struct room *room = map_get(&home->rooms->by_session, &live->session);
    const struct member *member = room_member_by_conn(room, conn);
    ck_assert_ptr_nonnull(member);
    ck_assert(id_equal(&member->who.person, &who));
}

START_TEST(a_join_takes_the_sign_in_of_the_person_whom_the_page_shows)
{
    for (int person = STAFF; person <= HCP; person++) {
        struct live *live = talk_start(1);
        uint64_t a = open_twice(live, ROLE_HOST, ROLE_HCP);
        int64_t r = ask(live, a, &live->session, person);
        ck_assert_ptr_nonnull(live_ok(live, a, r));
        is_in_as(live, a, person);
        live_free(live);
    }
}
END_TEST

START_TEST(with_two_sign_ins_a_join_must_say_for_whom_it_is)
{
    struct live *live = talk_start(1);
    uint64_t a = open_twice(live, ROLE_HOST, ROLE_HCP);
    int64_t r = ask(live, a, &live->session, 0);
    ck_assert_str_eq(live_code(live, a, r), "request.invalid");
    ck_assert_str_eq(live_code(live, a, ask(live, a, &live->session, NOBODY_ELSE)),
                     "auth.other_person");
    ck_assert_int_eq(live_conn(live, a)->closed, 0);
    ck_assert_ptr_nonnull(live_ok(live, a, ask(live, a, &live->session, HCP)));
    live_free(live);
}
END_TEST

START_TEST(a_sign_in_that_is_good_no_more_hides_no_other)
{
    static const struct {
        unsigned staff, hcp;
        const char *code;
        int closed;
    } cases[] = {{0, ROLE_HCP, "", 0}, {ROLE_HOST, 0, "auth.other_person", 0}, {0, 0, "", 4401}};
    for (int i = 0; i < 3; i++) {
        struct live *live = talk_start(1);
        uint64_t a = open_twice(live, cases[i].staff, cases[i].hcp);
        int64_t r = ask(live, a, &live->session, HCP);
        ck_assert_str_eq(live_code(live, a, r), cases[i].code);
        ck_assert_int_eq(live_conn(live, a)->closed, cases[i].closed);
        live_free(live);
    }
}
END_TEST

START_TEST(a_join_for_another_person_is_refused)
{
    struct live *live = talk_start(1);
    uint64_t a = live_open(live, 0, ROLE_HCP, HCP);
    ck_assert_str_eq(live_code(live, a, ask(live, a, &live->session, STAFF)), "auth.other_person");
    ck_assert_int_eq(live_conn(live, a)->closed, 0);
    ck_assert_str_eq(live_code(live, a, ask(live, a, &live->session, HCP)), "");
    live_free(live);
}
END_TEST

/* What the cookie's new owner may see says nothing to whoever the page shows. */
START_TEST(whose_it_is_comes_before_what_they_may)
{
    struct live *live = talk_start(1);
    live->lookup_err = ERR_NOT_FOUND;
    uint64_t a = live_open(live, 0, ROLE_HCP, HCP);
    ck_assert_str_eq(live_code(live, a, ask(live, a, &live->session, STAFF)), "auth.other_person");
    ck_assert_str_eq(live_code(live, a, ask(live, a, &live->session, HCP)), "not_found");
    live_free(live);
}
END_TEST

START_TEST(a_connection_stays_its_person_s)
{
    struct live *live = talk_start(1);
    uint64_t a = open_twice(live, ROLE_HOST, ROLE_HCP);
    ck_assert_ptr_nonnull(live_ok(live, a, ask(live, a, &live->session, HCP)));
    int64_t r = ask(live, a, &live->other_session, STAFF);
    ck_assert_str_eq(live_code(live, a, r), "auth.other_person");
    is_in_as(live, a, HCP);
    live_advance(live, 45 * US_PER_S); /* it is looked up again, as that one */
    is_in_as(live, a, HCP);
    ck_assert_int_eq(live_conn(live, a)->closed, 0);
    ck_assert_ptr_nonnull(live_ok(live, a, ask(live, a, &live->other_session, HCP)));
    live_free(live);
}
END_TEST

RUN_TESTS("persons", a_join_takes_the_sign_in_of_the_person_whom_the_page_shows,
          with_two_sign_ins_a_join_must_say_for_whom_it_is,
          a_sign_in_that_is_good_no_more_hides_no_other, a_join_for_another_person_is_refused,
          whose_it_is_comes_before_what_they_may, a_connection_stays_its_person_s)
