/* The pure rules of accounts, congresses and registrations. */
#include "features/accounts/accounts.h"
#include "features/congress/congress.h"
#include "features/registration/registration.h"
#include "unit/run.h"
#include <string.h>

START_TEST(a_schedule_is_fixed_once_the_session_is_live)
{
    const enum session_state all[] = {SESSION_DRAFT, SESSION_LOBBY, SESSION_LIVE, SESSION_ENDED,
                                      SESSION_CANCELLED};
    const bool publish[] = {true, false, false, false, false};
    const bool cancel[] = {true, true, false, false, false};
    const bool change[] = {true, true, true, true, false};
    const bool move[] = {true, true, false, false, false};
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(session_may_publish(all[i]), publish[i]);
        ck_assert_int_eq(session_may_cancel(all[i]), cancel[i]);
        ck_assert_int_eq(session_may_change(all[i]), change[i]);
        ck_assert_int_eq(session_may_move(all[i]), move[i]);
    }
}
END_TEST

START_TEST(only_what_registered_people_must_know_is_told)
{
    struct session_told a = {.starts_at = 1,
                             .planned_minutes = 60,
                             .listen_at = "01",
                             .title = "T"},
                        b = a;
    ck_assert_int_eq(session_news(SESSION_LOBBY, &a, &b), NEWS_NONE);
    b.starts_at = 2;
    ck_assert_int_eq(session_news(SESSION_LOBBY, &a, &b), NEWS_PRACTICAL);
    ck_assert_int_eq(session_news(SESSION_DRAFT, &a, &b), NEWS_NONE);
    b = a;
    b.planned_minutes = 61;
    ck_assert_int_eq(session_news(SESSION_LOBBY, &a, &b), NEWS_PRACTICAL);
    b = a;
    strcpy(b.listen_at, "02");
    ck_assert_int_eq(session_news(SESSION_LOBBY, &a, &b), NEWS_PRACTICAL);
    b = a;
    strcpy(b.title, "New");
    ck_assert_int_eq(session_news(SESSION_LOBBY, &a, &b), NEWS_WORDS);
    ck_assert_int_eq(session_news(SESSION_LIVE, &a, &b), NEWS_NONE);
    b = a;
    strcpy(b.description, "New");
    ck_assert_int_eq(session_news(SESSION_LOBBY, &a, &b), NEWS_WORDS);
}
END_TEST

START_TEST(a_change_waits_for_further_edits_unless_the_session_is_near)
{
    const int64_t minute = 60 * US_PER_S, now = 1000 * minute, week = now + 10080 * minute;
    ck_assert_int_eq(session_told_by(now, week, week), week - 120 * minute);
    ck_assert_int_eq(session_told_by(now, week, now + 150 * minute), now + 30 * minute);
    ck_assert_int_eq(session_told_by(now, now + 30 * minute, week), now);
    ck_assert_int_eq(session_told_by(now, week, now + 30 * minute), now);
}
END_TEST

START_TEST(a_time_zone_is_a_place)
{
    ck_assert(time_zone_form("Europe/Paris"));
    ck_assert(time_zone_form("America/Argentina/Buenos_Aires"));
    ck_assert(time_zone_form("UTC"));
    const char *bad[] = {"",       "Paris",         "posix/Europe/Paris", "Europe/",
                         "/etc/x", "Europe/Paris;", "../etc/passwd",      "UTC+3"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!time_zone_form(bad[i]), "%s", bad[i]);
}
END_TEST

START_TEST(only_physicians_need_a_specialty)
{
    ck_assert_str_eq(specialty_fault("10", NULL), "missing");
    ck_assert_ptr_null(specialty_fault("10", "SM04"));
    ck_assert_ptr_null(specialty_fault("21", NULL));
}
END_TEST

START_TEST(every_consent_in_force_is_answered_once)
{
    const struct consent asked[] = {{"participation", 2, true}, {"contact", 1, true}};
    const struct consent good[] = {{"contact", 1, false}, {"participation", 2, true}};
    const struct consent old[] = {{"contact", 1, true}, {"participation", 1, true}};
    const struct consent refused[] = {{"contact", 1, true}, {"participation", 2, false}};
    const struct consent twice[] = {{"participation", 2, true}, {"participation", 2, true}};
    ck_assert_ptr_null(consents_fault(asked, 2, good, 2));
    ck_assert_str_eq(consents_fault(asked, 2, old, 2), "outdated");
    ck_assert_str_eq(consents_fault(asked, 2, refused, 2), "required");
    ck_assert_str_eq(consents_fault(asked, 2, twice, 2), "repeated");
    ck_assert_str_eq(consents_fault(asked, 2, good, 1), "incomplete");
}
END_TEST

START_TEST(roles_are_words_without_repeats)
{
    json_t *good = json_pack("[s,s]", "host", "organiser"),
           *twice = json_pack("[s,s]", "host", "host"), *none = json_array(),
           *odd = json_pack("[s]", "hcp");
    ck_assert_uint_eq(roles_from_json(good), ROLE_HOST | ROLE_ORGANISER);
    ck_assert_uint_eq(roles_from_json(twice), 0);
    ck_assert_uint_eq(roles_from_json(none), 0);
    ck_assert_uint_eq(roles_from_json(odd), 0);
    json_decref(good);
    json_decref(twice);
    json_decref(none);
    json_decref(odd);
}
END_TEST

START_TEST(links_live_as_long_as_their_purpose)
{
    ck_assert(link_lifetime_us(LINK_SIGN_IN) == 900 * US_PER_S);
    ck_assert(link_lifetime_us(LINK_INVITE) == 604800 * US_PER_S);
    ck_assert(link_lifetime_us(LINK_PASSWORD) == 3600 * US_PER_S);
    enum link_purpose purpose;
    ck_assert(link_purpose_parse("invite", &purpose) && purpose == LINK_INVITE);
    ck_assert(!link_purpose_parse("join", &purpose));
}
END_TEST

START_TEST(codes_are_read_as_people_type_them)
{
    char out[RECOVERY_LENGTH + 1];
    ck_assert_int_eq(code_read("123 456", out), TYPED_DIGITS);
    ck_assert_str_eq(out, "123456");
    ck_assert_int_eq(code_read(" ABCD-efgh 2345-6789 ", out), TYPED_RECOVERY);
    ck_assert_str_eq(out, "abcdefgh23456789");
    static const char *const none[] = {
        "",       "12345",           "1234567",           "12345a",  "１２３４５６",
        "--- --", "abcdefgh2345678", "abcdefgh234567890", "12345\n6"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        ck_assert_msg(code_read(none[i], out) == TYPED_NO_CODE, "%s", none[i]);
}
END_TEST

START_TEST(wrong_codes_make_wait_longer_up_to_an_hour)
{
    const int64_t minute = 60 * US_PER_S;
    const int64_t waits[] = {0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60};
    for (size_t wrong = 0; wrong < sizeof waits / sizeof *waits; wrong++)
        ck_assert_int_eq(code_wait_us((int64_t)wrong), waits[wrong] * minute);
    ck_assert_int_eq(code_wait_us(INT32_MAX), 60 * minute);
}
END_TEST

RUN_TESTS("rest_rules", codes_are_read_as_people_type_them,
          wrong_codes_make_wait_longer_up_to_an_hour, a_schedule_is_fixed_once_the_session_is_live,
          only_what_registered_people_must_know_is_told,
          a_change_waits_for_further_edits_unless_the_session_is_near, a_time_zone_is_a_place,
          only_physicians_need_a_specialty, every_consent_in_force_is_answered_once,
          roles_are_words_without_repeats, links_live_as_long_as_their_purpose)
