/* What a congress mails by itself: reminders before its sessions and a word after the last, each
 * once, to those whom it is for, and never for a time that is not true any more. */
#include "integration/congress_calls.h"

#define DAY    (24 * 60)
#define START  "2026-12-01T18:30:00Z"
#define BEFORE 1796149800 /* START, in seconds */

static json_t *congress, *session;

/* n people, registered, and a published session on the first of December at 18:30 UTC. */
static void open_session(int n)
{
    open_rest();
    congress = add_congress();
    session = add_session(congress);
    publish(session);
    pass(6);
    add_people(n);
    pg_sql(rest.url, "UPDATE sign_in SET expires_at = '2027-01-01'");
}

static void close_session(void)
{
    json_decref(session);
    json_decref(congress);
    rest_close();
}

/* To so many minutes before the session was to begin; what is due then is sent. */
static void until(int minutes_before)
{
    int64_t at = (BEFORE - 60LL * minutes_before) * US_PER_S;
    int64_t left = at - clock_now_us(&rest.clock);
    ck_assert_int_ge(left, 0);
    rest_advance(left / US_PER_S);
    char sql[128]; /* the organiser was here just now */
    snprintf(sql, sizeof sql, "UPDATE sign_in SET seen_at = to_timestamp(%lld)",
             (long long)(at / US_PER_S));
    pg_sql(rest.url, sql);
    pass(0);
}

/* The mails since the last look: "n× subject". */
static const char *mails(void)
{
    return pg_sql(rest.url,
                  "WITH mail AS (DELETE FROM outbox WHERE failed_at IS NULL"
                  "              RETURNING message->>'subject' AS subject)"
                  "SELECT coalesce(string_agg(n || '× ' || subject, '; ' ORDER BY subject), '')"
                  "  FROM (SELECT subject, count(*) AS n FROM mail GROUP BY subject) m");
}

static const char *to_whom(void)
{
    return pg_sql(rest.url, "SELECT coalesce(string_agg(to_address, ' ' ORDER BY to_address), '')"
                            "  FROM outbox");
}

START_TEST(people_are_reminded_a_day_an_hour_and_ten_minutes_before)
{
    open_session(450); /* more than two batches */
    until(DAY + 1);
    ck_assert_str_eq(mails(), "");
    until(DAY);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(DISTINCT to_address) FROM outbox"), "450");
    const char *text = pg_sql(rest.url, "SELECT message->>'text' FROM outbox LIMIT 1");
    ck_assert_ptr_nonnull(strstr(text, "Nous vous attendons demain à 19:30 pour « Cœur »."));
    ck_assert_ptr_nonnull(strstr(text, "mardi 1er décembre 2026 à 19:30 (heure de Paris)"));
    ck_assert_ptr_nonnull(strstr(text, REST_BASE "/join#"));
    ck_assert_str_eq(mails(), "450× Rappel, demain à 19:30 : Cœur");
    until(61);
    ck_assert_str_eq(mails(), "");
    until(60);
    ck_assert_str_eq(mails(), "450× Rappel, dans une heure : Cœur");
    until(11);
    ck_assert_str_eq(mails(), "");
    until(10);
    ck_assert_str_eq(mails(), "450× Rappel, dans 10 minutes : Cœur");
    until(1);
    ck_assert_str_eq(mails(), "");
    close_session();
}
END_TEST

START_TEST(who_cancelled_waits_or_has_just_registered_is_not_reminded)
{
    open_session(5);
    pg_sql(rest.url, "UPDATE registration SET state = 'cancelled', cancelled_at = now() FROM hcp h"
                     " WHERE h.id = hcp_id AND h.email = 'h1@hcp.test'");
    pg_sql(rest.url, "UPDATE registration SET state = 'waiting', waiting_number = 1,"
                     " waiting_since = now() FROM hcp h"
                     " WHERE h.id = hcp_id AND h.email = 'h2@hcp.test'");
    pg_sql(rest.url, "DELETE FROM job WHERE kind = 'registration.promote'");
    pg_sql(rest.url, "UPDATE registration r SET registered_at = '" START "'::timestamptz"
                     " - interval '23 hours' FROM hcp h"
                     " WHERE h.id = hcp_id AND h.email = 'h3@hcp.test'");
    until(DAY - 70);
    ck_assert_str_eq(to_whom(), "h4@hcp.test h5@hcp.test");
    /* What did not leave yet is not sent to who cancels meanwhile. */
    pg_sql(rest.url, "UPDATE registration SET state = 'cancelled', cancelled_at = now() FROM hcp h"
                     " WHERE h.id = hcp_id AND h.email = 'h4@hcp.test'");
    pg_sql(rest.url, "DELETE FROM job WHERE kind = 'registration.promote'");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT string_agg(to_address, ' ') FROM outbox"
                                      " WHERE failed_at IS NULL"),
                     "h5@hcp.test");
    mails();
    until(60);
    ck_assert_str_eq(pg_sql(rest.url,
                            "SELECT string_agg(to_address, ' ' ORDER BY to_address) FROM outbox"
                            " WHERE failed_at IS NULL"),
                     "h3@hcp.test h5@hcp.test");
    close_session();
}
END_TEST

START_TEST(a_moved_session_is_reminded_of_at_its_new_time_alone)
{
    open_session(2);
    edit(session, json_pack("{s:s}", "starts_at", "2026-12-01T20:30:00Z"));
    pass(6);
    mails();
    until(DAY);
    ck_assert_str_eq(mails(), "");
    until(DAY - 120);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM outbox"), "2");
    edit(session, json_pack("{s:s}", "starts_at", START)); /* before those mails left */
    pass(0);
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) || ' ' || count(message) FROM outbox"
                                      " WHERE last_error = 'withdrawn'"),
                     "2 0");
    pass(6);
    mails();
    edit(session, json_pack("{s:s}", "starts_at", "2026-12-01T20:30:00Z"));
    pass(6);
    mails();
    until(DAY - 300);
    ck_assert_str_eq(mails(), ""); /* reminded of that time once */
    until(-60);
    ck_assert_str_eq(mails(), "2× Rappel, dans une heure : Cœur");
    json_decref(
        rest_body(organiser, 200, "POST", path_of("sessions", session, "/cancel"), json_object()));
    pass(0);
    ck_assert_str_eq(mails(), "2× Annulé : Cœur");
    until(-115);
    ck_assert_str_eq(mails(), "");
    close_session();
}
END_TEST

START_TEST(a_reminder_that_is_too_late_is_none)
{
    open_session(1);
    until(DAY - 7 * 60);
    ck_assert_str_eq(mails(), ""); /* the server was away for seven hours */
    until(29);
    ck_assert_str_eq(mails(), "");
    until(-1);
    ck_assert_str_eq(mails(), "");
    ck_assert_str_eq(pg_sql(rest.url, "SELECT count(*) FROM mailing WHERE started_at IS NOT NULL"),
                     "0");
    close_session();
}
END_TEST

START_TEST(a_congress_may_do_without_each_reminder)
{
    open_session(1);
    pg_sql(rest.url, "UPDATE mail_setting SET remind_day = false, remind_minutes = false");
    until(DAY);
    ck_assert_str_eq(mails(), "");
    until(60);
    ck_assert_str_eq(mails(), "1× Rappel, dans une heure : Cœur");
    until(5);
    ck_assert_str_eq(mails(), "");
    close_session();
}
END_TEST

static json_t *another(const char *title, const char *starts_at)
{
    json_t *added = add_session(congress);
    edit(added, json_pack("{s:s,s:s}", "title", title, "starts_at", starts_at));
    publish(added);
    return added;
}

START_TEST(sessions_that_follow_each_other_are_one_reminder)
{
    open_session(1);
    json_t *beside = another("Rein", START), *next = another("Foie", "2026-12-01T20:00:00Z"),
           *late = another("Os", "2026-12-01T22:30:00Z");
    pass(6);
    mails();
    until(DAY);
    const char *text = pg_sql(rest.url, "SELECT message->>'text' FROM outbox LIMIT 1");
    ck_assert_ptr_nonnull(strstr(text, "Session\u00a0: Rein"));
    ck_assert_ptr_nonnull(strstr(text, "Session\u00a0: Os"));
    ck_assert_str_eq(mails(), "1× Rappel, demain à 19:30 : Cœur et rein");
    until(60);
    text = pg_sql(rest.url, "SELECT message->>'text' FROM outbox LIMIT 1");
    ck_assert_ptr_nonnull(strstr(text, "Session\u00a0: Foie"));
    ck_assert_ptr_null(strstr(text, "Session\u00a0: Os"));
    ck_assert_str_eq(mails(), "1× Rappel, dans une heure : Cœur et rein");
    until(10);
    ck_assert_str_eq(mails(), "1× Rappel, dans 10 minutes : Cœur et rein");
    until(-30); /* of Foie nobody is reminded who is there already */
    ck_assert_str_eq(mails(), "");
    until(-180);
    ck_assert_str_eq(mails(), "1× Rappel, dans une heure : Os");
    json_decref(late);
    json_decref(next);
    json_decref(beside);
    close_session();
}
END_TEST

/* The session went live at its start and ended an hour later; the first `present` were there. */
static void hold_session(int present)
{
    char sql[2048];
    snprintf(sql, sizeof sql,
             "UPDATE session SET live_at = starts_at, ended_at = starts_at + interval '1 hour',"
             "       state = 'ended';"
             "INSERT INTO span (id, organisation_id, session_id, registration_id, kind,"
             "  connection, node_id, joined_at, left_at)"
             " SELECT x.id, s.organisation_id, s.id, x.registration, 'connected', x.id, n.id,"
             "        s.starts_at, s.starts_at + interval '20 minutes'"
             "  FROM session s, node n, (SELECT gen_random_uuid() AS id, r.id AS registration"
             "        FROM registration r JOIN hcp h ON h.id = r.hcp_id"
             "       ORDER BY h.email LIMIT %d) x",
             present);
    pg_sql(rest.url, sql);
}

START_TEST(who_attended_is_thanked_and_who_did_not_was_missed)
{
    open_session(5);
    pg_sql(rest.url, "UPDATE mail_setting SET thanks = true, missed = true");
    until(-61);
    mails();
    hold_session(2);
    until(-179);
    ck_assert_str_eq(mails(), "");
    until(-180);
    ck_assert_str_eq(to_whom(), "h1@hcp.test h2@hcp.test h3@hcp.test h4@hcp.test h5@hcp.test");
    ck_assert_str_eq(
        pg_sql(rest.url,
               "SELECT string_agg(to_address, ' ' ORDER BY to_address) FROM outbox"
               " WHERE message->>'subject' = 'Merci de votre participation : Cœur et rein'"),
        "h1@hcp.test h2@hcp.test");
    ck_assert_ptr_null(
        strstr(pg_sql(rest.url, "SELECT string_agg(message->>'text', '') FROM outbox"), "/join#"));
    ck_assert_str_eq(mails(), "2× Merci de votre participation : Cœur et rein; "
                              "3× Vous nous avez manqué : Cœur et rein");
    /* An end that is corrected later writes to nobody again. */
    pg_sql(rest.url, "UPDATE session SET ended_at = ended_at - interval '10 minutes'");
    until(-400);
    ck_assert_str_eq(mails(), "");
    close_session();
}
END_TEST

START_TEST(a_farewell_waits_for_the_last_session_and_is_wished_for)
{
    open_session(2);
    json_t *second = another("Rein", "2026-12-02T18:30:00Z");
    pass(6);
    until(-61);
    mails();
    pg_sql(rest.url, "UPDATE mail_setting SET missed = true");
    char sql[256];
    snprintf(sql, sizeof sql,
             "UPDATE session SET live_at = starts_at, ended_at = starts_at + interval '1 hour',"
             " state = 'ended' WHERE id = '%s'",
             rest_text(session, "id"));
    pg_sql(rest.url, sql);
    until(-300);
    ck_assert_str_eq(mails(), ""); /* the second one is to come */
    pg_sql(rest.url, "UPDATE session SET state = 'cancelled' WHERE state = 'lobby'");
    pass(1);
    ck_assert_str_eq(mails(), "2× Vous nous avez manqué : Cœur et rein");
    json_decref(second);
    close_session();
}
END_TEST

START_TEST(an_organisation_has_words_of_its_own_and_markup_is_no_markup)
{
    open_session(1);
    pg_sql(rest.url,
           "INSERT INTO mail_text SELECT id, 'reminder', 'fr', 'À {when}, {first_name} !',"
           " E'Chère {last_name},\\n\\n<b>{congress}</b>', now() FROM organisation");
    pg_sql(rest.url, "UPDATE hcp SET last_name = '<i>N</i>'");
    until(60);
    const char *html = pg_sql(rest.url, "SELECT message->>'html' FROM outbox LIMIT 1");
    ck_assert_ptr_nonnull(strstr(html, "Chère &lt;i&gt;N&lt;/i&gt;,"));
    ck_assert_ptr_nonnull(strstr(html, "&lt;b&gt;Cœur et rein&lt;/b&gt;"));
    ck_assert_ptr_nonnull(strstr(html, "Rejoindre avec mon lien personnel"));
    ck_assert_str_eq(mails(), "1× À dans une heure, Anne !");
    close_session();
}
END_TEST

REST_TESTS("mailings", people_are_reminded_a_day_an_hour_and_ten_minutes_before,
           who_cancelled_waits_or_has_just_registered_is_not_reminded,
           a_moved_session_is_reminded_of_at_its_new_time_alone,
           a_reminder_that_is_too_late_is_none, a_congress_may_do_without_each_reminder,
           sessions_that_follow_each_other_are_one_reminder,
           who_attended_is_thanked_and_who_did_not_was_missed,
           a_farewell_waits_for_the_last_session_and_is_wished_for,
           an_organisation_has_words_of_its_own_and_markup_is_no_markup)
