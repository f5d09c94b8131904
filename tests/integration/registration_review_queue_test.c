/* Rule: reviewers see who waits for them, the longest first, and what to look at; who withdraws or
 * is erased is in review no more. */
#include "integration/review_calls.h"

START_TEST(what_a_reviewer_looks_at_first_is_flagged)
{
    open_reviewed(10);
    json_t *industry = form("ida@hcp.test");
    json_object_set_new(industry, "practice_setting", json_string("SA46"));
    json_object_set_new(industry, "last_name", json_string("Ida"));
    come_with(industry, "ida@hcp.test", "in_review");
    come_named("one@hcp.test", "Lefèvre");
    come_named("two@hcp.test", "LEFEVRE"); /* without the accent, at another address */
    come_named("bob@hcp.test", "Blanc");
    ck_assert_str_eq(flags("ida@hcp.test"), "industry");
    ck_assert_str_eq(flags("one@hcp.test"), "same_name");
    ck_assert_str_eq(flags("two@hcp.test"), "same_name");
    ck_assert_str_eq(flags("bob@hcp.test"), "");
    ck_assert_str_eq(addresses("?filter=flagged"), "ida@hcp.test one@hcp.test two@hcp.test");
    value("UPDATE hcp SET rpps = '10001234567' WHERE email IN ('two@hcp.test', 'bob@hcp.test')");
    ck_assert_str_eq(flags("bob@hcp.test"), "same_rpps");
    ck_assert_str_eq(flags("two@hcp.test"), "same_rpps same_name");
    value("UPDATE hcp SET rpps = '10001234568' WHERE email = 'one@hcp.test'");
    ck_assert_str_eq(flags("one@hcp.test"), ""); /* two numbers are two people */
    value("UPDATE registration SET registry_verdict = 'differs', registry_differs = '{name}'"
          "  FROM hcp h WHERE h.id = hcp_id AND h.email = 'one@hcp.test'");
    ck_assert_str_eq(flags("one@hcp.test"), "registry");
    rest_close();
}
END_TEST

START_TEST(the_queue_comes_in_pages_the_longest_first)
{
    char query[128] = "?limit=2";
    open_reviewed(10);
    come("bob@hcp.test");
    come("anne@hcp.test");
    come("carl@hcp.test");
    ck_assert_str_eq(addresses(query), "bob@hcp.test anne@hcp.test");
    json_t *page = queue(query);
    snprintf(query, sizeof query, "?cursor=%s", rest_text(page, "next"));
    json_decref(page);
    ck_assert_str_eq(addresses(query), "carl@hcp.test");
    ck_assert_str_eq(addresses("?q=caron"), "carl@hcp.test");
    ck_assert_str_eq(
        value("SELECT count(*) > 0 FROM audit_log WHERE action = 'registrations.read'"), "t");
    rest_close();
}
END_TEST

START_TEST(a_request_is_withdrawn_by_its_person)
{
    open_reviewed(10);
    come("anne@hcp.test");
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/join/cancel", join_body("anne@hcp.test")),
                     204);
    ck_assert_int_eq(mails("anne@hcp.test", "Demande d’inscription retirée"), 1);
    ck_assert_str_eq(addresses(""), "");
    rest_problem(organiser, 409, "review.changed", "POST", path_of("anne@hcp.test"),
                 wish("approve", 1));
    rest_close();
}
END_TEST

START_TEST(who_is_erased_is_in_review_no_more_and_nothing_keeps_the_words)
{
    char path[128];
    open_reviewed(10);
    come("anne@hcp.test");
    ck_assert_str_eq(decide("anne@hcp.test", "ask_proof", 1), "in_review");
    snprintf(path, sizeof path, "/api/registrations/%s/erase",
             value("SELECT id FROM registration"));
    ck_assert_int_eq(rest_status(organiser, "POST", path, json_object()), 204);
    ck_assert_str_eq(value("SELECT r.state || coalesce(v.proof_message, '-')"
                           "  FROM registration r JOIN registration_review v"
                           "    ON v.registration_id = r.id"),
                     "cancelled-");
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE message IS NOT NULL"), "0");
    ck_assert_str_eq(addresses(""), "");
    rest_close();
}
END_TEST

REST_TESTS("registration_review_queue", what_a_reviewer_looks_at_first_is_flagged,
           the_queue_comes_in_pages_the_longest_first, a_request_is_withdrawn_by_its_person,
           who_is_erased_is_in_review_no_more_and_nothing_keeps_the_words)
