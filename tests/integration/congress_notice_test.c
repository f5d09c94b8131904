/* What registered people are told of sessions that are added, changed or cancelled. */
#include "integration/congress_calls.h"

/* The mails since the last look, with what their calendar says: "subject (METHOD n)". */
static const char *mails(void)
{
    return pg_sql(rest.url,
                  "WITH mail AS (DELETE FROM outbox RETURNING message->>'subject' AS subject,"
                  "              message->>'method' AS method, message->>'calendar' AS calendar)"
                  "SELECT coalesce(string_agg(concat(subject, ' (', method, ' ',"
                  "  (SELECT string_agg(n[1], ' ' ORDER BY n[1]::int) FROM "
                  "regexp_matches(calendar, 'SEQUENCE:([0-9]+)',"
                  "          'g') n), ')'), '; ' ORDER BY subject), '') FROM mail");
}

static const char *mailed_text(void)
{
    return pg_sql(rest.url, "SELECT message->>'text' FROM outbox LIMIT 1");
}

START_TEST(moving_a_published_session_tells_everybody_once)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    edit(session, json_pack("{s:s}", "starts_at", "2026-12-02T18:30:00Z"));
    pass(6); /* a draft: nobody knows of it yet */
    publish(session);
    pass(6);
    add_people(250);
    edit(session, json_pack("{s:s}", "starts_at", "2026-12-03T18:30:00Z"));
    edit(session, json_pack("{s:i}", "capacity", 300));
    pass(6);
    pass(6);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) || ' ' || count(DISTINCT to_address)"
                                      " FROM outbox"),
                     "250 250");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT calendar_sequence FROM session"), "1");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM outbox WHERE message->>'text' LIKE"
                                      " '%Nouvelle date%jeudi 3 décembre 2026 à 19:30 (heure de"
                                      " Paris)%'"),
                     "250");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM one_time_link WHERE purpose = 'join'"),
                     "250");
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

START_TEST(cancelling_a_published_session_tells_everybody)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    publish(session);
    pass(6);
    add_people(3);
    json_t *cancelled =
        rest_body(organiser, 200, "POST", path_of("sessions", session, "/cancel"), json_object());
    ck_assert_str_eq(rest_text(cancelled, "state"), "cancelled");
    work_off_notices();
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM outbox WHERE message->>'subject' LIKE"
                                      " 'Annulé%'"),
                     "3");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM one_time_link WHERE purpose = 'join'"),
                     "0");
    json_decref(cancelled);
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

START_TEST(other_words_are_told_once_the_edits_are_over)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    publish(session);
    pass(6);
    add_people(1);
    edit(session, json_pack("{s:s}", "title", "Cœur et rien"));
    pass(3);
    edit(session, json_pack("{s:s}", "title", "Cœur et rein"));
    edit(session, json_pack("{s:s}", "description", "Avec le Pr Martin."));
    pass(4);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM outbox"), "0");
    json_t *now = rest_body(organiser, 200, "GET", path_of("sessions", session, ""), NULL);
    ck_assert_str_ne(rest_text(now, "notice_due_at"), "");
    json_decref(now);
    pass(2);
    const char *text = mailed_text();
    ck_assert_ptr_nonnull(strstr(text, "Les informations de « Cœur » ont changé."));
    ck_assert_ptr_nonnull(strstr(text, "Nouveau titre\u00a0: Cœur et rein"));
    ck_assert_ptr_nonnull(strstr(text, "Présentation :\nAvec le Pr Martin."));
    ck_assert_ptr_null(strstr(text, "Nouvelle date"));
    ck_assert_str_eq(mails(), "Changement : Cœur et rein (REQUEST 3)");
    now = rest_body(organiser, 200, "GET", path_of("sessions", session, ""), NULL);
    ck_assert(json_is_null(json_object_get(now, "notice_due_at")));
    json_decref(now);
    edit(session, json_pack("{s:s,s:b}", "title", "Cœur & rein", "tell", 0)); /* a correction */
    edit(session, json_pack("{s:s}", "title", "Tout autre chose"));
    edit(session, json_pack("{s:s}", "title", "Cœur & rein")); /* and back */
    pass(6);
    ck_assert_str_eq(mails(), "");
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

START_TEST(an_organiser_tells_them_at_once)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    publish(session);
    pass(6);
    add_people(2);
    const char *tell = path_of("sessions", session, "/tell");
    json_decref(rest_body(organiser, 200, "POST", tell, NULL)); /* nothing waits */
    work_off_notices();
    ck_assert_str_eq(mails(), "");
    edit(session, json_pack("{s:s}", "title", "Cœur et rein"));
    work_off_notices();
    ck_assert_str_eq(mails(), "");
    tell = path_of("sessions", session, "/tell");
    json_decref(rest_body(organiser, 200, "POST", tell, NULL));
    work_off_notices();
    ck_assert_str_eq(mails(), "Changement : Cœur et rein (REQUEST 1); "
                              "Changement : Cœur et rein (REQUEST 1)");
    ck_assert_str_eq(
        pg_sql(rest.url, "SELECT count(*) FROM audit_log WHERE action = 'session.tell'"), "1");
    pass(10);
    ck_assert_str_eq(mails(), "");
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

START_TEST(edits_without_end_are_told_after_half_an_hour)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    publish(session);
    pass(6);
    add_people(1);
    for (int i = 0; i < 10; i++) {
        char title[32];
        snprintf(title, sizeof title, "Titre %d", i);
        edit(session, json_pack("{s:s}", "title", title));
        pass(4);
    }
    ck_assert_str_eq(mails(), "Changement : Titre 7 (REQUEST 8)");
    pass(6);
    ck_assert_str_eq(mails(), "Changement : Titre 9 (REQUEST 10)");
    edit(session, json_pack("{s:s}", "starts_at", "2026-11-21T22:00:00Z")); /* at once, in 40 min */
    work_off_notices();
    ck_assert_str_eq(mails(), "Changement : Titre 9 (REQUEST 11)");
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

START_TEST(an_added_session_is_told_with_what_else_changed)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    publish(session);
    pass(6);
    add_people(1);
    json_t *second = add_session(congress);
    edit(second, json_pack("{s:s,s:s}", "title", "Rein", "description", "Le soir."));
    publish(second);
    pass(6);
    ck_assert_ptr_nonnull(strstr(mailed_text(), "Une session s’ajoute à « Cœur et rein »."));
    ck_assert_ptr_nonnull(strstr(mailed_text(), "Session\u00a0: Rein"));
    ck_assert_ptr_nonnull(strstr(mailed_text(), "Le soir."));
    ck_assert_str_eq(mails(), "Nouvelle session : Rein (REQUEST 0)");
    json_t *third = add_session(congress), *fourth = add_session(congress);
    edit(third, json_pack("{s:s}", "title", "Foie"));
    publish(third);
    edit(second, json_pack("{s:s}", "title", "Rein aigu"));
    publish(fourth);
    json_decref(rest_body(organiser, 200, "POST", path_of("sessions", fourth, "/cancel"),
                          json_object())); /* before anybody heard of it */
    pass(6);
    const char *text = mailed_text();
    ck_assert_ptr_nonnull(strstr(text, "Nouvelle session\u00a0: Foie"));
    ck_assert_ptr_nonnull(
        strstr(text, "Session modifiée\u00a0: Rein\n  Nouveau titre\u00a0: Rein aigu"));
    ck_assert_str_eq(mails(), "Changements au programme : Cœur et rein (PUBLISH 0 1)");
    json_decref(
        rest_body(organiser, 200, "POST", path_of("sessions", third, "/cancel"), json_object()));
    work_off_notices();
    ck_assert_str_eq(mails(), "Annulé : Foie (CANCEL 1)");
    json_decref(fourth);
    json_decref(third);
    json_decref(second);
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

START_TEST(who_registers_meanwhile_is_told_what_is_new_to_them)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    publish(session);
    pass(1);
    add_people(1);
    pg_sql(rest.url, "UPDATE registration SET registered_at = (SELECT due_at FROM notice)");
    pass(6); /* who registered after it knows the session */
    ck_assert_str_eq(mails(), "");
    edit(session, json_pack("{s:s}", "title", "Cœur et rein"));
    pg_sql(rest.url, "UPDATE registration SET registered_at = (SELECT max(due_at) FROM notice)");
    pass(6);
    ck_assert_str_eq(mails(), "");
    pg_sql(rest.url, "DELETE FROM session_notice; DELETE FROM notice");
    pg_sql(rest.url, "UPDATE registration SET registered_at = to_timestamp(1795290000)");
    json_t *second = add_session(congress);
    publish(second);
    pg_sql(rest.url, "UPDATE registration SET registered_at = (SELECT due_at FROM notice)");
    pass(2);
    edit(second, json_pack("{s:s}", "title", "Rein"));
    pg_sql(rest.url,
           "UPDATE registration SET registered_at = (SELECT known_from FROM session_notice)"
           " + interval '1 minute'");
    pass(6); /* it was there when they registered, with another title */
    ck_assert_str_eq(mails(), "Changement : Rein (REQUEST 1)");
    json_decref(second);
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

START_TEST(a_session_moved_three_times_within_an_hour_is_one_mail)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    pg_sql(rest.url, "DELETE FROM mail_setting"); /* as a congress is at first */
    publish(session);
    pass(61);
    add_people(1);
    edit(session, json_pack("{s:s}", "starts_at", "2026-12-02T18:30:00Z"));
    pass(20);
    edit(session, json_pack("{s:s}", "starts_at", "2026-12-03T18:30:00Z"));
    pass(30);
    edit(session, json_pack("{s:s}", "starts_at", "2026-12-04T18:30:00Z"));
    pass(9);
    ck_assert_str_eq(mails(), "");
    pass(1);
    const char *text = mailed_text();
    ck_assert_ptr_nonnull(strstr(text, "au lieu du mardi 1er décembre 2026 à 19:30 (heure de "
                                       "Paris), rendez-vous le vendredi 4 décembre 2026"));
    ck_assert_ptr_nonnull(strstr(text, "Ancienne date : mardi 1er décembre 2026 à 19:30"));
    ck_assert_str_eq(mails(), "Changement : Cœur (REQUEST 3)");
    edit(session, json_pack("{s:s}", "starts_at", "2026-12-05T18:30:00Z"));
    pass(30);
    edit(session, json_pack("{s:s}", "starts_at", "2026-12-04T18:30:00Z")); /* as they know it */
    pass(61);
    ck_assert_str_eq(mails(), "");
    edit(session, json_pack("{s:s}", "starts_at", "2026-11-22T02:20:00Z")); /* soon: at 00:02 */
    pass(17);
    ck_assert_str_eq(mails(), "");
    pass(1);
    ck_assert_str_eq(mails(), "Changement : Cœur (REQUEST 6)");
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

/* The session moves while it is told that it moved: each person reads what is different from what
 * they were told last. */
START_TEST(who_was_not_reached_by_a_notice_knows_what_was_before_it)
{
    open_rest();
    json_t *congress = add_congress(), *session = add_session(congress);
    publish(session);
    pass(6);
    add_people(2);
    edit(session, json_pack("{s:s}", "starts_at", "2026-12-02T18:30:00Z"));
    /* As if the server had been killed between the two. */
    pg_sql(rest.url, "UPDATE notice SET started_at = created_at,"
                     " after = (SELECT id FROM registration ORDER BY id LIMIT 1)"
                     " WHERE done_at IS NULL");
    edit(session, json_pack("{s:s}", "starts_at", "2026-12-03T18:30:00Z"));
    pass(6);
    ck_assert_str_eq(
        pg_sql(rest.url,
               "SELECT string_agg(substring(message->>'text' FROM 'au lieu du ([^(]*) \\('), ', '"
               "                  ORDER BY o.hcp_id = (SELECT hcp_id FROM registration"
               "                                        ORDER BY id LIMIT 1) DESC)"
               "  FROM outbox o"),
        "mercredi 2 décembre 2026 à 19:30, mardi 1er décembre 2026 à 19:30");
    json_decref(session);
    json_decref(congress);
    rest_close();
}
END_TEST

REST_TESTS("congress_notice", a_session_moved_three_times_within_an_hour_is_one_mail,
           who_was_not_reached_by_a_notice_knows_what_was_before_it,
           moving_a_published_session_tells_everybody_once,
           cancelling_a_published_session_tells_everybody,
           other_words_are_told_once_the_edits_are_over, an_organiser_tells_them_at_once,
           edits_without_end_are_told_after_half_an_hour,
           an_added_session_is_told_with_what_else_changed,
           who_registers_meanwhile_is_told_what_is_new_to_them)
