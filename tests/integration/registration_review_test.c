/* Rule: a confirmation is decided in this order: the policy, the review, places of profiles, seats,
 * the waiting list. Who is in review holds no seat and is told so; who is approved goes on where
 * their confirmation stood; of two reviewers one decides, and the other is told. */
#include "integration/review_calls.h"

START_TEST(the_policy_comes_first_then_the_review_and_only_then_a_seat)
{
    open_page(1);
    set_policy("matching", true, false);
    ask("anne@hcp.test");
    rest_problem(NULL, 409, "registration.not_admitted", "POST", "/api/join",
                 join_body("anne@hcp.test"));
    ck_assert_str_eq(value("SELECT count(*) FROM registration_review"), "0");
    set_policy("open", true, false);
    json_t *shown = rest_body(NULL, 200, "GET", page(""), NULL);
    ck_assert(json_is_true(json_object_get(shown, "review")));
    json_decref(shown);
    come("bob@hcp.test");
    come("carl@hcp.test"); /* there is one seat alone, and nobody has it */
    ck_assert_str_eq(value("SELECT coalesce(sum(taken), 0) FROM seats_taken"), "0");
    ck_assert_str_eq(value("SELECT count(*) FROM sign_in WHERE registration_id IS NOT NULL"), "0");
    ck_assert_str_eq(value("SELECT count(*) FROM audit_log WHERE action = 'registration.review'"),
                     "2");
    ck_assert_int_eq(mails("bob@hcp.test", "Confirmez votre demande"), 1);
    ck_assert_int_eq(mails("bob@hcp.test", "En cours de validation"), 1);
    ck_assert_str_eq(value("SELECT count(*) FROM outbox WHERE message->>'calendar' IS NOT NULL"),
                     "0");
    json_t *seen = rest_body(NULL, 200, "POST", "/api/join/preview", join_body("bob@hcp.test"));
    ck_assert_str_eq(rest_text(seen, "state"), "in_review");
    json_decref(seen);
    rest_close();
}
END_TEST

START_TEST(who_is_approved_is_registered_and_told)
{
    char cookie[256];
    open_reviewed(10);
    come("anne@hcp.test");
    rest_advance(60);
    ck_assert_str_eq(decide("anne@hcp.test", "approve", 1), "registered");
    ck_assert_int_eq(mails("anne@hcp.test", "Inscription validée"), 1);
    ck_assert_str_eq(value("SELECT message->>'method' FROM outbox"
                           " WHERE message->>'subject' LIKE 'Inscription validée%'"),
                     "REQUEST");
    ck_assert_str_eq(value("SELECT registered_at - confirmed_at FROM registration"), "00:01:00");
    ck_assert_str_eq(value("SELECT details->>'state' FROM audit_log"
                           " WHERE action = 'registration.approve'"),
                     "registered");
    join("anne@hcp.test", cookie);
    ck_assert_str_eq(addresses(""), "");
    ck_assert_str_eq(value("SELECT sum(taken) FROM seats_taken"), "1");
    rest_close();
}
END_TEST

START_TEST(without_a_place_an_approval_is_refused_and_they_stay_in_review)
{
    open_reviewed(1);
    come("anne@hcp.test");
    come("bob@hcp.test");
    ck_assert_str_eq(decide("bob@hcp.test", "approve", 1), "registered");
    rest_problem(organiser, 409, "registration.full", "POST", path_of("anne@hcp.test"),
                 wish("approve", 1));
    ck_assert_str_eq(state_of("anne@hcp.test"), "in_review");
    ck_assert_str_eq(value("SELECT string_agg(version::text, ' ' ORDER BY since)"
                           "  FROM registration_review"),
                     "1 2");
    ck_assert_int_eq(mails("anne@hcp.test", "Inscription validée"), 0);
    value("UPDATE session SET state = 'ended', live_at = now(), ended_at = now()");
    rest_problem(organiser, 409, "registration.closed", "POST", path_of("anne@hcp.test"),
                 wish("approve", 1));
    rest_close();
}
END_TEST

START_TEST(who_is_approved_waits_in_the_order_of_confirmations)
{
    open_reviewed(1);
    set_policy("open", true, true);
    come("carl@hcp.test");
    come("anne@hcp.test");
    come("bob@hcp.test");
    ck_assert_str_eq(decide("carl@hcp.test", "approve", 1), "registered");
    ck_assert_str_eq(decide("bob@hcp.test", "approve", 1), "waiting");
    ck_assert_int_eq(mails("bob@hcp.test", "Demande validée, liste d’attente"), 1);
    ck_assert_str_eq(decide("anne@hcp.test", "approve", 1), "waiting");
    ck_assert_str_eq(value("SELECT string_agg(h.email, ' ' ORDER BY waiting_place(r))"
                           "  FROM registration r JOIN hcp h ON h.id = r.hcp_id"
                           " WHERE r.state = 'waiting'"),
                     "anne@hcp.test bob@hcp.test");
    set_policy("open", false, true);
    json_t *again = rest_body(NULL, 202, "POST", "/api/join", join_body("bob@hcp.test"));
    ck_assert_int_eq(json_integer_value(json_object_get(again, "waiting_place")), 2);
    json_decref(again);
    rest_close();
}
END_TEST

START_TEST(who_is_declined_reads_the_message_and_never_the_reason)
{
    open_reviewed(10);
    come("anne@hcp.test");
    json_t *link = join_body("anne@hcp.test");
    ck_assert_str_eq(decide("anne@hcp.test", "decline", 1), "declined");
    ck_assert_str_eq(value("SELECT message->>'text' LIKE '%Envoyez <votre> carte%'"
                           "   AND message->>'html' LIKE '%Envoyez &lt;votre&gt; carte%'"
                           "   AND message::text NOT LIKE '%industr%' FROM outbox"
                           " WHERE message->>'subject' LIKE 'Votre demande d’inscription : %'"),
                     "t");
    ck_assert_str_eq(value("SELECT details FROM audit_log WHERE action = 'registration.decline'"),
                     "{\"reason\": \"industry\"}");
    json_t *seen = rest_body(NULL, 200, "POST", "/api/join/preview", json_incref(link));
    ck_assert_str_eq(rest_text(seen, "state"), "declined");
    ck_assert_str_eq(rest_text(seen, "message"), "Envoyez <votre> carte, merci.");
    json_decref(seen);
    rest_problem(NULL, 410, "registration.declined", "POST", "/api/join", json_incref(link));
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/join/cancel", link), 204);
    ck_assert_str_eq(state_of("anne@hcp.test"), "declined");
    ask_links("anne@hcp.test");
    ck_assert_int_eq(mails("anne@hcp.test", "Votre lien personnel"), 0);
    ck_assert_str_eq(addresses("?filter=declined"), "anne@hcp.test");
    rest_close();
}
END_TEST

/* Else a switch would let in whom somebody declined. */
START_TEST(who_was_declined_is_reviewed_again_also_when_nobody_else_is)
{
    open_reviewed(10);
    come("anne@hcp.test");
    ck_assert_str_eq(decide("anne@hcp.test", "decline", 1), "declined");
    set_policy("open", false, false);
    register_person("bob@hcp.test");
    come("anne@hcp.test");
    ck_assert_str_eq(flags("anne@hcp.test"), "declined_before");
    ck_assert_str_eq(decide("anne@hcp.test", "approve", 3), "registered");
    rest_close();
}
END_TEST

START_TEST(a_decline_may_be_taken_back)
{
    open_reviewed(10);
    come("anne@hcp.test");
    ck_assert_str_eq(decide("anne@hcp.test", "decline", 1), "declined");
    rest_problem(organiser, 409, "review.changed", "POST", path_of("anne@hcp.test"),
                 wish("decline", 2));
    ck_assert_str_eq(decide("anne@hcp.test", "approve", 2), "registered");
    rest_close();
}
END_TEST

START_TEST(proof_is_asked_in_the_organisers_words_and_marked)
{
    open_reviewed(10);
    come("anne@hcp.test");
    come("bob@hcp.test");
    ck_assert_str_eq(decide("bob@hcp.test", "ask_proof", 1), "in_review");
    ck_assert_str_eq(
        value("SELECT message->>'text' LIKE '%Envoyez <votre> carte%contact@labo.test%'"
              "  FROM outbox WHERE message->>'subject' LIKE '%précision%'"),
        "t");
    ck_assert_str_eq(addresses("?filter=proof_asked"), "bob@hcp.test");
    ck_assert_str_eq(addresses(""), "anne@hcp.test bob@hcp.test");
    json_t *page = queue("?filter=proof_asked");
    ck_assert_str_eq(rest_text(json_object_get(first(page), "review"), "by"), "Olga Orga");
    ck_assert_int_eq(
        json_integer_value(json_object_get(json_object_get(page, "counts"), "proof_asked")), 1);
    json_decref(page);
    ck_assert_str_eq(decide("bob@hcp.test", "approve", 2), "registered");
    rest_close();
}
END_TEST

/* The second has seen what is there no more: also when the first only asked for proof. */
START_TEST(of_two_reviewers_one_decides_and_the_other_is_told)
{
    open_reviewed(10);
    come("anne@hcp.test");
    ck_assert_str_eq(decide("anne@hcp.test", "ask_proof", 1), "in_review");
    json_t *problem = must(409, "POST", path_of("anne@hcp.test"), wish("decline", 1));
    ck_assert_str_eq(rest_text(problem, "code"), "review.changed");
    ck_assert_str_eq(rest_text(problem, "reason"), "Olga Orga");
    json_decref(problem);
    ck_assert_str_eq(decide("anne@hcp.test", "approve", 2), "registered");
    rest_problem(organiser, 409, "review.changed", "POST", path_of("anne@hcp.test"),
                 wish("decline", 2));
    rest_problem(organiser, 409, "review.changed", "POST", path_of("anne@hcp.test"),
                 wish("approve", 3));
    ck_assert_str_eq(state_of("anne@hcp.test"), "registered");
    ck_assert_int_eq(mails("anne@hcp.test", "Votre demande d’inscription : "), 0);
    rest_close();
}
END_TEST

START_TEST(a_form_that_is_confirmed_again_is_another_version)
{
    open_reviewed(10);
    come("anne@hcp.test");
    json_decref(rest_body(NULL, 202, "POST", page(""), form("anne@hcp.test"))); /* another name */
    rest_advance(1);
    json_t *body = join_body("anne@hcp.test");
    json_object_set_new(body, "person",
                        json_string(value("SELECT id FROM hcp WHERE email = 'anne@hcp.test'")));
    ck_assert_int_eq(rest_status(NULL, "POST", "/api/join", body), 202);
    json_t *problem = must(409, "POST", path_of("anne@hcp.test"), wish("approve", 1));
    ck_assert_str_eq(rest_text(problem, "code"), "review.changed");
    ck_assert_str_eq(rest_text(problem, "reason"), "");
    json_decref(problem);
    ck_assert_str_eq(decide("anne@hcp.test", "approve", 2), "registered");
    rest_close();
}
END_TEST

START_TEST(a_decision_is_read_strictly)
{
    open_reviewed(10);
    come("anne@hcp.test");
    const char *path = path_of("anne@hcp.test");
    const struct {
        const char *decision, *field;
    } bad[] = {{"postpone", NULL}, {"approve", "message"}, {"ask_proof", "reason"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        json_t *body = wish(bad[i].decision, 1);
        if (bad[i].field)
            json_object_set_new(body, bad[i].field, json_string("other"));
        ck_assert_int_eq(rest_status(organiser, "POST", path, body), 422);
    }
    json_t *silent = wish("ask_proof", 1);
    json_object_del(silent, "message");
    ck_assert_int_eq(rest_status(organiser, "POST", path, silent), 422);
    ck_assert_int_eq(rest_status(NULL, "POST", path, wish("approve", 1)), 401);
    ck_assert_str_eq(state_of("anne@hcp.test"), "in_review");
    rest_close();
}
END_TEST

REST_TESTS("registration_review", the_policy_comes_first_then_the_review_and_only_then_a_seat,
           who_is_approved_is_registered_and_told,
           without_a_place_an_approval_is_refused_and_they_stay_in_review,
           who_is_approved_waits_in_the_order_of_confirmations,
           who_is_declined_reads_the_message_and_never_the_reason,
           who_was_declined_is_reviewed_again_also_when_nobody_else_is, a_decline_may_be_taken_back,
           proof_is_asked_in_the_organisers_words_and_marked,
           of_two_reviewers_one_decides_and_the_other_is_told,
           a_form_that_is_confirmed_again_is_another_version, a_decision_is_read_strictly)
